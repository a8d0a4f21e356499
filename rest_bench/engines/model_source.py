"""Where a model is and what can be said of it before it is loaded, for every engine that loads one itself."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rest_bench.adapters import ADAPTER_CONFIG, TOKENIZER_FILES, LoraAdapter, fetch_adapter_config, find_adapter
from rest_bench.config import RunConfig, packaged_dir
from rest_bench.engines.vendor_sentences import vendor_sentences
from rest_bench.errors import EngineError
from rest_bench.schema import AdapterInfo, EngineInfo

BUNDLED_MODEL = "rest-nano"
"""The reference model that comes with the package: its name stands for its folder."""

_WEIGHTS = ("*.safetensors", "*.bin", "*.gguf", "*.pt", "*.pth")
_TOKENIZERS = (*TOKENIZER_FILES, "*.gguf")
_NOT_CAUSAL = ("ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering")
"""Architectures that transformers loads as causal models without a word, and that then write nonsense."""


@dataclass(frozen=True)
class ModelSource:
    """Where a model comes from, as transformers wants to be told; with an adapter, where its base comes from."""

    name: str
    """As the user or the adapter gave it."""
    location: str
    """A folder or a hub id."""
    folder: Path | None
    gguf_file: str | None
    revision: str | None
    trust_remote_code: bool
    adapter: LoraAdapter | None = None
    """What is laid over the model; null for a whole model."""

    @property
    def subject(self) -> str:
        """What every sentence about it begins with."""
        return f"--model {self.name}:" if self.adapter is None else f"--model {self.adapter.name}: its base {self.name}"

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments that all three `from_pretrained` calls share."""
        gguf = {} if self.gguf_file is None else {"gguf_file": self.gguf_file}
        return {"revision": self.revision, "trust_remote_code": self.trust_remote_code, **gguf}


