from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.schema import AdapterInfo, Manifest
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
