import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.scoring import Question
from rest_bench.scoring.judge import judge_without_algebra
from rest_bench.scoring.keys import Key, alike, gold_key, key_of
from tests.scoring.phrases_table import PHRASES
from tests.scoring.verdict_table import TABLE
from tests.scoring.words_table import CHANGED, DIGITS, MULTIPLIERS, REFUSED

NAMES_ONLY = {23, 33}
"""Rows of golds with a name: keys leave it out, where a judge minds a wrong one."""


@pytest.mark.parametrize("row", [row for row in TABLE if row.number not in NAMES_ONLY], ids=lambda row: row.gold)
def test_what_a_judge_tells_apart_has_different_keys(row: tuple) -> None:
    gold = gold_key(row.gold)  # type: ignore[attr-defined]
    assert [text for text in row.different if alike(gold, key_of(text))] == []  # type: ignore[attr-defined]


def test_words_that_count_are_minded_as_a_judge_does() -> None:
    """A unit that names a thing is understood, as in a judge; nothing else is tied to a near miss."""
    rows = [*MULTIPLIERS, *CHANGED, *DIGITS]
    pairs = [(other, said.answer) for said in rows for other in said.others]
    pairs += [(gold, answer) for gold, answers in REFUSED for answer in answers]
    assert [pair for pair in pairs if alike(gold_key(pair[0]), key_of(pair[1]))] == []
    plain = [
        said
        for said in MULTIPLIERS
        if said.answer[-1] not in "kKnm" and not {"and", ","} & {*said.answer.split(), *said.answer}
    ]
    assert len(plain) > 100
    assert [said for said in plain if not alike(gold_key(said.gold), key_of(said.answer))] == []


def test_no_key_ties_what_a_judge_tells_apart() -> None:
    """Names apart, which keys leave out."""
    pairs = [(gold, answer) for gold, _, answers in PHRASES if "=" not in gold for answer in answers]
    assert [pair for pair in pairs if alike(gold_key(pair[0]), key_of(pair[1]))] == []


def test_what_is_equal_without_algebra_has_one_key() -> None:
    """Apart from what only a gold can tell: a decimal comma, a mixed number with "and", names, units of the gold."""
    pairs = [(gold, answer) for gold, answers, _ in PHRASES for answer in answers]
    pairs = [
        (gold, answer)
        for gold, answer in pairs
        if judge_without_algebra(Question("math", gold, answer)) == "correct"
        and not any(sign in f"{gold} {answer}" for sign in (",", " and ", "=", " to ", "mod", "floops"))
    ]
    assert len(pairs) > 400
    assert [pair for pair in pairs if not alike(gold_key(pair[0]), key_of(pair[1]))] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 dozen (60)", "60"),
        ("3 lakh = 300000", "300000"),
        ("5", "5.0"),
        ("5", "x = 5"),
        ("5", r"\text{5 apples}"),
        ("1,234", "1234"),
        (r"\frac{1}{2}", "0.5"),
        ("2, 1", r"\{1, 2\}"),
        ("(1, 2)", "(1,2.0)"),
        ("x=3, y=4", "y=4, x=3"),
        ("[0, 1)", r"0 \le x < 1"),
        ("ellipse", "Ellipse"),
        ("1:2", "1 : 2"),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", r"\begin{bmatrix}1\\2\end{bmatrix}"),
        ("11_2", r"11_{2}"),
        ("x+1 > y", "x + 1>y"),
        ("a = b = c", "a=b=c"),
    ],
)
def test_spellings_of_one_value_are_alike(one: str, other: str) -> None:
    assert alike(key_of(one), key_of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("5 cm", "5 km"), ("(1,2)", "(2,1)"), ("11_2", "11"), ("x", "X"), ("[0,1)", "(0,1]"), ("12", "1, 2")],
)
def test_other_values_are_not(one: str, other: str) -> None:
    assert not alike(key_of(one), key_of(other))


def test_a_unit_that_is_left_out_is_understood() -> None:
    assert alike(Key("5"), Key("5", "cm"))
    assert not alike(Key("5", "kg"), Key("5", "cm"))


@pytest.mark.parametrize("text", ["", " ", "{", "9" * 10_000, "(" * 500 + ")" * 500, "\\", r"\frac{1", "9^{9^{9^9}}"])
def test_what_cannot_be_read_is_a_key_by_itself(text: str) -> None:
    assert key_of(text) == key_of(f" {text} ")
    assert not alike(key_of(text), key_of("5"))


@settings(deadline=None)
@given(st.text(alphabet=r"0123456789.,/+-=\{}()[] xpi%$^_<>:", max_size=30))
def test_every_text_has_one_key(text: str) -> None:
    assert key_of(text) == key_of(text)
