"""Does a letter stand here, alone, as the name of an option (reading.md rule 12)?"""

import re
import unicodedata
from typing import NamedTuple

from rest_bench.parsing.languages import LANGUAGES, all_words, words

_STYLE = (
    r"\\(?:(?:text)?color\{\w{1,20}\}|text(?:bf|rm|it|sf|tt|up|normal)?|math(?:rm|bf|sf|it|tt)|mbox|underline"
    r"|boldsymbol|displaystyle|bm|bf|rm|[Ll]arge)\s?\{?"
)
_DRESS = rf"(?:[\s*_`\"'“”‘’„«‹「『《〈(（\[【{{$:：]|{_STYLE}|\\[(\[]|<[A-Za-z]{{1,10}}>)"
_FILLER = (
    r"(?:(?:clearly|therefore|thus|hence|definitely|simply|most\ likely|likely|option|choice|letter)\s+|选项|選項)"
)
_NATIVE = {
    # Capitals that look like Latin ones, and lower-case letters never.
    **dict(zip("АВСЕ", "ABCE", strict=True)),
    **dict(zip("ΑΒΕ", "ABE", strict=True)),
    **dict(zip("أبجد", "ABCD", strict=True)),
    **dict.fromkeys("اإآ", "A"),
    "الف": "A",
    **dict(zip("অবডঢ", "ABCD", strict=True)),
    **dict(zip("কখগঘ", "ABCD", strict=True)),
    **dict(zip("अबसद", "ABCD", strict=True)),
    **dict(zip("कखगघ", "ABCD", strict=True)),
    **dict(zip("אבגד", "ABCD", strict=True)),
    **dict(zip("กขคง", "ABCD", strict=True)),
}
"""The letters that options are given in other scripts, for Latin ones."""
# Vowel signs and dots make other letters, or syllables, of them.
_SIGNS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0d7f\u0e00-\u0e7f"
_NATIVE_LETTER = rf"(?:{'|'.join(sorted(_NATIVE, key=len, reverse=True))})(?![\w{_SIGNS}])"
_INSIDE_WORD = r"A-Za-z0-9\u00aa\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0300-\u036f\u0370-\u052f\u1e00-\u1fff"
_LETTERS = rf"(?P<letters>[A-Za-zＡ-Ｚａ-ｚ]{{1,6}}(?![{_INSIDE_WORD}])|{_NATIVE_LETTER})"
_FILLED = re.compile(rf"(?i){_DRESS}{{0,12}}+{_FILLER}?{_DRESS}{{0,12}}+(?-i:{_LETTERS})")
_UNFILLED = re.compile(rf"{_DRESS}{{0,12}}+{_LETTERS}")
_SUFFIX = re.compile(r"['’](?:[dt][ıiuü]r)(?![^\W\d_])")
"""The Turkish `is`, which is written behind the letter: `B'dir`."""
_STARTS_WORD = re.compile(r"['’-][^\W\d_]|\+\+|#(?!#)|\.[A-Za-z](?![A-Za-z])")
_LOWER_END = re.compile(r"[ \t]*+(?:[\r\n]|\Z)|[.,;:!?)\]}*_\"`$。，；：！？）】|<،؛؟۔।]")
_ENGLISH_NOUNS = frozenset({"car", "for", "want"})
"""Words for `because` elsewhere that are other words in English."""
_CONJUNCTION = (
    "because|since|as|so|but|which|where|by|due|from|with|for|while|whereas|therefore|thus|based|given|when|if|and|or|"
    + "|".join(re.escape(word) for word in all_words("because") if word not in _ENGLISH_NOUNS)
)
_LOWER_WORD = re.compile(rf"[ \t]+(?!(?:{_CONJUNCTION})\b)(?P<word>[^\W\d_])")
_UNSPACED_JOINERS = tuple(word for code in ("ja", "ko", "th", "zh") for word in words(LANGUAGES[code].joiners))
_JOINERS = "|".join(map(re.escape, all_words("joiners")))
_SECOND = re.compile(
    r"[ \t*_\"')）\]}$]{0,6}(?:(?P<comma>[,;，、،])|[/&+<>=→和或及与與]|[–—-](?=[A-Z])|->"
    r"|(?:and|or|to|through|vs)(?![a-z])"
    rf"|(?<=[\s*_\"')）\]}}$])(?:{_JOINERS})(?![A-Za-z\u00c0-\u024f\u0400-\u04ff])"
    rf"|(?:{'|'.join(_UNSPACED_JOINERS)}))"
    rf"\s?(?:(?:and|or|maybe|perhaps|possibly|even|option|{_JOINERS})\s)?"
    rf"{_DRESS}{{0,6}}(?P<letter>(?:[A-Za-zＡ-Ｚａ-ｚ])(?![{_INSIDE_WORD}])|{_NATIVE_LETTER})"
)
_SECOND_END = re.compile(
    r"[)）\]}*_\"'$ \t]{0,6}(?:[\r\n.,;，、。!?|]|\Z"
    rf"|(?:and|or|{_JOINERS})(?![^\W\d_])|(?:{'|'.join(_UNSPACED_JOINERS)}))"
)
_NEW_CLAUSE = re.compile(
    r"(?:[)）\]}*_\"'$, \t]{0,6}(?:and|or|nor)?\s?[(*]{0,3}[A-Z](?![A-Za-z])[)*]{0,3}){0,5}"
    r"\s(?:is|are|was|were|do|does|can|cannot|would)(?![a-z])"
)
"""`B; A and C are wrong`: a new sentence."""

