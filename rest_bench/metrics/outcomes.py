"""What became of slots and responses, and how long these are (metrics.md section 4, 6.5)."""

from typing import TYPE_CHECKING, get_args

from rest_bench.metrics.statistics import mean_of_known, median_of_known
from rest_bench.schema import Counts, FoundBy, Outcome, Outcomes, Tokens

if TYPE_CHECKING:
    import pandas


def counts(scores: "pandas.DataFrame") -> Counts:
    """Return how much a level holds."""
    return Counts(
        n_packs=int((scores["position"] == 1).sum()),
        n_slots=len(scores),
        n_questions=int(scores["problem_id"].nunique()),
        repeats=int(scores["repeat"].nunique()),
    )


def outcomes(scores: "pandas.DataFrame", max_tokens: int = 0) -> Outcomes:
    """Return what became of the slots and responses of a level.

    Args:
        scores: of the level.
        max_tokens: of the run; 0 leaves it open which responses were cut off below it.
    """
    responses = scores[scores["position"] == 1]
    finish_reason = responses["finish_reason"]
    ended = finish_reason.isna() | (finish_reason == "stop")
    return Outcomes.explained(
        {"truncation_rate": "nobody noted how the responses ended"},
        outcomes=_shares(scores["outcome"], get_args(Outcome)),
        found_by=_shares(scores["found_by"], tuple(name for name in get_args(FoundBy) if name != "extractor")),
        truncation_rate=None if finish_reason.isna().any() else float((finish_reason == "length").mean()),
        capped_rate=float(((finish_reason == "length") & (responses["completion_tokens"] < max_tokens)).mean()),
        unanswered_rate=float((ended & responses["unfinished"] & ~responses["looped"]).mean()),
    )


def tokens(scores: "pandas.DataFrame") -> Tokens:
    """Return how long the prompts and responses of a level are."""
    responses = scores[scores["position"] == 1]
    return Tokens.explained(
        {
            "prompt_tokens": "nobody counted them",
            "completion_tokens": "nobody counted them",
            "response_thinking_tokens": "nobody counted them",
        },
        prompt_tokens=mean_of_known(responses["prompt_tokens"]),
        completion_tokens=mean_of_known(responses["completion_tokens"]),
        response_thinking_tokens=median_of_known(responses["thinking_tokens"]),
    )


def _shares(values: "pandas.Series", names: tuple[str, ...]) -> dict[str, float]:
    shares = values.value_counts(normalize=True)
    return {name: float(shares.get(name, 0.0)) for name in names}
