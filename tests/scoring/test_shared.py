import os
import subprocess
import sys
import threading

import pytest

from rest_bench.scoring import Question, shared_judge

ALGEBRA = """
from rest_bench.scoring import Question, shared_judge
QUESTION = Question("math", r"\\sqrt{8}", r"2\\sqrt{2}")
def pids():
    return sorted(worker._process.pid for worker in shared_judge()._pool._workers if worker._process is not None)
"""


def script(text: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ALGEBRA + text], capture_output=True, text=True, check=True, timeout=100
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_there_is_one_for_all_threads() -> None:
    found = []
    threads = [threading.Thread(target=lambda: found.append(shared_judge())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {id(judge) for judge in found} == {id(shared_judge())}


def test_it_starts_no_process_again_and_leaves_none() -> None:
    lines = script(
        "for gold in ('8', '18', '50'):\n"
        "    shared_judge().judge([Question('math', '\\\\sqrt{%s}' % gold, '\\\\sqrt{%s}+0x' % gold)])\n"
        "    print(*pids())\n"
    )
    assert len(lines) == 3
    assert len(set(lines)) == 1
    assert not any(is_running(int(pid)) for pid in lines[0].split())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_has_its_own_and_leaves_that_of_its_parent_alone() -> None:
    lines = script(
        "import os, sys\n"
        "assert shared_judge().judge([QUESTION]) == ('correct',)\n"
        "print(*pids(), flush=True)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    assert shared_judge().judge([QUESTION]) == ('correct',)\n"
        "    print(*pids(), flush=True)\n"
        "    sys.exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "question = Question('math', '\\\\sqrt{18}', '3\\\\sqrt{2}')\n"
        "assert shared_judge().judge([question]) == ('correct',)\n"
        "print(*pids(), flush=True)\n"
    )
    parent, child, again = lines
    assert parent == again != child
    assert not any(is_running(int(pid)) for pid in f"{parent} {child}".split())


def test_its_verdicts_are_those_of_any_judge() -> None:
    assert shared_judge().judge([Question("integer", "7", "7"), Question("integer", "7", "8")]) == (
        "correct",
        "incorrect",
    )
