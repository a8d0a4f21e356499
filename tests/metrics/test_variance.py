import math

import numpy
import pytest

from rest_bench.metrics.variance import VarianceComponents, variance_components, variance_of_mean

TRUTH = {"question": 0.09, "position": 0.01, "question_position": 0.04, "response": 0.03, "residual": 0.05}


def components(**values: float) -> VarianceComponents:
    nothing = dict.fromkeys(TRUTH, 0.0)
    return VarianceComponents(**{**nothing, **values}, clipped=())


class Run:
    """Slots of a cyclic run with known components: question q is at position p of prompt q - p."""

    def __init__(self, seed: int, n: int = 30, level: int = 4, repeats: int = 5, shuffled: bool = False) -> None:
        generator = numpy.random.default_rng(seed)
        prompt, repeat, position = (part.ravel() for part in numpy.indices((n, repeats, level)))
        place = (prompt + position) % n
        order = numpy.array([generator.permutation(n) if shuffled else numpy.arange(n) for _ in range(repeats)])
        self.question = order[repeat, place]
        self.position = position
        self.response = prompt * repeats + repeat
        # The positions are the same in every run; the truth that is found again is their variance at n - 1.
        positions = numpy.linspace(-1, 1, level) if level > 1 else numpy.zeros(1)
        scale = math.sqrt(TRUTH["position"]) / (positions.std(ddof=1) or 1)
        self.y = (
            0.5
            + self._normal(generator, "question", n)[self.question]
            + (positions * scale)[position]
            + self._normal(generator, "question_position", (n, level))[self.question, position]
            + self._normal(generator, "response", n * repeats)[self.response]
            + self._normal(generator, "residual", len(position))
        )

    @staticmethod
    def _normal(generator: numpy.random.Generator, name: str, size: int | tuple[int, ...]) -> numpy.ndarray:
        return generator.normal(0, math.sqrt(TRUTH[name]), size)

    def estimate(self, kept: numpy.ndarray | None = None) -> VarianceComponents:
        mask = numpy.ones(len(self.y), dtype=bool) if kept is None else kept
        found = variance_components(self.y[mask], self.question[mask], self.position[mask], self.response[mask])
        assert found is not None
        return found


def average(estimates: list[VarianceComponents]) -> dict[str, float]:
    return {name: float(numpy.mean([getattr(estimate, name) for estimate in estimates])) for name in TRUTH}


@pytest.mark.parametrize("shuffled", [False, True])
def test_the_components_of_made_up_runs_are_found(shuffled: bool) -> None:
    found = average([Run(seed, shuffled=shuffled).estimate() for seed in range(60)])
    for name, truth in TRUTH.items():
        assert found[name] == pytest.approx(truth, rel=0.12, abs=0.003), name


def test_the_components_are_found_in_runs_that_lack_responses() -> None:
    estimates = []
    for seed in range(60):
        run = Run(seed)
        lost = numpy.random.default_rng(seed).random(run.response.max() + 1) < 0.3
        estimates.append(run.estimate(~lost[run.response]))
    found = average(estimates)
    for name, truth in TRUTH.items():
        assert found[name] == pytest.approx(truth, rel=0.15, abs=0.004), name


def test_it_is_the_analysis_of_variance_where_positions_and_responses_do_nothing() -> None:
    """Level 1, four questions, three answers each: mean squares between and within."""
    y = numpy.array([[1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 1, 0]], dtype=float)
    within = float(y.var(axis=1, ddof=1).mean())
    between = 3 * float(y.mean(axis=1).var(ddof=1))
    found = variance_components(y.ravel(), numpy.repeat(list("ABCD"), 3), [1] * 12, numpy.arange(12))
    assert found is not None
    assert found.residual == pytest.approx(within)
    assert found.question == pytest.approx((between - within) / 3)
    assert (found.position, found.question_position, found.response, found.clipped) == (None, None, None, ())


def test_one_answer_per_question_and_position_leaves_the_rest_in_one() -> None:
    found = [Run(seed, n=60, repeats=1).estimate() for seed in range(60)]
    assert all(estimate.question_position is None and estimate.response is None for estimate in found)
    together = TRUTH["question_position"] + TRUTH["response"] + TRUTH["residual"]
    assert numpy.mean([estimate.residual for estimate in found]) == pytest.approx(together, rel=0.1)
    assert numpy.mean([estimate.question for estimate in found]) == pytest.approx(TRUTH["question"], rel=0.1)


def test_the_prediction_is_the_variance_of_means_of_new_questions() -> None:
    means = [Run(seed, n=20, level=3, repeats=2).y.mean() for seed in range(1500)]
    predicted = variance_of_mean(components(**{**TRUTH, "position": 0.0}), 20, 3, 2)
    assert predicted == pytest.approx(float(numpy.var(means, ddof=1)), rel=0.12)


def test_uniform_difficulty_keeps_41_7_percent_with_eight_answers() -> None:
    """metrics.md 8.6: variance 1/12 over questions, 1/6 within them."""
    uniform = components(question=1 / 12, residual=1 / 6)
    one, eight = (variance_of_mean(uniform, 100, 1, repeats) for repeats in (1, 8))
    assert one is not None
    assert eight is not None
    assert eight / one == pytest.approx(0.4167, abs=1e-4)


def test_repeats_shrink_only_responses_and_the_rest() -> None:
    truth = components(**TRUTH)
    many = variance_of_mean(truth, 100, 5, 10**9)
    assert many == pytest.approx(0.09 / 100 + 0.04 / 500, rel=1e-6)
    assert variance_of_mean(truth, 0, 5, 1) is None


def test_an_estimate_below_zero_is_set_to_zero_and_named() -> None:
    """Questions that are more alike than their noise allows: each has one right and one wrong."""
    found = variance_components([1, 0, 1, 0], list("AABB"), [1] * 4, range(4))
    assert found is not None
    assert (found.question, found.clipped) == (0.0, ("question",))
    assert found.residual == pytest.approx(0.5)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_all_right_or_all_wrong_has_no_variance(value: float) -> None:
    run = Run(0)
    found = variance_components(numpy.full(len(run.y), value), run.question, run.position, run.response)
    assert found == components()


def test_where_questions_cannot_be_told_from_noise_there_is_nothing() -> None:
    assert variance_components([], [], [], []) is None
    assert variance_components([1, 0], ["A", "A"], [1, 1], [0, 1]) is None, "one question"
    assert variance_components([1, 0], ["A", "B"], [1, 1], [0, 1]) is None, "one answer each"
    assert variance_components([1, 0, 1, 0], list("ABCD"), [1, 2, 1, 2], [0, 0, 1, 1]) is None, "one position each"


def test_responses_that_are_not_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="different numbers of slots"):
        variance_components([1, 0, 1], ["A", "B", "A"], [1, 2, 1], [0, 0, 1])
    with pytest.raises(ValueError, match="holds a question twice"):
        variance_components([1, 0, 1, 0], ["A", "A", "B", "B"], [1, 2, 1, 2], [0, 0, 1, 1])
    with pytest.raises(ValueError, match="NaN"):
        variance_components([math.nan, 0], ["A", "B"], [1, 1], [0, 1])


def test_relabelling_and_order_change_nothing() -> None:
    run = Run(3)
    order = numpy.random.default_rng(0).permutation(len(run.y))
    names = numpy.array([f"question {number}" for number in range(30)])[::-1]
    moved = variance_components(run.y[order], names[run.question][order], run.position[order] + 1, run.response[order])
    assert moved is not None
    assert moved[:5] == pytest.approx(run.estimate()[:5])
