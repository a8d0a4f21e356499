"""What is published about 38 models comes out of the same rules (metrics.md 1.4, 3 and 9.6)."""

from pathlib import Path

import pandas
import pytest

from rest_bench.metrics.aggregation import overall_score, stress_score
from rest_bench.metrics.discrimination import rank_agreement, separable_pairs, spread
from rest_bench.metrics.ranks import ranks_of_means, upper_bound_se
from rest_bench.metrics.responses import Conditions
from rest_bench.metrics.task import summarize_task
from tests.metrics.conftest import slot, table

PUBLISHED = Path(__file__).parents[1] / "data" / "published"

QUESTIONS = {
    "GSM8K": 1319,
    "MATH500": 500,
    "AMC23": 40,
    "AIME24": 30,
    "AIME25": 30,
    "GPQA": 198,
    "LiveCodeBench": 279,
}
API_MODELS = ("O3-mini", "O4-mini", "Gemini-2.5-flash-thinking")
FEWER_LEVELS = {
    **{(model, benchmark): (3, 4, 5) for model in API_MODELS for benchmark in ("MATH500", "AIME24")},
    **{(model, "AMC23"): (3, 4) for model in API_MODELS},
    **{(model, "AIME25"): (4, 5) for model in API_MODELS},
    ("Deepseek-R1", "GSM8K"): (2, 3, 4),
}
"""Published Stress scores that are the mean of some of the levels I to V only (metrics.md 3.1)."""
SWAPPED = {
    ("Open-Reasoner-Zero-7B", "AMC23"): "Qwen-2.5-Math-7B-SimpleRL-Zoo",
    ("Qwen-2.5-Math-7B-SimpleRL-Zoo", "AMC23"): "Open-Reasoner-Zero-7B",
}
"""Published Stress scores that stand in each other's row (metrics.md 3.2)."""
INCOMPLETE = {
    ("Qwen2.5-Math-1.5B-Instruct", "GPQA"): [1],
    ("Qwen2.5-Math-1.5B-Instruct", "LiveCodeBench"): [1],
    ("Qwen2.5-Math-7B-Instruct", "GPQA"): [1, 2, 4],
}
"""Cells of the appendix that lack levels."""
OTHER_SINGLE = {
    ("DeepSeek-R1-Distill-Llama-8B", "AIME24"),
    ("Light-R1-7B-DS", "GPQA"),
    ("OpenThinker2-7B", "GPQA"),
    ("Qwen-2.5-Math-7B-SimpleRL-Zoo", "AMC23"),
    ("AReaL-boba-SFT-32B", "GSM8K"),
    ("Light-R1-32B-DS", "AIME25"),
}
"""Accuracies at level 1 that differ between the appendix and the table (metrics.md 3.3)."""
ROUNDED = 0.01 + 1e-9
"""Two numbers with two decimals each."""

HEAT_MAP = {
    2: (41.25, 28.75),
    3: (21.25, 18.33, 11.25),
    4: (15.42, 8.75, 6.67, 2.92),
    5: (11.25, 5.42, 5.00, 5.00, 2.08),
}
"""R1-7B on AIME24 by level and position: 8 repeats of 30 prompts (metrics.md 1.4)."""

Cell = tuple[str, str]


@pytest.fixture(scope="module")
def levels() -> dict[Cell, dict[int, float]]:
    rows = pandas.read_csv(PUBLISHED / "published_levels.csv")
    cells: dict[Cell, dict[int, float]] = {}
    for row in rows.itertuples():
        cells.setdefault((row.model, row.benchmark), {})[row.stress_level] = row.accuracy
    return cells


@pytest.fixture(scope="module")
def results() -> pandas.DataFrame:
    return pandas.read_csv(PUBLISHED / "published_results.csv").set_index(["model", "benchmark"])


