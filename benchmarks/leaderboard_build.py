"""Building a board of many submissions, against reading their records alone.

`python benchmarks/leaderboard_build.py` writes ENTRIES submissions (default 1,000) of three tasks with 200 questions at
four levels, and builds the board from them with their verification known; `verify` has its own cost, which is that of
judging (benchmarks/judging.py).
"""

import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rest_bench.leaderboard.answers_file import SUBMISSION
from rest_bench.leaderboard.equal_replies import MOST_ITEMS, Item, Replies, find_equal
from rest_bench.leaderboard.publishing import record_text
from rest_bench.leaderboard.rows import SubmittedEntry
from rest_bench.leaderboard.site import build_site
from rest_bench.schema import QuestionCounts, Submission

N_ENTRIES = int(os.environ.get("ENTRIES", "1000"))
TASKS = ("arithmetic", "math500", "amc23")
LEVELS = (1, 3, 5, 7)
N_QUESTIONS = 200
SEED = Path(__file__).parents[1] / "leaderboard" / "submissions"


def submissions(count: int) -> Iterator[Submission]:
    """Yield submissions like the first committed one, with other names and numbers."""
    (path, *_) = sorted(SEED.glob(f"rest-bench__rest-nano/*/{SUBMISSION}"))
    record = Submission.model_validate_json(path.read_bytes())
    chance = random.Random(0)
    for number in range(count):
        yield varied(record, number, chance)


def varied(record: Submission, number: int, chance: random.Random) -> Submission:
    (task,) = record.manifest.tasks
    summary = record.results.tasks["arithmetic"]
    levels = tuple(
        task.levels[0].model_copy(update={"level": level, "n_packs": N_QUESTIONS, "limit": None}) for level in LEVELS
    )
    of_level = {str(level): list(summary.levels.values())[place] for place, level in enumerate(LEVELS)}
    ability = chance.random()
    stress = summary.stress.model_copy(update={"value": ability})
    changed: dict[str, Any] = {
        "levels": of_level,
        "stress": stress,
        "stress_levels": LEVELS[1:],
        "retention_above_chance": stress,
    }
    return record.model_copy(
        update={
            "submission_id": f"{number:016x}",
            "model": f"org-{number % 97}/model-{number}",
            "manifest": record.manifest.model_copy(
                update={"tasks": tuple(task.model_copy(update={"name": name, "levels": levels}) for name in TASKS)}
            ),
            "questions": {
                name: {
                    str(level): QuestionCounts(
                        right=tuple(chance.random() < ability for _ in range(N_QUESTIONS)),
                        slots=(level,) * N_QUESTIONS,
                    )
                    for level in LEVELS
                }
                for name in TASKS
            },
            "results": record.results.model_copy(
                update={"tasks": {name: summary.model_copy(update=changed) for name in TASKS}}
            ),
        }
    )


def known_by(submission: Submission) -> Replies:
    """Return the most that the replies of a submission are known by, on prompts that all share."""
    texts, thinking = (
        frozenset(Item(f"{place:012x}", f"{kind}{submission.submission_id}{place:04x}") for place in range(MOST_ITEMS))
        for kind in "ab"
    )
    return Replies(submission.model, submission.submission_id, MOST_ITEMS, submission.submission_id, texts, thinking)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "records"
        texts.mkdir()
        for number, submission in enumerate(submissions(N_ENTRIES)):
            (texts / f"{number}.json").write_text(record_text(submission), encoding="utf-8")
        start = time.perf_counter()
        plain = [json.loads(path.read_bytes()) for path in texts.iterdir()]
        read_s = time.perf_counter() - start
        del plain
        start = time.perf_counter()
        entries = [
            SubmittedEntry(Submission.model_validate_json(path.read_bytes()), "re-scored") for path in texts.iterdir()
        ]
        compare_start = time.perf_counter()
        find_equal([known_by(entry.submission) for entry in entries])
        compare_s = time.perf_counter() - compare_start
        build_site(entries, Path(folder) / "site")
        build_s = time.perf_counter() - start
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{N_ENTRIES} submissions: read as plain JSON {read_s:.1f} s, read and built {build_s:.1f} s")
    print(f"of that, looking for equal replies {compare_s:.1f} s, {1000 * compare_s / N_ENTRIES:.1f} ms a submission")
    print(f"ratio {build_s / read_s:.1f}, peak memory {peak_gib:.2f} GiB", file=sys.stdout)


if __name__ == "__main__":
    main()
