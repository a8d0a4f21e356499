"""Where a thinking text names the question that it turns to: `Q3:`, `Now the third question`, `### 3.`."""

import re
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from rest_bench.parsing.numbering import CJK_NOUNS, CJK_NUMERAL, ORDINAL, question_nouns, to_number

LABEL = 1.0
"""The strength of a name that is followed by a colon or the end of the line, or that begins a line."""
ANNOUNCEMENT = 0.9
"""The strength of a name in a sentence that turns to it, `Now let me look at question 3 again`."""
WEAK = 0.5
"""The strength of `In question 3`, which may begin work on it as well as refer to it."""

_LONGEST_LEAD = 80
"""Characters from the start of a sentence to the name in it."""
_WORD_NUMERAL = r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_QUESTION = r"(?:question|problem|exercise|task)"
_HEADING = re.compile(
    r"""(?mx) ^ [ \t>]* (?: \#{1,6}[ ]*\**(?P<hash>\d{1,2})(?![\d.]?\d) | \*\*\(?(?P<bold>\d{1,2})\)?[.):*]
      | \(?(?P<plain>\d{1,2})[.)](?=\s) )"""
)
_SENTENCE_START = re.compile(r"\n\s*|[.!?]['\"”’)*]*\s+|[。！？]\s*")
_MARKS = re.compile(r"(?i)(?:<[^<>\n]{1,40}>|\[/?think\]|◁/?think▷|[\s>#*_~`\"'“”‘’(\[{$|+•-])*+")
_OPENER = re.compile(
    r"""(?ix) (?: (?:wait|hmm+|oh|ok(?:ay)?|alright|all[ ]right|right|so|and|but|now|next|then|well|actually
        |first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|lastly|last|let|moving?|going|go|turn(?:ing)?|back|return(?:ing)?
        |proceed(?:ing)?|on|onto|start(?:ing)?|begin(?:ning)?|for|as[ ]for|regarding|concerning|solv(?:e|ing)|to[ ]solve
        |i|i'll|i'm|we|we'll|time|continu(?:e|ing)|(?:re-?|double[- ]?)?check(?:ing)?|verify(?:ing)?|revisit(?:ing)?
        |look(?:ing)?|answer|answers?[ ]to|solution|the|this[ ]is|here(?:[ ]is)?) (?![a-z]) )
      | 现在|接下来|然后|让我|我们|好|再|下面|首先|最后|对于|看|检查|回到|那么|所以|解"""
)
_REFERENCE = re.compile(
    r"""(?ix) (?<![a-z]) (?:like|similar(?:ly)?|same|unlike|than|from|us(?:e|es|ed|ing)|before|after
        |just[ ]as|as[ ]in|depends?|related|reminds?|done|finished|solved|completed) (?![a-z])"""
)
_COMPARED = re.compile(
    r"(?i)(?<![a-z])(?:like|similar|same|than|from|us(?:e|es|ed|ing)|before|after|(?:are|is) to)(?![a-z])"
)
_IN = re.compile(r"(?i)(?:\A|\s)in[ ](?:the[ ])?\Z")
_MOVE = re.compile(r"(?i)(?<![a-z])(?:to|onto|next|now|let|then)(?![a-z])|到|看|做|解")
_LIST_NEXT = re.compile(
    r"""(?ix) [ *_]{0,3} (?: (?:,|、|&|/|and|or|through|和|与) [ ]{0,2} (?:q|question[ ]|problem[ ]) [ ]?\d
      | (?:&|and|or|through|和|与) [ ]{0,2} \d{1,2} (?![\d.,]*[ ]?[-+*/=×]) )"""
)
_OVER = re.compile(
    r"(?i)['’*_ ]{0,4}(?:s |is |are |was |has been )?(?:now |all )?(?:done|finished|solved|complete)(?![a-z]{2})"
)
_LABEL_END = re.compile(r"[ \t*_~`\"'”’)\]}]{0,6}(?:\([^()\n]{0,60}\)[ *_]{0,4})?(?:[:：]|[.]?[ *]*(?:\n|\Z))")


class Mention(NamedTuple):
    """A question named in a thinking text."""

    number: int
    """1 to level."""
    start: int
    """Where the sentence that names it begins."""
    strength: float
    """0 where it is only mentioned, up to 1 where the text turns to it."""


