"""Summarising 1,000,000 slots: seconds, peak memory, and against a plain loop over the questions.

The loop is what one writes first: for each level and question it picks the rows of that question and works out
accuracy with its clustered error, accuracy by position, outcomes, losses and gains. The ratio compares it with the same
numbers from `rest_bench.metrics`; the seconds and the memory are those of the whole summary.
"""

import math
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from rest_bench.metrics.flips import ERRORS
from rest_bench.schema import Estimate, Manifest, Outcome, PlannedLevel

if TYPE_CHECKING:
    import pandas

N_QUESTIONS = 1_000
LEVELS = (1, 3, 5, 7, 9)
REPEATS = 40
MOST_SECONDS, MOST_GIB, LEAST_RATIO = 60, 3, 20


def write_run(path: Path) -> None:
    """Write a run folder of made-up scores; its packs are cyclic."""
    import numpy
    import pandas
    import pyarrow
    import pyarrow.parquet

    from rest_bench.store.scores import write_scores

    example = path / "example.parquet"
    write_scores(example, [])
    schema = pyarrow.parquet.read_schema(example)
    example.unlink()
    generator = numpy.random.default_rng(0)
    difficulty = generator.normal(0, 1.2, N_QUESTIONS)
    with pyarrow.parquet.ParquetWriter(path / "scores.parquet", schema, compression="zstd") as writer:
        for level in LEVELS:
            slots = level_slots(level, difficulty, generator)
            table = {name: slots.get(name, pandas.Series([None] * len(slots))) for name in schema.names}
            writer.write_table(pyarrow.table(table).cast(schema), row_group_size=10_000)


