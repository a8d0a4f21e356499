"""What must stand before and behind a name such as `Q2` for it to be a label and no mention (reading.md rule 2)."""

import re
from bisect import bisect_right

from rest_bench.parsing.languages import either_form
from rest_bench.parsing.thinking import Span
from rest_bench.parsing.values import AFTER_LABEL, TRAILING, read_value

_EMOJI = (
    r"[\u00a9\u00ae\u2000-\u206f\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\ufe00-\ufe0f\ufeff"
    r"\U0001f000-\U0001faff]"
)
_LEAD_WORDS = r"""(?:
    (?:(?:final|corrected|correct|revised|updated|complete)\s)?
    (?:answers?|ans\.?|corrections?|revisions?|updates?|solutions?|results?)(?:\s(?:to|for|of))?
    | corrected | revised | updated
    | the | for | now | next | then | so | finally | lastly | thus | hence
    | (?:antwort|lösung|ergebnis)(?:\s(?:auf|zu|von|für))? | die | zu | nun | dann
    | r(?:e|é)ponse(?:\s(?:à|a)(?:\sla)?|\spour(?:\sla)?)? | la | pour | ensuite | enfin
    | respuestas?(?:\s(?:a|para)(?:\sla)?)? | soluci(?:o|ó)n(?:\s(?:al?|del?)(?:\sla)?)? | para | ahora | finalmente
    | resposta(?:\s(?:à|a|da|para)(?:\sa)?)? | risposta(?:\s(?:alla|per\sla))?
    | ответ(?:\s(?:на|к))? | відповідь(?:\sна)? | отговор(?:\sна)? | odpowiedź(?:\s(?:na|do))? | odpověď(?:\sna)?
    | antwoord(?:\sop)? | svar(?:\s(?:på|til))? | vastaus | válasz(?:\sa)? | răspuns(?:\sla)? | απάντηση(?:\s\w{1,5})?
    | jawaban | jawapan | đáp\sán | trả\slời | cevap | jibu | sagot | odgovor(?:\sna)?
    | (?:ال)?(?:إ|ا)جابة(?:\s(?:على|عن))? | جواب | حل | پاسخ | תשובה(?:\sל)? | उत्तर | উত্তর | คำตอบ
    ) (?![^\W\d_])
    | 对于 | 對於 | 对 | 답 | 答え | 因此 | 所以 | 那么 | 接下来 | 然后 | 最后 | 现在 | (?:最终)?答案 | 解答"""
_LEAD_IN = either_form(_LEAD_WORDS)
_WRAPPER = r"<[^<>\n]{1,80}> | \\[A-Za-z]{1,20}\*?\s?\{ | \\[(\[,;!\ ] | \\(?:item|noindent|q?quad)(?![A-Za-z])"

_LINE_HEAD = re.compile(
    rf"""(?ix) (?: [\s>\#*_~`+•·◦▪●○■□◆►▶★✓|(\[（【《「『"'{{$=:：,，.。-]++ | {_EMOJI}++ | \d\ufe0f?\u20e3
        | [（(]?\d{{1,3}}[.)）、] | {_WRAPPER} | {_LEAD_IN} )*+"""
)
_INLINE_MARKS = rf"""[ \t\u00a0*_~`"'“”‘’(\[{{$&]++ | {_EMOJI}++ | {_WRAPPER}"""
_NOT_ABBREVIATED = r"(?<!\bcf)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)"
# Each begins with `.*`, so that the last place is tried first: the nearest to the name.
_INLINE = re.compile(
    rf"""(?ix) (?s:.*)
    (?: {_NOT_ABBREVIATED} [.!?;,:。！？；，、：…،؛؟।}})）\]】–—] | \\\\ | (?<![^\W_])(?:and|und|et|y|和)(?=\s) )
    (?P<head> (?: {_INLINE_MARKS} | {_LEAD_IN} )*+ ) \Z"""
)
_SENTENCE = re.compile(
    rf"""(?ix) (?s:.*)
    (?: {_NOT_ABBREVIATED} [.!?][*_)"'”’$\]]{{0,3}}\s | [。！？] )
    (?P<head> (?: {_INLINE_MARKS} | {_LEAD_IN} )*+ ) \Z"""
)
_CELL = re.compile(r"(?s:.*)\|(?P<head>[ \t*_`$]*+)\Z")
_WRAPPED = re.compile(
    r"(?i)(?<![a-z])(?:and|or|by|from|of|in|to|using|with|see|than|as|that|the|via|und|aus|mit)[ \t\r]*\Z"
)

_COLON = re.compile(
    r"""(?ix) [*_~`"'”’)\]}】）$\ \t]{0,8} (?: \([^()\n]{0,80}\) [*_\ ]{0,4} | ['’]s\s )?
    (?: (?:final\s)?(?:answer|solution|result|答案) )? [*_\ \t}]{0,6} [:：﹕︰∶꞉؛׃ঃः]"""
)
_VERB = re.compile(
    r"""(?ix) [*_\ \t]{0,4} (?: ['’]s\s(?:answer|result)\s )?
    (?: = | → | 是 | 为 | 等于
      | ,?\s(?:we|I)\s(?:get|have|find|obtain)(?![a-z])
      | (?:is|gives|equals|yields|has|asks|becomes|evaluates|comes|ist|ergibt|lautet|es|est|è|é)(?![^\W\d_]) )"""
)
_CELL_END = re.compile(r"[*_`$ \t]{0,6}(?:[|:：]|\Z)")
_LIST_GAP = re.compile(
    r"""(?ix) [\s*_)"']{0,4}
    (?: [,、/&~–—-] | (?:and|or|und|oder|to|through|et|y|bis)(?![a-z]) | [和与及至到或] )
    \s? (?:and|or|und)? [\s*_("']{0,4}"""
)
_LIST_NEXT = re.compile(r"(?i)[ *_]{0,4}(?:and|or|&|und|et|y|to|through)[ ]{1,2}\d{1,3}(?![\d.]?\d)")

