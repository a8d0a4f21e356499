import pytest

from rest_bench.errors import TaskError
from rest_bench.leaderboard.replanning import expected_record, load_tasks, replan
from rest_bench.schema import Manifest
from rest_bench.store import Run


def renamed(manifest: Manifest, name: str) -> Manifest:
    return manifest.model_copy(update={"tasks": (manifest.tasks[0].model_copy(update={"name": name}),)})


def test_the_plan_is_that_of_the_run(run: Run) -> None:
    manifest = run.manifest
    planned = [(each.pack.pack_id, each.prompt.sha256) for each in replan(manifest, load_tasks(manifest, None))]
    assert planned == [(record.pack_id, record.prompt_sha256) for record in run.pack_records()]


def test_the_record_of_a_task_is_that_of_the_run(run: Run) -> None:
    manifest = run.manifest
    assert expected_record(manifest.tasks[0], manifest, load_tasks(manifest, None)) == manifest.tasks[0]


@pytest.mark.parametrize("name", ["../arithmetic", "/etc/passwd", "tasks/arithmetic.yaml", "nothing"])
def test_only_installed_names_are_loaded(run: Run, name: str) -> None:
    with pytest.raises(TaskError, match="only for tasks that are installed"):
        load_tasks(renamed(run.manifest, name), None)
