"""LoRA adapters: a folder with adapter_config.json, as peft writes it, whose weights are laid over a base model's."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rest_bench.config import RunConfig
from rest_bench.errors import EngineError, one_line

ADAPTER_CONFIG = "adapter_config.json"
ADAPTER_WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
TOKENIZER_FILES = ("tokenizer.json", "*.model", "*.tiktoken", "vocab.*", "tekken.json")
USED_FILES = (
    ADAPTER_CONFIG,
    *ADAPTER_WEIGHTS,
    *TOKENIZER_FILES,
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "merges.txt",
    "chat_template.jinja",
)
"""Of an adapter's folder, which often holds a whole training besides; these are fetched and hashed."""
LOADING_ENGINES = ("auto", "transformers", "vllm")
"""As `--engine` names them: others know a model by its name only."""
_WHOLE_MODEL = re.compile(r"(?:model(?:-\d+-of-\d+)?\.safetensors|pytorch_model(?:-\d+-of-\d+)?\.bin|.*\.gguf)")
_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w.-]+")


@dataclass(frozen=True)
class LoraAdapter:
    """An adapter and what it says of itself."""

    name: str
    """As the user gave it."""
    folder: Path
    revision: str | None
    """The commit of a hub model; null for a folder."""
    settings: Mapping[str, Any]
    """Of adapter_config.json."""

    @property
    def base(self) -> str | None:
        """The base model that it was trained on, as it names it; null where it does not say."""
        return self.settings.get("base_model_name_or_path") or None

    @property
    def rank(self) -> int:
        """The largest rank of any of its layers."""
        return max(int(self.settings["r"]), *map(int, (self.settings.get("rank_pattern") or {}).values()), 0)

    @property
    def has_tokenizer(self) -> bool:
        """Whether it brings a tokenizer of its own."""
        return any(any(self.folder.glob(pattern)) for pattern in TOKENIZER_FILES)

    @property
    def chat_template(self) -> str | None:
        """The chat template that lies beside it; null where there is none."""
        file, settings = self.folder / "chat_template.jinja", self.folder / "tokenizer_config.json"
        if file.is_file():
            return file.read_text(encoding="utf-8")
        found = json.loads(settings.read_text(encoding="utf-8")).get("chat_template") if settings.is_file() else None
        return found if isinstance(found, str) else None

    def files(self) -> list[Path]:
        """Return the files of it that replies depend on."""
        return sorted({path for pattern in USED_FILES for path in self.folder.glob(pattern) if path.is_file()})


def find_adapter(config: RunConfig, *, from_hub: bool = True) -> LoraAdapter | None:
    """Return the adapter that `--model` names, or null where it names a whole model.

    Args:
        config: names the model.
        from_hub: fetch what the cache lacks; else only what is on this machine is looked at.

    Raises:
        EngineError: an adapter that cannot be used, or a folder that holds a whole model as well.
        OSError: the hub has no such model or revision, or does not show it.
    """
    folder = Path(config.model).expanduser()
    if folder.is_dir():
        return read_adapter(config.model, folder) if (folder / ADAPTER_CONFIG).is_file() else None
    path = (fetch_adapter_config if from_hub else _cached_adapter_config)(config.model, config.revision)
    if path is None:
        return None
    if from_hub:
        _fetch_files(config.model, path.parent.name)
    return read_adapter(config.model, path.parent, path.parent.name)


