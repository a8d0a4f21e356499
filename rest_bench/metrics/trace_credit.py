"""What the thinking had found and the reply did not report (metrics.md 4, 6.4)."""

from typing import TYPE_CHECKING

from rest_bench.metrics.reasons import NO_CANDIDATES
from rest_bench.metrics.statistics import proportion
from rest_bench.schema import TraceCredit

if TYPE_CHECKING:
    import pandas

NO_TRACE_CREDIT = TraceCredit.all_undefined(NO_CANDIDATES)


def credit_traces(scores: "pandas.DataFrame") -> TraceCredit:
    """Return the accuracy that the thinking earned, and how much of it was lost on the way to the reply.

    Args:
        scores: the slots of one task at one level, with the columns of `schema.Score`.
    """
    if not scores["correct_trace"].notna().any():
        return NO_TRACE_CREDIT
    found = scores["correct_trace"].eq(True).fillna(False).astype(bool)
    summaries = found[scores["outcome"] == "summary"]
    correct = scores["correct"].astype(bool)
    traced = (correct | (scores["answer"].isna() & found)).astype(float)
    return TraceCredit.explained(
        {"summary_harmful": "no slot has the outcome summary"},
        accuracy_trace=proportion(traced, scores["problem_id"]),
        forfeiture=float(traced.mean()) - float(correct.mean()),
        summary_harmful=None if summaries.empty else float(summaries.mean()),
    )
