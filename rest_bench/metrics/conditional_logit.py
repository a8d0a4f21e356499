"""Exact conditional logistic regression: effects on the odds of a right answer within strata, as of one question.

Given how many slots of a stratum are right, the stratum's own difficulty drops out of the likelihood

    exp(sum of x b over the right slots) / e_k(exp(x_1 b), ..., exp(x_n b)),

where e_k sums over all ways to have k right slots (the elementary symmetric polynomial). Estimating a difficulty for
each question in its place would exaggerate the effects, up to twofold for two slots a question. The polynomial is
taken by its recursion in a form that cannot overflow: as the chance of k successes in n independent trials
(Poisson-binomial), the trials tilted so that k is what they expect. Running it forward and backward gives the chance
of each slot to be among the k right ones, and so the gradient, whatever the number of effects.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy

MOST_CELLS = 600_000
"""Numbers held in memory for one table of the recursion."""
MOST_EXACT = 5_000_000
"""Slots times effects squared up to which an error rests on the exact information; the other is 2 % off at 20 slots."""
STEPS, TILT_STEPS = 60, 12
CONVERGED = 1e-8
MOST_EFFECT = 40.0
"""Log odds beyond which an effect counts as infinite."""
LEAST_INFORMATION = 1e-8
"""Share of an effect's information that must be its own, not shared with the other effects."""


class Strata(NamedTuple):
    """Slots by stratum, padded to equal length."""

    covariates: numpy.ndarray
    """(strata, slots, effects)."""
    category: numpy.ndarray | None
    """(strata, slots), int: 0 for the reference; each other category has an effect of its own, before the others."""
    member: numpy.ndarray
    """(strata, slots), bool: false where padded."""
    n_right: numpy.ndarray
    """(strata), between 1 and the number of slots - 1."""
    weight: numpy.ndarray
    """(strata): how many strata of the data this one stands for."""

    @property
    def n_categories(self) -> int:
        """Number of categories that have an effect of their own."""
        return 0 if self.category is None else int(self.category.max())

    @property
    def n_effects(self) -> int:
        """Number of effects: of categories and of covariates."""
        return self.n_categories + int(self.covariates.shape[2])

    def sums(self, right: numpy.ndarray) -> numpy.ndarray:
        """Return what the covariates of the right slots of each stratum add up to, (strata, effects)."""
        sums: numpy.ndarray = numpy.einsum("gnd,gn->gd", self.covariates, right.astype(float))
        if self.category is None:
            return sums
        strata, width = numpy.arange(len(self.n_right)), self.n_categories + 1
        places = (strata[:, None] * width + self.category)[right]
        counts = numpy.bincount(places, minlength=len(strata) * width).reshape(-1, width)
        return numpy.concatenate((counts[:, 1:], sums), axis=1)

    def part(self, rows: numpy.ndarray) -> "Strata":
        """Return some of the strata."""
        category = None if self.category is None else self.category[rows]
        return Strata(self.covariates[rows], category, self.member[rows], self.n_right[rows], self.weight[rows])


class Fit(NamedTuple):
    """The estimate, and what its error is made of."""

    effects: numpy.ndarray
    information: numpy.ndarray
    """(effects, effects)."""
    expected: numpy.ndarray
    """(strata, effects): what the covariates of the right slots add up to, expected at the estimate."""


def fit(strata: Strata, observed: numpy.ndarray) -> Fit | None:
    """Return the effects of greatest conditional likelihood; None where there is no single finite estimate.

    Newton's method with the exact gradient and the information of `approximate_information`.

    Args:
        strata: at least one.
        observed: the sum of the covariates over the right slots of all strata.
    """
    effects = numpy.zeros(strata.n_effects)
    for _ in range(STEPS):
        expected, information = _moments(strata, effects)
        if not _is_identified(information):
            return None
        step = numpy.linalg.solve(information, observed - strata.weight @ expected)
        effects = effects + numpy.clip(step, -2.0, 2.0)
        if numpy.abs(effects).max() > MOST_EFFECT:
            return None
        if numpy.abs(step).max() < CONVERGED:
            return Fit(effects, information, expected)
    return None


