from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.leaderboard.history import Change, Checkout
from tests.leaderboard.repository import BOARD, MINE, NUMBERS, RIVAL, add_mine, commit, make_repository


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
