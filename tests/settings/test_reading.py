import hashlib

import pytest

from rest_bench.config import RunConfig
from rest_bench.schema import Dressing, EngineInfo, Extractor, Manifest, Sampling, Shard
from rest_bench.settings import (
    SETTINGS,
    Setting,
    applies,
    identity,
    marks,
    sample_parts,
    settings_of_call,
    shown,
    task_value,
    value_of,
)
from tests.records import make_manifest

ROWS = {row.name: row for row in SETTINGS}


def with_engine(**changes: object) -> Manifest:
    manifest = make_manifest()
    return manifest.model_copy(update={"engine": manifest.engine.model_copy(update=changes)})


def with_calls(*settings: dict[str, object]) -> Manifest:
    manifest = make_manifest()
    (call,) = manifest.invocations
    return manifest.model_copy(update={"invocations": tuple(call.model_copy(update=each) for each in settings)})


@pytest.mark.parametrize(
    ("name", "manifest", "value"),
    [
        ("model", make_manifest(), "toy-model"),
        ("temperature", make_manifest(), 0.6),
        ("seed", make_manifest(), 0),
        ("quantization", with_engine(quantization="fp8"), "fp8"),
        ("python", make_manifest(), "3.11"),
        ("python", with_calls({"python": "3.11"}, {"python": "3.12"}, {"python": "3.11"}), "3.11, then 3.12"),
        ("tensor_parallel_size", make_manifest(), None),
        ("tensor_parallel_size", with_calls({"settings": {"tensor_parallel_size": 4}}), 4),
        ("tensor_parallel_size", with_calls({}, {"settings": {"tensor_parallel_size": 4}}), "not set, then 4"),
        ("python", make_manifest().model_copy(update={"invocations": ()}), None),
    ],
)
def test_a_value_is_read_by_its_path(name: str, manifest: Manifest, value: object) -> None:
    assert value_of(ROWS[name], manifest) == value


def test_a_task_says_what_it_has_and_its_levels_by_level() -> None:
    (task,) = make_manifest(levels=(1, 3), limit=4).tasks
    assert task_value(ROWS["data"], task) == "1"
    assert task_value(ROWS["limit"], task) == {1: 4, 3: 4}


@pytest.mark.parametrize(
    ("value", "text"), [(None, None), ((), None), (("seed", "top_k"), "seed, top_k"), (Shard(index=2, count=3), "2/3")]
)
def test_values_are_said_in_words(value: object, text: str | None) -> None:
    assert shown(value) == text


def test_an_order_by_difficulty_counts_only_where_packs_are_ordered_by_it() -> None:
    plain, ordered = make_manifest(), make_manifest().model_copy(update={"design": "easy-first"})
    assert [applies(ROWS["difficulty"], each) for each in (plain, ordered)] == [False, True]
    assert "difficulty of task toy" not in identity(plain)
    assert "difficulty of task toy" in identity(ordered)


def test_a_record_without_tasks_is_told_by_the_rest() -> None:
    engine = EngineInfo(engine="openai", engine_version="1", model="org/lister", kv_cache_dtype="fp8")
    extractor = Extractor(engine=engine, sampling=Sampling(), dressing=Dressing(), prompt_version=1)
    found = identity(extractor)
    assert (found["model"], found["cache precision"], found["max_tokens"]) == ("org/lister", "fp8", 32768)
    assert "design" not in found


# --- sample ids -------------------------------------------------------------------------------------------------------


def test_what_older_folders_lack_is_no_part_of_their_ids() -> None:
    manifest = make_manifest()
    sampling = Sampling().model_dump()
    assert sample_parts(manifest) == ["toy-model", "abc", None, (), "{}", None, "{}", sampling]
    assert sample_parts(with_engine(arguments='{"a": 1}')) == [*sample_parts(manifest), '{"a": 1}']
    both = with_engine(arguments='{"a": 1}', quantization="fp8", kv_cache_dtype="fp8")
    named = {"engine.quantization": "fp8", "engine.kv_cache_dtype": "fp8"}
    assert sample_parts(both) == [*sample_parts(with_engine(arguments='{"a": 1}')), named]


def test_two_settings_with_one_value_are_not_taken_for_each_other() -> None:
    assert sample_parts(with_engine(quantization="fp8")) != sample_parts(with_engine(kv_cache_dtype="fp8"))


# --- marks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        (make_manifest(), ()),
        (with_engine(quantization="fp8", kv_cache_dtype="fp8"), ("fp8 weights", "fp8 cache")),
        (with_engine(weights_format="gptq 4-bit"), ("gptq 4-bit weights",)),
        (with_engine(quantization="fp8", weights_format="fp8"), ("fp8 weights",)),
        (with_engine(quantization="f" * 61), (f"{hashlib.sha256(b'f' * 61).hexdigest()[:8]} weights",)),
        (
            make_manifest().model_copy(
                update={"dressing": Dressing(chat_template_kwargs='{"enable_thinking": false}', reasoning_effort="low")}
            ),
            ('chat template {"enable_thinking": false}', "effort low"),
        ),
    ],
    ids=lambda each: ", ".join(each) if isinstance(each, tuple) else "",
)
def test_what_changes_a_model_is_said_beside_its_name(manifest: Manifest, expected: tuple[str, ...]) -> None:
    assert marks(manifest) == expected


def test_marks_of_the_engine_alone() -> None:
    manifest = with_engine(quantization="fp8").model_copy(update={"dressing": Dressing(reasoning_effort="low")})
    assert marks(manifest, "engine.") == ("fp8 weights",)


# --- settings of a call -----------------------------------------------------------------------------------------------


def test_a_call_records_conditions_that_are_not_the_default() -> None:
    config = RunConfig(model="m", tensor_parallel_size=4, enforce_eager=True, temperature=0, concurrency=3)
    assert settings_of_call(config) == {"tensor_parallel_size": 4, "enforce_eager": True}
    assert settings_of_call(RunConfig(model="m")) == {}


def test_a_row_needs_a_name_and_a_role_only() -> None:
    assert Setting("new", "harmless").in_id == "no"
