"""Choosing tokens in a batch so that a sample depends on its own seed only, never on its neighbours.

`generate(do_sample=True)` draws one random number stream for the whole batch: a sample then changes with the batch it
happens to be in. Here transformers decodes greedily, and its logits processors carry everything else: its own warpers
for temperature, top-k, top-p and min-p, then noise from one generator per row. By the Gumbel-max trick, the largest of
`logits + noise` is an exact draw from their softmax.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rest_bench.schema import Sampling

if TYPE_CHECKING:
    import torch


class RepetitionPenalty:
    """Divides positive logits of tokens already seen by the penalty and multiplies negative ones (CTRL, 1909.05858).

    Padding is not seen: it often is the end-of-sequence token, which a row would then avoid because of its neighbours.
    """

    def __init__(self, penalty: float, attention_mask: "torch.Tensor") -> None:
        self._penalty = penalty
        self._attention_mask = attention_mask
        self._seen: torch.Tensor | None = None

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """Return the scores (rows, vocabulary) that follow `input_ids` (rows, width so far), penalized."""
        import torch

        if self._seen is None:
            self._seen = torch.zeros_like(scores, dtype=torch.bool)
            for row, mask in enumerate(self._attention_mask.bool()):
                self._seen[row, input_ids[row, mask]] = True
        else:
            self._seen.scatter_(1, input_ids[:, -1:], True)
        return scores.where(~self._seen, (scores / self._penalty).where(scores > 0, scores * self._penalty))


class SeededNoise:
    """Adds Gumbel noise, from one generator per row, so that the largest score is a draw from the softmax."""

    def __init__(self, seeds: Sequence[int]) -> None:
        self._seeds = seeds
        self._generators: list[torch.Generator] = []

    def __call__(self, _input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """Return the scores (rows, vocabulary) with one step of noise."""
        import torch

        if not self._generators:
            self._generators = [torch.Generator(scores.device).manual_seed(seed) for seed in self._seeds]
        exponential = torch.empty_like(scores)
        for row, generator in enumerate(self._generators):
            exponential[row].exponential_(generator=generator)
        # A draw may round to 0, whose logarithm would lift an all but impossible token above every other.
        return scores - exponential.clamp_(min=torch.finfo(scores.dtype).eps / 2).log_()


class NanWatch:
    """Notes at which step a row's logits were first not numbers; greedy decoding would go on without a word."""

    def __init__(self) -> None:
        self._step = 0
        self._first: torch.Tensor | None = None

    def __call__(self, _input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        """Look at the scores (rows, vocabulary) and return them as they are."""
        import torch

        found = scores.isnan().any(dim=-1)
        if self._first is None:
            self._first = torch.full_like(found, -1, dtype=torch.long)
        self._first = self._first.masked_fill(found & (self._first < 0), self._step)
        self._step += 1
        return scores

    def first_steps(self) -> tuple[int | None, ...]:
        """Return for each row the index of the first generated token drawn from such logits, or null."""
        steps = () if self._first is None else self._first.tolist()
        return tuple(None if step < 0 else step for step in steps)


class RowBudgets:
    """Ends each row at its own token budget; the batch as a whole runs to the largest."""

    def __init__(self, budgets: "torch.Tensor", prompt_width: int) -> None:
        self._budgets = budgets
        self._prompt_width = prompt_width

    def __call__(self, input_ids: "torch.Tensor", _scores: object, **_more: object) -> "torch.Tensor":
        """Return which rows of `input_ids` (rows, width so far) have used up their budget."""
        return self._budgets <= input_ids.shape[1] - self._prompt_width


def logits_processors(sampling: Sampling, seeds: Sequence[int], attention_mask: "torch.Tensor") -> list[Any]:
    """Return the processors that make greedy decoding follow every field of `sampling`.

    Args:
        sampling: temperature 0 leaves the largest logit to win.
        seeds: one per row.
        attention_mask: (rows, prompt width), 0 where the prompt is padded.
    """
    import transformers

    processors: list[Any] = []
    if sampling.repetition_penalty != 1:
        processors.append(RepetitionPenalty(sampling.repetition_penalty, attention_mask))
    if sampling.temperature == 0:
        return processors
    processors.append(transformers.TemperatureLogitsWarper(sampling.temperature))
    if sampling.top_k > 0:
        processors.append(transformers.TopKLogitsWarper(sampling.top_k))
    if sampling.top_p < 1:
        processors.append(transformers.TopPLogitsWarper(sampling.top_p))
    if sampling.min_p > 0:
        processors.append(transformers.MinPLogitsWarper(sampling.min_p))
    processors.append(SeededNoise(seeds))
    return processors
