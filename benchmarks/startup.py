"""How long `rest-bench --help` takes, against `lm_eval --help` of the same environment (pip install lm-eval)."""

import shutil
import statistics
import subprocess
import sys
import time

ROUNDS = 15


def seconds(command: list[str]) -> float:
    began_s = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began_s


def main() -> None:
    ours, baseline = shutil.which("rest-bench"), shutil.which("lm_eval")
    if ours is None or baseline is None:
        sys.exit("startup: rest-bench and lm_eval must both be on the PATH (pip install lm-eval)")
    pairs = [(seconds([ours, "--help"]), seconds([baseline, "--help"])) for _ in range(ROUNDS)]
    own_s, baseline_s = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"startup: rest-bench --help {own_s:.3f} s, lm_eval --help {baseline_s:.3f} s, ratio {own_s / baseline_s:.2f}"
    )


if __name__ == "__main__":
    main()
