"""An engine of another package: it says the same words whatever is asked."""

import json
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from rest_bench.config import RunConfig
from rest_bench.engines import LongestPrompts
from rest_bench.engines.tokens import respond
from rest_bench.schema import EngineInfo, Prompt, Response, Sampling


class ParrotEngine:
    """Answers every question of a prompt with `--engine-args '{"words": ...}'`."""

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:
        self._words = str(json.loads(config.engine_args).get("words", "polly"))
        self._draining = False
        self.info = EngineInfo(
            engine="parrot", engine_version="1.2.0", model=config.model, arguments=config.engine_args
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Have nothing to give back."""

    def drain(self) -> None:
        """Let `generate` end before the next prompt."""
        self._draining = True

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:
        """Yield a response to each prompt."""
        for prompt in prompts:
            if self._draining:
                return
            lines = [f"Q{position}: \\boxed{{{self._words}}}" for position in range(1, prompt.level + 1)]
            yield respond(prompt, "\n".join(lines), "stop")
