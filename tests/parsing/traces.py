"""Thinking texts in several styles, made from a seed, with the question that each piece of them is about."""

import random
from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

from rest_bench.parsing.thinking import Span
from rest_bench.schema import Problem

PEOPLE = (
    "Amara",
    "Boris",
    "Chidi",
    "Delia",
    "Emeka",
    "Farid",
    "Greta",
    "Hiro",
    "Ines",
    "Jonas",
    "Kofi",
    "Leila",
    "Marek",
    "Nadia",
    "Omar",
    "Priya",
)
THINGS = (
    "lanterns",
    "barrels",
    "tickets",
    "violins",
    "marbles",
    "blankets",
    "melons",
    "candles",
    "bottles",
    "stamps",
    "kites",
    "ropes",
)
PLACES = ("bakery", "harbour", "orchard", "museum", "quarry", "library", "stable", "market", "workshop", "theatre")
ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)
IDLE = (
    "Hmm, let me be careful with this.",
    "Wait, that does not look right.",
    "Let me see whether that makes sense.",
    "I should double-check the arithmetic.",
    "Yes, that works.",
    "Alternatively, go about it the other way round.",
)


class Piece(NamedTuple):
    """A paragraph and what it is about: 0 the plan, 1 to s the questions, s + 1 the summary."""

    state: int
    text: str


class Story(NamedTuple):
    """A word problem with its numbers."""

    problem: Problem
    person: str
    thing: str
    numbers: tuple[int, int, int]


class Trace(NamedTuple):
    """A thinking text with what it is about, stretch by stretch."""

    text: str
    spans: tuple[tuple[int, int, int], ...]
    """(start, end, state), without a gap."""

    def accuracy(self, paragraphs: tuple[Span, ...], states: tuple[int, ...]) -> float:
        """Return the share of characters that paragraphs with these states give to what they are about."""
        right = 0
        for (start, end), state in zip(paragraphs, states, strict=True):
            right += sum(max(min(end, e) - max(start, s), 0) for s, e, truth in self.spans if truth == state)
        return right / len(self.text)


def stories(level: int, draw: random.Random) -> tuple[Story, ...]:
    people, things = draw.sample(PEOPLE, level), draw.sample(THINGS, level)
    return tuple(
        _story(str(k), person, thing, draw) for k, (person, thing) in enumerate(zip(people, things, strict=True))
    )


def _story(id: str, person: str, thing: str, draw: random.Random) -> Story:
    first, each, given = draw.randint(20, 400), draw.randint(3, 60), draw.randint(11, 90)
    question = (
        f"{person} has {first} {thing} at the {draw.choice(PLACES)} and packs {each} more every day for a week. After "
        f"giving away {given} of them, how many {thing} does {person} have left?"
    )
    problem = Problem(id=id, question=question, gold="unseen", answer_type="integer")
    return Story(problem, person, thing, (first, each, given))


def work(story: Story, draw: random.Random) -> list[str]:
    """Return paragraphs of work on a story: some hold its numbers, most only results."""
    first, each, given = story.numbers
    total = first + 7 * each
    steps = [
        f"In a week that makes 7 times {each}, which is {7 * each} {story.thing}.",
        f"So before giving any away there are {first} + {7 * each} = {total}.",
        f"{story.person} gives away {given}, so {total} - {given} = {total - given}.",
    ]
    checks = [
        f"Let me check: {total - given} + {given} = {total}, and {total} - {7 * each} = {first}.",
        f"So the answer should be {total - given}.",
    ]
    paragraphs = [line for step in steps for line in (step, *_idle(draw))]
    for _ in range(draw.randint(0, 3)):
        paragraphs += [draw.choice(checks), *_idle(draw)]
    return paragraphs


def _idle(draw: random.Random) -> list[str]:
    return draw.sample(IDLE, draw.randint(0, 2))


def _opened(story: Story, opening: str, draw: random.Random, state: int) -> list[Piece]:
    return [Piece(state, opening), *(Piece(state, text) for text in work(story, draw))]


