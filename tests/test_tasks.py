import json
import re
import runpy
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from rest_bench import plugins
from rest_bench.config import packaged_dir
from rest_bench.errors import PluginError, TaskError
from rest_bench.packing import make_packs
from rest_bench.tasks import first_problems, list_tasks, load_task, task_names
from rest_bench.templates import render
from tests.shared import shared_file
from tests.tasks.files import TOY_ROWS, task_yaml, write

LOCAL = "path: toy.jsonl, format: jsonl, id: id, question: question, answer: answer"
DOCS = Path(__file__).parents[1] / "docs" / "tasks.md"
PACKAGED = ("aime24", "aime25", "amc23", "arithmetic", "gpqa_diamond", "gsm8k", "math500")


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """The path of the smallest task."""
    write(tmp_path, "toy.jsonl", TOY_ROWS)
    return write(
        tmp_path,
        "toy.yaml",
        """
        name: toy
        title: Toy
        answer_type: integer
        levels: [1, 3]
        repeats: 1
        template: rest_math
        source:
          local: {path: toy.jsonl, format: jsonl, id: id, question: question, answer: answer}
        """,
    )


def test_the_smallest_task_loads(toy: Path) -> None:
    task = load_task(toy)
    assert (task.name, task.answer_type, task.levels, task.repeats) == ("toy", "integer", (1, 3), 1)
    assert [(problem.id, problem.gold) for problem in task.problems] == [("a", "2"), ("b", "4"), ("c", "6")]
    assert task.template_source == (packaged_dir("templates") / "rest_math.j2").read_text(encoding="utf-8")
    assert task.source == f"local: {toy.parent / 'toy.jsonl'}"
    assert task == load_task(str(toy))


def test_the_first_problems_keep_the_hash_of_the_whole_data(toy: Path) -> None:
    task = load_task(toy)
    first = first_problems(task, 2)
    assert [problem.id for problem in first.problems] == ["a", "b"]
    assert first.data_sha256 == task.data_sha256
    assert first_problems(task, 99) == task


def test_the_data_hash_is_that_of_the_problems_and_not_of_their_format(toy: Path) -> None:
    rows = [json.loads(line) for line in TOY_ROWS.split("\n") if line]
    write(toy.parent, "toy.json", json.dumps(rows))
    other = write(toy.parent, "other.yaml", toy.read_text().replace("jsonl", "json"))
    assert load_task(other).data_sha256 == load_task(toy).data_sha256
    assert load_task(other).file_sha256 != load_task(toy).file_sha256


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gsm8", "no such task: gsm8; did you mean gsm8k?"),
        ("something", "no such task: something; it must be one of aime24, aime25, amc23, arithmetic"),
        ("", "no such task: ; it must be one of"),
        ("x" * 10_000, "no such task: xxx"),
        ("no/such.yaml", "no/such.yaml: the task file cannot be read (No such file or directory)"),
    ],
)
def test_an_unknown_task_is_refused_with_what_there_is(name: str, sentence: str) -> None:
    with pytest.raises(TaskError) as error:
        load_task(name)
    assert str(error.value).startswith(sentence)
    assert len(str(error.value)) < 300


@pytest.fixture
def entry_points(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    points: list[EntryPoint] = []
    monkeypatch.setattr(plugins, "entry_points", lambda group: EntryPoints(points).select(group=group))
    return points


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group="rest_bench.tasks")


