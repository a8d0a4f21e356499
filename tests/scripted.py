"""An engine for tests of the line around it: it does the sums of the arithmetic task, right up to a position.

As a program it is `rest-bench` with this engine added: `python -m tests.scripted eval --engine scripted ...`.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES, LongestPrompts
from rest_bench.errors import EngineError
from rest_bench.schema import EngineInfo, Prompt, Response, Sampling

NAME = "scripted"
TARGET = "tests.scripted:ScriptedEngine"


class ScriptedEngine:
    """Behaviour by model name: `right-to-N` errs behind position N; further words see `_react`."""

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:
        words = config.model.split(",")
        self._right_to = int(words[0].removeprefix("right-to-"))
        self._words = words[1:]
        self._draining = False
        self.info = EngineInfo(engine=NAME, engine_version="1", model=config.model, revision=config.revision)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def drain(self) -> None:
        self._draining = True

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:
        for number, prompt in enumerate(prompts):
            if self._draining:
                return
            self._react(number)
            assert prompt.sample_id is not None
            failed = "fails-third" in self._words and number == 2
            yield Response(
                sample_id=prompt.sample_id,
                pack_id=prompt.pack_id,
                task=prompt.task,
                level=prompt.level,
                repeat=prompt.repeat,
                text="" if failed else self._text(prompt.messages[0].content),
                finish_reason="error" if failed else "stop",
                completion_tokens=10,
                seed=prompt.seed,
                error="the server went away" if failed else None,
            )

    def _react(self, number: int) -> None:
        for word in self._words:
            if word == "slow":
                time.sleep(0.02)
            elif word == "interrupts-itself" and number == 3:
                os.kill(os.getpid(), signal.SIGINT)
            elif word == "insists" and number == 3:
                os.kill(os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGTERM)
            elif word == "breaks" and number == 3:
                raise EngineError("the model went away; start it again")

    def _text(self, prompt: str) -> str:
        lines = ["<think>\nHmm.\n</think>\n"]
        for label, expression in re.findall(r"Q(\d+): What is ([-+ \d]+)\?", prompt):
            total = sum(int(term.replace(" ", "")) for term in re.findall(r"[-+]? ?\d+", expression))
            total += 0 if int(label) <= self._right_to else 1000
            lines.append(f"Answer to Q{label}: \\boxed{{{total}}}\n")
        return "".join(lines)


if __name__ == "__main__":
    from rest_bench.cli import main

    ENGINES[NAME] = TARGET
    main(sys.argv[1:])
