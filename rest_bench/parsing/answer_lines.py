"""Words that announce the letter of a choice: `the answer is`, `Antwort:`, `正解は` (reading.md rules 12 and 17)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rest_bench.parsing.languages import LANGUAGES, UNSPACED, Language, all_words, words
from rest_bench.parsing.numbering import COLONS

_ENGLISH = re.compile(
    r"""(?imx)
    (?<![a-z]) answer(?:\(s\))? (?:\s(?:choice|option|letter))? (?:\s(?:to|for|of)\s[^.:\n]{1,40}?)? [ ]?\#?\d{0,3}
        [*_"'`]{0,3} [ \t]{0,3}
        (?: (?:is|would\sbe|must\sbe|should\sbe)(?![a-z]) (?:[ ]{0,2}[:：])? | [:：﹕︰∶=] | -> | → )
    | (?<![a-z]) (?:correct|best|right|final|chosen) \s (?:option|choice|letter|one|solution|statement|response)
        [*_"'`]{0,3} [ ]{0,2} (?: is(?![a-z]) (?:[ ]?[:：])? | [:：] )
    | ^ [ \t\#*_>]{0,12} (?:the[ ])? (?:final[ ]|correct[ ])? answer [*_ \t:]{0,8} (?=\r?\n)
    | (?<![a-z]) ans (?![a-z]) [*_]{0,3} \s? [:：—]
    | (?: 答案(?:选项|選項)? | 正确(?:的)?选项 | 正確(?:的)?選項 )
        (?:应该|应当|应|就|即)? [是为為选選]? [*_]{0,3} \s? [:：]?
    | (?<![不没沒能]) [选選] (?:择|擇)? \s? [:：]?
    | 정답 [은:]? | 답 [은:：] | (?:答え|正解|解答) [はが:：] | (?<![回解]) 答 [:：] | 正确的(?:答案)?是"""
)
"""English, and the shortest forms of Chinese, Japanese and Korean."""

BLANK = r"[ \t\u00a0\u3000]"
_DRESS = r"[*_\"'“”„»«`)\]]{0,4}"
_COLON = rf"(?:[{COLONS}]|[—–=→-](?={BLANK})|->)"
_NOT_LETTER_BEFORE = r"(?<![^\W\d_])"
_NOT_LETTER_BEHIND = r"(?![^\W\d_]|[\u0300-\u036f])"
_LINE_START = r"(?m:^[ \t#*_>\-–•]{0,12}|[:：][ \t*_]{1,4})"
SENTENCE_END = (
    r"[*_)\]}\"'`»”]{0,4}[ \t]{0,3}(?:[\r\n.。．।۔!！|<]|\Z|(?:है|ہے|است|آहे|આહે|છે|ਹੈ|입니다|이다|です|である|हैं|होगा|ஆகும்"
    r"|(?:şıkkı|seçeneği|harfi)(?:d[ıi]r)?|['’]?[dt][ıiuü]r)[*_ \t]{0,3}(?:[\r\n.。।۔!]|\Z))"
)
_VERB_FIRST = frozenset({"da", "de", "is", "nl", "no", "sv"})
_LONGEST_WRONG = 30
"""Characters before the words in which `wrong` is looked for."""


def find_announcements(text: str, start: int, end: int, languages: tuple[str, ...]) -> Iterator[int]:
    """Yield where a letter must stand that an answer line announces, in the order of the patterns.

    Args:
        text: A final text.
        start: Where to begin.
        end: Where to stop.
        languages: Codes of those of which words for `answer` stand in the text.
    """
    for match in _ENGLISH.finditer(text, start, end):
        if not _denied_before(text, start, match.start()):
            yield match.end()
    for code in languages:
        for match in _pattern(code).finditer(text, start, end):
            if not _denied_before(text, start, match.start()):
                yield match.end()


def is_denied(text: str, position: int, end: int) -> bool:
    """Return whether a sentence says behind a letter that it is not the answer: `B ist falsch`, `Bではない`."""
    return _denial().match(text, position, end) is not None


def _denied_before(text: str, start: int, position: int) -> bool:
    """Return whether `wrong` stands before the words: `die falsche Antwort ist B`."""
    window = max(start, position - _LONGEST_WRONG)
    return _wrong().search(text, window, position) is not None


def any_of(found: tuple[str, ...]) -> str:
    """Return a regular expression of any of these words."""
    return "(?:" + "|".join(re.escape(word) for word in found) + ")"


def whole(found: tuple[str, ...]) -> str:
    """Return a regular expression of any of these words with no letter behind; of nothing where there is none."""
    return rf"{any_of(found)}{_NOT_LETTER_BEHIND}" if found else r"(?!)"


@lru_cache(maxsize=128)
def _pattern(code: str) -> re.Pattern[str]:
    """Build the patterns of a language.

    A noun with a colon, a dash or a verb behind it announces a letter wherever it stands. With a word for `correct`
    the letter may follow at once; without one only on a line of its own.
    """
    row: Language = LANGUAGES[code]
    is_spaced = code not in UNSPACED
    gap = rf"{BLANK}{{1,3}}" if is_spaced else rf"{BLANK}{{0,2}}(?:的|の)?"
    edge = whole if is_spaced else any_of
    noun, right = edge(words(row.answers)), edge(words(row.right)) if row.right else r"(?!)"
    option = edge(words(row.options)) if row.options else r"(?!)"
    link = edge(words(row.links)) if row.links else r"(?!)"
    # A capital A is the letter, not the article.
    short = tuple(word for word in words(row.articles) if len(word) == 1)
    long = tuple(word for word in words(row.articles) if len(word) > 1)
    article = rf"(?:(?-i:{whole(short)})|{whole(long)}){BLANK}{{1,3}}|[lL]['’]"
    filler = rf"(?:{article}|{option}[{COLONS}]?{BLANK}{{0,3}}){{0,3}}"
    # A word for `correct` may follow an article: `resposta é a correta`.
    named = rf"(?:{right}{gap})?{noun}(?:{gap}{right})?"
    # An option must be called right; and `right` alone needs a colon or a verb.
    alone_right = rf"{right}(?={BLANK}{{0,2}}[{COLONS}]|{gap}{link})"
    qualified = rf"(?:{right}{gap}(?:{noun}|{option})|(?:{noun}|{option}){gap}{right}|{alone_right})"
    tail = rf"{_DRESS}{BLANK}{{0,3}}(?:{_COLON}|{link}{_DRESS}{BLANK}{{0,3}}(?:{_COLON})?)"
    letter = r"[*_(\[\"'`«“（【]{0,6}(?:\\boxed\{)?[^\W\d_]{1,3}"
    on_its_own = rf"{_LINE_START}{noun}{_DRESS}{BLANK}{{1,3}}(?={filler}{letter}{SENTENCE_END})"
    body = (
        rf"{_NOT_LETTER_BEFORE if is_spaced else ''}(?:{named}{tail}|{qualified}{_DRESS}{BLANK}{{0,3}}"
        rf"(?:{_COLON}|{link}{_DRESS}{BLANK}{{0,3}}(?:{_COLON})?)?)"
    )
    # German and its neighbours put the verb first: `Also ist die Antwort B.`
    article_before = rf"(?:{whole(long)}{BLANK}{{1,3}})?" if long else ""
    inverted = (
        rf"{_NOT_LETTER_BEFORE}{link}{gap}{article_before}{named}{_DRESS}{BLANK}{{1,3}}"
        rf"(?={filler}{letter}{SENTENCE_END})"
    )
    heading = rf"(?m:^)[ \t#*_>]{{0,12}}{named}[*_ \t]{{0,8}}(?=\r?\n)"
    verb_first = f"|{inverted}" if code in _VERB_FIRST else ""
    return re.compile(rf"(?i)(?:{body}|{on_its_own}{verb_first}|{heading}){BLANK}{{0,3}}{_DRESS}{filler}")


@lru_cache(maxsize=1)
def _wrong() -> re.Pattern[str]:
    english = ("wrong", "incorrect", "false", "not the", "not a", "isn't the", "isn’t the", "not correct")
    spaced, unspaced = _by_spacing("wrong")
    found = any_of((*english, *spaced))
    return re.compile(rf"(?i)(?:{_NOT_LETTER_BEFORE}{found}[*_ \t]{{1,3}}|{any_of(unspaced)}[*_ \t]{{0,3}}的?)\Z")


@lru_cache(maxsize=1)
def _denial() -> re.Pattern[str]:
    english = ("is not", "isn't", "isn’t", "is wrong", "is incorrect", "is false", "cannot be", "can't be", "can’t be")
    spaced, unspaced = _by_spacing("denials")
    return re.compile(
        rf"(?i)[*_)\]}}\"'`»”$）】]{{0,5}}(?:[ \t]{{1,3}}{whole((*english, *spaced))}|[ \t]{{0,2}}{any_of(unspaced)})"
    )


def _by_spacing(column: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    unspaced = {word for code in UNSPACED for word in words(getattr(LANGUAGES[code], column))}
    return tuple(word for word in all_words(column) if word not in unspaced), tuple(sorted(unspaced))
