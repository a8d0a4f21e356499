import hashlib
import json
from pathlib import Path

import pytest

from rest_bench.config import packaged_dir
from rest_bench.errors import TemplateError
from rest_bench.packing import make_packs
from rest_bench.schema import Message, Option, Pack, Problem, Task
from rest_bench.tasks import load_task
from rest_bench.templates import MAX_PROMPT_CHARS, MAX_STEPS, render, render_extraction
from tests.records import make_pack
from tests.shared import shared_file
from tests.tasks.files import task_yaml, write

DIGESTS = json.loads((Path(__file__).parent / "data" / "prompt_digests.json").read_text(encoding="utf-8"))
BENCHMARKS = ("gsm8k", "math500", "amc23", "aime24", "aime25")
SYNTHETIC = {
    "synthetic_choice": task_yaml(
        "path: choice.csv, format: csv, question: 8, answer: 9, wrong: [10, 11, 12]",
        answer_type="choice",
        template="rest_choice",
    ),
    "synthetic_code": task_yaml(
        "path: code.jsonl, format: jsonl, id: question_id, question: question_content, starter_code: starter_code, "
        "fn_name: fn_name, tests: tests",
        answer_type="code",
        template="rest_code",
    ),
}


def prompts(task: Task, level: int) -> list[str]:
    return [render(pack, task).messages[0].content for pack in make_packs(task, level)]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest(rendered: list[str]) -> dict[str, int | str]:
    return {
        "prompts": len(rendered),
        "sha256_all": sha256("\x1e".join(rendered)),
        "sha256_first": sha256(rendered[0]),
        "sha256_last": sha256(rendered[-1]),
        "chars": sum(map(len, rendered)),
    }


@pytest.mark.parametrize(("name", "level"), [(name, level) for name in BENCHMARKS for level in DIGESTS[name]["levels"]])
def test_benchmark_prompts_are_those_of_the_protocol_byte_for_byte(name: str, level: str) -> None:
    task = load_task(name, shared_file("data/rest"))
    assert int(level) in task.levels
    assert digest(prompts(task, int(level))) == DIGESTS[name]["levels"][level]


@pytest.mark.parametrize(("name", "level"), [(name, level) for name in SYNTHETIC for level in DIGESTS[name]["levels"]])
def test_choice_and_code_prompts_are_those_of_the_protocol_byte_for_byte(tmp_path: Path, name: str, level: str) -> None:
    path = write(tmp_path, "toy.yaml", SYNTHETIC[name])
    task = load_task(path, shared_file("data/rest/synthetic"))
    assert digest(prompts(task, int(level))) == DIGESTS[name]["levels"][level]
    assert [problem.gold for problem in task.problems] == DIGESTS[name].get("golds", ["tests: 2"] * 4)


def test_no_level_of_the_digests_is_left_out() -> None:
    unchecked = {name for name in DIGESTS if name not in (*BENCHMARKS, *SYNTHETIC)}
    assert unchecked == {"gpqa_diamond"}  # gated: its data may not lie beside the others
    assert sum(len(DIGESTS[name]["levels"]) for name in DIGESTS.keys() - unchecked) == 33


# --- what a template sees ---------------------------------------------------------------------------------------------

PROBLEMS = tuple(
    Problem(
        id=str(number),
        question=f"<What> is {{{{ {number} }}}}?\n\n",
        gold="SECRET",
        answer_type="choice",
        options=tuple(Option(letter=letter, text=f"{letter.lower()}{number}") for letter in "ABC"),
        fn_name="f" if number else None,
    )
    for number in range(3)
)


def task(template_source: str, problems: tuple[Problem, ...] = PROBLEMS) -> Task:
    return Task(
        name="toy",
        title="Toy",
        answer_type="choice",
        levels=(1,),
        repeats=1,
        template="mine.j2",
        template_source=template_source,
        problems=problems,
        source="local: toy.jsonl",
        file_sha256="",
        data_sha256="",
    )


def rendered(template_source: str, level: int = 2) -> str:
    toy = task(template_source)
    return render(make_packs(toy, level, "cyclic-first")[0], toy).messages[0].content


@pytest.mark.parametrize(
    ("template_source", "text"),
    [
        ("{{ level }} {{ problems | length }}", "2 2"),
        ("{% for p in problems %}{{ loop.index }}{{ p.id }}{{ p.fn_name }} {% endfor %}", "10None 21f "),
        ("{{ problems[0].question }}", "<What> is {{ 0 }}?\n\n"),
        ("{% for o in problems[1].options %}{{ o.letter }}={{ o.text }};{% endfor %}", "A=a1;B=b1;C=c1;"),
        ("a\n", "a\n"),
        ("a{# stop -#}\n", "a"),
        ("{% if true %}\nyes\n{% endif %}\nno", "yes\nno"),
        ("{% set n = namespace(x=1) %}{% for _ in range(3) %}{% set n.x = n.x * 2 %}{% endfor %}{{ n.x }}", "8"),
        ("{% macro q(p) %}[{{ p.id }}]{% endmacro %}{% for p in problems %}{{ q(p) }}{% endfor %}", "[0][1]"),
        ("{% for p in problems if p.fn_name %}{{ p.id }}{% endfor %}", "1"),
    ],
)
def test_a_template_says_the_whole_prompt(template_source: str, text: str) -> None:
    assert rendered(template_source) == text


def test_a_choice_prompt_names_the_letters_there_are() -> None:
    text = rendered((packaged_dir("templates") / "rest_choice.j2").read_text(encoding="utf-8"))
    assert text.count("where LETTER is one of ABC.") == 2