_PAIR_LEAD_IN = re.compile(rf"(?ix) (?<=[\s,;.(，；。]) (?: (?:{_LEAD_IN}) [ \t]*+ | [(（\[【*_]++ )++ \Z")
_QUOTES = {"`": "`", '"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“"}
_PAIRS_FOLLOW = re.compile(
    r"(?i)(?:answers|results|solutions|final|summary|recap|答案)[^:：|\n]{0,40}(?:[:：]|are|是)[ *_]{0,4}\Z"
)
_LETTER = re.compile(r"[ \t(（\[*_`\"'$]{0,6}[A-Z][)）\]*_`\"'$]{0,6}")

_WINDOW = 48
"""Characters read before a name."""


class Lines:
    """The lines of a text, with the end of the marks and lead-in words that each begins with."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._line: Span = (0, -1)
        self._head: Span = (-1, -1)

    def _find(self, position: int) -> Span:
        """Return start and end of the line of a position; names are asked for in order, so the last one is kept."""
        start, end = self._line
        if not start <= position <= end:
            following = bisect_right(self._starts, position)
            end = self._starts[following] - 1 if following < len(self._starts) else len(self.text)
            self._line = self._starts[following - 1], end
        return self._line

    def start_of(self, position: int) -> int:
        """Return where the line of a position starts."""
        return self._find(position)[0]

    def end_of(self, position: int) -> int:
        """Return where the line of a position ends, before its line break."""
        return self._find(position)[1]

    def head_end(self, position: int) -> int:
        """Return the end of the marks and lead-in words that start the line of a position."""
        start, end = self._find(position)
        if self._head[0] != start:
            head = _LINE_HEAD.match(self.text, start, end)
            self._head = (start, head.end() if head else start)
        return self._head[1]


def starts_label(lines: Lines, start: int, end: int) -> int | None:
    """Return where the block of a name at start..end begins, or null where the name is only mentioned."""
    text = lines.text
    if _LIST_NEXT.match(text, end):
        return None
    line_start = lines.start_of(start)
    if start <= lines.head_end(start):
        return None if _is_wrapped(lines, start, end) else line_start
    window = max(line_start, start - _WINDOW)
    for before, behind in ((_INLINE, _COLON), (_SENTENCE, _VERB), (_CELL, _CELL_END)):
        place = before.match(text, window, start) if behind.match(text, end, lines.end_of(end)) else None
        if place:
            return None if _is_quoted(text, start, end) else place.start("head")
    return None


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Return whether a quotation opens at a name and goes on behind it: `the input "Q1: 12"`."""
    closing = _QUOTES.get(text[start - 1 : start])
    return closing is not None and not text.startswith(closing, end)


def _is_wrapped(lines: Lines, start: int, end: int) -> bool:
    """Return whether a name starts its line only because a sentence was broken there: `by Q1 and` / `Q2, we get`."""
    text = lines.text
    above = text[max(start - 16, 0) : max(start - 1, 0)]
    if text[start - 1 : start] != "\n" or not above.rstrip(" \t\r")[-1:].isalpha():
        return False
    if _COLON.match(text, end, lines.end_of(end)):
        return False
    return _WRAPPED.search(above) is not None


def is_list_gap(gap: str) -> bool:
    """Return whether two names with this text between them are one list, `Q1 and Q2`: neither is a label."""
    return _LIST_GAP.fullmatch(gap) is not None


def opens_pair_line(lines: Lines, start: int) -> bool:
    """Return whether nothing stands before a name on its line but marks, lead-in words and `... answers are`."""
    if start <= lines.head_end(start):
        return True
    window = max(lines.start_of(start), start - _WINDOW)
    return _PAIRS_FOLLOW.search(lines.text, window, start) is not None


def without_lead_in(gap: str) -> str:
    """Return the text between two names without the lead-in words of the second: `is 12, and the answer to`."""
    lead_in = _PAIR_LEAD_IN.search(gap, max(len(gap) - _WINDOW, 0))
    return gap[: lead_in.start()] if lead_in else gap


def is_pair_value(gap: str) -> bool:
    """Return whether the text behind a name is a value or a letter and nothing else."""
    if read_value(gap) is not None:
        return True
    lead = AFTER_LABEL.match(gap[:200])
    letter = _LETTER.match(gap, lead.end() if lead else 0)
    return letter is not None and TRAILING.fullmatch(gap, letter.end()) is not None


def is_pair_box(before: str, behind: str) -> bool:
    """Return whether a box between these two texts is all that stands behind a name."""
    lead = AFTER_LABEL.match(before[:200])
    rest = before[lead.end() if lead else 0 :].strip(" \t$*_`")
    behind = re.sub(r"\\[)\]]|\$", "", behind)
    return rest in ("", "\\(", "\\[") and TRAILING.fullmatch(behind) is not None
