"""The words and numerals that name a question: `Q1`, `Problem two`, `第三题`, `Question IV`."""

import re
import unicodedata
from functools import lru_cache

from rest_bench.parsing.languages import LANGUAGES, either_form, find_languages, words

COLONS = ":：﹕︰∶꞉؛׃ঃः"
"""Colons and what stands for them: full-width, Arabic, Hebrew; the visarga of Bengali and Devanagari."""
_CJK = frozenset({"ja", "ko", "zh"})
_LONGEST_PART_LABEL = 80
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_ARABIC_ORDINALS = (
    *("الأول", "الثاني", "الثالث", "الرابع", "الخامس"),
    *("السادس", "السابع", "الثامن", "التاسع", "العاشر"),
)
_PERSIAN_ORDINALS = ("اول", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم")
_FOREIGN_ORDINALS = (*_ARABIC_ORDINALS, *_PERSIAN_ORDINALS)
"""Where questions are mostly numbered in words, behind the noun."""
_ROMAN = {"I": 1, "V": 5, "X": 10}
_CHINESE = "一二三四五六七八九"

NOUNS = r"question|ques|problem|prob|exercise|task|ｑｕｅｓｔｉｏｎ|ｐｒｏｂｌｅｍ"
ANSWER_NOUNS = r"answer|ans"
CJK_NOUNS = either_form(
    r"问题|問題|题目|題目|质问|質問|設問|设问|试题|試題|习题|習題|考题|練習問題|例題|题|題|问|問|문제|질문|문항|물음"
)
NUMERAL = rf"\d{{1,4}}|(?:{'|'.join(_FOREIGN_ORDINALS)})(?!\w)|(?:{'|'.join(_WORDS)})\b|(?-i:[IVX]{{1,5}})\b"
CJK_NUMERAL = r"\d{1,4}|[一二三四五六七八九十]{1,3}"
ORDINAL = rf"(?:{'|'.join(_ORDINALS)})|\d{{1,2}}(?:st|nd|rd|th)"


@lru_cache(maxsize=512)
def _alternation(column: str, codes: tuple[str, ...], english: str) -> str:
    taken = set(english.split("|"))
    found = (word for code in codes if code not in _CJK for word in words(getattr(LANGUAGES[code], column)))
    foreign = sorted({word for word in found if word not in taken}, key=len, reverse=True)
    return "|".join([english, *(re.escape(word) for word in foreign)])


def question_nouns(text: str) -> str:
    """Return the nouns for a question, as a regular expression, of English and of the languages that a text may be in.

    Chinese, Japanese and Korean have `CJK_NOUNS`.
    """
    return _alternation("questions", find_languages(text, "questions"), NOUNS)


def answer_nouns(text: str) -> str:
    """Return the nouns for an answer, as a regular expression, of English and of the languages a text may be in."""
    return _alternation("answers", find_languages(text, "answers"), ANSWER_NOUNS)


@lru_cache(maxsize=512)
def _part_pattern(questions: str, answers: str) -> re.Pattern[str]:
    return re.compile(
        rf"""(?ix) (?:\\(?:text|textbf|textrm|mathrm|mathbf|mathsf|operatorname)\s?\{{\s?)?
        (?: (?: (?:q|{questions}|{answers}) [ \t.#_{{~]{{0,3}} | {CJK_NOUNS} | 第 ) (?P<named>{NUMERAL}|{CJK_NUMERAL})
            [ ]?(?:题|題|问|問|\}}(?=\s?[:=：]))? (?![A-Za-z0-9]) [ ]?[{COLONS}=.)–—-]?
          | [(（]?(?P<bare>\d{{1,2}})(?:[)）.]|[{COLONS}](?=\s|\\)) (?!\d)
        ) \s? \}}? \s? [{COLONS}=]?"""
    )


def match_part_label(part: str) -> re.Match[str] | None:
    """Match a label at the start of one part of a box; `part_number` reads it."""
    head = part[:_LONGEST_PART_LABEL]
    return _part_pattern(question_nouns(head), answer_nouns(head)).match(part)


def part_number(label: re.Match[str]) -> int | None:
    """Return the number of a `match_part_label` match."""
    return to_number(label["named"] or label["bare"])


def to_number(numeral: str) -> int | None:
    """Read a numeral: digits of any script, circled digits, English words and ordinals, Roman or Chinese ones."""
    if numeral.isdecimal():
        return int(numeral)
    lowered = numeral.lower()
    for row in (_WORDS, _ORDINALS, _ARABIC_ORDINALS, _PERSIAN_ORDINALS):
        if lowered in row:
            return row.index(lowered) + 1
    digits = re.match(r"\d{1,4}", numeral)
    if digits:
        return int(digits.group())
    if len(numeral) == 1 and unicodedata.numeric(numeral, -1) >= 1:
        return int(unicodedata.numeric(numeral))
    if numeral and set(numeral) <= set(_ROMAN):
        return _read_roman(numeral)
    return _read_chinese(numeral)


def _read_roman(numeral: str) -> int:
    values = [_ROMAN[letter] for letter in numeral]
    return sum(-value if value < max(values[k:]) else value for k, value in enumerate(values))


def _read_chinese(numeral: str) -> int | None:
    tens, ten, ones = numeral.rpartition("十")
    digits = [_CHINESE.find(sign) + 1 for sign in (tens, ones) if sign]
    if any(len(sign) > 1 for sign in (tens, ones)) or 0 in digits:
        return None
    if not ten:
        return digits[0] if digits else None
    return (digits[0] if tens else 1) * 10 + (digits[-1] if ones else 0)


def is_counted_from_zero(numbers: list[int], level: int) -> bool:
    """Return whether labels count from 0 to level - 1 (rule 3)."""
    return 0 in numbers and max(numbers) < level


def shift_from_zero(numbers: list[int], level: int) -> list[int]:
    """Count labels 0..level-1 as 1..level (rule 3)."""
    return [number + 1 for number in numbers] if is_counted_from_zero(numbers, level) else numbers
