"""Questions mixed up with their neighbours: wrong answers that are right for another slot of the pack (5.7, 5.8)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from rest_bench.schema import Answer, Outcome, Pack, Problem, Verdict
from rest_bench.scoring.judge import Judge
from rest_bench.scoring.keys import Key, alike, gold_key, key_of
from rest_bench.scoring.outcomes import strict_text
from rest_bench.scoring.scorers import Question, ask

CLOSED_ANSWER_TYPES = ("choice", "code")
"""These do not show mixed-up questions by an equal gold; four letters are equal by chance (metrics.md 5.7)."""


class JudgedPack(NamedTuple):
    """A pack with the answers read from one response, and what the judge says of each."""

    pack: Pack
    answers: tuple[Answer, ...]
    verdicts: Sequence[Verdict]

    def gold_key(self, position: int) -> Key:
        """Return the key of the gold at a position."""
        return gold_key(self.pack.problems[position - 1].gold)

    def is_open(self, position: int) -> bool:
        """Say whether the answer at a position is no letter and no program."""
        return self.pack.problems[position - 1].answer_type not in CLOSED_ANSWER_TYPES

    def wrong_positions(self) -> list[int]:
        """Return where a wrong answer to an open question stands in the required format."""
        return [
            answer.position
            for answer, verdict in zip(self.answers, self.verdicts, strict=True)
            if verdict == "incorrect" and self.is_open(answer.position) and strict_text(answer) is not None
        ]

    def rivals(self, position: int) -> list[int]:
        """Return the other open slots whose gold is not surely the one at this position."""
        own = self.gold_key(position)
        return [
            other
            for other in range(1, self.pack.level + 1)
            if other != position and self.is_open(other) and not alike(own, self.gold_key(other))
        ]


class Mixups(NamedTuple):
    """Which wrong answers of a response equal the gold of another slot."""

    matches: Mapping[int, frozenset[int]]
    """Position of a wrong answer -> the other positions whose gold it equals, golds equal to its own left out."""
    same_golds: frozenset[tuple[int, int]]
    """Pairs of positions that only the judge found to have equal golds."""


class SwapColumns(NamedTuple):
    """What `schema.Score` says of a slot's place among the golds; the names are those of its fields."""

    swapped_from: int | None = None
    swap_candidates: int | None = None
    swap_chance: float | None = None
    aligned_position: int | None = None


# --- asking the judge -------------------------------------------------------------------------------------------------


class _Pair(NamedTuple):
    judged: JudgedPack
    number: int
    """Of the pack in the chunk."""
    position: int
    """Of a wrong answer."""
    other: int

    def is_answered(self) -> Question:
        problem = self.judged.pack.problems[self.other - 1]
        return ask(problem, self.judged.answers[self.position - 1].text or "")

    def has_same_gold(self) -> Question:
        own, other = (self.judged.pack.problems[place - 1] for place in (self.position, self.other))
        return ask(other, other.gold)._replace(answer_type=own.answer_type, gold=own.gold)


def find_mixups(chunk: Sequence[JudgedPack], judge: Judge) -> list[Mixups]:
    """Find the wrong answers that equal the gold of another slot, and not for the reason that both golds are equal.

    Raises:
        ScoringError: the judge's worker processes cannot start.
    """
    pairs = [
        _Pair(judged, number, position, other)
        for number, judged in enumerate(chunk)
        for position in judged.wrong_positions()
        for other in judged.rivals(position)
    ]
    verdicts = judge.judge([pair.is_answered() for pair in pairs])
    pairs = [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict == "correct"]
    verdicts = judge.judge([pair.has_same_gold() for pair in pairs])
    found: list[tuple[dict[int, set[int]], set[tuple[int, int]]]] = [({}, set()) for _ in chunk]
    for pair, verdict in zip(pairs, verdicts, strict=True):
        matches, same_golds = found[pair.number]
        if verdict == "correct":
            same_golds.add((pair.position, pair.other))
        else:
            matches.setdefault(pair.position, set()).add(pair.other)
    return [
        Mixups({position: frozenset(others) for position, others in matches.items()}, frozenset(same_golds))
        for matches, same_golds in found
    ]


# --- what would match by chance ---------------------------------------------------------------------------------------


class _Counted(NamedTuple):
    """The golds of a task, counted."""

    total: int
    keys: Counter[Key]
    values: Counter[str]
    """With any unit or none."""

    def alike(self, key: Key) -> int:
        if key.unit is None:
            return self.values[key.value]
        return self.keys[key] + self.keys[Key(key.value)]


