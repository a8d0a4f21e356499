"""A LoRA adapter laid over a model by vLLM, and one sentence where vLLM cannot, or would without a word not, do it."""

from dataclasses import fields
from typing import Any, get_args

from rest_bench.adapters import LoraAdapter
from rest_bench.errors import EngineError, one_line

NEUTRAL: dict[str, tuple[object, ...]] = {
    "alpha_pattern": (None, {}),
    "arrow_config": (None,),
    "bias": (None, "none"),
    "init_lora_weights": (None, True, False, "gaussian", "eva", "orthogonal", "mica", "lora_ga"),
    "kasa_config": (None,),
    "layer_replication": (None,),
    "lora_bias": (None, False),
    "modules_to_save": (None, []),
    "monteclora_config": (None,),
    "rank_pattern": (None, {}),
    "trainable_token_indices": (None, [], {}),
    "use_bdlora": (None, False),
    "use_dora": (None, False),
    "use_qalora": (None, False),
    "use_rslora": (None, False),
}
"""Fields of adapter_config.json that change what the adapter does, and the values at which they do nothing. A vLLM that
does not know one leaves it out without a word."""
OTHER_WAY = "use --engine transformers, or merge it into its base (merge_and_unload of peft) and name the merged model"
_LORA_ID = 1
_PROBE_TOKENS = 16


def adapter_arguments(adapter: LoraAdapter) -> dict[str, Any]:
    """Return what AsyncEngineArgs takes for an adapter.

    Raises:
        EngineError: vLLM cannot lay it over any model; the sentence says why and what to do.
    """
    from vllm.config.lora import LoRAConfig, MaxLoRARanks
    from vllm.lora.peft_helper import PEFTHelper

    ranks = sorted(get_args(MaxLoRARanks))
    fitting = [rank for rank in ranks if rank >= adapter.rank]
    if not fitting:
        raise EngineError(
            f"--model {adapter.name}: has rank {adapter.rank}, and vLLM takes at most {ranks[-1]}; {OTHER_WAY}"
        )
    known = {field.name for field in fields(PEFTHelper)}
    lost = [
        name for name, neutral in NEUTRAL.items() if name not in known and adapter.settings.get(name) not in neutral
    ]
    if lost:
        raise EngineError(f"--model {adapter.name}: this vLLM leaves out its {', '.join(lost)}; {OTHER_WAY}")
    try:
        helper = PEFTHelper.from_local_dir(str(adapter.folder), None)
        helper.validate_legal(LoRAConfig(max_lora_rank=fitting[0]))
    except (ValueError, TypeError) as error:
        raise EngineError(f"--model {adapter.name}: vLLM refuses it ({one_line(error)}); {OTHER_WAY}") from error
    return {"enable_lora": True, "max_loras": 1, "max_lora_rank": fitting[0]}


def lora_request(adapter: LoraAdapter) -> Any:
    """Return what each request carries so that vLLM answers with the adapter."""
    from vllm.lora.request import LoRARequest

    return LoRARequest("adapter", _LORA_ID, str(adapter.folder.resolve()))


async def load_adapter(llm: Any, adapter: LoraAdapter, request: Any) -> None:
    """Load an adapter before anything is asked, and make sure that it changes what the model says.

    vLLM leaves out tensors whose names fit no layer of the base, and then answers as the base does.

    Raises:
        EngineError: vLLM cannot load it, or answers as without it.
    """
    try:
        await llm.add_lora(request)
    except Exception as error:
        raise EngineError(f"--model {adapter.name}: vLLM cannot load it ({one_line(error)}); {OTHER_WAY}") from error
    if await _log_probabilities(llm, request) == await _log_probabilities(llm, None):
        raise EngineError(
            f"--model {adapter.name}: vLLM answers with it as its base does, so the adapter was never trained, or vLLM "
            f"leaves its tensors out; {OTHER_WAY}"
        )


async def _log_probabilities(llm: Any, request: Any) -> dict[int, float]:
    """Return how probable vLLM takes some tokens to be after a prompt that means nothing."""
    from vllm import SamplingParams

    tokens = {"type": "token", "prompt_token_ids": list(range(_PROBE_TOKENS))}
    parameters = SamplingParams(temperature=0.0, max_tokens=1, logprobs=5, seed=0)
    name = "probe of the base" if request is None else "probe of the adapter"
    outputs = [output async for output in llm.generate(tokens, parameters, name, lora_request=request)]
    found = outputs[-1].outputs[0].logprobs[0]
    return {int(token): float(entry.logprob) for token, entry in found.items()}
