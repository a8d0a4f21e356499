from itertools import product

import numpy
import pytest

from rest_bench.metrics import end_to_end as module
from rest_bench.metrics.end_to_end import EndToEnd, Traces, end_to_end


def draw_traces(seed: int, n_questions: int = 6, most: int = 3) -> Traces:
    random = numpy.random.default_rng(seed)
    n_replies = random.integers(1, most + 1, n_questions)
    exists = numpy.arange(n_replies.max()) < n_replies[:, None]
    tokens = random.integers(1, 30, exists.shape) * exists
    return Traces(tokens.astype(float), (random.random(exists.shape) < 0.6) * 1.0 * exists, n_replies)


def by_listing(question: list[int], budget: float, traces: Traces) -> tuple[list[float], list[float]]:
    issued, at_end = numpy.zeros(len(question)), numpy.zeros(len(question))
    ways = list(product(*(range(traces.n_replies[q]) for q in question)))
    for way in ways:
        ends = numpy.cumsum([traces.tokens[q, reply] for q, reply in zip(question, way, strict=True)])
        right = numpy.array([traces.right[q, reply] for q, reply in zip(question, way, strict=True)])
        issued += right * (ends <= budget) / len(ways)
        at_end += right * (ends[-1] <= budget) / len(ways)
    return list(issued), list(at_end)


@pytest.mark.parametrize("seed", range(5))
def test_all_ways_to_draw_are_averaged(seed: int) -> None:
    traces = draw_traces(seed)
    question = numpy.array([[0, 1, 2, 3], [3, 2, 1, 0], [4, 5, 0, 1], [0, 1, 2, 3]])
    budget = numpy.array([40.0, 55.0, 1000.0, 40.0])
    laid = end_to_end(question, budget, traces)
    for row in range(len(question)):
        issued, at_end = by_listing(list(question[row]), budget[row], traces)
        assert list(laid.issued[row]) == pytest.approx(issued)
        assert list(laid.at_end[row]) == pytest.approx(at_end)


def few_draws(monkeypatch: pytest.MonkeyPatch, most: int, question: numpy.ndarray, traces: Traces) -> EndToEnd:
    monkeypatch.setattr(module, "MOST_TOTALS", most)
    return end_to_end(question, numpy.full(len(question), 60.0), traces)


def test_draws_come_close_to_all_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    traces = draw_traces(7, n_questions=40, most=4)
    question = (numpy.arange(40)[:, None] + numpy.arange(5)) % 40
    exact = few_draws(monkeypatch, 4096, question, traces)
    drawn = few_draws(monkeypatch, 50, question, traces)
    assert drawn.issued[:, 0] == pytest.approx(exact.issued[:, 0])
    assert drawn.issued.mean(axis=0) == pytest.approx(exact.issued.mean(axis=0), abs=0.01)
    assert drawn.at_end.mean(axis=0) == pytest.approx(exact.at_end.mean(axis=0), abs=0.01)


def test_draws_are_seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    traces = draw_traces(7, n_questions=10, most=4)
    question = (numpy.arange(10)[:, None] + numpy.arange(4)) % 10
    once, again = (few_draws(monkeypatch, 4, question, traces) for _ in range(2))
    assert numpy.array_equal(once.issued, again.issued)
    assert numpy.array_equal(once.at_end, again.at_end)


def test_what_always_fits_is_as_right_as_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOTALS", 1)
    traces = draw_traces(3)
    question = numpy.array([[0, 1, 2, 3]])
    laid = end_to_end(question, numpy.array([1e9]), traces)
    assert numpy.array_equal(laid.issued, traces.accuracy[question])
    assert numpy.array_equal(laid.at_end, traces.accuracy[question])
    nothing = end_to_end(question, numpy.array([0.0]), traces)
    assert not nothing.issued.any()
    assert not nothing.at_end.any()


def test_prompts_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    traces = draw_traces(3)
    question = (numpy.arange(6)[:, None] + numpy.arange(4)) % 6
    whole = end_to_end(question, numpy.full(6, 50.0), traces)
    monkeypatch.setattr(module, "MOST_CELLS", 1)
    parts = end_to_end(question, numpy.full(6, 50.0), traces)
    assert numpy.allclose(whole.issued, parts.issued)
    assert numpy.allclose(whole.at_end, parts.at_end)
