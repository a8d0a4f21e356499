"""Simulated responses as a perfect reader and a perfect judge would have them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rest_bench.schema import Answer, Candidate, Pack, Score
from rest_bench.simulation.truth import Simulated, Slot

if TYPE_CHECKING:
    import pandas


def true_answers(pack: Pack, simulated: Simulated) -> tuple[Answer, ...]:
    """Return what a perfect reader reads, one answer per position: for whoever has no use for the text."""
    return tuple(
        Answer(
            pack_id=pack.pack_id,
            repeat=pack.repeat,
            position=slot.position,
            problem_id=slot.problem_id,
            text=slot.answer,
            found_by="none" if slot.answer is None else "label",
            strict=slot.answer is not None,
            paper=f"\\boxed{{{slot.answer_paper}}}",
            thinking_tokens=_thinking_tokens(simulated),
            segment_tokens=slot.tokens,
            segmentation_sure=True,
            looped=_looped(simulated),
            candidates=_candidates(slot),
        )
        for slot in simulated.slots
    )


def true_scores(pack: Pack, simulated: Simulated) -> tuple[Score, ...]:
    """Return one score per position of a simulated response."""
    thinking_tokens = _thinking_tokens(simulated)
    return tuple(_true_score(pack, slot, simulated, thinking_tokens) for slot in simulated.slots)


def to_frame(scores: Iterable[tuple[Score, ...]]) -> "pandas.DataFrame":
    """Return scores as the table that the metrics take, with the columns of `schema.Score`."""
    import pandas

    rows = [[getattr(score, name) for name in Score.model_fields] for each in scores for score in each]
    return pandas.DataFrame(rows, columns=list(Score.model_fields))


def _candidates(slot: Slot) -> tuple[Candidate, ...]:
    if not slot.solved:
        return ()
    return (Candidate(text=slot.latents.result, tokens=slot.latents.first_tokens),)


def _looped(simulated: Simulated) -> bool:
    return any(slot.looped for slot in simulated.slots)


def _thinking_tokens(simulated: Simulated) -> int:
    return sum(chunk.n_written for chunk in simulated.layout.chunks if chunk.kind != "answer")


def _true_score(pack: Pack, slot: Slot, simulated: Simulated, thinking_tokens: int) -> Score:
    return Score(
        task=pack.task,
        level=pack.level,
        design=pack.design,
        pack_id=pack.pack_id,
        repeat=pack.repeat,
        position=slot.position,
        problem_id=slot.problem_id,
        gold=slot.gold,
        answer=slot.answer,
        found_by="none" if slot.answer is None else "label",
        outcome=slot.outcome,
        correct=slot.correct,
        correct_strict=slot.correct,
        correct_paper=slot.correct_paper,
        answer_paper=f"\\boxed{{{slot.answer_paper}}}",
        finish_reason=simulated.layout.finish_reason,
        prompt_tokens=None,
        completion_tokens=simulated.layout.n_tokens,
        thinking_tokens=thinking_tokens,
        segment_tokens=slot.tokens,
        first_correct_tokens=slot.first_correct_tokens,
        answer_trace=slot.latents.result if slot.solved else None,
        correct_trace=slot.latents.right if slot.solved else None,
        looped=_looped(simulated),
        tokens_estimated=False,
        segmentation_sure=True,
        seed=None,
    )
