"""Every command that prints other people's texts, with all that they may hold to command a terminal."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Command
from tests.engines.faulty_server import MODEL, FaultyServer, refuses
from tests.terminal_strings import TERMINAL_STRINGS, is_foreign

FOREIGN = " ".join(TERMINAL_STRINGS).replace(",", ".")
SHOWN = "\\u001b]52;c;"
"""Part of it that is seen once it is shown and not obeyed."""
MODEL_NAME = f"right-to-2,{FOREIGN}"
EVAL = ("eval", "--engine", "scripted", "--levels", "1,3", "--limit", "5")
BY = ("--submitter", "A lab", "--relationship", "first_party", "--model-id", "org/model", "--partial")
TASK = {
    "name": "toy",
    "title": FOREIGN,
    "answer_type": "integer",
    "levels": [1, 2],
    "repeats": 1,
    "template": "rest_math",
    "source": {"local": {"path": "toy.jsonl", "format": "jsonl", "question": "question", "answer": "answer"}},
}


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made") / "made"


@pytest.fixture
def folder(command: Command, _made: Path, tmp_path: Path) -> Path:
    """Two runs of a model with a hostile name, a published one with hostile claims, and a task with a hostile title."""
    if not _made.exists():
        assert command(*EVAL, "--model", "right-to-2", "--out", "plain")[0] == 0
        for run in ("run", "other"):
            shutil.copytree("plain", run)
            for name in ("manifest.json", "summary.json"):
                text = Path(run, name).read_text(encoding="utf-8")
                Path(run, name).write_text(text.replace('"right-to-2"', json.dumps(MODEL_NAME)), encoding="utf-8")
        assert command("publish", "plain", "--to", "submissions", *BY)[0] == 0
        (path,) = Path("submissions").rglob("submission.json")
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('"A lab"', json.dumps("".join(TERMINAL_STRINGS[:3]))), encoding="utf-8")
        shutil.copytree("submissions", "forged")
        (path,) = Path("forged").rglob("submission.json")
        text = text.replace('"right-to-2"', json.dumps(MODEL_NAME)).replace('"integer"', json.dumps(FOREIGN))
        path.write_text(text.replace('"partial": true', f'"partial": true, {json.dumps(FOREIGN)}: 1'), encoding="utf-8")
        Path("toy.yaml").write_text(json.dumps(TASK), encoding="utf-8")
        lines = [{"question": f"What is {number} + 1? {FOREIGN}", "answer": str(number + 1)} for number in range(3)]
        Path("toy.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        Path("lines.jsonl").write_text(json.dumps({FOREIGN: FOREIGN}) + "\n", encoding="utf-8")
        shutil.copytree(tmp_path, _made)
    shutil.copytree(_made, tmp_path, dirs_exist_ok=True)
    return tmp_path


PRINTS = {
    "eval": (*EVAL, "--model", MODEL_NAME, "--out", "run"),
    "eval with a task": (*EVAL, "--model", "right-to-2", "--tasks", "toy.yaml", "--levels", "1,2", "--out", "toy"),
    "eval of nothing": ("eval", "--model", FOREIGN, "--engine", FOREIGN),
    "a dry run": ("eval", "--model", FOREIGN, "--levels", "1,2", "--dry-run"),
    "tasks": ("eval", "--model", "m", "--tasks", FOREIGN),
    "report": ("report", "run"),
    "report of nothing": ("report", FOREIGN),
    "score": ("score", "run"),
    "compare": ("compare", "run", "other"),
    "compare with a stranger": ("compare", "run", "plain"),
    "merge": ("merge", "run", "other", "--out", "merged"),
    "export": ("export", "run", "--format", FOREIGN),
    "publish": ("publish", "run", "--to", "more", *BY[:4], "--model-id", FOREIGN),
    "verify": ("leaderboard", "verify", "submissions"),
    "verify for GitHub": ("leaderboard", "verify", "submissions", "--format", "github"),
    "verify of a forgery": ("leaderboard", "verify", "forged"),
    "verify of a forgery for GitHub": ("leaderboard", "verify", "forged", "--format", "github"),
    "rescore": ("leaderboard", "rescore", "submissions", "forged"),
    "grade": ("grade", "lines.jsonl"),
}


@pytest.mark.parametrize("arguments", PRINTS.values(), ids=PRINTS)
@pytest.mark.usefixtures("folder")
def test_no_command_lets_a_text_command_the_terminal(command: Command, arguments: tuple[str, ...]) -> None:
    _, out, err = command(*arguments)
    assert out + err
    assert not is_foreign(out)
    assert not is_foreign(err)


@pytest.mark.parametrize("name", ["report", "report of nothing", "score", "compare", "verify of a forgery"])
@pytest.mark.usefixtures("folder")
def test_it_is_shown_and_not_left_out(command: Command, name: str) -> None:
    _, out, err = command(*PRINTS[name])
    assert "\\u001b" in out + err


PRINTS_DATA = {
    "report": ("report", "run", "--json"),
    "compare": ("compare", "run", "other", "--json"),
    "verify": ("leaderboard", "verify", "forged", "--format", "json"),
}


@pytest.mark.parametrize("arguments", PRINTS_DATA.values(), ids=PRINTS_DATA)
@pytest.mark.usefixtures("folder")
def test_data_keeps_its_values(command: Command, arguments: tuple[str, ...]) -> None:
    _, out, _ = command(*arguments)
    assert not is_foreign(out)
    assert any(TERMINAL_STRINGS[0] in text for text in texts(json.loads(out)))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    if isinstance(value, str):
        yield value


@pytest.mark.usefixtures("folder")
def test_questions_come_out_as_they_are(command: Command) -> None:
    code, out, err = command("packs", "toy.yaml", "--level", "2")
    assert code == 0, err
    assert not is_foreign(out)
    assert any(FOREIGN in text for line in out.splitlines() for text in texts(json.loads(line)))


@pytest.mark.usefixtures("folder")
def test_a_server_commands_no_terminal(command: Command) -> None:
    server = FaultyServer()
    try:
        server.always = refuses(FOREIGN)
        flags = ("--engine", "openai", "--model", MODEL, "--base-url", server.url, "--max-retries", "0")
        _, out, err = command("eval", *flags, "--levels", "1", "--limit", "2", "--out", "asked")
    finally:
        server.stop()
    assert "\\u001b" in err
    assert not is_foreign(out + err)
