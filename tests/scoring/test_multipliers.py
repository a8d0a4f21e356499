from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.scoring import Judge, Question
from rest_bench.scoring.judge import judge_without_algebra
from rest_bench.scoring.multipliers import MULTIPLIERS, PARTS, Term, factor_of, split_terms, total
from tests.scoring.words_table import CHANGED, REFUSED, SAID, Said
from tests.scoring.words_table import MULTIPLIERS as SAID_MULTIPLIERS


def wrong(judge: Judge, expected: dict[Question, str]) -> dict[tuple[str, str], str]:
    verdicts = judge.judge(list(expected))
    pairs = zip(expected.items(), verdicts, strict=True)
    return {(asked.gold, asked.answer): found for (asked, said), found in pairs if found != said}


def test_what_is_said_equals_its_gold(judge: Judge) -> None:
    assert wrong(judge, {Question("math", said.gold, said.answer): "correct" for said in SAID}) == {}


def test_what_is_said_equals_nothing_else(judge: Judge) -> None:
    pairs = {Question("math", other, said.answer): "incorrect" for said in SAID for other in said.others}
    assert wrong(judge, pairs) == {}


def test_what_is_not_read_is_refused(judge: Judge) -> None:
    pairs = {Question("math", gold, answer): "incorrect" for gold, answers in REFUSED for answer in answers}
    assert wrong(judge, pairs) == {}


def test_there_are_as_many_near_misses_as_readings() -> None:
    refused = sum(len(said.others) for said in SAID) + sum(len(answers) for _, answers in REFUSED)
    assert len(SAID) >= 300
    assert refused >= len(SAID)


@pytest.mark.parametrize("rows", [SAID_MULTIPLIERS, CHANGED], ids=["multipliers", "changed"])
def test_a_gold_may_have_the_word_itself(judge: Judge, rows: tuple[Said, ...]) -> None:
    """The gold is the answer's text, the answer a number: what is equal one way round is equal the other way."""
    plain = [said for said in rows if said.answer[0].isdigit() and said.gold.isdigit() and " and " not in said.answer]
    read = [said for said in plain if not any(short in said.answer for short in ("k", "K", "mn", "bn", ","))]
    assert len(read) >= 15
    assert wrong(judge, {Question("math", said.answer, said.gold): "correct" for said in read}) == {}
    assert wrong(judge, {Question("math", said.answer, said.others[0]): "incorrect" for said in read}) == {}


def test_whole_numbers_follow_the_same_decision(judge: Judge) -> None:
    rows = [said for said in SAID if said.gold.isdecimal()]
    expected = {Question("integer", said.gold, said.answer): "correct" for said in rows}
    expected |= {
        Question("integer", other, said.answer): "incorrect"
        for said in rows
        for other in said.others
        if other.isdecimal()
    }
    assert wrong(judge, expected) == {}


@settings(deadline=None)
@given(
    st.sampled_from(sorted({*MULTIPLIERS, *PARTS})),
    st.integers(2, 999),
    st.sampled_from(["{} {}", r"{}\text{{ {}}}", r"\text{{{} {}}}", "{} ({})", "x = {} {}", "{} {} km"]),
)
def test_a_word_that_multiplies_never_leaves_the_bare_number(word: str, number: int, dress: str) -> None:
    assert judge_without_algebra(Question("math", str(number), dress.format(number, word))) != "correct"


@pytest.mark.parametrize(
    ("word", "factor"),
    [("lakh", 10**5), ("Mio.", 10**6), ("Billionen", 10**12), ("billion", 10**9), ("k", 1000), ("M", 10**6),
     ("tenths", Fraction(1, 10)), ("cm", None), ("m", None), ("apples", None)],
)  # fmt: skip
def test_a_word_multiplies_or_does_not(word: str, factor: Fraction | int | None) -> None:
    assert factor_of(word) == factor


@pytest.mark.parametrize(
    ("terms", "value"),
    [
        ([(3, 10**4), (5, 1000)], 35000),
        ([(2, 100), (50, 1000)], 250_000),
        ([(12, 10**4), (3456, 1)], 123456),
        ([(3, 10**4), (5, 1)], None),
        ([(1, 1000), (5000, 1)], None),
        ([(Fraction(3, 2), 1000), (5, 10)], None),
    ],
)
def test_terms_go_down(terms: list[tuple[int, int]], value: int | None) -> None:
    assert total([Term(Fraction(number), Fraction(scale)) for number, scale in terms]) == value


def test_a_text_is_split_into_numbers_with_their_words() -> None:
    assert split_terms(r"2 \text{crore} 5 \text{lakh}") == [(Fraction(2), "crore"), (Fraction(5), "lakh")]
    assert split_terms(r"2 + \text{crore}") is None
