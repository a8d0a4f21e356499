import json
import shutil
from pathlib import Path

import pytest

from tests.commands import Command

EVAL = ("eval", "--engine", "scripted", "--model", "right-to-2", "--levels", "1,3", "--limit", "30", "--out", "run")
BY = ("--submitter", "A lab", "--relationship", "first_party", "--model-id", "org/model", "--partial")


@pytest.fixture(scope="module")
def _run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "run"


@pytest.fixture
def submission(command: Command, _run: Path, tmp_path: Path) -> Path:
    """A published run, in the folder that the command works in; made once a worker."""
    if not _run.exists():
        assert command(*EVAL)[0] == 0
        shutil.copytree(tmp_path / "run", _run)
    shutil.copytree(_run, tmp_path / "run", dirs_exist_ok=True)
    code, out, err = command("publish", "run", "--to", "submissions", *BY)
    assert code == 0, err
    assert "rest-bench leaderboard verify submissions/org__model/" in err
    assert "git add submissions/org__model/" in err
    return Path(out.strip())


def test_from_a_run_to_a_sound_submission(command: Command, submission: Path) -> None:
    code, out, _ = command("leaderboard", "verify", "submissions")
    assert (code, out) == (0, f"{submission}: sound (re-scored)\n1 of 1 submissions are sound\n")
    assert json.loads((submission / "submission.json").read_text())["partial"] is True


def test_publish_may_say_json(command: Command, submission: Path) -> None:
    shutil.rmtree("submissions")
    code, out, _ = command("publish", "run", "--to", "submissions", *BY, "--json")
    assert (code, json.loads(out)) == (0, {"submission": str(submission)})


def test_a_forgery_ends_with_1_and_its_sentence(command: Command, submission: Path) -> None:
    path = submission / "submission.json"
    path.write_text(path.read_text().replace('\n "partial": true', '\n "partial": false'))
    code, out, _ = command("leaderboard", "verify", submission)
    assert code == 1
    assert f"{path}: partial: expected True, found False\n0 of 1 submissions are sound\n" == out
    code, out, _ = command("leaderboard", "verify", submission, "--format", "github")
    assert code == 1
    assert f"::error file={path},title=submission::{path}: partial: expected True, found False" in out
    code, out, _ = command("leaderboard", "verify", submission, "--format", "json")
    assert code == 1
    assert json.loads(out)[0]["faults"][0]["field"] == "partial"


def test_a_submission_whose_task_is_not_here_ends_with_2(command: Command, submission: Path) -> None:
    path = submission / "submission.json"
    path.write_text(path.read_text().replace('"name": "arithmetic"', '"name": "gsm8k"'))
    code, out, _ = command("leaderboard", "verify", "submissions", "--data-dir", ".")
    assert code == 2
    assert "not checked: task gsm8k: no data file" in out


def test_traces_belong_to_one_submission(command: Command, submission: Path) -> None:
    assert command("leaderboard", "verify", submission, "--traces", "run/responses.jsonl")[0] == 0
    code, _, err = command("leaderboard", "verify", submission, "--traces", "none.jsonl")
    assert code == 2
    assert "--traces none.jsonl: give the responses.jsonl of one run" in err


def test_rescore_says_what_moves(command: Command, submission: Path) -> None:
    code, out, _ = command("leaderboard", "rescore", "submissions")
    assert code == 0
    assert "now right" in out
    assert "66.7%" in out
    code, out, _ = command("leaderboard", "rescore", "submissions", "--write", "--json")
    assert code == 0
    assert [row["n_now_right"] for row in json.loads(out)] == [0, 0]
    assert command("leaderboard", "verify", "submissions")[0] == 0


def test_reproduce_says_how_far_two_runs_differ(command: Command, submission: Path) -> None:
    code, out, _ = command(
        "leaderboard", "reproduce", submission, "run", "--submitter", "B", "--relationship", "third_party"
    )
    assert code == 0
    assert "+0.0%" in out
    assert command("leaderboard", "verify", "submissions")[1].startswith(f"{submission}: sound (re-scored)")  # one run


def publish_as(command: Command, model: str) -> Path:
    code, out, err = command("publish", "run", "--to", "submissions", *BY, "--model-id", model)
    assert code == 0, err
    return Path(out.strip())


