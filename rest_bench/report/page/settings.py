"""What made a run what it is, as tables of a page: the manifest, with nothing of it left out."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from rest_bench.report.page.tables import Table
from rest_bench.schema import Manifest, Summary
from rest_bench.settings import SETTINGS


def settings(manifest: Manifest, summary: Summary) -> Iterator[Table]:
    """Yield the tables of settings and provenance."""
    rest = {
        "design": manifest.design,
        "seed": manifest.seed,
        "shard": None if manifest.shard is None else f"{manifest.shard.index} of {manifest.shard.count}",
        "partial": summary.config.partial,
        "second model for reading": summary.config.extractor,
        "scorer version": manifest.scorer_version,
        "schema version": manifest.schema_version,
    }
    addresses = tuple(endpoint.address for endpoint in manifest.engine.endpoints)
    yield _pairs("Model and engine", {**_fields(manifest.engine), "endpoints": addresses}, "engine.")
    for endpoint in manifest.engine.endpoints:
        said = {name: value for name, value in _fields(endpoint).items() if name not in ("address", "facts")}
        yield _pairs(f"Server {endpoint.address}", {**endpoint.facts, **said})
    yield _pairs("Sampling", _fields(manifest.sampling), "sampling.")
    yield _pairs("Added to every request", _fields(manifest.dressing), "dressing.")
    yield _pairs("Design and reading", rest)
    for task in manifest.tasks:
        fields = _fields(task)
        fields["levels"] = "; ".join(
            f"level {level.level}: {level.n_packs:,} packs, repeats {level.repeats}"
            + ("" if level.limit is None else f", first {level.limit:,} problems")
            for level in task.levels
        )
        yield _pairs(f"Task {task.name}", fields, "tasks.")
    for number, invocation in enumerate(manifest.invocations, start=1):
        yield _pairs(f"Call {number} of {len(manifest.invocations)}", _fields(invocation), "invocations.")


ROLES = {path: row.role for row in SETTINGS for path in (row.recorded, row.beside) if path}
"""What another value of a field would do, by its path."""


def _fields(record: BaseModel) -> dict[str, object]:
    return {name.replace("_", " "): value for name, value in record}


def _pairs(caption: str, values: Mapping[str, object], within: str = "") -> Table:
    rows = ((name, _text(value), ROLES.get(within + name.replace(" ", "_"), "")) for name, value in values.items())
    return Table(caption, ("setting", "value", "role"), tuple(rows))


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(each)}" for name, each in value.items()) or "–"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value)) or "–"
    return str(value)