def test_a_task_of_another_package_has_a_name_like_any_other(
    toy: Path, entry_points: list[EntryPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(toy.parent, "toy_package.py", f"TOY = {str(toy)!r}\n")
    monkeypatch.syspath_prepend(toy.parent)
    entry_points += [point("toy", "toy_package:TOY"), point("toy-by-path", str(toy))]
    assert task_names() == (*PACKAGED, "toy", "toy-by-path")
    assert load_task("toy") == load_task("toy-by-path") == load_task(toy)
    assert [listing.data for listing in list_tasks()][-1] == f"local: {toy.parent / 'toy.jsonl'}"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (
            "no_such_package:TOY",
            "task broken of an unknown package cannot be loaded from `no_such_package:TOY` "
            "(ModuleNotFoundError: No module named 'no_such_package')",
        ),
        ("json:NO_SUCH", "cannot be loaded from `json:NO_SUCH` (AttributeError"),
        ("json:loads", "`json:loads` gives <function loads"),
        ("/no/such/toy.yaml", "gives '/no/such/toy.yaml', which is no task file"),
    ],
)
def test_a_broken_entry_point_is_named_and_stops_nothing(
    entry_points: list[EntryPoint], value: str, fault: str
) -> None:
    entry_points.append(point("broken", value))
    with pytest.warns(UserWarning, match=re.escape(fault)):
        assert task_names() == PACKAGED
    with pytest.raises(PluginError, match=re.escape(fault)):
        load_task("broken")
    assert load_task("arithmetic").name == "arithmetic"


def test_a_packaged_name_wins_over_an_entry_point(toy: Path, entry_points: list[EntryPoint]) -> None:
    entry_points.append(point("arithmetic", str(toy)))
    assert task_names() == PACKAGED
    assert load_task("arithmetic").title == "Arithmetic chains"


# --- data -------------------------------------------------------------------------------------------------------------