@lru_cache(maxsize=512)
def _named_pattern(nouns: str) -> re.Pattern[str]:
    return re.compile(
        rf"""(?ix)
        (?<![A-Za-z0-9\\\u00c0-\u024f\u0400-\u04ff]) (?:
            (?:q|qn) [ \t.\#*(]{{0,3}} (?P<q>\d{{1,3}})
          | (?:{nouns}) (?:[ ](?:no\.?|number))? [ \t.\#*(]{{0,3}} (?P<noun>{_WORD_NUMERAL})
          | (?P<ordinal>{ORDINAL}) [ ] (?:[a-z]{{1,12}}[ ])? {_QUESTION}
          | (?P<last>last|final) [ ] {_QUESTION}
        ) (?![A-Za-z0-9]) (?![.,]\d)
        | 第 [ ]? (?P<cjk>{CJK_NUMERAL}) [ ]? [道个個]? [ ]? [小大]? (?:题目?|題目?|问题|問題|问|問)
        | (?:{CJK_NOUNS}) [ ]? (?P<kind>{CJK_NUMERAL}) (?!\d) (?!\.\d)"""
    )


def find_mentions(text: str, level: int) -> tuple[Mention, ...]:
    """Return where questions are named, in order.

    The first name of a sentence turns the text to its question where nothing stands before it but marks (`**Q3**`), or
    words that open a step (`Okay, so next is the third question`); not where the question is referred to (`as in Q1`),
    listed (`Q1 and Q2`) or done with; there a later name may (`Q1 is done, so on to Q2`). Bare numbers (`### 3.`,
    `3)`) count only in a text without such names, where they number the questions once and in order.

    Args:
        text: The thinking.
        level: Questions in the pack; numbers above it are none.
    """
    starts = [0, *(match.end() for match in _SENTENCE_START.finditer(text))]
    mentions: list[Mention] = []
    before: re.Match[str] | None = None
    for match in _named_pattern(question_nouns(text)).finditer(text):
        number = level if match["last"] else to_number(next(numeral for numeral in match.groups() if numeral))
        if number is None or not 1 <= number <= level:
            continue
        start = starts[bisect_right(starts, match.start()) - 1]
        if not mentions or mentions[-1].start < start:
            strength = _strength(text, start, match)
        elif before is not None and mentions[-1].strength == 0:
            strength = _later_strength(text, before, match)
        else:
            strength = 0.0
        mentions.append(Mention(number, start, strength))
        before = match
    if not any(mention.strength for mention in mentions):
        mentions += _headings(text, level)
    return tuple(sorted(mentions, key=lambda mention: mention.start))


def _strength(text: str, start: int, match: re.Match[str]) -> float:
    """Return how strongly the first name of a sentence, which begins at `start`, turns the text to its question."""
    if match.start() - start > _LONGEST_LEAD or _is_aside(text, match):
        return 0.0
    marks = _MARKS.match(text, start, match.start())
    lead = text[marks.end() if marks else start : match.start()]
    if _REFERENCE.search(lead):
        return 0.0
    if _IN.search(lead):
        return 0.0 if match["last"] else WEAK
    if lead and _OPENER.match(lead) is None:
        return 0.0
    begins_line = not lead and text[max(start - _LONGEST_LEAD, 0) : start].rstrip(" \t")[-1:] in ("", "\n")
    return LABEL if begins_line or _LABEL_END.match(text, match.end()) else ANNOUNCEMENT


def _later_strength(text: str, before: re.Match[str], match: re.Match[str]) -> float:
    """Return the strength of a name in a sentence that has named another in passing."""
    if match.start() - before.end() > _LONGEST_LEAD or _LIST_NEXT.match(text, before.end()) or _is_aside(text, match):
        return 0.0
    lead = text[before.end() : match.start()]
    return ANNOUNCEMENT if _MOVE.search(lead) and not _COMPARED.search(lead) else 0.0


def _is_aside(text: str, match: re.Match[str]) -> bool:
    """Return whether a name is one of a list, or of a question that is done with."""
    return bool(_LIST_NEXT.match(text, match.end()) or _OVER.match(text, match.end()))


def _headings(text: str, level: int) -> list[Mention]:
    """Return bare numbers that begin lines, where they number the questions once and in order.

    Without `#` or bold they must name all questions: steps are numbered in the same way.
    """
    for kinds, fewest in ((("hash",), 2), (("bold",), 2), (("plain",), level)):
        found = [match for match in _HEADING.finditer(text) if match.lastgroup in kinds]
        numbers = [int(match[match.lastgroup or 0]) for match in found]
        if fewest <= len(numbers) <= level and numbers == list(range(1, len(numbers) + 1)):
            return [Mention(number, match.start(), ANNOUNCEMENT) for number, match in zip(numbers, found, strict=True)]
    return []
