import json
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.replies import read_replies

LINE = {
    "id": "r1",
    "stress_level": 2,
    "answer_type": "choice",
    "golds": ["A", "B"],
    "response": "Q1: \\boxed{A}",
    "options": [{"A": "one", "B": "two"}, {"A": "x", "B": "y"}],
    "finish_reason": "length",
    "reasoning_content": "Hmm",
    "thinking_prefilled": True,
    "note": "any further key may stand here",
}


def written(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "replies.jsonl"
    path.write_bytes(b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines))
    return path


def test_a_line_becomes_a_pack_and_a_response(tmp_path: Path) -> None:
    (reply,) = read_replies(written(tmp_path, LINE))
    assert reply.id == "r1"
    assert [problem.gold for problem in reply.pack.problems] == ["A", "B"]
    assert [option.text for option in reply.pack.problems[1].options] == ["x", "y"]
    assert reply.response.pack_id == reply.pack.pack_id
    assert (reply.response.finish_reason, reply.response.reasoning) == ("length", "Hmm")
    assert reply.response.thinking_prefilled


def test_only_five_fields_are_needed(tmp_path: Path) -> None:
    needed = {name: LINE[name] for name in ("id", "stress_level", "answer_type", "golds", "response")}
    (reply,) = read_replies(written(tmp_path, needed))
    assert (reply.response.finish_reason, reply.response.reasoning) == ("stop", None)


def test_a_gold_may_be_a_number(tmp_path: Path) -> None:
    (reply,) = read_replies(written(tmp_path, {**LINE, "answer_type": "integer", "golds": [12, 7], "options": None}))
    assert [problem.gold for problem in reply.pack.problems] == ["12", "7"]


@pytest.mark.parametrize("number", ["0.1", "12345678901234567890", "3.14159265358979323846", "27.0", "-2.5", "1e400"])
def test_a_number_as_a_gold_keeps_its_digits(tmp_path: Path, number: str) -> None:
    line = json.dumps({**LINE, "answer_type": "math", "golds": ["X", 1], "options": None}).replace('"X"', number)
    (reply,) = read_replies(written(tmp_path, line.encode() + b"\n"))
    assert reply.pack.problems[0].gold == number


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (reply,) = read_replies(written(tmp_path, b"\xef\xbb\xbf" + json.dumps(LINE).encode() + b"\n"))
    assert reply.id == "r1"


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    assert len(list(read_replies(written(tmp_path, LINE, b"\n", LINE)))) == 2


def test_a_lone_surrogate_becomes_a_replacement_character(tmp_path: Path) -> None:
    line = json.dumps({**LINE, "response": "Q1: X"}).replace("X", "\\ud800\\boxed{A} \\ud83d\\ude00").encode() + b"\n"
    (reply,) = read_replies(written(tmp_path, line.replace(b"\\boxed", b"\\\\boxed")))
    assert reply.response.text == "Q1: \ufffd\\boxed{A} 😀"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b'{"id": "x"\n', "line 2: not valid JSON"),
        (b'{"id": "a", "id": "b"}\n', "line 2: the key 'id' occurs twice in one object; take one of them out"),
        (b'{"id": "\xff"}\n', "line 2: not valid UTF-8 at byte 8"),
        (b"[1]\n", "line 2: "),
        ({**LINE, "stress_level": 0}, "line 2: stress_level: "),
        ({**LINE, "golds": ["A"]}, "golds has 1 entries where stress_level is 2"),
        ({**LINE, "options": [{}]}, "options has 1 entries where stress_level is 2"),
        ({**LINE, "answer_type": "essay"}, "line 2: answer_type: "),
        ({**LINE, "finish_reason": "tired"}, "line 2: finish_reason: "),
        ({name: LINE[name] for name in LINE if name != "response"}, "line 2: response: Field required"),
        (b"[" * 100_000 + b"\n", "line 2: "),
    ],
)
def test_a_bad_line_is_named_with_its_field(tmp_path: Path, line: object, sentence: str) -> None:
    path = written(tmp_path, LINE, line)
    with pytest.raises(StoreError) as caught:
        list(read_replies(path))
    assert str(caught.value).startswith(f"{path} line 2: ")
    assert sentence in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"absent\.jsonl: cannot be read"):
        list(read_replies(tmp_path / "absent.jsonl"))
