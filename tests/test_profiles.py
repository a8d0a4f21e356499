import json
from pathlib import Path

import pytest

from rest_bench.config import RunConfig, make_config
from rest_bench.errors import ConfigError
from rest_bench.profiles import choose_profile, dress, expects_thinking
from tests.models import write_adapter


def dressed(model: str, **settings: object) -> RunConfig:
    return dress(RunConfig.model_validate({"model": model, **settings}))


@pytest.mark.parametrize(
    ("model", "profile"),
    [
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "deepseek-r1"),
        ("Qwen/QwQ-32B", "qwen-thinking"),
        ("Qwen/Qwen3-30B-A3B-Thinking-2507", "qwen-thinking"),
        ("Qwen/Qwen3-8B", "qwen3"),
        ("Qwen/Qwen3-4B-Instruct-2507", "plain-instruct"),
        ("Qwen/Qwen2.5-Math-7B-Instruct", "plain-instruct"),
        ("google/gemma-3-4b-it", "plain-instruct"),
        ("nvidia/Llama-3_3-Nemotron-Super-49B-v1", "nemotron"),
        ("nvidia/NVIDIA-Nemotron-Nano-9B-v2", "nemotron-nano-2"),
        ("openai/gpt-oss-20b", "gpt-oss"),
        ("mistralai/Magistral-Small-2509", "magistral"),
        ("zai-org/GLM-4.6", "enable-thinking"),
        ("~/hub/models--Qwen--Qwen3-8B/snapshots/0123abcd", "qwen3"),
        ("/models/DeepSeek-R1-Distill-Llama-8B/", "deepseek-r1"),
        ("rest-nano", "rest-nano"),
        ("gpt-2", "none"),
    ],
)
def test_a_profile_is_chosen_by_the_name_of_the_model(model: str, profile: str) -> None:
    assert choose_profile(RunConfig(model=model))[0] == profile


@pytest.mark.parametrize(
    ("name", "base", "profile"),
    [
        ("my-adapter", "Qwen/Qwen3-8B", "qwen3"),
        ("my-adapter", "/models/DeepSeek-R1-Distill-Llama-8B", "deepseek-r1"),
        ("my-adapter", "gpt-2", "none"),
        ("my-adapter", None, "none"),
        ("qwen3-8b-instruct-lora", "Qwen/Qwen3-8B", "plain-instruct"),
    ],
)
def test_an_adapter_whose_name_says_nothing_is_of_the_family_of_its_base(
    name: str, base: str | None, profile: str, tmp_path: Path
) -> None:
    folder = write_adapter(tmp_path / name, base)
    assert choose_profile(RunConfig(model=str(folder)))[0] == profile
    given = RunConfig(model=str(folder), base_model="google/gemma-3-4b-it")
    assert choose_profile(given)[0] == "plain-instruct"


def test_a_system_prompt_beside_the_base_is_that_of_its_adapter(tmp_path: Path) -> None:
    base = tmp_path / "Magistral-Small"
    base.mkdir()
    (base / "SYSTEM_PROMPT.txt").write_text("Think first.\n")
    folder = write_adapter(tmp_path / "my-adapter", base)
    assert dressed(str(folder)).system_prompt == "Think first."
    (folder / "SYSTEM_PROMPT.txt").write_text("Think in verse.\n")
    assert dressed(str(folder)).system_prompt == "Think in verse."
    for path in tmp_path.glob("*/SYSTEM_PROMPT.txt"):
        path.unlink()
    with pytest.raises(ConfigError, match=r"its system prompt \(SYSTEM_PROMPT.txt\) cannot be read"):
        dressed(str(folder))


def test_without_wishes_a_profile_changes_nothing_but_its_name() -> None:
    plain = RunConfig(model="Qwen/Qwen3-8B")
    assert dress(plain) == plain.model_copy(update={"profile": "qwen3"})


@pytest.mark.parametrize(("wish", "value"), [("on", True), ("off", False)])
def test_thinking_is_switched_in_the_way_of_the_family(wish: str, value: bool) -> None:
    assert json.loads(dressed("Qwen/Qwen3-8B", thinking=wish).chat_template_kwargs) == {"enable_thinking": value}
    assert json.loads(dressed("deepseek-v3.1", thinking=wish).chat_template_kwargs) == {"thinking": value}
    nemotron = dressed("nvidia/Llama-3_3-Nemotron-Super-49B-v1", thinking=wish)
    assert nemotron.system_prompt == f"detailed thinking {wish}"


def test_a_family_that_thinks_only_when_told_to_is_told_to() -> None:
    assert dressed("nvidia/Llama-3_3-Nemotron-Super-49B-v1").system_prompt == "detailed thinking on"


def test_what_the_user_sets_wins() -> None:
    config = dressed("Qwen/Qwen3-8B", thinking="off", chat_template_kwargs={"enable_thinking": True, "more": 1})
    assert json.loads(config.chat_template_kwargs) == {"enable_thinking": True, "more": 1}
    assert dressed("nvidia/Llama-3_3-Nemotron-Super-49B-v1", system_prompt="Mine.").system_prompt == "Mine."
    assert dressed("google/gemma-3-4b-it", temperature=0.6).temperature == 0.6


