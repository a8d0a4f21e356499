"""Our tasks in the real inspect_ai."""

from pathlib import Path
from typing import Any

import pytest

from rest_bench.config import make_config
from rest_bench.integrations.lm_eval.files import packaged_tasks
from rest_bench.planning import make_plan
from tests.integrations.conftest import Harness

pytestmark = [pytest.mark.integrations, pytest.mark.timeout(300), pytest.mark.filterwarnings("default")]


def task(**arguments: Any) -> Any:
    from rest_bench.integrations.inspect_ai.tasks import rest

    return rest(**{"level": 2, "limit": 6, **arguments})


def prompts(**settings: object) -> list[str]:
    plan = make_plan(make_config({"model": "m", "levels": (2,), "limit": 6, **settings}))
    return [sample.prompt.messages[0].content for sample in plan.samples()]


def test_inspect_finds_all_tasks_by_itself(harness: Harness) -> None:
    out = harness(
        "python",
        "-c",
        "from inspect_ai._util.entrypoints import ensure_entry_points as e; e('rest_bench');"
        "from inspect_ai._util.registry import registry_find;"
        "print(sorted(i.name for o in registry_find(lambda i: i.type == 'task') for i in [o.__registry_info__]))",
    )
    for name in (*packaged_tasks(), "rest"):
        assert f"'rest_bench/{name}'" in out


def test_one_sample_is_one_pack_with_our_prompt() -> None:
    samples = list(task().dataset)
    assert [sample.input for sample in samples] == prompts()
    assert [len(sample.target) for sample in samples] == [2] * 6
    assert len({sample.id for sample in samples}) == 6


def test_repeats_are_epochs_where_prompts_are_the_same() -> None:
    assert (task(repeats=3).epochs, len(task(repeats=3).dataset)) == (3, 6)
    shuffled = task(repeats=3, design="shuffled")
    assert (shuffled.epochs, [sample.input for sample in shuffled.dataset]) == (
        *(1, prompts(design="shuffled", repeats=3)),
    )


def test_the_protocols_sampling_is_the_default() -> None:
    config = task().config
    assert (config.temperature, config.top_p, config.max_tokens) == (0.6, 0.95, 32768)


def test_a_task_file_of_the_user_is_a_task(tmp_path: Path) -> None:
    (tmp_path / "toy.jsonl").write_text('{"q": "1 + 1?", "a": "2"}\n{"q": "2 + 2?", "a": "4"}\n')
    (tmp_path / "toy.yaml").write_text(
        "name: toy\ntitle: Toy\nanswer_type: integer\nlevels: [1, 2]\nrepeats: 1\ntemplate: rest_math\n"
        "source:\n  local: {path: toy.jsonl, format: jsonl, question: q, answer: a}\n"
    )
    found = task(task=str(tmp_path / "toy.yaml"), limit=None)
    assert [sample.target for sample in found.dataset] == [["4", "2"], ["2", "4"]]
    assert found.metadata["rest_bench"]["task"] == str(tmp_path / "toy.yaml")
