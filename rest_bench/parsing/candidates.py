"""Where a thinking text states a possible answer (metrics.md 7.1); golds are never looked at.

Found by rule: a box, `the answer is 5`, `So x = 5.` and `Therefore there are 5 apples.`, and the letters of choices.
Every pattern is bounded: the work is linear in the length of the text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeGuard

from rest_bench.parsing.boxes import clean_content, find_boxes, joins
from rest_bench.parsing.choice import offered_letters
from rest_bench.parsing.letters import letter_at, letter_in_box
from rest_bench.parsing.plain import without_marks
from rest_bench.parsing.values import read_bare_value
from rest_bench.schema import Problem

LONGEST_SENTENCE = 240
"""Characters from the word that announces a statement to the end of its sentence; a longer one states nothing."""
MOST_CUES = 3
"""Words of one sentence that are tried as the announcement."""
LONGEST_CANDIDATE = 300
"""Characters."""
MOST_CANDIDATES = 32
"""Of one question: no thinking makes a judge work without bound."""

# The patterns begin with a set of characters, which is what makes a search in a long text fast.
_ANSWER = re.compile(
    r"""(?x) [Aa](?<![A-Za-z].) (?i:nswer) s? (?:[ ](?:to|for|of)(?:[ ][\w()\#*]{1,12}){1,4}?)? [ ]?\#?\d{0,3} [*_]{0,3}
        [ ]{0,2} (?: [:=：] | (?:is|(?:should|must|would|will|could|might)[ ]be|equals|becomes
            |comes[ ]out[ ](?:to(?:[ ]be)?|as)) (?![a-z]) [ ]{0,2} [:：]? )
    | 答案 (?:应该|应当|应|就|即)? [是为為:：=]{1,2}"""
)
_SO = re.compile(
    r"""(?x) [SsTtHhCcIiAa](?<![A-Za-z].) (?: (?<=[Ss])o | (?P<strong> (?<=[Tt])h(?:erefore|us) | (?<=[Hh])ence
            | (?<=[Cc])onsequently | (?<=[Ii])n[ ]total | (?<=[Aa])ltogether) ) (?![A-Za-z])
    | [所因] (?: (?<=所)以 | (?<=因)此 )"""
)
_SENTENCE_END = re.compile(r"[\n。！？；;]|[.!?](?=[\s\"'”’)*$\]]|\Z)")
_CLAUSE_END = re.compile(
    r"""(?ix) [,，][ ] | [?!(（；;。] | [ ][-–—][ ] | —
    | [ ](?:and|but|because|since|so|as|which|where|when|if|for|right|then|though|not|rather|i|we|let|that|after|by)
        (?![a-z])"""
)
_LINK = re.compile(
    r"""(?ix) [=≈：] | :(?!\d) | (?<![a-z]) (?:is|are|was|were|be|equals?|equal[ ]to|gives?|gets?|got|makes?|becomes?
        |yields?|have|has|needs?) (?![a-z]) | ['’]s (?=[ ]) | [是为為得有]"""
)
_LAST_WORDS = re.compile(r"(?P<before>[^\s]*)\s(?P<value>[$€£¥]?-?[\d][\d,./]*%?(?:\s[^\W\d_]{2,15})?)\Z")
_NAMED_NUMBER = re.compile(
    r"(?i)(?:question|problem|step|case|part|theorem|lemma|equation|eq|row|q|section|option|line|by|and|or|,)\Z"
)
_FORMULA = re.compile(
    r"""(?x) (?: \\(?:[dt]?frac|sqrt|pi|infty|cdot|times|pm|left|right|circ|text|mathbb|mathrm|cup|cap|binom|log|ln
                |sin|cos|tan|theta|alpha|beta|ldots|[,;! ()\[\]{}])
        | (?:sqrt|pi|log|ln|sin|cos|tan|inf|i)(?![a-z]) | \d | (?<![A-Za-z]) [A-Za-z] (?![A-Za-z])
        | [-+*/^=_.,;:!|<>≤≥±−×÷·√π∞∪∩°()\[\]{}$%\s] | (?<=\d)[a-z](?![a-z]) )+"""
)
_HAS_VALUE = re.compile(r"\d|\\(?:pi|infty)|[π∞]")
_EDGE = " \t*_`\"'“”‘’$:：="
_MATH_MARKS = re.compile(r"\A(?:\\[(\[]|\$+)\s*|\s*(?:\\[)\]]|\$+)\Z")

_LETTER_FIRST = re.compile(
    r"""(?x) [OoCcAa](?<![A-Za-z].) (?i:ption|hoice|nswer) [ ] [(*]{0,3} (?P<letter>[A-Z]) [)*]{0,3} [ ]
        (?:is|must[ ]be|should[ ]be|seems|looks)[ ] (?:\w{1,12}[ ])? (?:the[ ])? (?:correct|right|best)"""
)
_LETTER_BEHIND = re.compile(
    r"""(?x) [Aa](?<![A-Za-z].) (?i:nswer) s? (?:[ ](?:choice|option|letter))?
            (?:[ ](?:to|for|of)(?:[ ][\w()\#*]{1,12}){1,4}?)? [*_]{0,3}
            [ ]{0,2} (?: [:=：] | (?:is|(?:should|must|would|will|could|might)[ ]be) (?![a-z]) [ ]{0,2} [:：]? )
    | [CcBbRrFf](?<![A-Za-z].) (?:orrect|est|ight|inal)[ ](?:option|choice|letter|one) [*_]{0,3}
            [ ]{0,2} (?:is(?![a-z])|[:：])
    | [CcPpSsGg](?<![A-Za-z].) (?:hoose|ick|elect|o[ ]with|o[ ]for) (?![a-z])
    | 答案 (?:应该|应当|应|就|即)? [是为為选選:：]{1,2} | 故 [选選] | 应 [选選]"""
)


class Statement(NamedTuple):
    """A place in a thinking text that states a possible answer."""

    start: int
    end: int
    """Just behind the value: how far the thinking had come when it was stated."""
    text: str


def choose(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Return the first statement of each distinct text, and the last of all behind them: `MOST_CANDIDATES` at most."""
    if not statements:
        return ()
    firsts: dict[str, Statement] = {}
    for statement in statements:
        firsts.setdefault(statement.text, statement)
        if len(firsts) == MOST_CANDIDATES:
            break
    last = statements[-1]
    kept = tuple(firsts.values())
    if kept[-1].text == last.text:
        return kept
    return (*kept[: MOST_CANDIDATES - 1], last)


Ask = Callable[[int], Problem | None]
"""Gives the problem that the text at a position is about, or null."""


def find_statements(text: str, ask: Ask, *, has_choices: bool = True) -> tuple[Statement, ...]:
    """Return where a thinking text states possible answers, by their ends.

    Args:
        text: The thinking.
        ask: Says which problem a place in it is about; where it is about none, or a program, nothing is stated.
        has_choices: False where no problem is a choice: letters are not looked for.
    """
    found = [*_boxed(text, ask), *_worded(text, ask), *(_chosen(text, ask) if has_choices else ())]
    found.sort(key=lambda statement: (statement.end, statement.start))
    # A box in an answer line is found twice.
    return tuple(
        statement
        for index, statement in enumerate(found)
        if 0 < len(statement.text) <= LONGEST_CANDIDATE and (index == 0 or found[index - 1].end != statement.end)
    )


def _is_open(problem: Problem | None) -> bool:
    return problem is not None and problem.answer_type in ("integer", "math")


def _is_choice(problem: Problem | None) -> TypeGuard[Problem]:
    return problem is not None and problem.answer_type == "choice"


def _boxed(text: str, ask: Ask) -> Iterator[Statement]:
    """Yield what boxes state; of those that form one list the later ones state all of it so far."""
    boxes = find_boxes(text)
    content = ""
    for index, box in enumerate(boxes):
        problem = ask(box.end - 1)
        if problem is None or problem.answer_type == "code" or not box.complete:
            continue
        if problem.answer_type == "choice":
            letter = letter_in_box(without_marks(box.content), offered_letters(problem))
            if letter is not None and letter.value is not None:
                yield Statement(box.start, box.end, letter.value)
            continue
        is_list = index > 0 and joins(text, boxes[index - 1], box) and len(content) <= LONGEST_CANDIDATE
        content = f"{content}, {without_marks(box.content)}" if is_list else without_marks(box.content)
        yield Statement(box.start, box.end, content)


def _worded(text: str, ask: Ask) -> Iterator[Statement]:
    """Yield the values that sentences state."""
    for pattern, read in ((_ANSWER, _read_answer), (_SO, _read_conclusion)):
        for cue, end in _sentences(text, pattern):
            sentence = text[cue.end() : end]
            value = read(cue, sentence) if _is_open(ask(end - 1)) and "\\boxed" not in sentence else None
            if value is not None:
                place = text.rfind(value, cue.end(), end)
                yield Statement(cue.start(), place + len(value) if place >= 0 else end, value)


def _sentences(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
    """Yield where a pattern matches and where the sentence of it ends; sentences that are too long are left out."""
    end = tries = 0
    for cue in pattern.finditer(text):
        if cue.end() > end:
            found = _SENTENCE_END.search(text, cue.end())
            end, tries = found.start() if found else len(text), 0
        if end - cue.end() <= LONGEST_SENTENCE and tries < MOST_CUES:
            tries += 1
            yield cue, end


def _read_answer(_: re.Match[str], sentence: str) -> str | None:
    """Read the value behind `the answer is`, up to the end of its sentence or clause."""
    value = _read(sentence)
    clause = None if value is not None else _CLAUSE_END.search(sentence)
    return _read(sentence[: clause.start()]) if clause else value


def _read_conclusion(cue: re.Match[str], sentence: str) -> str | None:
    """Read the value at the end of a conclusion: behind its last verb or sign, else its last number."""
    links = list(_LINK.finditer(sentence))
    value = _read(sentence[links[-1].end() :] if links else sentence.lstrip(" ,，"))
    if value is None and cue.lastgroup == "strong":
        last = _LAST_WORDS.search(sentence[-60:].rstrip(_EDGE))
        value = _read(last["value"]) if last and not _NAMED_NUMBER.search(last["before"]) else None
    return value


def _read(text: str) -> str | None:
    """Read a text that is nothing but a value: as values.py does, or a formula without words."""
    text = text.strip(" \t.,，")
    value = read_bare_value(text)
    if value is not None:
        return value
    bare = clean_content(_MATH_MARKS.sub("", text.strip(_EDGE)).strip(_EDGE))
    is_formula = len(bare) <= LONGEST_CANDIDATE and _HAS_VALUE.search(bare) and _FORMULA.fullmatch(bare)
    return bare if is_formula else None


def _chosen(text: str, ask: Ask) -> Iterator[Statement]:
    """Yield the letters that sentences state."""
    for phrase in _LETTER_BEHIND.finditer(text):
        problem = ask(phrase.start())
        if _is_choice(problem):
            letter = letter_at(text, phrase.end(), len(text), offered_letters(problem), has_filler=True)
            if letter is not None and letter.value is not None:
                yield Statement(phrase.start(), letter.end, letter.value)
    for phrase in _LETTER_FIRST.finditer(text):
        problem = ask(phrase.start())
        if _is_choice(problem) and phrase["letter"] in offered_letters(problem):
            yield Statement(phrase.start(), phrase.end(), phrase["letter"])
