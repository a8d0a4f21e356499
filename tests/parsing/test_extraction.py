import pytest

from rest_bench.parsing import nothing_extracted, read_extraction
from rest_bench.schema import AnswerType
from tests.parsing.build import make_pack, make_problem, make_response

OPTIONS = {"A": "5 m/s", "B": "7.5 m/s", "C": "the sum", "D": "none of them"}


def extracted(said: str, reply: str, level: int = 1, answer_type: AnswerType = "math") -> list[str | None]:
    options = OPTIONS if answer_type == "choice" else None
    pack = make_pack(*[make_problem(answer_type, options)] * level)
    answers = read_extraction(make_response(said), make_response(reply, level=level), pack)
    assert [answer.found_by for answer in answers] == ["none" if a.text is None else "extractor" for a in answers]
    assert [answer.position for answer in answers] == list(range(1, level + 1))
    assert not any(answer.strict for answer in answers)
    return [answer.text for answer in answers]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("Q1: 12", "12"),
        ("Q1: $12$", "12"),
        ("- **Q1:** 12", "12"),
        ("Q1: \\boxed{12}", "12"),
        ("Question 1: 12", "12"),
        ("Answer to Q1: \\boxed{12}", "12"),
        ("<think>Q1: 13</think>\nQ1: 12", "12"),
        ("Q1: 13\nNo:\nQ1: 12", "12"),
        ("Q1: NONE", None),
        ("Q1: (none)", None),
        ("Q1: N/A", None),
        ("Q1:", None),
        ("Q2: 12", None),
        ("12", None),
        ("", None),
        ("<think>Q1: 12", None),
    ],
)
def test_a_list_is_read_line_by_line(line: str, answer: str | None) -> None:
    assert extracted(line, "I get twelve, that is 12. Not 13.") == [answer]


def test_each_question_has_its_own_line() -> None:
    assert extracted("Q2: 7\nQ1: 5\nQ9: 1", "five is 5, and then 7, 1", level=3) == ["5", "7", None]


@pytest.mark.parametrize(
    ("answer", "reply", "stands"),
    [
        ("12", "so it is 12.", True),
        ("12", "so it is 312.", False),
        ("12", "so it is 12.5", False),
        ("12", "so it is 3.12", False),
        ("2", "1,250", False),
        ("x+1", "we get $x + 1$", True),
        ("\\frac{1}{2}", "we get $\\left(\\frac{1}{2}\\right)$", True),
        ("\\frac{1}{2}", "we get a half", False),
        ("(1, 2)", "the point (1,2) it is", True),
        ("12", "<think>it is 12</think> I do not know", False),
        ("12", "<think>it is 12", False),
        ("12", "", False),
        ("Evelyn", "**Evelyn** ran faster", True),
        ("Eve", "Evelyn ran faster", False),
    ],
)
def test_only_what_stands_in_the_final_text_is_an_answer(answer: str, reply: str, stands: bool) -> None:
    """What does not was worked out by the second model."""
    assert extracted(f"Q1: {answer}", reply) == [answer if stands else None]


@pytest.mark.parametrize(
    ("line", "reply", "letter"),
    [
        ("Q1: B", "I choose (b).", "B"),
        ("Q1: (B) 7.5 m/s", "The speed is 7.5 m/s", "B"),
        ("Q1: B", "The speed is 7.5 m / s.", "B"),
        ("Q1: C", "The speed is 7.5 m/s", None),
        ("Q1: A", "It is a speed of 6 m/s", None),
        ("Q1: A or B", "A or B", None),
        ("Q1: E", "E", None),
        ("Q1: NONE", "I do not know", None),
    ],
)
def test_a_choice_is_a_letter_on_offer_that_the_reply_gives_in_some_way(
    line: str, reply: str, letter: str | None
) -> None:
    assert extracted(line, reply, answer_type="choice") == [letter]


def test_a_reply_that_nobody_need_read_has_no_answers() -> None:
    pack = make_pack(make_problem("math"), make_problem("math"))
    answers = nothing_extracted(make_response("<think>", level=2), pack)
    assert [(answer.position, answer.text, answer.found_by) for answer in answers] == [
        (1, None, "none"),
        (2, None, "none"),
    ]


def test_reading_a_hostile_list_stays_quick() -> None:
    """Would take minutes, were a pattern to try every way to divide the marks."""
    for piece in ("Q1: ", "*" * 1000, "Q1:" + "`" * 500, " ", "\n", "1 . "):
        extracted(piece * (200_000 // len(piece)), piece * (200_000 // len(piece)))
