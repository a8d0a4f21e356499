"""The effect of one thing on accuracy within strata, as of one question: a line with a level for each of them."""

import numpy

from rest_bench.metrics.responses import sums_by_question
from rest_bench.metrics.statistics import UNDEFINED, difference
from rest_bench.schema import Estimate


def within_slope(
    right: numpy.ndarray, cause: numpy.ndarray, stratum: numpy.ndarray, question: numpy.ndarray
) -> Estimate:
    """Return the slope of least squares with an intercept for each stratum, its error clustered by question.

    Null where the cause is the same all over every stratum.

    Args:
        right: 0 or 1 for each slot.
        cause: of each slot.
        stratum: of each slot, a number from 0 on; all slots of one belong to one question.
        question: of each slot, a number from 0 on.
    """
    import pandas

    from_mean = _centred(cause, stratum)
    spread = float((from_mean**2).sum())
    if spread <= 1e-12 * len(cause):
        return UNDEFINED
    outcome = _centred(right.astype(float), stratum)
    slope = float((from_mean * outcome).sum()) / spread
    n_questions = int(question.max()) + 1
    effects = sums_by_question(from_mean * (outcome - slope * from_mean), question, n_questions) / spread
    informed = sums_by_question(from_mean**2, question, n_questions) > 0
    return difference(slope, pandas.Series(effects[informed]))


def _centred(values: numpy.ndarray, stratum: numpy.ndarray) -> numpy.ndarray:
    size = numpy.maximum(numpy.bincount(stratum), 1)
    mean = numpy.bincount(stratum, weights=values) / size
    centred: numpy.ndarray = values - mean[stratum]
    return centred
