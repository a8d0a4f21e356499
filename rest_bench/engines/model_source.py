"""Where a model is and what can be said of it before it is loaded, for every engine that loads one itself."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rest_bench.config import RunConfig, packaged_dir
from rest_bench.errors import EngineError
from rest_bench.schema import EngineInfo

BUNDLED_MODEL = "rest-nano"
"""The reference model that comes with the package: its name stands for its folder."""

_WEIGHTS = ("*.safetensors", "*.bin", "*.gguf", "*.pt", "*.pth")
_TOKENIZERS = ("tokenizer.json", "*.model", "*.tiktoken", "vocab.*", "tekken.json", "*.gguf")
_NOT_CAUSAL = ("ForMaskedLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering")
"""Architectures that transformers loads as causal models without a word, and that then write nonsense."""


@dataclass(frozen=True)
class ModelSource:
    """Where a model comes from, as transformers wants to be told."""

    name: str
    """As the user gave it; every sentence begins with it."""
    location: str
    """A folder or a hub id."""
    folder: Path | None
    gguf_file: str | None
    revision: str | None
    trust_remote_code: bool

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments that all three `from_pretrained` calls share."""
        gguf = {} if self.gguf_file is None else {"gguf_file": self.gguf_file}
        return {"revision": self.revision, "trust_remote_code": self.trust_remote_code, **gguf}


def hash_folder(folder: Path) -> str:
    """Return a sha256 over the names and full contents of a model folder's files, subfolders included.

    Hidden files and Markdown files are left out: neither changes what the model says.
    """
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() != ".md"
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
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

    Raises:
        EngineError: no such model, or its folder lacks something.
    """
    folder = Path(config.model).expanduser()
    if config.model == BUNDLED_MODEL and not folder.exists():
        folder = packaged_dir("models") / BUNDLED_MODEL
    if folder.is_dir():
        return ModelSource(
            name=config.model,
            location=str(folder),
            folder=folder,
            gguf_file=_check_folder(config.model, folder, config.trust_remote_code),
            revision=None,
            trust_remote_code=config.trust_remote_code,
        )
    if folder.exists():
        raise EngineError(f"--model {config.model}: is a file; name the folder that holds it")
    if re.fullmatch(r"[\w.-]+(/[\w.-]+)?", config.model) is None or config.model.startswith("."):
        raise EngineError(f"--model {config.model}: no such folder; name a model folder, or a hub id such as org/name")
    source = ModelSource(config.model, config.model, None, None, config.revision, config.trust_remote_code)
    with vendor_sentences(source):
        return replace(source, revision=_commit_of(source) or source.revision)


def _check_folder(name: str, folder: Path, trust_remote_code: bool) -> str | None:
    """Return the GGUF file that a folder's model is loaded from, or null where it has a config.json."""
    gguf_file = None
    if not (folder / "config.json").is_file():
        gguf_files = sorted(path.name for path in folder.glob("*.gguf"))
        if len(gguf_files) > 1:
            raise EngineError(
                f"--model {name}: holds no config.json and {len(gguf_files)} GGUF files; give one a folder of its own"
            )
        if not gguf_files:
            raise EngineError(f"--model {name}: holds no config.json and no .gguf file, so it is no model folder")
        gguf_file = gguf_files[0]
        if find_spec("gguf") is None:
            raise EngineError(f"--model {name}: is a GGUF file; install its reader with pip install 'rest-bench[gguf]'")
    if not any(any(folder.glob(pattern)) for pattern in _WEIGHTS):
        raise EngineError(f"--model {name}: holds no weights (*.safetensors); copy the whole model folder")
    # A tokenizer that comes as code may keep its vocabulary under any name.
    if not trust_remote_code and not any(any(folder.glob(pattern)) for pattern in _TOKENIZERS):
        raise EngineError(f"--model {name}: holds no tokenizer (tokenizer.json); save the model's tokenizer there")
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
        raise EngineError(
            f"--model {source.name}: is {kind}, not a causal language model; choose one that generates text"
        )
    return model_config, transformers.AutoTokenizer.from_pretrained(source.location, **source.arguments)


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
    return EngineInfo(
        model=source.name,
        revision=source.revision if source.folder is None else hash_folder(source.folder),
        chat_template_sha256=hashlib.sha256(template.encode()).hexdigest() if template else None,
        **facts,
    )


# --- sentences --------------------------------------------------------------------------------------------------------


@contextmanager
def quiet(source: ModelSource) -> Iterator[None]:
    """Silence load reports, advice and, for a local folder, progress bars; what matters of them is checked above."""
    from transformers.utils import logging as vendor_logging

    verbosity = vendor_logging.get_verbosity()
    bars = vendor_logging.is_progress_bar_enabled()
    vendor_logging.set_verbosity_error()
    if source.folder is not None:  # a download may take an hour: its bar stays
        vendor_logging.disable_progress_bar()
    try:
        yield
    finally:
        vendor_logging.set_verbosity(verbosity)
        if bars:
            vendor_logging.enable_progress_bar()


@contextmanager
def vendor_sentences(source: ModelSource) -> Iterator[None]:
    """Turn whatever transformers, tokenizers, safetensors and the hub client raise into one sentence."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        raise EngineError(f"--model {source.name}: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    """Say what went wrong and what to do, by the first known class in the chain of causes."""
    from huggingface_hub import errors as hub

    unreachable = "is not in the cache, and the hub is out of reach or HF_HUB_OFFLINE is set; name a local folder"
    known: tuple[tuple[type[BaseException], str], ...] = (
        (hub.GatedRepoError, "is gated; accept its terms on its hub page, then run `hf auth login`"),
        (
            hub.RepositoryNotFoundError,
            "is neither a folder here nor a hub model you may see; if private, `hf auth login`",
        ),
        (hub.RevisionNotFoundError, "has no such revision; name a branch, tag or commit of it with --revision"),
        (hub.LocalEntryNotFoundError, unreachable),
        (hub.OfflineModeIsEnabled, unreachable),
        (hub.HFValidationError, "is neither a folder here nor a hub id such as org/name"),
    )
    for cause in _chain(error):
        for kind, sentence in known:
            if isinstance(cause, kind):
                return sentence
    return _sentence_by_text(error)


def _sentence_by_text(error: Exception) -> str:
    """The same for faults that vendors tell apart by their text only."""
    text = " ".join(str(error).split())
    if "trust_remote_code" in text:
        return "comes with Python code of its own; if you trust it, add --trust-remote-code"
    if type(error).__name__ == "SafetensorError":
        return f"its weights are damaged ({text[:200]}); get the .safetensors files again"
    if "Unrecognized configuration class" in text:
        return "is not a causal language model; choose one that generates text"
    if "out of memory" in text.lower():
        return "does not fit into the memory of this device; use a smaller model, --dtype bfloat16 or another --device"
    if isinstance(error, ImportError):
        return f"needs a package that is not installed ({text[:200]})"
    return f"cannot be loaded ({type(error).__name__}: {text[:300]})"


def _chain(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
