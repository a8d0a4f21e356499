"""How small a difference a run can show, and how many questions or repeats it takes (metrics.md 8.7).

Before a run, the variances are guesses; `variance.variance_components` of a pilot run gives better ones.
"""

import math
from typing import NamedTuple

SIGNIFICANCE = 0.05
POWER = 0.8


class Arm(NamedTuple):
    """One of the two series that are compared over the same questions: a level, or a model."""

    variance: float
    """sigma^2, the mean over questions of the variance of one answer to it: of chance c, c (1 - c)."""
    answers: float
    """K per question; of slots of one response, `effective_answers`."""


NO_NOISE = Arm(0.0, 1.0)
"""The true chances are known."""


def detectable_difference(
    n_questions: int,
    omega2: float,
    arms: tuple[Arm, Arm] = (NO_NOISE, NO_NOISE),
    significance: float = SIGNIFICANCE,
    power: float = POWER,
) -> float | None:
    """Return the smallest true difference that a paired test finds with the given power, (0, inf), lower is better.

    delta = (z_{a/2} + z_b) sqrt((omega^2 + s_1^2 / K_1 + s_2^2 / K_2) / N). More answers cannot bring it below
    (z_{a/2} + z_b) omega / sqrt(N). None for no questions. SRC Miller arXiv 2411.00640 section 5.

    Args:
        n_questions: N.
        omega2: variance over questions of the true difference.
        arms: the noise of the answers in each series.
        significance: of the two-sided test.
        power: the chance to find it.
    """
    if n_questions < 1:
        return None
    return _z_sum(significance, power) * math.sqrt(_variance(omega2, arms) / n_questions)


def questions_needed(
    difference: float,
    omega2: float,
    arms: tuple[Arm, Arm] = (NO_NOISE, NO_NOISE),
    significance: float = SIGNIFICANCE,
    power: float = POWER,
) -> int | None:
    """Return how many questions it takes to find a true difference: (z_{a/2} + z_b)^2 variance / delta^2, rounded up.

    None for a difference of 0.

    Args:
        difference: delta, in either direction.
        omega2: variance over questions of the true difference.
        arms: the noise of the answers in each series.
        significance: of the two-sided test.
        power: the chance to find it.
    """
    if difference == 0:
        return None
    return math.ceil((_z_sum(significance, power) / difference) ** 2 * _variance(omega2, arms) - 1e-9)


def effective_answers(answers: float, level: int, correlation: float) -> float:
    """Return K_eff = K / (1 + (s - 1) rho_s): answers to a question, of slots whose response succeeds or fails as one.

    Args:
        answers: K.
        level: s, slots per response.
        correlation: rho_s within a response; below 0 it counts as 0.
    """
    return answers / (1 + (level - 1) * max(0.0, correlation))


def _variance(omega2: float, arms: tuple[Arm, Arm]) -> float:
    if omega2 < 0 or any(arm.variance < 0 or arm.answers <= 0 for arm in arms):
        raise ValueError("variances must not be negative, and each question needs an answer")
    return omega2 + sum(arm.variance / arm.answers for arm in arms)


def _z_sum(significance: float, power: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(1 - significance / 2) + ndtri(power))