def influence(strata: Strata, found: Fit, observed: numpy.ndarray, cluster: numpy.ndarray) -> numpy.ndarray:
    """Return what each cluster adds to the error of the effects (clusters, effects): the sandwich's filling.

    Args:
        strata: that were fitted.
        found: their fit.
        observed: what the covariates of the right slots of each stratum add up to.
        cluster: of each stratum, a number.
    """
    information = found.information
    if strata.member.size * strata.n_effects**2 <= MOST_EXACT:
        information = exact_information(strata, found.effects)
    _, place = numpy.unique(cluster, return_inverse=True)
    residual = observed - found.expected
    sums = numpy.column_stack([numpy.bincount(place, weights=column) for column in residual.T])
    return numpy.linalg.solve(information, sums.T).T


def exact_information(strata: Strata, effects: numpy.ndarray, step: float = 1e-4) -> numpy.ndarray:
    """Return minus the second derivatives of the log likelihood, from differences of the exact gradient."""
    columns = []
    for place in range(len(effects)):
        shift = numpy.zeros(len(effects))
        shift[place] = step
        above, below = (strata.weight @ _moments(strata, effects + sign * shift)[0] for sign in (1, -1))
        columns.append((above - below) / (2 * step))
    return numpy.column_stack(columns)


def _is_identified(information: numpy.ndarray) -> bool:
    scale = numpy.sqrt(numpy.diag(information))
    if not numpy.isfinite(information).all() or not (scale > 0).all():
        return False
    return float(numpy.linalg.eigvalsh(information / numpy.outer(scale, scale))[0]) > LEAST_INFORMATION


