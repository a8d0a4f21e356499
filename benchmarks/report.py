"""How long the page of a run takes to write and to open, and how large it is: 10,000 samples against 100 of them.

Needs Chromium and the extra `browser`. The limits are 3 s to open and 30 MB.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rest_bench.pipeline import evaluate, report
from rest_bench.simulating import make_settings, prepare

ROUNDS = 5
LEVELS = (1, 3, 5)
FEW = {"problems": 33, "repeats": 1}
MANY = {"problems": 417, "repeats": 8}
MOST_SECONDS, MOST_BYTES = 3.0, 30_000_000
READY = "document.querySelectorAll('#found tr').length > 0 && document.readyState === 'complete'"


def write_page(folder: Path, size: dict[str, int]) -> tuple[Path, float]:
    """Simulate a run with long replies and write its page; return it and the seconds of the page alone."""
    settings = make_settings({**size, "levels": LEVELS, "max_tokens": 4000, "log_tokens": 6.0, "out": folder / "run"})
    run = evaluate(prepare(settings))
    began_s = time.perf_counter()
    return report(run.path), time.perf_counter() - began_s


def seconds_to_open(browser: Any, page: Path) -> float:
    """Return the median time from the address to the list of samples, each in a new window."""
    times = []
    for _ in range(ROUNDS):
        window = browser.new_page()
        began_s = time.perf_counter()
        window.goto(page.as_uri())
        window.wait_for_function(READY)
        times.append(time.perf_counter() - began_s)
        window.close()
    return statistics.median(times)


def main() -> None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("report: needs playwright (pip install 'rest-bench[browser]')")
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("report: needs Chromium (apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = [write_page(Path(folder) / name, size) for name, size in (("few", FEW), ("many", MANY))]
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        (few_s, many_s) = (seconds_to_open(browser, page) for page, _ in pages)
        browser.close()
        (few_size, many_size) = (page.stat().st_size for page, _ in pages)
    n_few, n_many = (len(LEVELS) * size["problems"] * size["repeats"] for size in (FEW, MANY))
    print(
        f"report: {n_many:,} samples: written in {pages[1][1]:.1f} s, {many_size / 1e6:.1f} MB, "
        f"open in {many_s:.2f} s; "
        f"{n_few} samples: {few_size / 1e6:.1f} MB, open in {few_s:.2f} s; ratio of the times {many_s / few_s:.2f}"
    )
    if many_s > MOST_SECONDS or many_size > MOST_BYTES:
        sys.exit(f"report: beyond {MOST_SECONDS} s or {MOST_BYTES / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
