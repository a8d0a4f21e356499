"""A LoRA adapter laid over a model of transformers by peft."""

import warnings
from typing import Any

from rest_bench.adapters import LoraAdapter
from rest_bench.errors import EngineError


def require_peft(adapter: LoraAdapter) -> None:
    """Raise EngineError where peft is not installed."""
    try:
        import peft  # noqa: F401
    except ImportError as error:
        raise EngineError(
            f"--model {adapter.name}: is a LoRA adapter ({error}); install what loads it with "
            "pip install 'rest-bench[peft]'"
        ) from error


def lay_over(model: Any, adapter: LoraAdapter, device: str) -> Any:
    """Return the model with the adapter's weights beside its own, in the model's precision.

    They are not merged: sums in bfloat16 would round the adapter away, and vLLM keeps them apart as well.

    Args:
        model: of transformers; it is changed.
        adapter: fits it.
        device: where the model is.

    Raises:
        EngineError: the adapter has tensors that the model has no place for, or lacks some.
    """
    import peft

    folder = str(adapter.folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # advice on training, and deprecations between peft and transformers
        settings = peft.PeftConfig.from_pretrained(folder)
        settings.inference_mode = True
        laid = peft.get_peft_model(model, settings, autocast_adapter_dtype=False)
        loaded = laid.load_adapter(folder, "default", torch_device=device, autocast_adapter_dtype=False)
    # peft would go on, and the layers in question would answer as those of the base do.
    for said, keys in (
        ("lacks", loaded.missing_keys),
        ("has, beyond what its base has a place for,", loaded.unexpected_keys),
    ):
        if keys:
            raise EngineError(
                f"--model {adapter.name}: {said} {len(keys)} tensors, the first being {sorted(keys)[0]}; get the "
                "adapter again, or give the base that it was trained on with --base-model"
            )
    return laid.get_base_model()