def level_slots(level: int, difficulty: Any, generator: Any) -> "pandas.DataFrame":
    import numpy
    import pandas

    pack, position, repeat = (
        part.ravel() for part in numpy.meshgrid(range(N_QUESTIONS), range(level), range(REPEATS), indexing="ij")
    )
    question = (pack + position) % N_QUESTIONS
    chance = 1 / (1 + numpy.exp(difficulty[question] - 0.5 + 0.1 * (level - 1) + position / max(level - 1, 1)))
    correct = generator.random(len(question)) < chance
    answered = correct | (generator.random(len(question)) < 0.8)
    tokens = generator.integers(200, 4000, len(question))
    response_tokens = pandas.Series(tokens).groupby(pack * REPEATS + repeat).transform("sum")
    slots = pandas.DataFrame({"level": level, "repeat": repeat, "position": position + 1, "correct": correct})
    number = pandas.Series(pack * REPEATS + repeat).map("{:010x}".format)
    slots["pack_id"] = f"{level:06x}" + number
    slots["problem_id"] = pandas.Series(question).map("q{:04d}".format)
    slots["gold"] = pandas.Series(question).map("{}".format)
    slots["answer"] = slots["gold"].where(correct, "-1").where(answered)
    slots["outcome"] = numpy.select([correct, ~answered], ["correct", "omitted"], "wrong")
    slots["found_by"] = numpy.where(answered, "label", "none")
    slots["correct_strict"] = slots["correct_paper"] = correct
    slots["answer_paper"] = "\\boxed{" + slots["answer"].fillna("None") + "}"
    slots["thinking_tokens"] = slots["completion_tokens"] = response_tokens
    slots["segment_tokens"] = tokens
    slots["first_correct_tokens"] = pandas.Series(tokens // 2, dtype="Int64").where(correct)
    is_wrong = answered & ~correct
    slots["swap_candidates"] = pandas.Series(level - 1, slots.index, "Int64").where(is_wrong)
    slots["swap_chance"] = pandas.Series((level - 1) / N_QUESTIONS, slots.index).where(is_wrong)
    slots["swapped_from"] = pandas.Series(1, slots.index, "Int64").where(is_wrong & (position > 0))
    slots["aligned_position"] = slots["position"].astype("Int64").where(slots["correct"])
    fixed = {
        "task": "made-up", "design": "shuffled", "finish_reason": "stop", "prompt_tokens": 100 * level,
        "tokens_estimated": False, "segmentation_sure": True, "seed": 0,
    }  # fmt: skip
    return slots.assign(**fixed)


def manifest() -> Manifest:
    from rest_bench.schema import EngineInfo, Sampling, TaskRecord

    planned = [
        PlannedLevel(level=level, repeats=REPEATS, limit=None, n_packs=N_QUESTIONS * REPEATS) for level in LEVELS
    ]
    task = TaskRecord(
        name="made-up",
        answer_type="integer",
        n_problems=N_QUESTIONS,
        levels=tuple(planned),
        source="",
        file_sha256="",
        data_sha256="",
        template="",
        template_sha256="",
        option_order=None,
        difficulty_source=None,
    )
    info = EngineInfo(engine="replay", engine_version="0", model="made-up")
    return Manifest(
        engine=info, sampling=Sampling(), design="shuffled", seed=0, tasks=(task,), scorer_version="0", invocations=()
    )


def whole_summary(path: Path) -> None:
    """Print the seconds and the peak memory in GiB of the whole summary, in a process of its own."""
    from rest_bench.metrics import COLUMNS, summarize_levels
    from rest_bench.store.scores import read_level

    began_s = time.perf_counter()
    summarize_levels(
        lambda task, level: read_level(path / "scores.parquet", task, level, list(COLUMNS)), manifest()
    ).model_dump_json()
    elapsed_s = time.perf_counter() - began_s
    print(elapsed_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


# --- the same numbers twice -----------------------------------------------------------------------------------------

Numbers = tuple[Estimate, list[float], dict[str, float], dict[str, float], float]
"""Accuracy, accuracy by position, outcomes, losses by outcome, and gain."""


def by_metrics(scores: "pandas.DataFrame", single: "pandas.DataFrame") -> Numbers:
    from rest_bench.metrics.flips import flips
    from rest_bench.metrics.outcomes import outcomes
    from rest_bench.metrics.statistics import proportion

    correct = scores["correct"].astype(float)
    by_position = correct.groupby(scores["position"]).mean()
    flipped = flips(single, scores)
    return (
        proportion(correct, scores["problem_id"]),
        list(by_position),
        dict(outcomes(scores).outcomes),
        dict(flipped.drop_by_outcome or {}),
        flipped.gain or 0.0,
    )


def by_loop(scores: "pandas.DataFrame", single: "pandas.DataFrame") -> Numbers:
    level = int(scores["level"].iloc[0])
    mean = sum(scores["correct"]) / len(scores)
    squares = gain = 0.0
    losses = dict.fromkeys(ERRORS, 0.0)
    right, seen, outcomes = [0] * level, [0] * level, Counter[str]()
    questions = list(scores["problem_id"].unique())
    for question in questions:
        rows = scores[scores["problem_id"] == question]
        alone = single[single["problem_id"] == question]
        squares += sum(value - mean for value in rows["correct"]) ** 2
        x, m = sum(alone["correct"]) / len(alone), sum(rows["correct"]) / len(rows)
        gain += (1 - x) * m / len(questions)
        for position, value, outcome in zip(rows["position"], rows["correct"], rows["outcome"], strict=True):
            right[position - 1] += value
            seen[position - 1] += 1
            outcomes[outcome] += 1
            if outcome in losses:
                losses[outcome] += x / len(rows) / len(questions)
    n = len(questions)
    se = math.sqrt(n / (n - 1) * squares) / len(scores)
    shares = {name: outcomes[name] / len(scores) for name in get_args(Outcome)}
    by_position = [part / whole for part, whole in zip(right, seen, strict=True)]
    return Estimate(value=mean, se=se, ci=None), by_position, shares, losses, gain


def compare(path: Path) -> float:
    """Return how many times as long the loop takes; raises AssertionError where the numbers differ."""
    from rest_bench.store.scores import read_level

    columns = ["level", "position", "problem_id", "correct", "outcome", "found_by", "finish_reason"]
    single, *tables = (read_level(path / "scores.parquet", "made-up", level, columns) for level in LEVELS)
    seconds, numbers = [], []
    for way in (by_metrics, by_loop):
        way(single, single)  # what is loaded on first use is no work of a metric
        began_s = time.perf_counter()
        numbers.append([way(scores, single) for scores in tables])
        seconds.append(time.perf_counter() - began_s)
    for ours, plain in zip(*numbers, strict=True):
        assert all(math.isclose(a, b, abs_tol=1e-12) for a, b in zip(flat(ours), flat(plain), strict=True))
    return seconds[1] / seconds[0]


def flat(numbers: Numbers) -> list[float]:
    accuracy, by_position, outcomes, losses, gain = numbers
    return [accuracy.value or 0.0, accuracy.se or 0.0, *by_position, *outcomes.values(), *losses.values(), gain]


def main() -> None:
    if len(sys.argv) == 2:
        whole_summary(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        write_run(Path(folder))
        command = [sys.executable, __file__, folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        elapsed_s, peak_gib = map(float, done.stdout.split())
        ratio = compare(Path(folder))
    n_slots = N_QUESTIONS * REPEATS * sum(LEVELS)
    print(
        f"summary: {n_slots:,} slots in {elapsed_s:.1f} s (aim: {MOST_SECONDS}), {peak_gib:.2f} GiB (aim: {MOST_GIB}); "
        f"a loop over questions takes {ratio:.0f} times as long for the same numbers (aim: {LEAST_RATIO})"
    )


if __name__ == "__main__":
    main()
