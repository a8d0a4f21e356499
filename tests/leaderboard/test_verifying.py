import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rest_bench.leaderboard.answers_file import ANSWERS, REPRODUCED_ANSWERS, REPRODUCTION, SUBMISSION, file_sha256
from rest_bench.leaderboard.deriving import content_id
from rest_bench.leaderboard.verifying import MOST_FAULTS, verify, verify_all
from rest_bench.schema import Manifest, SubmittedSample
from rest_bench.scoring import Judge
from rest_bench.store import Run
from tests.leaderboard.build import (
    change_lines,
    change_record,
    read_lines,
    read_record,
    with_record_id,
    write_bytes,
    write_record,
)

Tamper = Callable[[Path], object]


def test_a_published_run_is_sound(submission: Path, judge: Judge) -> None:
    verified = verify(submission, judge)
    assert verified.faults == ()
    assert verified.tier == "re-scored"
    assert verified.submission is not None
    assert verified.submission.model == "org/model"


def test_the_numbers_are_those_of_the_run(submission: Path, run: Run, judge: Judge) -> None:
    verified = verify(submission, judge)
    assert verified.submission is not None
    assert verified.submission.results.tasks == run.summary.tasks


def test_the_claims_of_thinking_hold_against_the_full_replies(submission: Path, run: Run, judge: Judge) -> None:
    assert verify(submission, judge, traces=run.path / "responses.jsonl").faults == ()


# --- forgeries: each is one change, with every hash that its forger can reach put right -------------------------------


def level(record: dict[str, Any], number: int = 3) -> dict[str, Any]:
    found: dict[str, Any] = record["results"]["tasks"]["arithmetic"]["levels"][str(number)]
    return found


