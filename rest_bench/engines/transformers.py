"""Step 4 with Hugging Face transformers: any causal model from a folder or the hub, on CPU, CUDA or MPS, in batches."""

import gc
import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Self

from rest_bench.config import RunConfig
from rest_bench.engines import LongestPrompts
from rest_bench.engines.codec import Codec, EncodedPrompt
from rest_bench.engines.transformers_cache import cache_argument
from rest_bench.engines.transformers_loading import load_model
from rest_bench.engines.transformers_sampling import NanWatch, RowBudgets, logits_processors
from rest_bench.errors import EngineError, one_line
from rest_bench.schema import Prompt, Response, Sampling

LOG = logging.getLogger(__name__)

_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")


_BATCHES_AT_ONCE = 16
"""Batches whose prompts are sorted by length together."""


def _shortness(row: EncodedPrompt) -> int:
    return -len(row.token_ids)


@contextmanager
def _without_cudnn_attention() -> Iterator[None]:
    """Keep attention off cuDNN, which newer GPUs prefer: it plans anew for every length, so for every token.

    A step of a small model in bfloat16 on an H100 took 44 ms with it and 5 ms without.
    """
    import torch

    before = torch.backends.cuda.cudnn_sdp_enabled()  # type: ignore[no-untyped-call]
    torch.backends.cuda.enable_cudnn_sdp(False)
    try:
        yield
    finally:
        torch.backends.cuda.enable_cudnn_sdp(before)


@dataclass(frozen=True)
class _Generated:
    """What came out of one row, padding included."""

    token_ids: list[int]
    nan_step: int | None
    """Index of the first token drawn from logits that were not numbers."""


@dataclass(frozen=True)
class _Fault:
    """Why a batch failed."""

    sentence: str
    out_of_memory: bool


