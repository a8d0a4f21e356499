"""The scorer for inspect_ai: one value a metric, and errors that know that a question stands in several prompts."""

import math
from collections.abc import Sequence
from typing import Any

from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, mean, metric, scorer, stderr
from inspect_ai.solver import TaskState

from rest_bench.importing.inspect_ai import reply_of
from rest_bench.integrations.asked import metrics_of, score_reply
from rest_bench.metrics.clusters import one_way_se
from rest_bench.metrics.reply import metric_names
from rest_bench.schema import Pack, Response
from rest_bench.schema import Score as SlotScore

READINGS = {"acc": "correct", "strict": "correct_strict", "paper": "correct_paper"}
"""Metric to the column of the scores that it is the mean of."""


@metric(scores="unreduced")
def question_stderr(reading: str) -> Metric:
    """Return the standard error of an accuracy over all slots, clustered by question.

    The packs of one level share questions, so their scores are not independent; inspect_ai's own `stderr(cluster=)`
    knows one cluster a sample and cannot say so.

    Args:
        reading: acc, strict or paper.
    """

    def compute(scores: list[SampleScore]) -> float:
        correct: list[float] = []
        questions: list[str] = []
        for each in scores:
            metadata = each.score.metadata or {}
            correct += metadata[READINGS[reading]]
            questions += metadata["problem_ids"]
        return one_way_se(correct, questions) or 0.0  # 0 where there are too few, as inspect_ai has it

    return compute


def metrics_at(level: int) -> dict[str, list[Metric]]:
    """Return what is computed of each value of the scorer at a level."""
    names = metric_names(level)
    return {name: [mean(), question_stderr(name) if name in READINGS else stderr()] for name in names}


def rest_scorer(level: int, packs: dict[str, Pack]) -> Scorer:
    """Return the scorer of packs of one level.

    Args:
        level: of all packs.
        packs: by pack id.
    """

    @scorer(metrics=metrics_at(level), name="rest")
    def make() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - golds are those of the pack
            pack = packs[state.metadata["pack_id"]]
            slots = score_reply(pack, _response(pack, state))
            return Score(
                value=_values(level, slots),
                answer="\n".join(f"Q{slot.position}: {slot.answer}" for slot in slots),
                explanation="\n".join(f"Q{slot.position}: {slot.outcome}, found by {slot.found_by}" for slot in slots),
                metadata=_metadata(slots),
            )

        return score

    return make()


def _response(pack: Pack, state: TaskState) -> Response:
    reply = reply_of(state.output)
    return Response(sample_id="", pack_id=pack.pack_id, task=pack.task, level=pack.level, repeat=pack.repeat, **reply)


def _values(level: int, slots: Sequence[SlotScore]) -> dict[str, float]:
    """Return every value of the level; NaN, which inspect_ai counts as not scored, where nothing is known."""
    found = metrics_of(slots)
    return {name: found.get(name, math.nan) for name in metric_names(level)}


def _metadata(slots: Sequence[SlotScore]) -> dict[str, Any]:
    columns = {column: [float(bool(getattr(slot, column))) for slot in slots] for column in READINGS.values()}
    return {
        "problem_ids": [slot.problem_id for slot in slots],
        "outcomes": [slot.outcome for slot in slots],
        **columns,
    }