def test_a_prompt_carries_its_pack_and_the_hash_of_its_messages() -> None:
    toy = task("{{ problems[0].id }} é")
    pack = make_packs(toy, 1, seed=5, repeat=3)[0]
    prompt = render(pack, toy)
    assert (prompt.pack_id, prompt.task, prompt.level, prompt.repeat) == (pack.pack_id, "toy", 1, 3)
    assert (prompt.answer_type, prompt.messages) == ("choice", (Message(role="user", content="0 é"),))
    assert prompt.sha256 == sha256('[{"content":"0 é","role":"user"}]')


# --- faults and hostile templates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template_source", "fault"),
    [
        ("a\n{% for p in problems %}", "line 2: Unexpected end of template"),
        ("a\n\n{{ problem }}", "line 3: 'problem' is undefined"),
        (
            "{{ problems[0].nothing }}",
            "line 1: 'rest_bench.templates._VisibleProblem object' has no attribute 'nothing'",
        ),
        ("{{ problems[7] }}", "line 1: "),
        ("a\n{{ 1 / 0 }}", "line 2: division by zero"),
        ("{{ problems + 1 }}", "line 1: can only concatenate"),
        ("{{ 'x' | nofilter }}", "line 1: No filter named 'nofilter'"),
        ("{% include 'other.j2' %}", "line 1: one file is one whole prompt: a template has no `include`"),
        ("\n{% block b %}{% endblock %}", "line 2: one file is one whole prompt: a template has no `block`"),
        ("", "the prompt is empty"),
        (" \n", "the prompt is empty"),
        ("{{ '\\ud800' }}", "surrogates not allowed"),
    ],
)
def test_a_fault_names_task_template_and_line(template_source: str, fault: str) -> None:
    with pytest.raises(TemplateError) as error:
        rendered(template_source)
    assert str(error.value).startswith("task toy, template mine.j2")
    assert fault in str(error.value)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "template_source",
    [
        "{{ problems[0].gold }}",
        "{{ problems[0].difficulty }}",
        "{{ problems[0].model_dump() }}",
        "{{ problems[0].parse_file('/etc/passwd') }}",
        "{{ problems[0].__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ problems.append(1) }}",
        "{{ '{0.__class__}'.format(problems) }}",
        "{{ range.__globals__ }}",
        "{{ lipsum() }}",
        "{{ problems | random }}",
        "{{ cycler.__init__ }}",
        "{% import 'os' as os %}",
    ],
)
def test_a_template_reaches_no_gold_no_python_and_no_chance(template_source: str) -> None:
    with pytest.raises(TemplateError):
        rendered(template_source)


@pytest.mark.parametrize(
    ("template_source", "fault"),
    [
        ("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", f"more than {MAX_STEPS}"),
        ("{% for a in range(9999) %}{% for b in range(99999) if false %}{% endfor %}{% endfor %}", "more than"),
        ("{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}", ""),
        ("{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}", "more than"),
        ("{% for a in [problems] recursive %}{{ loop([a]) }}{% endfor %}", ""),
        ("{% for a in range(10 * 100000) %}{% endfor %}", "Range too big"),
        ("{{ 10 ** 10 ** 10 }}", "`**` is only for products"),
        ("{{ 'a' * 10000000000 }}", "`*` is only for products"),
        ("{{ [1] * 10000000000 }}", "`*` is only for products"),
        (
            "{% set x = 'aaaaaaaaaa' * 1 %}",
            "`*` is only for products",
        ),
        (
            "{% for a in range(3000) %}{{ problems[0].question | center(9999) }}{% endfor %}",
            f"the prompt is longer than {MAX_PROMPT_CHARS} characters",
        ),
    ],
)
def test_endless_work_is_stopped(template_source: str, fault: str) -> None:
    with pytest.raises(TemplateError) as error:
        rendered(template_source)
    assert fault in str(error.value)


# --- the request to a second model ------------------------------------------------------------------------------------


def extraction_request(pack: Pack, final: str) -> str:
    (message,) = render_extraction(pack, final).messages
    assert message.role == "user"
    return message.content


def test_a_second_model_sees_the_questions_and_the_reply_and_no_gold() -> None:
    text = extraction_request(make_pack(0), "The first is 1, the second 2.")
    assert "Q1: What is 0 + 1?\n\nQ2: What is 1 + 1?\n\n" in text
    assert "\n----------\nThe first is 1, the second 2.\n----------\n" in text
    assert text.endswith(
        "Q1: <the answer that the reply gives to Q1, or NONE>\nQ2: <the answer that the reply gives to Q2, or NONE>\n"
    )
    assert "option" not in text


def test_a_second_model_sees_the_options_of_a_choice() -> None:
    options = (Option(letter="A", text="one"), Option(letter="B", text="two"))
    problem = Problem(id="1", question="How many?", gold="B", answer_type="choice", options=options)
    text = extraction_request(make_pack(0, level=1).model_copy(update={"problems": (problem,)}), "Two.")
    assert "Q1: How many?\nA) one\nB) two\n" in text
    assert "its answer is the letter of one" in text


def test_what_looks_like_a_template_in_a_reply_stays_text() -> None:
    assert "{{ level }} {% for %} {# #}" in extraction_request(make_pack(0), "{{ level }} {% for %} {# #}")


def test_a_reply_too_long_to_show_is_said() -> None:
    with pytest.raises(TemplateError, match=r"cannot be shown to the extractor: .* longer than"):
        render_extraction(make_pack(0), "x" * (MAX_PROMPT_CHARS + 1))
