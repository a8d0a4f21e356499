"""Which part of the thinking was spent on which question (metrics.md 7.12)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rest_bench.parsing.best_path import Costs, best_path
from rest_bench.parsing.evidence import read_questions, score_paragraphs
from rest_bench.parsing.mentions import find_mentions
from rest_bench.parsing.paragraphs import cut_paragraphs
from rest_bench.parsing.tags import FAMILIES
from rest_bench.parsing.thinking import Span, Thinking
from rest_bench.parsing.tokens import share_tokens
from rest_bench.schema import Problem, Response

COSTS = Costs(onward=0.2, jump=0.5, back=0.3, unannounced=0.5)
"""In units of evidence, where 1 is a label: one label moves the thinking anywhere, one chance number nowhere."""
MARGIN = 0.2
"""Evidence by which a paragraph's question must lead for the paragraph to count as sure."""
DOUBTFUL_SHARE = 0.1
"""Of the thinking's characters, in paragraphs that are not sure: above it the response is not sure."""
SHORTEST_WALL, LONGEST_WALL = 240, 800
"""Characters above which a paragraph is cut further, in the shortest and in long thinking; 800 are about 200 tokens."""

_TAGS = re.compile(
    "|".join([*(f"{family.opening}|{family.closing}" for family in FAMILIES), r"<\|message\|>"]), re.IGNORECASE
)
_LONGEST_BLANK = 1000
"""Characters of a thinking block that may hold nothing but its tags."""


class Segments(NamedTuple):
    """The thinking of a response by question."""

    tokens: tuple[int, ...] | None
    """By position; null where the response has no thinking, or no token count."""
    other_tokens: int | None
    """Of the plan before and the summary after the questions; with `tokens` they sum to the thinking tokens."""
    sure: bool | None
    """Null where the response has no thinking."""


class Assignment(NamedTuple):
    """The paragraphs of a thinking text and what each is about."""

    paragraphs: tuple[Span, ...]
    states: tuple[int, ...]
    """One per paragraph: 0 the plan, 1 to s the questions, s + 1 the summary."""
    sure: bool


NO_SEGMENTS = Segments(None, None, None)


def assign_thinking(thinking: Thinking, problems: Sequence[Problem]) -> Assignment | None:
    """Give the thinking of a response, paragraph by paragraph, to the questions of its pack; null without thinking.

    The paragraphs of the thinking go to a plan, the questions, or a summary, as labels, restatements and rare tokens
    say, along the path of least change: a paragraph without evidence stays with the question before it. A return (`let
    me check Q2 again`) belongs to that question. A block that holds nothing but its tags is no thinking. Tags count
    with the paragraph that they stand in. Golds are never looked at.

    A response is sure where the best path leads every path with another state there by `MARGIN`, in all paragraphs but
    `DOUBTFUL_SHARE` of the thinking, and where questions without a paragraph were clearly left out. A single question
    has all of the thinking, and is always sure.
    """
    text = thinking.thinking
    if len(text) < _LONGEST_BLANK and not _TAGS.sub("", text).strip():
        return None
    if len(problems) == 1:
        return Assignment(((0, len(text)),), (1,), sure=True)
    return assign_paragraphs(text, problems)


def count_segments(response: Response, thinking: Thinking, assigned: Assignment | None, level: int) -> Segments:
    """Count the tokens that a response's thinking spent on each question; 0 where it never reached one."""
    if assigned is None:
        return NO_SEGMENTS
    counts = share_tokens(response, thinking.spans, [end for _, end in assigned.paragraphs])
    if counts is None:
        return Segments(None, None, assigned.sure)
    totals = [0] * (level + 2)
    for state, count in zip(assigned.states, counts, strict=True):
        totals[state] += count
    return Segments(tuple(totals[1:-1]), totals[0] + totals[-1], assigned.sure)


def assign_paragraphs(text: str, problems: Sequence[Problem]) -> Assignment:
    """Give each paragraph of a thinking text that is not empty to one of several questions, the plan or the summary."""
    mentions = find_mentions(text, len(problems))
    # A paragraph that is long for this thinking may hold several questions.
    wall = min(max(len(text) // (4 * len(problems)), SHORTEST_WALL), LONGEST_WALL)
    paragraphs = cut_paragraphs(text, [mention.start for mention in mentions if mention.strength], wall)
    scores = score_paragraphs(text, paragraphs, mentions, read_questions(problems))
    # The thinking begins in the plan: to begin with the first question is a change like any other.
    before = [0.0] + [float("-inf")] * (len(problems) + 1)
    path = best_path([before, *scores], COSTS)
    states, margins = path.states[1:], path.margins[1:]
    doubtful = sum(end - start for (start, end), margin in zip(paragraphs, margins, strict=True) if margin < MARGIN)
    named = {mention.number for mention in mentions if mention.strength}
    return Assignment(
        paragraphs,
        states,
        sure=doubtful <= DOUBTFUL_SHARE * len(text) and _accounts_for_all(set(states), named, len(problems)),
    )


def _accounts_for_all(states: set[int], named: set[int], level: int) -> bool:
    """Return whether the questions without a paragraph were left out, for all one can tell.

    They were where the thinking names its questions and named the one that it turned to instead: the next one that it
    reached, else the last one. Without names a question may have been worked on and not been found.
    """
    reached = [number for number in range(1, level + 1) if number in states]
    if not reached:
        return False
    missing = [number for number in range(1, level + 1) if number not in states]
    return all(next((other for other in reached if other > number), reached[-1]) in named for number in missing)