def test_a_copy_under_another_name_is_pointed_out_on_both_rows(command: Command, submission: Path) -> None:
    copy = publish_as(command, "other/copy")
    code, out, _ = command("leaderboard", "verify", "submissions")
    assert code == 0
    assert f"{submission}: notice: All its samples are equal to those of other/copy ({copy.name}): models that" in out
    assert f"{copy}: notice: All its samples are equal to those of org/model ({submission.name}): models that" in out
    assert "2 of 2 submissions are sound" in out
    code, out, _ = command("leaderboard", "verify", "submissions", "--format", "github")
    assert f"::warning file={copy}/submission.json,title=equal replies::{copy}: All its samples are equal" in out
    code, out, _ = command("leaderboard", "verify", "submissions", "--format", "json")
    assert [[each["model"] for each in found["equal_replies"]] for found in json.loads(out)] == [
        ["other/copy"],
        ["org/model"],
    ]
    Path("verified.json").write_text(out)
    for known in ((), ("--verified", "verified.json")):
        code, _, err = command("leaderboard", "build", "submissions", "--out", "site", *known)
        assert code == 0
        assert f"other/copy ({copy.name}): All its samples are equal to those of org/model" in err
        task = Path("site/tasks/arithmetic.html").read_text()
        assert task.count('#equal">equal replies</a>') == 2
        records = json.loads(Path("site/data/arithmetic.json").read_text())
        assert {record["equal_replies"] for record in records if record["date"]} == {
            f"org/model ({submission.name})",
            f"other/copy ({copy.name})",
        }
        for page, other in (("other-copy", "org/model"), ("org-model", "other/copy")):
            (path,) = Path("site/models").glob(f"{page}-*.html")
            assert f"<bdi>{other}</bdi></a> (" in path.read_text()
            assert "has the very same samples." in path.read_text()


def test_one_submission_is_compared_with_the_board_beside_it(command: Command, submission: Path) -> None:
    copy = publish_as(command, "other/copy")
    code, out, _ = command("leaderboard", "verify", copy)
    assert (code, "notice" in out) == (0, False)
    code, out, _ = command("leaderboard", "verify", copy, "--beside", "submissions")
    assert code == 0
    assert f"{copy}: notice: All its samples are equal to those of org/model" in out
    assert f"{submission}: notice" not in out
    (submission / "submission.json").write_text("{}")
    assert "notice" not in command("leaderboard", "verify", copy, "--beside", "submissions")[1]


def test_names_that_differ_in_capital_letters_only_are_refused(command: Command, submission: Path) -> None:
    code, _, err = command("publish", "run", "--to", "submissions", *BY, "--model-id", "Org/MODEL")
    assert code == 2
    assert "--model-id Org/MODEL: submissions holds org__model, which differs in capital letters only; give the" in err
    shutil.move("submissions", "first")
    copy = publish_as(command, "Org/MODEL")
    shutil.copytree("first", "submissions", dirs_exist_ok=True)
    code, out, _ = command("leaderboard", "verify", copy)  # alone, too
    assert code == 1
    expected = "no other model whose name differs from Org__MODEL in capital letters only"
    assert f"{copy}: folder: expected {expected}, found 'org__model'" in out
    code, out, _ = command("leaderboard", "verify", "submissions")
    assert (code, out.count("in capital letters only")) == (1, 2)
    code, _, err = command("leaderboard", "build", "submissions", "--out", "site")
    assert (code, err.count("left out")) == (1, 2)


def test_a_name_whose_folder_may_be_that_of_another_is_refused(command: Command, submission: Path) -> None:
    code, _, err = command("publish", "run", "--to", "submissions", *BY, "--model-id", "a__b/c")
    assert code == 2
    assert "--model-id a__b/c: the folder a__b__c would be that of another model as well" in err


def test_the_schemas_are_printed_or_written(command: Command, tmp_path: Path) -> None:
    code, out, _ = command("leaderboard", "schema")
    assert code == 0
    assert set(json.loads(out)) == {"submission.schema.json", "answers.schema.json", "reproduction.schema.json"}
    assert command("leaderboard", "schema", "--out", "schema")[0] == 0
    assert json.loads((tmp_path / "schema" / "answers.schema.json").read_text())["title"] == "SubmittedSample"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("publish", "nothing", "--to", "s", *BY), "nothing: not a run folder"),
        (("leaderboard", "verify", "nothing"), "nothing: no such folder"),
        (("leaderboard", "rescore", "."), ".: holds no submission"),
    ],
)
def test_a_users_error_is_one_sentence(command: Command, arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"rest-bench: {sentence}")
    assert err.count("\n") == 1
