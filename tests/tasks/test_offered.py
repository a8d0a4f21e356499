import json

import pytest

from rest_bench.errors import TaskError
from rest_bench.tasks.offered import bare, plain
from tests.tasks.choices import read, shown

TEXTS = ["Venus", "Mars", "Earth", "Pluto"]


@pytest.mark.parametrize(
    "listed",
    [
        TEXTS,
        json.dumps(TEXTS),
        {"text": TEXTS, "label": ["A", "B", "C", "D"]},
        {"text": TEXTS, "label": ["1", "2", "3", "4"]},
        {"text": TEXTS, "label": [1, 2, 3, 4]},
        json.dumps({"text": TEXTS, "label": ["A", "B", "C", "D"]}),
        dict(zip("ABCD", TEXTS, strict=True)),
        {**dict(zip("ABCD", TEXTS, strict=True)), "E": None},
        [{"label": label, "text": text} for label, text in zip("ABCD", TEXTS, strict=True)],
        [{"key": label, "value": text} for label, text in zip("ABCD", TEXTS, strict=True)],
    ],
)
def test_every_form_of_a_list_column_gives_the_same_options(listed: object) -> None:
    (problem,) = read({"a": "Earth", "choices": listed}, options="choices")
    assert shown(problem) == (tuple(TEXTS), "C")


@pytest.mark.parametrize("n_options", range(2, 27))
def test_a_row_has_as_many_options_as_it_has(n_options: int) -> None:
    texts = [f"text {number}" for number in range(n_options)]
    (listed,) = read({"a": texts[-1], "choices": texts}, options="choices")
    columns = [f"o{number}" for number in range(26)]
    cells = {**dict.fromkeys(columns, ""), **dict(zip(columns, texts, strict=False))}
    (in_columns,) = read({"a": texts[-1], **cells}, options=columns)
    assert shown(listed) == shown(in_columns) == (tuple(texts), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n_options - 1])


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        (["Venus"], "row 1: has 1 options; a choice has 2 to 26"),
        ([], "row 1: has 0 options"),
        ([f"text {number}" for number in range(27)], "row 1: has 27 options"),
        (["Venus", "", "Mars"], "row 1: option 2 in column 'choices' is empty"),
        (["Venus", None], "row 1: option 2 in column 'choices' is empty"),
        (["Venus", True], "row 1: option 2 in column 'choices' is neither text nor a number"),
        (["Venus", ["Mars"]], "row 1: option 2 in column 'choices' is neither text nor a number"),
        (["Venus", float("nan")], "row 1: option 2 in column 'choices' is nan"),
        (["Venus", "Mars", "Venus "], "row 1: the answer 'Venus' is the text of 2 options"),
        (["Ｖenus", "Venus"], "row 1: the answer 'Venus' is the text of 2 options"),
        (["Venus\u00a0", "Venus"], "is the text of 2 options"),
        (["Venus", "Venus", "Venus"], "is the text of 3 options"),
        ("Venus, Mars", "row 1: the options in column 'choices' are not valid JSON"),
        ("['Venus', 'Mars']", "are not valid JSON"),
        ("7", "row 1: column 'choices' holds no list of options"),
        (7, "row 1: column 'choices' holds no list of options"),
        ({"text": ["Venus", "Mars"], "label": ["A"]}, "is neither text nor a number"),
        ({"text": ["Venus", "Mars"], "label": ["A", "a"]}, "row 1: two options have one label (A, a)"),
        ({"text": ["Venus", "Mars"], "label": ["A", ["B"]]}, "row 1: a label is neither text nor a number"),
        ({"A": "Venus", "B": None, "C": "Mars"}, "row 1: option 2 in column 'choices' is empty"),
        ([{"label": "A", "text": "Venus"}, {"text": "Mars"}], "is neither text nor a number"),
        (None, "row 1: column 'choices' is empty"),
    ],
)
def test_options_that_are_in_doubt_are_refused(listed: object, fault: str) -> None:
    with pytest.raises(TaskError) as error:
        read({"a": "Venus", "choices": listed}, options="choices")
    assert fault in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("twin", ["caf\u00e9", "cafe\u0301 ", "ｃafé"])
def test_only_the_right_option_may_have_no_twin(twin: str) -> None:
    choices = ["café", "tea", twin, "tea"]
    with pytest.raises(TaskError, match="row 1: option 1 in column 'choices' and option 3 in column 'choices' offer"):
        read({"a": 0, "choices": choices}, options="choices", answer_is="index")
    with pytest.raises(TaskError, match="one of them is right"):
        read({"a": "B", "choices": choices}, options="choices")
    assert read({"a": "B", "choices": [*choices[:3], "milk"]}, options="choices")[0].gold == "B"


def test_an_empty_option_between_others_is_refused() -> None:
    with pytest.raises(TaskError, match="row 1: column 'B' is empty"):
        read({"a": "C", "A": "Venus", "B": " ", "C": "Mars"}, options=["A", "B", "C"])
    with pytest.raises(TaskError, match="row 1: no column 'D'"):
        read({"a": "C", "A": "Venus", "B": "Earth", "C": "Mars"}, options=["A", "B", "C", "D"])


@pytest.mark.parametrize(
    ("one", "other"),
    [("10²", "102"), ("x₁", "x1"), ("½", "1⁄2"), ("ℝ", "R"), ("AA", "Aa"), ("5 m", "5 m."), ("①", "1")],
)
def test_texts_that_look_different_stay_different(one: str, other: str) -> None:
    assert plain(one) != plain(other)
    assert len(read({"a": one, "choices": [one, other]}, options="choices")[0].options) == 2


@pytest.mark.parametrize("text", ["b", "B", "(b)", "[B]", "B.", "B)", " b: ", "Ｂ"])
def test_a_letter_is_one_in_any_dress(text: str) -> None:
    assert bare(text) == "b"
