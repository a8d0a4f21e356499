"""Evaluations with real vLLM, in this process and behind a server, killed at random moments (`make test-vllm`).

Ten kills of each; REST_BENCH_KILLS sets another number.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rest_bench.schema import Response
from rest_bench.store import Run

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(3000), pytest.mark.filterwarnings("default")]

KILLS = int(os.environ.get("REST_BENCH_KILLS", "10"))
REPOSITORY = Path(__file__).parents[1]
SETTINGS = ["--model", "rest-nano", "--temperature", "0", "--levels", "1,2", "--limit", "60", "--max-tokens", "300"]
IN_PROCESS = ["--engine", "vllm", "--enforce-eager", "--max-num-seqs", "8"]
SLOWLY = [*IN_PROCESS[:-1], "2"]
"""Two at a time: a run that goes on for long enough to be stopped in the middle, also where all else is slow."""
N_SAMPLES = 120


def command(out: Path, *settings: str) -> list[str]:
    return [sys.executable, "-m", "rest_bench", "eval", *SETTINGS, *settings, "--out", str(out)]


def start(out: Path, *settings: str) -> "subprocess.Popen[str]":
    """Start an evaluation as a terminal does: in a process group of its own."""
    return subprocess.Popen(
        command(out, *settings),
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(out: Path, *settings: str) -> Run:
    process = start(out, *settings)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 0, said
    return Run(out)


def n_lines(out: Path) -> int:
    responses = out / "responses.jsonl"
    return responses.read_bytes().count(b"\n") if responses.exists() else 0


def sample_ids(run: Run) -> list[str]:
    lines = (run.path / "responses.jsonl").read_text().splitlines()
    return [Response.model_validate_json(line).sample_id for line in lines]


def wait_for_lines(process: "subprocess.Popen[str]", out: Path, wanted: int) -> None:
    until = time.monotonic() + 300
    while n_lines(out) < wanted and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)


def kill_again_and_again(out: Path, draw: random.Random, longest_start_s: float, *settings: str) -> None:
    """Kill an evaluation `KILLS` times: some while it starts, most after a random number of further samples."""
    for number in range(KILLS):
        process = start(out, *settings)
        if number % 3 == 2:
            time.sleep(draw.uniform(0, longest_start_s))
        else:
            wait_for_lines(process, out, n_lines(out) + draw.randint(1, max(1, N_SAMPLES // (2 * KILLS))))
        assert process.poll() is None, "it ended before it was killed"
        helpers = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate()
        assert psutil.wait_procs(helpers, timeout=20)[1] == []


def assert_same(run: Run, whole: Run) -> None:
    """Every sample once, and nothing to be seen in the numbers of what happened."""
    assert sorted(sample_ids(run)) == sorted(set(sample_ids(run))) == sorted(sample_ids(whole))
    assert run.summary == whole.summary
    columns = ["pack_id", "repeat", "position", "answer", "outcome", "completion_tokens"]
    assert run.scores()[columns].equals(whole.scores()[columns])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run with vLLM in its process that nobody disturbed."""
    return finish(tmp_path_factory.mktemp("runs") / "whole", *IN_PROCESS)


def test_an_evaluation_with_vllm_killed_at_random_moments_loses_nothing(tmp_path: Path, whole: Run) -> None:
    kill_again_and_again(tmp_path / "killed", random.Random(KILLS), 20.0, *SLOWLY)
    assert_same(finish(tmp_path / "killed", *IN_PROCESS), whole)


def test_an_interrupt_lets_what_vllm_has_begun_finish(tmp_path: Path, whole: Run) -> None:
    process = start(tmp_path / "run", *SLOWLY)
    wait_for_lines(process, tmp_path / "run", 3)
    n_before = n_lines(tmp_path / "run")
    os.killpg(process.pid, signal.SIGINT)  # as a Ctrl-C in a terminal: all of its processes get it
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "the same command goes on from there" in said
    assert n_lines(tmp_path / "run") >= n_before + 2
    assert_same(finish(tmp_path / "run", *IN_PROCESS), whole)


def test_a_dead_engine_is_started_again_and_nothing_is_asked_twice(tmp_path: Path, whole: Run) -> None:
    process = start(tmp_path / "run", *IN_PROCESS)
    wait_for_lines(process, tmp_path / "run", 3)
    engine = next(each for each in psutil.Process(process.pid).children() if "EngineCore" in each.name())
    engine.kill()
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert "vLLM's engine died; starting it again" in said
    assert_same(Run(tmp_path / "run"), whole)


def test_two_copies_of_the_model_give_the_same_answers(tmp_path: Path, whole: Run) -> None:
    run = finish(tmp_path / "run", *IN_PROCESS, "--data-parallel-size", "2")
    assert run.summary == whole.summary


def test_more_prompts_than_fit_one_step_are_sampled_each_with_its_seed(tmp_path: Path) -> None:
    """Pieces of prompts and seeds together kill vLLM on a CPU."""
    settings = ("--engine", "vllm", "--enforce-eager", "--temperature", "0.6", "--levels", "8", "--limit", "120")
    run = finish(tmp_path / "run", *settings, "--max-tokens", "40")
    reasons = [sample.response.finish_reason for sample in run.samples()]
    assert (len(reasons), "error" in reasons) == (360, False)  # levels given again are added
    assert sum(sample.response.prompt_tokens or 0 for sample in run.samples()) > 10_000


# --- a server ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a vLLM server of rest-nano."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("server") / "log").open("w+")
    model = str(REPOSITORY / "models" / "rest-nano")
    serve = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", model, "--port", str(port)]
    serve += ["--served-model-name", "rest-nano", "--dtype", "float32", "--enforce-eager", "--max-num-seqs", "8"]
    serve += ["--gpu-memory-utilization", "0.3", "--host", "127.0.0.1"]
    with subprocess.Popen(serve, stdout=log, stderr=subprocess.STDOUT, start_new_session=True) as process:
        until = time.monotonic() + 300
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, server: str) -> Run:
    """Return a run behind the server that nobody disturbed."""
    return finish(tmp_path_factory.mktemp("runs") / "served", "--base-url", server)


def test_a_served_model_is_the_same_model(served: Run, whole: Run) -> None:
    manifest = served.manifest
    assert manifest.engine.engine == "openai"
    assert "vllm 0." in manifest.engine.engine_version
    assert manifest.engine.refused_parameters == ()
    assert manifest.engine.max_context_tokens == 1024
    texts = {sample.pack.pack_id: sample.response.text for sample in whole.samples()}
    assert {sample.pack.pack_id: sample.response.text for sample in served.samples()} == texts
    accuracies = [run.summary.tasks["arithmetic"].stress.value for run in (served, whole)]
    assert accuracies[0] == accuracies[1]


def test_an_evaluation_behind_a_server_killed_at_random_moments_loses_nothing(
    tmp_path: Path, server: str, served: Run
) -> None:
    settings = ("--base-url", server, "--concurrency", "4")
    kill_again_and_again(tmp_path / "killed", random.Random(KILLS), 2.0, *settings)
    assert_same(finish(tmp_path / "killed", *settings), served)
