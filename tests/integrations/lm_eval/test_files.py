import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from rest_bench.errors import ConfigError, StoreError, TaskError
from rest_bench.integrations.lm_eval import files
from rest_bench.integrations.lm_eval.files import PACKAGED, Choice, export_tasks, packaged_tasks, task_files
from rest_bench.metrics.reply import metric_names
from rest_bench.tasks import packaged_names, task_settings


class _Loader(yaml.SafeLoader):
    """Reads `!function` as the text behind it, as lm-eval's own index does."""


_Loader.add_constructor("!function", lambda _, node: str(node.value))


def read(choice: Choice) -> dict[str, dict[str, Any]]:
    return {name: yaml.load(text, _Loader) for name, text in task_files(choice)}


def test_the_packaged_tasks_are_what_export_writes() -> None:
    written = dict(task_files(Choice(packaged_tasks())))
    found = {path.name: path.read_text() for path in PACKAGED.glob("*.yaml")}
    assert found == written, "rest-bench lm-eval export --out rest_bench/integrations/lm_eval/tasks"


def test_every_task_but_programs_is_packaged_at_its_own_levels() -> None:
    assert packaged_tasks() == packaged_names()  # none of them wants programs
    found = read(Choice(packaged_tasks()))
    for name in packaged_tasks():
        levels = task_settings(name).levels
        assert found[f"rest_{name}.yaml"]["task"] == [f"rest_{name}_s1", f"rest_{name}_stress"]
        assert found[f"rest_{name}_stress.yaml"]["task"] == [f"rest_{name}_s{level}" for level in levels[1:]]
    assert found["rest_all.yaml"]["task"] == [f"rest_{name}" for name in packaged_tasks()]


def test_a_task_lists_its_own_positions_and_never_stops_a_reply() -> None:
    task = read(Choice(("aime24",)))["rest_aime24_s3.yaml"]
    assert task["task"] == "rest_aime24_s3"
    assert [each["metric"] for each in task["metric_list"]] == [f"rest_{name}" for name in metric_names(3)]
    assert {each["aggregation"] for each in task["metric_list"]} == {"mean"}
    assert task["generation_kwargs"] == {
        "until": [],
        "do_sample": True,
        "temperature": 0.6,
        "top_p": 0.95,
        "max_gen_toks": 32768,
    }
    assert task["repeats"] == 8
    assert task["filter_list"] == [{"name": "none", "filter": [{"function": "take_first_k", "k": 8}]}]
    assert task["metadata"]["rest_bench"] == {
        "task": "aime24",
        "level": 3,
        "design": "cyclic",
        "seed": 0,
        "repeats": 8,
        "limit": None,
    }


def test_the_choice_of_the_user_is_in_the_files(tmp_path: Path) -> None:
    choice = Choice(("arithmetic",), (2,), design="shuffled", seed=5, repeats=3, limit=20, data_dir=tmp_path)
    found = read(choice)
    assert set(found) == {"rest_arithmetic_s2.yaml", "rest_arithmetic.yaml", "rest_all.yaml"}
    task = found["rest_arithmetic_s2.yaml"]
    assert task["metadata"]["data_dir"] == str(tmp_path)
    assert task["metadata"]["rest_bench"] == {
        "task": "arithmetic",
        "level": 2,
        "design": "shuffled",
        "seed": 5,
        "repeats": 3,
        "limit": 20,
    }
    assert task["repeats"] == 1  # the packs of the three repeats differ: they are documents of their own


def test_a_task_file_of_the_user_is_found_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "toy.yaml").write_text(
        "name: toy\ntitle: 'A \"toy\": with signs'\nanswer_type: integer\nlevels: [1, 2]\nrepeats: 1\n"
        "template: rest_math\nsource:\n  local: {path: toy.jsonl, format: jsonl, question: q, answer: a}\n"
    )
    monkeypatch.chdir(tmp_path)
    task = read(Choice(("toy.yaml",)))["rest_toy_s2.yaml"]
    assert task["metadata"]["rest_bench"]["task"] == str(tmp_path / "toy.yaml")


def test_faults_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="no such task: gsm8; did you mean gsm8k"):
        list(task_files(Choice(("gsm8",))))
    with pytest.raises(ConfigError, match="--design: Input should be 'cyclic'"):
        list(task_files(Choice(("arithmetic",), design="circular")))
    with pytest.raises(ConfigError, match="--level: Input should be greater"):
        list(task_files(Choice(("arithmetic",), (0,))))
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        export_tasks(Choice(("arithmetic",)), tmp_path / "file")


def test_values_of_the_user_cannot_break_out_of_the_file(tmp_path: Path) -> None:
    folder = tmp_path / 'a "b"\n- c: !function os.system'
    folder.mkdir()
    task = read(Choice(("arithmetic",), (1,), data_dir=folder))["rest_arithmetic_s1.yaml"]
    assert task["metadata"]["data_dir"] == str(folder)
    assert json.dumps(task["metadata"]["rest_bench"])


def test_programs_are_left_out_and_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = tmp_path / "code.yaml"
    task.write_text(
        "name: code\ntitle: Code\nanswer_type: code\nlevels: [1]\nrepeats: 1\ntemplate: rest_code\n"
        "source:\n  local: {path: code.jsonl, format: jsonl, question: q, tests: t}\n"
    )
    with pytest.raises(TaskError, match="task code: wants programs, which are not run yet"):
        list(task_files(Choice((str(task),))))
    monkeypatch.setattr(files, "packaged_names", lambda: ("arithmetic", str(task)))
    assert packaged_tasks() == ("arithmetic",)
