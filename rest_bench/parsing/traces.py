"""What the thinking about each question holds: possible answers, doubts, repeated rounds (metrics.md 7.1, 7.3, 7.9)."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from rest_bench.parsing.candidates import Statement, choose, find_statements
from rest_bench.parsing.markers import find_markers, find_switches
from rest_bench.parsing.rounds import MOST_ROUNDS, are_new
from rest_bench.parsing.segments import Assignment
from rest_bench.parsing.thinking import Thinking
from rest_bench.parsing.tokens import share_tokens
from rest_bench.schema import Candidate, Problem, Response

LONGEST_RESTATED = 60
"""Characters of an answer that is looked for in the thinking."""


class SlotTrace(NamedTuple):
    """The thinking about one question."""

    candidates: tuple[Candidate, ...] = ()
    markers: int | None = None
    switches: int | None = None
    distinct_tokens: int | None = None


class _Walk:
    """Counts the thinking about one question, piece by piece; a round ends with each statement."""

    def __init__(self) -> None:
        self.tokens_at: dict[int, int] = {}
        """Place in the thinking -> tokens from the segment's start to there."""
        self._tokens = 0
        self._rounds: list[tuple[list[str], list[int]]] = [([], [])]

    def add(self, text: str, tokens: int) -> None:
        self._tokens += tokens
        texts, counts = self._rounds[-1]
        texts.append(text)
        counts.append(tokens)

    def stop(self, place: int) -> None:
        self.tokens_at[place] = self._tokens
        if len(self._rounds) < MOST_ROUNDS:
            self._rounds.append(([], []))

    def distinct_tokens(self) -> int:
        """Return the tokens of the rounds that repeat no earlier one; what follows the last statement is one, too."""
        is_new = are_new(["".join(texts) for texts, _ in self._rounds])
        return sum(sum(counts) for (_, counts), new in zip(self._rounds, is_new, strict=True) if new)


NO_TRACE = SlotTrace()


def read_traces(
    response: Response,
    thinking: Thinking,
    assigned: Assignment | None,
    problems: Sequence[Problem],
    answers: Sequence[str | None],
) -> tuple[SlotTrace, ...]:
    """Read the thinking about each question, where it could be divided surely; golds are never looked at.

    Args:
        response: Gives the tokens.
        thinking: Of the response.
        assigned: Its paragraphs by question; null without thinking.
        problems: Of the pack.
        answers: What the final text says, by position. Where the thinking goes on to this very value behind all that
            it stated before, the value counts as stated there: the final text reports where the thinking had come.
    """
    if assigned is None or not assigned.sure:
        return (NO_TRACE,) * len(problems)
    text, position_at = thinking.thinking, _positions(assigned, len(problems))
    stated: dict[int, list[Statement]] = {}
    for statement in find_statements(text, _asks(position_at, problems)):
        stated.setdefault(position_at(statement.end - 1), []).append(statement)
    for position, statements in stated.items():
        end = statements[-1].end
        statements.extend(_restated(text, end, answers[position - 1], problems[position - 1], position_at))
    stops = {statement.end for statements in stated.values() for statement in statements}
    walks = _walk(response, thinking, assigned, stops, position_at)
    markers = [position_at(place) for place in find_markers(text)]
    switches = [position_at(place) for place in find_switches(text)]
    return tuple(
        SlotTrace(
            candidates=tuple(
                Candidate(text=each.text, tokens=None if walks is None else walks[position].tokens_at[each.end])
                for each in choose(stated.get(position, ()))
            ),
            markers=markers.count(position),
            switches=switches.count(position),
            distinct_tokens=None if walks is None else walks[position].distinct_tokens(),
        )
        for position in range(1, len(problems) + 1)
    )


def _positions(assigned: Assignment, level: int) -> Callable[[int], int]:
    """Return a function that gives the question that a place in the thinking is about, 0 for none."""
    ends = [end for _, end in assigned.paragraphs]

    def position_at(place: int) -> int:
        state = assigned.states[min(bisect_right(ends, place), len(ends) - 1)]
        return state if state <= level else 0

    return position_at


def _asks(position_at: Callable[[int], int], problems: Sequence[Problem]) -> Callable[[int], Problem | None]:
    return lambda place: problems[position - 1] if (position := position_at(place)) else None


def _restated(
    text: str, start: int, answer: str | None, problem: Problem, position_at: Callable[[int], int]
) -> Iterator[Statement]:
    """Yield where the thinking about a question comes to its answer after its last statement, if it does."""
    if answer is None or len(answer) > LONGEST_RESTATED or problem.answer_type not in ("integer", "math"):
        return
    whole = re.compile(
        rf"(?<![\w.,]){re.escape(answer)}(?![\w]|[.,]\d)|(?<=[^\d][.,]){re.escape(answer)}(?![\w]|[.,]\d)"
    )
    wanted = position_at(start - 1)
    for match in whole.finditer(text, start):
        if position_at(match.start()) == position_at(match.end() - 1) == wanted:
            yield Statement(match.start(), match.end(), answer)
            return


def _walk(
    response: Response, thinking: Thinking, assigned: Assignment, stops: set[int], position_at: Callable[[int], int]
) -> Mapping[int, _Walk] | None:
    """Count the thinking about each question up to each place to stop at; null where no count is at hand."""
    cuts = sorted({*(end for _, end in assigned.paragraphs), *stops})
    counts = share_tokens(response, thinking.spans, cuts)
    if counts is None:
        return None
    walks: defaultdict[int, _Walk] = defaultdict(_Walk)
    for (start, end), count in zip(pairwise([0, *cuts]), counts, strict=True):
        walk = walks[position_at(start)]
        walk.add(thinking.thinking[start:end], count)
        if end in stops:
            walk.stop(end)
    return walks
