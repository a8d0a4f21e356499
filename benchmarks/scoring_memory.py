"""Peak memory of scoring a run, with 500 and with 5,000 responses of 20,000 characters: no run is held as text."""

import resource
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

TEXT_CHARS = 20_000
SIZES = (500, 5_000)


def make_and_score(n_packs: int, path: Path) -> None:
    """Run in a process of its own, so that its peak is its own."""
    from rest_bench.config import RunConfig
    from rest_bench.pipeline import make_manifest, score
    from rest_bench.planning import make_plan
    from rest_bench.schema import EngineInfo, Response
    from rest_bench.store import RunWriter

    config = RunConfig(model="filler", levels=(1,), repeats=-(-n_packs // 300), out=path)
    plan = make_plan(config)
    info = EngineInfo(engine="replay", engine_version="1", model="filler")
    filler = "so many words that say nothing at all, " * (TEXT_CHARS // 39)
    with RunWriter(path) as writer:
        writer.begin(make_manifest(config, plan, info), plan.samples())
        for number, sample in enumerate(islice(plan.samples(), n_packs)):
            response = Response(
                sample_id=str(number),
                pack_id=sample.pack.pack_id,
                task=sample.pack.task,
                level=1,
                repeat=sample.pack.repeat,
                text=f"<think>{number} {filler}</think>\\boxed{{{sample.pack.problems[0].gold}}}",
                finish_reason="stop",
            )
            writer.append(response)
    before_mib = peak_mib()
    score(path)
    print(f"{before_mib} {peak_mib()}")


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    if len(sys.argv) == 3:
        make_and_score(int(sys.argv[1]), Path(sys.argv[2]))
        return
    peaks = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, str(size), folder]
            peaks.append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]))
    small, large = peaks
    text_mib = SIZES[1] * TEXT_CHARS / 2**20
    print(
        f"scoring memory: peak {small:.0f} MiB with {SIZES[0]} responses, {large:.0f} MiB with {SIZES[1]} "
        f"({text_mib:.0f} MiB of text), ratio {large / small:.2f}"
    )


if __name__ == "__main__":
    main()
