from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.errors import TaskError
from rest_bench.schema import CodeTest, Problem
from rest_bench.tasks.problems import GOLD_RULES, build_problems, hash_problems
from rest_bench.tasks.rows import Row, Unusable
from rest_bench.tasks.taskfile import Fields, TaskFile

FIELDS: dict[str, dict[str, object]] = {
    "integer": {"id": "id", "question": "q", "answer": "a"},
    "choice": {"question": "q", "answer": "a", "wrong": ["x", "y", "z"]},
    "code": {"question": "q", "tests": "tests", "starter_code": "start", "fn_name": "fn"},
}


def task_file(answer_type: str, keys: Mapping[str, object]) -> TaskFile:
    return TaskFile.model_validate(
        {
            "name": "toy",
            "title": "Toy",
            "answer_type": answer_type,
            "levels": [1],
            "repeats": 1,
            "template": "rest_math",
            "source": {"local": {"path": "toy.jsonl", "format": "jsonl", **FIELDS[answer_type]}},
            **keys,
        }
    )


def build(
    *rows: Mapping[str, object], answer_type: str = "integer", keys: Mapping[str, object] = {}, **fields: object
) -> tuple[Problem, ...]:
    file = task_file(answer_type, keys)
    assert file.source.local is not None
    local: Fields = file.source.local.model_copy(update=fields)
    cells: list[dict[str | int, object]] = [dict(row.items()) for row in rows]
    return build_problems([Row(f"row {n}", row) for n, row in enumerate(cells, start=1)], local, file)


def test_a_row_becomes_a_problem() -> None:
    (problem,) = build(
        {"id": "p1", "q": " What is 1 + 1?\n\n", "a": " 2 ", "level": 3, "subject": "sums"},
        difficulty="level",
        metadata=("subject", "absent"),
    )
    assert problem == Problem(
        id="p1",
        question=" What is 1 + 1?\n\n",
        gold="2",
        answer_type="integer",
        difficulty=3,
        metadata={"subject": "sums"},
    )


def test_without_an_id_column_the_row_number_is_the_id() -> None:
    problems = build({"q": "one", "a": 1}, {"q": "two", "a": 2}, id=None)
    assert [(problem.id, problem.gold) for problem in problems] == [("1", "1"), ("2", "2")]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"id": "1", "a": "2"}, "row 1: no column 'q'; it has 'id', 'a'"),
        ({"id": "1", "q": None, "a": "2"}, "row 1: column 'q' is empty"),
        ({"id": "1", "q": " \n", "a": "2"}, "row 1: column 'q' is empty"),
        ({"id": "1", "q": "a\0b", "a": "2"}, "row 1: column 'q' holds a NUL character"),
        ({"id": "1", "q": "?", "a": None}, "row 1: column 'a' is empty"),
        ({"id": "1", "q": "?", "a": Unusable("heads 2 columns")}, "row 1: column 'a' heads 2 columns"),
        ({"id": "1", "q": 7, "a": "2"}, "row 1: the question in column 'q' is not text"),
        ({"id": "1", "q": "?"}, "row 1: no column 'a'"),
        ({"id": "1", "q": "?", "a": ""}, "row 1: column 'a' is empty"),
        ({"id": "1", "q": "?", "a": float("nan")}, "row 1: column 'a' is nan, which is no value"),
        ({"id": "1", "q": "?", "a": float("inf")}, "row 1: column 'a' is inf, which is no value"),
        ({"id": "1", "q": "?", "a": ["2"]}, "row 1: column 'a' is neither text nor a number"),
        ({"id": "1", "q": "?", "a": True}, "row 1: column 'a' is neither text nor a number"),
        ({"id": "", "q": "?", "a": "2"}, "row 1: column 'id' is empty"),
        ({"id": {}, "q": "?", "a": "2"}, "row 1: column 'id' is neither text nor a number"),
    ],
)
def test_a_faulty_cell_is_named_by_row_and_column(row: dict[str, object], fault: str) -> None:
    with pytest.raises(TaskError) as error:
        build(row)
    assert str(error.value).startswith(fault)


def test_an_id_that_occurs_twice_is_refused_with_both_rows() -> None:
    with pytest.raises(TaskError, match="row 2: the id 'p' stands already at row 1"):
        build({"id": "p", "q": "one", "a": 1}, {"id": "p", "q": "two", "a": 2})


