"""What is wrong with a submission, one sentence a fault: file, field, what was expected and what was found."""

from pathlib import Path
from typing import NamedTuple

from rest_bench.errors import ConfigError, PackingError, StoreError, TemplateError
from rest_bench.leaderboard.differing import differences, show

UNFORESEEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    ConfigError,
    PackingError,
    StoreError,
    TemplateError,
)
"""What a file of a stranger may raise that no check foresaw. What is no fault of a submission is not among them: a
task without data, and a judge that cannot start."""


class Fault(NamedTuple):
    """One thing that a submission says and that is not so."""

    file: Path
    line: int | None
    """Counted from 1; null where it is about the whole file."""
    field: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Return the fault as one sentence."""
        line = "" if self.line is None else f" line {self.line}"
        return f"{self.file}{line}: {self.field}: expected {self.expected}, found {self.found}"


class StoppedError(Exception):
    """Nothing further of a submission can be checked."""


class Examination:
    """The faults of one submission, as they are found."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []

    def fault(self, file: str, field: str, expected: str, found: str, line: int | None = None) -> None:
        """Note a fault of a file of the folder, or of the folder itself where `file` is empty."""
        self.faults.append(Fault(self.folder / file if file else self.folder, line, field, expected, found))

    def compare(self, file: str, expected: object, found: object, field: str, line: int | None = None) -> None:
        """Note every field in which what was found is not what was expected."""
        for each in differences(expected, found, field):
            self.fault(file, each.field, each.expected, each.found, line)

    def at_most(self, file: str, found: int | None, most: int | None, field: str, line: int) -> None:
        """Note a count that is larger than it can be; null is none of either."""
        if found is not None and found > (most or 0):
            self.fault(file, field, f"at most {most or 0}", str(found), line)

    def guarding(self) -> "Guard":
        """Return a block that ends at a fault; what no check foresaw is a fault, so that others are checked."""
        return Guard(self)

    def stop_at_faults(self) -> None:
        """Raise StoppedError where anything is wrong: what comes next rests on it."""
        if self.faults:
            raise StoppedError


class Guard:
    """A block of checks of one submission, which no exception of `UNFORESEEN` leaves."""

    def __init__(self, exam: Examination) -> None:
        self._exam = exam

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        """End the block; what it raised becomes a fault."""
        if isinstance(error, UNFORESEEN):
            found = f"{type(error).__name__}: {show(error)}"
            self._exam.fault("", "checks", "files that can be checked to their end", found)
        return isinstance(error, (StoppedError, *UNFORESEEN))
