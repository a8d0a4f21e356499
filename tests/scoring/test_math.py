import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.schema import Problem, Verdict
from rest_bench.scoring import Judge, Question
from rest_bench.scoring.math import MAX_NESTING, NeedsAlgebraError, exact_number, judge, unreadable_gold
from tests.scoring.phrases_table import PHRASES
from tests.scoring.test_cleanup import FRAGMENTS


def no_algebra(gold: str, answer: str) -> bool:
    raise NeedsAlgebraError


def cheap(gold: str, answer: str) -> Verdict | None:
    try:
        return judge(gold, answer, no_algebra)
    except NeedsAlgebraError:
        return None


@pytest.mark.parametrize(
    ("gold", "reason"),
    [
        ("5", None),
        (r"\{1,2\}", None),
        (r"\text{Evelyn}", None),
        ("", "is empty"),
        ("  ", "is empty"),
        (r"\frac{1", "has a brace without its partner"),
        ("5}", "has a brace without its partner"),
    ],
)
def test_a_gold_must_be_whole(gold: str, reason: str | None) -> None:
    assert unreadable_gold(Problem(id="1", question="?", gold=gold, answer_type="math")) == reason
    assert (cheap(gold, "5") == "ungraded") == (reason is not None)


@pytest.mark.parametrize(
    ("gold", "answer", "verdict"),
    [
        ("7" * 5000, "7" * 5000, "correct"),
        ("5", "7" * 5000, "incorrect"),
        ("5", r"\frac{1}{1+" * 200 + "1" + "}" * 200, "incorrect"),
        ("5", "(" * 900 + "5" + ")" * 900, "incorrect"),
        ("3^{3^{3^{3}}}", "3^{3^{3^{3}}}", "correct"),
        ("3^{3^{3^{3}}}", "3^{3^{27}}", "ungraded"),
        ("5", "10^{10^{10}}", "incorrect"),
        (r"\sqrt{5}", "1000000!", "incorrect"),
        ("x" * 3000, "x", "incorrect"),
    ],
)
def test_what_is_huge_is_decided_and_cheap(gold: str, answer: str, verdict: Verdict) -> None:
    assert cheap(gold, answer) == verdict


def test_brackets_are_followed_up_to_a_depth() -> None:
    assert cheap("5", "(" * (MAX_NESTING - 1) + "5" + ")" * (MAX_NESTING - 1)) == "correct"


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), ("1,234,567", 1234567), (r"\$36", 36), ("27.0", 27), ("2 dozen", 24)]
)
def test_an_exact_number(text: str, value: int) -> None:
    assert exact_number(text) == value


@settings(max_examples=300)
@given(
    st.sampled_from(["5", "(1,2)", "x>3", "8, 27", r"\frac{1}{2}", r"\text{even}", "x=5", "1:2"]),
    st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join),
)
def test_no_answer_is_a_fault(gold: str, answer: str) -> None:
    assert cheap(gold, answer) in ("correct", "incorrect", None)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_two_numbers_are_equal_when_they_are(gold: int, answer: int) -> None:
    for spelling in (
        f"{answer}",
        f"{answer:+}",
        f"{answer:,}",
        f"{answer}.00",
        rf"\text{{{answer} apples}}",
        f"n={answer}",
    ):
        assert cheap(str(gold), spelling) == ("correct" if gold == answer else "incorrect")
        assert cheap(str(answer), spelling) == "correct"


def test_what_people_write_is_judged_by_the_policy(judge: Judge) -> None:
    expected = {Question("math", gold, answer): "correct" for gold, answers, _ in PHRASES for answer in answers}
    expected |= {Question("math", gold, answer): "incorrect" for gold, _, answers in PHRASES for answer in answers}
    found = judge.judge(list(expected))
    assert len(expected) > 1500
    differ = [(asked, said) for (asked, right), said in zip(expected.items(), found, strict=True) if said != right]
    assert differ == []
