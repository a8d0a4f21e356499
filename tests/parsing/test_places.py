import pytest

from rest_bench.parsing.places import find_places
from rest_bench.schema import AnswerType, FoundBy, Option, Problem


def problem(answer_type: AnswerType = "math", options: tuple[str, ...] = ()) -> Problem:
    letters = tuple(Option(letter="ABCD"[number], text=text) for number, text in enumerate(options))
    return Problem(id="1", question="?", gold="1", answer_type=answer_type, options=letters)


def marked(text: str, *answers: tuple[str | None, FoundBy], asked: Problem | None = None) -> list[str | None]:
    problems = [asked or problem()] * len(answers)
    return [None if place is None else text[slice(*place)] for place in find_places(text, problems, answers)]


def test_the_last_box_of_the_question_is_marked_and_not_an_equal_one_before() -> None:
    text = "Q1: \\boxed{7}, no, \\boxed{7}\nQ2: \\boxed{7}"
    first, second = find_places(text, [problem()] * 2, [("7", "label"), ("7", "label")])
    assert first == (text.index(", no, ") + 6, text.index("\nQ2"))
    assert second == (text.index("Q2") + 4, len(text))


def test_a_list_of_boxes_is_one_place() -> None:
    assert marked("Q1: \\boxed{1} and \\boxed{2}\nQ2: none", ("1, 2", "label"), (None, "none")) == [
        "\\boxed{1} and \\boxed{2}",
        None,
    ]


def test_boxes_without_labels_go_by_their_order() -> None:
    assert marked("\\boxed{1} then \\boxed{1}", ("1", "order"), ("1", "order")) == ["\\boxed{1}", "\\boxed{1}"]
    places = find_places("\\boxed{1} then \\boxed{1}", [problem()] * 2, [("1", "order"), ("1", "order")])
    assert places[0] != places[1]


def test_a_summary_behind_the_sections_is_found() -> None:
    text = "Q1: \\boxed{1}\nQ2: \\boxed{2}\n\nFinal answers: \\boxed{3}, \\boxed{2}"
    assert marked(text, ("3", "summary"), ("2", "label"))[0] in ("\\boxed{3}", "3")


def test_a_plain_value_is_found_by_its_words() -> None:
    assert marked("Q1: 17 of 7\nQ2: x", ("7", "lenient"), (None, "none")) == ["7", None]


def test_a_letter_is_marked_where_it_is_stated() -> None:
    asked = problem("choice", ("red", "green"))
    assert marked("Q1: first A or B. ANSWER: B\nQ2: -", ("B", "label"), (None, "none"), asked=asked) == ["B", None]
    text = "Q1: A or B. ANSWER: B, not A"
    (place,) = find_places(text, [asked], [("B", "label")])
    assert place == (text.index("B, not"), text.index(", not"))
    assert marked("It must be green.", ("B", "options"), asked=asked) == ["green"]


def test_a_program_is_marked_with_its_fence() -> None:
    text = "Q1:\n```python\nprint(1)\n```\nQ2: none"
    (place, none) = marked(text, ("print(1)", "label"), (None, "none"), asked=problem("code"))
    assert place is not None
    assert place.strip() == "```python\nprint(1)\n```"
    assert none is None


@pytest.mark.parametrize("text", ["", "Q1: \\boxed{8}", "no box at all"])
def test_where_nothing_gives_the_answer_nothing_is_marked(text: str) -> None:
    assert marked(text, ("7", "label")) == [None]
