import pytest

from rest_bench.schema import Problem
from rest_bench.scoring import Judge, ask
from rest_bench.scoring.counted import changes_value, is_closed, is_filler, is_thing, named_things, pieces, singular


@pytest.mark.parametrize(
    ("question", "answer", "named"),
    [
        ("How many ferrets does Ann have?", "18 ferrets", "ferret"),
        ("How many ferrets does Ann have?", r"18 \text{ ferrets}", "ferret"),
        ("How many ferrets does Ann have?", "18", ""),
        ("How many ferrets does Ann have?", "18 blorps", ""),
        ("How many apples does Ann have?", "18 apples", ""),
        ("How many million maybe?", "18 million maybe", ""),
        ("笼子里有几只刺猬？", "18只刺猬", "刺猬"),
        ("How many widgets?", r"\frac{1}{2}", ""),
    ],
)
def test_the_question_names_what_is_counted(question: str, answer: str, named: str) -> None:
    assert named_things(question, answer) == named


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("How many ferrets?", "18 ferrets", "correct"),
        ("How many ferrets?", "x = 18 ferrets", "correct"),
        ("How many ferrets?", "18 stoats", "incorrect"),
        ("How many ferrets?", "17 ferrets", "incorrect"),
        ("How many stoats?", "18 ferrets", "incorrect"),
        ("How many thousand ferrets?", "18 thousand", "incorrect"),
        ("How many ferrets, or less than that?", "18 less", "incorrect"),
        ("多少只刺猬？", "18只刺猬", "correct"),
    ],
)
@pytest.mark.parametrize("answer_type", ["math", "integer"])
def test_a_thing_that_the_question_names_is_a_unit(
    judge: Judge, question: str, answer: str, verdict: str, answer_type: str
) -> None:
    problem = Problem(id="1", question=question, gold="18", answer_type=answer_type)
    assert judge.judge([ask(problem, answer)]) == (verdict,)


@pytest.mark.parametrize(
    ("plural", "one"), [("apples", "apple"), ("boxes", "box"), ("glasses", "glass"), ("glass", "glass"), ("gas", "gas")]
)
def test_a_plural_is_its_singular(plural: str, one: str) -> None:
    assert singular(plural) == one
    assert singular("berries") == singular("berry")
    assert singular("cookies") == singular("cookie")


def test_a_word_without_blanks_is_split_at_what_is_listed() -> None:
    assert pieces("万元") == ["万", "元"]
    assert pieces("千米") == ["千米"]
    assert pieces("只刺猬") == ["只", "刺猬"]
    assert pieces("apples") == ["apples"]


def test_words_have_their_part() -> None:
    assert is_thing("students")
    assert not is_thing("blorps")
    assert is_filler("of")
    assert is_closed("maybe")
    assert changes_value(["in", "millions"])
    assert not changes_value(["since", "seconds", "count"])
