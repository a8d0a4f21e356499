"""From the settings to a model of lm-evaluation-harness, and how that is asked."""

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import Any

from rest_bench.config import RunConfig, packaged_dir
from rest_bench.engines.arguments import recorded_arguments, weights_format_of
from rest_bench.engines.model_source import BUNDLED_MODEL, hash_folder, weights_format
from rest_bench.engines.transformers_loading import choose_device
from rest_bench.errors import ConfigError, EngineError, one_line
from rest_bench.schema import EngineInfo, Prompt, Sampling

BATCHING_THEMSELVES = ("vllm", "vllm-vlm", "sglang")
"""Models that run a whole slice at once; lm-eval's own default would hand them one sample after the other."""
TAKE_SEEDS = ("vllm",)
"""Models whose every sample may have a seed of its own."""
WITHOUT_EFFECT = frozenset(
    [
        "api_key",
        "auth_token",
        "base_url",
        "batch_size",
        "ca_cert_path",
        "data_parallel_size",
        "device",
        "disable_log_stats",
        "dtype",
        "enforce_eager",
        "gpu_memory_utilization",
        "header",
        "max_batch_size",
        "max_cpu_memory",
        "max_memory_per_gpu",
        "max_num_seqs",
        "max_retries",
        "model",
        "num_concurrent",
        "offload_folder",
        "parallelize",
        "pretrained",
        "revision",
        "swap_space",
        "tensor_parallel_size",
        "timeout",
        "verify_certificate",
    ]
)
"""Arguments that no reply depends on, and those that stand elsewhere in the manifest; secrets are among them."""


@dataclass(frozen=True)
class LmEvalModel:
    """A model of lm-eval, and what is known of it."""

    lm: Any
    info: EngineInfo
    name: str
    """As lm-eval calls its kind."""
    has_chat_template: bool
    max_tokens: int
    """Of every reply."""

    @property
    def takes_seeds(self) -> bool:
        """Whether every sample has its own seed."""
        return self.name in TAKE_SEEDS

    def render(self, prompt: Prompt) -> Any:
        """Return a prompt as lm-eval hands it to the model: text, or what its chat APIs make of it."""
        if self.has_chat_template:
            return self.lm.apply_chat_template([message.model_dump() for message in prompt.messages])
        return "\n\n".join(message.content for message in prompt.messages)

    def too_long(self, context: Any) -> str | None:
        """Return why a prompt cannot be asked, or null: lm-eval would drop its beginning without a word."""
        n_tokens, room = count_tokens(self.lm, context), self.info.max_context_tokens
        if n_tokens is None or room is None or n_tokens + self.max_tokens <= room:
            return None
        return (
            f"the prompt has {n_tokens} tokens, but {self.info.model} holds {room} with {self.max_tokens} of its "
            "reply; use a lower level, a smaller --max-tokens or a model with a longer context"
        )

    def generate(self, rows: Sequence[tuple[Prompt, Any]], sampling: Sampling) -> list[str]:
        """Return the replies to rendered prompts, in their order."""
        from lm_eval.api.instance import Instance

        fields = self._fields(sampling)
        if sampling.temperature > 0 and not self.takes_seeds:
            _seed_torch(rows[0][0].seed)
        instances = [
            Instance(
                request_type="generate_until",
                doc={},
                arguments=(context, {**fields, **({"seed": prompt.seed} if "seed" in fields else {})}),
                idx=0,
                metadata=("rest_bench", place, 1),  # 0.4 takes these from here, 0.5 by name
                task_name="rest_bench",
                doc_id=place,
            )
            for place, (prompt, context) in enumerate(rows)
        ]
        texts = self.lm.generate_until(instances, disable_tqdm=True)
        return ["" if text is None or text == _placeholder() else str(text) for text in texts]

    def _fields(self, sampling: Sampling) -> dict[str, Any]:
        """Return the sampling fields; those that are switched off are left out where a server may not know them."""
        fields: dict[str, Any] = {"until": [], "max_gen_toks": self.max_tokens, "temperature": sampling.temperature}
        if sampling.repetition_penalty != 1:
            fields["repetition_penalty"] = sampling.repetition_penalty
        if sampling.temperature == 0:
            return {**fields, "do_sample": False}
        fields |= {"do_sample": True, "top_p": sampling.top_p}
        is_server = hasattr(self.lm, "model_call")
        fields |= {name: value for name in ("top_k", "min_p") if (value := getattr(sampling, name)) or not is_server}
        return {**fields, "seed": None} if self.takes_seeds else fields


