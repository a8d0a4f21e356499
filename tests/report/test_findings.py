from collections.abc import Callable

import pandas
import pytest

from rest_bench.metrics import summarize
from rest_bench.report.findings import findings
from rest_bench.schema import Estimate, LevelSummary, Manifest, Summary, TaskSummary
from tests.metrics.conftest import manifest, slot, table, toy

__all__ = ["manifest", "toy"]

SURE = Estimate(value=0.2, se=0.01, ci=(0.18, 0.22))
UNSURE = Estimate(value=0.02, se=0.05, ci=(-0.08, 0.12))

Said = Callable[..., list[str]]


@pytest.fixture
def said(toy: pandas.DataFrame, manifest: Manifest) -> Said:
    """Return the findings of the example with some numbers of its level 3, or of its level 1, replaced."""
    summary = summarize(toy, manifest)

    def say(design: str = "cyclic", single: dict[str, object] | None = None, **stressed: object) -> list[str]:
        task = summary.tasks["toy"]
        levels = {
            "1": task.levels["1"].model_copy(update=single or {}),
            "3": task.levels["3"].model_copy(update=stressed),
        }
        return findings(task.model_copy(update={"levels": levels}), with_design(summary, design))

    return say


def with_design(summary: Summary, design: str) -> Summary:
    return summary.model_copy(update={"config": summary.config.model_copy(update={"design": design})})


def about(sentences: list[str], word: str) -> list[str]:
    return [sentence for sentence in sentences if word.lower() in sentence.lower()]


def test_a_drop_that_may_be_noise_says_nothing_of_interference(said: Said) -> None:
    assert about(said(), "interference") == []


def test_interference_needs_both_ways_to_count_the_token_limit(said: Said) -> None:
    (sentence,) = about(said(drop=SURE, residual_drop=SURE, residual_drop_at_end=SURE), "interference")
    assert sentence.startswith("Interference at level 3: ")
    assert "at least 20.0 points" in sentence
    (sentence,) = about(said(drop=SURE, residual_drop=SURE, residual_drop_at_end=UNSURE), "interference")
    assert "not supported there: the token limit may explain it" in sentence


def test_a_drop_without_a_split_is_no_interference_and_says_why(said: Said) -> None:
    nothing = Estimate(value=None, se=None, ci=None)
    sentences = said(
        drop=SURE,
        residual_drop=nothing,
        residual_drop_at_end=nothing,
        undefined={"residual_drop": "nobody counted the tokens of single replies"},
    )
    (sentence,) = about(sentences, "interference claim")
    assert sentence.endswith("is not supported: nobody counted the tokens of single replies.")


def test_the_cyclic_design_says_nothing_of_neighbours(said: Said) -> None:
    (sentence,) = about(said(), "neighbours")
    assert "not supported: in the design cyclic" in sentence
    assert about(said(design="shuffled", predecessor_effect=SURE), "help those after them, at level 3")
    hurting = Estimate(value=-0.4, se=0.1, ci=(-0.6, -0.2))
    assert about(said(design="shuffled", predecessor_effect=hurting), "hurt those after them, at level 3")
    assert not about(said(design="shuffled", predecessor_effect=UNSURE), "those after them")


def outcomes(part: LevelSummary, **shares: float) -> dict[str, float]:
    return {**dict.fromkeys(part.outcomes, 0.0), **shares}


def test_overthinking_needs_lost_answers_to_grow_too(said: Said, toy: pandas.DataFrame, manifest: Manifest) -> None:
    part = summarize(toy, manifest).tasks["toy"].levels["3"]
    low, high = Estimate(value=0.1, se=0.01, ci=(0.08, 0.12)), Estimate(value=0.4, se=0.01, ci=(0.38, 0.42))
    alone = {"segmentation_sure": 1.0, "post_solution_share": low, "outcomes": outcomes(part, correct=1.0)}
    lost, kept = outcomes(part, correct=0.5, truncated=0.5), outcomes(part, correct=0.5, wrong=0.5)
    (sentence,) = about(
        said(single=alone, segmentation_sure=1.0, post_solution_share=high, outcomes=lost), "overthinking"
    )
    assert sentence.startswith("Overthinking is possible: from level 1 to 3, ")
    assert "rises from 0.10 to 0.40" in sentence
    assert "from 0.0 to 50.0 %" in sentence
    for changed in ({"post_solution_share": high, "outcomes": kept}, {"post_solution_share": low, "outcomes": lost}):
        (sentence,) = about(said(single=alone, segmentation_sure=1.0, **changed), "overthinking")
        assert "not supported" in sentence


def test_without_visible_thinking_nothing_is_said_of_it(said: Said) -> None:
    assert about(said(), "overthinking") == []


def test_what_was_not_graded_or_lost_comes_first(said: Said, toy: pandas.DataFrame, manifest: Manifest) -> None:
    part = summarize(toy, manifest).tasks["toy"].levels["3"]
    sentences = said(outcomes=outcomes(part, correct=0.7, ungraded=0.2, error=0.1))
    assert "20.0 % of a level's slots are ungraded" in sentences[0]
    assert "10.0 % of a level's slots were lost to engine errors" in sentences[1]
    assert not about(said(), "ungraded")


def test_responses_of_thinking_alone_are_laid_to_the_servers_parser(said: Said) -> None:
    (sentence,) = about(said(unanswered_rate=0.25), "thinking alone")
    assert sentence.startswith("Up to 25.0 % of a level's responses were not cut off and hold thinking alone")
    assert "reasoning parser is the likely cause" in sentence
    assert not about(said(), "thinking alone")


def test_responses_cut_off_below_the_limit_are_said(said: Said) -> None:
    assert about(said(capped_rate=0.5), "50.0 % of a level's responses were cut off below --max-tokens")
    assert not about(said(capped_rate=0.0), "below --max-tokens")


def test_slopes_are_not_compared_at_the_floor(said: Said) -> None:
    floor = Estimate(value=0.05, se=0.01, ci=(0.03, 0.07))
    assert about(said(accuracy=floor), "limited by the floor")
    assert not about(said(), "floor")


def test_readings_that_differ_are_named(said: Said) -> None:
    assert about(said(accuracy_paper=Estimate(value=0.5, se=None, ci=None)), "differs by up to 5.6 points")
    assert not about(said(), "reading differs")


def test_one_generation_alone_does_not_tell_chance(said: Said) -> None:
    assert about(said(), "asked alone only once")
    assert not about(said(loss_by_chance=0.1), "only once")


def test_a_run_without_level_1_still_has_findings(manifest: Manifest) -> None:
    scores = table([slot(2, f"{pack}", place, f"Q{place}", "correct") for pack in range(3) for place in (1, 2)])
    summary = summarize(scores, manifest)
    task: TaskSummary = summary.tasks["toy"]
    assert about(findings(task, summary), "neighbours")
    assert about(findings(task, summary), "interference claim") == []
