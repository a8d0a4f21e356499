"""From settings to a running AsyncLLM, and one sentence for whatever goes wrong on the way.

Written for vLLM 0.20 to 0.33, tested with 0.32.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import Any

from rest_bench.config import RunConfig
from rest_bench.engines.codec import render_tokens
from rest_bench.engines.model_source import (
    ModelSource,
    context_tokens,
    end_token_ids,
    locate_model,
    model_info,
    read_tokenizer,
    weights_format,
)
from rest_bench.engines.vendor_sentences import quiet, vendor_sentences
from rest_bench.engines.vllm_adapters import adapter_arguments, load_adapter, lora_request
from rest_bench.errors import EngineError, one_line
from rest_bench.schema import EngineInfo, Prompt

_GPU_SHARE, _CPU_SHARE = 0.9, 0.4
"""Of the memory that vLLM takes: a GPU is its own, a CPU's memory belongs to everybody."""
SHUTDOWN_TIMEOUT_S = 20.0
_SLACK = 1.05
"""The prompts that are measured are the longest in characters; others may have somewhat more tokens."""
_PASSED_ON = (
    "tensor_parallel_size",
    "pipeline_parallel_size",
    "data_parallel_size",
    "enable_expert_parallel",
    "quantization",
    "kv_cache_dtype",
    "enforce_eager",
    "trust_remote_code",
    "seed",
)
"""Settings that vLLM knows by the same name."""


@dataclass(frozen=True)
class VllmModel:
    """What is known of a model before vLLM loads it, and how vLLM shall load it."""

    source: ModelSource
    tokenizer: Any
    end_token_ids: tuple[int, ...]
    arguments: dict[str, Any]
    """Of AsyncEngineArgs."""
    weights_format: str | None
    """How the model's own files hold its weights; null for plain numbers."""
    lora_request: Any = None
    """Of each request, where there is an adapter."""


def prepare(config: RunConfig, longest_prompts: Sequence[Prompt]) -> VllmModel:
    """Check the settings, read the tokenizer, and decide how vLLM shall load the model.

    Raises:
        EngineError: vLLM is not installed, there is no such model, or the device cannot do what is asked.
    """
    _prepare_environment(config)
    _require_library()
    source = locate_model(config)
    with quiet(source), vendor_sentences(source):
        model_config, tokenizer = read_tokenizer(source)
        ends = end_token_ids(_generation_config(source), model_config, tokenizer)
    _require_batch_invariance(config)
    arguments = {
        "model": source.location,
        "revision": source.revision,
        "generation_config": "vllm",  # none of the model's own sampling defaults
        "disable_log_stats": True,
        **{name: getattr(config, name) for name in _PASSED_ON},
        **_device_arguments(config),
        **_context_arguments(config, model_config, tokenizer, longest_prompts),
    }
    if config.max_num_seqs is not None:
        arguments["max_num_seqs"] = config.max_num_seqs
    held = "gguf" if source.gguf_file else weights_format(model_config)
    if source.adapter is None:
        return VllmModel(source, tokenizer, ends, arguments, held)
    arguments.update(adapter_arguments(source.adapter))
    return VllmModel(source, tokenizer, ends, arguments, held, lora_request(source.adapter))


async def start(model: VllmModel) -> Any:
    """Load the model; inside the event loop, where AsyncLLM wants to be made.

    Raises:
        EngineError: vLLM cannot load it.
    """
    # No name holds the model here or in `_load`: vLLM keeps frames of its start, and with them what their names hold.
    return await _with_adapter(_load(model), model)


def _load(model: VllmModel) -> Any:
    from vllm import AsyncEngineArgs
    from vllm.usage.usage_lib import UsageContext
    from vllm.v1.engine.async_llm import AsyncLLM

    try:
        with _shielded_from_interrupts():
            # As for `LLM`: in its default context AsyncLLM runs 128 requests at once, on a large GPU an eighth.
            return AsyncLLM.from_engine_args(AsyncEngineArgs(**model.arguments), usage_context=UsageContext.LLM_CLASS)
    except (ValueError, RuntimeError, OSError, ImportError, AssertionError) as error:
        raise EngineError(f"{model.source.subject} vLLM cannot load it ({one_line(error)})") from error


async def _with_adapter(llm: Any, model: VllmModel) -> Any:
    if model.source.adapter is not None:
        try:
            await load_adapter(llm, model.source.adapter, model.lora_request)
        except BaseException:
            llm.shutdown(timeout=SHUTDOWN_TIMEOUT_S)
            raise
    return llm


