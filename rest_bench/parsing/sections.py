"""A final text cut into the sections of its questions (reading.md rules 2 to 4)."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from rest_bench.parsing.boxes import Box, find_boxes
from rest_bench.parsing.fences import TEXT_LANGUAGES, Fence, find_fences
from rest_bench.parsing.labels import Label, find_labels
from rest_bench.parsing.languages import find_languages
from rest_bench.parsing.plain import read_plain
from rest_bench.parsing.thinking import Span


class Section(NamedTuple):
    """A stretch of the final text that belongs to one question."""

    number: int
    """The question, 1 to level; a higher one is none of the pack's, and what stands in the section answers nothing."""
    start: int
    """With its label."""
    end: int
    label_end: int | None = None
    """Just after the name of the question; null where the section has no label of its own."""
    is_summary: bool = False
    """One of several labels in a row that all stood before, with boxes above."""


@dataclass(frozen=True)
class FinalText:
    """The final text of a response and what stands where in it."""

    text: str
    """Without the marks that nobody sees (rule 17); all positions are in it."""
    level: int
    boxes: tuple[Box, ...]
    """Those that hold anything, cut ones among them."""
    fences: tuple[Fence, ...]
    sections: tuple[Section, ...]
    """In order; empty where no label of the pack's questions stands in the text."""
    own_end: int
    """Where a text without sections goes on to further questions; its end where it does not."""

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages of which words for `answer` or `correct` stand in the text."""
        return find_languages(self.text, "answers", "right")

    @cached_property
    def _box_starts(self) -> list[int]:
        return [box.start for box in self.boxes]

    @cached_property
    def _fence_starts(self) -> list[int]:
        return [fence.start for fence in self.fences]

    def boxes_in(self, start: int, end: int) -> tuple[Box, ...]:
        """Return the boxes that start between two positions."""
        return self.boxes[bisect_left(self._box_starts, start) : bisect_left(self._box_starts, end)]

    def fences_in(self, start: int, end: int) -> tuple[Fence, ...]:
        """Return the fences that start between two positions."""
        return self.fences[bisect_left(self._fence_starts, start) : bisect_left(self._fence_starts, end)]


def read_final_text(text: str, level: int, *, is_code: bool) -> FinalText:
    """Find the boxes, fences and sections of a final text.

    Args:
        text: The final text, without thinking.
        level: Questions in the pack.
        is_code: The pack asks for code: a fence without a language holds a program.
    """
    text = read_plain(text)
    boxes = find_boxes(text)
    fences = find_fences(text)
    programs = [fence for fence in fences if not fence.is_lone and _holds_program(fence, is_code=is_code)]
    masked = _join_spans([(box.start, box.end) for box in boxes] + [(fence.start, fence.end) for fence in programs])
    labels = find_labels(text, level, masked)
    if labels and all(label.number > level for label in labels):
        before = read_final_text(text[: labels[0].start], level, is_code=is_code) if level > 1 else None
        if before and (before.boxes or before.fences or before.sections):
            return before
        return FinalText(text, level, boxes, fences, (), labels[0].start)
    return FinalText(text, level, boxes, fences, _cut(labels, len(text), boxes), len(text))


def _holds_program(fence: Fence, *, is_code: bool) -> bool:
    return fence.language not in TEXT_LANGUAGES if fence.language else is_code


def _join_spans(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut(labels: Sequence[Label], text_end: int, boxes: Sequence[Box]) -> tuple[Section, ...]:
    """Let each section run to the next label; a line of pairs ends with its line and gives back to the label before."""
    if not labels:
        return ()
    summaries = _summary_flags(labels, boxes)
    ends = [label.start for label in labels[1:]] + [text_end]
    sections: list[Section] = []
    in_force: int | None = None
    for label, end, is_summary in zip(labels, ends, summaries, strict=True):
        line_end = end if label.line_end is None else min(label.line_end, end)
        sections.append(Section(label.number, label.start, line_end, label.end, is_summary))
        if label.line_end is None or in_force is None:
            in_force = label.number
        if line_end < end:
            sections.append(Section(in_force, line_end, end))
    return tuple(sections)


def _summary_flags(labels: Sequence[Label], boxes: Sequence[Box]) -> list[bool]:
    """Mark labels that repeat earlier ones, at least two in a row, below the first box of the body."""
    first_box = boxes[0].start if boxes else None
    seen: set[int] = set()
    repeats: list[bool] = []
    for label in labels:
        repeats.append(label.number in seen)
        seen.add(label.number)
    flags: list[bool] = []
    for is_repeat, run in groupby(repeats):
        length = len(list(run))
        is_below = first_box is not None and first_box < labels[len(flags)].start
        flags += [is_repeat and length > 1 and is_below] * length
    return flags
