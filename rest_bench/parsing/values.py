"""Boxless values: what counts as a plain value right after a label (reading.md rule 11)."""

import re

from rest_bench.parsing.languages import all_words
from rest_bench.parsing.numbering import COLONS

_NUMBER = r"(?:\d+(?:[,٬，]\d{3})*(?:[.٫．]\d+)?|\.\d+)"
_LATEX_FRACTION = r"\\[dt]?frac(?:\{[^{}]{1,60}\}\{[^{}]{1,60}\}|\d\d)"
_FRACTION = rf"(?:\d+[ ])?{_NUMBER}[ ]?/[ ]?{_NUMBER}|(?:\d+[ ]?)?{_LATEX_FRACTION}"
_NO_UNIT = r"(?:and|or|und|et|y|is|so|but|because|since|from)(?![a-z])"
_UNIT = (
    r"\\?[%٪％]|°[CF]?|[€£¥₹৳₩₽₺฿]|\\(?:text|mathrm)\{[^{}]{1,20}\}"
    rf"|(?!{_NO_UNIT})[^\W\d_]{{1,15}}(?:[/^·][\w^/]{{1,10}}|[²³])?"
)
_MATH = r"\$\$?(?P<dollars>[^$\n]{1,300})\$\$?|\\\((?P<round>[^\n]{1,300})\\\)|\\\[(?P<square>[^\n]{1,300})\\\]"
_PLAIN = rf"[-+−–±]?[ ]?(?:\\?[$€£¥₹৳₩₽₺฿][ ]?)?[-+−–]?(?:{_FRACTION}|{_NUMBER})(?:[ ]?(?:{_UNIT}))?"
_VALUE = re.compile(rf"(?:{_MATH})|(?P<plain>{_PLAIN})")

_MARKS = r"[ \t\u00a0*_`~\"'“”‘’«»]"
_CLOSING_MARKS = r"[ \t\u00a0*_`~\"'“”‘’)\]}】）]"
_ANSWERS = "|".join(map(re.escape, all_words("answers")))
AFTER_LABEL = re.compile(
    rf"""(?ix) {_CLOSING_MARKS}{{0,12}} (?: (?<=['’])s[ ] )? (?: (?:of|/)[ ]?\d{{1,4}} {_CLOSING_MARKS}{{0,4}} )?
    (?: \( (?![A-Za-z]\)) [^()\n|]{{0,80}} \) {_CLOSING_MARKS}{{0,4}} )?
    (?: [{COLONS}=→|] | [-=]>
      | [.．、,，](?!\d) | [-–—] | (?:is|gives|equals|=|ist|lautet|est?|è|é|为|是)(?![A-Za-z]) )?
    {_MARKS}{{0,8}} (?: \{{ [ ]{{0,4}} "(?:final[_ ])?answer"[ ]?: {_MARKS}{{0,8}} )?
    (?: (?:the[ ])?(?:final[ ]|correct[ ])?(?:answer|ans|的?答案)
        [*_]{{0,3}}[ ]?(?:is(?![a-z])|[:：=|是为]){{1,2}}
      | (?:{_ANSWERS})[*_]{{0,3}}[ ]?[{COLONS}=|] )?
    [ \t|]{{0,20}}"""
)
"""From the end of a label to the value behind it: closing marks, `of 3`, a remark in brackets, one separator."""

_TAG = re.compile(r"<[^<>\n]{1,80}>")
_LONGEST_SEGMENT = 1000
_EDGE = " \t\r\u00a0*_`~\"'“”‘’«»|"
TRAILING = re.compile(r"(?i)(?:[\s*_`\"'“”‘’«»,;，；、。)}\]]|\.(?!\d)|(?<![a-z])(?:and|und|et|y|和)(?![a-z]))*+")


def read_value(segment: str) -> str | None:
    """Return the value if a segment (label's end to the end of its line, cell or next label) is nothing else.

    A number or a fraction with sign, currency, percent or one unit, or `$...$`; without bold, quotes, `$` or full stop
    (rule 14). A sentence is no value: null.
    """
    segment = segment.rstrip()
    if not 0 < len(segment) <= _LONGEST_SEGMENT:
        return None
    segment = _TAG.sub(" ", segment)
    lead = AFTER_LABEL.match(segment)
    return read_bare_value(segment[lead.end() if lead else 0 :])


def read_bare_value(text: str) -> str | None:
    """Return the value if a text, marks aside, is nothing else, without bold, quotes, `$` or full stop; else null."""
    rest = text.lstrip(_EDGE)
    value = _VALUE.match(rest)
    if value is None or not TRAILING.fullmatch(rest[value.end() :].partition("|")[0]):
        return None
    inner = value["dollars"] or value["round"] or value["square"]
    return (inner or value["plain"]).strip().lstrip("$").strip() or None