def test_the_mean_over_levels_is_the_published_stress(
    levels: dict[Cell, dict[int, float]], results: pandas.DataFrame
) -> None:
    """Within 0.01 in 218 of the 233 cells that have four levels and a published score; the 15 others are explained."""
    incomplete = {cell: sorted(by_level) for cell, by_level in levels.items() if len(by_level) < 5}
    assert incomplete == INCOMPLETE
    whole = [cell for cell in levels if cell in results.index and cell not in incomplete]
    differing = {cell for cell in whole if abs((stress_score(levels[cell]) or 0) - results.stress[cell]) > ROUNDED}
    assert differing == {*FEWER_LEVELS, *SWAPPED}
    assert (len(whole), len(whole) - len(differing)) == (233, 218)
    assert {model for model, _ in levels} - set(results.index.get_level_values("model")) == {"MathFusion-Qwen-7B"}


@pytest.mark.parametrize("cell", FEWER_LEVELS, ids="-".join)
def test_some_published_scores_are_means_of_fewer_levels(
    cell: Cell, levels: dict[Cell, dict[int, float]], results: pandas.DataFrame
) -> None:
    by_level = sorted(levels[cell].items())
    kept = dict(by_level[number - 1] for number in FEWER_LEVELS[cell])
    assert stress_score(kept) == pytest.approx(results.stress[cell], abs=0.0051)


@pytest.mark.parametrize("cell", SWAPPED, ids="-".join)
def test_two_published_scores_are_swapped(
    cell: Cell, levels: dict[Cell, dict[int, float]], results: pandas.DataFrame
) -> None:
    assert stress_score(levels[cell]) == pytest.approx(results.stress[SWAPPED[cell], cell[1]], abs=0.0051)


@pytest.mark.parametrize(
    ("model", "published", "of_all_levels"),
    [("O3-mini", 58.58, 61.66), ("O4-mini", 69.36, 70.78), ("Gemini-2.5-flash-thinking", 52.61, 56.89)],
)
def test_what_the_missing_levels_are_worth(
    model: str,
    published: float,
    of_all_levels: float,
    levels: dict[Cell, dict[int, float]],
    results: pandas.DataFrame,
) -> None:
    """metrics.md 3.1; a benchmark that the appendix lacks keeps its published score."""
    assert results.stress[model, "overall"] == published
    again = [
        stress_score(levels[model, benchmark]) if (model, benchmark) in levels else results.stress[model, benchmark]
        for benchmark in QUESTIONS
    ]
    assert overall_score(again) == pytest.approx(of_all_levels, abs=0.005)


def test_level_1_is_the_published_single_but_for_six(
    levels: dict[Cell, dict[int, float]], results: pandas.DataFrame
) -> None:
    shared = [cell for cell in levels if cell in results.index]
    assert {cell for cell in shared if abs(levels[cell][1] - results.single[cell]) > ROUNDED} == OTHER_SINGLE


def test_overall_is_the_mean_over_seven_benchmarks(results: pandas.DataFrame) -> None:
    """Single to rounding; 7 of the 38 Stress values were cut instead of rounded."""
    models = results.index.get_level_values("model").unique()
    off = {
        column: [
            abs(
                (overall_score([results[column][model, name] for name in QUESTIONS]) or 0)
                - results[column][model, "overall"]
            )
            for model in models
        ]
        for column in ("single", "stress")
    }
    assert len(models) == 38
    assert max(off["single"]) < 0.005 + 1e-9
    assert max(off["stress"]) < 0.008
    assert sum(difference > 0.005 + 1e-9 for difference in off["stress"]) == 7


def heat_map_slots() -> pandas.DataFrame:
    """Return slots with as many right ones at each position as the heat map tells: k of 240."""
    rows = []
    for level, by_position in HEAT_MAP.items():
        for position, percent in enumerate(by_position, start=1):
            n_right = round(percent * 2.4)
            rows += [
                slot(level, f"{level}-{number}", position, str(number % 30), "correct" if number < n_right else "wrong")
                for number in range(240)
            ]
    return table(rows)


