"""Step 4 of 9: Prompts -> Responses. The Engine protocol, the table of engines, and how one is opened."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import Protocol, Self, cast

from rest_bench.config import RunConfig
from rest_bench.errors import ConfigError, PluginError
from rest_bench.plugins import load_plugin, owner, plugins
from rest_bench.schema import EngineInfo, Prompt, Response, Sampling
from rest_bench.settings import SETTINGS, is_set

LOG = logging.getLogger(__name__)
STATED = tuple(
    name
    for row in SETTINGS
    for name in row.fields
    if row.in_id == "named" and name in RunConfig.model_fields and name in EngineInfo.model_fields
)
"""Settings that engines record under the same name."""


class Engine(Protocol):
    """A model behind one method; made by an EngineFactory, used as a context manager.

    A response is yielded the moment it is finished, in any order, and carries the ids of its prompt. Text is never
    dropped, glued or stripped. A prompt that cannot be answered is a response with finish_reason `error` and a
    sentence; an engine that cannot go on raises EngineError.
    """

    info: EngineInfo

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def generate(self, prompts: Iterable[Prompt], sampling: Sampling) -> Iterator[Response]:
        """Answer the prompts (sample_id and seed are set) with these sampling fields and no others.

        Prompts come in the order in which they should be begun, and are made as they are asked for: an engine takes
        few more than it works on.
        """
        ...

    def drain(self) -> None:
        """Start nothing new: `generate` ends when what is in progress has been yielded (safe in a signal handler)."""
        ...


LongestPrompts = Callable[[], Sequence[Prompt]]
"""Gives the longest prompts of a run, for engines that reserve memory before the first one comes."""


class EngineFactory(Protocol):
    """A class of engines."""

    def __call__(self, config: RunConfig, longest_prompts: LongestPrompts = ...) -> Engine:
        """Load the model, with room for these prompts; raises EngineError with a sentence for the user."""
        ...


ENGINES: dict[str, str] = {
    "vllm": "rest_bench.engines.vllm:VllmEngine",
    "openai": "rest_bench.engines.openai:OpenaiEngine",
    "transformers": "rest_bench.engines.transformers:TransformersEngine",
    "lm-eval": "rest_bench.engines.lm_eval:LmEvalEngine",
    "replay": "rest_bench.engines.replay:ReplayEngine",
    "simulator": "rest_bench.engines.simulator:SimulatorEngine",
}
"""Engine name to `module:class`; a module is imported only when its engine is opened. These names win over those of
plug-ins."""


def engine_names() -> tuple[str, ...]:
    """Return every engine name that `open_engine` takes, without importing any."""
    return (*ENGINES, *(name for name in plugins("engine") if name not in ENGINES))


def resolve_engine(config: RunConfig) -> str:
    """Return the engine that `auto` means for this configuration.

    Raises:
        ConfigError: no engine has this name.
    """
    name = config.engine
    if name == "auto":
        name = "openai" if config.base_url else "vllm" if find_spec("vllm") else "transformers"
    if name not in engine_names():
        raise ConfigError(f"--engine {name}: no such engine; choose one of auto, {', '.join(engine_names())}")
    return name


def open_engine(config: RunConfig, longest_prompts: LongestPrompts = tuple) -> Engine:
    """Load the configured engine and its model, with room for these prompts.

    Raises:
        ConfigError: no engine has this name, or a field the engine needs is missing.
        EngineError: the model cannot be loaded.
        PluginError: another package adds this engine, and it cannot be used.
    """
    warn_of_unused(config)
    return find_engine(resolve_engine(config))(config, longest_prompts)


def info_of(config: RunConfig, engine: Engine) -> EngineInfo:
    """Return what an engine says of itself; of one that another package adds, with the settings that it forgot to say.

    Samples under other settings would else look the same. An engine whose replies depend on none of `--engine-args`
    says so by `arguments="{}"`.
    """
    name, info = resolve_engine(config), engine.info
    if name in ENGINES:
        return info
    from rest_bench.engines.arguments import recorded_arguments

    found = {name: getattr(config, name) for name in STATED if is_set(config, name)}
    if is_set(config, "engine_args"):
        found["arguments"] = recorded_arguments(json.loads(config.engine_args))
    return info.model_copy(update={name: value for name, value in found.items() if getattr(info, name) is None})


def warn_of_unused(config: RunConfig) -> None:
    """Warn of settings that would make other samples, and that the engine in use never looks at."""
    name = resolve_engine(config)
    fields = {field for row in SETTINGS if row.role == "identity" for field in row.fields} | {"deterministic"}
    for field, about in RunConfig.model_fields.items():
        engines = (about.description or "").partition(":")[0].split(", ")
        if field in fields and name in ENGINES and set(engines) <= set(ENGINES) - {name} and is_set(config, field):
            LOG.warning("--%s has no effect: engine %s does not look at it", field.replace("_", "-"), name)


def find_engine(name: str) -> EngineFactory:
    """Return the class of an engine, one of `engine_names`.

    Raises:
        PluginError: another package adds it, and it cannot be imported or is no class of engines.
    """
    if name in ENGINES:
        module, _, attribute = ENGINES[name].partition(":")
        return cast(EngineFactory, getattr(import_module(module), attribute))
    point = plugins("engine")[name]
    factory = load_plugin("engine", point)
    if not callable(factory) or not all(hasattr(factory, part) for part in ("generate", "drain", "__enter__")):
        raise PluginError(
            f"engine {name} of {owner(point)}: `{point.value}` is {factory!r:.100}, which is no class with generate, "
            "drain and the methods of a context manager (docs/integrations.md); mend or uninstall that package"
        )
    return cast(EngineFactory, factory)


_AT_ONCE = {
    "openai": "concurrency",
    "transformers": "batch_size",
    "lm-eval": "lm_eval_slice_size",
    "vllm": "max_num_seqs",
}
"""Engine name to the setting that says how many samples it works on together; one at a time where there is none."""
_AT_ONCE_OF_VLLM = 256
"""Where it chooses for itself."""


IN_BATCHES = ("transformers", "lm-eval")
"""Engines that begin new samples when all of those that they work on are finished."""


def samples_at_once(config: RunConfig) -> int:
    """Return how many samples the configured engine works on together, as far as the settings say."""
    setting = _AT_ONCE.get(resolve_engine(config))
    at_once: int | None = 1 if setting is None else getattr(config, setting)
    return _AT_ONCE_OF_VLLM if at_once is None else at_once
