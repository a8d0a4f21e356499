"""Where in a final text an answer stands that was read from it: for people who look at a reply, never for judging.

A place counts only if the text there gives the very answer that was read; where none does, there is no place. Of
several the parser's order decides: the last one in the last section of the question (reading.md rules 4 and 6).
"""

import re
from collections.abc import Iterator, Sequence

from rest_bench.parsing.boxes import Box, joins, last_list
from rest_bench.parsing.choice import section_statements
from rest_bench.parsing.plain import Origins
from rest_bench.parsing.sections import FinalText, Section, read_final_text
from rest_bench.parsing.thinking import Span
from rest_bench.schema import FoundBy, Problem

MOST_BOXES = 200
"""Of one section, from its end, that are compared with an answer."""
_BLANKS = re.compile(r"\s+")

ReadText = tuple[str | None, FoundBy]
"""An answer, and how it was found."""


def find_places(text: str, problems: Sequence[Problem], answers: Sequence[ReadText]) -> tuple[Span | None, ...]:
    """Return where in a final text each answer stands; null without an answer, or where its place is not known.

    Args:
        text: the final text of a response.
        problems: of its pack.
        answers: one for each problem, as it was read from this text.
    """
    is_code = any(problem.answer_type == "code" for problem in problems)
    final = read_final_text(text, len(problems), is_code=is_code)
    whole = Section(0, 0, len(final.text))
    places = [
        None if answer is None else _find_place(final, _sections(final, position, found_by) or [whole], problem, answer)
        for position, (problem, (answer, found_by)) in enumerate(zip(problems, answers, strict=True), start=1)
    ]
    origins = Origins(text)
    return tuple(None if place is None else origins.span(*place) for place in places)


def _sections(final: FinalText, position: int, found_by: FoundBy) -> list[Section]:
    """Return where to look, best first."""
    own = [section for section in reversed(final.sections) if section.number == position]
    if found_by == "order" and len(final.boxes) == final.level:
        box = final.boxes[position - 1]
        return [Section(position, box.start, box.end)]
    if found_by == "summary" and final.sections:
        # A closing behind the last section belongs to all questions.
        return [*own[:1], final.sections[-1], *own[1:]]
    return own


def _find_place(final: FinalText, sections: Sequence[Section], problem: Problem, answer: str) -> Span | None:
    for places in (_boxes, _programs, _letters, _words):
        for section in sections:
            for place in places(final, section, problem, answer):
                return place
    return None


def _boxes(final: FinalText, section: Section, _problem: Problem, answer: str) -> Iterator[Span]:
    """Yield the boxes, or lists of boxes, that give the answer."""
    boxes = final.boxes_in(section.start, section.end)
    wanted = _bare(answer)
    for last in range(len(boxes) - 1, max(-1, len(boxes) - 1 - MOST_BOXES), -1):
        row = _row(final.text, boxes, last)
        if _bare(last_list(final.text, row) or "") == wanted:
            yield row[0].start, row[-1].end


def _row(text: str, boxes: Sequence[Box], last: int) -> tuple[Box, ...]:
    """Return the boxes that form one list with the last of them."""
    first = last
    while first > 0 and last - first < MOST_BOXES and joins(text, boxes[first - 1], boxes[first]):
        first -= 1
    return tuple(boxes[first : last + 1])


def _programs(final: FinalText, section: Section, problem: Problem, answer: str) -> Iterator[Span]:
    if problem.answer_type == "code":
        for fence in reversed(final.fences_in(section.start, section.end)):
            if fence.code == answer:
                yield fence.start, fence.end


def _letters(final: FinalText, section: Section, problem: Problem, answer: str) -> Iterator[Span]:
    """Yield the letter where it is stated, and the text of its option."""
    if problem.answer_type != "choice":
        return
    for statement in reversed(section_statements(final, section, problem)):
        if statement.letter == answer:
            letter = re.compile(rf"(?<![A-Za-z]){answer}(?![A-Za-z])").search(
                final.text, statement.position, section.end
            )
            if letter is not None:
                yield letter.span()
    for option in problem.options:
        if option.letter == answer and option.text:
            yield from _last(final.text, re.escape(option.text), section)


def _words(final: FinalText, section: Section, _problem: Problem, answer: str) -> Iterator[Span]:
    """Yield where the answer stands word for word."""
    if answer.strip():
        yield from _last(final.text, rf"(?<!\w){re.escape(answer.strip())}(?!\w)", section)


def _last(text: str, pattern: str, section: Section) -> Iterator[Span]:
    start = section.start if section.label_end is None else section.label_end
    found: re.Match[str] | None = None
    for found in re.compile(pattern).finditer(text, start, section.end):  # noqa: B007 - the last one is wanted
        pass
    if found is not None:
        yield found.span()


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)
