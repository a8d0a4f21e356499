import pandas

from rest_bench.metrics import summarize
from rest_bench.report.page.settings import settings
from rest_bench.schema import Endpoint, Manifest
from tests.metrics.conftest import manifest, toy

__all__ = ["manifest", "toy"]


def test_nothing_of_the_manifest_is_left_out(toy: pandas.DataFrame, manifest: Manifest) -> None:
    tables = list(settings(manifest, summarize(toy, manifest)))
    shown = {row[0]: row[1] for table in tables for row in table.rows}
    for record in (manifest.engine, manifest.sampling, manifest.dressing, *manifest.tasks, *manifest.invocations):
        for name in type(record).model_fields:
            assert name.replace("_", " ") in shown
    assert shown["model"] == "toy-model"
    assert shown["max tokens"] == "32768"
    assert shown["finished at"] == "–"
    assert shown["levels"] == "level 1: 3 packs, repeats 1; level 3: 3 packs, repeats 1"
    assert "Task toy" in [table.caption for table in tables]


def test_what_a_field_does_stands_beside_it(toy: pandas.DataFrame, manifest: Manifest) -> None:
    engine = manifest.engine.model_copy(update={"quantization": "fp8"})
    (call,) = manifest.invocations
    calls = (call.model_copy(update={"settings": {"tensor_parallel_size": 4, "enforce_eager": True}}),)
    changed = manifest.model_copy(update={"engine": engine, "invocations": calls})
    rows = {row[0]: row[1:] for table in settings(changed, summarize(toy, changed)) for row in table.rows}
    assert rows["quantization"] == ("fp8", "identity")
    assert rows["device"] == ("–", "condition")
    assert rows["python"][1] == "harmless"
    assert rows["template sha256"][1] == "identity"
    assert rows["settings"][0] == "tensor_parallel_size 4, enforce_eager yes"


def test_a_server_has_a_table_of_what_is_known_of_it(toy: pandas.DataFrame, manifest: Manifest) -> None:
    server = Endpoint(address="http://a/v1", facts={"root": "/models/a"}, created=7, greedy_answer="5")
    asked = manifest.model_copy(update={"engine": manifest.engine.model_copy(update={"endpoints": (server,)})})
    made = settings(asked, summarize(toy, manifest))
    tables = {table.caption: {row[0]: row[1] for row in table.rows} for table in made}
    assert tables["Model and engine"]["endpoints"] == "http://a/v1"
    assert tables["Server http://a/v1"] == {
        "root": "/models/a",
        "created": "7",
        "greedy answer": "5",
        "greedy sha256": "–",
        "greedy stable": "no",
    }
