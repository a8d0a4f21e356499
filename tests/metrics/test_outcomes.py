import pandas
import pytest

from rest_bench.metrics.outcomes import counts, outcomes, tokens
from tests.metrics.conftest import toy

__all__ = ["toy"]


def stressed(toy: pandas.DataFrame) -> pandas.DataFrame:
    return toy[toy["level"] == 3]


def test_the_worked_shares(toy: pandas.DataFrame) -> None:
    found = outcomes(stressed(toy))
    shares = {name: share for name, share in found.outcomes.items() if share}
    assert shares == pytest.approx(
        {"correct": 5 / 9, "omitted": 1 / 9, "swapped": 1 / 9, "truncated": 1 / 9, "wrong": 1 / 9}
    )
    assert found.truncation_rate == pytest.approx(1 / 3), "of responses, not of slots"
    assert sum(found.found_by.values()) == pytest.approx(1)


def test_responses_count_once(toy: pandas.DataFrame) -> None:
    found = tokens(stressed(toy))
    assert found.prompt_tokens == pytest.approx(10)
    assert found.completion_tokens == pytest.approx((30 + 20 + 30) / 3)
    assert found.response_thinking_tokens is None
    held = counts(stressed(toy))
    assert (held.n_packs, held.n_slots, held.n_questions, held.repeats) == (3, 9, 3, 1)


def test_responses_cut_off_below_the_limit(toy: pandas.DataFrame) -> None:
    assert outcomes(stressed(toy), max_tokens=20).capped_rate == 0, "cut off at the limit"
    assert outcomes(stressed(toy), max_tokens=21).capped_rate == pytest.approx(1 / 3)
    uncounted = stressed(toy).assign(completion_tokens=None).astype({"completion_tokens": "Int64"})
    assert outcomes(uncounted, max_tokens=21).capped_rate == 0


@pytest.mark.parametrize(
    ("finish_reason", "looped", "rate"),
    [("stop", False, 1), (None, False, 1), ("stop", True, 0), ("length", False, 0), ("error", False, 0)],
)
def test_responses_of_thinking_alone(
    toy: pandas.DataFrame, finish_reason: str | None, looped: bool, rate: float
) -> None:
    silent = stressed(toy).assign(finish_reason=finish_reason, looped=looped, unfinished=True)
    assert outcomes(silent).unanswered_rate == rate
    assert outcomes(silent.assign(unfinished=False)).unanswered_rate == 0
