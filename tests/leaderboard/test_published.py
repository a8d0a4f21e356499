import pytest

from rest_bench.leaderboard.published import N_QUESTIONS, PublishedScore, published_scores

SCORES = {(score.model, score.task): score for score in published_scores()}


def test_38_models_have_seven_tasks_each() -> None:
    assert len(SCORES) == 38 * 7
    assert {task for _, task in SCORES} == set(N_QUESTIONS)


@pytest.mark.parametrize(
    ("model", "task", "stress"),
    [
        ("O3-mini", "aime25", 0.3448),
        ("O4-mini", "aime25", 0.4717),
        ("Gemini-2.5-flash-thinking", "aime25", 0.2695),
        ("Deepseek-R1", "gsm8k", 0.9606),
        ("Qwen-2.5-Math-7B-SimpleRL-Zoo", "amc23", 0.3123),
        ("Open-Reasoner-Zero-7B", "amc23", 0.1616),
    ],
)
def test_a_printed_score_that_its_levels_contradict_is_corrected(model: str, task: str, stress: float) -> None:
    score = SCORES[model, task]
    assert score.stress == pytest.approx(stress, abs=6e-5)
    assert any(note.startswith("Stress is the mean of the four levels; printed: ") for note in score.notes)


def notes_with(words: str) -> list[PublishedScore]:
    return [score for score in SCORES.values() if any(words in note for note in score.notes)]


def test_what_was_found_wrong_is_noted_and_nothing_else() -> None:
    """metrics.md section 3: fifteen Stress scores, two of them swapped, and six single scores."""
    assert len(notes_with("mean of the four levels; printed")) == 15
    assert len(notes_with("a mean of fewer levels")) == 13
    assert {score.model for score in notes_with("are swapped")} == {
        "Qwen-2.5-Math-7B-SimpleRL-Zoo",
        "Open-Reasoner-Zero-7B",
    }
    assert len(notes_with("the appendix has")) == 6
    assert {score.task for score in notes_with("system message")} == {
        "gsm8k",
        "math500",
        "gpqa_diamond",
        "livecodebench",
    }


def test_a_score_without_its_levels_is_as_printed() -> None:
    score = SCORES["Qwen3-32B", "aime24"]
    assert (score.stress, score.levels) == (0.5667, {})
    assert score.notes == ("Stress as printed: the paper does not give all levels.",)


def test_shares_are_shares() -> None:
    assert all(0 <= score.stress <= 1 and 0 <= score.single <= 1 for score in SCORES.values())