def labelled(asked: tuple[Story, ...], draw: random.Random) -> Iterator[Piece]:
    """As R1 thinks: a plan, a label and the question again, a summary."""
    yield Piece(0, f"Okay, I have {len(asked)} questions to answer. Let me go through them one by one.")
    for k, story in enumerate(asked, start=1):
        opening = draw.choice(("Okay, question {k}: {q}", "Q{k}: {q}", "Now on to question {k}. {q}", "**Q{k}** {q}"))
        yield from _opened(story, opening.format(k=k, q=story.problem.question), draw, k)
    yield Piece(len(asked) + 1, "Alright, now I can write down the final answers to these questions.")


def barely_labelled(asked: tuple[Story, ...], draw: random.Random) -> Iterator[Piece]:
    """Labels without a word of the question, and without its numbers in most of the work."""
    for k, story in enumerate(asked, start=1):
        opening = draw.choice(("Q{k}.", "Let's do problem {k} now.", "Next, question {k}.", "Moving on to Q{k}."))
        yield from _opened(story, opening.format(k=k), draw, k)


def ordinals(asked: tuple[Story, ...], draw: random.Random) -> Iterator[Piece]:
    for k, story in enumerate(asked, start=1):
        name = ORDINALS[k - 1] if k < len(asked) or len(asked) == 1 else draw.choice(("last", ORDINALS[k - 1]))
        opening = draw.choice(
            ("The {n} question asks about {t}.", "Okay, {n} problem. {q}", "Now the {n} question: {q}")
        )
        text = opening.format(n=name, t=story.thing, q=story.problem.question)
        yield from _opened(story, text[0].upper() + text[1:], draw, k)


def headings(asked: tuple[Story, ...], draw: random.Random) -> Iterator[Piece]:
    heading = draw.choice(("### Question {k}", "### {k}.", "## Problem {k}: {t}", "**{k}.** {t}", "**Problem {k}**"))
    for k, story in enumerate(asked, start=1):
        yield from _opened(story, heading.format(k=k, t=story.thing), draw, k)


def restated(asked: tuple[Story, ...], draw: random.Random) -> Iterator[Piece]:
    """No label at all: every question is repeated where the work on it begins."""
    for k, story in enumerate(asked, start=1):
        opening = draw.choice(("First problem: {q}", "Next problem: {q}", "Let me read this. {q}", "{q}"))
        opening = opening if k == 1 or "First" not in opening else "Next one. {q}"
        yield from _opened(story, opening.format(q=story.problem.question), draw, k)


def numbers_only(asked: tuple[Story, ...], draw: random.Random) -> Iterator[Piece]:
    """Neither label nor question: only the numbers and things of each."""
    for k, story in enumerate(asked, start=1):
        first, each, given = story.numbers
        yield from _opened(story, f"There are {first} {story.thing}, then {each} a day, minus {given}.", draw, k)


def rechecked(asked: tuple[Story, ...], draw: random.Random) -> Iterator[Piece]:
    """All questions in order, then back to some of them."""
    yield from list(labelled(asked, draw))[:-1]
    for k in draw.sample(range(1, len(asked) + 1), min(2, len(asked))):
        opening = draw.choice(
            ("Wait, let me double-check question {k}.", "Let me go back to Q{k}.", "Let me verify Q{k}:")
        )
        yield from _opened(asked[k - 1], opening.format(k=k), draw, k)
    yield Piece(len(asked) + 1, "So the final answers are ready.")


def chinese(asked: tuple[Story, ...], draw: random.Random) -> Iterator[Piece]:
    for k, story in enumerate(asked, start=1):
        yield from _opened(
            story, draw.choice(("第{k}题：{t}", "现在看第{k}题。", "问题{k}：{t}")).format(k=k, t=story.thing), draw, k
        )


Style = Callable[[tuple[Story, ...], random.Random], Iterator[Piece]]

STYLES: tuple[Style, ...] = (
    labelled,
    barely_labelled,
    ordinals,
    headings,
    restated,
    numbers_only,
    rechecked,
    chinese,
)


def join(pieces: list[Piece], separator: str = "\n\n") -> Trace:
    """Join pieces to a thinking text; the opening tag belongs to the plan, the closing one to the last piece."""
    texts = ["<think>\n", *(piece.text + separator for piece in pieces)]
    texts[-1] += "</think>"
    starts = [0, *accumulate(map(len, texts))]
    states = [0, *(piece.state for piece in pieces)]
    return Trace(
        "".join(texts),
        tuple((start, end, state) for (start, end), state in zip(pairwise(starts), states, strict=True)),
    )
