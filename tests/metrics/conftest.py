"""TOY, the running example of the definitions: three questions, golds 4, 7, 9, one repeat, levels 1 and 3."""

import pandas
import pytest

from rest_bench.schema import (
    EngineInfo,
    Invocation,
    Manifest,
    PlannedLevel,
    Sampling,
    Score,
    TaskRecord,
)

# level, pack, position, problem, outcome
TOY_SLOTS = [
    (1, "a", 1, "A", "correct"),
    (1, "b", 1, "B", "correct"),
    (1, "c", 1, "C", "wrong"),
    (3, "d", 1, "B", "correct"),
    (3, "d", 2, "C", "omitted"),
    (3, "d", 3, "A", "swapped"),
    (3, "e", 1, "C", "wrong"),
    (3, "e", 2, "A", "correct"),
    (3, "e", 3, "B", "truncated"),
    (3, "f", 1, "A", "correct"),
    (3, "f", 2, "B", "correct"),
    (3, "f", 3, "C", "correct"),
]


def slot(level: int, pack: str, position: int, problem_id: str, outcome: str, repeat: int = 0) -> Score:
    correct = outcome == "correct"
    answered = outcome not in ("omitted", "truncated")
    return Score(
        task="toy",
        level=level,
        design="cyclic",
        pack_id=pack,
        repeat=repeat,
        position=position,
        problem_id=problem_id,
        gold="4",
        answer="4" if answered else None,
        found_by="label" if answered else "none",
        outcome=outcome,
        correct=correct,
        correct_strict=correct,
        correct_paper=correct,
        answer_paper="\\boxed{4}",
        finish_reason="length" if pack == "e" else "stop",
        prompt_tokens=10,
        completion_tokens=20 if pack == "e" else 30,
        thinking_tokens=None,
        tokens_estimated=False,
        seed=1,
    )


def table(scores: list[Score]) -> pandas.DataFrame:
    return pandas.DataFrame([score.model_dump() for score in scores])


@pytest.fixture
def toy() -> pandas.DataFrame:
    return table([slot(*row) for row in TOY_SLOTS])


@pytest.fixture
def manifest() -> Manifest:
    return Manifest(
        engine=EngineInfo(engine="replay", engine_version="1", model="toy-model"),
        sampling=Sampling(),
        design="cyclic",
        seed=0,
        tasks=(
            TaskRecord(
                name="toy",
                answer_type="integer",
                n_problems=3,
                levels=tuple(PlannedLevel(level=level, repeats=1, limit=None, n_packs=3) for level in (1, 3)),
                source="toy.jsonl",
                file_sha256="0",
                data_sha256="0",
                template="rest_math",
                template_sha256="0",
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
