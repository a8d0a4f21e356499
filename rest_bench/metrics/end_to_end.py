"""Single replies laid end to end within one budget: the chance of each slot to be right (metrics.md 6.3).

One single reply is drawn for each question of a prompt, independently. All ways to draw are followed, position after
position, while they are few; beyond that each of the totals so far goes on with a few seeded draws, and the reply of
the position at hand is still averaged over exactly.
"""

from typing import NamedTuple

import numpy

from rest_bench.metrics.responses import number_rows

SEED = 0
MOST_CELLS = 1_000_000
"""Numbers held in memory for one table."""
MOST_WORK = 16_000_000
"""Totals looked at for each position, over all prompts."""
FEWEST_TOTALS, MOST_TOTALS = 2, 4096
"""Totals followed for each prompt: with 8 single replies a question, all there are up to level 5."""


class Traces(NamedTuple):
    """The single replies of each question, padded to equal number."""

    tokens: numpy.ndarray
    """(questions, replies)."""
    right: numpy.ndarray
    """(questions, replies), 0 or 1; 0 where padded."""
    n_replies: numpy.ndarray
    """(questions), at least 1."""

    @property
    def weight(self) -> numpy.ndarray:
        """(questions, replies): the chance of each to be drawn; 0 where padded."""
        weight: numpy.ndarray = self._exists / self.n_replies[:, None]
        return weight

    @property
    def accuracy(self) -> numpy.ndarray:
        """Of each question."""
        accuracy: numpy.ndarray = self.right.sum(axis=1) / self.n_replies
        return accuracy

    @property
    def longest(self) -> numpy.ndarray:
        """Tokens of each question's longest reply."""
        longest: numpy.ndarray = numpy.where(self._exists, self.tokens, 0.0).max(axis=1)
        return longest

    @property
    def _exists(self) -> numpy.ndarray:
        exists: numpy.ndarray = numpy.arange(self.tokens.shape[1]) < self.n_replies[:, None]
        return exists


class EndToEnd(NamedTuple):
    """The chance of each slot, (prompts, level), to be right."""

    issued: numpy.ndarray
    """Answers count as they end: right alone, and within the budget when it ends."""
    at_end: numpy.ndarray
    """Answers count only where all of the prompt's replies end within the budget."""


class _Totals(NamedTuple):
    """Tokens used so far, of some prompts, in each of the ways to draw that are followed."""

    tokens: numpy.ndarray
    """(prompts, ways)."""
    chance: numpy.ndarray
    """(prompts, ways), summing to 1."""
    right: tuple[numpy.ndarray, ...]
    """By position so far, (prompts, ways): the reply drawn for it was right."""


def end_to_end(question: numpy.ndarray, budget: numpy.ndarray, traces: Traces) -> EndToEnd:
    """Return the chances of the slots of each prompt.

    Args:
        question: (prompts, level), int: whose single replies to lay there.
        budget: (prompts), tokens.
        traces: the single replies.
    """
    _, first, place = numpy.unique(
        number_rows(numpy.column_stack((question, budget))), return_index=True, return_inverse=True
    )
    question, budget = question[first], budget[first]
    alone = traces.accuracy[question]
    issued, at_end = alone.copy(), alone.copy()
    tight = numpy.flatnonzero(traces.longest[question].sum(axis=1) > budget)
    n_replies = traces.tokens.shape[1]
    most = min(MOST_TOTALS, max(FEWEST_TOTALS, MOST_WORK // max(1, len(tight) * n_replies)))
    random = numpy.random.default_rng(SEED)
    step = max(1, MOST_CELLS // (most * max(n_replies, question.shape[1])))
    for start in range(0, len(tight), step):
        part = tight[start : start + step]
        issued[part], at_end[part] = _lay(question[part], budget[part], traces, most, random)
    return EndToEnd(issued[place], at_end[place])


def _lay(
    question: numpy.ndarray, budget: numpy.ndarray, traces: Traces, most: int, random: numpy.random.Generator
) -> EndToEnd:
    n_prompts, level = question.shape
    totals = _Totals(numpy.zeros((n_prompts, 1)), numpy.ones((n_prompts, 1)), ())
    issued = numpy.empty((n_prompts, level))
    for position in range(level):
        here = question[:, position]
        weight, right = traces.weight[here], traces.right[here]
        fits = totals.tokens[:, :, None] + traces.tokens[here][:, None, :] <= budget[:, None, None]
        issued[:, position] = ((fits * (weight * right)[:, None, :]).sum(axis=2) * totals.chance).sum(axis=1)
        if position < level - 1:
            totals = _go_on(totals, here, traces, most, random)
    all_fit = (fits * weight[:, None, :]).sum(axis=2) * totals.chance
    at_end = numpy.empty((n_prompts, level))
    at_end[:, -1] = issued[:, -1]
    for position, right_there in enumerate(totals.right):
        # The covariance of being right and fitting, around the exact accuracy: exact where all fit or none do.
        accuracy = traces.accuracy[question[:, position]]
        around = right_there - (right_there * totals.chance).sum(axis=1, keepdims=True)
        at_end[:, position] = accuracy * all_fit.sum(axis=1) + (around * all_fit).sum(axis=1)
    return EndToEnd(issued, at_end)


def _go_on(totals: _Totals, here: numpy.ndarray, traces: Traces, most: int, random: numpy.random.Generator) -> _Totals:
    """Add a reply of the question at this position to each total: every one of them, or a few drawn ones."""
    n_prompts, n_ways = totals.tokens.shape
    n_replies = traces.tokens.shape[1]
    if n_ways * n_replies <= most:
        reply = numpy.broadcast_to(numpy.arange(n_replies), (n_prompts, n_ways, n_replies))
        chance = totals.chance[:, :, None] * traces.weight[here][:, None, :]
    else:
        n_drawn = max(1, most // n_ways)
        # Systematic: one draw from each of n_drawn equal parts of the replies, from a random start.
        drawn = (numpy.arange(n_drawn) + random.random((n_prompts, n_ways, 1))) / n_drawn
        reply = (drawn * traces.n_replies[here][:, None, None]).astype(int)
        chance = numpy.broadcast_to(totals.chance[:, :, None] / n_drawn, reply.shape)
    rows = here[:, None, None]
    before = tuple(numpy.broadcast_to(right[:, :, None], reply.shape).reshape(n_prompts, -1) for right in totals.right)
    return _Totals(
        (totals.tokens[:, :, None] + traces.tokens[rows, reply]).reshape(n_prompts, -1),
        chance.reshape(n_prompts, -1),
        (*before, traces.right[rows, reply].reshape(n_prompts, -1)),
    )