def test_plain_instruct_models_are_asked_greedily() -> None:
    assert dressed("google/gemma-3-4b-it").temperature == 0
    assert dressed("Qwen/Qwen3-8B").temperature == 0.6


def test_a_model_that_always_thinks_cannot_be_told_not_to() -> None:
    assert dressed("Qwen/QwQ-32B", thinking="on").thinking == "on"
    with pytest.raises(ConfigError, match="--thinking off: models of profile qwen-thinking always think"):
        dressed("Qwen/QwQ-32B", thinking="off")
    with pytest.raises(ConfigError, match="models of profile plain-instruct never think"):
        dressed("google/gemma-3-4b-it", thinking="on")
    with pytest.raises(ConfigError, match="profile none has no way to do so"):
        dressed("gpt-2", thinking="off")


def test_effort_reaches_the_chat_template_or_the_server() -> None:
    assert json.loads(dressed("gpt-oss-20b", reasoning_effort="high").chat_template_kwargs) == {
        "reasoning_effort": "high"
    }
    server = dressed("o9", reasoning_effort="high", base_url=("https://example.org/v1",))
    assert (server.chat_template_kwargs, server.reasoning_effort) == ("{}", "high")
    with pytest.raises(ConfigError, match="--reasoning-effort high: profile qwen3 has no way"):
        dressed("Qwen/Qwen3-8B", reasoning_effort="high")


def test_a_system_prompt_may_lie_beside_the_model(tmp_path: Path) -> None:
    folder = tmp_path / "Magistral-Small-2509"
    folder.mkdir()
    with pytest.raises(ConfigError, match=r"its system prompt \(SYSTEM_PROMPT.txt\) cannot be read"):
        dressed(str(folder))
    (folder / "SYSTEM_PROMPT.txt").write_text("Think first.\n")
    assert dressed(str(folder)).system_prompt == "Think first."
    assert dressed(str(folder), profile="none").system_prompt is None


def test_thinking_is_expected_of_those_that_think() -> None:
    expected = {
        "Qwen/QwQ-32B": True,
        "Qwen/Qwen3-8B": True,
        "microsoft/Phi-4-reasoning": True,
        "openai/gpt-oss-20b": True,
        "rest-nano": True,
        "google/gemma-3-4b-it": False,
        "Qwen/Qwen3-4B-Instruct-2507": False,
        "gpt-2": False,
        "org/bear1": False,
    }
    assert {model: expects_thinking(dressed(model)) for model in expected} == expected
    assert not expects_thinking(dressed("Qwen/Qwen3-8B", thinking="off"))
    assert not expects_thinking(dressed("Qwen/Qwen3-8B", chat_template_kwargs={"enable_thinking": False}))
    assert expects_thinking(dressed("Qwen/Qwen3-8B", chat_template_kwargs={"enable_thinking": True}))


# --- one's own --------------------------------------------------------------------------------------------------------


def test_users_bring_a_table_of_their_own(tmp_path: Path) -> None:
    table = tmp_path / "mine.yaml"
    table.write_text(
        "other: {models: [other*], thinks: never}\n"
        "mine: {models: ['mine-*'], thinks: switch, thinking_off: {system_prompt: Hush}}\n"
    )
    config = dressed("org/Mine-7B", profile=str(table), thinking="off")
    assert (choose_profile(config)[0], config.system_prompt) == ("mine", "Hush")
    assert dress(config) == config
    with pytest.raises(ConfigError, match="none of its entries fits Qwen/QwQ-32B"):
        dressed("Qwen/QwQ-32B", profile=str(table))


def test_a_profile_may_be_named() -> None:
    config = dressed("my-secret-model", profile="qwen3", thinking="off")
    assert json.loads(config.chat_template_kwargs) == {"enable_thinking": False}
    assert dressed("Qwen/Qwen3-8B", profile="none").profile == "none"


def test_an_unknown_profile_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ConfigError, match="--profile qwn: neither a file nor one of auto, none, deepseek-r1"):
        dressed("Qwen/Qwen3-8B", profile="qwn")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "cannot be read as YAML"),
        ("- a\n", "the whole file"),
        ("a: {models: [x]}\n", r"a\.thinks"),
        ("a: {models: [x], thinks: maybe}\n", r"a\.thinks"),
        ("a: {models: [x], thinks: never, colour: red}\n", r"a\.colour"),
        ("a: {models: [], thinks: never}\n", r"a\.models"),
        ("a: {models: [x], thinks: never, always: {chat_template_kwargs: 3}}\n", r"a\.always\.chat_template_kwargs"),
    ],
)
def test_a_table_with_a_fault_is_refused_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    table = tmp_path / "mine.yaml"
    table.write_text(text)
    with pytest.raises(ConfigError, match=fault):
        dressed("x", profile=str(table))


def test_a_run_file_may_say_thinking_off_without_quotes(tmp_path: Path) -> None:
    run_file = tmp_path / "run.yaml"
    run_file.write_text("model: Qwen/Qwen3-8B\nthinking: off\nchat_template_kwargs: {more: 1}\n")
    config = dress(make_config({}, run_file))
    assert json.loads(config.chat_template_kwargs) == {"enable_thinking": False, "more": 1}
