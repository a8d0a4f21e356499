"""Models for tests: a tiny one with random weights, made in a moment, and SmolLM2-135M-Instruct."""

import json
import runpy
from pathlib import Path
from typing import Any

CHAT_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
THINKING_TEMPLATE = CHAT_TEMPLATE.replace("<|assistant|>{% endif", "<|assistant|><think>\n{% endif")

SPECIAL_TOKENS = ("<pad>", "<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<think>", "</think>")
PAD, BOS, EOS = 0, 1, 2
NEWLINE_TOKEN = 9 + 10
"""Bytes follow the special tokens, in order."""


def make_tokenizer(chat_template: str | None = CHAT_TEMPLATE, pad_token: str | None = "<pad>") -> Any:
    """Return a tokenizer with one token per byte, which writes a BOS before a text unless told not to."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = bytes_to_unicode()
    words = [*SPECIAL_TOKENS, *(letters[byte] for byte in range(256))]
    tokenizer = Tokenizer(models.BPE(vocab={word: index for index, word in enumerate(words)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", BOS)]
    )
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token=pad_token, model_max_length=10**9
    )
    made.chat_template = chat_template
    return made


def make_tiny_model(
    folder: Path,
    *,
    chat_template: str | None = CHAT_TEMPLATE,
    pad_token: str | None = "<pad>",
    context_tokens: int = 512,
    generation: dict[str, object] | None = None,
) -> Path:
    """Write a Llama of two layers with random weights and return its folder; `generation` is generation_config.json."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = make_tokenizer(chat_template, pad_token)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=context_tokens,
        bos_token_id=BOS,
        eos_token_id=EOS,
        # Wide enough that greedy decoding wanders instead of repeating one token.
        initializer_range=0.4,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    settings = {"eos_token_id": EOS, **(generation or {})}
    (folder / "generation_config.json").write_text(json.dumps(settings))
    return folder


ADAPTER_SETTINGS: dict[str, Any] = {
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "r": 4,
    "lora_alpha": 8,
    "target_modules": ["q_proj", "v_proj"],
    "use_dora": False,
}


def write_adapter(folder: Path, base: object, **settings: object) -> Path:
    """Write what looks like a LoRA adapter, without any tensor in it, and return its folder."""
    folder.mkdir()
    named = {**ADAPTER_SETTINGS, "base_model_name_or_path": None if base is None else str(base), **settings}
    (folder / "adapter_config.json").write_text(json.dumps(named))
    (folder / "adapter_model.safetensors").touch()
    return folder


def make_adapter(folder: Path, base: Path, scale: float = 1.0, **settings: object) -> Path:
    """Write a LoRA adapter with random weights, as peft saves it, and return its folder."""
    import warnings

    import peft
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    chosen = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj", "down_proj"], **settings}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = AutoModelForCausalLM.from_pretrained(base)
        laid = peft.get_peft_model(model, peft.LoraConfig(task_type="CAUSAL_LM", init_lora_weights=False, **chosen))
        for name, weights in laid.named_parameters():
            if "lora_B" in name:
                weights.data.mul_(scale)
        laid.save_pretrained(folder)
    return folder


def smollm2_folder() -> Path:
    """Return the folder of SmolLM2-135M-Instruct, fetched at the first call."""
    script = Path(__file__).parents[1] / "models" / "fetch_smollm2.py"
    folder = runpy.run_path(str(script))["fetch"]()
    assert isinstance(folder, Path)
    return folder