def describe(model: VllmModel, llm: Any, config: RunConfig) -> EngineInfo:
    """Return what the engine says of itself."""
    import vllm

    model_config = llm.vllm_config.model_config
    dtype = str(model_config.dtype).removeprefix("torch.")
    return model_info(
        model.source,
        model.tokenizer,
        engine="vllm",
        engine_version=vllm.__version__,
        dtype=dtype,
        device=str(llm.vllm_config.device_config.device_type),
        max_context_tokens=int(model_config.max_model_len),
        deterministic=config.deterministic,
        quantization=_quantization(model, model_config, config),
        kv_cache_dtype=_cache_dtype(llm.vllm_config, dtype, config),
        max_model_len=config.max_model_len,
        weights_format=model.weights_format,
    )


def _quantization(model: VllmModel, model_config: Any, config: RunConfig) -> str | None:
    """Return how vLLM quantized weights while loading; what the files themselves hold is told by the revision.

    Which kernel vLLM chooses for such files depends on the GPU, so that counts only where the user named it.
    """
    held = (model.weights_format or "").partition(" ")[0]
    if held and config.quantization in (None, held):
        return None
    loaded = getattr(model_config, "quantization", None) or config.quantization
    return None if loaded is None else str(loaded)


def _cache_dtype(vllm_config: Any, dtype: str, config: RunConfig) -> str | None:
    """Return the precision of the cache where it is not the model's own."""
    found = str(getattr(getattr(vllm_config, "cache_config", None), "cache_dtype", config.kv_cache_dtype))
    found = found.removeprefix("torch.")
    return None if found in ("auto", dtype) else found


def _prepare_environment(config: RunConfig) -> None:
    """Set what vLLM reads from the environment, once, when it is first imported; it has no other way."""
    os.environ.setdefault("VLLM_LOGGING_STREAM", "ext://sys.stderr")  # noqa: TID251 (stdout carries results)
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "WARNING")  # noqa: TID251
    if config.deterministic:
        os.environ["VLLM_BATCH_INVARIANT"] = "1"  # noqa: TID251


def _require_library() -> None:
    try:
        import vllm  # noqa: F401
    except ImportError as error:
        raise EngineError(f"--engine vllm: {error}; install it with pip install 'rest-bench[vllm]'") from error


def _require_batch_invariance(config: RunConfig) -> None:
    from vllm.platforms import current_platform

    if config.deterministic and current_platform.is_cpu():
        raise EngineError(
            "--deterministic: vLLM has no batch-invariant kernels for CPUs; leave it out, or use --engine transformers "
            "--batch-size 1, whose replies do not depend on what else runs"
        )


def _generation_config(source: ModelSource) -> Any:
    import transformers

    try:
        return transformers.GenerationConfig.from_pretrained(source.location, revision=source.revision)
    except OSError:  # a model need not have one
        return None


def _device_arguments(config: RunConfig) -> dict[str, Any]:
    from vllm.platforms import current_platform

    on_cpu = current_platform.is_cpu()
    # A prompt that is computed in pieces rewinds the generator of its seed, which those of CPUs cannot: vLLM would die.
    whole_prompts = {"enable_chunked_prefill": False} if on_cpu else {}
    return {
        **whole_prompts,
        "dtype": "float32" if config.dtype == "auto" and on_cpu else config.dtype,
        "gpu_memory_utilization": config.gpu_memory_utilization or (_CPU_SHARE if on_cpu else _GPU_SHARE),
    }


def _context_arguments(
    config: RunConfig, model_config: Any, tokenizer: Any, longest_prompts: Sequence[Prompt]
) -> dict[str, Any]:
    """Return the context to reserve: what is asked for, or what the longest prompt and its reply need.

    Where that is more than the model was trained for, vLLM's own choice holds, which knows of stretched contexts.
    """
    if config.max_model_len is not None:
        return {"max_model_len": config.max_model_len}
    trained = context_tokens(model_config)
    if not longest_prompts or trained is None:
        return {}
    longest = max(
        len(render_tokens(tokenizer, prompt, config.chat_template_kwargs).token_ids) for prompt in longest_prompts
    )
    needed = int(longest * _SLACK) + 1 + config.max_tokens
    return {"max_model_len": needed} if needed < trained else {}


@contextmanager
def _shielded_from_interrupts() -> Iterator[None]:
    """Let processes that start in this block never see a Ctrl-C.

    A terminal sends it to all processes of a command. vLLM's would end at once, and with them the samples in progress,
    which are waited for instead. A blocked signal stays blocked in whatever process is started.
    """
    resource_tracker.ensure_running()  # starting it unblocks the signal again, in Python 3.11
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
