"""Does a letter stand here, alone, as the name of an option (reading.md rule 12)?"""

import re
import unicodedata
from typing import NamedTuple

_STYLE = (
    r"\\(?:(?:text)?color\{\w{1,20}\}|text(?:bf|rm|it|sf|tt|up|normal)?|math(?:rm|bf|sf|it|tt)|mbox|underline"
    r"|boldsymbol|displaystyle|bm|bf|rm|[Ll]arge)\s?\{?"
)
_DRESS = rf"(?:[\s*_`\"'“”‘’(（\[【{{$:：]|{_STYLE}|\\[(\[]|<[A-Za-z]{{1,10}}>)"
_FILLER = (
    r"(?:(?:clearly|therefore|thus|hence|definitely|simply|most\ likely|likely|option|choice|letter)\s+|选项|選項)"
)
_FILLED = re.compile(
    rf"(?i){_DRESS}{{0,12}}+{_FILLER}?{_DRESS}{{0,12}}+(?-i:(?P<letters>[A-Za-zＡ-Ｚａ-ｚ]{{1,6}}))(?![A-Za-z0-9])"
)
_UNFILLED = re.compile(rf"{_DRESS}{{0,12}}+(?P<letters>[A-Za-zＡ-Ｚａ-ｚ]{{1,6}})(?![A-Za-z0-9])")
_STARTS_WORD = re.compile(r"['’-][A-Za-z]")
_LOWER_END = re.compile(r"[ \t]*+(?:[\r\n]|\Z)|[.,;:!?)\]}*_\"`$。，；：！？）】|<]")
_CONJUNCTION = (
    "because|since|as|so|but|which|where|by|due|from|with|for|while|whereas|therefore|thus|based|given|when|if|and|or"
)
_LOWER_WORD = re.compile(rf"[ \t]+(?!(?:{_CONJUNCTION})\b)[a-z]")
_SECOND = re.compile(
    r"[ \t*_\"')）\]}$]{0,6}(?:(?P<comma>[,;，、])|[/&和或及与]|(?:and|or)(?![a-z]))"
    r"\s?(?:(?:and|or|maybe|perhaps|possibly|even|option)\s)?"
    rf"{_DRESS}{{0,6}}(?P<letter>[A-Za-z])(?![A-Za-z0-9])"
)
_SECOND_END = re.compile(r"[)）\]}*_\"'$ \t]{0,6}(?:[\r\n.,;，、。!?|]|\Z|(?:and|or)\b)")

_BOX_DRESS = re.compile(rf"{_STYLE}|\\[{{}}]|[{{}}$*_`\"“”]|\\[,;:! ()\[\]]|~")
_BOX_LETTER = re.compile(
    r"(?:(?i:(?:the\s)?(?:correct\s|final\s|right\s)?(?:answer|option|choice|letter)|ans|选项|答案|故选)[\s:：]*+(?:(?i:is)[\s:]++)?)?"
    r"(?:[(（\[]\s?(?P<bracketed>[A-Za-z])\s?[)）\]]|(?P<bare>[A-Za-z]))(?P<rest>(?![A-Za-z0-9'’]).*)",
    re.DOTALL,
)
_BOX_REST = re.compile(r"\s*(?:[.。:：)）,\]]\s*)?\Z|\s*[.:：)）\]]\s*\S.*|\s+[(（\[].*[)）\]]\.?\Z", re.DOTALL)
_BOX_LETTERS = re.compile(r"[(（\[]?[A-Z][)）\]]?(?:(?:\s*(?:[,;/&、，+]|and|or|和|或)\s*)+[(（\[]?[A-Z][)）\]]?)+\.?")
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
    letters, start = unicodedata.normalize("NFKC", match["letters"]), match.start("letters")
    if len(letters) > 1:
        is_list = letters.isupper() and len(letters) <= len(offered) and set(letters) <= set(offered)
        return Letter(None, start, match.end()) if is_list else None
    if _is_word(text, letters, match.end(), end):
        return None
    is_single = letters.upper() in offered and not _has_second(text, letters, match.end(), end)
    return Letter(letters.upper() if is_single else None, start, match.end(), letters.isupper())


def _is_word(text: str, letter: str, position: int, end: int) -> bool:
    if _STARTS_WORD.match(text, position, end):
        return True
    if letter.islower():
        return _LOWER_END.match(text, position, end) is None
    return letter in "AI" and _LOWER_WORD.match(text, position, end) is not None


def _has_second(text: str, first: str, position: int, end: int) -> bool:
    second = _SECOND.match(text, position, end)
    if second is None or second["letter"].islower() != first.islower() or second["letter"] == first:
        return False
    if _is_word(text, second["letter"], second.end(), end):
        return False
    return second["comma"] is None or _SECOND_END.match(text, second.end(), end) is not None


def letter_in_box(content: str, offered: str) -> Letter | None:
    """Read the letter of a box: alone, in dress or brackets, or with its option's text; null where it has none."""
    bare = _BOX_DRESS.sub(" ", content).strip() if len(content) <= _LONGEST_BOX else ""
    bare = unicodedata.normalize("NFKC", bare)
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
