from typing import NamedTuple

import pytest

from rest_bench.schema import Manifest, OverallSummary, Role, Summary, SummaryConfig
from rest_bench.settings import SETTINGS, Setting, manifest_differences
from rest_bench.settings.differences import ROLES
from tests.records import make_manifest


class Made(NamedTuple):
    manifest: Manifest
    summary: Summary


def made(**changes: object) -> Made:
    manifest = make_manifest().model_copy(update=changes)
    config = SummaryConfig(design="cyclic", seed=0, sampling=manifest.sampling, partial=False)
    overall = OverallSummary(tasks=(), single=None, stress=None, drop=None)
    return Made(manifest, Summary(model="m", engine="e", config=config, tasks={}, overall=overall))


def found(**changes: object) -> dict[str, tuple[str | None, str | None, Role]]:
    differences = manifest_differences(made(), made(**changes), ["toy"])
    return {each.field: (each.a, each.b, each.role) for each in differences}


def test_equal_manifests_differ_in_nothing() -> None:
    assert found() == {}


@pytest.mark.parametrize(
    "row", [row for row in SETTINGS if row.recorded.rpartition(".")[0] == "engine"], ids=lambda row: row.name
)
def test_every_field_of_an_engine_is_named(row: Setting) -> None:
    field = row.recorded.partition(".")[2]
    value = {"refused_parameters": ("seed",), "max_context_tokens": 9, "max_model_len": 9, "deterministic": True}
    engine = make_manifest().engine.model_copy(update={field: value.get(field, "other")})
    named = found(engine=engine)
    if row.in_compare == "unnamed":
        assert named == {}
        return
    assert list(named) == [row.name]
    assert named[row.name][2] != "harmless"


def test_what_weighs_most_stands_first() -> None:
    engine = make_manifest().engine.model_copy(update={"model": "other", "device": "cuda"})
    (call,) = make_manifest().invocations
    changes = {"engine": engine, "design": "reversed", "seed": 1, "scorer_version": "2"}
    changed = found(**changes, invocations=(call.model_copy(update={"python": "3.12"}),))
    assert [role for _, _, role in changed.values()] == list(ROLES)


def test_levels_that_differ_are_said_one_by_one() -> None:
    (task,) = make_manifest(levels=(1, 2)).tasks
    first, second = task.levels
    levels = (first, second.model_copy(update={"repeats": 3}))
    assert found(tasks=(task.model_copy(update={"levels": levels}),)) == {
        "repeats of toy": ("1", "1 at level 1, 3 at level 2", "restricted")
    }
