"""The common shape of a reading, and the ways to read one section."""

from collections.abc import Callable
from typing import NamedTuple

from rest_bench.parsing.sections import FinalText, Section
from rest_bench.schema import FoundBy, Problem


class Reading(NamedTuple):
    """What a question's text says: an answer, or (text null) that it says none and nothing else may be tried."""

    text: str | None
    found_by: FoundBy = "none"
    strict: bool = False

    @classmethod
    def of(cls, text: str | None, found_by: FoundBy, *, strict: bool) -> "Reading":
        """Return the reading of a text, or that of no answer."""
        return NO_READING if text is None else cls(text, found_by, strict)


NO_READING = Reading(None)

Way = Callable[[FinalText, Section, Problem], Reading | None]
"""One way to read a section; null where it finds nothing, so that earlier sections and weaker ways are tried."""
