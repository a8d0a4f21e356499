import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.parsing.candidates import LONGEST_SENTENCE, MOST_CANDIDATES, Statement, choose, find_statements
from rest_bench.schema import AnswerType
from tests.parsing.build import make_problem

OPTIONS = {"A": "5 m", "B": "6 m", "C": "7 m", "D": "8 m"}


def statements(text: str, answer_type: AnswerType = "math") -> tuple[Statement, ...]:
    problem = make_problem(answer_type, OPTIONS if answer_type == "choice" else None)
    return find_statements(text, lambda _: problem)


def texts(text: str, answer_type: AnswerType = "math") -> list[str]:
    return [statement.text for statement in statements(text, answer_type)]


STATED = [
    (r"This gives \boxed{7}.", ["7"]),
    (r"So the answer should be \boxed{7}. Yes", ["7"]),
    (r"Roots: \boxed{1} and \boxed{2}.", ["1", "1, 2"]),
    (r"Thus $\boxed{\frac{3}{4}}$", [r"\frac{3}{4}"]),
    ("So the answer is -49.", ["-49"]),
    ("The answer is 42, I think.", ["42"]),
    ("The answer is 12 and we are done.", ["12"]),
    ("So the answer is 5? Wait.", ["5"]),
    ("answer: 12", ["12"]),
    ("the answer = 7", ["7"]),
    ("So the answer to question 3 is 17.", ["17"]),
    ("the answer is **27**.", ["27"]),
    (r"Answer: $\frac{1}{2}$.", [r"\frac{1}{2}"]),
    ("So the answer is 3√2.", ["3√2"]),
    ("So the answer is 2, 3.", ["2, 3"]),
    (r"Therefore, the final answer is \(\left(3, \frac{\pi}{2}\right)\).", [r"\left(3, \frac{\pi}{2}\right)"]),
    ("So x = 5.", ["5"]),
    ("so 5 + 3 = 8.", ["8"]),
    ("So -26 - 23 = -49\n", ["-49"]),
    ("So that would be 204 minutes.", ["204 minutes"]),
    ("So, the total is 42\n", ["42"]),
    (r"So the value is 2\sqrt{3}.", [r"2\sqrt{3}"]),
    ("Thus, $x = 3$.", ["3"]),
    ("So f(x) = x^2 + 1.", ["x^2 + 1"]),
    ("Therefore, there are 12 apples.", ["12 apples"]),
    ("Therefore, she earned a total of 18 dollars.", ["18 dollars"]),
    ("Hence, the number of ways is 1,024.", ["1,024"]),
    ("Therefore 12.", ["12"]),
    ("所以答案是5。", ["5"]),
    ("因此x=5。", ["5"]),
]
NOT_STATED = [
    "5 + 3 = 8",
    "So, what now? 12 is the number given.",
    "The answer is not 5.",
    "the answer is 5 times 3",
    "the answer is a lot",
    "What is the answer?",
    "Is the answer 5?",
    "Thus, by question 4.",
    r"Put the answer in \boxed{}.",
    r"The answer is \boxed{7",
    "So x is even.",
    "Also x = 5.",
    "an answer" + " word" * 60 + " is 5.",
    "So " + "x" * LONGEST_SENTENCE + " = 5.",
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_a_value_is_stated(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize("text", NOT_STATED)
def test_no_value_is_stated(text: str) -> None:
    assert texts(text) == []


@pytest.mark.parametrize("text", [r"So the answer is 12. Check", r"We get \boxed{12}, yes", "Thus x = 12 .\n"])
def test_a_statement_ends_right_behind_its_value(text: str) -> None:
    (found,) = statements(text)
    assert re.search(r"12\}?\Z", text[: found.end])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So the answer is B.", ["B"]),
        ("Therefore, the correct option is (C).", ["C"]),
        ("I'll go with D.", ["D"]),
        ("Option A is correct.", ["A"]),
        (r"\boxed{B}", ["B"]),
        (r"the answer is \boxed{B}", ["B"]),
        ("答案是C。", ["C"]),
        ("故选D", ["D"]),
        ("The answer is 5 m.", []),
        ("The answer is E.", []),
        ("the answer is a lot", []),
        ("So x = 5.", []),
    ],
)
def test_choices_are_stated_by_their_letters(text: str, expected: list[str]) -> None:
    assert texts(text, "choice") == expected


def test_a_program_states_nothing() -> None:
    assert texts(r"So the answer is 5. \boxed{5} \boxed{A}. The answer is A.", "code") == []


def test_what_is_about_no_question_states_nothing() -> None:
    assert find_statements(r"So the answer is 5. \boxed{5}", lambda _: None) == ()


def test_the_first_statement_of_each_value_and_the_last_of_all_are_kept() -> None:
    def at(*values: str) -> list[Statement]:
        return [Statement(place, place + 1, value) for place, value in enumerate(values)]

    assert [(each.text, each.start) for each in choose(at("1", "2", "1", "2"))] == [("1", 0), ("2", 1)]
    assert [(each.text, each.start) for each in choose(at("1", "2", "2", "1"))] == [("1", 0), ("2", 1), ("1", 3)]
    assert choose([]) == ()
    many = choose(at(*(str(k) for k in range(1000))))
    assert [each.text for each in many] == [*(str(k) for k in range(MOST_CANDIDATES - 1)), "999"]


def test_a_list_of_boxes_without_end_states_no_text_without_end() -> None:
    assert max(map(len, texts(r"\boxed{1}, " * 1000))) <= 300


UNITS = [
    *(
        "so ",
        "answer is ",
        "so x = ",
        "therefore 5 ",
        "answer is 5. ",
        "=",
        "= 5 ",
        "\\boxed{1} ",
        "so, ",
        "answer to ",
    ),
    *(
        "1",
        "$",
        "\n",
        "so 1",
        "The answer is $",
        "(",
        "answer to a",
        "so is ",
        "therefore 1/",
        "(1,",
        "\\",
        "答案",
        "因此",
    ),
    *(
        "thus is is is is is 5. ",
        "option A is ",
        "go with ",
        "correct one is ",
        "so 1 1 1 1 1 1.",
        "\\boxed{",
        "{",
        "A ",
    ),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("answer_type", ["math", "choice"])
@pytest.mark.parametrize("unit", UNITS)
def test_no_repeated_text_hangs(unit: str, answer_type: AnswerType) -> None:
    statements(unit * (100_000 // len(unit)), answer_type)


@given(st.lists(st.sampled_from([*UNITS, *(text for text, _ in STATED), *NOT_STATED]), max_size=20).map("".join))
def test_statements_are_in_order_and_in_the_text(text: str) -> None:
    found = statements(text)
    ends = [each.end for each in found]
    assert ends == sorted(set(ends))
    assert all(0 <= each.start < each.end <= len(text) and each.text for each in found)
