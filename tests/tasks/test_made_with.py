from pathlib import Path
from typing import Any

import pytest

from rest_bench.config import packaged_dir
from rest_bench.errors import TaskError
from rest_bench.planning import PlannedTask, load_task, task_record
from rest_bench.schema import TaskRecord
from rest_bench.tasks.made_with import find_dataset, find_template
from rest_bench.tasks.taskfile import read_task_file

TEMPLATE = "{% for problem in problems %}\n{{ problem.question }}\n{% endfor %}\n"


def write(folder: Path, name: str = "toy", template: str = "words.j2") -> Path:
    """Write a task file with a template of its own beside it, and its data."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "toy.jsonl").write_text('{"q": "1 + 1?", "a": "2"}\n')
    (folder / "words.j2").write_text(TEMPLATE)
    path = folder / f"{name}.yaml"
    path.write_text(
        f"name: {name}\ntitle: Toy\nanswer_type: integer\nlevels: [1]\nrepeats: 1\ntemplate: {template}\n"
        "source:\n  local: {path: toy.jsonl, format: jsonl, question: q, answer: a}\n"
    )
    return path


def record(path: Path, data_dir: Path | None = None, **changes: Any) -> TaskRecord:
    task = load_task(path, data_dir)
    return task_record(PlannedTask(task, 1, ())).model_copy(update=changes)


def test_a_template_lies_beside_the_data(tmp_path: Path) -> None:
    assert find_template(record(write(tmp_path))) == TEMPLATE


def test_a_template_of_the_package_needs_no_place(tmp_path: Path) -> None:
    made = record(write(tmp_path, template="rest_math"), source="local: /nowhere/toy.jsonl")
    assert "Answer the above questions one by one" in find_template(made)


def test_a_task_file_that_has_moved_is_named_by_the_user(tmp_path: Path) -> None:
    made = record(write(tmp_path / "first"))
    (tmp_path / "first").rename(tmp_path / "second")
    with pytest.raises(
        TaskError, match=r"task toy: its template words\.j2 is not found; give the task file .* --tasks"
    ):
        find_template(made)
    other = write(tmp_path / "other", name="other")
    with pytest.raises(TaskError, match="is not found"):
        find_template(made, [other])  # a task of another name
    for place in (tmp_path / "second" / "toy.yaml", tmp_path / "second"):
        assert find_template(made, [other, place]) == TEMPLATE
    with pytest.raises(TaskError, match="gone"):
        find_template(made, [tmp_path / "gone.yaml"])


def test_data_elsewhere_do_not_hide_the_template(tmp_path: Path) -> None:
    path = write(tmp_path / "task")
    (tmp_path / "data").mkdir()
    (tmp_path / "task" / "toy.jsonl").rename(tmp_path / "data" / "toy.jsonl")
    made = record(path, tmp_path / "data")
    assert find_template(made, [path]) == TEMPLATE


def test_another_template_than_that_of_the_run_is_refused(tmp_path: Path) -> None:
    made = record(write(tmp_path))
    (tmp_path / "words.j2").write_bytes(b"\xff")
    with pytest.raises(TaskError, match=r"words\.j2 is not the template of this run any more; give the task file"):
        find_template(made)


def test_a_manifest_cannot_send_anyone_through_the_disk(tmp_path: Path) -> None:
    made = record(write(tmp_path), template="../words.j2")
    (tmp_path.parent / "words.j2").write_text(TEMPLATE)
    with pytest.raises(TaskError, match="is not found"):
        find_template(made, [tmp_path])


def test_a_data_set_is_that_of_the_file_and_not_of_the_name(tmp_path: Path) -> None:
    assert find_dataset(record(write(tmp_path, name="gsm8k"))) is None
    packaged = record(write(tmp_path))
    sha256 = read_task_file(packaged_dir("tasks") / "gsm8k.yaml")[1]
    found = find_dataset(packaged.model_copy(update={"name": "gsm8k", "file_sha256": sha256}))
    assert found is not None
    assert found[0] == "openai/gsm8k"


def test_a_task_of_ones_own_may_have_its_data_on_the_hub(tmp_path: Path) -> None:
    made = record(write(tmp_path), source="hub: org/data, config None, split test, revision abc123")
    assert find_dataset(made) == ("org/data", "abc123")


def test_a_mixture_of_tasks_has_no_data_set(tmp_path: Path) -> None:
    parts = "; ".join(f"hub: org/{name}, config None, split test, revision abc" for name in "ab")
    assert find_dataset(record(write(tmp_path), name="a+b", source=parts)) is None
