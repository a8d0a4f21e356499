"""Ten thousand replies that nobody would write: random ones, and mutations of both corpora; the same ones each time."""

import random

import pytest

from rest_bench.parsing import parse_response, split_thinking
from rest_bench.schema import Answer, AnswerType, Response
from tests.parsing.build import make_pack, make_problem, make_response
from tests.parsing.test_corpus import CASES
from tests.parsing.test_properties import FRAGMENTS

N_REPLIES = 10_000
BATCHES = 10
LONGEST = 3_000
"""Characters: the few very long replies of the corpora are cut, so that most of the time is not theirs."""
REPLIES: list[str] = [case["response"][:LONGEST] for case in CASES]
KINDS: tuple[AnswerType, ...] = ("integer", "math", "choice", "code")


def delete_span(text: str, draw: random.Random) -> str:
    start, end = sorted(draw.choices(range(len(text) + 1), k=2))
    return text[:start] + text[min(end, start + 40) :]


def double_span(text: str, draw: random.Random) -> str:
    start, end = sorted(draw.choices(range(len(text) + 1), k=2))
    return text[:end] + text[start:end] * draw.randint(1, 4) + text[end:]


def swap_lines(text: str, draw: random.Random) -> str:
    lines = text.split("\n")
    draw.shuffle(lines)
    return "\n".join(lines)


def insert_fragments(text: str, draw: random.Random) -> str:
    for fragment in draw.choices(FRAGMENTS, k=draw.randint(1, 5)):
        place = draw.randint(0, len(text))
        text = text[:place] + fragment + text[place:]
    return text


def splice(text: str, draw: random.Random) -> str:
    other = draw.choice(REPLIES)
    return text[: draw.randint(0, len(text))] + other[draw.randint(0, len(other)) :]


def change_characters(text: str, draw: random.Random) -> str:
    signs = list(text)
    for place in draw.choices(range(len(signs)), k=4) if signs else ():
        signs[place] = draw.choice("\\{}$`|\n\r\t .,:;Qq12ABIé一\u200f\x00")
    return "".join(signs)


def cut(text: str, draw: random.Random) -> str:
    return text[: draw.randint(0, len(text))]


def make_up(_: str, draw: random.Random) -> str:
    return "".join(draw.choices(FRAGMENTS, k=draw.randint(0, 60)))


MUTATIONS = (delete_span, double_span, swap_lines, insert_fragments, splice, change_characters, cut, make_up)


def fuzzed_reply(number: int) -> tuple[Response, tuple[AnswerType, ...]]:
    """Return a reply and the answer types that it is read for."""
    draw = random.Random(number)
    text = draw.choice(REPLIES)
    for mutate in draw.choices(MUTATIONS, k=draw.randint(1, 3)):
        text = mutate(text, draw)[: 2 * LONGEST]
    level = draw.randint(1, 5)
    kinds = (draw.choice(KINDS),) * level if draw.random() < 0.8 else tuple(draw.choices(KINDS, k=level))
    response = make_response(
        text,
        level=level,
        finish_reason=draw.choice(("stop", "length", "repetition")),
        thinking_prefilled=draw.random() < 0.1,
        reasoning=draw.choice(REPLIES) if draw.random() < 0.1 else None,
        completion_tokens=draw.choice((None, 100)),
    )
    return response, kinds


def read(response: Response, kinds: tuple[AnswerType, ...]) -> tuple[Answer, ...]:
    return parse_response(response, make_pack(*map(make_problem, kinds)))


def assert_is_sound(answer: Answer, kind: AnswerType, final: str) -> None:
    assert (answer.text is None) == (answer.found_by == "none")
    assert not (answer.strict and answer.text is None)
    if answer.text is None:
        return
    assert answer.text.strip()
    if kind == "choice":
        assert answer.text in tuple("ABCD")
    # Nothing is made up: each sign of an answer stands in the final text (a list is joined by commas).
    elif kind != "code":
        assert set(answer.text) <= set(final) | set(", ")


@pytest.mark.timeout(120)
@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_reply_is_read_wrongly_in_form(batch: int) -> None:
    for number in range(batch, N_REPLIES, BATCHES):
        response, kinds = fuzzed_reply(number)
        answers = read(response, kinds)
        assert [answer.position for answer in answers] == list(range(1, len(kinds) + 1)), number
        final = split_thinking(response).final
        for answer, kind in zip(answers, kinds, strict=True):
            assert_is_sound(answer, kind, final)


def test_the_same_reply_is_read_the_same_again() -> None:
    for number in range(0, N_REPLIES, 100):
        assert read(*fuzzed_reply(number)) == read(*fuzzed_reply(number))


def test_what_stands_in_unfinished_thinking_changes_nothing() -> None:
    for number in range(0, N_REPLIES, 10):
        response, kinds = fuzzed_reply(number)
        final = "Q1: \\boxed{12}\n\nQ2: \\boxed{7}\n"
        # No tag in the hidden part may close its block.
        hidden = response.text.translate({ord(sign): None for sign in "<[◁"}).replace("assistant", "")
        whole = response.model_copy(update={"text": f"{final}<think>{hidden}", "thinking_prefilled": False})
        shown = whole.model_copy(update={"text": final})
        answers, expected = read(whole, kinds), read(shown, kinds)
        assert [answer.text for answer in answers] == [answer.text for answer in expected], number


def test_a_closed_block_of_thinking_before_a_reply_changes_no_answer() -> None:
    for number in range(5, N_REPLIES, 10):
        response, kinds = fuzzed_reply(number)
        if any(
            tag in response.text.lower() for tag in ("think", "channel", "assistant", "thought", "reason", "analysis")
        ):
            continue
        plain = response.model_copy(update={"thinking_prefilled": False})
        thought = plain.model_copy(update={"text": f"<think>Q1: \\boxed{{99}}\n```python\n</think>{plain.text}"})
        assert [answer.text for answer in read(thought, kinds)] == [answer.text for answer in read(plain, kinds)], (
            number
        )