def read_adapter(name: str, folder: Path, revision: str | None = None) -> LoraAdapter:
    """Return the adapter that lies in a folder.

    Args:
        name: as the user gave it.
        folder: holds adapter_config.json.
        revision: the commit of a hub model.

    Raises:
        EngineError: it is no LoRA adapter, or a part of it is missing.
    """
    settings = _read_settings(name, folder)
    kind = settings.get("peft_type")
    if kind != "LORA":
        raise EngineError(
            f"--model {name}: is a {kind or 'peft'} adapter, and only LoRA adapters can be laid over a base model; "
            "merge it into its base if that can be done (merge_and_unload of peft), and name the merged model"
        )
    if settings.get("alora_invocation_tokens"):
        raise EngineError(
            f"--model {name}: is an activated LoRA (aLoRA), which begins in the middle of a prompt; only plain ones "
            "can be used here"
        )
    if not isinstance(settings.get("r"), int) or settings["r"] < 1:
        raise EngineError(f"--model {name}: its {ADAPTER_CONFIG} says no rank (r); get the adapter again")
    if not any((folder / weights).is_file() for weights in ADAPTER_WEIGHTS):
        raise EngineError(f"--model {name}: holds no weights ({ADAPTER_WEIGHTS[0]}); copy the whole adapter")
    _refuse_whole_model(name, (path.name for path in folder.iterdir()))
    return LoraAdapter(name, folder, revision, settings)


def base_name(config: RunConfig) -> str | None:
    """Return the name of the base of the adapter whose folder `--model` names; null for whole models and served ones.

    The hub is not asked: what a run asks must not depend on what is in the cache.
    """
    folder = Path(config.model).expanduser()
    if config.base_url or config.engine not in LOADING_ENGINES or not (folder / ADAPTER_CONFIG).is_file():
        return None
    base = config.base_model or _read_settings(config.model, folder).get("base_model_name_or_path")
    return str(base) if base else None


def _read_settings(name: str, folder: Path) -> dict[str, Any]:
    try:
        settings = json.loads((folder / ADAPTER_CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"--model {name}: its {ADAPTER_CONFIG} cannot be read ({one_line(error)})") from error
    if not isinstance(settings, dict):
        raise EngineError(f"--model {name}: its {ADAPTER_CONFIG} is no JSON object; get the adapter again")
    return settings


def _refuse_whole_model(name: str, files: Iterable[str]) -> None:
    """Raise where one library would load the whole model and another one the adapter."""
    whole = sorted(file for file in files if _WHOLE_MODEL.fullmatch(file))
    if whole:
        raise EngineError(
            f"--model {name}: holds a whole model ({whole[0]}) and an adapter ({ADAPTER_CONFIG}); give one of them a "
            "folder of its own and name that"
        )


# --- the hub ----------------------------------------------------------------------------------------------------------


def fetch_adapter_config(model: str, revision: str | None) -> Path | None:
    """Return adapter_config.json of a hub model; null where it has none, or neither hub nor cache can say.

    Raises:
        OSError: there is no such model or revision, or it may not be seen.
    """
    from transformers.utils import cached_file

    if not _may_be_hub_id(model):
        return None
    path = cached_file(model, ADAPTER_CONFIG, revision=revision, _raise_exceptions_for_missing_entries=False)
    return None if path is None else Path(path)


def _cached_adapter_config(model: str, revision: str | None) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    if not _may_be_hub_id(model):
        return None
    try:
        path = try_to_load_from_cache(model, ADAPTER_CONFIG, revision=revision)
    except HFValidationError:
        return None
    return Path(path) if isinstance(path, str) else None


def _may_be_hub_id(model: str) -> bool:
    return _HUB_ID.fullmatch(model) is not None and not Path(model).expanduser().exists()


def _fetch_files(model: str, commit: str) -> None:
    """Fetch the files of an adapter that replies depend on, unless they are in the cache.

    Raises:
        EngineError: the hub is out of reach, or the model is a whole one as well.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        files = HfApi().list_repo_files(model, revision=commit)
    except (OSError, *HfHubHTTPError.__bases__):  # no network: what is in the cache has to do
        files = []
    _refuse_whole_model(model, files)
    try:
        snapshot_download(model, revision=commit, allow_patterns=list(USED_FILES))
    except OSError as error:
        raise EngineError(f"--model {model}: cannot be fetched from the hub ({one_line(error)})") from error