def test_what_is_left_out_changes_no_other_problem() -> None:
    rows = [{"q": f"question {n}", "a": n} for n in range(1, 5)]
    rows[1]["a"] = ""
    with pytest.raises(TaskError, match="row 2: column 'a' is empty"):
        build(*rows, id=None)
    assert [problem.id for problem in build(*rows, id=None, leave_out=(2,))] == ["1", "3", "4"]
    choices = [dict(row) for row in CHOICE_ROWS]
    choices[1]["x"] = "right"
    with pytest.raises(TaskError, match="row 2: column 'a' and column 'x' offer the same"):
        build(*choices, answer_type="choice")
    kept = build(*choices, answer_type="choice", leave_out=("2",))
    assert kept == tuple(problem for problem in build(*CHOICE_ROWS, answer_type="choice") if problem.id != "2")
    with pytest.raises(TaskError, match="`leave_out` names the id '9', which its data lack"):
        build(*rows, id=None, leave_out=(2, 9))


def test_a_column_that_makes_functions_of_programs_must_be_there() -> None:
    rows = [{"q": "Add.", "tests": [{"input": "1", "output": "2"}], "start": "def add(): "}]
    with pytest.raises(TaskError, match="no row has the column 'fn' of fn_name"):
        build(*rows, answer_type="code")


def test_a_task_without_problems_is_refused() -> None:
    with pytest.raises(TaskError, match="task toy: its data holds no problem"):
        build()


@pytest.mark.parametrize("difficulty", ["hard", float("nan"), "inf"])
def test_a_difficulty_that_is_no_number_is_refused(difficulty: object) -> None:
    with pytest.raises(TaskError, match=r"row 1: .*'level'"):
        build({"id": "1", "q": "?", "a": "2", "level": difficulty}, difficulty="level")


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    (problem,) = build({"id": "1", "q": "a\ud800b \U0001f600", "a": "2\udfff"})
    assert (problem.question, problem.gold) == ("a\ufffdb \U0001f600", "2\ufffd")


# --- golds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "text", "gold"),
    [
        ("as_written", "x^2", "x^2"),
        ("after_hashes", "5 + 5 = 10\n#### 10", "10"),
        ("after_hashes", "#### 1 is not it\n#### 1,450,000", "1450000"),
        ("after_hashes", "the answer is 10", None),
        ("last_box", r"so \boxed{1} and then \boxed{\frac{1}{2}}.", r"\frac{1}{2}"),
        ("last_box", r"\boxed{\left\{ 1, 2 \right\}}", r"\left\{ 1, 2 \right\}"),
        ("last_box", r"\boxed{1} then \boxed{2", None),
        ("last_box", "no box", None),
        ("last_box", "no box}", None),
        ("whole_number", "27.0", "27"),
        ("whole_number", "-1.0", "-1"),
        ("whole_number", "27", "27"),
        ("whole_number", "27.", "27"),
        ("whole_number", "27.5", None),
        ("whole_number", "1e3", None),
        ("whole_number", "336^\\circ", None),
    ],
)
def test_a_gold_rule_finds_the_gold(rule: str, text: str, gold: str | None) -> None:
    assert GOLD_RULES[rule](text) == gold  # type: ignore[index]


def test_a_number_in_the_data_is_a_gold() -> None:
    problems = build({"id": "1", "q": "?", "a": 27.0}, {"id": "2", "q": "?", "a": -3}, gold_rule="whole_number")
    assert [problem.gold for problem in problems] == ["27", "-3"]
    assert build({"id": "1", "q": "?", "a": 2.5})[0].gold == "2.5"


@pytest.mark.parametrize("answer", ["no hashes", "#### ", "#### ,"])
def test_a_gold_that_the_rule_cannot_find_is_refused(answer: str) -> None:
    with pytest.raises(TaskError, match="row 1: gold_rule after_hashes finds no gold in column 'a'"):
        build({"id": "1", "q": "?", "a": answer}, gold_rule="after_hashes")


# --- options ----------------------------------------------------------------------------------------------------------

