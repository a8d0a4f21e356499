"""How many tokens prompts have, by a model's own tokenizer and without loading the model."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from rest_bench.adapters import find_adapter
from rest_bench.config import RunConfig
from rest_bench.engines import resolve_engine
from rest_bench.engines.codec import render_tokens
from rest_bench.engines.model_source import (
    ModelSource,
    base_of,
    context_tokens,
    folder_of,
    locate_model,
    read_tokenizer,
    refuse_base_model,
)
from rest_bench.engines.vendor_sentences import quiet, vendor_sentences
from rest_bench.errors import EngineError
from rest_bench.schema import Prompt

TOKENIZING_ENGINES = ("vllm", "transformers")
"""The engines that read the tokenizer themselves; others know a model by its name only."""


class PromptTokens(NamedTuple):
    """What a model's tokenizer and configuration say."""

    count: Callable[[Prompt], int]
    max_context_tokens: int | None


def open_prompt_tokens(config: RunConfig) -> PromptTokens | None:
    """Return how long a model's prompts are, or null where its tokenizer is not at hand; never uses the network.

    Raises:
        ConfigError: no such engine.
        EngineError: the model's folder lacks something, or its tokenizer cannot be read.
    """
    engine = None if config.base_url else resolve_engine(config)
    if engine not in TOKENIZING_ENGINES or find_spec("transformers") is None:
        return None
    adapter = find_adapter(config, from_hub=False)
    if adapter is None:
        refuse_base_model(config)
    name, revision = (config.model, config.revision) if adapter is None else base_of(config, adapter)
    if folder_of(name).is_dir() and (adapter is None or adapter.revision is None):
        return _read(config, locate_model(config))
    folder = folder_of(name) if folder_of(name).is_dir() else _cached_folder(name, revision)
    if folder is None:
        return None
    try:
        return _read(config, ModelSource(name, str(folder), folder, None, None, config.trust_remote_code, adapter))
    except EngineError:  # only a part of the model is in the cache
        return None


def _read(config: RunConfig, source: ModelSource) -> PromptTokens:
    with quiet(source), vendor_sentences(source):
        model_config, tokenizer = read_tokenizer(source)
    context = context_tokens(model_config)
    if resolve_engine(config) == "vllm" and config.max_model_len is not None:
        context = config.max_model_len
    return PromptTokens(
        lambda prompt: len(render_tokens(tokenizer, prompt, config.chat_template_kwargs).token_ids), context
    )


def _cached_folder(name: str, revision: str | None) -> Path | None:
    """Return where the cache of the hub keeps a model, or null where it does not."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        path = try_to_load_from_cache(name, "config.json", revision=revision)
    except HFValidationError:
        return None
    return Path(path).parent if isinstance(path, str) else None
