"""Step 4 with Hugging Face transformers: any causal model from a folder or the hub, on CPU, CUDA or MPS, in batches."""

import gc
import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self

from rest_bench.config import RunConfig
from rest_bench.engines.tokens import count_line_tokens, refuse, respond, thinking_prefilled
from rest_bench.engines.transformers_loading import load_model
from rest_bench.engines.transformers_sampling import NanWatch, RowBudgets, logits_processors
from rest_bench.errors import EngineError
from rest_bench.schema import Prompt, Response, Sampling

LOG = logging.getLogger(__name__)

_OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")
_TAIL = 4
"""Prompt tokens decoded before the reply, so that a blank at its beginning is kept as the tokenizer means it."""


@dataclass(frozen=True)
class _Row:
    """One prompt of a batch."""

    prompt: Prompt
    token_ids: list[int]
    budget_tokens: int
    """What may be generated: `max_tokens`, or less where the context ends sooner."""
    seed: int
    thinking_prefilled: bool


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

    Prompts go longest first, in left-padded batches of `config.batch_size`; the size is halved for good when memory
    runs out. Greedy text does not depend on the batch but for rounding; sampled text depends on each prompt's own seed.

    Raises:
        EngineError: the model cannot be loaded.
    """

    def __init__(self, config: RunConfig) -> None:
        self._loaded = load_model(config)
        self._batch_size = config.batch_size
        self._draining = False
        self._cut_is_said = False
        self._newlines_in = cache(lambda token_id: self._decode([token_id]).count("\n"))
        self.info = self._loaded.info
        if self.info.chat_template_sha256 is None:
            LOG.warning(
                "%s has no chat template: its prompts are the text of the messages, joined by blank lines", config.model
            )

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
        """Answer the prompts, longest first; the responses of a batch come as soon as it ends.

        Raises:
            EngineError: the chat template refuses a prompt, or the device or the model's code cannot go on.
        """
        lengths = [(len(self._encode(prompt)[0]), prompt) for prompt in prompts]
        waiting = deque(prompt for _, prompt in sorted(lengths, key=lambda pair: -pair[0]))
        while waiting and not self._draining:
            batch = [waiting.popleft() for _ in range(min(self._batch_size, len(waiting)))]
            rows = []
            for prompt in batch:
                row = self._row(prompt, sampling)
                if isinstance(row, Response):
                    yield row
                else:
                    rows.append(row)
            if rows:
                yield from self._answer(rows, sampling)

    # --- prompts ------------------------------------------------------------------------------------------------------

    def _encode(self, prompt: Prompt) -> tuple[list[int], bool]:
        """Return the tokens of a prompt and whether it ends inside an opened thinking block."""
        tokenizer = self._loaded.tokenizer
        if self.info.chat_template_sha256 is None:
            rendered = "\n\n".join(message.content for message in prompt.messages)
            # Of all that a tokenizer would add on its own, only the first BOS belongs before a text to be continued.
            bos = [tokenizer.bos_token_id] if tokenizer.bos_token_id in tokenizer("")["input_ids"][:1] else []
        else:
            rendered = self._render(prompt)
            bos = []  # the template has written it where the model wants one
        token_ids = tokenizer(rendered, add_special_tokens=False, verbose=False)["input_ids"]
        return [*bos, *token_ids], thinking_prefilled(rendered)

    def _render(self, prompt: Prompt) -> str:
        from jinja2 import TemplateError

        messages = [message.model_dump() for message in prompt.messages]
        try:
            rendered = self._loaded.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        except TemplateError as error:
            raise EngineError(f"--model {self.info.model}: its chat template refuses the prompt ({error})") from error
        return str(rendered)

    def _row(self, prompt: Prompt, sampling: Sampling) -> _Row | Response:
        """Give a prompt its budget, or the response that says why it does not fit."""
        if prompt.seed is None:
            raise ValueError(f"pack {prompt.pack_id} reached the engine without a seed")
        token_ids, prefilled = self._encode(prompt)
        context, n_tokens = self.info.max_context_tokens, len(token_ids)
        if context is not None and n_tokens >= context:
            return refuse(
                prompt,
                f"the prompt has {n_tokens} tokens, but {self.info.model} holds {context} with its reply; "
                "use a lower level or a model with a longer context",
                prompt_tokens=n_tokens,
                thinking_prefilled=prefilled,
            )
        budget = sampling.max_tokens if context is None else min(sampling.max_tokens, context - n_tokens)
        if budget < sampling.max_tokens and not self._cut_is_said:
            self._cut_is_said = True
            LOG.warning(
                "--max-tokens %d: %s holds %d tokens with the prompt, so replies get what is left (here %d after %d)",
                *(sampling.max_tokens, self.info.model, context, budget, n_tokens),
            )
        return _Row(prompt, token_ids, budget, prompt.seed, prefilled)

    # --- batches ------------------------------------------------------------------------------------------------------

    def _answer(self, rows: Sequence[_Row], sampling: Sampling) -> Iterator[Response]:
        """Answer rows together; in halves where memory runs out, one by one where the batch fails otherwise."""
        started = time.perf_counter()
        outcome = self._attempt(rows, sampling)
        if not isinstance(outcome, _Fault):
            latency_s = time.perf_counter() - started
            for row, generated in zip(rows, outcome, strict=True):
                yield self._respond(row, generated, latency_s)
        elif len(rows) == 1:
            advice = "; lower --max-tokens or use a device with more memory" if outcome.out_of_memory else ""
            yield _refuse(rows[0], outcome.sentence + advice)
        else:
            if outcome.out_of_memory:
                self._batch_size = len(rows) // 2
                LOG.warning("%s; going on with --batch-size %d", outcome.sentence, self._batch_size)
            start = 0
            while start < len(rows) and not self._draining:
                size = self._batch_size if outcome.out_of_memory else 1
                yield from self._answer(rows[start : start + size], sampling)
                start += size

    def _attempt(self, rows: Sequence[_Row], sampling: Sampling) -> list[_Generated] | _Fault:
        """Generate for rows together, and tell faults of these rows from faults of the engine."""
        try:
            return self._generate_batch(rows, sampling)
        except (RuntimeError, ValueError, LookupError, MemoryError) as error:
            fault = self._fault(error, rows)
            if not fault.out_of_memory:
                self._require_alive(error)
        except (TypeError, AttributeError, ImportError, OSError) as error:
            raise EngineError(f"--model {self.info.model}: its code failed ({_short(error)})") from error
        # Out of the handler: its traceback held the tensors that have to go before the next attempt.
        self._free_memory()
        return fault

    def _generate_batch(self, rows: Sequence[_Row], sampling: Sampling) -> list[_Generated]:
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
        with torch.inference_mode():
            sequences = self._loaded.model.generate(
                input_ids=torch.tensor(input_ids, device=device),
                attention_mask=attention_mask,
                generation_config=transformers.GenerationConfig(max_new_tokens=int(budgets.max()), do_sample=False),
                logits_processor=transformers.LogitsProcessorList(processors),
                stopping_criteria=transformers.StoppingCriteriaList([RowBudgets(budgets, width)]),
            )
        return [_Generated(*row) for row in zip(sequences[:, width:].tolist(), nan_watch.first_steps(), strict=True)]

    def _fault(self, error: BaseException, rows: Sequence[_Row]) -> _Fault:
        numbers = (
            f"{len(rows)} prompt{'s' if len(rows) > 1 else ''} of up to {max(len(row.token_ids) for row in rows)} "
            f"tokens and up to {max(row.budget_tokens for row in rows)} tokens of reply"
        )
        if isinstance(error, MemoryError) or any(mark in str(error).lower() for mark in _OUT_OF_MEMORY):
            return _Fault(f"{self.info.device} ran out of memory with {numbers}", out_of_memory=True)
        return _Fault(f"generation failed with {numbers} ({_short(error)})", out_of_memory=False)

    def _require_alive(self, error: BaseException) -> None:
        """Raise where no later batch can do better: a lost device, or an operation that the device lacks."""
        lost = type(error).__name__ == "AcceleratorError" or "CUDA error" in str(error)
        if lost or isinstance(error, NotImplementedError):
            raise EngineError(
                f"--device {self.info.device}: cannot go on with {self.info.model} ({_short(error)})"
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

    def _respond(self, row: _Row, generated: _Generated, latency_s: float) -> Response:
        """Cut a row at its budget and its first end-of-sequence token, and put its text together."""
        token_ids = generated.token_ids[: row.budget_tokens]
        end = next((index for index, token in enumerate(token_ids) if token in self._loaded.eos_token_ids), None)
        if end is not None:
            token_ids = token_ids[: end + 1]
        if generated.nan_step is not None and generated.nan_step < len(token_ids):
            return _refuse(
                row,
                f"{self.info.model} in {self.info.dtype} gave logits that are not numbers at token "
                f"{generated.nan_step + 1} of its reply; use --dtype float32 or bfloat16",
            )
        text = self._decode_reply(row.token_ids[-_TAIL:], token_ids if end is None else token_ids[:-1])
        return respond(
            row.prompt,
            text,
            "length" if end is None else "stop",
            prompt_tokens=len(row.token_ids),
            completion_tokens=len(token_ids),
            line_tokens=count_line_tokens(token_ids, self._newlines_in, text),
            thinking_prefilled=row.thinking_prefilled,
            latency_s=latency_s,
        )

    def _decode_reply(self, tail: list[int], token_ids: list[int]) -> str:
        """Decode a reply behind the end of its prompt: sentencepiece tokenizers drop a blank that begins a text."""
        head, whole = self._decode(tail), self._decode(tail + token_ids)
        return whole[len(head) :] if whole.startswith(head) else self._decode(token_ids)

    def _decode(self, token_ids: list[int]) -> str:
        decode = self._loaded.tokenizer.decode
        return str(decode(token_ids, skip_special_tokens=False, clean_up_tokenization_spaces=False))


def _refuse(row: _Row, sentence: str) -> Response:
    return refuse(row.prompt, sentence, prompt_tokens=len(row.token_ids), thinking_prefilled=row.thinking_prefilled)


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