class Golds:
    """The golds of a whole run, which tell how often a wrong answer equals one by chance.

    Args:
        read: gives the problems by task and problem id; called once, when the first wrong answer asks.
    """

    def __init__(self, read: Callable[[], Mapping[tuple[str, str], Problem]]) -> None:
        self._read = read
        self._counted: dict[str, _Counted] | None = None

    def match_rate(self, pack: Pack, gold: Key, answer: Key) -> float | None:
        """Return the share of the task's problems outside a pack whose gold a wrong answer equals.

        Golds equal to the answer's own one are left out, as they are inside the pack. Each answer takes as long as
        the pack is, however many problems the task has.

        Args:
            pack: holds the problem that was answered.
            gold: of this problem.
            answer: the wrong answer.

        Returns:
            A share in [0, 1]; None where no problem is left.
        """
        counted = self._of_task(pack.task)
        if counted is None:
            return None
        inside = [gold_key(text) for text in {problem.id: problem.gold for problem in pack.problems}.values()]
        own = counted.alike(gold) - sum(alike(gold, key) for key in inside)
        equal = counted.alike(answer) - sum(alike(answer, key) for key in inside)
        n_outside = counted.total - len(inside) - own
        return min(1.0, equal / n_outside) if n_outside > 0 else None

    def _of_task(self, task: str) -> _Counted | None:
        if self._counted is None:
            self._counted = dict(_count(self._read()))
        return self._counted.get(task)


def _count(problems: Mapping[tuple[str, str], Problem]) -> Iterator[tuple[str, _Counted]]:
    by_task: dict[str, list[Key]] = {}
    for (task, _), problem in problems.items():
        if problem.answer_type not in CLOSED_ANSWER_TYPES:
            by_task.setdefault(task, []).append(gold_key(problem.gold))
    for task, keys in by_task.items():
        yield task, _Counted(len(keys), Counter(keys), Counter(key.value for key in keys))


# --- the columns ------------------------------------------------------------------------------------------------------


def swap_columns(
    judged: JudgedPack, outcomes: Sequence[Outcome], mixups: Mixups, golds: Golds | None
) -> tuple[SwapColumns, ...]:
    """Return, for each slot of a response, where its answer belongs.

    Args:
        judged: the answers.
        outcomes: of the same slots.
        mixups: of this response, as `find_mixups` returned it.
        golds: of the run; None leaves out what would match by chance.
    """
    if "error" in outcomes:
        return (SwapColumns(),) * judged.pack.level
    wrong = set(judged.wrong_positions())
    right = [place for place, outcome in enumerate(outcomes, 1) if outcome == "correct" and judged.is_open(place)]
    aligned = align_answers(judged, right, mixups.matches)
    return tuple(
        (_wrong_columns(judged, place, mixups, golds) if place in wrong else SwapColumns())._replace(
            aligned_position=aligned.get(place)
        )
        for place in range(1, judged.pack.level + 1)
    )


def _wrong_columns(judged: JudgedPack, position: int, mixups: Mixups, golds: Golds | None) -> SwapColumns:
    matches = mixups.matches.get(position, ())
    n_candidates = sum((position, other) not in mixups.same_golds for other in judged.rivals(position))
    rate: float | None = None
    if golds is not None:
        answer = key_of(judged.answers[position - 1].text or "")
        rate = golds.match_rate(judged.pack, judged.gold_key(position), answer)
    return SwapColumns(
        swapped_from=min(matches, key=lambda other: (abs(other - position), other), default=None),
        swap_candidates=n_candidates,
        swap_chance=None if rate is None else n_candidates * rate,
    )


def align_answers(judged: JudgedPack, right: Iterable[int], matches: Mapping[int, AbstractSet[int]]) -> dict[int, int]:
    """Return answer position -> gold position in the best alignment that keeps both in order (metrics.md 5.8).

    A right answer may stand for its own gold and for those equal to it, a wrong one for those it matches.

    Args:
        judged: the answers.
        right: positions of right answers to open questions.
        matches: position of a wrong answer -> the other positions whose gold it equals.
    """
    if not matches:  # then nothing is longer than what stands in its place
        return {place: place for place in right}
    rivals = {place: set(judged.rivals(place)) for place in right}
    level = judged.pack.level
    equal = {
        place: {other for other in range(1, level + 1) if judged.is_open(other) and other not in others}
        for place, others in rivals.items()
    }
    return align({**matches, **equal}, level)


def align(matches: Mapping[int, AbstractSet[int]], level: int) -> dict[int, int]:
    """Return the longest alignment of answers to golds that keeps the order of both.

    Among the longest, the one with the most answers in their own place. Takes level^2 steps at most.

    Args:
        matches: position of an answer -> positions of the golds that it equals.
        level: positions run from 1 to this.
    """
    places = sorted(matches)
    # A pair counts level + 1, and 1 more in its own place: all bonuses together are worth less than one pair.
    table = [[0] * (level + 1)]
    for place in places:
        above, row = table[-1], [0]
        for other in range(1, level + 1):
            best = max(above[other], row[-1])
            if other in matches[place]:
                best = max(best, above[other - 1] + level + 1 + (other == place))
            row.append(best)
        table.append(row)
    aligned, column = {}, level
    for place, above, row in reversed(list(zip(places, table, table[1:], strict=False))):
        if row[column] == above[column]:
            continue
        while row[column - 1] == row[column]:
            column -= 1
        aligned[place] = column
        column -= 1
    return aligned