def test_the_heat_map_gives_the_published_stress() -> None:
    """Rows average to 35.00, 16.94, 8.44 and 5.75, and those to 16.53; over slots it would be 13.10."""
    slots = heat_map_slots()
    task = summarize_task(slots.groupby("level"), Conditions("cyclic", max_tokens=100))
    means = [100 * (task.levels[str(level)].accuracy.value or 0) for level in HEAT_MAP]
    assert means == pytest.approx([35.00, 16.94, 8.44, 5.75], abs=0.005)
    assert 100 * (task.stress.value or 0) == pytest.approx(16.53, abs=0.005)
    assert 100 * slots["correct"].mean() == pytest.approx(13.10, abs=0.005)
    for level, published in HEAT_MAP.items():
        shares = [100 * share for share in task.levels[str(level)].position_accuracy]
        assert shares == pytest.approx(published, abs=0.005)


@pytest.mark.parametrize(
    ("benchmark", "spreads", "separable", "tau"),
    [
        ("GSM8K", (5.9, 15.9), (512, 593), 0.60),
        ("MATH500", (10.9, 17.4), (513, 577), 0.56),
        ("AMC23", (19.0, 23.0), (340, 405), 0.55),
        ("AIME24", (26.0, 17.3), (410, 307), 0.72),
        ("AIME25", (22.9, 13.05), (376, 239), 0.72),
        ("GPQA", (14.5, 14.0), (481, 424), 0.69),
        ("LiveCodeBench", (21.3, 16.7), (578, 560), 0.63),
    ],
)
def test_stress_tells_models_apart_where_they_were_all_good(
    benchmark: str, spreads: tuple[float, ...], separable: tuple[int, ...], tau: float, results: pandas.DataFrame
) -> None:
    """metrics.md 9.6: spread and separable pairs of 703, single and under stress, with the largest errors possible."""
    cells = results.xs(benchmark, level="benchmark") / 100
    columns = (cells["single"], cells["stress"])
    assert [100 * (spread(column) or 0) for column in columns] == pytest.approx(spreads, abs=0.0501)
    counted = [separable_pairs(column, upper_bound_se(column, QUESTIONS[benchmark])) for column in columns]
    assert [pairs.n_pairs for pairs in counted] == [703, 703]
    assert tuple(pairs.n_separable for pairs in counted) == separable
    assert rank_agreement(*columns) == pytest.approx(tau, abs=0.0051)


def test_models_that_are_alike_alone_and_apart_under_stress(results: pandas.DataFrame) -> None:
    """metrics.md 9.6: the 21 models with at least 90 % on MATH500."""
    cells = results.xs("MATH500", level="benchmark") / 100
    good = cells[cells["single"] >= 0.9]
    columns = (good["single"], good["stress"])
    assert len(good) == 21
    assert [100 * (spread(column) or 0) for column in columns] == pytest.approx([2.4, 11.6], abs=0.05)
    counted = [separable_pairs(column, upper_bound_se(column, 500)) for column in columns]
    assert [(pairs.n_separable, pairs.n_pairs) for pairs in counted] == [(82, 210), (155, 210)]


def test_hard_benchmarks_lose_their_spread_level_by_level(
    levels: dict[Cell, dict[int, float]], results: pandas.DataFrame
) -> None:
    """metrics.md 9.6."""
    aime = [by_level for (_, benchmark), by_level in levels.items() if benchmark == "AIME24"]
    by_level = [spread([accuracies[level] for accuracies in aime]) for level in range(1, 6)]
    assert by_level == pytest.approx([25.3, 22.0, 18.7, 16.2, 13.0], abs=0.0501)
    assert (results.xs("LiveCodeBench", level="benchmark")["stress"] < 5).sum() == 15
    overall = results.xs("overall", level="benchmark")
    assert [spread(overall[column]) for column in ("single", "stress")] == pytest.approx([16.0, 14.6], abs=0.05)


def test_the_published_ranks_are_inside_their_intervals(results: pandas.DataFrame) -> None:
    table_ = results["stress"].unstack()[list(QUESTIONS)] / 100
    ranking = ranks_of_means(table_, list(QUESTIONS.values()))
    published = results.xs("overall", level="benchmark")["stress"][table_.index].rank(ascending=False)
    assert ranking.source == "upper-bound SE"
    assert ranking.intervals is not None
    for rank, interval in zip(published, ranking.intervals, strict=True):
        assert interval.best <= rank <= interval.worst
    widths = [interval.worst - interval.best for interval in ranking.intervals]
    assert 0 < sum(widths) / len(widths) < 20
