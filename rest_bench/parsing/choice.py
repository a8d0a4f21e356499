"""Choices: the letter that a section states, boxes or stands behind its label (reading.md rule 12)."""

import re
from decimal import Decimal
from typing import NamedTuple

from rest_bench.parsing.answer_lines import find_announcements, is_denied
from rest_bench.parsing.boxes import joins, last_list
from rest_bench.parsing.letter_first import find_letter_first
from rest_bench.parsing.letters import Letter, letter_at, letter_in_box
from rest_bench.parsing.reading import Reading
from rest_bench.parsing.sections import FinalText, Section
from rest_bench.parsing.values import AFTER_LABEL, TRAILING
from rest_bench.schema import Problem

_NUMBER = re.compile(r"[-+−]?\d+(?:,\d{3})*(?:\.\d+)?")
_LONGEST_NUMBER = 40
_LONGEST_LINE = 300
_DRESS = re.compile(
    r"\\(?:text(?:bf|rm|it|sf)?|math(?:rm|bf|sf|it)|mbox|displaystyle|left|right|[,;:! ])(?![A-Za-z])|[\s~${}]"
)
_PUNCTUATION_BEHIND = re.compile(r"[)）\]】}*_`\"'$]{0,6}(?:[.):：,，;。、–—-]|[ ][–—-][ ])")
_OTHER_OPTION = re.compile(r"(?<![A-Za-z])[A-Z](?=[).:）])|[(（][A-Z][)）]")
_OPTION_FIRST = re.compile(r"[\s*:_$]{0,6}(?P<text>[^\n]{1,200}?)\s?[(（\[](?P<letter>[A-Z])[)）\]]")


class Statement(NamedTuple):
    """A sentence or a box that states the choice; without a letter where it states two, or one not offered."""

    position: int
    letter: str | None


def offered_letters(problem: Problem) -> str:
    """Return the letters of the options, A to D where the problem lists none."""
    return "".join(option.letter for option in problem.options) or "ABCD"


def read_statement(final: FinalText, section: Section, problem: Problem) -> Reading | None:
    """Read the last explicit statement of a section, an answer line or a boxed letter."""
    statements = section_statements(final, section, problem)
    return Reading.of(statements[-1].letter, "label", strict=True) if statements else None


def read_option_text(final: FinalText, section: Section, problem: Problem) -> Reading | None:
    """Read the last box of a section where it repeats the text, or the number, of exactly one option."""
    boxes = final.boxes_in(section.start, section.end)
    content = last_list(final.text, boxes) if boxes else None
    letter = None if content is None else _match_option(content, problem)
    return None if letter is None else Reading(letter, "options", strict=True)


def read_letter(final: FinalText, section: Section, problem: Problem) -> Reading | None:
    """Read a letter right behind a label, alone or before its option's text."""
    if section.label_end is None:
        return None
    line_end = final.text.find("\n", section.label_end, section.end)
    segment = final.text[section.label_end : section.end if line_end < 0 else line_end]
    lead = AFTER_LABEL.match(segment)
    letter = letter_at(segment, lead.end() if lead else 0, len(segment), offered_letters(problem), has_filler=False)
    if letter is None or not _ends_letter(segment, letter, problem):
        return None
    return Reading.of(letter.value, "lenient", strict=False)


def read_box_content(content: str, problem: Problem) -> Reading:
    """Read the choice of one box: its letter, or the option whose text it repeats."""
    letter = letter_in_box(content, offered_letters(problem))
    if letter is not None:
        return Reading.of(letter.value, "label", strict=True)
    return Reading.of(_match_option(content, problem), "options", strict=True)


def section_statements(final: FinalText, section: Section, problem: Problem) -> list[Statement]:
    """Return the explicit statements of a section, in order, with those that name the letter first.

    `B is correct` may judge one option of several: it states the choice where nothing else does and it stands alone.
    """
    statements = find_statements(final, section.start, section.end, problem)
    offered = offered_letters(problem)
    found = set(find_letter_first(final.text, section.start, section.end, final.languages))
    named = [first for first in found if first.letter in offered]
    definite = [Statement(first.position, first.letter) for first in named if first.is_definite]
    if not statements and not definite and len({first.letter for first in named}) == 1:
        definite = [Statement(first.position, first.letter) for first in named]
    return sorted(statements + definite, key=lambda stated: stated.position)


