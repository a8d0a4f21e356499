from pathlib import Path

import pytest

from rest_bench.errors import TaskError
from rest_bench.tasks.taskfile import MAX_FILE_BYTES, read_task_file
from tests.tasks.files import task_yaml, write

LOCAL = "path: toy.jsonl, format: jsonl, question: question, answer: answer"
CHOICE = "path: toy.csv, format: csv, question: 1, answer: 2, wrong: [3, 4]"


def test_a_task_file_is_read_key_by_key(tmp_path: Path) -> None:
    path = write(tmp_path, "toy.yaml", task_yaml(LOCAL, licence="MIT", repeats="8"))
    task_file, sha256 = read_task_file(path)
    assert (task_file.name, task_file.levels, task_file.repeats, task_file.licence) == ("toy", (1, 3), 8, "MIT")
    assert task_file.source.local is not None
    assert (task_file.source.local.path, task_file.source.local.question) == ("toy.jsonl", "question")
    assert len(sha256) == 64


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (task_yaml(LOCAL, levles="[1]"), "unknown key `levles`; did you mean `levels`?"),
        (task_yaml(LOCAL + ", quesiton: q"), "unknown key `source.local.quesiton`; did you mean `question`?"),
        (task_yaml(LOCAL, zzz="1"), "unknown key `zzz`"),
        (task_yaml(LOCAL).replace("title: Toy\n", ""), "the key `title` is missing"),
        (task_yaml("path: toy.jsonl, format: jsonl, answer: a"), "the key `source.local.question` is missing"),
        (task_yaml(LOCAL, source="{}"), "`source`: needs `local:` or `hub:`"),
        (task_yaml(LOCAL, source="toy.jsonl"), "`source`: should be a valid dictionary"),
        (task_yaml(LOCAL) + "name: again\n", "the key 'name' occurs twice (line 8)"),
        (task_yaml(LOCAL, name="7"), "`name`: should be a valid string"),
        (task_yaml(LOCAL, name="../toy"), "`name`: String should match pattern"),
        (
            task_yaml(LOCAL, answer_type="integers"),
            "`answer_type`: must be one of integer, math, choice, code, not",
        ),
        (task_yaml(LOCAL, repeats="'1'"), "`repeats`: should be a valid integer"),
        (task_yaml(LOCAL, repeats="0"), "`repeats`: should be greater than or equal to 1"),
        (task_yaml(LOCAL, levels="3"), "`levels`: should be a valid tuple"),
        (task_yaml(LOCAL, levels="[1, '3']"), "`levels.1`: should be a valid integer"),
        (task_yaml(LOCAL, levels="[]"), "`levels`: must be numbers from 1 in ascending order"),
        (task_yaml(LOCAL, levels="[0, 1]"), "`levels`: must be numbers from 1 in ascending order"),
        (task_yaml(LOCAL, levels="[3, 1]"), "`levels`: must be numbers from 1 in ascending order"),
        (task_yaml(LOCAL, levels="[1, 1]"), "`levels`: must be numbers from 1 in ascending order"),
        (task_yaml(LOCAL, template="../x.j2"), "`template`: must be a relative path without `..`"),
        (task_yaml(LOCAL.replace("toy.jsonl", "/etc/passwd")), "`source.local.path`: must be a relative path"),
        (task_yaml(LOCAL.replace("toy.jsonl", "../toy.jsonl")), "`source.local.path`: must be a relative path"),
        (task_yaml(LOCAL.replace("format: jsonl", "format: xml")), "`source.local.format`: should be 'jsonl'"),
        (task_yaml(LOCAL.replace("answer: answer", "answer: true")), "`source.local.answer`: must be the name of"),
        (task_yaml(LOCAL.replace("answer: answer", "answer: 0")), "`source.local.answer`: column numbers count from 1"),
        (task_yaml(LOCAL + ", gold_rule: guess"), "`source.local.gold_rule`: should be 'as_written'"),
        (task_yaml(LOCAL + ", metadata: [7]"), "`source.local.metadata.0`: should be a valid string"),
        (task_yaml(LOCAL, answer_type="choice"), "answer_type choice needs the key source.local.wrong"),
        (
            task_yaml(CHOICE + ", options: [3, 4]", answer_type="choice"),
            "give source.local.wrong or source.local.options",
        ),
        (task_yaml(CHOICE + ", answer_is: letter", answer_type="choice"), "with `wrong`, the answer is a text"),
        (task_yaml(CHOICE + ", answer_is: guess", answer_type="choice"), "`source.local.answer_is`: should be 'text'"),
        (task_yaml(CHOICE, answer_type="choice", option_order="as_given"), "option_order as_given needs `options`"),
        (
            task_yaml(LOCAL + ", options: 0", answer_type="choice"),
            "`source.local.options`: column numbers count from 1",
        ),
        (task_yaml(LOCAL + ", options: [a]", answer_type="choice"), "`source.local.options`: must be 2 to 26 columns"),
        (task_yaml(LOCAL + ", options: choices"), "answer_type integer has no use for source.local.options"),
        (task_yaml(CHOICE), "answer_type integer has no use for source.local.wrong"),
        (task_yaml(LOCAL, answer_type="code"), "answer_type code needs the key source.local.tests"),
        (task_yaml(LOCAL + ", difficulty: d"), "a `difficulty` column needs a `difficulty_source`"),
        (task_yaml(LOCAL, difficulty_source="me"), "a `difficulty` column needs a `difficulty_source`"),
        (task_yaml(LOCAL, option_order="protocol"), "option_order is for answer_type choice"),
        (
            task_yaml(CHOICE, answer_type="choice", option_seed="1"),
            "option_seed needs `option_order: shuffled`",
        ),
        ("- name: toy\n", "must hold `key: value` lines"),
        ("", "must hold `key: value` lines"),
        ("name: [toy\n", "not valid YAML"),
        ("name: !!python/object/apply:os.getcwd []\n", "not valid YAML: could not determine a constructor"),
        ("name: \x07\n", "not valid YAML"),
        ("name: !!timestamp x\n", "not valid YAML: a value is not what its tag"),
        ('name: !!int ""\n', "not valid YAML: a value is not what its tag"),
        ("name: !!bool x\n", "not valid YAML: a value is not what its tag"),
        ("name: 2024-13-45\n", "not valid YAML: month must be in 1..12"),
        ("name: " + "[" * 5000, "not valid YAML"),
        ("? [a, b]\n: 1\n", "not valid YAML"),
    ],
)
def test_a_fault_is_one_sentence_with_file_and_key(tmp_path: Path, text: str, fault: str) -> None:
    path = write(tmp_path, "toy.yaml", text)
    with pytest.raises(TaskError) as error:
        read_task_file(path)
    assert str(error.value).startswith(f"{path}")
    assert fault in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_nested_references_stay_cheap(tmp_path: Path) -> None:
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    path = write(tmp_path, "toy.yaml", "\n".join(layers) + "\nlevels: *a11\n")
    with pytest.raises(TaskError, match="the key `name` is missing"):
        read_task_file(path)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    path.write_bytes(b"name: toy\ntitle: caf\xe9\n")
    with pytest.raises(TaskError, match=r"toy.yaml, line 2: not UTF-8"):
        read_task_file(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + task_yaml(LOCAL).encode())
    assert read_task_file(path)[0].name == "toy"


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    path.write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(TaskError, match="larger than 1000000 bytes, so it is no task file"):
        read_task_file(path)


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(TaskError, match=r"the task file cannot be read \((No such file|Is a directory)"):
            read_task_file(path)
