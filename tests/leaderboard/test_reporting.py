import json
from pathlib import Path

from rest_bench.leaderboard.faults import Fault
from rest_bench.leaderboard.reporting import PRINTERS, annotations, as_json, text_end, text_lines
from rest_bench.leaderboard.verifying import Verified

SOUND = Verified(Path("a__b/1"), "re-scored", sha256="5")
FAULTY = Verified(
    Path("a__b/2"), None, (Fault(Path("a__b/2/answers.jsonl.zst"), 3, "text", "x", "y"),), n_more_faults=4
)
UNCHECKED = Verified(Path("a__b/3"), None, unchecked="task x: no data file; get it")


def test_text_is_a_sentence_a_fault() -> None:
    assert list(text_lines(SOUND)) == ["a__b/1: sound (re-scored)"]
    assert list(text_lines(FAULTY)) == [
        "a__b/2/answers.jsonl.zst line 3: text: expected x, found y",
        "a__b/2: and 4 more faults",
    ]
    assert list(text_lines(UNCHECKED)) == ["a__b/3: not checked: task x: no data file; get it"]
    assert list(text_end([SOUND, FAULTY, UNCHECKED])) == ["1 of 3 submissions are sound, 1 not checked"]


def test_json_is_one_text() -> None:
    printer = PRINTERS["json"]
    assert list(printer.each(FAULTY)) == []
    (text,) = printer.all([SOUND, FAULTY])
    sound, faulty = json.loads(text)
    assert sound == json.loads(json.dumps(as_json(SOUND)))
    assert faulty["faults"] == [
        {"file": "a__b/2/answers.jsonl.zst", "line": 3, "field": "text", "expected": "x", "found": "y"}
    ]


def test_annotations_name_file_and_line() -> None:
    assert list(annotations(FAULTY)) == [
        "::error file=a__b/2/answers.jsonl.zst,line=3,title=submission"
        "::a__b/2/answers.jsonl.zst line 3: text: expected x, found y",
        "::error file=a__b/2::and 4 more faults",
    ]
    assert list(annotations(UNCHECKED)) == ["::warning file=a__b/3::not checked: task x: no data file; get it"]
    assert list(annotations(SOUND)) == []


def test_a_submission_cannot_give_commands() -> None:
    evil = Fault(Path("a,b:c\n::set-env"), None, "x", "y\n::error::", "50%\r")
    (line,) = annotations(Verified(Path("a"), None, (evil,)))
    assert "\n" not in line
    assert "\r" not in line
    assert line.startswith("::error file=a%2Cb%3Ac%0A%3A%3Aset-env,title=submission::")
    assert line.endswith("50%25%0D")
