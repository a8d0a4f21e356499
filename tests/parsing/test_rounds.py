import random

from rest_bench.parsing.rounds import are_new

DRAW = random.Random(0)
WORDS = [f"word{k}" for k in range(500)]


def prose(n_words: int) -> str:
    return " ".join(DRAW.choices(WORDS, k=n_words))


def test_a_round_that_repeats_an_earlier_one_is_not_new() -> None:
    first, second = prose(40), prose(30)
    assert are_new([first, second, first]) == [True, True, False]
    assert are_new([first, f"Wait, again: {first.upper()}!"]) == [True, False]


def test_a_round_that_is_half_new_is_new() -> None:
    first = prose(40)
    assert are_new([first, first[: len(first) // 2] + prose(40)]) == [True, True]


def test_short_and_empty_rounds_are_compared_as_a_whole() -> None:
    assert are_new(["5", "5", "6", "", ""]) == [True, False, True, True, False]
    assert are_new([]) == []
