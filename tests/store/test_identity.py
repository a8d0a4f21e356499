from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.schema import AdapterInfo, Manifest
from rest_bench.store import Run
from tests.records import make_manifest, make_response
from tests.store.build import PACKS, begin


def with_engine(**changes: object) -> Manifest:
    manifest = make_manifest()
    return manifest.model_copy(update={"engine": manifest.engine.model_copy(update=changes)})


def with_task(**changes: str) -> Manifest:
    manifest = make_manifest()
    return manifest.model_copy(update={"tasks": (manifest.tasks[0].model_copy(update=changes),)})


def with_sampling(**changes: float) -> Manifest:
    manifest = make_manifest()
    return manifest.model_copy(update={"sampling": manifest.sampling.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("manifest", "field"),
    [
        (with_engine(model="other"), "another model"),
        (with_engine(revision="def"), "another revision"),
        (with_engine(engine="transformers"), "another engine"),
        (with_engine(chat_template_sha256="ff"), "another chat template"),
        (with_engine(dtype="bfloat16"), "another dtype"),
        (with_engine(quantization="fp8"), r"another quantization \(none there, fp8 now\)"),
        (with_engine(kv_cache_dtype="fp8"), "another cache precision"),
        (with_engine(max_model_len=4096), "another context limit"),
        (with_engine(arguments='{"a": 1}'), "another engine arguments"),
        (with_engine(refused_parameters=("seed",)), r"another refused parameters \(none there, seed now\)"),
        (with_task(option_order="shuffled, seed 1"), "another option order of task toy"),
        (with_engine(adapter=AdapterInfo(base_model="b", base_revision="c", sha256="d")), "another adapter"),
        (with_sampling(temperature=0.0), "another temperature"),
        (with_sampling(max_tokens=5), "another max_tokens"),
        (make_manifest().model_copy(update={"seed": 1}), "another seed"),
        (make_manifest().model_copy(update={"design": "shuffled"}), "another design"),
        (with_task(data_sha256="ff"), "another data of task toy"),
        (with_task(template_sha256="ff"), "another template of task toy"),
        (make_manifest(limit=2), "a larger limit"),
    ],
)
def test_a_run_that_differs_is_refused_with_the_fields_name(tmp_path: Path, manifest: Manifest, field: str) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != ".lock"}
    with pytest.raises(StoreError, match=field):
        begin(tmp_path, manifest)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name != ".lock"} == before


def test_fewer_repeats_are_refused(tmp_path: Path) -> None:
    with begin(tmp_path, make_manifest(repeats=2)):
        pass
    with pytest.raises(StoreError, match="a larger repeats"):
        begin(tmp_path, make_manifest(repeats=1))


def test_an_order_by_difficulty_must_be_the_same_where_packs_are_made_by_it(tmp_path: Path) -> None:
    def ordered(source: str) -> Manifest:
        return with_task(difficulty_source=source).model_copy(update={"design": "easy-first"})

    with begin(tmp_path, ordered("years")):
        pass
    with pytest.raises(StoreError, match="another difficulty of task toy"):
        begin(tmp_path, ordered("votes"))


@pytest.mark.parametrize(
    "changes",
    [{"engine_version": "2"}, {"device": "cuda:0"}, {"deterministic": True}, {"weights_format": "gptq"}],
    ids=str,
)
def test_how_samples_came_about_may_differ_and_every_call_is_recorded(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with begin(tmp_path):
        pass
    now = with_engine(**changes)
    call = now.invocations[0].model_copy(update={"settings": {"tensor_parallel_size": 4}})
    with begin(tmp_path, now.model_copy(update={"invocations": (call,)})):
        pass
    calls = Run(tmp_path).manifest.invocations
    assert [dict(each.settings) for each in calls] == [{}, {"tensor_parallel_size": 4}]


def test_a_manifest_of_an_older_version_is_read_and_written_as_it_was() -> None:
    text = make_manifest().model_dump_json()
    for name in ("quantization", "kv_cache_dtype", "max_model_len", "weights_format", "arguments", "settings"):
        assert f'"{name}"' not in text
    assert Manifest.model_validate_json(text).model_dump_json() == text
