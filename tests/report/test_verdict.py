from collections.abc import Callable

import pandas
import pytest

from rest_bench.metrics import summarize
from rest_bench.report.verdict import FAILURES, verdict
from rest_bench.schema import Estimate, Manifest
from tests.metrics.conftest import manifest, slot, table, toy

__all__ = ["manifest", "toy"]

NOTHING = Estimate(value=None, se=None, ci=None)
Said = Callable[..., tuple[str, str, str]]


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, se=0.01, ci=(low, high))


@pytest.fixture
def said(toy: pandas.DataFrame, manifest: Manifest) -> Said:
    """Return the verdict of the example with some numbers of its level 3 replaced; its drop is shown or is not."""
    task = summarize(toy, manifest).tasks["toy"]

    def say(p_value: float | None = 0.01, **stressed: object) -> tuple[str, str, str]:
        levels = {**task.levels, "3": task.levels["3"].model_copy(update=stressed)}
        return verdict("nano", task.model_copy(update={"levels": levels, "drop_p_values_holm": {"3": p_value}}))

    return say


def test_the_first_sentence_has_the_drop_and_its_interval(said: Said) -> None:
    first, _, _ = said()
    assert first.startswith(
        "Alone, nano answers 66.7 % of the questions, with several questions in a prompt (level 3) 55.6 %"
    )
    assert "a drop of 11.1 points [" in first
    assert first.endswith("which may be chance.")


def test_the_second_says_where_and_as_what(said: Said) -> None:
    _, second, _ = said(position_accuracy=(0.6, 0.3, 0.1), drop_by_outcome={"wrong": 0.02, "swapped": 0.2}, loss=0.22)
    assert second == (
        "It breaks at level 3 (11.1 points), where position 1 is right in 60.0 % and position 3 in 10.0 %, and from "
        "position 2 on less than half of the accuracy alone is left; the largest part of what is lost there (20.0 of "
        "22.0 points): answers of another question of the prompt (swapped)."
    )


def test_a_drop_that_is_not_shown_breaks_nothing(said: Said) -> None:
    _, second, third = said(p_value=0.2)
    assert second.startswith("No level is shown to break it: the largest drop is 11.1 points [")
    assert "nothing for token limit or interference to explain" in third


def test_interference_needs_both_ways_to_count_the_limit(said: Said) -> None:
    sure, unsure = estimate(0.05, 0.02, 0.08), estimate(0.05, -0.02, 0.12)
    _, _, third = said(residual_drop=sure, residual_drop_at_end=estimate(0.08, 0.02, 0.1))
    assert third.startswith("This is interference, at level 3: at least 5.0 of the 11.1 points at level 3")
    costs = {"budget_drop": estimate(0.06, 0, 0.1), "budget_drop_at_end": estimate(0.03, 0, 0.1)}
    _, _, third = said(residual_drop=sure, residual_drop_at_end=unsure, **costs)
    assert third == (
        "Interference is not shown: at level 3 the token limit alone would cost from 3.0 to 6.0 points, and 11.1 are "
        "lost."
    )


def test_a_split_that_is_not_known_says_why(said: Said) -> None:
    _, _, third = said(residual_drop=NOTHING, residual_drop_at_end=NOTHING, undefined={"residual_drop": "no tokens"})
    assert third == "Whether the token limit or interference explains it is not known: no tokens."


def test_levels_that_were_not_asked_are_named(toy: pandas.DataFrame, manifest: Manifest) -> None:
    alone = summarize(toy[toy["level"] == 1], manifest).tasks["toy"]
    assert verdict("nano", alone)[0] == "Alone, nano answers 66.7 % of the questions; no level above 1 was asked."
    packed = summarize(toy[toy["level"] == 3], manifest).tasks["toy"]
    first, second, third = verdict("nano", packed)
    assert first.endswith("nano answers 55.6 %; alone they were not asked.")
    assert "takes level 1 and a level above it" in second
    assert "Nothing is shown to be lost" in third


def test_a_model_that_is_better_under_stress_gains(manifest: Manifest) -> None:
    rows = [slot(1, f"a{number}", 1, str(number), "wrong" if number < 4 else "correct") for number in range(6)]
    rows += [
        slot(3, f"b{pack}", place, str(3 * pack + place - 1), "correct") for pack in range(2) for place in (1, 2, 3)
    ]
    first, _, third = verdict("nano", summarize(table(rows), manifest).tasks["toy"])
    assert "a gain of 66.7 points" in first
    assert "Nothing is shown to be lost" in third


def test_every_outcome_has_its_words(toy: pandas.DataFrame, manifest: Manifest) -> None:
    part = summarize(toy, manifest).tasks["toy"].levels["3"]
    assert set(FAILURES) == set(part.outcomes) - {"correct"}
