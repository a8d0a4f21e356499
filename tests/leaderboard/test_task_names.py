"""A task's name becomes part of paths and addresses: those of numbers alone are its submitter's invention."""

import json
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.collecting import collect
from rest_bench.leaderboard.opening import find_submissions
from rest_bench.leaderboard.publishing import publish
from rest_bench.leaderboard.rows import SubmittedEntry
from rest_bench.leaderboard.site import build_site
from rest_bench.leaderboard.verifying import verify_all
from rest_bench.schema import Submission
from rest_bench.store import Run
from tests.commands import Command
from tests.leaderboard.boards import read_submission
from tests.leaderboard.build import PUBLISHER, change_record

NO_NAMES = [
    "",
    " ",
    ".",
    "..",
    "../index",
    "../../../x/package",
    "../overall",
    "/tmp/x",
    "C:\\x",
    "..\\index",
    "a/b",
    "arithmetic/../../index",
    "arithmetic/",
    ".arithmetic",
    "arithmetic ",
    "arithmetic\n",
    "arithmetic\0",
    "arith\u200bmetic",
    "аrithmetic",  # with a Cyrillic a
    "<script>",
    "%2e%2e",
    "a" * 65,
    "+",
    "arithmetic+",
    "arithmetic+../index",
]
"""That the schema refuses."""
NOT_INSTALLED = [
    "nothing",
    "Arithmetic",
    "ARITHMETIC",
    "arithmetic.yaml",
    "index.html",
    "CON",
    "arithmetic+gsm8k",
    "a" * 64,
]
RESERVED = ["overall", "Overall", "index", "methodology", "submit"]


@pytest.fixture(scope="module")
def numbers_alone(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(run, tmp_path_factory.mktemp("alone") / "submissions", PUBLISHER._replace(numbers_only=True))


def renamed(folder: Path, name: str) -> None:
    def change(record: dict[str, object]) -> None:
        text = json.dumps(record).replace('"arithmetic":', f"{json.dumps(name)}:")
        record.update(json.loads(text))
        record["manifest"]["tasks"][0]["name"] = name  # type: ignore[index]

    change_record(change)(folder)


def copy_of(folder: Path, to: Path) -> Path:
    """Return a copy of a submission in a board of its own."""
    place = to / "submissions" / folder.parent.name / folder.name
    place.mkdir(parents=True)
    (place / "submission.json").write_bytes((folder / "submission.json").read_bytes())
    return place


FAULTS = {
    **dict.fromkeys(NO_NAMES, r"manifest.tasks.0.name: expected String should match pattern"),
    **dict.fromkeys(NOT_INSTALLED, "manifest.tasks.0.name: expected a task that is installed (aime24"),
    **dict.fromkeys(RESERVED, "manifest.tasks.0.name: expected a name that the board has no other use for"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_numbers_alone_name_only_tasks_that_are_installed(numbers_alone: Path, tmp_path: Path, name: str) -> None:
    folder = copy_of(numbers_alone, tmp_path)
    renamed(folder, name)
    for found in (*verify_all([folder]), *collect([folder])):
        assert found.tier is None
        assert any(FAULTS[name] in str(fault) for fault in found.faults), list(map(str, found.faults))


def test_what_names_a_task_of_no_board_is_left_out_of_it(
    command: Command, numbers_alone: Path, submission: Path, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    folder = copy_of(numbers_alone, tmp_path / "hostile")
    renamed(folder, "../../x/package")
    board = tmp_path / "submissions"
    hostile = board / "hostile__model" / folder.name
    hostile.parent.mkdir()
    folder.rename(hostile)
    assert set(find_submissions(board)) == {submission, hostile}
    code, _, err = command("leaderboard", "build", board, "--out", tmp_path / "out" / "site")
    assert code == 1
    assert f"{hostile}: left out: " in err
    assert "org/model" in (tmp_path / "out" / "site" / "tasks" / "arithmetic.html").read_text()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["site"]
    assert all(path.read_bytes() == content for path, content in before.items())


@pytest.mark.parametrize("name", ["../index", "../../../x/package", "/tmp/x", "overall", "Arithmetic"])
def test_the_site_itself_writes_no_such_file(numbers_alone: Path, tmp_path: Path, name: str) -> None:
    """Even for a submission that no check has seen."""
    plain = read_submission(numbers_alone)
    out = tmp_path / "a" / "b" / "site"
    with pytest.raises(StoreError, match=r"no file of the site may have that name|has a file of that name already"):
        build_site([SubmittedEntry(plain, "self-reported"), SubmittedEntry(unchecked(plain, name), "re-scored")], out)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def unchecked(plain: Submission, name: str) -> Submission:
    (task,) = plain.manifest.tasks
    manifest = plain.manifest.model_copy(update={"tasks": (task.model_copy(update={"name": name}),)})
    results = plain.results.model_copy(update={"tasks": {name: plain.results.tasks["arithmetic"]}})
    questions = {name: plain.questions["arithmetic"]}
    changes = {"manifest": manifest, "results": results, "questions": questions, "submission_id": "0" * 16}
    return plain.model_copy(update=changes)
