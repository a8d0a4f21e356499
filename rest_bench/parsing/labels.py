"""Labels: which words of a final text say that an answer to a question begins here (reading.md rules 2 to 4)."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from rest_bench.parsing.label_context import (
    Lines,
    is_list_gap,
    is_pair_box,
    is_pair_value,
    opens_pair_line,
    starts_label,
    without_lead_in,
)
from rest_bench.parsing.languages import either_form
from rest_bench.parsing.numbering import (
    CJK_NOUNS,
    CJK_NUMERAL,
    COLONS,
    NOUNS,
    NUMERAL,
    ORDINAL,
    answer_nouns,
    is_counted_from_zero,
    question_nouns,
    to_number,
)
from rest_bench.parsing.thinking import Span

_LONGEST_GAP = 16
_NOT_IN_WORD = r"(?<![A-Za-z0-9\\\u00c0-\u024f\u0400-\u04ff])"
_KOREAN = tuple(map(either_form, ("제", "문제|문항|질문|문", "번")))
_NUMBER_WORDS = (
    r"no|nr|num|number|n\.?(?:°|º)|número|numero|numéro|nummer|numer|číslo|č|broj|numara|nomor|nombor|szám|số|namba|номер"
    r"|αριθμός|מספר|رقم|شماره|نمبر|संख्या|क्रमांक|नंबर|নং|নম্বর|எண்|సంఖ్య|番号"
)
_SIGN = (
    rf"[ \t\u00a0\u3000]{{0,2}}(?:(?:{either_form(_NUMBER_WORDS)})\.?(?![^\W\d_])|№)?"
    r"[ \t\u00a0\u3000.*_#(\[{（-]{0,4}"
)
_NUMBERED = re.compile(
    rf"""(?ix)
    (?: \|[ \t*_]{{0,4}}(?P<cell>\d{{1,3}})[ \t*_]{{0,4}}(?=\|)
      | [(（\[【] (?P<paren>\d{{1,3}}) [)）\]】]
      | (?<![\w.,/^\\]) (?: \#[ ]?(?P<hash>\d{{1,3}})(?![\w.])
        | (?P<keycap>\d)\ufe0f?\u20e3 | (?P<circled>[\u2460-\u2473\u2776-\u277f])
        | (?P<bare>\d{{1,3}}|[一二三四五六七八九十]{{1,3}}|(?-i:[IVX]{{1,5}})) [*_]{{0,3}} [.．)）、:：\]] (?!\d)
        )
      | {_NOT_IN_WORD} (?:solution|lösung|no\.|nr\.|№) {_SIGN} (?P<solution>\d{{1,3}}) (?![A-Za-z0-9]) (?![.,]\d)
    )"""
)
_ORDINAL = re.compile(
    rf"""(?ix) {_NOT_IN_WORD} (?P<ordinal>{ORDINAL})
    (?: [ ](?:question|problem|exercise|task|one|answer)(?![a-z])
      | (?=[*_]{{0,3}}[ ]?(?:[:：]|[-–—]\s|(?:is|gives|equals)[ ]))
    )"""
)
_ORDINAL_COMMA = re.compile(rf"(?i){_NOT_IN_WORD}(?P<ordinal>{ORDINAL})(?=[*_]{{0,3}}[ ]?,)")
"""`First, ...` mostly counts steps: labels only where they name every question once, in order."""

_NUMBER_KEY = (
    r'"(?:(?:q|question|problem|task|exercise)(?:[_ ]?(?:id|no|nr|num|number|index))?|id|no|nr|number|index)"'
    r'\s{0,4}:\s{0,4}"?(?:q|question )?'
)
_ANSWER_KEY = r'(?:\s{0,20}"(?:final[_ ]?)?(?:answer|result|value|solution)"\s{0,4}:)?'
_OTHER_PAIR = r'"[^"\\\n]{1,40}"\s{0,4}:\s{0,4}(?:"(?:\\.|[^"\\]){0,1000}+"|[-\w.]{1,40})\s{0,4},\s{0,20}'
_KEYED = re.compile(
    rf'(?is)\{{\s{{0,20}}(?:{_NUMBER_KEY}(?P<key>\d{{1,3}})"?\s{{0,4}},{_ANSWER_KEY}'
    rf'|(?=(?:{_OTHER_PAIR}){{1,4}}{_NUMBER_KEY}(?P<later>\d{{1,3}})"?\s{{0,4}}[,}}]))'
)
"""An object of JSON with the number of its question: `{"question": 1, "answer": 12}`, in this order or another."""
_NUMBER_AS_KEY = re.compile(r'[{,]\s{0,20}"(?P<key>\d{1,3})"\s{0,4}:')
"""`{"1": "12", "2": "7"}`: where nothing else names a question."""
_UNNUMBERED = re.compile(
    r"""(?ix) (?<![^\W_]) (?: (?:bonus|extra)[ ](?:question|problem|exercise|task|challenge) (?:[ ]\#?\d{1,2})?
        | (?:next|additional|further|follow-?up)[ ](?:question|problem|exercise|task)
        | (?:question|pregunta|domanda)[ ](?:bonus|extra|suivante|supplémentaire|adicional|siguiente|successiva)
        | pergunta[ ](?:extra|adicional|bônus|seguinte) | (?:zusatz|bonus)(?:frage|aufgabe)
        | nächste[ ](?:frage|aufgabe)
        | (?:дополнительный|следующий|бонусный)[ ]вопрос | (?:附加|额外|額外|加分)(?:题目?|題目?|问题|問題) | 下一[题題]
        | (?:追加|おまけの?|次の)(?:問題|質問) | (?:추가|보너스|다음)[ ]?(?:문제|질문) )
    (?= [*_]{0,3} (?: [ ]?\([^()\n]{0,40}\) )? [*_]{0,3} [ ]? (?:[:：.．—–\r\n-]|\Z) )"""
)
"""A further question without a number: `**Bonus question:**`."""
_FURTHER = re.compile(rf"(?i){_NOT_IN_WORD}(?P<ordinal>{ORDINAL})[ ](?:question|problem|exercise|task)(?![a-z])")
_STATES = re.compile(
    r"(?i)[*_)\]\s]{0,6}(?:=|['’]s\s|(?:is|are|was|were|gives|equals|has|asks|becomes|of)(?![a-z])|(?:fy|['’])?\s?\d{2,4}(?!\d))"
)
"""Behind a label above the level: a verb, a sign of equality or a year."""
_SECOND_NAME = re.compile(r"(?P<between>[^\w]*+)(?P<noun>[^\W\d_]*+)[^\w]*+\d+[a-h]?")
_LAST_NOUN = re.compile(r"[^\W\d_]+(?=\W*\w{1,4}\W*\Z)")
_LONGEST_NAME = 60


@lru_cache(maxsize=512)
def _named_pattern(questions: str, answers: str) -> re.Pattern[str]:
    """Return what finds Q-style labels: a noun and a numeral."""
    return re.compile(
        rf"""(?ix)
        (?: {_NOT_IN_WORD} (?:
              (?:[qｑ]|qn|qu) {_SIGN} (?P<q>\d{{1,4}})
            | (?:{questions}) {_SIGN} (?P<noun>{NUMERAL})
            | (?:a|(?:{answers})[ \t_]{{0,2}}\#?) (?P<answer>{NUMERAL})
                (?= [*_\s"]{{0,4}} (?:[{COLONS})=>|–—-]|\.[*_]{{0,3}}(?:\s|\Z)) )
            | (?<=\#[ ]) (?:{answers})[ ]\#? (?P<heading>{NUMERAL}) (?=[*_ ]{{0,4}}(?:[\r\n]|\Z))
            ) (?: [a-h] | [ ]?\([a-h]\) )? (?![A-Za-z0-9]) (?![.,]\d)
          | (?<![\w.,/^\\]) (?P<first>\d{{1,3}}) (?:[.-][ ]?|[ ]?নং[ ]) (?!(?:{NOUNS})(?![^\W\d_])) (?:{questions})
            (?![^\W\d_]) (?=[*_ ]{{0,4}}(?:[{COLONS}\r\n]|\Z))
          | 第 \s? (?P<cjk>{CJK_NUMERAL}) \s? [道个個]? \s? [小大]? (?:题目?|題目?|问题|問題|问|問)
          | (?:{CJK_NOUNS}) \s? [（(]? (?P<kind>{CJK_NUMERAL}) (?!\d) (?!\.\d)
          | 答案 \s? (?P<solved>{CJK_NUMERAL}) (?= \s?[:：] )
          | {_KOREAN[0]} \s? (?P<nth>\d{{1,4}}) \s? (?:{_KOREAN[1]})
          | (?<![\d.]) (?P<korean>\d{{1,4}}) (?:{_KOREAN[2]})
        )"""
    )


class _Name(NamedTuple):
    """A noun and a numeral, label or mention."""

    number: int
    start: int
    end: int


class Label(NamedTuple):
    """The name of a question where its answer begins."""

    number: int
    """1 to level; above it the name of a question that the model put to itself."""
    start: int
    """Where its block begins: its line, or the place behind the punctuation before it."""
    end: int
    """Just after its name."""
    line_end: int | None = None
    """Set on a line of nothing but labels and values: the block goes no further than its line."""


def find_labels(text: str, level: int, masked: Sequence[Span]) -> tuple[Label, ...]:
    """Return the labels of a final text, in order (rules 2 to 4).

    Args:
        text: The final text.
        level: Questions in the pack.
        masked: Where no label is read, in order: boxes and program code.
    """
    lines = Lines(text)
    named = _read(lines, _named_pattern(question_nouns(text), answer_nouns(text)), masked)
    keyed = [Label(*name) for name in _unmasked(_KEYED.finditer(text), masked)] if level > 1 else []
    if level > 1 and not named and not keyed:
        keyed = _number_keys(text, level, masked)
    named = sorted([*named, *keyed], key=lambda label: label.start) if keyed else named
    own = _within(named, level)
    further = [label for label in named if label.number > level]
    if own and len(own) < level + 2:
        further += [label for label in _read(lines, _FURTHER, masked) if label.number > level]
    if own or level == 1:
        further += _unnumbered(lines, level, masked)
    further = _without_mentions(lines, own, sorted(further, key=lambda label: label.start), masked)
    if own or further or level == 1:
        return tuple(sorted([*own, *further], key=lambda label: label.start))
    return _within(_weak_labels(lines, level, masked), level)


def _number_keys(text: str, level: int, masked: Sequence[Span]) -> list[Label]:
    """Return the keys of an object that are numbers, where there are several and each is that of one question."""
    labels = [Label(*name) for name in _unmasked(_NUMBER_AS_KEY.finditer(text), masked)]
    numbers = [label.number for label in labels]
    is_numbering = 1 < len(numbers) == len(set(numbers)) and max(numbers) <= level
    return labels if is_numbering else []


def _unnumbered(lines: Lines, level: int, masked: Sequence[Span]) -> list[Label]:
    """Return where lines begin with a further question that has no number; it gets the first number of none."""
    spans = [match.span() for match in _UNNUMBERED.finditer(lines.text)]
    names = [_Name(level + 1, *span) for span in spans if not _is_masked(span, masked)]
    return [label for name in names for label in _at_line_start(lines, name)]


def _is_masked(span: Span, masked: Sequence[Span]) -> bool:
    index = bisect_left(masked, (span[0], span[0]))
    return any(start < span[1] and span[0] < end for start, end in masked[max(index - 1, 0) : index + 1])


def _without_mentions(
    lines: Lines, own: Sequence[Label], further: Sequence[Label], masked: Sequence[Span]
) -> list[Label]:
    """Return the labels above the level that begin a section of their own.

    `Q3 = 9` may be a quartile and `Q3 2024` a quarter: where a verb or a year follows, a box on its line must tell.
    """
    starts = [label.end for label in own]
    kept: list[Label] = []
    for label in further:
        index = bisect_left(starts, label.end)
        if index and _is_second_name(lines.text, own[index - 1], label):
            continue
        line_end = lines.end_of(label.end)
        box = bisect_left(masked, (label.end, 0))
        has_box = box < len(masked) and masked[box][0] < line_end
        if has_box or label.line_end is not None or not _STATES.match(lines.text, label.end, line_end):
            kept.append(label)
    return kept


def _is_second_name(text: str, label: Label, further: Label) -> bool:
    """Return whether a label above the level only names the question before it again: `Q2 (Problem 12 of the book)`."""
    match = _SECOND_NAME.fullmatch(text[label.end : further.end][:_LONGEST_NAME])
    if match is None:
        return False
    noun = _LAST_NOUN.search(text[label.start : label.end][-_LONGEST_NAME:])
    is_same = noun is not None and noun[0].lower() == match["noun"].lower()
    return "\n" not in match["between"] or not is_same


def _weak_labels(lines: Lines, level: int, masked: Sequence[Span]) -> list[Label]:
    """Return bare numbers or ordinals, whichever come first; none where one is above the level (rule 3)."""
    numbered = _read(lines, _NUMBERED, masked)
    ordinal = _read(lines, _ORDINAL, masked)
    discourse = _read(lines, _ORDINAL_COMMA, masked)
    if [label.number for label in discourse] != list(range(1, level + 1)):
        discourse = []
    # The outer numbering stands first; the others count steps inside a question.
    labels = min(numbered, ordinal, discourse, key=lambda found: found[0].start if found else len(lines.text))
    return [] if any(label.number > level for label in labels) else labels


def _within(labels: list[Label], level: int) -> tuple[Label, ...]:
    labels = [label for label in labels if label.number <= level]
    if is_counted_from_zero([label.number for label in labels], level):
        return tuple(label._replace(number=label.number + 1) for label in labels)
    return tuple(label for label in labels if label.number >= 1)


def _read(lines: Lines, pattern: re.Pattern[str], masked: Sequence[Span]) -> list[Label]:
    names = _unmasked(pattern.finditer(lines.text), masked)
    listed = _list_members(lines.text, names)
    found: list[Label] = []
    for _, group in groupby(names, key=lambda name: lines.start_of(name.start)):
        on_line = list(group)
        pairs = _pair_line(lines, on_line, masked)
        if pairs:
            found += pairs
        elif pattern is _NUMBERED:
            found += _at_line_start(lines, on_line[0])
        else:
            found += _in_context(lines, on_line, listed)
    return found


def _unmasked(matches: Iterable[re.Match[str]], masked: Sequence[Span]) -> list[_Name]:
    names: list[_Name] = []
    index = 0
    for match in matches:
        while index < len(masked) and masked[index][1] <= match.start():
            index += 1
        if index == len(masked) or match.end() <= masked[index][0]:
            number = to_number(match[match.lastgroup or 0])
            if number is not None:
                names.append(_Name(number, match.start(), match.end()))
    return names


def _list_members(text: str, names: list[_Name]) -> set[_Name]:
    return {
        name
        for pair in pairwise(names)
        if pair[1].start - pair[0].end <= _LONGEST_GAP and is_list_gap(text[pair[0].end : pair[1].start])
        for name in pair
    }


def _at_line_start(lines: Lines, name: _Name) -> list[Label]:
    if name.start > lines.head_end(name.start):
        return []
    return [Label(name.number, lines.start_of(name.start), name.end)]


def _in_context(lines: Lines, names: list[_Name], listed: set[_Name]) -> list[Label]:
    starts = [(name, starts_label(lines, name.start, name.end)) for name in names if name not in listed]
    return [Label(name.number, start, name.end) for name, start in starts if start is not None]


def _pair_line(lines: Lines, names: list[_Name], masked: Sequence[Span]) -> list[Label]:
    """Return all names of a line that holds nothing but names and their values, `Q1 = 12, Q2 = 7` (rule 2)."""
    if len(names) < 2 or not opens_pair_line(lines, names[0].start):
        return []
    line_end = lines.end_of(names[0].start)
    ends = [name.start for name in names[1:]] + [line_end]
    if not all(_is_pair(lines.text, name.end, end, masked) for name, end in zip(names, ends, strict=True)):
        return []
    starts = [lines.start_of(names[0].start), *(name.start for name in names[1:])]
    return [Label(name.number, start, name.end, line_end) for name, start in zip(names, starts, strict=True)]


def _is_pair(text: str, start: int, end: int, masked: Sequence[Span]) -> bool:
    index = bisect_left(masked, (start, start))
    if index == len(masked) or masked[index][0] >= end:
        return is_pair_value(without_lead_in(text[start:end]))
    box_start, box_end = masked[index]
    return box_end <= end and is_pair_box(text[start:box_start], without_lead_in(text[box_end:end]))
