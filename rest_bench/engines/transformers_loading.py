"""From a folder or a hub id to a model ready to generate, and one sentence for whatever goes wrong on the way."""

from dataclasses import dataclass
from typing import Any

from rest_bench.config import RunConfig
from rest_bench.engines.model_source import (
    ModelSource,
    context_tokens,
    end_token_ids,
    locate_model,
    model_info,
    read_tokenizer,
    weights_format,
)
from rest_bench.engines.transformers_adapters import lay_over, require_peft
from rest_bench.engines.vendor_sentences import quiet, vendor_sentences
from rest_bench.errors import EngineError
from rest_bench.schema import EngineInfo


@dataclass(frozen=True)
class LoadedModel:
    """A model, its tokenizer, and what is known of both."""

    model: Any
    """A transformers model in evaluation mode, on its device."""
    tokenizer: Any
    info: EngineInfo
    end_token_ids: tuple[int, ...]
    """Tokens that end a reply."""
    pad_token_id: int


def load_model(config: RunConfig) -> LoadedModel:
    """Load model and tokenizer on the device and in the precision that the settings name.

    Raises:
        EngineError: something is missing, damaged, of the wrong kind, or out of reach; one sentence.
    """
    _require_libraries()
    import transformers

    device = choose_device(config.device)
    source = locate_model(config)
    if source.adapter is not None:
        require_peft(source.adapter)
    with quiet(source), vendor_sentences(source):
        model_config, tokenizer = read_tokenizer(source)
        model = _load_weights(source, model_config, device, _choose_dtype(config.dtype, device))
        if source.adapter is not None:
            model = lay_over(model, source.adapter, device)
        ends = end_token_ids(model.generation_config, model.config, tokenizer)
        pad_token_id = _pad_token_id(model, tokenizer, ends)
        # Whatever else generation_config.json holds (top_k, repetition_penalty, ...) would slip into every field that
        # a request leaves open, so it goes.
        model.generation_config = transformers.GenerationConfig(
            bos_token_id=tokenizer.bos_token_id, eos_token_id=list(ends), pad_token_id=pad_token_id
        )
        info = model_info(
            source,
            tokenizer,
            engine="transformers",
            engine_version=transformers.__version__,
            dtype=str(model.dtype).removeprefix("torch."),
            device=str(model.device),
            max_context_tokens=context_tokens(model.config),
            weights_format="gguf" if source.gguf_file else weights_format(model.config),
        )
    return LoadedModel(model.eval(), tokenizer, info, ends, pad_token_id)


def choose_device(name: str) -> str:
    """Return the device that `name` means; `auto` is the first CUDA device, else MPS, else the CPU.

    Raises:
        EngineError: PyTorch knows no such device, or this machine lacks it.
    """
    import torch

    if name == "auto":
        return "cuda:0" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError:
        device = torch.device("meta")
    present = {
        "cpu": True,
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if device.type not in present:
        raise EngineError(f"--device {name}: no such device; choose auto, cpu, cuda, cuda:N or mps")
    if not present[device.type]:
        raise EngineError(
            f"--device {name}: PyTorch {torch.__version__} finds no such device here; "
            "install a PyTorch build for it, or use --device auto"
        )
    return name


def _require_libraries() -> None:
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise EngineError(
            f"--engine transformers: {error}; install it with pip install 'rest-bench[transformers]'"
        ) from error


# --- loading ----------------------------------------------------------------------------------------------------------


def _load_weights(source: ModelSource, model_config: Any, device: str, dtype: Any) -> Any:
    import transformers

    model, loading = transformers.AutoModelForCausalLM.from_pretrained(
        source.location,
        config=model_config,
        dtype=dtype,
        device_map={"": device},
        output_loading_info=True,
        **source.arguments,
    )
    if getattr(model, "_hf_peft_config_loaded", False):  # transformers looks for one itself, and says nothing
        raise EngineError(
            f"{source.subject} holds an adapter beside its weights; give it a folder of its own, and name it"
        )
    missing = sorted(loading["missing_keys"])
    if missing:
        raise EngineError(
            f"{source.subject} its weights lack {len(missing)} tensors, the first being {missing[0]}; "
            "transformers would fill them with random numbers, so get the model again"
        )
    return model


def _choose_dtype(name: str, device: str) -> Any:
    import torch

    if name != "auto":
        return getattr(torch, name)
    # MPS has bfloat16 from macOS 14 on and offers no other way to ask.
    try:
        torch.zeros(1, dtype=torch.bfloat16, device=device)
        has_bfloat16 = device != "cpu" and (device == "mps" or torch.cuda.is_bf16_supported(including_emulation=False))
    except (RuntimeError, TypeError):
        has_bfloat16 = False
    return torch.bfloat16 if has_bfloat16 else torch.float32


def _pad_token_id(model: Any, tokenizer: Any, ends: tuple[int, ...]) -> int:
    """Return a token to pad with that the model has an embedding for; padding is masked, so any will do."""
    n_embeddings = model.get_input_embeddings().weight.shape[0]
    candidates = (tokenizer.pad_token_id, *ends)
    return next((token for token in candidates if token is not None and token < n_embeddings), 0)