def hash_folder(folder: Path) -> str:
    """Return a sha256 over the names and full contents of a model folder's files, subfolders included.

    Hidden files and Markdown files are left out: neither changes what the model says.
    """
    files = (
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() != ".md"
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return _hash_files(folder, sorted(files))


def _hash_files(folder: Path, files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    with ThreadPoolExecutor() as pool:
        for path, content in zip(files, pool.map(_hash_file, files), strict=True):
            digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def locate_model(config: RunConfig) -> ModelSource:
    """Check what can be checked before anything is loaded, and pin a hub model to its commit.

    Of an adapter its base is located, whose name `--base-model` or else the adapter itself says.

    Raises:
        EngineError: no such model, or its folder lacks something.
    """
    with vendor_sentences(ModelSource(config.model, config.model, None, None, None, config.trust_remote_code)):
        adapter = find_adapter(config)
    if adapter is not None:
        base = _locate(*base_of(config, adapter), config.trust_remote_code, adapter)
        with vendor_sentences(base):
            refuse_misfit(base)
        return base
    refuse_base_model(config)
    return _locate(config.model, config.revision, config.trust_remote_code)


def refuse_base_model(config: RunConfig) -> None:
    """Raise EngineError where `--base-model` is given beside a model that is no adapter."""
    if config.base_model is not None:
        raise EngineError(
            f"--base-model {config.base_model}: --model {config.model} is no adapter (it holds no {ADAPTER_CONFIG}), "
            "so it has no base; leave it out"
        )


def folder_of(name: str) -> Path:
    """Return the folder that a model's name means, whether it is there or not."""
    folder = Path(name).expanduser()
    bundled = name == BUNDLED_MODEL and not folder.exists()
    return packaged_dir("models") / BUNDLED_MODEL if bundled else folder


def _locate(
    name: str, revision: str | None, trust_remote_code: bool, adapter: LoraAdapter | None = None
) -> ModelSource:
    """Return where a whole model is; `adapter` is what it is the base of."""
    source = ModelSource(name, name, None, None, revision, trust_remote_code, adapter)
    subject, folder = source.subject, folder_of(name)
    if folder.is_dir():
        gguf_file = _check_folder(subject, folder, trust_remote_code)
        return replace(source, location=str(folder), folder=folder, gguf_file=gguf_file, revision=None)
    if folder.exists():
        raise EngineError(f"{subject} is a file; name the folder that holds it")
    if re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name) is None or name.startswith("."):
        if adapter is not None:
            raise EngineError(
                f"{subject} is not on this machine; say where it is with --base-model, a folder or a hub id such as "
                "org/name"
            )
        raise EngineError(f"{subject} no such folder; name a model folder, or a hub id such as org/name")
    try:
        with vendor_sentences(source):
            return replace(source, revision=_commit_of(source) or source.revision)
    except EngineError as error:
        raise EngineError(f"{error}; --base-model names another base" if adapter else str(error)) from error


def _check_folder(subject: str, folder: Path, trust_remote_code: bool) -> str | None:
    """Return the GGUF file that a folder's model is loaded from, or null where it has a config.json."""
    gguf_file = None
    if not (folder / "config.json").is_file():
        gguf_files = sorted(path.name for path in folder.glob("*.gguf"))
        if len(gguf_files) > 1:
            raise EngineError(
                f"{subject} holds no config.json and {len(gguf_files)} GGUF files; give one a folder of its own"
            )
        if not gguf_files:
            raise EngineError(f"{subject} holds no config.json and no .gguf file, so it is no model folder")
        gguf_file = gguf_files[0]
        if find_spec("gguf") is None:
            raise EngineError(f"{subject} is a GGUF file; install its reader with pip install 'rest-bench[gguf]'")
    if not any(any(folder.glob(pattern)) for pattern in _WEIGHTS):
        raise EngineError(f"{subject} holds no weights (*.safetensors); copy the whole model folder")
    # A tokenizer that comes as code may keep its vocabulary under any name.
    if not trust_remote_code and not any(any(folder.glob(pattern)) for pattern in _TOKENIZERS):
        raise EngineError(f"{subject} holds no tokenizer (tokenizer.json); save the model's tokenizer there")
    return gguf_file


def _commit_of(source: ModelSource) -> str | None:
    """Fetch a hub model's config.json and return the commit it belongs to."""
    from transformers.utils import cached_file

    path = cached_file(source.location, "config.json", revision=source.revision)
    found = re.search(r"snapshots/([0-9a-f]{40})/", Path(path).as_posix()) if path else None
    return found.group(1) if found else None


def read_tokenizer(source: ModelSource) -> tuple[Any, Any]:
    """Return the configuration of a causal model and its tokenizer, both of transformers.

    Raises:
        EngineError: its architecture is of another kind, which transformers would load without a word and which would
            write nonsense.
    """
    import transformers

    model_config = transformers.AutoConfig.from_pretrained(source.location, **source.arguments)
    architectures = tuple(model_config.architectures or ())
    misfit = architectures and all(name.endswith(_NOT_CAUSAL) for name in architectures)
    if misfit or model_config.is_encoder_decoder:
        kind = ", ".join(architectures) or model_config.model_type
        raise EngineError(f"{source.subject} is {kind}, not a causal language model; choose one that generates text")
    return model_config, _read_tokenizer(source, model_config)


def _read_tokenizer(source: ModelSource, model_config: Any) -> Any:
    """Return the tokenizer and chat template of the adapter, where it brings them, else those of the model."""
    from transformers import AutoTokenizer

    adapter = source.adapter
    own = AutoTokenizer.from_pretrained(source.location, **source.arguments)
    if adapter is None:
        return own
    tokenizer = own
    if adapter.has_tokenizer:
        tokenizer = AutoTokenizer.from_pretrained(
            adapter.folder, config=model_config, trust_remote_code=source.trust_remote_code
        )
        n_held = model_config.get_text_config().vocab_size
        if len(tokenizer) > n_held:
            raise EngineError(
                f"--model {adapter.name}: its tokenizer has {len(tokenizer)} tokens, and its base {source.name} holds "
                f"{n_held}; give the base that it was trained on with --base-model, or merge the two where it was grown"
            )
    tokenizer.chat_template = adapter.chat_template or tokenizer.chat_template or own.chat_template
    return tokenizer


def end_token_ids(generation_config: Any, model_config: Any, tokenizer: Any) -> tuple[int, ...]:
    """Return every token that ends a reply; the tokenizer's own is often the end of a chat turn."""
    stored = generation_config.eos_token_id if generation_config is not None else None
    if stored is None:
        stored = model_config.get_text_config().eos_token_id
    stored = [stored] if isinstance(stored, int) else stored or []
    return tuple(dict.fromkeys(token for token in (*stored, tokenizer.eos_token_id) if token is not None))


def context_tokens(model_config: Any) -> int | None:
    """Return how many tokens a model was trained to hold, prompt and reply together; null where it does not say."""
    context = getattr(model_config.get_text_config(), "max_position_embeddings", None)
    return context if isinstance(context, int) and context > 0 else None


def weights_format(model_config: Any) -> str | None:
    """Return how a model's files hold its weights, such as `gptq 4-bit`; null for plain numbers."""
    inner = getattr(model_config, "get_text_config", lambda: None)()
    for config in (model_config, inner):
        for name in ("quantization_config", "compression_config"):
            if said := getattr(config, name, None):
                return _format_name(said if isinstance(said, Mapping) else vars(said))
    return None


def _format_name(said: Mapping[str, Any]) -> str:
    method = said.get("quant_method") or "quantized"
    loaded = {said.get(f"{prefix}load_in_{bits}bit") and bits for prefix in ("", "_") for bits in (4, 8)}
    bits = said.get("bits") or next(filter(None, loaded), None)
    return str(getattr(method, "value", method)) + (f" {bits}-bit" if bits else "")


def model_info(source: ModelSource, tokenizer: Any, **facts: Any) -> EngineInfo:
    """Return what an engine says of itself; `facts` are the fields besides model, revision and chat template."""
    template = tokenizer.get_chat_template() if tokenizer.chat_template else None
    revision = source.revision if source.folder is None else hash_folder(source.folder)
    name, adapter = source.name, source.adapter
    if adapter is not None:
        laid = AdapterInfo(base_model=name, base_revision=revision, sha256=_hash_files(adapter.folder, adapter.files()))
        name, revision, facts = adapter.name, adapter.revision or laid.sha256, {**facts, "adapter": laid}
    return EngineInfo(
        model=name,
        revision=revision,
        chat_template_sha256=hashlib.sha256(template.encode()).hexdigest() if template else None,
        **facts,
    )


# --- adapters ---------------------------------------------------------------------------------------------------------


def base_of(config: RunConfig, adapter: LoraAdapter) -> tuple[str, str | None]:
    """Return name and revision of an adapter's base.

    Raises:
        EngineError: nobody says which it is.
    """
    if config.base_model is not None:
        return config.base_model, None
    if adapter.base is None:
        raise EngineError(
            f"--model {adapter.name}: its {ADAPTER_CONFIG} names no base model; give it with --base-model, a folder or "
            "a hub id"
        )
    return adapter.base, adapter.settings.get("revision")


def refuse_misfit(base: ModelSource) -> None:
    """Raise EngineError where no adapter can be laid over a model."""
    if base.gguf_file is not None:
        raise EngineError(
            f"{base.subject} is a GGUF file, over which no adapter can be laid; give the unquantized model"
        )
    config = fetch_adapter_config(base.location, base.revision) if base.folder is None else base.folder / ADAPTER_CONFIG
    if config is not None and config.is_file():
        raise EngineError(f"{base.subject} is an adapter itself; merge it into its own base first, and give the result")
