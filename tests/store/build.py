"""Run folders of toy packs for the tests of the store."""

from pathlib import Path

from rest_bench.schema import Manifest, Pack, Response, Score
from rest_bench.store import Run, RunWriter
from tests.records import make_manifest, make_pack, plan

PACKS = tuple(make_pack(number) for number in range(4))


def begin(path: Path, manifest: Manifest | None = None, packs: tuple[Pack, ...] = PACKS) -> RunWriter:
    writer = RunWriter(path)
    try:
        writer.begin(manifest or make_manifest(), plan(packs))
    except BaseException:
        writer.__exit__(None, None, None)
        raise
    return writer


def responses(path: Path) -> list[Response]:
    return [sample.response for sample in Run(path).samples()]


def make_score(position: int, answer: str | None) -> Score:
    return Score(
        task="toy",
        level=2,
        design="cyclic",
        pack_id="p",
        repeat=0,
        position=position,
        problem_id="1",
        gold="2",
        answer=answer,
        found_by="label",
        outcome="correct",
        correct=True,
        correct_strict=True,
        correct_paper=None,
        answer_paper="\\boxed{2}",
        finish_reason="stop",
        prompt_tokens=None,
        completion_tokens=5,
        thinking_tokens=None,
        tokens_estimated=False,
        seed=2**62,
    )