class TransformersEngine:
    """Generates with a model loaded by transformers.

    Prompts go in the order given, those of a few batches sorted by length, in left-padded batches of
    `config.batch_size`; the size is halved for good when memory runs out. Greedy text does not depend on the batch but
    for rounding; sampled text depends on each prompt's own seed.

    Raises:
        EngineError: the model cannot be loaded.
    """

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:  # noqa: ARG002
        self._loaded = load_model(config)
        self._batch_size = config.batch_size
        self._draining = False
        self.info = self._loaded.info
        self._codec = Codec(self._loaded.tokenizer, self.info, self._loaded.end_token_ids, config.chat_template_kwargs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close: memory goes with the engine."""

    def drain(self) -> None:
        """Let `generate` end with the batch in progress."""
        self._draining = True

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:
        """Answer the prompts; the responses of a batch come as soon as it ends.

        Raises:
            EngineError: the chat template refuses a prompt, or the device or the model's code cannot go on.
        """
        waiting = iter(prompts)
        while not self._draining and (some := list(islice(waiting, self._batch_size * _BATCHES_AT_ONCE))):
            encoded = [self._codec.encode(prompt, sampling) for prompt in some]
            yield from (each for each in encoded if isinstance(each, Response))
            # Prompts of one length share a batch, so that little of it is padding; the longest go first.
            rows = deque(sorted((each for each in encoded if isinstance(each, EncodedPrompt)), key=_shortness))
            while rows and not self._draining:
                yield from self._answer([rows.popleft() for _ in range(min(self._batch_size, len(rows)))], sampling)

    # --- batches ------------------------------------------------------------------------------------------------------

    def _answer(self, rows: Sequence[EncodedPrompt], sampling: Sampling) -> Iterator[Response]:
        """Answer rows together; in halves where memory runs out, one by one where the batch fails otherwise."""
        started = time.perf_counter()
        outcome = self._attempt(rows, sampling)
        if not isinstance(outcome, _Fault):
            latency_s = time.perf_counter() - started
            for row, generated in zip(rows, outcome, strict=True):
                yield self._respond(row, generated, latency_s)
        elif len(rows) == 1:
            advice = "; lower --max-tokens or use a device with more memory" if outcome.out_of_memory else ""
            yield rows[0].refuse(outcome.sentence + advice)
        else:
            if outcome.out_of_memory:
                self._batch_size = len(rows) // 2
                LOG.warning("%s; going on with --batch-size %d", outcome.sentence, self._batch_size)
            start = 0
            while start < len(rows) and not self._draining:
                size = self._batch_size if outcome.out_of_memory else 1
                yield from self._answer(rows[start : start + size], sampling)
                start += size

    def _attempt(self, rows: Sequence[EncodedPrompt], sampling: Sampling) -> list[_Generated] | _Fault:
        """Generate for rows together, and tell faults of these rows from faults of the engine."""
        try:
            return self._generate_batch(rows, sampling)
        except (RuntimeError, ValueError, LookupError, MemoryError) as error:
            fault = self._fault(error, rows)
            if not fault.out_of_memory:
                self._require_alive(error)
        except (TypeError, AttributeError, ImportError, OSError) as error:
            raise EngineError(f"--model {self.info.model}: its code failed ({one_line(error)})") from error
        # Out of the handler: its traceback held the tensors that have to go before the next attempt.
        self._free_memory()
        return fault

    def _generate_batch(self, rows: Sequence[EncodedPrompt], sampling: Sampling) -> list[_Generated]:
        import torch
        import transformers

        device = self._loaded.model.device
        width = max(len(row.token_ids) for row in rows)
        padding = [width - len(row.token_ids) for row in rows]
        input_ids = [[self._loaded.pad_token_id] * pad + row.token_ids for pad, row in zip(padding, rows, strict=True)]
        attention_mask = torch.tensor([[0] * pad + [1] * (width - pad) for pad in padding], device=device)
        budgets = torch.tensor([row.budget_tokens for row in rows], device=device)
        nan_watch = NanWatch()
        processors = [nan_watch, *logits_processors(sampling, [row.seed for row in rows], attention_mask)]
        with torch.inference_mode(), _without_cudnn_attention():
            sequences = self._loaded.model.generate(
                input_ids=torch.tensor(input_ids, device=device),
                attention_mask=attention_mask,
                generation_config=transformers.GenerationConfig(max_new_tokens=int(budgets.max()), do_sample=False),
                logits_processor=transformers.LogitsProcessorList(processors),
                stopping_criteria=transformers.StoppingCriteriaList([RowBudgets(budgets, width)]),
                **cache_argument(self._loaded.model),
            )
        return [_Generated(*row) for row in zip(sequences[:, width:].tolist(), nan_watch.first_steps(), strict=True)]

    def _fault(self, error: BaseException, rows: Sequence[EncodedPrompt]) -> _Fault:
        numbers = (
            f"{len(rows)} prompt{'s' if len(rows) > 1 else ''} of up to {max(len(row.token_ids) for row in rows)} "
            f"tokens and up to {max(row.budget_tokens for row in rows)} tokens of reply"
        )
        if isinstance(error, MemoryError) or any(mark in str(error).lower() for mark in _OUT_OF_MEMORY):
            return _Fault(f"{self.info.device} ran out of memory with {numbers}", out_of_memory=True)
        return _Fault(f"generation failed with {numbers} ({one_line(error)})", out_of_memory=False)

    def _require_alive(self, error: BaseException) -> None:
        """Raise where no later batch can do better: a lost device, or an operation that the device lacks."""
        lost = type(error).__name__ == "AcceleratorError" or "CUDA error" in str(error)
        if lost or isinstance(error, NotImplementedError):
            raise EngineError(
                f"--device {self.info.device}: cannot go on with {self.info.model} ({one_line(error)})"
            ) from error

    def _free_memory(self) -> None:
        import torch

        gc.collect()
        kind = self._loaded.model.device.type
        if kind == "cuda":
            torch.cuda.empty_cache()
        elif kind == "mps":
            torch.mps.empty_cache()

    # --- replies ------------------------------------------------------------------------------------------------------

    def _respond(self, row: EncodedPrompt, generated: _Generated, latency_s: float) -> Response:
        n_tokens = len(self._codec.cut(row, generated.token_ids))
        if generated.nan_step is not None and generated.nan_step < n_tokens:
            return row.refuse(
                f"{self.info.model} in {self.info.dtype} gave logits that are not numbers at token "
                f"{generated.nan_step + 1} of its reply; use --dtype float32 or bfloat16"
            )
        return self._codec.respond(row, generated.token_ids, latency_s)
