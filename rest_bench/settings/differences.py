"""Two manifests -> what differs between them, by the table, and what each difference does to the numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from rest_bench.schema import Manifest, ManifestDifference, Role, Summary
from rest_bench.settings.endpoints import compared_endpoints
from rest_bench.settings.reading import OF_TASK, applies, plain, task_value, value_of
from rest_bench.settings.table import IN_COMPARE, SETTINGS, Setting

HASH_SHOWN = 12
"""Characters of a hash."""
CHANGING = frozenset(row.name for row in SETTINGS if row.role in ("identity", "condition"))
"""What another value of can give another reply."""
ROLES: tuple[Role, ...] = ("compared", "confounds", "condition", "score again", "restricted", "harmless")
"""In the order of their weight."""


class Scored(Protocol):
    """A run with its scores."""

    @property
    def manifest(self) -> Manifest:
        """What made its samples what they are."""
        ...

    @property
    def summary(self) -> Summary:
        """Its numbers, with the rules that they were made by."""
        ...


def manifest_differences(a: Scored, b: Scored, tasks: Iterable[str] = ()) -> tuple[ManifestDifference, ...]:
    """Return every field in which two manifests differ, and what that does to the numbers.

    A setting is what is compared where it is the only one that differs and the model is the same; beside another model
    or another setting it confounds.

    Args:
        a: run A.
        b: run B.
        tasks: those that are compared; fields of others are not looked at.
    """
    fields_a, fields_b = (dict(_fields(scored, list(tasks))) for scored in (a, b))
    found = [
        (name, fields_a[name], fields_b[name]) for name in fields_a if fields_a[name].value != fields_b[name].value
    ]
    found += [
        (name, _Field(role, one, one), _Field(role, other, other))
        for name, role, one, other in compared_endpoints(a.manifest, b.manifest)
    ]
    roles = [one.role for _, one, _ in found]
    one_setting = "compared" not in roles and roles.count("confounds") == 1
    return tuple(
        ManifestDifference(
            field=name,
            a=one.text,
            b=other.text,
            role="compared" if one_setting and one.role == "confounds" else one.role,
        )
        for name, one, other in sorted(found, key=lambda each: list(ROLES).index(each[1].role))
    )


class _Field(NamedTuple):
    """One field of a manifest."""

    role: Role
    """What another value would do."""
    value: object
    text: str | None


def _fields(scored: Scored, tasks: Sequence[str]) -> Iterator[tuple[str, _Field]]:
    """Yield every field of a manifest that is compared, by the name that the user knows it under."""
    manifest, config = scored.manifest, scored.summary.config
    for row in SETTINGS:
        if row.in_compare == "unnamed" or not row.recorded:
            continue
        role = IN_COMPARE[row.role] if row.in_compare == "by role" else row.in_compare
        if row.recorded == "scorer_version":  # a run that was scored again says so in its summary
            version = config.scorer_version or manifest.scorer_version
            yield row.name, _Field(role, version, _shown(version))
        elif row.recorded.startswith(OF_TASK):
            yield from ((f"{row.name} of {name}", _task_field(row, role, scored, name)) for name in tasks)
        else:
            value = plain(value_of(row, manifest))
            yield row.name, _Field(role, value, _shown(value))
    yield "second model", _Field("harmless", config.extractor, config.extractor)


def _task_field(row: Setting, role: Role, scored: Scored, name: str) -> _Field:
    (task,) = (task for task in scored.manifest.tasks if task.name == name)
    value = task_value(row, task) if applies(row, scored.manifest) else None
    if isinstance(value, dict):
        value = ", ".join(_each_level(value))
    text = _shown(value)
    if row.beside and text is not None:  # names may be equal where hashes are not
        text = f"{task_value(row._replace(recorded=row.beside), task)} {text}"
    return _Field(role, value, text)


def _each_level(values: Mapping[int, object]) -> list[str]:
    if len(set(values.values())) == 1:
        return [str(next(iter(values.values())))]
    return [f"{value} at level {level}" for level, value in values.items()]


def _shown(value: object) -> str | None:
    text = None if value is None else str(value)
    return text[:HASH_SHOWN] if text is not None and _is_hash(text) else text


def _is_hash(text: str) -> bool:
    return len(text) > 3 * HASH_SHOWN and set(text) <= set("0123456789abcdef")
