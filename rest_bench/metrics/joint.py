"""Do the answers of a response stand or fall together (metrics.md 5.12).

Compared with the same prompt's own positions, never with averages over prompts: a mix of easy and hard prompts alone
makes right answers come together.
"""

import math
from typing import NamedTuple

import numpy

from rest_bench.metrics.responses import Responses
from rest_bench.schema import JointSuccess

MOST_CELLS = 2_000_000
MOST_POSITIONS = 12
"""Beyond that all ways to take one reply for each position are too many to add up."""

ONE_POSITION = "at level 1 there is one position"
INCOMPLETE = "a response lacks slots"
NO_PROMPT_TWICE = "no prompt was answered twice"
FEW_REPLIES = "no prompt has as many replies as positions, so that each could be taken from another one"
MANY_POSITIONS = f"levels above {MOST_POSITIONS} have too many ways to take a reply for each position"
NEVER_VARIES = "no prompt is right at a position in one reply and wrong in another"


class Replies(NamedTuple):
    """All prompts with equally many replies."""

    right: numpy.ndarray
    """(replies, positions, prompts), 0 or 1."""

    @property
    def n_replies(self) -> int:
        """Of each prompt."""
        return int(self.right.shape[0])

    @property
    def n_prompts(self) -> int:
        """With so many replies."""
        return int(self.right.shape[2])


def joint_success(responses: Responses | None, level: int) -> JointSuccess:
    """Return how much more often all slots of a response are right than if they were independent.

    - `independent_success`: mean over prompts of the product over positions of the chance to be right there, in [0, 1].
      Without bias: over all ways to take the positions from different replies (a U-statistic; for two positions
      (S1 S2 - S12) / (R (R - 1))). It needs as many replies as positions.
    - `joint_excess` = share of responses with every slot right - `independent_success`, over the same prompts.
    - `pair_excess`: the same for two positions, mean over the pairs; two replies are enough. In [-1/4, 1/4].
    - `response_correlation`: mean over pairs of residual products over mean residual variance, both times R / (R - 1).

    Above 0, good and bad responses (cut off, without a summary); below 0, a trade-off (one budget); 0 is independent.

    Args:
        responses: of one level, or None where some lack slots.
        level: of the responses.
    """
    if level == 1:
        return JointSuccess.all_undefined(ONE_POSITION)
    if responses is None:
        return JointSuccess.all_undefined(INCOMPLETE)
    replies = [part for part in _by_number_of_replies(responses) if part.n_replies > 1]
    if not replies:
        return JointSuccess.all_undefined(NO_PROMPT_TWICE)
    enough = [part for part in replies if part.n_replies >= level] if level <= MOST_POSITIONS else []
    n_prompts = [part.n_prompts for part in enough]
    independent = _mean([_independent_success(part) for part in enough], n_prompts)
    joint = _mean([float(part.right.all(axis=1).mean()) for part in enough], n_prompts)
    excess, correlation = _pairs(replies)
    too_much = FEW_REPLIES if level <= MOST_POSITIONS else MANY_POSITIONS
    return JointSuccess.explained(
        {"independent_success": too_much, "joint_excess": too_much, "response_correlation": NEVER_VARIES},
        independent_success=independent,
        joint_excess=None if joint is None or independent is None else joint - independent,
        pair_excess=excess,
        response_correlation=correlation,
    )


def _by_number_of_replies(responses: Responses) -> list[Replies]:
    prompt = responses.prompt
    order = numpy.argsort(prompt, kind="stable")
    n_replies = numpy.bincount(prompt)
    right = responses.right[order]
    of_response = n_replies[prompt[order]]
    return [
        Replies(numpy.moveaxis(right[of_response == number].reshape(-1, number, right.shape[1]), 0, 2))
        for number in numpy.unique(n_replies)
    ]


def _independent_success(replies: Replies) -> float:
    """Return the mean over prompts of the product of chances, each position's taken from another reply."""
    n_replies, n_prompts, level = replies.n_replies, replies.n_prompts, int(replies.right.shape[1])
    step = max(1, MOST_CELLS >> level)
    total = 0.0
    for start in range(0, n_prompts, step):
        total += float(_ways(replies.right[:, :, start : start + step]).sum())
    return total / (n_prompts * math.perm(n_replies, level))


def _ways(right: numpy.ndarray) -> numpy.ndarray:
    """Return for each prompt in how many ways its positions can be given to different replies that are right there.

    Reply after reply, for each set of positions: the ways to give just these to the replies so far.
    """
    _, level, n_prompts = right.shape
    ways = numpy.zeros((1 << level, n_prompts))
    ways[0] = 1.0
    for reply in right:
        before = ways.copy()
        for position in range(level):
            without, given = (
                part.reshape(-1, 2, 1 << position, n_prompts)[:, side] for part, side in ((before, 0), (ways, 1))
            )
            given += without * reply[position]
    last: numpy.ndarray = ways[-1]
    return last


def _pairs(parts: list[Replies]) -> tuple[float, float | None]:
    """Return the mean covariance of two positions of a response, and their mean correlation."""
    covariance = variance = weight = 0.0
    for part in parts:
        n, level, n_prompts = part.right.shape
        right = part.right.astype(float)
        residual = right - right.mean(axis=0)
        own = float((residual**2).sum())
        # All ordered pairs of positions at once: the square of the sum, less the squares.
        together = float((residual.sum(axis=1) ** 2).sum()) - own
        n_responses = n * n_prompts
        covariance += together / (level * (level - 1)) * n / (n - 1)
        variance += own / level * n / (n - 1)
        weight += n_responses
    return covariance / weight, covariance / variance if variance > 0 else None


def _mean(values: list[float], weights: list[int]) -> float | None:
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights) if values else None
