import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy
import pytest

from rest_bench import grade, verify
from rest_bench.errors import ConfigError, PluginError, RestBenchError
from rest_bench.scoring import shared_judge


def line(**fields: Any) -> dict[str, Any]:
    reply = "Q1: \\boxed{4}\nQ2: \\boxed{\\sqrt{8}}"
    own = {"id": "a", "stress_level": 2, "answer_type": "math", "golds": ["4", "2\\sqrt{2}"], "response": reply}
    return {**own, **fields}


# --- replies as dicts -------------------------------------------------------------------------------------------------


def test_dicts_come_out_as_the_command_prints_them(tmp_path: Any) -> None:
    lines = [line(), line(id="b", response="Q1: \\boxed{5}"), line(id="c", messages=[{"role": "user"}], note=None)]
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    done = subprocess.run(
        [sys.executable, "-m", "rest_bench", "grade", str(path)], capture_output=True, text=True, check=True
    )
    assert list(grade(lines)) == [json.loads(each) for each in done.stdout.splitlines()]


def test_what_packs_prints_is_taken_with_the_response_put_in() -> None:
    command = [sys.executable, "-m", "rest_bench", "packs", "arithmetic", "--level", "3", "--limit", "4", "--golds"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    packs = [json.loads(each) for each in printed.splitlines()]
    for pack in packs:
        pack["response"] = "\n".join(f"Q{k}: \\boxed{{{gold}}}" for k, gold in enumerate(pack["golds"], start=1))
    assert [graded["correct"] for graded in grade(packs)] == [[True] * 3] * 4


def test_a_generator_is_taken_and_one_comes_back() -> None:
    def lines() -> Iterator[dict[str, Any]]:
        yield from (line(id=str(k)) for k in range(3))

    assert [graded["id"] for graded in grade(lines())] == ["0", "1", "2"]
    assert list(grade([])) == []


@pytest.mark.parametrize(
    ("replies", "sentence"),
    [
        ([line(), line(id="b", golds=["4"])], r"reply 2 \(id 'b'\): .*golds has 1 entries where stress_level is 2"),
        ([line(response=None)], r"reply 1 \(id 'a'\): response: Input should be a valid string"),
        ([{key: value for key, value in line().items() if key != "golds"}], r"reply 1 .*: golds: Field required"),
        ([{}], "reply 1: id: Field required"),
        ([line(answer_type="maths")], r"reply 1 .*: answer_type: .*must be one of integer, math"),
        ([line(finish_reason="ended")], r"reply 1 .*: finish_reason: "),
        ([line(golds=[numpy.int64(4), "2"])], r"reply 1 .*: golds.0"),
        ([line(), "text"], "reply 2: is a str and no dict; give what `rest-bench packs --golds` prints"),
        ([None], "reply 1: is a NoneType and no dict"),
    ],
)
def test_a_fault_is_told_by_its_reply_and_field(replies: list[Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        list(grade(replies))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("given", [line(), "replies.jsonl", b"{}", 7, None])
def test_what_is_no_list_of_dicts_is_told_at_once(given: Any) -> None:
    with pytest.raises(ConfigError, match="grade: takes a list of dicts, and this is a "):
        grade(given)


def test_text_that_no_file_can_hold_is_judged() -> None:
    (graded,) = grade([line(response="\ud800\nQ1: \\boxed{4}")])
    assert graded["correct"] == [True, False]


def test_the_block_of_the_docs_prints_what_it_says() -> None:
    page = (Path(__file__).parents[1] / "docs" / "grading.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == block.strip().rpartition("# ")[2]


# --- one answer -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gold", "answer", "answer_type", "verdict"),
    [
        ("4", "4", "math", True),
        ("\\frac12", "0.5", "math", True),
        ("2\\sqrt{2}", "\\sqrt{8}", "math", True),
        ("2\\sqrt{2}", "\\sqrt{7}", "math", False),
        ("\\frac{1}{3}", "0.33", "math", False),
        (4, "4", "math", True),
        ("4", 4, "math", True),
        (0.5, "1/2", "math", True),
        ("0.5", 0.5, "math", True),
        (numpy.int64(12), numpy.int64(12), "math", True),
        ("1/3", Fraction(1, 3), "math", True),
        ("4", None, "math", False),
        ("4", "", "math", False),
        ("042", "42", "integer", True),
        ("42", "43", "integer", False),
        ("B", "(b)", "choice", True),
        ("J", "J", "choice", True),
        ("B", "C", "choice", False),
        ("4", "\ud800", "math", False),
    ],
)
def test_an_answer_is_judged_as_in_every_run(gold: Any, answer: Any, answer_type: str, verdict: bool) -> None:
    assert verify(gold, answer, answer_type) is verdict


@pytest.mark.parametrize(
    ("arguments", "kind", "sentence"),
    [
        (("", "4"), ConfigError, "verify: the gold '' cannot be judged as math"),
        (("4.5", "4", "integer"), ConfigError, "verify: the gold '4.5' cannot be judged as integer"),
        (("BC", "B", "choice"), ConfigError, r"cannot be judged as choice \(is not one letter\)"),
        (("4", "4", "code"), ConfigError, "verify: programs are not judged yet"),
        (("4", "4", "maths"), PluginError, "answer_type maths: no such scorer; choose one of integer, math"),
        ((None, "4"), ConfigError, "verify: gold must be text or a finite number, and None is a NoneType"),
        ((True, "1"), ConfigError, "verify: gold must be text or a finite number, and True is a bool"),
        (("4", float("nan")), ConfigError, "verify: answer must be text or a finite number, and nan is a float"),
        (("4", ["4"]), ConfigError, "verify: answer must be text"),
    ],
)
def test_what_cannot_be_judged_is_one_sentence(arguments: Any, kind: type[RestBenchError], sentence: str) -> None:
    with pytest.raises(kind, match=sentence) as caught:
        verify(*arguments)
    assert "\n" not in str(caught.value)


def test_a_verdict_that_could_not_be_had_counts_as_wrong_and_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shared_judge(), "judge", lambda _: ("ungraded",))
    with caplog.at_level(logging.WARNING, logger="rest_bench"):
        assert verify("4", "5") is False
    assert "verify: '5' cannot be judged against '4', and counts as wrong" in caplog.text


# --- where it is called -----------------------------------------------------------------------------------------------


def test_many_threads_share_the_workers() -> None:
    found: list[bool] = []

    def ask(k: int) -> None:
        found.append(verify(f"{k}\\sqrt{{2}}", f"\\sqrt{{{2 * k * k}}}"))
        found.extend(graded["correct"] == [True, True] for graded in grade([line(id=str(k))]))

    threads = [threading.Thread(target=ask, args=(k,)) for k in range(2, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 16
    assert len(shared_judge()._pool._workers) <= 4


def test_it_works_inside_a_running_event_loop() -> None:
    """As in a notebook, whose cells run in one."""
    script = (
        "import asyncio, rest_bench\n"
        "async def cell():\n"
        "    return rest_bench.verify(r'2\\sqrt{2}', r'\\sqrt{8}')\n"
        "print(asyncio.run(cell()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=100)
    assert (done.stdout.strip(), done.stderr) == ("True", "")