_BOX_DRESS = re.compile(rf"{_STYLE}|\\[{{}}]|[{{}}$*_`\"“”]|\\[,;:! ()\[\]]|~")
_BOX_LETTER = re.compile(
    r"(?:(?i:(?:the\s)?(?:correct\s|final\s|right\s)?(?:answer|option|choice|letter)|ans|选项|答案|故选)[\s:：]*+(?:(?i:is)[\s:]++)?)?"
    r"(?:[(（\[]\s?(?P<bracketed>[A-Za-z])\s?[)）\]]|(?P<bare>[A-Za-z]))(?P<rest>(?![A-Za-z0-9'’]).*)",
    re.DOTALL,
)
_BOX_REST = re.compile(r"\s*(?:[.。:：)）,\]]\s*)?\Z|\s*[.:：)）\]]\s*\S.*|\s+[(（\[].*[)）\]]\.?\Z", re.DOTALL)
_BOX_LETTERS = re.compile(r"[(（\[]?[A-Z][)）\]]?(?:(?:\s*(?:[,;/&、，+]|and|or|和|或)\s*)+[(（\[]?[A-Z][)）\]]?)+\.?")
_BOX_LEAD = re.compile(
    rf"(?i)\A(?:{'|'.join(map(re.escape, (*all_words('answers'), *all_words('options'))))})"
    r"(?:\s*[:：]\s*|\s+)(?=\W?\w\b)"
)
"""`Option` and `answer` in other languages, before the letter of a box."""
_LONGEST_BOX = 500
_LETTER_LAST = re.compile(r".*\s[(（\[](?P<letter>[A-Z])[)）\]]\.?", re.DOTALL)


class Letter(NamedTuple):
    """A stated letter; without a value where two are stated, or one not offered."""

    value: str | None
    start: int
    end: int
    is_capital: bool = True


def letter_at(text: str, position: int, end: int, offered: str, *, has_filler: bool) -> Letter | None:
    """Read the letter that stands at a position; null where a word or anything else stands there.

    Dress and brackets may surround it, with `has_filler` also words such as `option` stand before it. Lower case counts
    only before punctuation or at a line's end; `A` or `I` before a lower-case word is a word.
    """
    match = (_FILLED if has_filler else _UNFILLED).match(text, position, end)
    if match is None:
        return None
    letters, start = _latin(match["letters"]), match.start("letters")
    if len(letters) > 1:
        is_list = letters.isupper() and len(letters) <= len(offered) and set(letters) <= set(offered)
        return Letter(None, start, match.end()) if is_list else None
    if _is_word(text, letters, match["letters"], match.end(), end):
        return None
    is_single = letters.upper() in offered and not _has_second(text, letters, match.end(), end)
    return Letter(letters.upper() if is_single else None, start, match.end(), letters.isupper())


def _latin(letters: str) -> str:
    """Return the Latin letters for those of another script or width."""
    return _NATIVE.get(letters) or unicodedata.normalize("NFKC", letters)


def _is_word(text: str, letter: str, written: str, position: int, end: int) -> bool:
    if _STARTS_WORD.match(text, position, end) and not _SUFFIX.match(text, position, end):
        return True
    if letter.islower():
        return _LOWER_END.match(text, position, end) is None and not _SUFFIX.match(text, position, end)
    # Capitals of other scripts are one-letter words of theirs: В, С and А are `in`, `with` and `but`.
    may_be_word = letter in "AI" or (written in _NATIVE and written.isupper())
    word = _LOWER_WORD.match(text, position, end) if may_be_word else None
    return word is not None and word["word"].islower()


def _has_second(text: str, first: str, position: int, end: int) -> bool:
    second = _SECOND.match(text, position, end)
    if second is None:
        return False
    letter = _latin(second["letter"])
    if letter.islower() != first.islower() or letter == first:
        return False
    if _is_word(text, letter, second["letter"], second.end(), end):
        return False
    if second["comma"] and _NEW_CLAUSE.match(text, second.end(), end):
        return False
    return second["comma"] is None or _SECOND_END.match(text, second.end(), end) is not None


def letter_in_box(content: str, offered: str) -> Letter | None:
    """Read the letter of a box: alone, in dress or brackets, or with its option's text; null where it has none."""
    bare = _BOX_DRESS.sub(" ", content).strip() if len(content) <= _LONGEST_BOX else ""
    bare = _BOX_LEAD.sub("", unicodedata.normalize("NFKC", bare), count=1)
    native = _NATIVE.get(bare.strip(" ().:"))
    if native is not None:
        return _one_of({native}, offered)._replace(is_capital=False)
    if _BOX_LETTERS.fullmatch(bare) or (1 < len(bare) <= len(offered) and set(bare) <= set(offered)):
        return _one_of(set(re.findall(r"(?<![A-Za-z])[A-Z](?![A-Za-z])", bare)) or set(bare), offered)
    match = _BOX_LETTER.fullmatch(bare)
    if match is None or not (match["bracketed"] or _BOX_REST.fullmatch(match["rest"])):
        last = _LETTER_LAST.fullmatch(bare)
        return _one_of({last["letter"]}, offered) if last else None
    letter = match["bracketed"] or match["bare"]
    if letter.islower() and (letter.upper() not in offered or match["rest"].strip(" .)")):
        return None
    return _one_of({letter.upper()}, offered)._replace(is_capital=letter.isupper())


def _one_of(letters: set[str], offered: str) -> Letter:
    return Letter(letters.pop() if len(letters) == 1 and letters <= set(offered) else None, 0, 0)
