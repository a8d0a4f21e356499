"""Replies without labels to several questions: by position, or nothing (reading.md rules 9, 12 and 13)."""

from rest_bench.parsing.choice import find_statements, read_box_content
from rest_bench.parsing.code import programs
from rest_bench.parsing.reading import NO_READING, Reading
from rest_bench.parsing.sections import FinalText
from rest_bench.parsing.splitting import split_box
from rest_bench.schema import Problem


def read_by_order(final: FinalText, problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    """Give the k-th box (statement, program) to question k where there are exactly as many as questions.

    One box with exactly that many parts is split; anything else is no answer for all.
    """
    kinds = {problem.answer_type for problem in problems}
    if kinds == {"code"}:
        return _read_programs(final, problems)
    if "code" in kinds:
        return _read_mixed(final, problems)
    readings = _read_boxes(final, problems)
    if kinds == {"choice"} and not all(reading.text for reading in readings):
        readings = _read_statements(final, problems) or readings
    return readings


def _nothing(problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    return tuple(NO_READING for _ in problems)


def _read_programs(final: FinalText, problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    found = programs(final.fences)
    if len(found) != len(problems):
        return _nothing(problems)
    return tuple(Reading(fence.code, "order", strict=True) for fence in found)


def _read_mixed(final: FinalText, problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    """Read programs and boxes in one row; each must be of the kind that its question asks for."""
    found: list[tuple[int, str | None, bool]] = [(fence.start, fence.code, True) for fence in programs(final.fences)]
    found += [(box.start, box.content if box.complete else None, False) for box in final.boxes]
    row = sorted(found, key=lambda item: item[0])
    kinds = [problem.answer_type == "code" for problem in problems]
    if [is_program for _, _, is_program in row] != kinds:
        return _nothing(problems)
    return tuple(_read_content(content, problem) for (_, content, _), problem in zip(row, problems, strict=True))


def _read_boxes(final: FinalText, problems: tuple[Problem, ...]) -> tuple[Reading, ...]:
    contents: tuple[str | None, ...] | None = None
    if len(final.boxes) == len(problems):
        contents = tuple(box.content if box.complete else None for box in final.boxes)
    elif len(final.boxes) == 1 and final.boxes[0].complete:
        contents = split_box(final.boxes[0].content, len(problems))
    if contents is None:
        return _nothing(problems)
    return tuple(_read_content(content, problem) for content, problem in zip(contents, problems, strict=True))


def _read_content(content: str | None, problem: Problem) -> Reading:
    if content is None:
        return NO_READING
    if problem.answer_type == "choice":
        reading = read_box_content(content, problem)
        return reading._replace(found_by="order") if reading.found_by == "label" else reading
    return Reading(content, "order", strict=True)


def _read_statements(final: FinalText, problems: tuple[Problem, ...]) -> tuple[Reading, ...] | None:
    """Read answer lines and boxed letters by position; null where they are not as many as the questions."""
    statements = find_statements(final, 0, len(final.text), problems[0])
    if len(statements) != len(problems):
        return None
    return tuple(Reading.of(statement.letter, "order", strict=True) for statement in statements)
