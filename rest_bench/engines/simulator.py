"""Step 4 with a reasoner whose every parameter is known: texts that the rest of the line is tested on."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from types import TracebackType
from typing import Self

from rest_bench.config import RunConfig
from rest_bench.engines import LongestPrompts
from rest_bench.engines.tokens import refuse, respond
from rest_bench.errors import EngineError
from rest_bench.planning import Plan, make_plan
from rest_bench.schema import EngineInfo, Pack, Prompt, Response, Sampling
from rest_bench.simulation import count_words_by_line, read_parameters, revision_of, simulate, write_text


class SimulatorEngine:
    """Answers each prompt as the reasoner of `--simulator-parameters` would, knowing the golds of its pack.

    A response depends on its pack, the parameters and `max_tokens` alone: not on order, shards or other samples. A
    token is a word between blanks.

    Raises:
        ConfigError: a parameter is unknown or out of its range.
        EngineError: a task wants programs.
    """

    def __init__(self, config: RunConfig, longest_prompts: LongestPrompts = tuple) -> None:  # noqa: ARG002
        self._parameters = read_parameters(config.simulator_parameters)
        self._plan = make_plan(config)
        self._packs: dict[tuple[str, int, int], dict[str, Pack]] = {}
        self._draining = False
        _refuse_programs(self._plan)
        self.info = EngineInfo(
            engine="simulator",
            engine_version=version("rest-bench"),
            model=config.model,
            revision=revision_of(self._parameters),
            deterministic=True,
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
        """Yield the response to each prompt in order; of `sampling`, only `max_tokens` has an effect."""
        for prompt in prompts:
            if self._draining:
                return
            yield self._respond(prompt, sampling.max_tokens)

    def _respond(self, prompt: Prompt, max_tokens: int) -> Response:
        pack = self._find_pack(prompt)
        if pack is None:
            return refuse(prompt, f"pack {prompt.pack_id} is none of this run: the simulator knows no golds for it")
        simulated = simulate(pack, self._parameters, max_tokens)
        text = write_text(pack, self._parameters, simulated)
        return respond(
            prompt,
            text,
            simulated.layout.finish_reason,
            prompt_tokens=sum(len(message.content.split()) for message in prompt.messages),
            completion_tokens=simulated.layout.n_tokens,
            line_tokens=count_words_by_line(text),
            latency_s=0.0,
        )

    def _find_pack(self, prompt: Prompt) -> Pack | None:
        """Return the pack of a prompt, which itself says nothing of golds."""
        group = (prompt.task, prompt.level, prompt.repeat)
        if group not in self._packs:
            self._packs[group] = {pack.pack_id: pack for pack in self._plan.packs(*group)}
        return self._packs[group].get(prompt.pack_id)


def _refuse_programs(plan: Plan) -> None:
    for part in plan.tasks:
        if part.task.answer_type == "code":
            raise EngineError(f"--engine simulator: task {part.task.name} wants programs, which it cannot write")
