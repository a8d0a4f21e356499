"""The difference between a number of one run and that of another, tested and put into a word (metrics.md 8.3, 8.7).

Every number is kept with what each question adds to its error: the effects of two runs are subtracted question by
question, so that what makes a question hard for both does not count as noise. For means of questions with equally many
slots this is the paired t of the question means.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy

from rest_bench.metrics.accuracy import Mean, sum_effects
from rest_bench.metrics.certainty import FEW_QUESTIONS
from rest_bench.metrics.clusters import two_way_se
from rest_bench.metrics.intervals import t_quantile
from rest_bench.metrics.paired import p_value, sign_flip_p_value
from rest_bench.metrics.power import SIGNIFICANCE, questions_needed
from rest_bench.metrics.statistics import difference
from rest_bench.schema import ComparisonVerdict, Direction, Estimate

if TYPE_CHECKING:
    import pandas

SEED = 0
"""Of the flipped signs: not of a run, so that it does not matter which comes first."""
FEWEST_QUESTIONS = 6
"""With five the smallest p-value of flipped signs is 2 / 32."""
ROUNDING = 1e-12
"""Effects and errors below this share of the numbers themselves are 0: sums of equal numbers in another order."""


class Contrast(NamedTuple):
    """A number of run A and of run B."""

    a: float
    b: float
    estimate: Estimate
    """B minus A."""
    p_value: float | None
    n_questions: int


def question_mean(values: numpy.ndarray, question: numpy.ndarray, names: "pandas.Index") -> Mean:
    """Return the mean of what slots count, and what each question adds to its error.

    Args:
        values: of each slot; none is missing, and there is at least one.
        question: of each slot, a place in `names`.
        names: the problem ids.
    """
    import pandas

    value = float(values.mean())
    sums = numpy.bincount(question, weights=values - value, minlength=len(names)) / len(values)
    there = numpy.bincount(question, minlength=len(names)) > 0
    return Mean(value, pandas.Series(sums[there], index=names[there]))


def contrast(a: Mean, b: Mean, prompt_se: float | None = None) -> Contrast:
    """Return B minus A with its paired, question-clustered standard error, t interval and p-value.

    No interval where all questions differ by the same amount: such an error says nothing of other questions.
    p is of flipped signs for up to 50 questions, else of t; of flipped signs also where all questions differ by the
    same amount, of which t knows nothing.

    Args:
        a: of run A.
        b: of run B.
        prompt_se: a standard error that also lets slots of a prompt hang together, of what belongs to whole responses:
            the larger one is taken, and p is that of t, as signs may not be flipped question by question.
    """
    effects = sum_effects([b.effects, -a.effects])
    rounding = ROUNDING * max(abs(a.value), abs(b.value))
    effects = effects.where(effects.abs() > rounding / len(effects), 0.0)
    estimate = difference(b.value - a.value, effects)
    n_questions = len(effects)
    if prompt_se is not None and estimate.se is not None and prompt_se > max(estimate.se, rounding):
        half_width = t_quantile(n_questions) * prompt_se
        value = b.value - a.value
        estimate = Estimate(value=value, se=prompt_se, ci=(value - half_width, value + half_width))
    if estimate.se == 0:
        estimate = estimate.model_copy(update={"ci": None})
    by_t = n_questions > FEW_QUESTIONS or prompt_se is not None
    p = p_value(estimate, n_questions) if by_t else None
    return Contrast(a.value, b.value, estimate, _flipped(estimate, effects) if p is None else p, n_questions)


def two_run_se(
    values: tuple[numpy.ndarray, numpy.ndarray],
    question: tuple[numpy.ndarray, numpy.ndarray],
    prompt: tuple[numpy.ndarray, numpy.ndarray],
) -> float | None:
    """Return the standard error of a difference of means whose slots share a question or a prompt (metrics.md 8.2).

    Args:
        values: of each slot, of run A and of run B.
        question: of each slot; the same numbers in both runs.
        prompt: of each slot; the same numbers in both runs where they have the same prompts.
    """
    first, second = ((part - part.mean()) / len(part) for part in values)
    parts = numpy.concatenate([-first, second])
    return two_way_se(parts * len(parts), numpy.concatenate(question), numpy.concatenate(prompt))


def needed_questions(found: Contrast, smallest: float) -> int | None:
    """Return how many questions find a difference of this size in four of five comparisons (metrics.md 8.7).

    None where the noise is unknown, and where there is none.

    Args:
        found: its standard error is that of the noise.
        smallest: the smallest difference of interest, above 0.
    """
    if not found.estimate.se or smallest <= 0:
        return None
    needed = questions_needed(smallest, found.n_questions * found.estimate.se**2)
    return None if needed is None else max(FEWEST_QUESTIONS, needed)


def verdict(found: Contrast, p: float | None, direction: Direction, needed: int | None) -> ComparisonVerdict:
    """Return the word for a difference.

    `better`, `worse`, `higher` or `lower` where p is below 0.05; else `underpowered` where the smallest difference of
    interest would take more questions than there are, and `no evidence` where it would have been found.

    Args:
        found: the difference.
        p: its p-value, adjusted for others that are looked at with it.
        direction: what is good.
        needed: questions that find the smallest difference of interest, or None.
    """
    value = found.estimate.value or 0.0
    if p is not None and p < SIGNIFICANCE and value != 0:
        if direction == "neither":
            return "higher" if value > 0 else "lower"
        return "better" if (value > 0) == (direction == "higher") else "worse"
    too_few = needed is not None and needed > found.n_questions
    # Without noise a difference stays below significance only where there are too few questions to test it.
    if found.estimate.se is None or too_few or (found.estimate.se == 0 and value != 0):
        return "underpowered"
    return "no evidence"


def _flipped(estimate: Estimate, effects: "pandas.Series") -> float | None:
    """Return the p-value of flipped signs, the same whatever questions are called and whichever run comes first."""
    value = estimate.value or 0.0
    by_question = effects.to_numpy(dtype=float) * len(effects) + value
    return sign_flip_p_value(numpy.sort(by_question if value >= 0 else -by_question), seed=SEED)
