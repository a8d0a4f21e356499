import pytest

from rest_bench.errors import TaskError
from rest_bench.packing import make_packs
from rest_bench.schema import Task
from rest_bench.tasks import load_task
from rest_bench.tasks.options import option_order
from rest_bench.templates import render
from tests.tasks.choices import fields, read, shown
from tests.tasks.files import task_yaml, write

PLANETS = ["Venus", "Mars", "Earth", "Pluto"]
ROWS = [{"a": letter, "choices": PLANETS} for letter in "ABCDA"]


def test_listed_options_keep_their_order() -> None:
    assert [shown(problem) for problem in read(*ROWS, options="choices")] == [
        (tuple(PLANETS), gold) for gold in "ABCDA"
    ]


def test_listed_options_are_moved_where_that_is_asked_for() -> None:
    protocol = [shown(problem) for problem in read(*ROWS, options="choices", option_order="protocol")]
    assert [gold for _, gold in protocol] == ["D", "C", "B", "A", "D"]
    shuffled = [shown(problem) for problem in read(*ROWS, options="choices", option_order="shuffled")]
    for shown_options, row in zip([*protocol, *shuffled], ROWS * 2, strict=True):
        texts, gold = shown_options
        assert sorted(texts) == sorted(PLANETS)
        assert texts["ABCD".index(gold)] == PLANETS["ABCD".index(row["a"])]  # type: ignore[arg-type]


def test_the_same_options_are_moved_alike_however_they_are_listed() -> None:
    wrong = {"a": "Mars", "x": "Venus", "y": "Earth", "z": "Pluto"}
    for order in ("protocol", "shuffled"):
        (one,) = read(wrong, wrong=["x", "y", "z"], option_order=order)
        (other,) = read({"a": "B", "choices": PLANETS}, options="choices", option_order=order)
        assert shown(one) == shown(other)


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ({"options": "choices"}, "as given"),
        ({"options": "choices", "option_order": "protocol"}, "protocol"),
        ({"wrong": ["x"]}, "protocol"),
        ({"wrong": ["x"], "option_order": "shuffled"}, "shuffled, seed 0"),
    ],
)
def test_the_order_is_named(keys: dict[str, object], name: str) -> None:
    file = fields(**keys)
    assert file.source.local is not None
    assert option_order(file.source.local, file) == name


@pytest.mark.parametrize(
    ("answer", "wrong", "kind"),
    [
        ("C", ["Mars", "Earth", "Pluto"], "letter"),
        (" c ", ["Mars", "Earth", "Pluto"], "letter"),
        ("(C)", ["Mars", "Earth", "Pluto"], "letter"),
        ("B.", ["Mars", "Earth", "Pluto"], "letter"),
        ("2", ["Mars", "Earth", "Pluto"], "number"),
        (0, ["Mars", "Earth", "Pluto"], "number"),
        ("C", ["Silicon", "Lead", "Tin"], "letter"),
    ],
)
def test_a_lone_letter_or_number_among_texts_is_refused(answer: object, wrong: list[str], kind: str) -> None:
    row = {"a": answer, **dict(zip("xyz", wrong, strict=True))}
    with pytest.raises(TaskError, match=f"row 1: the answer '.*' is a lone {kind} among texts"):
        read(row, wrong=["x", "y", "z"])
    (problem,) = read(row, wrong=["x", "y", "z"], answer_is="text")
    assert {option.letter: option.text for option in problem.options}[problem.gold] == str(answer)


def test_an_answer_that_is_the_name_of_a_column_is_refused() -> None:
    row = {"a": "C", "A": "w", "B": "x", "C": "y", "D": "z"}
    with pytest.raises(TaskError, match="row 1: the answer 'C' is a lone letter among texts"):
        read(row, wrong=["A", "B", "C", "D"])
    assert shown(read(row, options=["A", "B", "C", "D"])[0]) == (("w", "x", "y", "z"), "C")


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("A", ["B", "C", "D"]),
        ("K", ["Na", "Po", "Ca"]),
        ("2", ["4", "6", "8"]),
        ("2", ["-1", "$3", "4 m"]),
        ("12", ["none", "13", "14"]),
        ("A and B", ["only A", "only B", "none"]),
    ],
)
def test_letters_and_numbers_among_their_like_are_texts(answer: str, wrong: list[str]) -> None:
    (problem,) = read({"a": answer, **dict(zip("xyz", wrong, strict=True))}, wrong=["x", "y", "z"])
    assert {option.letter: option.text for option in problem.options}[problem.gold] == answer


@pytest.mark.parametrize("wrong", ["right", " right", "right\u00a0", "ｒight"])
def test_a_wrong_option_that_equals_the_right_one_is_refused(wrong: str) -> None:
    with pytest.raises(TaskError, match="row 1: column 'a' and column 'y' offer the same"):
        read({"a": "right", "x": "other", "y": wrong}, wrong=["x", "y"])
    (problem,) = read({"a": "another", "x": "right", "y": wrong}, wrong=["x", "y"])
    assert {option.letter: option.text for option in problem.options}[problem.gold] == "another"


def test_options_with_letters_of_their_own_are_not_moved() -> None:
    row = {"a": "B", "choices": ["A. Venus", "B. Mars", "C. Earth"]}
    assert shown(read(row, options="choices")[0])[1] == "B"
    with pytest.raises(TaskError, match="row 1: every option begins with a letter of its own"):
        read(row, options="choices", option_order="shuffled")
    with pytest.raises(TaskError, match="row 1: every option begins with a letter of its own"):
        read({"a": "(B) Mars", "x": "(A) Venus"}, wrong=["x"])
    assert len(read({"a": "B. subtilis", "x": "E. coli"}, wrong=["x"])) == 1


@pytest.fixture
def mixed(tmp_path: object) -> Task:
    from pathlib import Path

    folder = Path(str(tmp_path))
    rows = [
        '{"q": "three?", "o": ["a1", "a2", "a3"], "a": "C"}',
        '{"q": "ten?", "o": ["b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "b10"], "a": "J"}',
        '{"q": "four?", "o": ["c1", "c2", "c3", "c4"], "a": "D"}',
    ]
    write(folder, "toy.jsonl", "\n".join(rows) + "\n")
    local = "path: toy.jsonl, format: jsonl, question: q, answer: a, options: o"
    return load_task(write(folder, "toy.yaml", task_yaml(local, answer_type="choice", template="rest_choice")))


def test_a_prompt_offers_the_letters_of_all_its_questions(mixed: Task) -> None:
    for level, letters in ((1, ["ABC", "ABCD", "ABCDEFGHIJ"]), (3, ["ABCDEFGHIJ"] * 3)):
        texts = [render(pack, mixed).messages[0].content for pack in make_packs(mixed, level)]
        assert sorted(text.rpartition("one of ")[2].rstrip(".") for text in texts) == letters
        assert all(text.count("LETTER is one of") == 2 for text in texts)
    assert mixed.option_order == "as given"
