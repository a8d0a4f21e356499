"""One sentence for whatever transformers, tokenizers, safetensors and the hub client say of a model, and no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rest_bench.errors import EngineError

if TYPE_CHECKING:
    from rest_bench.engines.model_source import ModelSource


@contextmanager
def quiet(source: "ModelSource") -> Iterator[None]:
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
def vendor_sentences(source: "ModelSource") -> Iterator[None]:
    """Turn whatever transformers, tokenizers, safetensors and the hub client raise into one sentence."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        raise EngineError(f"{source.subject} {_sentence(error)}") from error


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