def find_statements(final: FinalText, start: int, end: int, problem: Problem) -> list[Statement]:
    """Return the explicit statements between two positions, in order; a box in an answer line counts once."""
    offered = offered_letters(problem)
    statements: list[Statement] = []
    for position in sorted(set(find_announcements(final.text, start, end, final.languages))):
        line = final.text[position : min(position + _LONGEST_LINE, end)].partition("\n")[0]
        letter = letter_at(final.text, position, end, offered, has_filler=True)
        if letter is not None and is_denied(final.text, letter.end, end):
            continue
        letter = letter or _letter_behind_option(line, problem) or _letter_of_text(line, problem)
        if letter is not None:
            statements.append(Statement(position, letter.value))
    return sorted(statements + _boxed_statements(final, start, end, problem), key=lambda stated: stated.position)


def _boxed_statements(final: FinalText, start: int, end: int, problem: Problem) -> list[Statement]:
    statements: list[Statement] = []
    boxes = final.boxes_in(start, end)
    for index, box in enumerate(boxes):
        letter = letter_in_box(box.content, offered_letters(problem)) if box.complete else Letter(None, 0, 0)
        if letter is None or (not (letter.value and letter.is_capital) and _match_option(box.content, problem)):
            continue
        joined = bool(statements) and index > 0 and joins(final.text, boxes[index - 1], box)
        if joined and statements[-1].letter != letter.value:
            letter = Letter(None, 0, 0)
        if joined:
            statements.pop()
        statements.append(Statement(box.start, letter.value))
    return statements


def _ends_letter(segment: str, letter: Letter, problem: Problem) -> bool:
    """Return whether a letter right behind a label is an answer: alone, or before punctuation or its option's text."""
    behind = segment[letter.end :].partition("|")[0]
    if TRAILING.fullmatch(behind.strip(" \t\r)]}$）】")):
        return True
    option = {option.letter: _normalize(option.text) for option in problem.options}.get(letter.value or "")
    if option and _normalize(behind.lstrip(" \t).:]}*_–—-")) == option:
        return True
    # More options behind it: the question is restated.
    return letter.is_capital and bool(_PUNCTUATION_BEHIND.match(behind)) and not _OTHER_OPTION.search(behind)


def _letter_behind_option(text: str, problem: Problem) -> Letter | None:
    """Read `5 m/s (B)`: the text of an option, its letter behind."""
    match = _OPTION_FIRST.match(text)
    if match is None:
        return None
    stated = (match["letter"], _normalize(match["text"]))
    is_option = stated in {(option.letter, _normalize(option.text)) for option in problem.options}
    return Letter(match["letter"], match.start("letter"), match.end("letter")) if is_option else None


def _letter_of_text(line: str, problem: Problem) -> Letter | None:
    """Read `None of the above`: a line that is the text of exactly one option, without its letter (rule 18)."""
    text = _normalize(line.strip(" \t\r*_`\"'“”„«»$:：")).lower()
    letters = [option.letter for option in problem.options if text and _normalize(option.text).lower() == text]
    return Letter(letters[0], 0, 0) if len(letters) == 1 else None


def _match_option(content: str, problem: Problem) -> str | None:
    """Return the letter of the only option with this text, its letter before it or not.

    For a bare number it is the only option with this number.
    """
    text = _normalize(content)
    options = {option.letter: _normalize(option.text) for option in problem.options}
    behind = text[1:].lstrip("-–—,:.)")
    matches = [key for key, option in options.items() if option in (text, behind if text[:1] == key else text)]
    if not matches and len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        matches = [option.letter for option in problem.options if _only_number(option.text) == _to_decimal(text)]
    return matches[0] if len(matches) == 1 else None


def _normalize(text: str) -> str:
    return _DRESS.sub("", text).replace("\\dfrac", "\\frac").replace("\\tfrac", "\\frac").rstrip(".")


def _only_number(text: str) -> Decimal | None:
    numbers = _NUMBER.findall(text)
    return _to_decimal(numbers[0]) if len(numbers) == 1 and len(numbers[0]) <= _LONGEST_NUMBER else None


def _to_decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", "").replace("−", "-"))
