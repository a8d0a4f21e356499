import json
import sys
from typing import Any

import pytest

from rest_bench.config import RunConfig, packaged_dir
from rest_bench.engines.lm_eval_loading import load_lm
from rest_bench.errors import ConfigError, EngineError
from rest_bench.store.identity import first_difference
from tests.engines.lm_eval_stand_in import LM, lm_eval
from tests.engines.prompts import make_prompt
from tests.records import make_manifest

__all__ = ["lm_eval"]


def config(kind: str | None = "hf", model: str = "org/model", **settings: Any) -> RunConfig:
    arguments = json.dumps(settings.pop("arguments", {}))
    fields = {"engine": "lm-eval", "lm_eval_model": kind, "lm_eval_args": arguments, "device": "cpu"}
    return RunConfig.model_validate({"model": model, **fields, **settings})


def test_the_model_is_loaded_with_what_the_settings_say(lm_eval: list[LM]) -> None:
    load_lm(config(batch_size=7, arguments={"dtype": "float32"}), [])
    (lm,) = lm_eval
    given = {name: lm.arguments[name] for name in ("pretrained", "batch_size", "device", "dtype")}
    assert given == {"pretrained": "org/model", "batch_size": 7, "device": "cpu", "dtype": "float32"}


def test_the_users_arguments_win(lm_eval: list[LM]) -> None:
    load_lm(config(arguments={"pretrained": "other/model", "batch_size": 2, "device": "cpu:0"}), [])
    (lm,) = lm_eval
    assert [lm.arguments[name] for name in ("pretrained", "batch_size", "device")] == ["other/model", 2, "cpu:0"]


def test_the_bundled_model_has_its_name_and_its_folder(lm_eval: list[LM]) -> None:
    info = load_lm(config(model="rest-nano"), []).info
    assert lm_eval[0].arguments["pretrained"] == str(packaged_dir("models") / "rest-nano")
    assert info.model == "rest-nano"
    assert len(info.revision or "") == 64


def test_vllm_runs_a_slice_at_once_and_a_server_takes_the_models_name(lm_eval: list[LM]) -> None:
    load_lm(config("vllm"), [])
    load_lm(config("local-chat-completions", arguments={"base_url": "http://localhost", "num_concurrent": 4}), [])
    assert lm_eval[0].arguments["batch_size"] == "auto"
    assert (lm_eval[1].arguments["model"], lm_eval[1].arguments["batch_size"]) == ("org/model", 1)


def test_the_template_may_have_variables(lm_eval: list[LM]) -> None:
    load_lm(config(chat_template_kwargs='{"enable_thinking": false}'), [])
    assert lm_eval[0].arguments["chat_template_args"] == {"enable_thinking": False}
    server = config(
        "local-chat-completions", arguments={"base_url": "http://x"}, chat_template_kwargs='{"enable_thinking": false}'
    )
    with pytest.raises(ConfigError, match="--chat-template-kwargs: lm-eval's local-chat-completions does not take"):
        load_lm(server, [])


def test_the_budget_leaves_room_for_the_longest_prompt_that_fits(lm_eval: list[LM]) -> None:
    prompts = [make_prompt(number, "x" * length) for number, length in enumerate((1, 30, 500))]
    assert load_lm(config(max_tokens=1000), prompts).max_tokens == 64 - (30 + len("<u><a>"))
    assert load_lm(config(max_tokens=5), prompts).max_tokens == 5
    assert load_lm(config(max_tokens=1000), []).max_tokens == 1000


def test_what_replies_depend_on_is_recorded_and_no_secret_or_path(lm_eval: list[LM]) -> None:
    def manifest(arguments: dict[str, Any]) -> Any:
        return make_manifest().model_copy(update={"engine": load_lm(config(arguments=arguments), []).info})

    plain = manifest({})
    assert first_difference(plain, manifest({"batch_size": 4, "device": "cpu"})) is None
    longer = first_difference(plain, manifest({"max_length": 32}))
    assert longer is not None
    assert longer.field == "engine arguments"
    server = config("local-chat-completions", arguments={"base_url": "http://user:password@host", "num_concurrent": 2})
    recorded = load_lm(server, []).info.model_dump_json()
    assert "password" not in recorded


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "arguments", "error", "sentence"),
    [
        (None, {}, ConfigError, "--engine lm-eval: say which of its models generates with --lm-eval-model"),
        ("hff", {}, ConfigError, "--lm-eval-model hff: lm-eval has no such model; it must be one of hf, vllm, local"),
        ("not-installed", {}, EngineError, "--lm-eval-model not-installed: No module named 'its_library'"),
        ("hf", {"think_end_token": "</think>"}, ConfigError, "--lm-eval-args: leave think_end_token out: rest-bench"),
        ("hf", {"no_such": 1}, EngineError, "--lm-eval-model hf: cannot be loaded with the arguments pretrained, "),
    ],
)
def test_a_fault_is_a_sentence(
    lm_eval: list[LM], kind: str | None, arguments: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as raised:
        load_lm(config(kind, arguments=arguments), [])
    assert str(raised.value).startswith(sentence)


def test_without_lm_eval_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lm_eval", None)
    monkeypatch.setitem(sys.modules, "lm_eval.api", None)
    monkeypatch.setitem(sys.modules, "lm_eval.api.registry", None)
    with pytest.raises(EngineError, match=r"pip install 'rest-bench\[lm-eval\]'"):
        load_lm(config(), [])
