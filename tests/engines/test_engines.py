"""What is recorded of an engine, and said of settings that it does not look at."""

import logging
from importlib.metadata import EntryPoint

import pytest

from rest_bench import engines
from rest_bench.config import RunConfig
from rest_bench.engines import ENGINES, info_of, open_engine
from rest_bench.schema import EngineInfo
from tests import scripted


@pytest.fixture(autouse=True)
def _engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, scripted.NAME, scripted.TARGET)
    point = EntryPoint("forgetful", scripted.TARGET, "rest_bench.engines")
    monkeypatch.setattr(engines, "plugins", lambda _kind: {"forgetful": point})


def info(**settings: object) -> EngineInfo:
    config = RunConfig.model_validate({"model": "right-to-2", **settings})
    with open_engine(config) as engine:
        return info_of(config, engine)


def test_what_a_plug_in_forgot_to_say_is_recorded_for_it() -> None:
    found = info(engine="forgetful", engine_args={"words": "a", "api_key": "sk-1"}, quantization="int4")
    assert (found.arguments, found.quantization, found.kv_cache_dtype) == ('{"words": "a"}', "int4", None)
    plain = info(engine="forgetful")
    assert (plain.arguments, plain.quantization) == (None, None)


def test_what_a_plug_in_says_itself_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    class Outspoken(scripted.ScriptedEngine):
        def __init__(self, config: RunConfig) -> None:
            super().__init__(config)
            self.info = self.info.model_copy(update={"arguments": "{}", "quantization": "int4, groups of 32"})

    config = RunConfig(model="right-to-2", engine="forgetful", engine_args={"timeout": 3}, quantization="int4")
    found = info_of(config, Outspoken(config))
    assert (found.arguments, found.quantization) == ("{}", "int4, groups of 32")


def test_an_engine_of_ours_says_what_there_is_to_say() -> None:
    assert info(engine="scripted", engine_args={"a": 1}, quantization="fp8").model_dump().keys() == (
        EngineInfo(engine="scripted", engine_version="1", model="m").model_dump().keys()
    )


@pytest.mark.parametrize(
    ("settings", "flags"),
    [
        ({}, []),
        ({"quantization": "fp8", "deterministic": True}, ["--quantization", "--deterministic"]),
        ({"kv_cache_dtype": "auto", "batch_size": 3, "temperature": 0.1}, []),
        ({"extra_body": {"a": 1}, "dtype": "float16"}, ["--extra-body", "--dtype"]),
    ],
)
def test_a_setting_without_effect_is_warned_of(
    settings: dict[str, object], flags: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        info(engine="scripted", **settings)
    assert sorted(record.getMessage().partition(" ")[0] for record in caplog.records) == sorted(flags)


def test_nothing_is_said_of_the_settings_of_a_plug_in(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        info(engine="forgetful", quantization="fp8")
    assert caplog.records == []
