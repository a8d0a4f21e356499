import json
from pathlib import Path

import pytest

from rest_bench.errors import ConfigError
from rest_bench.leaderboard import collecting
from rest_bench.leaderboard.answers_file import ANSWERS
from rest_bench.leaderboard.collecting import collect, read_verified
from rest_bench.leaderboard.publishing import make_submitter
from rest_bench.leaderboard.reporting import as_json
from rest_bench.leaderboard.reproducing import reproduce
from rest_bench.leaderboard.verifying import Verified
from rest_bench.store import Run
from tests.leaderboard.build import change_record, rename_task


def only(folder: Path, *arguments: object) -> Verified:
    (found,) = collect([folder], *arguments)  # type: ignore[arg-type]
    return found


def test_what_was_not_verified_before_is_verified(submission: Path) -> None:
    assert only(submission).tier == "re-scored"


def test_what_was_verified_before_is_not_judged_again(
    submission: Path, again: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reproduce(submission, again, make_submitter("Another lab", None, "other"), "2026-02-28")
    first = only(submission)
    (tmp_path / "verified.json").write_text(json.dumps([as_json(first)]))
    monkeypatch.setattr(collecting, "verify", lambda *_: pytest.fail("judged again"))
    known = only(submission, read_verified(tmp_path / "verified.json"))
    assert (known.tier, known.submission, known.reproduction) == (
        "reproduced",
        first.submission,
        first.reproduction,
    )


def test_what_changed_since_is_checked_again(submission: Path) -> None:
    verified = {only(submission).sha256 or "": "re-scored"}
    change_record(lambda record: record["cost"].update(completion_tokens=1))(submission)
    assert "cost.completion_tokens" in str(only(submission, verified).faults[0])


def test_other_answers_than_were_verified_are_found(submission: Path) -> None:
    verified = {only(submission).sha256 or "": "re-scored"}
    (submission / ANSWERS).write_bytes(b"other")
    assert "answers.jsonl.zst: sha256" in str(only(submission, verified).faults[0])


def test_what_cannot_be_checked_here_is_its_submitters_word(submission: Path, tmp_path: Path) -> None:
    rename_task(submission, "gsm8k")
    found = only(submission, None, tmp_path)
    assert found.tier == "self-reported"
    assert found.unchecked is not None
    assert found.submission is not None


@pytest.mark.parametrize("content", ["", "7", "[1]", "[{}]", '[{"sha256": "1", "tier": "gold"}]', "[" * 100_000])
def test_a_file_that_verify_did_not_print_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "verified.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"--verified .*: cannot be read .*verify --format json` printed"):
        read_verified(path)
