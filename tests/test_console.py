import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.panel import Panel
from rich.text import Text

import rest_bench
from rest_bench.console import (
    ReaderGone,
    cell,
    make_table,
    notes_on_stderr,
    results_on_stdout,
    say,
    stderr,
    stdout,
)
from rest_bench.errors import StoreError
from tests.terminal_strings import TERMINAL_STRINGS, is_foreign

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


@pytest.mark.parametrize(("value", "text"), [(None, "–"), ((1, 3), "1,3"), (0, "0"), ("a", "a")])
def test_a_cell_is_short(value: object, text: str) -> None:
    assert cell(value) == text


def test_results_go_to_stdout_and_all_else_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    stderr.cache_clear()
    shown = make_table("a", "b")
    shown.add_row("[red]", ":smile:")
    stdout().print(shown)
    say("[bold]a sentence")
    stderr.cache_clear()
    out, err = capsys.readouterr()
    assert "[red]" in out
    assert ":smile:" in out
    assert err == "[bold]a sentence\n"


# --- streams ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
def test_results_are_utf8_whatever_the_locale(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding=encoding))
    with results_on_stdout():
        sys.stdout.write("é 千 \U0001f600 \ud800\n")
        shown = make_table("–")
        shown.add_row("千")
        stdout().print(shown)
    first, *others = content.getvalue().decode("utf-8").splitlines()
    assert first == "é 千 \U0001f600 \\ud800"
    assert any("千" in line for line in others)


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def test_what_a_terminal_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(content, encoding="ascii"))
    with results_on_stdout():
        sys.stdout.write("é\n")
    assert content.getvalue() == b"\\xe9\n"


@needs_full
@pytest.mark.parametrize("n_characters", [1, 100_000])
def test_a_full_disk_is_said_however_little_is_printed(monkeypatch: pytest.MonkeyPatch, n_characters: int) -> None:
    with FULL.open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with (
            pytest.raises(StoreError, match=r"standard output: cannot be written \(No space left"),
            results_on_stdout(),
        ):
            sys.stdout.write("x" * n_characters)


@pytest.mark.parametrize("n_characters", [1, 100_000])
def test_a_reader_that_has_gone_is_told_from_a_fault(monkeypatch: pytest.MonkeyPatch, n_characters: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        with pytest.raises(ReaderGone), results_on_stdout():
            stdout().print("x" * n_characters)


def test_a_closed_stdout_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(StoreError, match="standard output is closed"), results_on_stdout():
        sys.stdout.write("lost")


@needs_full
def test_notes_that_nobody_can_read_stop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (FULL.open("w"), None):
        monkeypatch.setattr(sys, "stderr", stream)
        stderr.cache_clear()
        with notes_on_stderr():
            say("x" * 100_000)
        assert sys.stderr is stream
        if stream is not None:
            stream.close()
    stderr.cache_clear()


# --- other people's texts ---------------------------------------------------------------------------------------------


def printed(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def as_table(text: str) -> None:
    shown = make_table("a", text)
    shown.add_row(text, Text(text))
    shown.title = text
    stdout().print(shown)


CHANNELS: dict[str, Callable[[str], object]] = {
    "print": printed,
    "JSON": lambda text: printed(json.dumps({text: text}, ensure_ascii=False)),
    "a line of results": lambda text: stdout().print(text),
    "a styled text": lambda text: stdout().print(Text(text, style="bold"), Panel(text)),
    "a table": as_table,
    "a note": say,
    "an error": lambda text: say(f"rest-bench: {text}"),
    "a line of a library on stderr": lambda text: sys.stderr.write(f"{text}\n"),
}
"""Every way to the terminal."""


@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)
def test_no_text_commands_the_terminal(
    channel: Callable[[str], object], is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in TERMINAL_STRINGS:
        out, err = io.BytesIO(), io.BytesIO()
        kind = Terminal if is_terminal else io.TextIOWrapper
        for name, content in (("stdout", out), ("stderr", err)):
            monkeypatch.setattr(sys, name, kind(content, encoding="utf-8", write_through=True))
        monkeypatch.setenv("TERM", "xterm-256color")
        stderr.cache_clear()
        with notes_on_stderr(), results_on_stdout():
            channel(text)
        stderr.cache_clear()
        written = (out.getvalue() + err.getvalue()).decode()
        own = re.sub(r"\x1b\[[\d;]*m", "", written) if is_terminal else written  # colours of our own, checked below
        if channel is CHANNELS["a line of a library on stderr"]:
            own = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\r\x08]", "", own)
        else:
            assert not set(re.findall(r"\x1b\[[\d;]*m", written)) & set(re.findall(r"\x1b\[[\d;]*m", text)) - OWN
        assert not is_foreign(own), (text, written)


OWN = {"\x1b[0m", "\x1b[1m"}
"""What rich writes around a bold text."""


def test_colours_of_our_own_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(content, encoding="utf-8"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with results_on_stdout():
        stdout().print(Text("a", style="bold"))
    assert content.getvalue() == b"\x1b[1ma\x1b[0m\n"


def test_json_that_is_printed_keeps_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    with results_on_stdout():
        printed(json.dumps(TERMINAL_STRINGS, ensure_ascii=False))
    assert json.loads(capsys.readouterr().out) == list(TERMINAL_STRINGS)


def test_only_the_console_makes_consoles() -> None:
    package = Path(rest_bench.__file__).parent
    others = [path for path in package.rglob("*.py") if path.name != "console.py"]
    makers = re.compile(r"\bConsole\(|file=sys\.stderr|sys\.(?:stdout|stderr)\.(?:buffer|write)|from_ansi|from_markup")
    assert [str(path) for path in others if makers.search(path.read_text(encoding="utf-8"))] == []
