"""What in a paragraph of thinking speaks for a question of the pack (the emission scores of metrics.md 7.12)."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rest_bench.parsing.mentions import Mention
from rest_bench.parsing.thinking import Span
from rest_bench.schema import Problem

RARE = 0.8
"""The most that shared tokens count, where a label counts 1."""
RESTATED = 0.8
"""What a restatement counts."""
RUN = 8
"""Words in a row that make a restatement."""
OVERVIEW = 0.8
"""What a list of questions, or a sentence about all of them, counts for the plan and for the summary."""
LONGEST_OVERVIEW = 320
"""Characters of a paragraph that may be about all of the questions."""
LONGEST_ENTRY = 40
"""Characters for each question named in a paragraph that is a list of questions."""

_WORD = re.compile(r"\\[A-Za-z]+|\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+")
_FORMULA = re.compile(r"(?<![\d.])\d++(?:\.\d++)?(?:\s?[-+*/×÷·^−]\s?\d++(?:\.\d++)?)+")
_SENTENCE_END = re.compile(r"[.!?:]\s*\Z|\A\s*\Z")
_PLAN = re.compile(
    r"(?i)\b(?:one by one|(?:these|the|all|each of the|several|multiple|\d{1,2}|two|three|four|five|six|eight|nine|ten)"
    r" (?:\w{1,12} )?(?:questions|problems|exercises|tasks))\b|这些(?:问题|题)|逐一|一个一个"
)
_SUMMARY = re.compile(
    r"(?i)\b(?:final|all|these|the|my|both) answers\b|\bfinal response\b|\bsummary of\b|最终答案|所有(?:问题|题|答案)"
)
_COMMON_WORDS = """
about above after again also always answer because been before being below between both calculate cannot case come
compute could determine does done down each either else equal equals every evaluate exactly expression few final
find first following from function give given gives have having here hence high however hold integer into itself
just know known large last least less like long made make makes many maximum mean means minimum more most much must
need next number numbers only other over part percent place possible problem product question ratio real remember
result right same second several shall should show simplify since small solution solve some still such suppose take
term terms than that their them then there therefore these they thing think third this those three through thus time
times total under until upon used uses using value values various very want well were what when where whether which
while whole whose will with within without word work would write wrote year your
"""
_COMMON_COMMANDS = r"\frac \dfrac \text \left \right \cdot \times \boxed \quad \begin \end"
_STOP_WORDS = frozenset(_COMMON_WORDS.split() + _COMMON_COMMANDS.split())
"""Words that many questions and much thinking hold, whatever they are about."""


class Question(NamedTuple):
    """What is looked for of one question."""

    tokens: Mapping[str, float]
    """Rare tokens to their weight."""
    runs: frozenset[tuple[str, ...]]
    """Its runs of `RUN` words that no other question of the pack has."""


def read_questions(problems: Sequence[Problem]) -> tuple[Question, ...]:
    """Return what to look for of each question of a pack; golds are never looked at.

    A token weighs 1 (a number of several digits, a name, a formula), 2 (a formula of three numbers or more) or less (a
    plain word, a digit, a LaTeX command), times its inverse frequency over the questions of the pack, ln(s/n) / ln(s):
    what all of them hold says nothing.
    """
    texts = ["\n".join([problem.question, *(option.text for option in problem.options)]) for problem in problems]
    tokens = [_weighted_tokens(text) for text in texts]
    runs = [set(_runs(_words(text))) for text in texts]
    holders = Counter(token for weighted in tokens for token in weighted)
    run_holders = Counter(run for own in runs for run in own)
    scale = math.log(len(problems)) or 1.0
    return tuple(
        Question(
            {
                token: weight * math.log(len(problems) / holders[token]) / scale
                for token, weight in weighted.items()
                if holders[token] < len(problems)
            },
            frozenset(run for run in own if run_holders[run] == 1),
        )
        for weighted, own in zip(tokens, runs, strict=True)
    )


def score_paragraphs(
    text: str, paragraphs: Sequence[Span], mentions: Sequence[Mention], questions: Sequence[Question]
) -> list[list[float]]:
    """Return the evidence of each paragraph for each state: 0 the plan, 1 to s the questions, s + 1 the summary.

    Args:
        text: The thinking.
        paragraphs: Its spans, in order and without a gap.
        mentions: Where questions are named in it, in order.
        questions: Of the pack.
    """
    scores = [[0.0] * (len(questions) + 2) for _ in paragraphs]
    _add_mentions(scores, text, paragraphs, mentions)
    _add_overlap(scores, text, paragraphs, questions)
    return scores


def _add_mentions(
    scores: list[list[float]], text: str, paragraphs: Sequence[Span], mentions: Sequence[Mention]
) -> None:
    index = 0
    for row, (start, end) in zip(scores, paragraphs, strict=True):
        first = index
        while index < len(mentions) and mentions[index].start < end:
            index += 1
        named = mentions[first:index]
        numbers = {mention.number for mention in named}
        strong = next((mention for mention in named if mention.strength), None)
        if len(numbers) >= 2 and 2 * len(numbers) >= len(row) - 2 and end - start <= LONGEST_ENTRY * len(numbers):
            row[0] = row[-1] = OVERVIEW
        elif strong is not None:
            row[strong.number] += strong.strength
        elif end - start <= LONGEST_OVERVIEW:
            row[0] = OVERVIEW if _PLAN.search(text, start, end) else 0.0
            row[-1] = OVERVIEW if _SUMMARY.search(text, start, end) else 0.0


def _add_overlap(
    scores: list[list[float]], text: str, paragraphs: Sequence[Span], questions: Sequence[Question]
) -> None:
    """Add what restatements and shared tokens count.

    Tokens speak for the one question that they overlap most, by as much as it leads, and only beyond a weight of 1: one
    number that a result has by chance is no evidence. A token in more paragraphs than a question's fair share of them
    weighs less, by the root: a result that runs through the whole thinking does not pull it elsewhere.
    """
    vocabulary = frozenset(token for question in questions for token in question.tokens)
    runs = {run: number for number, question in enumerate(questions, start=1) for run in question.runs}
    if not vocabulary and not runs:
        return
    found: list[set[str]] = []
    for row, (start, end) in zip(scores, paragraphs, strict=True):
        words = _words(text[start:end])
        found.append({token for token in (*words, *_formulas(text[start:end])) if token in vocabulary})
        restated = {runs[run] for run in _runs(words) if run in runs}
        for number in restated:
            row[number] += RESTATED / len(restated)
    spread = Counter(token for tokens in found for token in tokens)
    fair = max(3.0, len(paragraphs) / len(questions))
    damping = {token: min(1.0, math.sqrt(fair / count)) for token, count in spread.items()}
    for row, tokens in zip(scores, found, strict=True):
        if tokens:
            _add_rare(row, sorted(tokens), damping, questions)


def _add_rare(
    row: list[float], tokens: Sequence[str], damping: Mapping[str, float], questions: Sequence[Question]
) -> None:
    overlaps = [sum(question.tokens.get(token, 0.0) * damping[token] for token in tokens) for question in questions]
    highest = max(overlaps)
    leader = overlaps.index(highest)
    rival = max(overlaps[:leader] + overlaps[leader + 1 :])
    row[leader + 1] += RARE * min(max(highest - 1.0, 0.0), 1.0) * (highest - rival) / highest if highest else 0.0


def _words(text: str) -> list[str]:
    """Return the words, numbers and LaTeX commands of a text, in lower case and without commas."""
    return [_plain(word) for word in _WORD.findall(text)]


def _plain(word: str) -> str:
    return word.replace(",", "").lower()


def _formulas(text: str) -> list[str]:
    return [re.sub(r"\s", "", formula) for formula in _FORMULA.findall(text)]


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(words) - RUN + 1):
        yield tuple(words[start : start + RUN])


def _weighted_tokens(text: str) -> dict[str, float]:
    weights = {formula: 2.0 if len(re.findall(r"[\d.]+", formula)) > 2 else 1.0 for formula in _formulas(text)}
    for match in _WORD.finditer(text):
        token, start = _plain(match.group()), match.start()
        is_name = text[start].isupper() and _SENTENCE_END.search(text[max(start - 3, 0) : start]) is None
        weight = _weight(token, is_name=is_name)
        if weight:
            weights[token] = max(weight, weights.get(token, 0.0))
    return weights


def _weight(token: str, *, is_name: bool) -> float:
    if token in _STOP_WORDS:
        return 0.0
    if token[0].isdigit():
        return 1.0 if len(token) > 1 else 0.3
    if token[0] == "\\":
        return 0.4
    if is_name and len(token) > 1:
        return 1.0
    return 0.6 if len(token) > 3 else 0.0
