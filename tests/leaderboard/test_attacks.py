"""Submissions of strangers who mean harm: each is a fault of its own, and takes no row from another."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rest_bench.leaderboard.answers_file import REPRODUCED_ANSWERS, REPRODUCTION, SUBMISSION
from rest_bench.leaderboard.collecting import collect
from rest_bench.leaderboard.deriving import record_id
from rest_bench.leaderboard.publishing import publish
from rest_bench.leaderboard.rows import SubmittedEntry
from rest_bench.leaderboard.site import build_site
from rest_bench.leaderboard.verifying import Verified, verify, verify_all
from rest_bench.schema import Submission
from rest_bench.scoring import Judge
from rest_bench.store import Run
from tests.leaderboard.boards import entry, read_submission
from tests.leaderboard.build import PUBLISHER, change_record, read_record, write_record


@pytest.fixture(scope="session")
def numbers_folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(run, tmp_path_factory.mktemp("board") / "submissions", PUBLISHER._replace(numbers_only=True))


@pytest.fixture
def numbers(numbers_folder: Path, tmp_path: Path) -> Path:
    """The folder of sound numbers alone, to do with as one likes."""
    return shutil.copytree(numbers_folder, tmp_path / "submissions" / numbers_folder.parent.name / numbers_folder.name)


def under_another_name(folder: Path, model: str = "evil/model") -> Path:
    """Copy a submission beside itself, with its id, under another model's name."""
    copy = shutil.copytree(folder, folder.parents[1] / model.replace("/", "__") / folder.name)
    record = read_record(copy)
    record["model"] = record["manifest"]["engine"]["model"] = record["results"]["model"] = model
    write_record(copy, record)
    return copy


# --- ids and names ----------------------------------------------------------------------------------------------------


def test_numbers_alone_are_known_by_their_record(numbers: Path, judge: Judge) -> None:
    verified = verify(numbers, judge)
    assert (verified.faults, verified.tier) == ((), "self-reported")
    assert record_id(read_submission(numbers)) == numbers.name


def test_an_id_cannot_be_taken_by_numbers_alone(numbers: Path, judge: Judge) -> None:
    copy = under_another_name(numbers)
    (fault,) = verify(copy, judge).faults
    assert str(fault).startswith(f"{copy / SUBMISSION}: submission_id: expected '")
    assert verify(numbers, judge).faults == ()


def test_an_id_cannot_be_taken_where_the_data_are_not_at_hand(submission: Path, numbers: Path) -> None:
    def of_no_task(folder: Path) -> None:
        text = (folder / SUBMISSION).read_text()
        (folder / SUBMISSION).write_text(text.replace('"arithmetic"', '"unknown"'))

    for folder in (submission, numbers):
        copy = under_another_name(folder)
        of_no_task(copy)
        (collected,) = collect([copy])
        assert collected.tier is None
        assert [fault.field for fault in collected.faults] == ["submission_id"]


@pytest.mark.parametrize("command", [verify_all, collect])
def test_an_id_stands_once_on_a_board(
    command: Callable[[list[Path]], list[Verified]], numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = under_another_name(numbers)
    for module in ("verifying", "collecting"):  # two records with one hash are hard to come by
        monkeypatch.setattr(f"rest_bench.leaderboard.{module}.record_id", lambda submission: submission.submission_id)
    first, second = command([numbers, copy])
    assert (first.tier, second.tier) == ("self-reported", None)
    assert [str(fault) for fault in second.faults] == [
        f"{copy / SUBMISSION}: submission_id: expected an id of its own, found {numbers.name}, which org__model has"
    ]


def test_the_same_submission_on_two_boards_is_sound(numbers: Path, tmp_path: Path) -> None:
    other = shutil.copytree(numbers.parents[1], tmp_path / "other") / numbers.parent.name / numbers.name
    assert [each.tier for each in verify_all([numbers, other])] == ["self-reported", "self-reported"]


def test_two_models_with_one_id_have_a_page_each(published_folder: Path, tmp_path: Path) -> None:
    record = read_submission(published_folder)
    entries: list[SubmittedEntry] = [entry(record, 7, model=model) for model in ("org/leader", "org/thief")]
    build_site(entries, tmp_path / "board")
    pages = [path.read_text() for path in sorted((tmp_path / "board" / "models").glob("org-*"))]
    assert [page.partition("<h1><bdi>")[2].partition("</bdi>")[0] for page in pages] == ["org/leader", "org/thief"]
    task = (tmp_path / "board" / "tasks" / "arithmetic.html").read_text()
    assert all(f"<bdi>{model}</bdi>" in task for model in ("org/leader", "org/thief"))


# --- one among many ---------------------------------------------------------------------------------------------------


def second_run_without_answers(folder: Path) -> None:
    (folder / REPRODUCTION).write_text("{}")


def second_run_without_record(folder: Path) -> None:
    (folder / REPRODUCED_ANSWERS).write_bytes(b"")


def deep(folder: Path) -> None:
    (folder / SUBMISSION).write_text("[" * 1_000_000)


def no_text(folder: Path) -> None:
    (folder / SUBMISSION).write_bytes(b"\xff\xfe\x00")


def long_integer(folder: Path) -> None:
    text = (folder / SUBMISSION).read_text()
    (folder / SUBMISSION).write_text(text.replace('"n_packs": 1,', f'"n_packs": 1{"0" * 4000},'))


def empty(folder: Path) -> None:
    (folder / SUBMISSION).unlink()


def folder_in_place(folder: Path) -> None:
    empty(folder)
    (folder / SUBMISSION).mkdir()


SHAPES: dict[str, Callable[[Path], object]] = {
    "a second run without answers": second_run_without_answers,
    "answers of a second run without its record": second_run_without_record,
    "brackets without end": deep,
    "no text": no_text,
    "no submission": empty,
    "a folder in place of the record": folder_in_place,
    "a seed of 400 digits": change_record(lambda record: record["manifest"].update(seed=10**400)),
    "a count of 2^63": change_record(lambda record: record["cost"].update(completion_tokens=2**63)),
    "no date": change_record(lambda record: record["manifest"]["invocations"][0].update(started_at="now")),
    "a time beyond all times": change_record(
        lambda record: record["manifest"]["invocations"][0].update(started_at="9999-12-31T23:59:59-23:59")
    ),
}


@pytest.mark.parametrize("attack", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("command", [verify_all, collect])
def test_one_submission_stops_no_other(
    command: Callable[[list[Path]], list[Verified]], attack: Callable[[Path], object], submission: Path
) -> None:
    attack(bad := under_another_name(submission))
    hostile, honest = command([bad, submission])
    assert hostile.tier is None
    assert hostile.faults
    assert all(len(str(fault)) < 1000 for fault in hostile.faults)
    assert (honest.tier, honest.faults) == ("re-scored", ())


@pytest.mark.parametrize("command", [verify_all, collect])
def test_what_no_check_foresaw_is_a_fault_of_the_one(
    command: Callable[[list[Path]], list[Verified]], numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = under_another_name(numbers)

    def check(submission: Submission) -> str:
        if submission.model == "evil/model":
            raise OverflowError("cannot convert float infinity to integer")
        return submission.submission_id

    monkeypatch.setattr("rest_bench.leaderboard.verifying.record_id", check)
    hostile, honest = command([copy, numbers])
    assert [str(fault) for fault in hostile.faults] == [
        f"{copy}: checks: expected files that can be checked to their end, found OverflowError: "
        "cannot convert float infinity to integer"
    ]
    assert honest.tier == "self-reported"