def test_the_data_folder_comes_before_the_folder_of_the_task_file(toy: Path, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    assert load_task(toy, data_dir).source == f"local: {tmp_path / 'toy.jsonl'}"
    write(data_dir, "toy.jsonl", TOY_ROWS)
    assert load_task(toy, data_dir).source == f"local: {data_dir / 'toy.jsonl'}"


def test_a_file_that_is_nowhere_is_refused_with_where_it_was_sought(toy: Path, tmp_path: Path) -> None:
    (tmp_path / "toy.jsonl").unlink()
    with pytest.raises(TaskError) as error:
        load_task(toy)
    assert str(error.value) == (
        f"task toy: no data file toy.jsonl in {tmp_path}; say where it lies with --data-dir DIR or REST_BENCH_DATA"
    )


@pytest.fixture
def no_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    def refuse(*args: object, **keys: object) -> None:
        raise AssertionError("the hub was asked")

    monkeypatch.setattr(datasets, "load_dataset", refuse)


@pytest.mark.usefixtures("no_downloads")
def test_a_local_path_never_falls_back_to_a_download(tmp_path: Path) -> None:
    with pytest.raises(TaskError) as error:
        load_task("gsm8k", tmp_path)
    assert str(error.value) == (
        f"task gsm8k: no data file gsm8k/test.jsonl in {tmp_path}; put it there, "
        "or leave out --data-dir to load openai/gsm8k from the hub"
    )


@pytest.fixture
def hub_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A task with a local file that is not there, and a hub data set (a folder, which `datasets` takes for one)."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    hub = tmp_path / "hub"
    hub.mkdir()
    write(hub, "test.jsonl", '{"problem": "What is 1 + 1?", "solution": 2.0}\n')
    source = (
        f"{{local: {{{LOCAL}}}, hub: {{path: {hub}, split: test, revision: main, question: problem, "
        "answer: solution, gold_rule: whole_number}}"
    )
    return write(tmp_path, "toy.yaml", task_yaml("", source=source))


def test_without_a_data_folder_the_hub_is_asked(hub_task: Path) -> None:
    task = load_task(hub_task)
    assert [(problem.id, problem.gold) for problem in task.problems] == [("1", "2")]
    assert task.source == f"hub: {hub_task.parent / 'hub'}, config None, split test, revision main"


@pytest.mark.usefixtures("no_downloads")
def test_a_file_beside_the_task_file_comes_before_the_hub(hub_task: Path) -> None:
    write(hub_task.parent, "toy.jsonl", TOY_ROWS)
    assert load_task(hub_task).source == f"local: {hub_task.parent / 'toy.jsonl'}"


# --- templates --------------------------------------------------------------------------------------------------------


def test_a_template_beside_the_task_file_is_used(toy: Path) -> None:
    write(toy.parent, "mine.j2", "Solve {{ level }}: {{ problems[0].question }}\n")
    own = write(toy.parent, "own.yaml", toy.read_text().replace("rest_math", "mine.j2"))
    task = load_task(own)
    assert task.template == "mine.j2"
    assert render(make_packs(task, 1)[0], task).messages[0].content == "Solve 1: What is 1 + 1?\n"


def test_a_missing_template_is_refused_with_the_nearest(toy: Path) -> None:
    toy.write_text(toy.read_text().replace("rest_math", "rest_maths"))
    with pytest.raises(TaskError, match=r"no such template: rest_maths; did you mean rest_math\? It must be one of"):
        load_task(toy)


def test_a_template_that_is_not_utf8_is_refused(toy: Path) -> None:
    (toy.parent / "mine.j2").write_bytes(b"caf\xe9")
    toy.write_text(toy.read_text().replace("rest_math", "mine.j2"))
    with pytest.raises(TaskError, match=r"mine\.j2: not UTF-8"):
        load_task(toy)


# --- the packaged tasks -----------------------------------------------------------------------------------------------


def test_the_packaged_tasks_are_named_like_their_files() -> None:
    assert task_names() == PACKAGED
    for name in PACKAGED:
        text = (packaged_dir("tasks") / f"{name}.yaml").read_text(encoding="utf-8")
        assert text.startswith(f"name: {name}\n")
        assert "\nlicence: " in text
        assert "\ncitation: " in text


@pytest.mark.parametrize("name", [name for name in PACKAGED if name != "arithmetic"])
def test_every_packaged_hub_source_is_pinned_by_a_commit(name: str) -> None:
    text = (packaged_dir("tasks") / f"{name}.yaml").read_text(encoding="utf-8")
    assert re.search(r"^    revision: [0-9a-f]{40}$", text, re.MULTILINE)


def test_the_arithmetic_task_needs_no_data_folder(tmp_path: Path) -> None:
    task = load_task("arithmetic", tmp_path)
    assert (len(task.problems), task.levels, task.repeats) == (300, (1, 2, 4, 6, 8), 1)
    assert task.problems[0].question == "What is 5 + 3?"
    for problem in task.problems:
        match = re.fullmatch(r"What is (\d+)((?: [+-] \d+){1,3})\?", problem.question)
        assert match is not None
        terms = [int(term.replace(" ", "")) for term in re.findall(r"[+-] \d+", match[2])]
        assert int(problem.gold) == int(match[1]) + sum(terms)
        assert problem.difficulty == len(terms)
        assert max(abs(term) for term in (int(match[1]), *terms)) <= 99
        assert -99 <= int(problem.gold) <= 199
    assert len({problem.question for problem in task.problems}) == 300
    for first in range(298):
        assert {problem.difficulty for problem in task.problems[first : first + 3]} == {1, 2, 3}


def test_the_arithmetic_data_are_what_their_script_makes() -> None:
    data = packaged_dir("tasks") / "data"
    script = runpy.run_path(str(data / "make_arithmetic.py"))
    assert "".join(script["problem_lines"]()).encode() == (data / "arithmetic.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("name", "count", "levels", "repeats", "golds"),
    [
        ("gsm8k", 1319, (1, 3, 6, 9, 12), 1, {"1": "18", "2": "3"}),
        (
            "math500",
            500,
            (1, 3, 5, 7, 9),
            1,
            {
                "test/precalculus/807.json": r"\left( 3, \frac{\pi}{2} \right)",
                "test/algebra/1349.json": r"\text{Evelyn}",
            },
        ),
        ("amc23", 40, (1, 3, 5, 7, 9), 8, {"0": "27", "1": "36"}),
        ("aime24", 30, (1, 2, 3, 4, 5), 8, {"0": "204", "29": "315"}),
        ("aime25", 30, (1, 2, 3, 4, 5), 8, {"1": "70", "20": "336^\\circ"}),
    ],
)
def test_a_benchmark_loads_as_in_the_protocol(
    name: str, count: int, levels: tuple[int, ...], repeats: int, golds: dict[str, str]
) -> None:
    task = load_task(name, shared_file("data/rest"))
    assert (len(task.problems), task.levels, task.repeats) == (count, levels, repeats)
    by_id = {problem.id: problem.gold for problem in task.problems}
    assert {problem_id: by_id[problem_id] for problem_id in golds} == golds
    if task.answer_type == "integer":
        assert all(re.fullmatch(r"-?\d+", gold) for gold in by_id.values())


def test_the_golds_of_math500_are_its_answers() -> None:
    data_dir = shared_file("data/rest")
    rows = json.loads((data_dir / "math500/test_prm800k_500.json").read_text(encoding="utf-8"))
    task = load_task("math500", data_dir)
    assert [problem.gold for problem in task.problems] == [row["answer"] for row in rows.values()]
    assert {problem.difficulty for problem in task.problems} == {1, 2, 3, 4, 5}
    assert task.problems[0].metadata["subject"] == "Precalculus"


def test_gpqa_columns_are_those_of_the_published_file(tmp_path: Path) -> None:
    (tmp_path / "gpqa").mkdir()
    data = shared_file("data/rest/synthetic/choice.csv").read_bytes()
    (tmp_path / "gpqa/gpqa_diamond.csv").write_bytes(data)
    task = load_task("gpqa_diamond", tmp_path)
    assert [problem.gold for problem in task.problems] == ["D", "C", "B", "A", "D"]
    assert [option.text for option in task.problems[0].options] == ["Venus", "Mars", "Earth", "Mercury"]
    assert task.option_order == "protocol"


def test_the_listing_says_what_is_at_hand(tmp_path: Path) -> None:
    write(tmp_path, "gsm8k", "no folder")
    listings = {listing.name: listing for listing in list_tasks(tmp_path)}
    assert tuple(listings) == PACKAGED
    assert (listings["arithmetic"].problems, listings["arithmetic"].data) == (300, "embedded")
    assert (listings["gsm8k"].problems, listings["gsm8k"].data) == (None, f"missing: {tmp_path}/gsm8k/test.jsonl")
    (tmp_path / "amc23").mkdir()
    write(tmp_path / "amc23", "test.jsonl", '{"id": 1}\n')
    listings = {listing.name: listing for listing in list_tasks(tmp_path)}
    assert listings["amc23"].data.startswith(f"broken: {tmp_path}/amc23/test.jsonl, line 1: no column 'question'")
    assert {listing.name: listing.data for listing in list_tasks()}["gsm8k"] == "hub: openai/gsm8k"


# --- the document -----------------------------------------------------------------------------------------------------


def documented(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_task_files_of_the_document_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    toy, sums, planets, metals, mmlu = documented("yaml")
    (toy_rows,) = documented("json")
    write(tmp_path, "toy.jsonl", toy_rows)
    assert [problem.gold for problem in load_task(write(tmp_path, "toy.yaml", toy)).problems] == ["42", "54", "1024"]

    def load(path: str, config: str, split: str, revision: str) -> object:
        return datasets.Dataset.from_list([{"question": "How many?", "answer": "Two.\n#### 2"}])

    monkeypatch.setattr(datasets, "load_dataset", load)
    assert [problem.gold for problem in load_task(write(tmp_path, "sums.yaml", sums)).problems] == ["2"]

    write(tmp_path, "planets.csv", "Question,Right,Wrong 1,Wrong 2,Wrong 3\nWhich is hot?,Venus,Mars,Neptune,Uranus\n")
    task = load_task(write(tmp_path, "planets.yaml", planets))
    assert task.option_order == "shuffled, seed 1"
    assert sorted(option.text for option in task.problems[0].options) == ["Mars", "Neptune", "Uranus", "Venus"]

    write(
        tmp_path, "metals.csv", "question,A,B,C,D,answer\nLiquid?,Iron,Tin,Mercury,,C\nOldest?,Iron,Tin,Gold,Lead,D\n"
    )
    problems = load_task(write(tmp_path, "metals.yaml", metals)).problems
    assert [(len(problem.options), problem.gold) for problem in problems] == [(3, "C"), (4, "D")]

    rows = [{"question": "Hot?", "choices": ["Mars", "Venus", "Pluto"], "answer": 1}]
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: datasets.Dataset.from_list(rows))
    (problem,) = load_task(write(tmp_path, "mmlu.yaml", mmlu)).problems
    assert ([option.text for option in problem.options], problem.gold) == (["Mars", "Venus", "Pluto"], "B")


HUB_STYLES: dict[str, tuple[dict[str, object], dict[str, object], str]] = {
    "mmlu": (
        {"question": "Hot?", "subject": "sky", "choices": ["Mars", "Venus", "Pluto", "Earth"], "answer": 1},
        {"options": "choices", "answer": "answer", "answer_is": "index"},
        "Venus",
    ),
    "mmlu-pro": (
        {"question": "Hot?", "options": [*"klmnopqrs", "Venus"], "answer": "J", "answer_index": 9, "cot_content": ""},
        {"options": "options", "answer": "answer"},
        "Venus",
    ),
    "mmlu-pro, by index": (
        {"question": "Hot?", "options": [*"klmnopqrs", "Venus"], "answer": "J", "answer_index": 9, "cot_content": ""},
        {"options": "options", "answer": "answer_index", "answer_is": "index"},
        "Venus",
    ),
    "arc": (
        {"question": "Hot?", "choices": {"text": ["Mars", "Venus", "Sun"], "label": ["A", "B", "C"]}, "answerKey": "B"},
        {"options": "choices", "answer": "answerKey"},
        "Venus",
    ),
    "arc, numbered": (
        {"question": "Hot?", "choices": {"text": ["Mars", "Venus", "Sun"], "label": ["1", "2", "3"]}, "answerKey": "2"},
        {"options": "choices", "answer": "answerKey"},
        "Venus",
    ),
    "medmcqa": (
        {"question": "Hot?", "opa": "Mars", "opb": "Venus", "opc": "Sun", "opd": "Pluto", "cop": 1},
        {"options": ["opa", "opb", "opc", "opd"], "answer": "cop", "answer_is": "index"},
        "Venus",
    ),
    "winogrande": (
        {"question": "Hot is _", "option1": "Mars", "option2": "Venus", "answer": "2"},
        {"options": ["option1", "option2"], "answer": "answer", "answer_is": "number"},
        "Venus",
    ),
    "letters to texts": (
        {"question": "Hot?", "options": {"A": "Mars", "B": "Venus", "C": "Sun"}, "answer_idx": "B", "answer": "Venus"},
        {"options": "options", "answer": "answer_idx"},
        "Venus",
    ),
    "text of the answer": (
        {"question": "Hot?", "options": ["Mars", "Venus", "Sun"], "answer": "Venus"},
        {"options": "options", "answer": "answer"},
        "Venus",
    ),
}
"""Rows as well-known data sets have them: the row, the keys of a task file, and the text of the right option."""


@pytest.mark.parametrize("style", HUB_STYLES)
def test_choices_of_the_styles_of_the_hub_are_read_right(
    style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    row, keys, right = HUB_STYLES[style]
    fields = ", ".join(f"{key}: {json.dumps(value)}" for key, value in {"question": "question", **keys}.items())
    hub = f"{{hub: {{path: o/d, split: test, revision: main, {fields}}}}}"
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: datasets.Dataset.from_list([row]))
    path = write(tmp_path, "toy.yaml", task_yaml("", answer_type="choice", template="rest_choice", source=hub))
    (problem,) = load_task(path).problems
    assert {option.letter: option.text for option in problem.options}[problem.gold] == right
    write(tmp_path, "toy.jsonl", json.dumps(row) + "\n")
    local = f"path: toy.jsonl, format: jsonl, {fields}"
    path = write(tmp_path, "toy.yaml", task_yaml(local, answer_type="choice", template="rest_choice"))
    assert load_task(path).problems == (problem,)


def test_the_document_names_every_key_format_rule_and_design() -> None:
    from typing import get_args

    from rest_bench.schema import DesignName
    from rest_bench.tasks.taskfile import Fields, Format, GoldRule, HubSource, LocalSource, TaskFile

    text = DOCS.read_text(encoding="utf-8")
    words = {*get_args(Format), *get_args(GoldRule), *get_args(DesignName)}
    for model in (TaskFile, Fields, LocalSource, HubSource):
        words |= set(model.model_fields)
    assert {word for word in words if f"`{word}`" not in text} == set()
