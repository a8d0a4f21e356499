"""Processes that outlive the one that started them; they are real ones here."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

REPOSITORY = Path(__file__).parents[2]

PARENT = """
import subprocess, sys, time
from rest_bench.engines.orphan_watch import OrphanWatch

watch = OrphanWatch()
watch.starting()
grandparent = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True); input()"
child = subprocess.Popen([sys.executable, "-c", grandparent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(child.pid, child.stdout.readline().strip(), flush=True)
if "started" in sys.argv:
    watch.started()
if "closes" in sys.argv:
    watch.close()
    print("closed", flush=True)
time.sleep(60)
"""


def start(*how: str) -> "tuple[subprocess.Popen[str], list[psutil.Process]]":
    """Start a program that starts two others, one from the other."""
    command = [sys.executable, "-c", PARENT, *how]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    assert program.stdout is not None
    return program, [psutil.Process(int(pid)) for pid in program.stdout.readline().split()]


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return psutil.wait_procs(processes, timeout=0)[1]  # type: ignore[no-any-return]


@pytest.mark.parametrize("how", ["started", "starting"])
def test_a_killed_program_leaves_nothing_behind(how: str) -> None:
    program, children = start(how)
    time.sleep(1.0)  # some looks at what there is
    assert len(alive(children)) == 2
    with program:
        program.kill()
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_a_closed_watch_harms_nobody() -> None:
    program, children = start("started", "closes")
    assert program.stdout is not None
    assert program.stdout.readline() == "closed\n"
    with program:
        program.send_signal(signal.SIGKILL)
    time.sleep(0.5)
    left = alive(children)
    for process in left:
        process.kill()
    assert len(left) == 2
