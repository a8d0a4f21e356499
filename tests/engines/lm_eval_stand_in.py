"""A stand-in for lm-evaluation-harness itself, put where the engine imports it."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest

from rest_bench.engines import lm_eval_loading

PLACEHOLDER = "(nothing)"


class LM:
    """The base of its models."""

    device: str | None = None
    made: ClassVar[list["LM"]] = []

    def __init__(self, arguments: dict[str, Any]) -> None:
        self.arguments = arguments
        self.requests: list[list[tuple[Any, dict[str, Any]]]] = []
        self.reply: Callable[[str], str | None] = lambda context: "\\boxed{" + str(context.count("x")) + "}"
        LM.made.append(self)

    def apply_chat_template(self, messages: list[dict[str, str]]) -> Any:
        raise NotImplementedError

    def generate_until(self, instances: Sequence[Any], disable_tqdm: bool = False) -> list[str | None]:
        assert disable_tqdm
        self.requests.append([instance.arguments for instance in instances])
        return [self.reply(str(instance.arguments[0])) for instance in instances]

    @classmethod
    def create_from_arg_obj(cls, arguments: dict[str, Any]) -> "LM":
        return cls(**arguments)


class Local(LM):
    """A model that is loaded here: it counts tokens, has a chat template, and a context."""

    def __init__(
        self,
        pretrained: str,
        batch_size: int | str = 1,
        device: str = "cuda",
        max_length: int = 64,
        dtype: str = "auto",
        chat_template_args: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(locals())
        self.device, self.max_length = device, max_length
        self.tokenizer = SimpleNamespace(chat_template="{{ messages }}")

    def tok_encode(self, text: str) -> list[int]:
        return [ord(letter) for letter in text]

    def apply_chat_template(self, messages: list[dict[str, str]]) -> str:
        return f"<u>{messages[-1]['content']}<a>"


class Vllm(Local):
    """One that runs a slice at once and takes a seed with every sample."""


class Server(LM):
    """A chat API."""

    def __init__(self, model: str, base_url: str, num_concurrent: int = 1, batch_size: int = 1) -> None:
        super().__init__(locals())

    def model_call(self) -> None: ...

    def apply_chat_template(self, messages: list[dict[str, str]]) -> tuple[str]:
        return (str(messages),)


@dataclass
class Instance:
    request_type: str
    doc: dict[str, Any]
    arguments: tuple[Any, dict[str, Any]]
    idx: int
    metadata: tuple[Any, ...]
    task_name: str
    doc_id: int


KINDS: dict[str, type[LM]] = {"hf": Local, "vllm": Vllm, "local-chat-completions": Server}


def get_model(name: str) -> type[LM]:
    """Find a model as its registry does."""
    if name == "not-installed":
        raise ImportError("No module named 'its_library'")
    if name not in KINDS:
        raise ValueError(f"no model {name}")
    return KINDS[name]


@pytest.fixture
def lm_eval(monkeypatch: pytest.MonkeyPatch) -> list[LM]:
    """The models that are made, in order, with lm-eval replaced by the stand-in."""
    LM.made = []
    modules: dict[str, dict[str, Any]] = {
        "lm_eval": {},
        "lm_eval.api": {},
        "lm_eval.api.registry": {"get_model": get_model},
        "lm_eval.api.model": {"LM": LM},
        "lm_eval.api.instance": {"Instance": Instance},
        "lm_eval.models": {"MODEL_MAPPING": dict.fromkeys(KINDS)},
        "lm_eval.models.api_models": {"LMEVAL_MODEL_NONE_ANSWER_PLACEHOLDER": PLACEHOLDER},
    }
    for name, content in modules.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(lm_eval_loading, "version", lambda _name: "0.4.13")
    return LM.made
