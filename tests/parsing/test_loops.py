import random

import pytest

from rest_bench.parsing.loops import find_loop, ngram_repetition, tail_period, zlib_ratio
from tests.parsing.build import parse

WORDS = [f"word{k}" for k in range(600)]


def prose(tokens: int, seed: int = 0) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=tokens))


PARAGRAPH = prose(100, seed=1) + "\n"


def table(rows: int) -> str:
    return "".join(f"| {k} | {k * k} | {k**3} |\n" for k in range(rows))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("289 * 55 = 15895. " * 200, True),
        (prose(3000) + "wait, " * 300, True),
        (PARAGRAPH * 7, True),
        ("所以答案是12。" * 200, True),
        # A number counts on, so no period repeats, yet nothing else is new.
        ("".join(PARAGRAPH + f"{k} " for k in range(40)), True),
        ("Wait. " * 50, True),
        ("", False),
        ("Q1: \\boxed{12}", False),
        (prose(5000), False),
        (table(800), False),
        (PARAGRAPH * 4, False),
        ("289 * 55 = 15895. " * 200 + prose(2000), False),
        ("7" * 5000, False),
    ],
)
def test_an_endless_repetition_is_told_from_honest_text(text: str, expected: bool) -> None:
    assert (find_loop(text) is not None) is expected


def test_the_worked_examples_of_the_definition() -> None:
    assert ngram_repetition(list("abababab"), 2) == pytest.approx(5 / 7)
    assert zlib_ratio("289 * 55 = 15895. " * 200) == pytest.approx(70.6, rel=0.02), "builds of zlib differ by a byte"
    assert ngram_repetition(list("abc"), 8) == 0


@pytest.mark.parametrize(
    ("period", "repeated", "expected"),
    [(1, 200, True), (1, 199, False), (40, 200, True), (41, 204, False), (41, 205, True), (512, 2560, True)],
)
def test_the_tail_must_repeat_five_periods_and_200_tokens(period: int, repeated: int, expected: bool) -> None:
    cycle = [str(k) for k in range(period)]
    tokens = ["x", "y", "z", *(cycle * (repeated // period + 2))[: period + repeated]]
    assert (tail_period(tokens) is not None) is expected


def test_a_period_above_512_is_not_looked_for() -> None:
    assert tail_period([str(k) for k in range(513)] * 8) is None


def test_every_answer_of_a_looping_response_says_so() -> None:
    assert [answer.looped for answer in parse("289 * 55 = 15895. " * 200, 2)] == [True, True]
    assert [answer.looped for answer in parse("", 2, reasoning="wait " * 300)] == [True, True]


@pytest.mark.parametrize(
    ("before", "loop"),
    [
        (prose(3000), " again and again" * 300),
        (prose(10), " again and again" * 300),
        ("", "again and again " * 300),
        (prose(500), "\n" + PARAGRAPH * 7),
        (prose(100), " wait" * 20_000),
    ],
)
def test_a_loop_begins_with_its_first_round(before: str, loop: str) -> None:
    found = find_loop(before + loop)
    assert found is not None
    assert abs(found - len(before)) <= 1, "a blank or line break more"


def test_a_loop_that_counts_on_begins_where_its_words_begin_to_repeat() -> None:
    before = prose(3000, seed=2)
    found = find_loop(before + "".join(PARAGRAPH + f"{k} " for k in range(40)))
    assert found is not None
    assert found > len(before)


def test_the_tokens_before_a_loop_are_counted() -> None:
    before, loop = "\n".join(["some words"] * 3 + ["others"]) + "\n", "wait wait wait\n" * 300
    (answer,) = parse(before + loop, 1, line_tokens=[2, 2, 2, 1, *[3] * 300, 0])
    assert answer.loop_onset_tokens == 7
    assert parse(before + loop, 1)[0].loop_onset_tokens is None, "no count"
    assert parse(before, 1, line_tokens=[2, 2, 2, 1, 0])[0].loop_onset_tokens is None, "no loop"
