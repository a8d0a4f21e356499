"""What of the arguments of a foreign library a manifest holds: all that replies depend on, no secret and no path."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rest_bench.engines.model_source import hash_folder

SECRETS = frozenset({"api_key", "auth_token", "hf_token", "token", "password", "header", "headers", "extra_headers"})


def recorded_arguments(arguments: Mapping[str, Any], without: frozenset[str] = frozenset()) -> str | None:
    """Return arguments as a JSON object for `EngineInfo.arguments`; null where there are none.

    A folder is recorded by a hash of its files, any other path by its last part.

    Args:
        arguments: by name.
        without: names that no reply depends on, or that are recorded elsewhere.
    """
    kept = {name: _value(value) for name, value in arguments.items() if name not in without | SECRETS}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, default=str) if kept else None


def weights_format_of(arguments: Mapping[str, Any]) -> str | None:
    """Return how arguments of a foreign library say that weights are held, such as `bitsandbytes 4-bit`; else null."""
    if named := arguments.get("quantization"):
        return str(named)
    for name, words in _QUANTIZING.items():
        if str(arguments.get(name) or False).lower() not in ("false", "0", "none"):
            return words
    return None


_QUANTIZING = {
    "load_in_4bit": "bitsandbytes 4-bit",
    "load_in_8bit": "bitsandbytes 8-bit",
    "autogptq": "gptq",
    "gptqmodel": "gptq",
    "gguf_file": "gguf",
}
"""Arguments that quantize, by lm-eval's and transformers' names."""


def _value(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    path = Path(value)
    if path.is_dir():
        return f"folder {hash_folder(path)[:16]}"
    return path.name if path.is_absolute() else value
