import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing.paragraphs import CHUNK, MAX_PARAGRAPHS, cut_paragraphs


def cut(text: str, starts: tuple[int, ...] = (), wall: int = 800) -> list[str]:
    return [text[start:end] for start, end in cut_paragraphs(text, starts, wall)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one", ["one"]),
        ("one\nmore\n\ntwo", ["one\nmore\n\n", "two"]),
        ("one\r\n\r\ntwo", ["one\r\n\r\n", "two"]),
        ("one\n \t\n\n  two\n", ["one\n \t\n\n  ", "two\n"]),
    ],
    ids=["one", "blank line", "carriage returns", "blank lines with spaces"],
)
def test_blank_lines_cut(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_given_places_cut_too() -> None:
    assert cut("Q1: a. Q2: b\n\nc", (0, 7)) == ["Q1: a. ", "Q2: b\n\n", "c"]


def test_a_wall_is_cut_into_its_lines() -> None:
    assert cut("one\ntwo\nthree", wall=5) == ["one\n", "two\n", "three"]


def test_a_line_as_long_as_a_wall_is_cut_at_its_sentences() -> None:
    sentence = "This is a sentence of some length, is it not? "
    assert cut(sentence * 20) == [sentence] * 15 + [sentence * 5], "what is left below a chunk stays whole"
    assert "".join(cut(sentence * 20)) == sentence * 20


def test_text_without_sentences_is_cut_at_words_or_anywhere() -> None:
    assert all(part.endswith(" ") for part in cut("word " * 400)[:-1])
    assert {len(part) for part in cut("x" * 1000)[:-1]} == {CHUNK}


def test_too_many_paragraphs_are_joined() -> None:
    text = "a\n\n" * (3 * MAX_PARAGRAPHS)
    parts = cut(text)
    assert len(parts) == MAX_PARAGRAPHS
    assert "".join(parts) == text


@given(
    st.lists(st.sampled_from(["word ", "\n", "\n\n", ". ", "。", "x" * 30, "\t"]), min_size=1, max_size=60).map(
        "".join
    ),
    st.sets(st.integers(0, 60)),
    st.integers(1, 50),
)
def test_paragraphs_cover_the_text_without_a_gap(text: str, starts: set[int], wall: int) -> None:
    places = tuple(start for start in starts if start < len(text))
    spans = cut_paragraphs(text, places, wall)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
    assert set(places) <= {start for start, _ in spans}
