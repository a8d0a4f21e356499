"""Small records for tests: a toy task of numbered sums, its packs, and responses to them."""

from collections.abc import Iterable, Iterator

from rest_bench.schema import (
    EngineInfo,
    Invocation,
    Manifest,
    Pack,
    PlannedLevel,
    Problem,
    Prompt,
    Response,
    Sampling,
    TaskRecord,
)

PROBLEMS = tuple(
    Problem(id=str(number), question=f"What is {number} + 1?", gold=str(number + 1), answer_type="integer")
    for number in range(4)
)


def make_pack(number: int, level: int = 2) -> Pack:
    members = tuple(PROBLEMS[(number + offset) % len(PROBLEMS)] for offset in range(level))
    return Pack(
        pack_id=f"{level:08x}{number:08x}",
        task="toy",
        level=level,
        design="cyclic",
        seed=0,
        repeat=0,
        problems=members,
    )


def plan(packs: Iterable[Pack]) -> Iterator[tuple[Pack, Prompt]]:
    """Yield packs as a plan does, each with a prompt."""
    for pack in packs:
        prompt = Prompt(
            pack_id=pack.pack_id,
            task=pack.task,
            level=pack.level,
            repeat=pack.repeat,
            answer_type="integer",
            messages=(),
            sha256="hash",
        )
        yield pack, prompt


def make_response(pack: Pack, text: str = "\\boxed{1}", finish_reason: str = "stop") -> Response:
    return Response(
        sample_id=f"sample-{pack.pack_id}",
        pack_id=pack.pack_id,
        task=pack.task,
        level=pack.level,
        repeat=pack.repeat,
        text=text,
        finish_reason=finish_reason,
        error="the server went away" if finish_reason == "error" else None,
    )


def make_manifest(
    levels: tuple[int, ...] = (2,), limit: int | None = None, repeats: int = 1, n_packs: int = 4
) -> Manifest:
    planned = tuple(PlannedLevel(level=level, repeats=repeats, limit=limit, n_packs=n_packs) for level in levels)
    return Manifest(
        engine=EngineInfo(engine="replay", engine_version="1", model="toy-model", revision="abc"),
        sampling=Sampling(),
        design="cyclic",
        seed=0,
        tasks=(
            TaskRecord(
                name="toy",
                answer_type="integer",
                n_problems=4,
                levels=planned,
                source="toy.jsonl",
                file_sha256="0",
                data_sha256="1",
                template="rest_math",
                template_sha256="2",
                option_order=None,
                difficulty_source=None,
            ),
        ),
        scorer_version="1",
        invocations=(
            Invocation(
                started_at="2026-01-01T00:00:00+00:00",
                finished_at=None,
                rest_bench_version="0",
                git_commit=None,
                engine_version="1",
                python="3.11",
                platform="test",
                hardware="test",
            ),
        ),
    )
