"""Peak memory of a whole evaluation, with 10,000 and with 100,000 samples: it does not grow with their number.

Planning, generation (the replay engine), indexing, scoring and summary of the task `arithmetic`.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rest_bench.config import RunConfig
    from rest_bench.schema import Pack

LEVELS = (1, 2, 4, 8)
N_PROBLEMS = 250
SIZES = (10_000, 100_000)
PHASES = ("planning", "generation", "scoring and summary")
"""Planning reads the file of replies, too."""


def run_config(n_samples: int, folder: Path) -> "RunConfig":
    from rest_bench.config import RunConfig

    return RunConfig(
        model="replies",
        engine="replay",
        responses=folder / "replies.jsonl",
        levels=LEVELS,
        repeats=n_samples // (len(LEVELS) * N_PROBLEMS),
        limit=N_PROBLEMS,
        out=folder / "run",
    )


def write_replies(n_samples: int, folder: Path) -> None:
    """Run in a process of its own, so that the one that is measured does not hold what it takes to make replies."""
    from rest_bench.planning import make_plan

    config = run_config(n_samples, folder)
    assert config.responses is not None
    with config.responses.open("w", encoding="utf-8") as lines:
        for number, sample in enumerate(make_plan(config).samples()):
            lines.write(json.dumps(make_reply(sample.pack, number)) + "\n")


def make_reply(pack: "Pack", number: int) -> dict[str, object]:
    """Return a reply that is often right, sometimes wrong, and cut short now and then."""
    chance = random.Random(number)
    thoughts, answers = [], []
    for place, problem in enumerate(pack.problems, start=1):
        answer = int(problem.gold) + (chance.random() < 0.2) * chance.randint(1, 500)
        thoughts.append(f"Question {place}: {problem.question}\nStep by step, that gives {answer}. Let me check: yes.")
        answers.append(f"**Q{place}:** The result is \\boxed{{{answer}}}.")
    cut = chance.random() < 0.03
    text = "<think>\n" + "\n\n".join(thoughts) + ("" if cut else "\n</think>\n\n" + "\n\n".join(answers))
    return {
        "pack_id": pack.pack_id,
        "text": text,
        "finish_reason": "length" if cut else "stop",
        "prompt_tokens": 30 * pack.level,
        "completion_tokens": len(text) // 4,
    }


def measure(n_samples: int, folder: Path) -> Iterator[tuple[float, float]]:
    """Evaluate, and yield the peak (MiB) and the time (s since the start) at the end of each of `PHASES`.

    Run in a process of its own, so that its peak is its own.
    """
    began_s = time.perf_counter()
    marks: list[tuple[float, float]] = []

    def mark() -> None:
        marks.append((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.perf_counter() - began_s))

    from rest_bench.pipeline import evaluate
    from rest_bench.report.progress import Monitor

    class PhaseMonitor(Monitor):
        def started(self, n_samples: int, n_done: int) -> None:  # noqa: ARG002
            mark()

        def close(self) -> None:
            mark()

    evaluate(run_config(n_samples, folder), PhaseMonitor())
    mark()
    yield from marks


def measure_apart(n_samples: int) -> list[tuple[float, float]]:
    """Measure in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, __file__, "replies", str(n_samples), folder], check=True)
        command = [sys.executable, __file__, "measure", str(n_samples), folder]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [(float(peak), float(seconds)) for peak, seconds in map(str.split, said.splitlines())]


def main() -> None:
    if len(sys.argv) == 4:
        what, n_samples, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
        if what == "replies":
            write_replies(n_samples, folder)
        else:
            for peak_mib, seconds in measure(n_samples, folder):
                print(peak_mib, seconds)
        return
    small, large = map(measure_apart, SIZES)
    for phase, before, after in zip(PHASES, small, large, strict=True):
        sizes = [f"{peak_mib:.0f} MiB ({seconds:.0f} s)" for peak_mib, seconds in (before, after)]
        print(f"  peak by the end of {phase}: {' and '.join(sizes)}")
    print(
        f"evaluation memory: peak {small[-1][0]:.0f} MiB with {SIZES[0]} samples, {large[-1][0]:.0f} MiB with "
        f"{SIZES[1]}, ratio {large[-1][0] / small[-1][0]:.2f}"
    )


if __name__ == "__main__":
    main()
