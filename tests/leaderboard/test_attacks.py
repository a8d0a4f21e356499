"""Submissions of strangers who mean harm: each is a fault of its own, and takes no row from another."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.answers_file import ANSWERS, REPRODUCED_ANSWERS, REPRODUCTION, SUBMISSION, write_answers
from rest_bench.leaderboard.collecting import collect
from rest_bench.leaderboard.deriving import record_id
from rest_bench.leaderboard.faults import Examination
from rest_bench.leaderboard.opening import find_submissions
from rest_bench.leaderboard.publishing import publish
from rest_bench.leaderboard.ranking import make_board
from rest_bench.leaderboard.rows import SubmittedEntry, submitted_rows
from rest_bench.leaderboard.site import build_site
from rest_bench.leaderboard.verifying import Verified, verify, verify_all
from rest_bench.schema import Submission
from rest_bench.scoring import Judge
from rest_bench.store import Run
from tests.leaderboard.boards import entry, read_submission
from tests.leaderboard.build import (
    PUBLISHER,
    change_record,
    read_record,
    rename_task,
    with_record_id,
    write_bytes,
    write_record,
)


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


def test_an_id_cannot_be_taken_where_the_data_are_not_at_hand(submission: Path, numbers: Path, tmp_path: Path) -> None:
    for folder in (submission, numbers):
        copy = under_another_name(folder)
        rename_task(copy, "gsm8k")
        (collected,) = collect([copy], None, tmp_path)
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
    command: Callable[[list[Path]], list[Verified]], attack: Callable[[Path], object], submission: Path, numbers: Path
) -> None:
    attack(bad := under_another_name(submission))
    hostile, honest = command([bad, numbers])
    assert hostile.tier is None
    assert hostile.faults
    assert all(len(str(fault)) < 1000 for fault in hostile.faults)
    assert (honest.tier, honest.faults) == ("self-reported", ())


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


# --- numbers ----------------------------------------------------------------------------------------------------------


def number(path: str, value: object) -> Callable[[Path], None]:
    """Return an attack that puts a value at a place of the record, in names with slashes between."""

    def apply(record: dict[str, Any]) -> None:
        *parts, last = path.replace("TASK", "results/tasks/arithmetic").split("/")
        place: Any = record
        for part in parts:
            place = place[int(part)] if isinstance(place, list) else place[part]
        place[int(last) if isinstance(place, list) else last] = value

    return change_record(apply)


def more_levels(folder: Path) -> None:
    def add(record: dict[str, Any]) -> None:
        task = record["results"]["tasks"]["arithmetic"]
        task["levels"]["3000000"] = task["levels"]["3"]
        record["questions"]["arithmetic"]["3000000"] = record["questions"]["arithmetic"]["3"]

    change_record(add)(folder)


def level_of_no_number(folder: Path) -> None:
    def add(record: dict[str, Any]) -> None:
        record["results"]["tasks"]["arithmetic"]["levels"]["three"] = record["results"]["tasks"]["arithmetic"][
            "levels"
        ].pop("3")

    change_record(add)(folder)


def huge_level(folder: Path) -> None:
    def add(record: dict[str, Any]) -> None:
        record["manifest"]["tasks"][0]["levels"][1]["level"] = 3_000_000

    change_record(add)(folder)


def bare_number(text: str) -> Callable[[Path], None]:
    """Return an attack that spells the accuracy at level 1 in a way of its own."""

    def apply(folder: Path) -> None:
        change_record(
            lambda record: record["results"]["tasks"]["arithmetic"]["levels"]["1"]["accuracy"].update(value="HERE")
        )(folder)
        path = folder / SUBMISSION
        path.write_text(path.read_text().replace('"HERE"', text))

    return apply


NUMBERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a score of -5": (number("TASK/single/value", -5.0), "TASK.single.value"),
    "a score of 1e308": (number("TASK/stress/value", 1e308), "TASK.stress.value"),
    "a reversed interval": (number("TASK/levels/3/accuracy/ci", [0.9, 0.1]), "TASK.levels.3.accuracy.ci"),
    "an endless interval": (number("TASK/stress/ci", [-1e300, 1e300]), "TASK.stress.ci.0"),
    "a negative error": (number("TASK/stress/se", -1.0), "TASK.stress.se"),
    "an integer of 400 digits": (bare_number(str(10**400)), "TASK.levels.1.accuracy.value"),
    "infinity": (bare_number("Infinity"), "TASK.levels.1.accuracy.value"),
    "1e999": (bare_number("1e999"), "TASK.levels.1.accuracy.value"),
    "an accuracy as text": (bare_number('"0.5"'), "content"),
    "a share above 1": (number("TASK/levels/3/truncation_rate", 7.5), "TASK.levels.3.truncation_rate"),
    "a p-value below 0": (number("TASK/levels/3/drop_p_value", -0.5), "TASK.levels.3.drop_p_value"),
    "tokens below 0": (number("TASK/levels/3/completion_tokens", -3.0), "TASK.levels.3.completion_tokens"),
    "tokens of 1e300": (number("TASK/levels/3/completion_tokens", 1e300), "TASK.levels.3.completion_tokens"),
    "a level without end": (more_levels, "TASK.levels"),
    "a level that is no number": (level_of_no_number, "TASK.levels"),
    "no levels": (number("TASK/levels", {}), "TASK.levels"),
    "a planned level without end": (huge_level, "manifest.tasks.0.levels"),
    "packs beyond the plan": (number("TASK/levels/3/n_packs", 10**6), "TASK.levels.3.n_packs"),
    "packs of 2^63": (number("TASK/levels/3/n_packs", 2**63), "TASK.levels.3.n_packs"),
    "packs of none": (number("TASK/levels/3/n_packs", 0), "TASK.levels.3.n_slots"),
    "slots of others": (number("TASK/levels/3/n_slots", 1), "TASK.levels.3.n_slots"),
    "questions of others": (number("TASK/levels/3/n_questions", 10**6), "TASK.levels.3.n_questions"),
    "positions without end": (
        number("TASK/levels/3/position_accuracy", [0.5] * 5000),
        "TASK.levels.3.position_accuracy: positions",
    ),
    "levels that were not run": (number("TASK/stress_levels", [3, 9]), "TASK.stress_levels"),
    "a score that no level has": (number("TASK/single/value", 0.123), "TASK.single.value"),
    "a mean that no levels have": (number("TASK/stress/value", 0.999), "TASK.stress.value"),
    "a mean over tasks of its own": (number("results/overall/stress", 0.999), "results.overall.stress"),
    "counts of 2^63": (number("questions/arithmetic/3/right/0", 2**63), "questions.arithmetic.3.right.0"),
    "counts below 0": (number("questions/arithmetic/3/slots/0", -1), "questions.arithmetic.3.slots.0"),
    "more right than asked": (number("questions/arithmetic/3/right/0", 99), "TASK.levels.3: questions"),
    "no questions": (number("questions/arithmetic/3", {"right": [], "slots": []}), "questions.arithmetic.3"),
    "questions of no task": (number("questions", {}), "questions"),
    "results of no task": (number("results/tasks", {}), "results.tasks"),
    "results of another model": (number("results/model", "org/other"), "results.model"),
    "results of another engine": (number("results/engine", "other"), "results.engine"),
    "results of another sampling": (
        number("results/config/sampling/temperature", 0.123),
        "results.config.sampling.temperature",
    ),
    "a token limit of 2^80": (number("manifest/sampling/max_tokens", 2**80), "manifest.sampling.max_tokens"),
    "a temperature of 1e308": (number("manifest/sampling/temperature", 1e308), "manifest.sampling.temperature"),
    "a context of 400 digits": (
        number("manifest/engine/max_context_tokens", 10**400),
        "manifest.engine.max_context_tokens",
    ),
    "problems of 400 digits": (number("manifest/tasks/0/n_problems", 10**400), "manifest.tasks.0.n_problems"),
    "problems of others": (number("manifest/tasks/0/n_problems", 7), "TASK.levels.1: questions"),
    "repeats of 2^63": (number("manifest/tasks/0/levels/0/repeats", 2**63), "manifest.tasks.0.levels.0.repeats"),
    "a cost of 2^63": (number("cost/completion_tokens", 2**63), "cost.completion_tokens"),
    "a time below 0": (number("cost/wall_time_s", -1.0), "cost.wall_time_s"),
}


@pytest.mark.parametrize(("attack", "field"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_that_cannot_be_is_a_fault(
    attack: Callable[[Path], object], field: str, numbers: Path, judge: Judge
) -> None:
    attack(numbers)
    with Examination(numbers).guarding():  # the schema refuses some at once
        numbers = with_record_id(numbers)
    verified = verify(numbers, judge)
    assert verified.tier is None
    assert field.replace("TASK", "results.tasks.arithmetic") in [fault.field for fault in verified.faults]
    assert all(len(str(fault)) < 1000 for fault in verified.faults)


def test_the_board_shows_the_other_99(numbers: Path) -> None:
    for place in range(99):
        copy = under_another_name(numbers, f"org/model-{place}")
        with_record_id(copy)
    number("TASK/stress/value", 1e308)(numbers)
    found = list(collect(find_submissions(numbers.parents[1])))
    assert [each.folder for each in found if each.tier is None] == [numbers]
    sound = [SubmittedEntry(each.submission, each.tier) for each in found if each.submission and each.tier]
    board = make_board("arithmetic", [row for entry in sound for row in submitted_rows(entry)])
    assert len(board.ranked) + len(board.apart) == 99


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_a_small_file_cannot_hold_much(submission: Path, judge: Judge) -> None:
    """Nothing is unpacked: what the record says of the file is refused by the size of the file."""
    write_bytes(submission, b"0" * 60_000_000, 1)
    (fault,) = verify(submission, judge).faults
    size = (submission / ANSWERS).stat().st_size
    assert str(fault).endswith(f"size: expected at most {32_000_000 + 300 * size} bytes unpacked, found 60000000")


def test_what_no_board_takes_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rest_bench.leaderboard.answers_file.sample_line", lambda _: b"0" * 60_000_000)
    with pytest.raises(StoreError, match="compress more than 300 times"):
        write_answers(tmp_path / ANSWERS, [None])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []
