import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing import Block, Part
from rest_bench.showing import shortening
from rest_bench.showing.shortening import blocks_bytes, fair_cap, fit_blocks, json_bytes, shorten, show_blocks


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(shortening) == (0, 1)


@given(st.lists(st.integers(0, 100), min_size=1), st.integers(0, 500))
def test_a_fair_cap_fills_the_budget_and_no_more(sizes: list[int], budget: int) -> None:
    cap = fair_cap(sizes, budget)
    taken = sum(min(size, cap) for size in sizes)
    assert taken <= budget or cap == 0
    assert cap >= max(sizes) or sum(min(size, cap + 1) for size in sizes) > budget


def test_a_short_text_stays_as_it_is_and_a_long_one_says_what_it_lacks() -> None:
    assert shorten("short", 5) == "short"
    assert shorten("a" * 3000 + "b" * 3000, 10) == "aaaaa […5,990 characters left out…] bbbbb"


def test_long_parts_lose_their_middle_and_short_ones_nothing() -> None:
    blocks = (Block(True, (Part("a" * 5000, (1,)), Part("short", (2,)))), Block(False, (Part("\\boxed{1}", (1,)),)))
    (thinking, final) = fit_blocks(show_blocks(blocks), 1000)
    long, short = thinking.parts
    assert short.head == "short"
    assert final.parts[0].head == "\\boxed{1}"
    assert long.left_out == 5000 - len(long.head) - len(long.tail)
    assert abs(len(long.head) - len(long.tail)) <= 1
    assert 0 < blocks_bytes((thinking, final)) <= 1000


def test_shortening_twice_counts_all_that_is_gone() -> None:
    shown = show_blocks((Block(True, (Part("x" * 9000, (1,)),)),))
    (block,) = fit_blocks(fit_blocks(shown, 4000), 500)
    (part,) = block.parts
    assert len(part.head) + len(part.tail) + part.left_out == 9000


def test_thousands_of_parts_are_few_with_a_note_of_the_rest() -> None:
    (block,) = show_blocks((Block(True, tuple(Part("ab", (number % 2,)) for number in range(5000))),))
    assert len(block.parts) == shortening.MOST_PARTS + 1
    assert sum(part.left_out for part in block.parts) == 2 * (5000 - shortening.MOST_PARTS)


@pytest.mark.parametrize("sign", ["a", "é", "\x00", "\ud800", "\U0001f600"])
def test_bytes_and_not_characters_are_counted(sign: str) -> None:
    shown = fit_blocks(show_blocks((Block(False, (Part(sign * 10_000),)),)), 3000)
    assert blocks_bytes(shown) <= 3100
    assert json_bytes(sign * 10) >= 12
