import io
import os
import sys
from pathlib import Path

import pytest

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
