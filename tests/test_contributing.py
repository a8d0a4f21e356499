"""The way to the leaderboard as people read it: its commands exist, and its check trusts nothing that it checks."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from rest_bench import cli

ROOT = Path(__file__).parents[1]
PAGES = (
    "CONTRIBUTING.md",
    "README.md",
    "docs/leaderboard.md",
    ".github/pull_request_template.md",
    ".github/workflows/leaderboard.yml",
)


def commands(page: str) -> list[list[str]]:
    """Return the words of the leaderboard's command lines on a page, up to a pipe, a comment or a quotation mark."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.findall(r"rest-bench ((?:publish|leaderboard)\b[^\n`|#<]*)", text)
    return [re.sub(r'"[^"]*"', "X", line).split() for line in found]


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_leaderboard_exist_with_their_flags(page: str) -> None:
    assert commands(page)
    for words in commands(page):
        command: Any = get_command(cli.app)
        while words and hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        flags = {flag for parameter in command.params for flag in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= flags, (page, words)


def workflow() -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/leaderboard.yml").read_text())
    return loaded


def test_the_check_of_a_pull_request_runs_the_code_of_main() -> None:
    steps = workflow()["jobs"]["verify"]["steps"]
    code, data = (step["with"] for step in steps if "checkout" in step.get("uses", ""))
    assert "base.sha" in code["ref"]
    assert "path" not in code
    assert "head.sha" in data["ref"]
    assert data["path"] == "submitted"
    (install,) = (step["run"] for step in steps if "pip install" in step.get("run", ""))
    assert "submitted" not in install


def test_the_check_of_a_pull_request_runs_for_all_and_reads_no_name_of_a_file_itself() -> None:
    assert workflow()[True]["pull_request"] is None  # yaml reads `on` as true; a filter by paths can be run around
    (check,) = (step for step in workflow()["jobs"]["verify"]["steps"] if "verify" in step.get("name", ""))
    assert check["run"].splitlines() == [
        "cd submitted",
        'rest-bench leaderboard verify leaderboard/submissions --since "$BASE" --format github '
        "--beside leaderboard/submissions",
    ]
    assert set(check["env"]) == {"BASE"}
    assert "base.sha" in check["env"]["BASE"]


def test_a_pull_request_holds_no_key_and_may_write_nothing() -> None:
    text = (ROOT / ".github/workflows/leaderboard.yml").read_text()
    assert workflow()["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow()["jobs"]["verify"]
    assert "pull_request_target" not in text
    assert "secrets." not in text
    # What a pull request's author chooses is never put into a script.
    assert not re.search(r"run: [^\n]*\$\{\{", text)