def right_line(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return next(line for line in lines if all(line["correct"]) and "\\boxed" in line["text"])


def wrong_line(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return next(line for line in lines if not all(line["correct"]))


def thinking_line(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return next(line for line in lines if line["thinking"]["tokens"])


def with_new_id(folder: Path) -> Path:
    """Give a submission the id that its changed answers have."""
    record = read_record(folder)
    samples = [SubmittedSample.model_validate_json(json.dumps(line)) for line in read_lines(folder)]
    record["submission_id"] = content_id(Manifest.model_validate_json(json.dumps(record["manifest"])), samples)
    write_record(folder, record)
    return folder.rename(folder.with_name(record["submission_id"]))


def swap_first_lines(lines: list[dict[str, Any]]) -> None:
    lines[0], lines[1] = lines[1], lines[0]


def say_twice(folder: Path) -> None:
    text = (folder / SUBMISSION).read_text()
    (folder / SUBMISSION).write_text(text.replace('"partial": true', '"partial": false,\n "partial": true'))


def rename_model(record: dict[str, Any]) -> None:
    record["model"] = record["manifest"]["engine"]["model"] = "famous/model"


def zip_bomb(folder: Path) -> None:
    write_bytes(folder, b'{"pack_id": "' + b"a" * 300_000_000, 1)
    record = read_record(folder)
    record["answers"]["n_bytes"] = 10_000
    write_record(folder, record)


def long_line(folder: Path) -> None:
    write_bytes(folder, b"a" * 9_000_000, 1)


def more_lines_than_said(folder: Path) -> None:
    record = read_record(folder)
    record["answers"]["n_samples"] -= 1
    write_record(folder, record)


def cut_answers(folder: Path) -> None:
    path = folder / ANSWERS
    path.write_bytes(path.read_bytes()[:-20])
    change_record(lambda record: record["answers"].update(sha256=file_sha256(path)))(folder)


def link_answers(folder: Path) -> None:
    elsewhere = folder.parent.parent.parent / "elsewhere"
    (folder / ANSWERS).rename(elsewhere)
    (folder / ANSWERS).symlink_to(elsewhere)


def drop_thinking_tokens(lines: list[dict[str, Any]]) -> None:
    thinking_line(lines)["thinking"]["tokens"] = 10**9


NO_DAYS = {
    "9999-99-99": "expected Value error",
    "2026-02-30": "expected Value error",
    "2025-02-29": "expected Value error",
    "0000-01-01": "expected Value error",
    "2026-13-01": "expected Value error",
    "": "expected String should match",
    "2026-1-1": "expected String should match",
    "2026-01-31T00:00": "expected String should match",
    "²026-01-01": "expected String should match",
    "9999-12-31": "expected a day up to 2",
}
FORGERIES: dict[str, tuple[Tamper, str]] = {
    # numbers
    "an accuracy": (
        change_record(lambda record: level(record)["accuracy"].update(value=0.99)),
        r"submission\.json: results\.tasks\.arithmetic\.levels\.3\.accuracy\.value: expected 0\.\d+, found 0\.99",
    ),
    "an accuracy by a hair": (
        change_record(lambda record: level(record)["accuracy"].update(value=level(record)["accuracy"]["value"] + 1e-6)),
        r"levels\.3\.accuracy\.value: expected 0\.\d+, found 0\.\d+",
    ),
    "an interval": (
        change_record(lambda record: level(record)["accuracy"].update(ci=[0.4, 0.41])),
        r"levels\.3\.accuracy\.ci\.0: expected 0\.\d+, found 0\.4$",
    ),
    "a null made a number": (
        change_record(lambda record: record["results"]["tasks"]["arithmetic"].update(half_stress_level=9.5)),
        r"results\.tasks\.arithmetic\.half_stress_level: expected \S+, found 9\.5",
    ),
    "a truncation rate": (
        change_record(lambda record: level(record).update(truncation_rate=0.0)),
        r"levels\.3\.truncation_rate: expected 0\.\d+, found 0\.0",
    ),
    "an outcome": (
        change_record(lambda record: level(record)["outcomes"].update(wrong=0.0)),
        r"levels\.3\.outcomes\.wrong: expected 0\.\d+, found 0\.0",
    ),
    "the stress score": (
        change_record(lambda record: record["results"]["tasks"]["arithmetic"]["stress"].update(value=0.95)),
        r"results\.tasks\.arithmetic\.stress\.value: expected",
    ),
    "the overall score": (
        change_record(lambda record: record["results"]["overall"].update(stress=1.0)),
        r"results\.overall\.stress: expected 0\.\d+, found 1\.0",
    ),
    "the count of a question": (
        change_record(lambda record: record["questions"]["arithmetic"]["3"]["right"].__setitem__(0, 7)),
        r"questions\.arithmetic\.3\.right\.0: expected \d, found 7",
    ),
    "the tokens in all": (
        change_record(lambda record: record["cost"].update(completion_tokens=1)),
        r"cost\.completion_tokens: expected \d+, found 1",
    ),
    "the time": (
        change_record(lambda record: record["cost"].update(wall_time_s=123456.0)),
        r"cost\.wall_time_s: expected \d+\.\d+, found 123456\.0",
    ),
    "a level that is not there": (
        change_record(lambda record: record["results"]["tasks"]["arithmetic"]["levels"].update({"9": level(record)})),
        r"results\.tasks\.arithmetic\.levels\.9: expected nothing, found",
    ),
    "a part called the whole": (
        change_record(lambda record: record.update(partial=False)),
        r"line for pack|partial: expected True, found False",
    ),
    # answers
    "a verdict": (
        change_lines(lambda lines: wrong_line(lines).update(correct=[True] * len(wrong_line(lines)["correct"]))),
        r"answers\.jsonl\.zst line \d+: correct\.\d: expected False, found True",
    ),
    "an answer put right": (
        change_lines(lambda lines: wrong_line(lines).update(text="Q1: \\boxed{1}")),
        r"submission\.json: submission_id: expected '[0-9a-f]{16}', found '[0-9a-f]{16}'",
    ),
    "a finish reason": (
        change_lines(lambda lines: lines[3].update(finish_reason="length")),
        r"submission_id: expected",
    ),
    "the tokens of a reply": (
        change_lines(lambda lines: lines[3].update(completion_tokens=10**6)),
        r"line 4: completion_tokens: expected at most 900, found 1000000",
    ),
    "more thinking than reply": (
        change_lines(drop_thinking_tokens),
        r"line \d+: thinking\.tokens: expected at most \d+, found 1000000000",
    ),
    "the hash of a prompt": (
        change_lines(lambda lines: lines[5].update(prompt_sha256="0" * 64)),
        r"line 6: prompt_sha256: expected '[0-9a-f]{64}', found '0{64}'",
    ),
    "a seed": (
        change_lines(lambda lines: lines[5].update(seed=1)),
        r"line 6: seed: expected \d+, found 1$",
    ),
    "an unknown pack": (
        change_lines(lambda lines: lines[5].update(pack_id="f" * 16)),
        r"line 6: pack_id: expected a pack of the plan, found f{16}",
    ),
    "a pack twice": (
        change_lines(lambda lines: lines.insert(4, lines[5])),
        r"line 7: pack_id: expected each pack once, found [0-9a-f]{16} again",
    ),
    "another order": (
        change_lines(swap_first_lines),
        r"line 1: pack_id: expected the order of the plan, found [0-9a-f]{16} out of it",
    ),
    "a position too many": (
        change_lines(lambda lines: lines[0].update(correct=[True, True])),
        r"line 1: correct: positions: expected 1, found 2",
    ),
    "a line that is no sample": (
        change_lines(lambda lines: lines[2].update(finish_reason="won")),
        r"line 3: finish_reason: expected .*'stop'.*, found 'won'",
    ),
    "a key in a reply": (
        change_lines(lambda lines: lines[2].update(text="hf_" + "a" * 34)),
        r"line 3: text: expected no key or password, found what looks like a Hugging Face token",
    ),
    # files
    "other answers than hashed": (
        lambda folder: (folder / ANSWERS).write_bytes(b"not zstd"),
        r"answers\.jsonl\.zst: sha256: expected '[0-9a-f]{64}', found '[0-9a-f]{64}'",
    ),
    "answers cut short": (cut_answers, r"answers\.jsonl\.zst: content: expected whole zstd data, found Truncated"),
    "a zip bomb": (zip_bomb, r"line 1: length: expected at most 8000000 bytes, found more"),
    "a line without end": (long_line, r"line 1: length: expected at most 8000000 bytes, found more"),
    "more lines than said": (more_lines_than_said, r"line \d+: size: expected \d+ lines, \d+ bytes in all, found more"),
    "no answers": (
        lambda folder: (folder / ANSWERS).unlink(),
        r"answers\.jsonl\.zst: file: expected the answers, found",
    ),
    "a link": (link_answers, r"answers\.jsonl\.zst: file: expected an ordinary file, found a link"),
    "a further file": (
        lambda folder: (folder / "run.sh").write_text("rm"),
        r"files: expected only submission\.json, .*, found 'run\.sh'",
    ),
    "a folder in the folder": (
        lambda folder: (folder / REPRODUCTION).mkdir(),
        r"reproduction\.json: file: expected an ordinary file, found something else",
    ),
    "a second run without its record": (
        lambda folder: shutil.copy(folder / ANSWERS, folder / REPRODUCED_ANSWERS),
        r"reproduction\.json: file: expected the record of the second run, found none",
    ),
    "no record": (lambda folder: (folder / SUBMISSION).unlink(), r"submission\.json: file: expected a submission"),
    # the record
    "no JSON": (
        lambda folder: (folder / SUBMISSION).write_text("{"),
        r"submission\.json: content: expected Invalid JSON",
    ),
    "nesting without end": (
        lambda folder: (folder / SUBMISSION).write_text("[" * 100_000),
        r"submission\.json: content: expected Invalid JSON.*recursion",
    ),
    "a key said twice": (say_twice, r"content: expected the form that `publish` writes, found another spelling"),
    "an unknown field": (
        change_record(lambda record: record.update(rank=1)),
        r"submission\.json: rank: expected Extra inputs are not permitted, found 1",
    ),
    "another folder's model": (
        change_record(rename_model),
        r"folder: expected famous__model/[0-9a-f]{16}, found org__model/",
    ),
    "a model with a path in it": (
        change_record(lambda record: record.update(model="../../etc")),
        r"submission\.json: model: expected String should match pattern .*, found '\.\./\.\./etc'",
    ),
    "a model with HTML in it": (
        change_record(lambda record: record.update(model="org/<script>alert(1)</script>")),
        r"submission\.json: model: expected String should match pattern",
    ),
    "an address that is a script": (
        change_record(lambda record: record["submitter"].update(url="javascript:alert(1)")),
        r"submitter\.url: expected String should match pattern .*, found 'javascript:alert\(1\)'",
    ),
    "a name that turns around": (
        change_record(lambda record: record["submitter"].update(name="evil\u202ename")),
        r"submitter\.name: expected String should match pattern",
    ),
    "a key in the settings": (
        change_record(
            lambda record: record["manifest"]["dressing"].update(extra_body='{"api_key": "0123456789abcdef"}')
        ),
        r"submission\.json: content: expected no key or password, found what looks like a named secret",
    ),
    "a path of a disk": (
        change_record(lambda record: record["manifest"]["tasks"][0].update(source="local: /home/me/data")),
        r"manifest\.tasks\.0\.source: expected local, or hub: and its name, found 'local: /home/me/data'",
    ),
    "another version": (
        change_record(lambda record: record.update(submission_version=99)),
        r"submission_version: expected 1, found 99",
    ),
    "another scorer": (
        change_record(lambda record: record["manifest"].update(scorer_version="0")),
        r"manifest\.scorer_version: expected '\d+', found '0'",
    ),
    "another budget": (
        change_record(lambda record: record["manifest"]["sampling"].update(max_tokens=32768)),
        r"submission_id: expected",
    ),
    "other data": (
        change_record(lambda record: record["manifest"]["tasks"][0].update(data_sha256="0" * 64)),
        r"manifest\.tasks\.0\.data_sha256: expected '[0-9a-f]{64}', found '0{64}'",
    ),
    "another template": (
        change_record(lambda record: record["manifest"]["tasks"][0].update(template_sha256="0" * 64)),
        r"manifest\.tasks\.0\.template_sha256: expected '[0-9a-f]{64}', found '0{64}'",
    ),
    "fewer packs than planned": (
        change_record(lambda record: record["manifest"]["tasks"][0]["levels"][0].update(n_packs=1)),
        r"manifest\.tasks\.0\.levels\.0\.n_packs: expected 32, found 1",
    ),
    "packs without end": (
        change_record(lambda record: record["manifest"]["tasks"][0]["levels"][0].update(repeats=10**9, n_packs=10**10)),
        r"manifest\.tasks: packs in all: expected at most 1000000, found 10000000032",
    ),
    "a level that cannot be packed": (
        change_record(lambda record: record["manifest"]["tasks"][0]["levels"][1].update(level=500)),
        r"manifest\.tasks\.0\.levels: expected levels that can be packed, found",
    ),
    "a task twice": (
        change_record(lambda record: record["manifest"]["tasks"].append(record["manifest"]["tasks"][0])),
        r"manifest\.tasks: entries of arithmetic: expected 1, found 2",
    ),
    "times that are none": (
        change_record(lambda record: record["manifest"]["invocations"][0].update(finished_at="yesterday")),
        r"manifest\.invocations: expected times as ISO 8601, in UTC, found Invalid isoformat",
    ),
    **{
        f"the day {day!r}": (
            change_record(lambda record, day=day: record.update(submitted_on=day)),  # type: ignore[misc]
            rf"submitted_on: {sentence}",
        )
        for day, sentence in NO_DAYS.items()
    },
    "a shard": (
        change_record(lambda record: record["manifest"].update(shard={"index": 1, "count": 2})),
        r"manifest\.shard: expected None, found Shard\(",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_found_and_said(submission: Path, judge: Judge, name: str) -> None:
    tamper, sentence = FORGERIES[name]
    tamper(submission)
    verified = verify(submission, judge)
    assert verified.tier is None
    assert any(re.search(sentence, str(fault)) for fault in verified.faults), list(map(str, verified.faults))


def test_a_task_by_a_path_is_no_name(submission: Path) -> None:
    change_record(lambda record: record["manifest"]["tasks"][0].update(name="../../secret.yaml"))(submission)
    (verified,) = verify_all([submission])
    assert verified.tier is None
    assert any("manifest.tasks.0.name: expected String should match" in str(fault) for fault in verified.faults)


def test_a_task_that_is_not_installed_is_not_judged(submission: Path) -> None:
    change_record(lambda record: record["manifest"]["tasks"][0].update(name="secret"))(submission)
    (verified,) = verify_all([submission])
    assert verified.tier is None
    assert verified.unchecked is not None
    assert "only for tasks that are installed" in verified.unchecked


def test_a_link_to_a_submission_is_not_followed(submission: Path, judge: Judge) -> None:
    link = submission.with_name("link")
    link.symlink_to(submission)
    (fault,) = verify(link, judge).faults
    assert str(fault).endswith("folder: expected a folder, found a link")


def test_an_answer_that_was_put_right_changes_every_number(submission: Path, judge: Judge) -> None:
    """Even a forger who makes a new id has to make the numbers by the very rules."""
    change_lines(lambda lines: wrong_line(lines).update(text="Q1: \\boxed{77777}"))(submission)
    fields = {fault.field.split(".")[-1] for fault in verify(with_new_id(submission), judge).faults}
    assert fields & {"wrong", "completion", "omitted"}


def test_numbers_alone_are_as_good_as_their_submitter(submission: Path, judge: Judge) -> None:
    (submission / ANSWERS).unlink()
    change_record(lambda record: record.update(answers=None))(submission)
    submission = with_record_id(submission)
    assert verify(submission, judge).tier == "self-reported"
    (submission / REPRODUCTION).write_text("{}")
    assert "no answers to compare a second run with" in str(verify(submission, judge).faults[0])
    (submission / REPRODUCTION).unlink()
    change_record(lambda record: level(record)["accuracy"].update(value=0.99))(submission)
    faults = verify(with_record_id(submission), judge).faults
    assert any("levels.3.accuracy.value: expected 0." in str(fault) for fault in faults)


def test_other_replies_than_were_linked_are_said(submission: Path, run: Run, judge: Judge) -> None:
    replies = run.path / "responses.jsonl"
    linked = {"url": "https://lab.example/responses.jsonl", "sha256": file_sha256(replies)}
    change_record(lambda record: record.update(traces=linked))(submission)
    assert verify(submission, judge, traces=replies).faults == ()
    change_record(lambda record: record["traces"].update(sha256="0" * 64))(submission)
    (fault,) = verify(submission, judge, traces=replies).faults
    assert str(fault).endswith(f"traces.sha256: expected '{file_sha256(replies)}', found '{'0' * 64}'")


def test_claims_are_part_of_the_id(submission: Path, judge: Judge) -> None:
    change_lines(lambda lines: thinking_line(lines)["thinking"].update(sha256="0" * 64))(submission)
    (fault,) = verify(submission, judge).faults
    assert fault.field == "submission_id"


def test_claims_of_an_honest_id_are_still_checked(submission: Path, run: Run, judge: Judge) -> None:
    """A forger of claims can make a new id; only the full replies tell."""
    change_lines(lambda lines: thinking_line(lines)["thinking"].update(looped=True))(submission)
    moved = with_new_id(submission)
    found = [str(fault) for fault in verify(moved, judge, traces=run.path / "responses.jsonl").faults]
    assert any("thinking.looped: expected False, found True" in fault for fault in found)


def test_many_faults_are_counted(submission: Path, judge: Judge) -> None:
    change_lines(lambda lines: [line.update(prompt_sha256="0" * 64) for line in lines])(submission)
    verified = verify(submission, judge)
    assert len(verified.faults) == MOST_FAULTS
    assert verified.n_more_faults == len(read_lines(submission)) + 1 - MOST_FAULTS


def test_a_submission_that_cannot_be_checked_stops_no_other(submission: Path, tmp_path: Path) -> None:
    other = shutil.copytree(submission, tmp_path / "other" / submission.parent.name / submission.name)
    change_record(lambda record: record["manifest"]["tasks"][0].update(name="unheard-of"))(other)
    unchecked, sound = verify_all([other, submission])
    assert unchecked.unchecked is not None
    assert (unchecked.tier, unchecked.faults) == (None, ())
    assert sound.tier == "re-scored"
