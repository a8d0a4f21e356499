import shutil
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.history import Change
from rest_bench.leaderboard.proposals import judged, read_proposal
from tests.commands import Command
from tests.leaderboard.repository import (
    BOARD,
    MINE,
    NUMBERS,
    RIVAL,
    Act,
    add_mine,
    commit,
    fill,
    git,
    make_repository,
)


@pytest.fixture(scope="module")
def _repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("git") / "repository"
    return folder, make_repository(folder)


@pytest.fixture
def base(_repository: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The commit of main; the working folder is a checkout of it."""
    shutil.copytree(_repository[0], tmp_path / "repository", symlinks=True)
    monkeypatch.chdir(tmp_path / "repository")
    return _repository[1]


def rewrite(path: Path) -> Act:
    return lambda root: (root / path).write_text("rewritten\n")


def remove(path: Path) -> Act:
    return lambda root: shutil.rmtree(root / path) if (root / path).is_dir() else (root / path).unlink()


def move(path: Path, to: Path) -> Act:
    def act(root: Path) -> None:
        (root / to).parent.mkdir(parents=True, exist_ok=True)
        (root / path).rename(root / to)

    return act


def add(path: Path | str, *, mode: int = 0o644) -> Act:
    def act(root: Path) -> None:
        fill((root / path).parent, (root / path).name)
        (root / path).chmod(mode)

    return act


def link(path: Path | str, to: str) -> Act:
    def act(root: Path) -> None:
        if (root / path).is_dir():
            shutil.rmtree(root / path)
        (root / path).unlink(missing_ok=True)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(to)

    return act


def both(*acts: Act) -> Act:
    return lambda root: [act(root) for act in acts]


def repository_inside(root: Path) -> None:
    """Add another repository as a submission: git keeps its commit alone."""
    make_repository(root / BOARD / "mine__model" / "0000000000000001")


def forget_main(root: Path) -> None:
    """Take main's later commits in, and nothing of what they changed."""
    git(root, "checkout", "--quiet", "-b", "proposed")
    add_mine(root)
    commit(root, "Add mine")
    git(root, "merge", "--quiet", "--strategy", "ours", "--no-edit", "later")


ADDED = "only files that are added"
OUTSIDE = f"no change outside {BOARD}"
PLACE = f"{BOARD}/ORGANISATION__NAME/ID/ and in it submission.json"
PRESENT = "nothing but a second run (reproduction.json, reproduction.jsonl.zst) added to a submission that is there"
ORDINARY = "an ordinary file"
REFUSED: dict[str, tuple[Act, str, Path | str]] = {
    "a rival's second run taken away": (remove(RIVAL / "reproduction.json"), ADDED, RIVAL / "reproduction.json"),
    "both files of it": (
        both(remove(RIVAL / "reproduction.json"), remove(RIVAL / "reproduction.jsonl.zst")),
        ADDED,
        RIVAL / "reproduction.jsonl.zst",
    ),
    "another in its place": (rewrite(RIVAL / "reproduction.json"), ADDED, RIVAL / "reproduction.json"),
    "a rival's name and notes rewritten": (rewrite(RIVAL / "submission.json"), ADDED, RIVAL / "submission.json"),
    "a rival's answers rewritten": (rewrite(RIVAL / "answers.jsonl.zst"), ADDED, RIVAL / "answers.jsonl.zst"),
    "a rival made to numbers alone": (
        both(remove(RIVAL / "answers.jsonl.zst"), rewrite(RIVAL / "submission.json")),
        ADDED,
        RIVAL / "answers.jsonl.zst",
    ),
    "a rival taken away": (remove(RIVAL), ADDED, RIVAL / "submission.json"),
    "a rival under one's own name": (move(RIVAL, MINE), ADDED, RIVAL / "submission.json"),
    "all that is there taken away": (both(remove(BOARD), add_mine), ADDED, NUMBERS / "submission.json"),
    "answers put to numbers alone": (add(NUMBERS / "answers.jsonl.zst"), PRESENT, NUMBERS / "answers.jsonl.zst"),
    "a file of another folder moved in": (
        move(Path("docs/submission.json"), MINE / "submission.json"),
        OUTSIDE,
        "docs/submission.json",
    ),
    "a file of a rival moved in": (move(RIVAL / "answers.jsonl.zst", MINE / "answers.jsonl.zst"), ADDED, RIVAL),
    "a change elsewhere": (both(add_mine, rewrite(Path("docs/page.md"))), OUTSIDE, "docs/page.md"),
    "a file elsewhere": (both(add_mine, add("rest_bench/scoring/judge.py")), OUTSIDE, "rest_bench/scoring/judge.py"),
    "a file taken away elsewhere": (both(add_mine, remove(Path("docs/page.md"))), OUTSIDE, "docs/page.md"),
    "a workflow": (both(add_mine, add(".github/workflows/a.yml")), OUTSIDE, ".github/workflows/a.yml"),
    "a folder that looks alike": (both(add_mine, add(f"{BOARD}2/a__b/1/submission.json")), OUTSIDE, f"{BOARD}2/"),
    "capital letters": (add("Leaderboard/Submissions/a__b/1/submission.json"), OUTSIDE, "Leaderboard/"),
    "a line feed in a file's name": (add(MINE / "submission.json\nx"), PLACE, "submission.json\\nx"),
    "a line feed in a folder's name": (
        add(BOARD / "mine__model\nleaderboard" / "1" / "submission.json"),
        PLACE,
        "mine__model\\nleaderboard",
    ),
    "a line feed in front": (
        both(add_mine, add("\nleaderboard/submissions/a__b/1/submission.json")),
        OUTSIDE,
        "\\nleaderboard",
    ),
    "a name that another follows": (
        add(f"{MINE}/submission.json\n{RIVAL.as_posix()}/x"),
        PLACE,
        "submission.json\\nleaderboard",
    ),
    "a tabulator, as git quotes it": (add(MINE / 'a"\tb'), PLACE, "\\tb"),
    "a mark that turns the text": (add(MINE / "nosj.\u202esubmission"), PLACE, "\\u202e"),
    "bytes that are no UTF-8": (add(str(MINE / "answers") + "\udcff"), PLACE, "\\udcff"),
    "a workflow command": (add(MINE / "x\n::stop-commands::y"), PLACE, "\\n::stop-commands::y"),
    "a blank": (add(BOARD / "mine__model " / "1" / "submission.json"), PLACE, "mine__model "),
    "an option": (add(BOARD / "--out=x" / "1" / "submission.json"), PLACE, "--out=x"),
    "a hidden folder": (add(BOARD / ".mine__model" / "1" / "submission.json"), PLACE, ".mine__model"),
    "attributes of git": (both(add_mine, add(BOARD / ".gitattributes")), PLACE, ".gitattributes"),
    "a page beside the folders": (add(BOARD / "README.md"), PLACE, "README.md"),
    "a file beside the ids": (add(BOARD / "mine__model" / "submission.json"), PLACE, "mine__model/submission.json"),
    "a folder too deep": (add(MINE / "deep" / "submission.json"), PLACE, "deep/submission.json"),
    "a file of no submission": (both(add_mine, add(MINE / "conftest.py")), PLACE, MINE / "conftest.py"),
    "capital letters in a file's name": (add(RIVAL / "Submission.json"), PLACE, RIVAL / "Submission.json"),
    "a rival's folder in capital letters": (
        add(BOARD / "Rival__MODEL" / RIVAL.name / "submission.json"),
        "a file that is not there yet",
        "Rival__MODEL",
    ),
    "answers in a folder in capital letters": (
        add(BOARD / "Rival__NUMBERS" / NUMBERS.name / "answers.jsonl.zst"),
        PRESENT,
        "Rival__NUMBERS",
    ),
    "a link to a file": (link(MINE / "submission.json", "../../x"), ORDINARY, MINE / "submission.json"),
    "a link to a folder": (link(MINE, f"../rival__model/{RIVAL.name}"), PLACE, MINE),
    "a link for a file that was there": (link(RIVAL / "submission.json", "x"), ADDED, RIVAL / "submission.json"),
    "a program": (add(MINE / "submission.json", mode=0o755), ORDINARY, MINE / "submission.json"),
    "a file made a program": (
        lambda root: (root / RIVAL / "submission.json").chmod(0o755),
        ADDED,
        RIVAL / "submission.json",
    ),
    "another repository": (repository_inside, PLACE, "0000000000000001"),
    "its settings": (both(add_mine, add(".gitmodules")), OUTSIDE, ".gitmodules"),
}
"""What is done, what was expected instead, and a part of the path that is named."""


@pytest.mark.parametrize("name", REFUSED)
def test_a_proposal_that_does_more_than_add_is_red(base: str, name: str) -> None:
    act, expected, path = REFUSED[name]
    act(Path())
    commit(Path())
    faults = [str(fault) for fault in read_proposal(BOARD, base).faults]
    assert any(f"change: expected {expected}" in fault and str(path) in fault for fault in faults), faults
    assert all(fault.isprintable() for fault in faults)


def test_what_a_merge_forgets_counts_as_taken_away(base: str) -> None:
    git(Path(), "checkout", "--quiet", "-b", "later")
    fill(BOARD / "late__model" / "0000000000000001", "submission.json")
    later = commit(Path())
    git(Path(), "checkout", "--quiet", base)
    forget_main(Path())
    assert [str(fault) for fault in read_proposal(BOARD, later).faults] == [
        f"{BOARD}/late__model/0000000000000001/submission.json: change: expected {ADDED}, found gone"
    ]


def test_what_main_has_meanwhile_is_no_change(base: str) -> None:
    git(Path(), "checkout", "--quiet", "-b", "later")
    fill(BOARD / "late__model" / "0000000000000001", "submission.json")
    fill(Path("docs"), "other.md")
    later = commit(Path())
    git(Path(), "checkout", "--quiet", base)
    add_mine(Path())
    commit(Path())
    assert read_proposal(BOARD, later) == ([MINE], ())


def test_what_main_got_meanwhile_is_not_written_over(base: str) -> None:
    git(Path(), "checkout", "--quiet", "-b", "later")
    add_mine(Path())
    later = commit(Path())
    git(Path(), "checkout", "--quiet", base)
    fill(MINE, "reproduction.json", "submission.json")
    commit(Path())
    (fault,) = read_proposal(BOARD, later).faults
    assert str(fault) == f"{MINE}/submission.json: change: expected a file that is not there yet, found one that is"


def second_run(root: Path) -> None:
    fill(root / NUMBERS, "reproduction.json", "reproduction.jsonl.zst")


def first_added_then_mended(root: Path) -> None:
    add_mine(root)
    commit(root)
    (root / MINE / "submission.json").write_text("mended\n")


ALLOWED: dict[str, tuple[Act, list[Path]]] = {
    "a submission": (add_mine, [MINE]),
    "two": (both(add_mine, add(BOARD / "mine__other" / "1" / "submission.json")), [MINE, BOARD / "mine__other" / "1"]),
    "another of a model": (add(RIVAL.parent / "1" / "submission.json"), [RIVAL.parent / "1"]),
    "a second run": (second_run, [NUMBERS]),
    "one that was mended before": (first_added_then_mended, [MINE]),
    "a change of the code alone": (add("rest_bench/new.py"), []),
    "a change of the pages alone": (both(rewrite(Path("docs/page.md")), add("leaderboard/site/a.js")), []),
    "nothing": (lambda _: None, []),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_only_adds_is_verified_folder_by_folder(base: str, name: str) -> None:
    act, folders = ALLOWED[name]
    act(Path())
    commit(Path())
    assert read_proposal(BOARD, base) == (folders, ())


def test_submissions_may_have_a_repository_of_their_own(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    fill(tmp_path / "a__b" / "1", "submission.json")
    base = commit(tmp_path)
    fill(tmp_path / "c__d" / "2", "submission.json")
    commit(tmp_path)
    assert read_proposal(tmp_path, base) == ([tmp_path / "c__d" / "2"], ())
    (tmp_path / "a__b" / "1" / "submission.json").write_text("")
    commit(tmp_path)
    (fault,) = read_proposal(tmp_path, base).faults
    assert str(fault) == f"a__b/1/submission.json: change: expected {ADDED}, found changed"


def linked_board(root: Path) -> None:
    shutil.rmtree(root / BOARD)
    (root / BOARD).symlink_to("../docs")


def linked_above(root: Path) -> None:
    (root / "leaderboard").rename(root / "elsewhere")
    (root / "leaderboard").symlink_to("elsewhere")


def parted_twice(root: Path) -> None:
    git(root, "checkout", "--quiet", "--orphan", "unrelated")
    commit(root)


@pytest.mark.parametrize(
    ("act", "since", "sentence"),
    [
        (linked_board, "main", r"submissions: is a link; what git says of"),
        (linked_above, "main", r"leaderboard: is a link; what git says of"),
        (remove(BOARD), "main", r"submissions: no such folder"),
        (add_mine, "nothing", r"--since nothing: the repository of .* has no such commit"),
        (add_mine, "--help", r"--since --help: the repository of .* has no such commit"),
        (add_mine, "", r"--since : the repository of .* has no such commit"),
        (add_mine, "main:docs", r"--since main:docs: the repository of .* has no such commit"),
        (parted_twice, "main", r"--since main: HEAD parted from it at 0 commits and not at one"),
    ],
)
@pytest.mark.usefixtures("base")
def test_what_git_cannot_tell_is_one_sentence(act: Act, since: str, sentence: str) -> None:
    git(Path(), "checkout", "--quiet", "-b", "proposed")
    act(Path())
    commit(Path())
    with pytest.raises(StoreError, match=sentence):
        read_proposal(BOARD, since)


def test_a_folder_of_no_repository_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"git cannot be asked \(.*not a git repository"):
        read_proposal(tmp_path, "main")


def test_a_status_that_is_not_known_is_no_addition() -> None:
    ((_, fault),) = judged([Change("X", "100644", f"{MINE}/submission.json")], [], str(BOARD))
    assert str(fault).endswith("found X")


def test_the_check_of_a_proposal_verifies_what_it_adds(command: Command, base: str, published_folder: Path) -> None:
    verify = ("leaderboard", "verify", BOARD, "--since", base)
    code, out, err = command(*verify)
    assert (code, out) == (0, "0 of 0 submissions are sound\n")
    assert f"{BOARD}: nothing changed since {base}" in err
    mine = BOARD / published_folder.parent.name / published_folder.name
    shutil.copytree(published_folder, mine)
    commit(Path())
    assert command(*verify)[:2] == (0, f"{mine}: sound (re-scored)\n1 of 1 submissions are sound\n")
    (RIVAL / "reproduction.json").unlink()
    commit(Path())
    code, out, _ = command(*verify, "--format", "github")
    path = RIVAL / "reproduction.json"
    assert code == 1
    assert f"::error file={path},title=submission::{path}: change: expected {ADDED}, found gone" in out
    code, out, _ = command(*verify)
    assert (code, f"{mine}: sound (re-scored)" in out) == (1, True)
    code, _, err = command("leaderboard", "verify", mine, BOARD, "--since", base)
    assert (code, "give one DIR, the folder of all submissions" in err) == (2, True)