def _moments(strata: Strata, effects: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return the expected sums of each stratum, and the information of all of them."""
    expected = numpy.empty((len(strata.n_right), strata.n_effects))
    information = numpy.zeros((strata.n_effects, strata.n_effects))
    n_categories = strata.n_categories
    for rows in _chunks(strata):
        part = strata.part(rows)
        design = _design(part, n_categories)
        linear = numpy.where(part.member, design @ effects, -numpy.inf)
        chances = _tilted(linear, part.n_right)
        expected[rows] = numpy.einsum("gnd,gn->gd", design, inclusion(chances, part.n_right))
        information += approximate_information(design, chances, part.weight)
    return expected, information


def _chunks(strata: Strata) -> Iterator[numpy.ndarray]:
    """Yield strata that fit into memory together, those with similar numbers of right slots beside each other."""
    n_slots = strata.member.sum(axis=1)
    columns = numpy.minimum(strata.n_right, n_slots - strata.n_right) + 1
    order = numpy.argsort(columns, kind="stable")
    width = strata.member.shape[1]
    start = 0
    while start < len(order):
        size = max(1, MOST_CELLS // (width * max(int(columns[order[start]]), strata.n_effects)))
        rows = order[start : start + size]
        while len(rows) > 1 and len(rows) * width * int(columns[rows[-1]]) > 2 * MOST_CELLS:
            rows = rows[: len(rows) // 2]
        yield rows
        start += len(rows)


def _design(strata: Strata, n_categories: int) -> numpy.ndarray:
    if strata.category is None:
        return strata.covariates
    dummies = strata.category[:, :, None] == numpy.arange(1, n_categories + 1)
    return numpy.concatenate((dummies.astype(float), strata.covariates), axis=2)


def _tilted(linear: numpy.ndarray, n_right: numpy.ndarray) -> numpy.ndarray:
    """Return the chance of each slot to be right, with an intercept for each stratum that makes it expect its number.

    The intercept need not be exact: it drops out of all that is made of these chances.
    """
    n_slots = numpy.isfinite(linear).sum(axis=1)
    middle = numpy.where(numpy.isfinite(linear), linear, 0.0).sum(axis=1) / n_slots
    intercept = numpy.log(n_right / (n_slots - n_right)) - middle
    for _ in range(TILT_STEPS):
        chances = _logistic(linear + intercept[:, None])
        missing = n_right - chances.sum(axis=1)
        spread = (chances * (1 - chances)).sum(axis=1)
        step = numpy.clip(missing / numpy.maximum(spread, 1e-12), -2.0, 2.0)
        intercept = intercept + step
        if numpy.abs(step).max() < 1e-6:
            break
    return _logistic(linear + intercept[:, None])


def _logistic(linear: numpy.ndarray) -> numpy.ndarray:
    half: numpy.ndarray = 0.5 * (1.0 + numpy.tanh(0.5 * linear))
    return half


def inclusion(chances: numpy.ndarray, n_right: numpy.ndarray) -> numpy.ndarray:
    """Return the chance of each slot to be right, given how many of its stratum are.

    Args:
        chances: (strata, slots) of independent trials; 0 for no slot.
        n_right: of each stratum, between 1 and its number of slots - 1.
    """
    n_slots = (chances > 0).sum(axis=1)
    flipped = 2 * n_right > n_slots  # count the wrong ones where they are fewer
    trials = numpy.where(flipped[:, None] & (chances > 0), 1 - chances, chances).T
    wanted = numpy.where(flipped, n_slots - n_right, n_right)
    before = _forward(trials, int(wanted.max()))
    included = _backward(trials, before, wanted)
    return numpy.where(flipped[:, None] & (chances > 0), 1 - included, included)


def _forward(trials: numpy.ndarray, most: int) -> numpy.ndarray:
    """Return the chances of 0..most successes before each trial, and after all of them."""
    before = numpy.zeros((len(trials) + 1, trials.shape[1], most + 1))
    before[0, :, 0] = 1.0
    for place, chance in enumerate(trials):
        now, after = before[place], before[place + 1]
        numpy.multiply(now, (1 - chance)[:, None], out=after)
        after[:, 1:] += chance[:, None] * now[:, :-1]
    return before


def _backward(trials: numpy.ndarray, before: numpy.ndarray, wanted: numpy.ndarray) -> numpy.ndarray:
    """Return for each slot the chance that its trial succeeds, given the number of successes of all."""
    strata = numpy.arange(len(wanted))
    total = before[-1, strata, wanted]
    # The chance to come to the wanted number from each number of successes, over the trials that follow.
    remaining = numpy.zeros(before.shape[1:])
    remaining[strata, wanted] = 1.0
    included = numpy.empty((len(wanted), len(trials)))
    for place in range(len(trials) - 1, -1, -1):
        chance = trials[place]
        included[:, place] = chance * numpy.einsum("gk,gk->g", remaining[:, 1:], before[place][:, :-1]) / total
        succeeded = chance[:, None] * remaining[:, 1:]
        remaining *= (1 - chance)[:, None]
        remaining[:, :-1] += succeeded
    return included


def approximate_information(design: numpy.ndarray, chances: numpy.ndarray, weight: numpy.ndarray) -> numpy.ndarray:
    """Return the information about the effects, as drawing without replacement has it (Hajek 1964).

    The covariance of independent trials around their weighted mean, times n / (n - 1): exact for two slots.
    """
    spread = chances * (1 - chances)
    total = spread.sum(axis=1)
    n_slots = (chances > 0).sum(axis=1)
    scale = weight * n_slots / numpy.maximum(n_slots - 1, 1)
    weighted = design * (spread * scale[:, None])[:, :, None]
    size = design.shape[2]
    products = weighted.reshape(-1, size).T @ design.reshape(-1, size)
    sums = numpy.einsum("gnd,gn->gd", design, spread)
    information: numpy.ndarray = products - (sums * (scale / total)[:, None]).T @ sums
    return information
