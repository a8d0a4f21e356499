"""A git repository with a board in it, and what a stranger proposes to it."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

BOARD = Path("leaderboard/submissions")
RIVAL = BOARD / "rival__model" / "0123456789abcdef"
NUMBERS = BOARD / "rival__numbers" / "0123456789abcdee"
MINE = BOARD / "mine__model" / "fedcba9876543210"


def git(repository: Path, *arguments: str, date: str = "2026-01-31") -> str:
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _who(date).items()}
    ours = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
    options = ("-c", "commit.gpgsign=false", "-c", "core.symlinks=true", "-c", "core.autocrlf=false")
    command = ["git", *options, "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**who, **ours}).stdout.strip()


def _who(date: str) -> dict[str, str]:
    return {"NAME": "A lab", "EMAIL": "lab@lab.example", "DATE": f"{date}T12:00:00Z"}


def commit(repository: Path, message: str = "Change", date: str = "2026-01-31") -> str:
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", message, date=date)
    return git(repository, "rev-parse", "HEAD")


def fill(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(f"{folder.name!a} {name!a}\n" * 20)


def make_repository(folder: Path) -> str:
    """Make a repository with submissions of a rival, one with a second run and one of numbers alone."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    fill(folder / RIVAL, "submission.json", "answers.jsonl.zst", "reproduction.json", "reproduction.jsonl.zst")
    fill(folder / NUMBERS, "submission.json")
    fill(folder / "docs", "page.md", "submission.json")
    return commit(folder, "Begin")


def add_mine(repository: Path) -> None:
    fill(repository / MINE, "submission.json", "answers.jsonl.zst")


Act = Callable[[Path], object]
