"""What vendors raise becomes one sentence, which begins with the model that it is about."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from huggingface_hub import errors

from rest_bench.adapters import LoraAdapter
from rest_bench.engines.model_source import ModelSource
from rest_bench.engines.vendor_sentences import quiet, vendor_sentences
from rest_bench.errors import EngineError

WHOLE = ModelSource("org/name", "org/name", None, None, None, False)
BASE = ModelSource("org/base", "org/base", None, None, None, False, LoraAdapter("mine", Path("mine"), None, {}))


def of_the_hub(name: str) -> Any:
    made = getattr(errors, name)
    return made("from the hub", response=SimpleNamespace(headers={}, request=None))


class SafetensorError(Exception):
    """Named as that of safetensors."""


def caused(cause: Exception) -> Exception:
    error = OSError("cannot load")
    error.__cause__ = cause
    return error


RAISED: dict[str, tuple[Exception, str]] = {
    "gated": (of_the_hub("GatedRepoError"), "is gated; accept its terms"),
    "not there, by a detour": (
        caused(of_the_hub("RepositoryNotFoundError")),
        "is neither a folder here nor a hub model",
    ),
    "no such revision": (of_the_hub("RevisionNotFoundError"), "has no such revision"),
    "out of reach": (errors.LocalEntryNotFoundError("no"), "is not in the cache"),
    "code": (ValueError("set trust_remote_code=True"), "comes with Python code of its own"),
    "damaged": (SafetensorError("bad header"), "its weights are damaged (bad header)"),
    "another kind": (ValueError("Unrecognized configuration class X"), "is not a causal language model"),
    "memory": (RuntimeError("CUDA out of memory"), "does not fit into the memory"),
    "a package": (ImportError("No module named x"), "needs a package that is not installed (No module named x)"),
    "anything": (KeyError("x"), "cannot be loaded (KeyError: 'x')"),
}


@pytest.mark.parametrize(("raised", "sentence"), RAISED.values(), ids=RAISED.keys())
@pytest.mark.parametrize(
    ("source", "subject"), [(WHOLE, "--model org/name:"), (BASE, "--model mine: its base org/base")]
)
def test_a_fault_is_one_sentence(source: ModelSource, subject: str, raised: Exception, sentence: str) -> None:
    with pytest.raises(EngineError) as caught, vendor_sentences(source):
        raise raised
    assert str(caught.value).startswith(f"{subject} {sentence}")


def test_a_sentence_stays_as_it_is() -> None:
    with pytest.raises(EngineError, match=r"^as it was$"), vendor_sentences(WHOLE):
        raise EngineError("as it was")


def test_messages_of_vendors_come_back_afterwards() -> None:
    from transformers.utils import logging as vendor_logging

    before = vendor_logging.get_verbosity(), vendor_logging.is_progress_bar_enabled()
    with quiet(WHOLE):
        assert vendor_logging.get_verbosity() == vendor_logging.ERROR
    assert (vendor_logging.get_verbosity(), vendor_logging.is_progress_bar_enabled()) == before
