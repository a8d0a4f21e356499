import io
import re

import pytest
from rich.console import Console

from rest_bench.report import progress
from rest_bench.report.progress import Monitor, ProgressMonitor
from rest_bench.report.time_left import Work
from tests.records import make_pack, make_response


def watched(n_samples: int, n_done: int, finish_reasons: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    clock = iter(range(0, 10_000, 6))
    monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
    out = io.StringIO()
    monitor = ProgressMonitor(Console(file=out, width=100))
    monitor.started(n_samples, n_done)
    for number, finish_reason in enumerate(finish_reasons):
        response = make_response(make_pack(number), finish_reason=finish_reason)
        monitor.finished(response.model_copy(update={"completion_tokens": 600}))
    monitor.close()
    return out.getvalue()


def test_plain_lines_say_what_is_done_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = watched(4, 1, ["stop", "length", "error"], monkeypatch)
    first, *lines = text.splitlines()
    assert first == "4 packs to answer, 1 of them on disk already"
    assert len(lines) >= 2
    assert re.fullmatch(r"packs 4/4 [\d,]+ tokens/s · 1 truncated · 1 failed · \d+:\d\d in all", lines[-1])


def test_time_left_is_said_while_packs_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert re.search(r"packs 2/9 .* left", watched(9, 0, ["stop", "stop"], monkeypatch))


def test_a_run_that_is_complete_says_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watched(4, 4, [], monkeypatch).splitlines() == ["4 packs to answer, 4 of them on disk already"]


def test_before_two_batches_are_in_it_says_that_it_is_estimating() -> None:
    out = io.StringIO()
    monitor = ProgressMonitor(Console(file=out, width=100))
    monitor.expects(Work({("toy", 2): 40}, at_once=16))
    monitor.started(40, 0)
    for number in range(16):
        monitor.finished(make_response(make_pack(number)))
    monitor.close()
    assert re.search(r"packs 16/40 .*estimating time left$", out.getvalue().splitlines()[-1])


@pytest.mark.parametrize(("n_done", "n_found"), [(3, None), (4, 4)])
def test_it_is_kept_that_nothing_is_asked(n_done: int, n_found: int | None) -> None:
    monitor = ProgressMonitor(Console(file=io.StringIO()))
    monitor.started(4, n_done)
    assert (monitor.n_found, monitor.is_checked) == (n_found, True)
    monitor.not_checked(4)
    assert (monitor.n_found, monitor.is_checked) == (4, False)


def test_the_first_error_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = ProgressMonitor(Console(file=io.StringIO()))
    monitor.started(2, 0)
    for number in range(2):
        monitor.finished(make_response(make_pack(number), finish_reason="error"))
    monitor.close()
    assert (monitor.n_failed, monitor.first_error) == (2, "the server went away")


def test_a_live_bar_shows_the_facts() -> None:
    out = io.StringIO()
    monitor = ProgressMonitor(Console(file=out, force_terminal=True, width=120))
    monitor.started(2, 0)
    monitor.finished(make_response(make_pack(0)))
    monitor.draining()
    monitor.close()
    assert "1/2" in out.getvalue()
    assert "interrupt again to stop at once" in out.getvalue()


def test_a_monitor_may_look_away() -> None:
    monitor = Monitor()
    monitor.expects(Work({}))
    monitor.started(1, 0)
    monitor.not_checked(1)
    monitor.finished(make_response(make_pack(0)))
    monitor.draining()
    monitor.close()


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3600, "1:00:00"), (7325, "2:02:05")])
def test_durations_read_like_a_clock(seconds: float, text: str) -> None:
    assert progress._duration(seconds) == text
