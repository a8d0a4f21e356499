"""Sampling by seeded noise: the same distribution as ordinary sampling, and nothing of a row's neighbours in it."""

import pytest
import torch
import transformers
from scipy import stats

from rest_bench.engines.transformers_sampling import NanWatch, RepetitionPenalty, RowBudgets, logits_processors
from rest_bench.schema import Sampling

LOGITS = torch.tensor([2.0, 1.5, 1.0, 0.0, -1.0, -2.0, 0.5, -float("inf")])
N_DRAWS = 6_000

PLAIN = {"temperature": 1.0, "top_p": 1.0, "top_k": 0, "min_p": 0.0, "repetition_penalty": 1.0}
SETTINGS = {
    "plain": PLAIN,
    "cold": {**PLAIN, "temperature": 0.5},
    "hot": {**PLAIN, "temperature": 2.0},
    "top-k": {**PLAIN, "top_k": 3},
    "top-p": {**PLAIN, "top_p": 0.8},
    "min-p": {**PLAIN, "min_p": 0.2},
    "all": {"temperature": 0.6, "top_p": 0.95, "top_k": 5, "min_p": 0.02, "repetition_penalty": 1.0},
}


def draw(sampling: Sampling, seeds: range, n_steps: int = 1) -> torch.Tensor:
    """Return the tokens (rows, steps) that greedy decoding picks behind the processors."""
    prompt = torch.zeros((len(seeds), 1), dtype=torch.long)
    processors = transformers.LogitsProcessorList(logits_processors(sampling, seeds, torch.ones_like(prompt)))
    steps = [processors(prompt, LOGITS.repeat(len(seeds), 1)).argmax(dim=-1) for _ in range(n_steps)]
    return torch.stack(steps, dim=1)


def probabilities(sampling: Sampling) -> torch.Tensor:
    """Return the distribution that the sampling fields mean, worked out without any of the code under test."""
    probability = torch.softmax(LOGITS.double() / sampling.temperature, dim=0)
    ranked = probability.sort(descending=True)
    keep = torch.ones_like(probability, dtype=torch.bool)
    if sampling.top_k:
        keep[ranked.indices[sampling.top_k :]] = False
    share = ranked.values * keep[ranked.indices]
    before = (share / share.sum()).cumsum(0) - share / share.sum()
    keep[ranked.indices[before >= sampling.top_p]] = False
    keep &= probability >= sampling.min_p * probability.max()
    return probability * keep / (probability * keep).sum()


@pytest.mark.parametrize("fields", SETTINGS.values(), ids=SETTINGS.keys())
@pytest.mark.parametrize("across", ["seeds", "steps"])
def test_draws_follow_the_softmax(fields: dict[str, float], across: str) -> None:
    sampling = Sampling.model_validate(fields)
    drawn = draw(sampling, range(N_DRAWS)) if across == "seeds" else draw(sampling, range(1), N_DRAWS)
    expected = probabilities(sampling) * N_DRAWS
    counts = torch.bincount(drawn.flatten(), minlength=len(LOGITS))
    assert counts[expected == 0].sum() == 0
    possible = expected > 0
    # Seeded, so it cannot flicker: a right sampler passes for all but one in ten thousand choices of seeds.
    assert stats.chisquare(counts[possible].numpy(), expected[possible].numpy()).pvalue > 1e-4


def test_rows_and_steps_are_independent_draws() -> None:
    drawn = draw(Sampling.model_validate(PLAIN), range(N_DRAWS // 2), n_steps=2)
    for first, second in ((drawn[:, 0], drawn[:, 1]), (drawn[:-1, 0], drawn[1:, 0])):
        table = torch.zeros((len(LOGITS), len(LOGITS)))
        table.index_put_((first, second), torch.ones(len(first)), accumulate=True)
        table = table[:-1, :-1]  # the last token is impossible
        assert stats.chi2_contingency(table.numpy()).pvalue > 1e-4


def test_a_row_draws_the_same_in_any_batch() -> None:
    sampling = Sampling.model_validate(PLAIN)
    together = draw(sampling, range(8), n_steps=50)
    alone = [draw(sampling, range(seed, seed + 1), n_steps=50)[0] for seed in range(8)]
    assert torch.equal(together, torch.stack(alone))
    assert len({tuple(row.tolist()) for row in alone}) == 8


def test_greedy_decoding_is_left_alone() -> None:
    mask = torch.ones((2, 3), dtype=torch.long)
    assert logits_processors(Sampling(temperature=0, top_p=0.5, top_k=3), [1, 2], mask) == []


def test_the_repetition_penalty_is_that_of_transformers_without_padding() -> None:
    prompt, generated = torch.tensor([[4, 5, 4]]), torch.tensor([[6]])
    ours = RepetitionPenalty(1.3, torch.ones_like(prompt))
    theirs = transformers.RepetitionPenaltyLogitsProcessor(1.3)
    for input_ids in (prompt, torch.cat([prompt, generated], dim=1)):
        scores = torch.tensor([[1.0, -1.0, 2.0, 0.5, 3.0, -2.0, 1.5]])
        torch.testing.assert_close(ours(input_ids, scores.clone()), theirs(input_ids, scores.clone()))


def test_padding_is_not_a_repetition() -> None:
    scores = torch.tensor([[1.0, 2.0, 3.0]])
    mask = torch.tensor([[0, 0, 1]])
    penalized = RepetitionPenalty(2.0, mask)(torch.tensor([[0, 0, 2]]), scores)
    assert penalized.tolist() == [[1.0, 2.0, 1.5]]


def test_the_first_step_without_numbers_is_noted_by_row() -> None:
    watch = NanWatch()
    input_ids = torch.zeros((2, 1), dtype=torch.long)
    fine, broken = torch.zeros((2, 3)), torch.tensor([[0.0, 0.0, 0.0], [0.0, float("nan"), 0.0]])
    for scores in (fine, broken, broken):
        watch(input_ids, scores)
    assert watch.first_steps() == (None, 1)


def test_impossible_tokens_are_numbers_enough() -> None:
    watch = NanWatch()
    watch(torch.zeros((1, 1), dtype=torch.long), torch.tensor([[0.0, -float("inf")]]))
    assert watch.first_steps() == (None,)


def test_each_row_ends_at_its_own_budget() -> None:
    budgets = RowBudgets(torch.tensor([1, 3]), prompt_width=4)
    ended = [budgets(torch.zeros((2, 4 + n_generated)), None).tolist() for n_generated in (1, 2, 3)]
    assert ended == [[True, False], [True, False], [True, True]]
