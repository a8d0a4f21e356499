"""A closing line without labels that gives all answers again (reading.md rule 8)."""

import re
from typing import NamedTuple

from rest_bench.parsing.boxes import Box
from rest_bench.parsing.choice import read_box_content
from rest_bench.parsing.reading import NO_READING, Reading
from rest_bench.parsing.sections import FinalText
from rest_bench.parsing.splitting import split_box, split_labelled_box
from rest_bench.schema import Problem

_ANNOUNCEMENT = re.compile(
    r"""(?ix) (?<![a-z]) (?P<strong> (?:final|all|overall)[ ](?:the[ ])?(?:answers|results|solutions)
            | summary | summari[sz]ing | respectively | zusammenfassung | résumé | resumen )
        | (?<![a-z]) (?:answers|results|solutions|antworten|réponses|respuestas) (?![a-z])
        | (?<![a-z]) (?P<single> final[ ]answer ) (?![a-z])
        | (?P<strong_cjk> 最终答案 | 总结 | 總結 | 汇总 | 依次 )"""
)
_FINAL_ANSWER = re.compile(r"(?i)(?<![a-z])final answer")
_HEADING_WINDOW = 60
_ROW_NUMBER = re.compile(r"[\s>*_|(\[#+-]*+(\d{1,3})[*_]{0,3}\s?[.)\]:|、．）]")
_HEADER_GAP = re.compile(r"[\s*_|]*\|[\s*_|]*")


class Closing(NamedTuple):
    """The boxes of a closing, read for each question."""

    start: int
    """From here on the text belongs to no single question."""
    readings: tuple[Reading, ...]
    is_announced: bool
    """By `final answers`, `summary` or `respectively`: it counts whatever it says."""
    is_hinted: bool
    """By `answers` alone, which may be several answers to the last question."""


def find_closing(final: FinalText, problems: tuple[Problem, ...]) -> Closing | None:
    """Find a closing behind the line of the last label.

    It is one line of exactly `level` > 1 boxes or, under an announcement, `level` boxes on their own lines or one
    box of `level` parts. The caller checks one that is not announced against the body.
    """
    last = final.sections[-1]
    start = final.text.find("\n", last.label_end or last.start, last.end)
    if final.level == 1 or start < 0 or not final.boxes_in(start, last.end):
        return None
    return (
        _find_labelled_box(final, problems, start, last.end)
        or _find_announced(final, problems, start, last.end)
        or _find_full_line(final, problems, start, last.end)
    )


def _find_labelled_box(final: FinalText, problems: tuple[Problem, ...], start: int, end: int) -> Closing | None:
    """Find a last box with a label before each of its parts: it announces itself."""
    box = final.boxes_in(start, end)[-1]
    contents = split_labelled_box(box.content, final.level) if box.complete else None
    if contents is None or sum(content is not None for content in contents) < 2:
        return None
    return Closing(box.start, _read_contents(contents, problems), is_announced=True, is_hinted=True)


def _find_announced(final: FinalText, problems: tuple[Problem, ...], start: int, end: int) -> Closing | None:
    """Find the last announcing line with the boxes of a closing on it or below it."""
    line_end = end
    while line_end > start:
        line_start = final.text.rfind("\n", start, line_end) + 1
        if len(final.boxes_in(line_start, end)) > final.level:
            return None
        announcements = list(_ANNOUNCEMENT.finditer(final.text, line_start, line_end))
        contents = _contents(final, final.boxes_in(line_start, end)) if announcements else None
        kinds = {announcement.lastgroup for announcement in announcements}
        if contents is not None and (kinds != {"single"} or len(final.boxes_in(line_start, end)) == final.level):
            is_strong = not kinds <= {None, "single"}
            return Closing(line_start, _read_contents(contents, problems), is_announced=is_strong, is_hinted=True)
        line_end = line_start - 1
    return None


def _contents(final: FinalText, boxes: tuple[Box, ...]) -> tuple[str | None, ...] | None:
    if len(boxes) == final.level:
        contents = [box.content if box.complete else None for box in boxes]
        rows = _row_numbers(final.text, boxes)
        if sorted(rows) == list(range(1, final.level + 1)):
            return tuple(contents[rows.index(position)] for position in range(1, final.level + 1))
        return tuple(contents)
    return split_box(boxes[0].content, final.level) if len(boxes) == 1 and boxes[0].complete else None


def _row_numbers(text: str, boxes: tuple[Box, ...]) -> list[int]:
    """Return the numbers at the start of the lines that hold the boxes, as far as they have one."""
    starts = [text.rfind("\n", 0, box.start) + 1 for box in boxes]
    numbers = [_ROW_NUMBER.match(text, start, box.start) for start, box in zip(starts, boxes, strict=True)]
    return [int(number[1]) for number in numbers if number]


def _find_full_line(final: FinalText, problems: tuple[Problem, ...], start: int, end: int) -> Closing | None:
    """Find the last line of exactly `level` boxes."""
    boxes = final.boxes_in(start, end)
    last = len(boxes)
    while last > 0:
        line_start = final.text.rfind("\n", start, boxes[last - 1].start) + 1
        first = last
        while first > 0 and boxes[first - 1].start >= line_start:
            first -= 1
        line = boxes[first:last]
        if len(line) == final.level and all(box.complete for box in line):
            header = _header_row(final, start)
            order = [header.index(position) for position in sorted(header)] or range(final.level)
            readings = _read_contents(tuple(line[index].content for index in order), problems)
            above = final.text[max(start, line_start - _HEADING_WINDOW) : line[0].start]
            return Closing(
                line_start,
                readings,
                is_announced=bool(header),
                is_hinted=_FINAL_ANSWER.search(above) is not None,
            )
        last = first
    return None


def _header_row(final: FinalText, row_end: int) -> list[int]:
    """Return the questions of a bare table row `| Q1 | Q2 | ... |`, if the last labels are one: the row below answers.

    They may stand in any order. Empty where there is no such row.
    """
    row = final.sections[-final.level :]
    numbers = [section.number for section in row]
    ends = [*(section.start for section in row[1:]), row_end]
    is_header = sorted(numbers) == list(range(1, final.level + 1)) and all(
        section.label_end is not None and _HEADER_GAP.fullmatch(final.text, section.label_end, end)
        for section, end in zip(row, ends, strict=True)
    )
    return numbers if is_header else []


def _read_contents(contents: tuple[str | None, ...], problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    return tuple(
        _read_content(content, problem)._replace(found_by="summary") if content is not None else NO_READING
        for content, problem in zip(contents, problems, strict=True)
    )


def _read_content(content: str, problem: Problem) -> Reading:
    if problem.answer_type == "choice":
        return read_box_content(content, problem)
    return NO_READING if problem.answer_type == "code" else Reading(content, "summary", strict=True)
