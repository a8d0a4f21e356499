from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.schema import EngineInfo, Extractor, Sampling
from rest_bench.store import ExtractionWriter, Run, RunWriter
from tests.records import make_response
from tests.store.build import PACKS, begin

EXTRACTOR = Extractor(
    engine=EngineInfo(engine="openai", engine_version="1", model="org/lister"),
    sampling=Sampling(temperature=0),
    prompt_version=1,
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
        writer.append(make_response(PACKS[1]))
    return Run(tmp_path)


def test_a_run_without_a_second_model_has_none(run: Run) -> None:
    assert run.extractor is None
    assert [sample.extraction for sample in run.samples()] == [None, None]


def test_what_a_second_model_said_stands_beside_the_response_it_read(run: Run) -> None:
    with ExtractionWriter(run.path) as writer:
        assert writer.begin(EXTRACTOR).done == frozenset()
        writer.append(make_response(PACKS[1], "Q1: 1"))
    assert run.extractor == EXTRACTOR
    assert [sample.extraction for sample in run.samples()] == [None, make_response(PACKS[1], "Q1: 1")]
    assert [sample.response for sample in run.samples()] == [make_response(PACKS[0]), make_response(PACKS[1])]


def test_what_it_said_before_is_known_and_a_torn_line_is_not(run: Run) -> None:
    with ExtractionWriter(run.path) as writer:
        writer.begin(EXTRACTOR)
        writer.append(make_response(PACKS[0], "Q1: 1"))
        writer.append(make_response(PACKS[1], "Q1: 1"))
    path = run.path / "extractions.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    with ExtractionWriter(run.path) as writer:
        assert writer.begin(EXTRACTOR).done == {f"sample-{PACKS[0].pack_id}"}


def test_a_newer_server_of_the_same_model_may_go_on(run: Run) -> None:
    newer = EXTRACTOR.model_copy(update={"engine": EXTRACTOR.engine.model_copy(update={"engine_version": "2"})})
    for extractor in (EXTRACTOR, newer):
        with ExtractionWriter(run.path) as writer:
            writer.begin(extractor)
    assert run.extractor == newer


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"engine": EXTRACTOR.engine.model_copy(update={"model": "org/other"})}, "org/lister listed; remove"),
        ({"prompt_version": 2}, "org/lister listed, asked with other settings; remove"),
        ({"sampling": Sampling(temperature=1)}, "org/lister listed, asked with other settings; remove"),
        (
            {"engine": EXTRACTOR.engine.model_copy(update={"quantization": "fp8"})},
            r"asked with other settings; remove .* \(another quantization: none there, fp8 now\)",
        ),
        ({"engine": EXTRACTOR.engine.model_copy(update={"revision": "b"})}, "another revision: none there, b now"),
    ],
)
def test_one_folder_holds_the_list_of_one_model(run: Run, change: dict[str, object], sentence: str) -> None:
    with ExtractionWriter(run.path) as writer:
        writer.begin(EXTRACTOR)
    with ExtractionWriter(run.path) as writer, pytest.raises(StoreError, match=sentence):
        writer.begin(EXTRACTOR.model_copy(update=change))
    assert run.extractor == EXTRACTOR


def test_nobody_else_writes_to_the_folder_meanwhile(run: Run) -> None:
    with ExtractionWriter(run.path), pytest.raises(StoreError, match="another process is writing"):
        RunWriter(run.path)
