from collections.abc import Iterator

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.metrics.comparison import COLUMNS, Settings, compare_task
from rest_bench.metrics.responses import Conditions
from rest_bench.schema import ComparedMetric, ComparedTask
from tests.metrics.conftest import slot, table, toy

__all__ = ["toy"]

OPPOSITE = {"better": "worse", "worse": "better", "higher": "lower", "lower": "higher"}
CYCLIC = Conditions(design="cyclic", max_tokens=100)
PLAIN = Settings(CYCLIC, CYCLIC, 0.02)

Run = dict[int, pandas.DataFrame]


def compared(a: Run, b: Run, how: Settings = PLAIN) -> ComparedTask:
    task = compare_task(((level, (a[level], b[level])) for level in sorted(a) if level in b), how)
    assert task is not None
    return task


def by_level(scores: pandas.DataFrame) -> Run:
    return {int(level): part for level, part in scores.groupby("level")}


def metrics_of(task: ComparedTask) -> Iterator[tuple[str, ComparedMetric]]:
    yield from task.metrics.items()
    for level, part in task.levels.items():
        yield from ((f"{name} at {level}", metric) for name, metric in part.metrics.items())


def cyclic_run(right: dict[int, numpy.ndarray]) -> Run:
    """Make a run of cyclic packs: level to (packs, positions) of right or wrong."""
    run = {}
    for level, answers in right.items():
        n = len(answers)
        rows = [
            slot(level, f"p{pack:03}", place + 1, f"q{(pack + place) % n:03}", "correct" if right else "wrong")
            for pack in range(n)
            for place, right in enumerate(answers[pack])
        ]
        run[level] = table(rows)
    return run


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Run, Run]:
    n = draw(st.integers(3, 7))
    seed = draw(st.integers(0, 1000))
    random = numpy.random.default_rng(seed)
    return tuple(  # type: ignore[return-value]
        cyclic_run({level: random.random((n, level)) < chance for level in (1, 3)})
        for chance in draw(st.tuples(st.floats(0, 1), st.floats(0, 1)))
    )


# --- properties -------------------------------------------------------------------------------------------------------


@given(pairs())
@settings(max_examples=15)
def test_the_other_way_round_turns_signs_and_words(runs: tuple[Run, Run]) -> None:
    there, back = compared(runs[0], runs[1]), compared(runs[1], runs[0])
    for (name, one), (_, other) in zip(metrics_of(there), metrics_of(back), strict=True):
        assert (one.a, one.b) == (other.b, other.a), name
        assert one.difference.value == pytest.approx(None if (v := other.difference.value) is None else -v, abs=1e-12)
        assert one.difference.se == pytest.approx(other.difference.se, abs=1e-12)
        assert one.p_value == pytest.approx(other.p_value)
        assert one.verdict == OPPOSITE.get(str(other.verdict), other.verdict), name


@given(pairs())
@settings(max_examples=10)
def test_the_names_of_questions_do_not_matter(runs: tuple[Run, Run]) -> None:
    def renamed(run: Run) -> Run:
        return {
            level: part.assign(problem_id=part["problem_id"].map(lambda name: f"x{9999 - int(name[1:])}"))
            for level, part in run.items()
        }

    before, after = compared(runs[0], runs[1]), compared(renamed(runs[0]), renamed(runs[1]))
    for (name, one), (_, other) in zip(metrics_of(before), metrics_of(after), strict=True):
        assert one.difference.value == pytest.approx(other.difference.value), name
        assert one.p_value == pytest.approx(other.p_value), name
        assert one.verdict == other.verdict, name


@given(pairs())
@settings(max_examples=10)
def test_a_run_does_not_differ_from_itself(runs: tuple[Run, Run]) -> None:
    for name, metric in metrics_of(compared(runs[0], runs[0])):
        if metric.undefined is None:
            assert (metric.difference.value, metric.p_value, metric.verdict) == (0, 1, "no evidence"), name


# --- worked numbers ---------------------------------------------------------------------------------------------------


def test_the_worked_example_of_paired_tests(toy: pandas.DataFrame) -> None:
    """Level 1 of TOY against a run whose level 1 has the accuracies of its level 3: a .1111 lower, SE .2222, p = 1."""
    stressed = toy[toy["level"] == 3].assign(level=1)
    metric = compared({1: toy[toy["level"] == 1]}, {1: stressed}).levels["1"].metrics["accuracy"]
    assert metric.difference.value == pytest.approx(-0.1111, abs=1e-4)
    assert metric.difference.se == pytest.approx(0.2222, abs=1e-4)
    assert metric.p_value == 1.0


def test_the_numbers_of_each_run_are_those_of_its_summary(toy: pandas.DataFrame) -> None:
    task = compared(by_level(toy), by_level(toy.assign(correct=True)))
    assert [task.metrics[name].a for name in ("single", "stress", "drop", "retention")] == pytest.approx(
        [2 / 3, 5 / 9, 1 / 9, 5 / 6]
    )
    assert [task.metrics[name].b for name in ("single", "stress", "drop", "retention")] == [1, 1, 0, 1]
    level = task.levels["3"].metrics
    assert (level["truncation_rate"].a, level["completion_tokens"].a) == pytest.approx((1 / 3, 80 / 3))
    assert level["residual_drop"].a == pytest.approx(1 / 9), "the token limit explains nothing of it"
    assert task.stress_levels == (3,)


def test_p_values_are_adjusted_for_the_number_of_levels() -> None:
    random = numpy.random.default_rng(5)
    runs = [cyclic_run({level: random.random((30, level)) < chance for level in (1, 2, 4)}) for chance in (0.7, 0.5)]
    task = compared(runs[0], runs[1])
    drops = [task.levels[level].metrics["drop"] for level in ("2", "4")]
    plain, adjusted = (sorted(getattr(drop, name) for drop in drops) for name in ("p_value", "p_value_holm"))
    assert adjusted[0] == pytest.approx(min(1, 2 * plain[0]))
    assert task.metrics["drop"].p_value == task.metrics["drop"].p_value_holm


