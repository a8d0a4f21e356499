"""An evaluation at work, shown on stderr: a live line in a terminal, plain lines elsewhere."""

import time
from typing import TYPE_CHECKING

from rest_bench.report.time_left import TimeLeft, Work
from rest_bench.schema import Response

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_LINE_EVERY_S = 10.0


class Monitor:
    """Who wants to see an evaluation at work; this one looks away."""

    def expects(self, work: Work) -> None:
        """The engine is loaded, and this is what is left to do; `started` follows at once."""

    def started(self, n_samples: int, n_done: int) -> None:
        """The engine is loaded; of `n_samples` planned, `n_done` are on disk already."""

    def not_checked(self, n_samples: int) -> None:
        """All of `n_samples` planned are on disk already, and the server of their model cannot be reached."""

    def finished(self, response: Response) -> None:
        """A response is on disk."""

    def draining(self) -> None:
        """An interrupt arrived: what is in progress is waited for, nothing new is started."""

    def close(self) -> None:
        """No more responses come; always called, also after an error."""


class ProgressMonitor(Monitor):
    """Counts what arrives and says: packs done, tokens per second, truncated so far, failed, time left."""

    def __init__(self, console: "Console") -> None:
        """Write to this console, live if it is a terminal."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self.n_failed = 0
        self.n_found: int | None = None
        """Replies that were there, where that is all of them: nothing was asked."""
        self.is_checked = True
        """The engine was there to say that its model is still the same."""
        self.first_error: str | None = None
        self._work: Work | None = None
        self._console = console
        self._n_truncated = self._n_tokens = self._n_new = 0
        self._tells_ends = False
        self._began_s = self._said_s = time.monotonic()
        self._bar = Progress(
            TextColumn("packs"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[facts]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def expects(self, work: Work) -> None:
        """Keep it for the time left."""
        self._work = work

    def started(self, n_samples: int, n_done: int) -> None:
        """Show the bar, with what an earlier call finished already filled in."""
        self._began_s = self._said_s = time.monotonic()
        self._n_samples, self._n_done = n_samples, n_done
        self.n_found = n_samples if n_samples == n_done else None
        self._time_left = TimeLeft(self._work or Work({("", 0): n_samples - n_done}), self._began_s)
        resumed = f", {n_done} of them on disk already" if n_done else ""
        self._console.print(f"{n_samples} packs to answer{resumed}", highlight=False)
        self._bar_id = self._bar.add_task("packs", total=n_samples, completed=n_done, facts="")
        self._bar.start()

    def not_checked(self, n_samples: int) -> None:
        """Remember it for what is said before the numbers."""
        self.n_found, self.is_checked = n_samples, False

    def finished(self, response: Response) -> None:
        """Count a response and refresh the line."""
        self._n_new += 1
        self._time_left.finished(response, time.monotonic())
        self._n_truncated += response.finish_reason == "length"
        self._tells_ends |= response.finish_reason not in (None, "error")
        self._n_tokens += response.completion_tokens or 0
        if response.finish_reason == "error":
            self.n_failed += 1
            self.first_error = self.first_error or response.error
        self._bar.update(self._bar_id, completed=self._n_done + self._n_new, facts=self._facts())
        if not self._console.is_terminal and time.monotonic() - self._said_s >= PLAIN_LINE_EVERY_S:
            self._say_plainly()

    def draining(self) -> None:
        """Say what the interrupt does."""
        self._console.print(
            "interrupted: finishing the samples in progress (interrupt again to stop at once)", highlight=False
        )

    def close(self) -> None:
        """Take the bar away and leave one line of figures."""
        self._bar.stop()
        if self._n_new:
            self._say_plainly()

    def _say_plainly(self) -> None:
        self._said_s = time.monotonic()
        self._console.print(f"packs {self._n_done + self._n_new}/{self._n_samples} {self._facts()}", highlight=False)

    @property
    def _is_over(self) -> bool:
        return self._n_done + self._n_new >= self._n_samples

    def _facts(self) -> str:
        now_s = time.monotonic()
        elapsed_s = max(now_s - self._began_s, 1e-6)
        facts = [
            *([f"{self._n_tokens / elapsed_s:,.0f} tokens/s"] if self._n_tokens else []),
            *([f"{self._n_truncated} truncated"] if self._tells_ends else []),
            *([f"{self.n_failed} failed"] if self.n_failed else []),
            f"{_duration(elapsed_s)} in all" if self._is_over else _left(self._time_left.seconds_left(now_s)),
        ]
        return " · ".join(facts)


def _left(seconds: float | None) -> str:
    return "estimating time left" if seconds is None else f"{_duration(seconds)} left"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
