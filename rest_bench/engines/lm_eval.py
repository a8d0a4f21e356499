"""Step 4 with any model of lm-evaluation-harness, in slices: what one slice gave is on disk before the next begins.

lm-eval hands over text alone. How a reply ended, its tokens and, but for vLLM, its seed are not known of it.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import TracebackType
from typing import Any, Self

from rest_bench.config import RunConfig
from rest_bench.engines import LongestPrompts
from rest_bench.engines.lm_eval_loading import load_lm
from rest_bench.engines.tokens import refuse, respond
from rest_bench.errors import EngineError, one_line
from rest_bench.parsing import thinking_prefilled
from rest_bench.schema import Prompt, Response, Sampling

LOG = logging.getLogger(__name__)

GIVE_UP_AFTER = 3
"""Samples in a row that fail alone before the run stops."""


class LmEvalEngine:
    """Generates with a model of lm-eval, `lm_eval_slice_size` samples at a time.

    Every sample of a run has the same budget, `--max-tokens` or what the longest prompt leaves of the model's context:
    lm-eval would otherwise cut prompts from the left. A slice that fails is asked again one by one.

    Raises:
        ConfigError: no model is named, or its arguments are not the user's to set.
        EngineError: lm-eval is not installed, or the model cannot be loaded.
    """

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:
        self._config = config
        self._model = load_lm(config, longest_prompts())
        self._draining = False
        self._failed_in_a_row = 0
        self.info = self._model.info
        LOG.warning(
            "lm-eval %s hands over text alone: how a reply ended and its tokens are not known, so that nothing is said "
            "of truncation (but for thinking without an end), of tokens and of what the token limit costs",
            config.lm_eval_model,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close: lm-eval knows no end of a model, its memory goes with the process."""

    def drain(self) -> None:
        """Let `generate` end with the slice in progress."""
        self._draining = True

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:
        """Answer the prompts; the responses of a slice come as soon as it ends.

        Raises:
            EngineError: the model fails at whatever it is asked.
        """
        waiting = iter(prompts)
        while not self._draining and (some := list(islice(waiting, self._config.lm_eval_slice_size))):
            rows: list[tuple[Prompt, Any]] = []
            for prompt in some:
                context = self._model.render(prompt)
                if sentence := self._model.too_long(context):
                    yield refuse(prompt, sentence)
                else:
                    rows.append((prompt, context))
            yield from self._answer(rows, sampling)

    def _answer(self, rows: Sequence[tuple[Prompt, Any]], sampling: Sampling) -> Iterator[Response]:
        if not rows:
            return
        try:
            texts = self._model.generate(rows, sampling)
        except Exception as error:  # noqa: BLE001 - any vendor's code behind lm-eval; it ends as a response or a sentence
            yield from self._failed(rows, sampling, error)
            return
        self._failed_in_a_row = 0
        for (prompt, context), text in zip(rows, texts, strict=True):
            yield respond(
                prompt,
                text,
                None,
                seed=prompt.seed if self._model.takes_seeds and sampling.temperature > 0 else None,
                thinking_prefilled=thinking_prefilled(_text(context)),
            )

    def _failed(self, rows: Sequence[tuple[Prompt, Any]], sampling: Sampling, error: Exception) -> Iterator[Response]:
        """Ask one by one what failed together; give up where that fails again and again."""
        if len(rows) > 1:
            LOG.warning("a slice of %d samples failed (%s); asking them one by one", len(rows), one_line(error))
            for row in rows:
                if not self._draining:
                    yield from self._answer([row], sampling)
            return
        self._failed_in_a_row += 1
        if self._failed_in_a_row >= GIVE_UP_AFTER:
            raise EngineError(
                f"--lm-eval-model {self._config.lm_eval_model}: {self._failed_in_a_row} samples in a row failed "
                f"({one_line(error)}); mend it and run the same command again"
            ) from error
        ((prompt, _),) = rows
        yield refuse(prompt, f"lm-eval {self._config.lm_eval_model} failed ({one_line(error)}); run the command again")


def _text(context: Any) -> str:
    """Return a rendered prompt as text; chat APIs get a tuple of one JSON text."""
    return context if isinstance(context, str) else str(context[0])