# --- what is missing --------------------------------------------------------------------------------------------------


def test_without_level_1_there_are_accuracies_and_no_drop(toy: pandas.DataFrame) -> None:
    run = {3: toy[toy["level"] == 3]}
    task = compared(run, run)
    assert task.metrics["drop"].undefined == task.metrics["single"].undefined == "level 1 is missing"
    assert task.metrics["stress"].verdict == "no evidence"
    assert task.levels["3"].metrics["residual_drop"].undefined == "level 1 is missing"


def test_without_stress_there_is_level_1(toy: pandas.DataFrame) -> None:
    run = {1: toy[toy["level"] == 1]}
    task = compared(run, run)
    assert task.metrics["drop"].undefined == task.metrics["stress"].undefined == "no level above 1"
    assert task.metrics["single"].a == pytest.approx(2 / 3)
    assert "drop" not in task.levels["1"].metrics


def test_one_question_is_underpowered() -> None:
    right, wrong = (cyclic_run({1: numpy.array([[answer]])}) for answer in (True, False))
    metric = compared(right, wrong).levels["1"].metrics["accuracy"]
    assert (metric.difference.value, metric.difference.se, metric.verdict) == (-1, None, "underpowered")


@pytest.mark.parametrize("n", [12, 60])
def test_all_wrong_against_all_right(n: int) -> None:
    right, wrong = (cyclic_run({level: numpy.full((n, level), answer) for level in (1, 3)}) for answer in (True, False))
    assert compared(wrong, right).levels["3"].metrics["accuracy"].verdict == "better"
    assert compared(wrong, wrong).levels["3"].metrics["retention"].undefined == "nothing is right at level 1"
    assert compared(right, right).levels["3"].metrics["accuracy"].verdict == "no evidence"


def test_nothing_in_common_is_no_comparison(toy: pandas.DataFrame) -> None:
    other = toy.assign(problem_id=toy["problem_id"] + "x")
    assert compare_task([(1, (toy[toy["level"] == 1], other[other["level"] == 1]))], PLAIN) is None
    assert compare_task([(1, (toy[:0], toy[:0]))], PLAIN) is None


def test_tokens_are_judged_by_their_share(toy: pandas.DataFrame) -> None:
    longer = toy.assign(completion_tokens=toy["completion_tokens"] * 2)
    metric = compared(by_level(toy), by_level(longer)).levels["1"].metrics["completion_tokens"]
    assert (metric.a, metric.b, metric.direction) == (30, 60, "neither")


def test_the_order_effect_is_that_of_easy_first_whichever_run_it_is() -> None:
    easy, hard = (
        cyclic_run({1: numpy.full((4, 1), True), 2: numpy.array([[True, second]] * 4)}) for second in (True, False)
    )
    conditions = [Conditions(design=design, max_tokens=100) for design in ("easy-first", "hard-first")]
    one = compared(easy, hard, Settings(conditions[0], conditions[1], 0.02, "a"))
    other = compared(hard, easy, Settings(conditions[1], conditions[0], 0.02, "b"))
    effects = [task.levels["2"].order_effect for task in (one, other)]
    assert effects[0] == effects[1]
    assert effects[0] is not None
    assert effects[0].order_effect.value == 0.5
    assert one.levels["1"].order_effect is None
    assert (one.levels["1"].paired_by, one.levels["2"].paired_by) == ("pack", "question")


# --- coverage ---------------------------------------------------------------------------------------------------------


def simulated(ability: numpy.ndarray, cost: float, random: numpy.random.Generator) -> Run:
    """Draw a run of 4 repeats: a question is right with its chance, less a cost under stress."""
    run, n = {}, len(ability)
    for level, loss in ((1, 0.0), (3, cost)):
        question = (numpy.arange(n)[:, None] + numpy.arange(level)) % n
        parts = []
        for repeat in range(4):
            right = random.random(question.shape) < ability[question] - loss
            parts.append(
                pandas.DataFrame(
                    {
                        "level": level,
                        "pack_id": numpy.repeat([f"{pack:03}-{repeat}" for pack in range(n)], level),
                        "repeat": repeat,
                        "position": numpy.tile(numpy.arange(1, level + 1), n),
                        "problem_id": [f"q{number:03}" for number in question.ravel()],
                        "outcome": "wrong",
                        "correct": right.ravel(),
                        "correct_strict": right.ravel(),
                        "correct_paper": right.ravel(),
                        "finish_reason": "stop",
                        "prompt_tokens": None,
                        "completion_tokens": None,
                        "segment_tokens": None,
                        "segmentation_sure": None,
                    }
                )
            )
        run[level] = pandas.concat(parts, ignore_index=True)
        assert set(run[level]) == set(COLUMNS)
    return run


def test_a_known_difference_is_recovered() -> None:
    """The drop of B is .15 larger than that of A; its interval covers it in about 95 % of pairs (test_contrasts)."""
    random = numpy.random.default_rng(11)
    covered, drops = 0, list[float]()
    for _ in range(20):
        ability = random.uniform(0.4, 1.0, 60)
        task = compared(simulated(ability, 0.05, random), simulated(ability, 0.2, random))
        difference = task.metrics["drop"].difference
        assert difference.ci is not None
        covered += difference.ci[0] <= 0.15 <= difference.ci[1]
        drops.append(difference.value or 0.0)
    assert numpy.mean(drops) == pytest.approx(0.15, abs=0.02)
    assert covered >= 17
