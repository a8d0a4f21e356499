"""Sentences that name the letter before they call it right: `B is the correct answer`, `Bが正解です` (rule 12)."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rest_bench.parsing.answer_lines import BLANK, SENTENCE_END, any_of, whole
from rest_bench.parsing.languages import LANGUAGES, UNSPACED, Language, words

_VERBLESS = frozenset(
    {"ar", "be", "bn", "fa", "he", "hi", "hu", "id", "ms", "ru", "ta", "te", "tl", "tr", "uk", "ur", "vi"}
)
"""Languages in which `B right answer` is a sentence."""
_LEAD_IN = (
    r"(?:(?:so|therefore|thus|hence|finally|clearly|overall|consequently|in\ conclusion|also|daher|somit|folglich"
    r"|donc|ainsi|por\ lo\ tanto|por\ tanto|entonces|portanto|logo|assim|quindi|dunque|pertanto|dus|daarom"
    r"|итак|следовательно|поэтому|значит|отже|więc|zatem|tedy|tehát|deci|jadi|vậy|do\ đó)[,，]?[ \t]{1,2}"
    r"|(?:所以|因此|故|则|よって|したがって|따라서|그러므로)[,，、]?[ \t]{0,2})?"
)
_MARKS = r"[ \t#*_>|\-–•]{0,12}"
# A letter and a full stop before a sentence name an option whose text it is: `D. B is the correct answer`.
_STARTED = r"(?:(?<=[\w)\]}][\w)\]}*_$\"])|(?<=[a-z][ ][A-Z]))[.!;；]|\||[。！]|\d[*_)\]]{0,3}[:：.)]"
_START = rf"(?:(?m:^){_MARKS}|(?:{_STARTED})[*_)\"]{{0,3}}[ \t]{{0,3}}[*_]{{0,3}}){_LEAD_IN}[*_]{{0,3}}"
_LETTER = r"[(（\[\"'“`*_]{0,5}(?P<letter>(?-i:[A-ZＡ-Ｚ]))(?![^\W_]?[\u0300-\u036f])[)）\]\"'”`*_]{0,5}"
_BECAUSE = r"[*_]{0,3},?[ \t]{1,2}(?:because|since)(?![a-z])"
_ENGLISH = re.compile(
    rf"""(?ix) {_START}
    (?:(?:the\s)?(?:answer\schoice|option|choice|answer|letter)\s)? {_LETTER} \s
    (?:is|must\sbe|would\sbe|should\sbe)\s(?:(?:clearly|indeed|definitely|therefore|thus)\s)?
    (?: (?P<definite> (?:the|our|my)\s(?:only\s|final\s)?(?:(?:correct|right|best)\s)?
          (?:answer|option|choice|one|solution) )
      | (?:the\s)?(?:correct|right) )
    (?:{SENTENCE_END}|{_BECAUSE})"""
)
_CJK = {
    "zh": r"(?:选项|選項|答案)?{letter}(?:选项|選項|项|項)?[ ]?(?:(?:是|为|為)?[ ]?"
    r"(?P<definite>(?:正确|正確)的?(?:答案|选项|選項))"
    r"|(?:是)?(?:正确|正確)的?)",
    "ja": r"(?:選択肢|答え)?[ ]?{letter}[ ]?[がは][ ]?(?:(?P<definite>正解|正答|正しい(?:答え|選択肢|解答))|正しい)"
    r"(?:です|である|となります|となる|だ)?",
    "ko": r"(?:보기|선택지|옵션)?[ ]?{letter}[ ]?번?(?:가|이)?[ ]?"
    r"(?:(?P<definite>정답|답|올바른[ ](?:답|답변|선택지?)))"
    r"(?:입니다|이다|이에요|임)?",
    "th": r"(?:ข้อ|ตัวเลือก)?[ ]?{letter}[ ]?(?:คือ|เป็น)[ ]?(?P<definite>(?:คำตอบ|ตัวเลือก|ข้อ)ที่ถูก(?:ต้อง)?(?:ที่สุด)?)",
}


class LetterFirst(NamedTuple):
    """A letter that a sentence calls right."""

    position: int
    letter: str
    is_definite: bool
    """`the correct answer`, not merely `correct`."""


def find_letter_first(text: str, start: int, end: int, languages: tuple[str, ...]) -> Iterator[LetterFirst]:
    """Yield the sentences that call a letter right; a sentence that goes on, asks or denies states nothing.

    Args:
        text: A final text.
        start: Where to begin.
        end: Where to stop.
        languages: Codes of those of which words for `answer` or `correct` stand in the text.
    """
    patterns = [_ENGLISH, *(pattern for code in languages if (pattern := _pattern(code)) is not None)]
    for pattern in patterns:
        for match in pattern.finditer(text, start, end):
            letter = unicodedata.normalize("NFKC", match["letter"])
            yield LetterFirst(match.start("letter"), letter, match["definite"] is not None)


@lru_cache(maxsize=128)
def _pattern(code: str) -> re.Pattern[str] | None:
    """Build the pattern of a language; null for one without the words that it takes."""
    if code in UNSPACED:
        body = _CJK.get(code)
        return re.compile(rf"(?i){_START}{body.format(letter=_LETTER)}{SENTENCE_END}") if body else None
    row: Language = LANGUAGES[code]
    if not row.right or not (row.links or code in _VERBLESS):
        return None
    gap = rf"{BLANK}{{1,3}}"
    # Turkish writes `is` behind the word.
    suffix = "(?:[dt][ıiuü]r)?" if code == "tr" else ""
    right = _inflected(row.right, suffix)
    noun = _inflected(f"{row.answers}|{row.options}".strip("|"), suffix)
    name = whole(words(f"{row.answers}|{row.options}".strip("|")))
    article = rf"(?:{whole(words(row.articles))}{gap}|[lL]['’])" if row.articles else r"(?:(?!))"
    link = rf"(?:{any_of(words(row.links))}{gap})" if row.links else r"(?:(?!))"
    verb = rf"(?:[—–-]{gap}{link}?|{link})" + ("?" if code in _VERBLESS else "")
    definite = rf"(?P<definite>{right}{gap}{noun}|{noun}{gap}{right}|(?:(?<={BLANK})){article}(?:{right}|{noun}))"
    because = rf"|,?{gap}{any_of(words(row.because))}(?![^\W\d_])" if row.because else ""
    behind = rf"(?:{gap}{name})?" if code == "tr" else ""
    return re.compile(
        rf"(?i){_START}{article}?(?:{name}{gap})?{_LETTER}{behind}{gap}{verb}"
        rf"(?:{article}?{definite}|{article}?{right})(?:{SENTENCE_END}{because})"
    )


def _inflected(column: str, suffix: str) -> str:
    return rf"(?:{any_of(words(column))}{suffix}(?![^\W\d_]|[\u0300-\u036f]))"