def load_lm(config: RunConfig, longest_prompts: Sequence[Prompt]) -> LmEvalModel:
    """Load a model of lm-eval.

    Args:
        config: `lm_eval_model` names the kind, `lm_eval_args` its arguments; `model` is what it loads, unless they say.
        longest_prompts: of the run, which decide the budget of a reply where the context is short.

    Raises:
        ConfigError: no model is named, or its arguments are not the user's to set.
        EngineError: lm-eval is not installed, or the model cannot be loaded.
    """
    if config.lm_eval_model is None:
        raise ConfigError(
            "--engine lm-eval: say which of its models generates with --lm-eval-model, such as hf or vllm"
        )
    kind = _find_kind(config.lm_eval_model)
    arguments = _arguments(config, kind)
    try:
        lm = kind.create_from_arg_obj(dict(arguments))
    except Exception as error:
        raise EngineError(
            f"--lm-eval-model {config.lm_eval_model}: cannot be loaded with the arguments "
            f"{', '.join(arguments)} ({one_line(error)}); lm-eval's documentation lists those for --lm-eval-args"
        ) from error
    has_chat_template = _has_chat_template(lm, config)
    context = lm.max_length if _counts_tokens(lm) else None
    info = EngineInfo(
        engine="lm-eval",
        engine_version=f"lm_eval {version('lm_eval')}, {config.lm_eval_model}",
        model=config.model,
        revision=_revision(arguments),
        chat_template_sha256=_template_hash(lm) if has_chat_template else None,
        dtype=str(arguments["dtype"]) if "dtype" in arguments else None,
        device=str(lm.device) if lm.device is not None else None,
        max_context_tokens=context,
        arguments=recorded_arguments({"lm_eval_model": config.lm_eval_model, **arguments}, WITHOUT_EFFECT),
        weights_format=weights_format_of(arguments) or weights_format(getattr(lm, "config", None)),
    )
    model = LmEvalModel(lm, info, config.lm_eval_model, has_chat_template, config.max_tokens)
    return LmEvalModel(lm, info, config.lm_eval_model, has_chat_template, _budget(model, config, longest_prompts))


def _budget(model: LmEvalModel, config: RunConfig, longest_prompts: Sequence[Prompt]) -> int:
    """Return the budget of every reply."""
    room = model.info.max_context_tokens
    if room is None or not longest_prompts:
        return config.max_tokens
    counts = [count_tokens(model.lm, model.render(prompt)) or 0 for prompt in longest_prompts]
    fitting = [count for count in counts if count < room]
    return max(1, min(config.max_tokens, room - max(fitting, default=0)))


def count_tokens(lm: Any, context: Any) -> int | None:
    """Return how many tokens a rendered prompt has; null where lm-eval does not count them."""
    return len(lm.tok_encode(context)) if isinstance(context, str) and _counts_tokens(lm) else None


def _counts_tokens(lm: Any) -> bool:
    return hasattr(lm, "tok_encode") and not hasattr(lm, "model_call")


# --- what is loaded ---------------------------------------------------------------------------------------------------


def _find_kind(name: str) -> Any:
    try:
        from lm_eval.api.registry import get_model
        from lm_eval.models import MODEL_MAPPING
    except ImportError as error:
        raise EngineError(f"--engine lm-eval: {error}; install it with pip install 'rest-bench[lm-eval]'") from error
    try:
        return get_model(name)
    except ValueError as error:
        raise ConfigError(
            f"--lm-eval-model {name:.60}: lm-eval has no such model; it must be one of {', '.join(MODEL_MAPPING)}"
        ) from error
    except ImportError as error:
        raise EngineError(f"--lm-eval-model {name}: {error}; install what lm-eval needs for it") from error


