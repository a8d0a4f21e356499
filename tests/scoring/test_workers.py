import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rest_bench.errors import ScoringError
from rest_bench.scoring import workers
from rest_bench.scoring.workers import WorkerPool

TARGET = "tests.scoring.misbehaving:act"


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(TARGET, "rehearsal", size=2, timeout_s=0.5)
    yield pool
    pool.close()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[-1].split()[0] != "Z"


def wait_until_gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_jobs_come_back_in_order(pool: WorkerPool) -> None:
    assert pool.map(["a", "b", "ä\ud800", "c"]) == ["A", "B", "Ä\ud800", "C"]


@pytest.mark.parametrize("order", ["hang", "spin", "exit", "raise", "eat"])
def test_a_job_that_fails_costs_only_itself(pool: WorkerPool, order: str) -> None:
    assert pool.map(["a", order, "b", "c", "d"]) == ["A", None, "B", "C", "D"]


def test_a_job_is_ended_by_the_time_it_computes(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 10_000)
    assert pool.map(["spin", "a"]) == [None, "A"]


def test_a_job_that_waits_for_its_turn_is_not_ended(pool: WorkerPool) -> None:
    """As on a busy machine: a verdict must not depend on what else runs."""
    assert pool.map(["nap of a second", "a"]) == ["of a second", "A"]


def test_what_a_library_prints_does_not_disturb_the_replies(pool: WorkerPool) -> None:
    assert pool.map(["print noise", "b"]) == ["noise", "B"]


def test_a_reply_may_be_longer_than_a_pipe(pool: WorkerPool) -> None:
    assert pool.map(["long xy"]) == ["xy" * 1_000_000]


def test_many_failures_in_a_row_leave_a_working_pool(pool: WorkerPool) -> None:
    assert pool.map(["exit"] * 6 + ["a"]) == [None] * 6 + ["A"]


def test_a_worker_serves_many_jobs(pool: WorkerPool) -> None:
    assert len(set(pool.map(["pid"] * 20))) <= 2


def test_a_worker_ignores_the_interrupt_that_its_parent_handles(pool: WorkerPool) -> None:
    assert pool.map(["signals"]) == ["True"]


def test_threads_may_share_a_pool(pool: WorkerPool) -> None:
    replies: dict[int, list[str | None]] = {}

    def ask(number: int) -> None:
        replies[number] = pool.map([f"job {number}"] * 5)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == {number: [f"JOB {number}"] * 5 for number in range(4)}


def test_no_process_starts_before_the_first_job() -> None:
    pool = WorkerPool("no.such.module:function", "rehearsal")
    pool.close()


@pytest.mark.parametrize(
    ("target", "reason"),
    [("no_such_module:act", "no_such_module"), ("tests.scoring.misbehaving:refuse", "no rehearsal today")],
)
def test_a_worker_that_cannot_start_is_a_sentence_for_the_user(target: str, reason: str) -> None:
    pool = WorkerPool(target, "rehearsal", size=1)
    with pytest.raises(ScoringError, match=reason):
        pool.map(["a"])
    pool.close()


def test_closing_ends_idle_and_busy_workers() -> None:
    pool = WorkerPool(TARGET, "rehearsal", size=2, timeout_s=30)
    pids = [int(reply or 0) for reply in pool.map(["pid"] * 8)]
    busy = threading.Thread(target=pool.map, args=(["hang", "hang"],))
    busy.start()
    time.sleep(0.3)
    pool.close()
    busy.join(timeout=10)
    assert not busy.is_alive()
    assert all(wait_until_gone(pid) for pid in set(pids))


def test_a_closed_pool_says_so(pool: WorkerPool) -> None:
    pool.close()
    with pytest.raises(ScoringError, match="closed"):
        pool.map(["a"])


ORPHAN = """
import sys
from rest_bench.scoring.workers import WorkerPool
pool = WorkerPool("tests.scoring.misbehaving:act", "rehearsal", size=1, timeout_s=600)
print(pool.map(["pid"])[0], flush=True)
pool.map(sys.argv[1:])
"""


@pytest.mark.parametrize("order", ["hang", "spin"])
def test_a_worker_does_not_outlive_a_parent_that_was_killed(order: str) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", ORPHAN, order], stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        assert is_alive(pid)
        parent.kill()
        parent.wait()
        assert wait_until_gone(pid)
