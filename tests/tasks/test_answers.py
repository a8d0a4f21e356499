import re

import pytest

from rest_bench.errors import TaskError
from tests.tasks.choices import read

PLANETS = ["Venus", "Mars", "Earth", "Pluto"]
TEN = [f"text {number}" for number in range(10)]
NUMBERED = {"text": PLANETS, "label": ["1", "2", "3", "4"]}


@pytest.mark.parametrize(
    ("answer", "choices", "answer_is", "gold"),
    [
        ("C", PLANETS, None, "C"),
        ("c", PLANETS, None, "C"),
        ("(C)", PLANETS, None, "C"),
        ("Earth", PLANETS, None, "C"),
        (" Earth ", PLANETS, None, "C"),
        ("C", PLANETS, "letter", "C"),
        ("Earth", PLANETS, "text", "C"),
        (2, PLANETS, "index", "C"),
        ("2", PLANETS, "index", "C"),
        (0, PLANETS, "index", "A"),
        (2.0, PLANETS, "index", "C"),
        (3, PLANETS, "number", "C"),
        ("3", PLANETS, "number", "C"),
        ("J", TEN, None, "J"),
        (9, TEN, "index", "J"),
        (10, TEN, "number", "J"),
        ("3", NUMBERED, None, "C"),
        (3, NUMBERED, "letter", "C"),
        ("3", NUMBERED, "index", "D"),
        ("B", {"text": PLANETS, "label": ["D", "C", "B", "A"]}, None, "C"),
        (4, ["1", "2", "4", "8"], None, "C"),
        ("4", [1, 2, 4, 8], None, "C"),
        ("A", ["B", "C", "A", "D"], "text", "C"),
        ("C", ["B", "C", "A", "D"], "letter", "C"),
        ("C", ["C", "N", "O", "H"], "text", "A"),
        ("A", ["A", "B", "C", "D"], None, "A"),
        ("2", {"text": ["1", "2", "3", "4"], "label": ["1", "2", "3", "4"]}, None, "B"),
        ("B. Mars", ["A. Venus", "B. Mars"], None, "B"),
        ("B", ["A. Venus", "B. Mars"], None, "B"),
    ],
)
def test_an_answer_names_an_option(answer: object, choices: object, answer_is: str | None, gold: str) -> None:
    (problem,) = read({"a": answer, "choices": choices}, options="choices", answer_is=answer_is)
    assert problem.gold == gold


@pytest.mark.parametrize(
    ("answer", "choices", "answer_is", "fault"),
    [
        ("E", PLANETS, "letter", "the answer 'E' is none of the letters A, B, C, D"),
        ("Jupiter", PLANETS, None, "the answer 'Jupiter' is the text of none of the 4 options"),
        ("C", PLANETS, "text", "the answer 'C' is the text of none of the 4 options"),
        ("Earth", PLANETS, "letter", "the answer 'Earth' is none of the letters"),
        ("AB", PLANETS, "letter", "the answer 'AB' is none of the letters"),
        (2, PLANETS, None, "if it counts them, say `answer_is: index` (from 0) or `answer_is: number` (from 1)"),
        ("4", PLANETS, None, "if it counts them, say `answer_is: index`"),
        (4, PLANETS, "index", "the answer '4' is no index of 4 options, which count from 0; `answer_is: number`"),
        (-1, PLANETS, "index", "the answer '-1' is no index"),
        (1.5, PLANETS, "index", "the answer '1.5' is no index"),
        (0, PLANETS, "number", "the answer '0' is no number of 4 options, which count from 1"),
        (True, PLANETS, "index", "column 'a' is neither text nor a number"),
        ([2], PLANETS, "index", "column 'a' is neither text nor a number"),
        (None, PLANETS, "index", "column 'a' is empty"),
        ("5", NUMBERED, None, "the answer '5' is"),
        ("C", NUMBERED, "letter", "the answer 'C' is none of the letters 1, 2, 3, 4"),
        ("A", ["B", "C", "A", "D"], None, "is the text of one option, the letter of another; say which"),
        ("2", {"text": ["4", "3", "2", "1"], "label": ["1", "2", "3", "4"]}, None, "the letter of another; say which"),
    ],
)
def test_an_answer_in_doubt_is_refused(answer: object, choices: object, answer_is: str | None, fault: str) -> None:
    with pytest.raises(TaskError, match=re.escape(fault)) as error:
        read({"a": answer, "choices": choices}, options="choices", answer_is=answer_is)
    assert str(error.value).startswith("row 1: ")


def test_one_reading_fits_all_rows() -> None:
    letters = [{"a": letter, "choices": PLANETS} for letter in "ABCD"]
    assert "".join(problem.gold for problem in read(*letters, options="choices")) == "ABCD"
    with pytest.raises(TaskError, match="row 5: the answer 'Earth' is none of the letters A, B, C, D"):
        read(*letters, {"a": "Earth", "choices": PLANETS}, options="choices")
    texts = [{"a": planet, "choices": PLANETS} for planet in PLANETS]
    with pytest.raises(TaskError, match="row 5: the answer 'C' is the text of none of the 4 options"):
        read(*texts, {"a": "C", "choices": PLANETS}, options="choices")


def test_a_row_in_which_both_readings_fit_is_read_like_the_others() -> None:
    both = {"a": "C", "choices": ["C", "N", "O", "H"]}
    by_letter = read({"a": "B", "choices": PLANETS}, both, options="choices")
    by_text = read({"a": "Mars", "choices": PLANETS}, both, options="choices")
    assert [problem.gold for problem in by_letter] == ["B", "C"]
    assert [problem.gold for problem in by_text] == ["B", "A"]
