"""Which text answers which question: sections by label, else position (reading.md rules 4, 6 to 9, 11 and 15)."""

from rest_bench.parsing.boxes import last_list
from rest_bench.parsing.choice import read_letter, read_option_text, read_statement
from rest_bench.parsing.closing import Closing, find_closing
from rest_bench.parsing.code import read_fence, read_unopened_code
from rest_bench.parsing.reading import NO_READING, Reading, Way
from rest_bench.parsing.sections import FinalText, Section
from rest_bench.parsing.unlabelled import read_by_order
from rest_bench.parsing.values import read_value
from rest_bench.schema import Problem


def read_boxes(final: FinalText, section: Section, _problem: Problem) -> Reading | None:
    """Read the last box of a section, or the list it ends; a cut last box is no answer (rules 6 and 7)."""
    boxes = final.boxes_in(section.start, section.end)
    return Reading.of(last_list(final.text, boxes), "label", strict=True) if boxes else None


def read_plain_value(final: FinalText, section: Section, _problem: Problem) -> Reading | None:
    """Read a value right behind a label, if its line holds nothing else (rule 11)."""
    if section.label_end is None:
        return None
    line_end = final.text.find("\n", section.label_end, section.end)
    value = read_value(final.text[section.label_end : section.end if line_end < 0 else line_end])
    return None if value is None else Reading(value, "lenient")


WAYS: dict[str, tuple[Way, ...]] = {
    "integer": (read_boxes, read_plain_value),
    "math": (read_boxes, read_plain_value),
    "choice": (read_statement, read_option_text, read_letter),
    "code": (read_fence, read_unopened_code),
}
"""Strongest first: a weaker way is tried only where a stronger one finds nothing in any section of the question. The
answer types of other packages are read as `math` is."""


def read_answers(final: FinalText, problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    """Read one answer per problem from a final text.

    Labels decide; without any, level 1 takes the whole text and higher levels go by position (rule 9).
    """
    if final.sections:
        return _read_by_label(final, problems)
    if final.level == 1:
        return (_read_whole(final, problems[0]),)
    return read_by_order(final, problems)


def _read_whole(final: FinalText, problem: Problem) -> Reading:
    """Read the only question: what stands before a further question, else all of the text."""
    reading = _read_sections(final, (Section(1, 0, final.own_end),), problem)
    if reading.text is None and final.own_end < len(final.text):
        reading = _read_sections(final, (Section(1, 0, len(final.text)),), problem)
    return reading._replace(found_by="order") if reading.found_by == "label" else reading


def _read_by_label(final: FinalText, problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    closing = find_closing(final, problems)
    if closing is None:
        return _read_body(final, final.sections, problems)
    last = final.sections[-1]
    body_sections = (*final.sections[:-1], last._replace(end=closing.start))
    body = _read_body(final, body_sections, problems)
    if not _counts(closing, body):
        return _read_body(final, final.sections, problems)
    return tuple(read if closed.text is None else closed for read, closed in zip(body, closing.readings, strict=True))


def _counts(closing: Closing, body: tuple[Reading, ...]) -> bool:
    """Return whether a closing is announced, or agrees with the body in one question."""
    if closing.is_announced:
        return True
    agreed = [_agree(read, closed) for read, closed in zip(body, closing.readings, strict=True)]
    if any(agreed[:-1]):
        return True
    # It may as well be a list in the last question: believed only where no box above speaks against it.
    return (agreed[-1] or closing.is_hinted) and not any(read.strict for read in body[:-1])


def _agree(body: Reading, closed: Reading) -> bool:
    return None not in (body.text, closed.text) and "".join(str(body.text).split()) == "".join(str(closed.text).split())


def _read_body(final: FinalText, sections: tuple[Section, ...], problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    by_number: dict[int, list[Section]] = {}
    for section in sections:
        by_number.setdefault(section.number, []).append(section)
    return tuple(
        _read_sections(final, tuple(by_number.get(position, ())), problem)
        for position, problem in enumerate(problems, start=1)
    )


def _read_sections(final: FinalText, sections: tuple[Section, ...], problem: Problem) -> Reading:
    """Read the sections of one question: the later one wins where it has anything (rule 4)."""
    for way in WAYS.get(problem.answer_type, WAYS["math"]):
        for section in reversed(sections):
            reading = way(final, section, problem)
            if reading is not None:
                is_summary = section.is_summary and reading.found_by == "label"
                return reading._replace(found_by="summary") if is_summary else reading
    return NO_READING