CHOICE_ROWS = [{"q": f"question {n}", "a": "right", "x": "w1", "y": "w2", "z": 3} for n in range(1, 10)]


def test_the_protocol_turns_the_options_by_one_each_row() -> None:
    problems = build(*CHOICE_ROWS, answer_type="choice")
    orders = ["".join({"right": "A", "w1": "B", "w2": "C", "3": "D"}[o.text] for o in p.options) for p in problems[:5]]
    assert orders == ["BCDA", "CDAB", "DABC", "ABCD", "BCDA"]
    assert "".join(problem.gold for problem in problems) == "DCBADCBAD"
    assert [option.letter for option in problems[0].options] == ["A", "B", "C", "D"]


def test_a_seeded_shuffle_belongs_to_the_problem_and_not_to_its_row() -> None:
    keys = {"option_order": "shuffled", "option_seed": 7}
    rows = [{**row, "id": str(n)} for n, row in enumerate(CHOICE_ROWS)]
    forward = build(*rows, answer_type="choice", keys=keys, id="id")
    backward = build(*reversed(rows), answer_type="choice", keys=keys, id="id")
    assert forward == tuple(reversed(backward))
    assert forward != build(*rows, answer_type="choice", keys={**keys, "option_seed": 8}, id="id")


def test_the_gold_letter_of_a_shuffle_is_spread_over_all_letters() -> None:
    rows = [dict(CHOICE_ROWS[0])] * 400
    problems = build(*rows, answer_type="choice", keys={"option_order": "shuffled"})
    letters = Counter(problem.gold for problem in problems)
    assert set(letters) == set("ABCD")
    assert min(letters.values()) > 60


IDS = st.text(st.characters(exclude_characters="\0"), min_size=1).filter(str.strip)


@given(seed=st.integers(), problem_id=IDS, wrong=st.integers(1, 25))
def test_the_gold_letter_names_the_right_option(seed: int, problem_id: str, wrong: int) -> None:
    columns = [f"w{n}" for n in range(wrong)]
    row = {"id": problem_id, "q": "?", "a": "right", **{name: f"wrong {name}" for name in columns}}
    for keys in ({}, {"option_order": "shuffled", "option_seed": seed}):
        (problem,) = build(row, answer_type="choice", keys=keys, id="id", wrong=tuple(columns))
        assert [option.letter for option in problem.options if option.text == "right"] == [problem.gold]
        assert len(problem.options) == wrong + 1


# --- code -------------------------------------------------------------------------------------------------------------


def test_a_program_or_a_function_is_a_code_problem() -> None:
    tests = [{"input": "2 3\n", "output": "5\n", "testtype": "stdin"}]
    program, function = build(
        {"q": "Add.", "tests": tests, "start": ""},
        {"q": "Add.", "tests": '[{"input": "2", "output": "3"}]', "start": "def add(): ", "fn": "add"},
        answer_type="code",
    )
    assert (program.starter_code, program.fn_name, program.gold) == (None, None, "tests: 1")
    assert program.tests == (CodeTest(input="2 3\n", output="5\n"),)
    assert (function.starter_code, function.fn_name) == ("def add(): ", "add")
    assert function.tests == (CodeTest(input="2", output="3"),)


@pytest.mark.parametrize(
    "tests", [[], "[]", "nonsense", {"input": "1"}, [{"input": "1"}], [{"input": 1, "output": "2"}], [7]]
)
def test_tests_of_another_shape_are_refused(tests: object) -> None:
    with pytest.raises(TaskError, match=r"row 1: .*'tests'"):
        build({"q": "Add.", "tests": tests, "start": "", "fn": ""}, answer_type="code")


# --- the hash ---------------------------------------------------------------------------------------------------------


def test_the_hash_changes_with_what_is_asked_or_judged_and_with_nothing_else() -> None:
    problem = build({"id": "1", "q": "?", "a": "2"})[0]
    same = problem.model_copy(update={"difficulty": 2.0})
    others = [problem.model_copy(update={key: "other"}) for key in ("id", "question", "gold", "fn_name")]
    assert hash_problems([problem]) == hash_problems([same])
    assert len({hash_problems([each]) for each in (problem, *others)}) == 5
    assert hash_problems([problem, others[0]]) != hash_problems([others[0], problem])
