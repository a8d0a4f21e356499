"""Packs with answers for the tests of outcomes and scores."""

from typing import Any

from rest_bench.schema import Answer, AnswerType, FinishReason, Pack, Problem, Response


def pack_of(
    golds: tuple[str, ...], answer_type: AnswerType = "integer", number: int = 0, ids: tuple[str, ...] = ()
) -> Pack:
    names = ids or tuple(f"problem-{place}" for place in range(1, len(golds) + 1))
    return Pack(
        pack_id=f"{number:016x}",
        task="toy",
        level=len(golds),
        design="cyclic",
        seed=0,
        repeat=0,
        problems=tuple(
            Problem(id=name, question="?", gold=gold, answer_type=answer_type)
            for name, gold in zip(names, golds, strict=True)
        ),
    )


def response_of(pack: Pack, finish_reason: FinishReason = "stop") -> Response:
    return Response(
        sample_id="s",
        pack_id=pack.pack_id,
        task=pack.task,
        level=pack.level,
        repeat=pack.repeat,
        text="",
        finish_reason=finish_reason,
        prompt_tokens=11,
        completion_tokens=22,
        seed=33,
    )


def answers_of(pack: Pack, *texts: str | None, **fields: Any) -> tuple[Answer, ...]:
    """Make one strict answer per text, null where there is none; `fields` override."""
    return tuple(
        Answer(
            **{
                "pack_id": pack.pack_id,
                "repeat": pack.repeat,
                "position": place,
                "problem_id": problem.id,
                "text": text,
                "found_by": "none" if text is None else "label",
                "strict": text is not None,
                "paper": f"\\boxed{{{text}}}",
                **fields,
            }
        )
        for place, (problem, text) in enumerate(zip(pack.problems, texts, strict=True), start=1)
    )