RESERVED = {
    "think_end_token": "rest-bench reads the thinking itself, and lm-eval would drop it",
    "max_gen_toks": "--max-tokens sets it",
}
"""Arguments that are not the user's to set, and why."""


def _arguments(config: RunConfig, kind: Any) -> dict[str, Any]:
    """Return the arguments of a model: the user's, and where these are silent, what the other settings say."""
    given: dict[str, Any] = json.loads(config.lm_eval_args)
    for name, why in RESERVED.items():
        if name in given:
            raise ConfigError(f"--lm-eval-args: leave {name} out: {why}")
    taken = _parameters(kind)
    own = {
        **({} if "model" in given else {"pretrained": _location(config.model)}),
        "batch_size": _batch_size(config, kind),
        **({} if config.lm_eval_model in BATCHING_THEMSELVES else _device(config, taken)),
    }
    if "pretrained" not in taken and "pretrained" not in given:
        own |= {"model": own.pop("pretrained", config.model)}
    if config.chat_template_kwargs != "{}":
        if "chat_template_args" not in taken:
            raise ConfigError(f"--chat-template-kwargs: lm-eval's {config.lm_eval_model} does not take them")
        own["chat_template_args"] = json.loads(config.chat_template_kwargs)
    return {**{name: value for name, value in own.items() if name in taken}, **given}


def _batch_size(config: RunConfig, kind: Any) -> int | str:
    if config.lm_eval_model in BATCHING_THEMSELVES:
        return "auto"
    # Of one request to a server it is 1: num_concurrent is what speeds a server up.
    return 1 if hasattr(kind, "model_call") else config.batch_size


def _device(config: RunConfig, taken: frozenset[str]) -> dict[str, str]:
    """Return the device, which lm-eval does not choose by itself where PyTorch is a CPU build."""
    return {"device": choose_device(config.device)} if "device" in taken and find_spec("torch") else {}


def _location(model: str) -> str:
    is_bundled = model == BUNDLED_MODEL and not Path(model).exists()
    return str(packaged_dir("models") / BUNDLED_MODEL) if is_bundled else model


def _parameters(kind: Any) -> frozenset[str]:
    """Return the names of the arguments that a class takes, its bases' among them."""
    return frozenset(
        name
        for base in kind.__mro__
        if "__init__" in vars(base) and base is not object
        for name in signature(base).parameters
    )


def _has_chat_template(lm: Any, config: RunConfig) -> bool:
    """Return whether prompts go through a chat template: of the tokenizer that is loaded, or of a chat API."""
    from lm_eval.api.model import LM

    if type(lm).apply_chat_template is LM.apply_chat_template:
        return False
    if _counts_tokens(lm):
        return bool(getattr(lm.tokenizer, "chat_template", None))
    try:
        lm.apply_chat_template([{"role": "user", "content": "1 + 1"}])
    except Exception as error:
        if config.chat_template_kwargs != "{}":
            raise EngineError(
                f"--lm-eval-model {config.lm_eval_model}: no chat template ({one_line(error)})"
            ) from error
        return False
    return True


def _template_hash(lm: Any) -> str | None:
    template = getattr(getattr(lm, "tokenizer", None), "chat_template", None)
    return hashlib.sha256(template.encode()).hexdigest() if isinstance(template, str) else None


def _revision(arguments: dict[str, Any]) -> str | None:
    """Return the revision of a hub model, or a hash of the files of a folder."""
    folder = Path(str(arguments.get("pretrained", "")))
    if str(folder) != "." and folder.is_dir():
        return hash_folder(folder)
    revision = arguments.get("revision")
    return None if revision is None else str(revision)


def _seed_torch(seed: int | None) -> None:
    """Let what a slice draws depend on the slice and not on all that was drawn before it."""
    torch = sys.modules.get("torch")
    if torch is not None and seed is not None:
        torch.manual_seed(seed)


def _placeholder() -> str | None:
    """Return the text that lm-eval writes where a server sent none."""
    api_models = sys.modules.get("lm_eval.models.api_models")
    return getattr(api_models, "LMEVAL_MODEL_NONE_ANSWER_PLACEHOLDER", None)  # 0.5 hands over the null itself
