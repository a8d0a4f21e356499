"""TOY, the running example of the definitions: three questions, golds 4, 7, 9, one repeat, levels 1 and 3."""

import pandas
import pytest

from rest_bench.schema import Manifest, Score
from tests.records import make_manifest

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
    return make_manifest(levels=(1, 3), n_packs=3)
