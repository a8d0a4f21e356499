"""The words and numerals that name a question: `Q1`, `Problem two`, `第三题`, `Question IV`."""

import re
import unicodedata

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_ROMAN = {"I": 1, "V": 5, "X": 10}
_CHINESE = "一二三四五六七八九"

NOUNS = (
    r"question|ques|problem|prob|exercise|task"
    r"|frage|aufgabe|übung|probl[eè]me|exercice|pregunta|problema|ejercicio|pergunta|quest[aã]o|exerc[ií]cio"
    r"|domanda|quesito|esercizio|vraag|opgave|fråga|uppgift|вопрос|задача|задание|pytanie|zadanie|soru"
    r"|câu(?:[ ]hỏi)?|bài|soal|pertanyaan|питання|завдання|otázka|úloha|întrebarea|kérdés|feladat|kysymys|tehtävä"
    r"|spørgsmål|spørsmål|oppgave|pitanje|zadatak|ερώτηση|άσκηση|πρόβλημα|שאלה|السؤال|سؤال|سوال|مسئله"
    r"|प्रश्न|คำถาม(?:ที่)?|ข้อ(?:ที่)?"
)
ANSWER_NOUNS = (
    r"answer|ans|antwort|r[eé]ponse|respuesta|risposta|resposta|antwoord|ответ|відповідь|odpowiedź|odpověď|cevap|svar"
    r"|jawaban|đáp[ ]án|vastaus|răspuns|απάντηση|תשובה|الإجابة|الجواب|پاسخ|उत्तर|คำตอบ"
)
CJK_NOUNS = r"问题|問題|题目|題目|质问|質問|設問|设问|题|題|问|問|문제|질문|문항"
NUMERAL = rf"\d{{1,4}}|(?:{'|'.join(_WORDS)})\b|(?-i:[IVX]{{1,5}})\b"
CJK_NUMERAL = r"\d{1,4}|[一二三四五六七八九十]{1,3}"
ORDINAL = rf"(?:{'|'.join(_ORDINALS)})|\d{{1,2}}(?:st|nd|rd|th)"

PART_LABEL = re.compile(
    rf"""(?ix) (?:\\(?:text|textbf|textrm|mathrm|mathbf|mathsf|operatorname)\s?\{{\s?)?
    (?: (?: (?:q|{NOUNS}|{ANSWER_NOUNS}) [ \t.#_{{~]{{0,3}} | {CJK_NOUNS} | 第 ) (?P<named>{NUMERAL}|{CJK_NUMERAL})
        [ ]?(?:题|題|问|問|\}}(?=\s?[:=：]))? (?![A-Za-z0-9]) [ ]?[:：=.)–—-]?
      | [(（]?(?P<bare>\d{{1,2}})(?:[)）.]|[:：](?=\s|\\)) (?!\d)
    ) \s? \}}? \s? [:：=]?"""
)
"""A label at the start of one part of a box; `part_number` reads it."""


def part_number(label: re.Match[str]) -> int | None:
    """Return the number of a `PART_LABEL` match."""
    return to_number(label["named"] or label["bare"])


def to_number(numeral: str) -> int | None:
    """Read a numeral: digits of any script, circled digits, English words and ordinals, Roman or Chinese ones."""
    if numeral.isdecimal():
        return int(numeral)
    lowered = numeral.lower()
    for words in (_WORDS, _ORDINALS):
        if lowered in words:
            return words.index(lowered) + 1
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
