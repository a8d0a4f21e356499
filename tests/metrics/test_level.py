import pandas

from rest_bench.metrics.level import summarize_level
from rest_bench.metrics.responses import Conditions
from rest_bench.schema import Estimate, LevelSummary
from tests.metrics.conftest import toy

__all__ = ["toy"]

CONDITIONS = Conditions("cyclic", max_tokens=100)
NOTHING = Estimate(value=None, se=None, ci=None)
SELF_EXPLAINED = {"undefined"}


def test_no_number_is_missing_without_a_reason(toy: pandas.DataFrame) -> None:
    """Whatever a level lacks: level 1, tokens, thinking, repeats, answers."""
    stressed, single = toy[toy["level"] == 3], toy[toy["level"] == 1]
    tables = [
        (stressed, single),
        (stressed, None),
        (single, single),
        (stressed.assign(answer=None, correct=False), single.assign(correct=False)),
        (stressed.assign(completion_tokens=None), single.assign(completion_tokens=None)),
    ]
    for scores, alone in tables:
        level = summarize_level(scores, alone, CONDITIONS)
        nulls = {name for name in LevelSummary.model_fields if getattr(level, name) in (None, NOTHING)}
        assert nulls - set(level.undefined) - SELF_EXPLAINED == set()
        assert all(level.undefined.values())


def test_nothing_is_nan(toy: pandas.DataFrame) -> None:
    text = summarize_level(toy[toy["level"] == 3], toy[toy["level"] == 1], CONDITIONS).model_dump_json()
    assert "NaN" not in text
