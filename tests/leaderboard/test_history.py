from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.history import Change, Checkout, days_on_board
from tests.leaderboard.repository import BOARD, MINE, NUMBERS, RIVAL, add_mine, commit, fill, git, make_repository


def test_changes_are_paths_one_by_one_with_what_they_became(tmp_path: Path) -> None:
    base = make_repository(tmp_path / "git")
    add_mine(tmp_path / "git")
    (tmp_path / "git" / NUMBERS / "submission.json").rename(tmp_path / "git" / MINE / "reproduction.json")
    (tmp_path / "git" / RIVAL / "submission.json").unlink()
    (tmp_path / "git" / RIVAL / "submission.json").symlink_to("x")
    commit(tmp_path / "git")
    checkout = Checkout(tmp_path / "git" / BOARD)
    assert checkout.prefix == BOARD.as_posix()
    assert set(checkout.changes_since(base)) == {
        Change("A", "100644", f"{MINE}/submission.json"),
        Change("A", "100644", f"{MINE}/answers.jsonl.zst"),
        Change("A", "100644", f"{MINE}/reproduction.json"),
        Change("D", "000000", f"{NUMBERS}/submission.json"),
        Change("T", "120000", f"{RIVAL}/submission.json"),
    }
    assert checkout.paths_of(base) == [
        *(f"{RIVAL}/{name}" for name in ("answers.jsonl.zst", "reproduction.json")),
        *(f"{RIVAL}/{name}" for name in ("reproduction.jsonl.zst", "submission.json")),
        f"{NUMBERS}/submission.json",
    ]


def test_a_checkout_may_be_the_folder_itself_or_be_reached_by_a_link(tmp_path: Path) -> None:
    base = make_repository(tmp_path / "git")
    (tmp_path / "link").symlink_to("git")
    assert Checkout(tmp_path / "link" / BOARD).prefix == BOARD.as_posix()
    top = Checkout(tmp_path / "git")
    assert top.prefix == ""
    assert f"{RIVAL}/submission.json" in top.paths_of(base)
    assert "docs/page.md" in top.paths_of(base)


def test_git_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(tmp_path / "git")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="git cannot be asked"):
        Checkout(tmp_path / "git" / BOARD)


def test_a_submission_came_when_the_main_line_got_it(tmp_path: Path) -> None:
    git_folder = tmp_path / "git"
    make_repository(git_folder)
    git(git_folder, "checkout", "--quiet", "-b", "proposed")
    add_mine(git_folder)
    commit(git_folder, date="2020-01-01")  # says its author
    git(git_folder, "checkout", "--quiet", "main")
    git(git_folder, "merge", "--quiet", "--no-ff", "--no-edit", "proposed", date="2026-03-05")
    (git_folder / MINE / "submission.json").write_text("scored again")
    commit(git_folder, date="2026-04-01")
    git(tmp_path, "clone", "--quiet", "git", "copy")
    for board in (git_folder / BOARD, tmp_path / "copy" / BOARD):
        rival, mine, new = (board / path.relative_to(BOARD) for path in (RIVAL, MINE, BOARD / "not__there" / "1"))
        assert days_on_board(board, [rival, mine, new]) == {rival: "2026-01-31", mine: "2026-03-05"}


def test_a_submission_that_came_back_came_then(tmp_path: Path) -> None:
    make_repository(tmp_path / "git")
    (tmp_path / "git" / NUMBERS / "submission.json").unlink()
    commit(tmp_path / "git", date="2026-02-01")
    fill(tmp_path / "git" / NUMBERS, "submission.json")
    commit(tmp_path / "git", date="2026-02-02")
    (found,) = days_on_board(tmp_path / "git" / BOARD, [tmp_path / "git" / NUMBERS]).values()
    assert found == "2026-02-02"


def test_where_git_does_not_know_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "a__b" / "1").mkdir(parents=True)
    assert days_on_board(tmp_path, [tmp_path / "a__b" / "1"]) == {}
    git(tmp_path, "init", "--quiet")
    assert days_on_board(tmp_path, [tmp_path / "a__b" / "1"]) == {}  # no commit
    make_repository(tmp_path / "git")
    commit(tmp_path / "git", date="2026-02-01")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{tmp_path}/git", "shallow")
    board = tmp_path / "shallow" / BOARD
    assert (tmp_path / "shallow" / RIVAL / "submission.json").is_file()
    assert days_on_board(board, [tmp_path / "shallow" / RIVAL]) == {}
