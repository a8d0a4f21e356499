"""Nothing that a run is set by or records may be forgotten: the table speaks of all of it, once."""

import types
import typing
from collections import Counter
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from rest_bench.config import RunConfig
from rest_bench.schema import Dressing, EngineInfo, Extractor, Invocation, Manifest, PlannedLevel, Sampling, TaskRecord
from rest_bench.settings import SETTINGS
from rest_bench.settings.reading import OF_CALL

WHOLE = ("engine.adapter", "engine.endpoints", "shard", "invocations.settings")
"""Records of which one value is looked at, and the mapping whose keys are fields of RunConfig."""


def record_in(annotation: object) -> type[BaseModel] | None:
    """Return the record that a field is, may be, or holds many of."""
    kinds = [annotation, *typing.get_args(annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def paths(record: type[BaseModel], within: str = "") -> Iterator[str]:
    for name, field in record.model_fields.items():
        path = within + name
        inner = None if path in WHOLE else record_in(field.annotation)
        if inner is None:
            yield path
        else:
            yield from paths(inner, f"{path}.")


def fields_named() -> Iterator[str]:
    for row in SETTINGS:
        yield from row.fields


def recorded() -> list[str]:
    return [path for row in SETTINGS for path in (row.recorded, row.beside) if path]


def test_every_setting_of_a_run_has_a_role() -> None:
    assert set(fields_named()) == set(RunConfig.model_fields)


def test_every_field_of_a_manifest_has_one_role() -> None:
    spoken_of = [next((whole for whole in WHOLE if path.startswith(f"{whole}.")), path) for path in recorded()]
    of_calls = spoken_of.count("invocations.settings")
    assert Counter(spoken_of) == Counter({**dict.fromkeys(paths(Manifest), 1), "invocations.settings": of_calls})


@pytest.mark.parametrize("record", [Sampling, Dressing, EngineInfo, TaskRecord, PlannedLevel, Invocation])
def test_the_records_of_a_manifest_are_walked_through(record: type[BaseModel]) -> None:
    """What the test above rests on: a record that the walk misses would be left out of it."""
    ends = {path.rpartition(".")[2] for path in paths(Manifest)}
    nested = {name for name, field in record.model_fields.items() if record_in(field.annotation)}
    assert set(record.model_fields) - nested <= ends


def test_a_new_field_without_a_row_is_missed() -> None:
    class Longer(RunConfig):
        brand_new: bool = False

    assert set(Longer.model_fields) - set(fields_named()) == {"brand_new"}


def test_a_call_records_settings_by_the_names_of_their_fields() -> None:
    for row in SETTINGS:
        if row.recorded.startswith(OF_CALL):
            assert row.fields == (row.recorded.removeprefix(OF_CALL),)
            assert row.role == "condition"


def test_names_are_unique_and_what_is_no_identity_gives_its_reason() -> None:
    assert [name for name, count in Counter(row.name for row in SETTINGS).items() if count > 1] == []
    unexplained = [row.name for row in SETTINGS if row.role in ("condition", "harmless") and row.fields and not row.why]
    assert unexplained == ["device"]


def test_only_identity_is_in_a_sample_id() -> None:
    for row in SETTINGS:
        assert (row.in_id != "no") == (row.role == "identity"), row.name
        assert row.recorded or row.role == "harmless", row.name


def test_a_second_model_is_told_by_what_a_run_is_told_by() -> None:
    held = {path.partition(".")[0] for path in paths(Extractor)} & {path.partition(".")[0] for path in paths(Manifest)}
    assert held == {"engine", "sampling", "dressing"}


def test_the_walk_knows_tuples_and_optional_records() -> None:
    assert record_in(tuple[PlannedLevel, ...]) is PlannedLevel
    assert record_in(Sampling | None) is Sampling
    assert record_in(str | None) is None
    assert isinstance(Sampling | None, types.UnionType)
