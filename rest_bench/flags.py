"""Flags made from a record of settings, such as RunConfig: each is named, explained and bounded in one place."""

from collections.abc import Sequence
from inspect import Parameter, Signature
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer

from rest_bench.engines import ENGINES
from rest_bench.schema import Record, Sampling


def with_flags_of(kind: type[Record], command: Any, as_json_flag: Any) -> Any:
    """Return `command` behind one flag for each field of a record, named and explained as there.

    Args:
        kind: a record whose fields have docstrings (`use_attribute_docstrings`).
        command: takes the settings given, the run file, and whether to print JSON.
        as_json_flag: the annotation of the last one.
    """
    flags = {name: _flag(name, field) for name, field in kind.model_fields.items()}
    run_file = Annotated[Path | None, typer.Option("--config", help="A YAML file with these settings.")]

    def with_flags(config: Path | None = None, as_json: bool = False, **values: Any) -> None:
        settings = {
            name: split_values(value) if get_origin(kind.model_fields[name].annotation) is tuple else value
            for name, value in values.items()
            if value is not None and value != []
        }
        command(settings, config, as_json)

    parameters = {**flags, "config": run_file, "as_json": as_json_flag}
    with_flags.__doc__ = command.__doc__
    with_flags.__annotations__ = parameters
    vars(with_flags)["__signature__"] = Signature(
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=False if name == "as_json" else None, annotation=kind)
            for name, kind in parameters.items()
        ]
    )
    return with_flags


def _without_none(annotation: Any) -> Any:
    """Return the one kind that is left of an optional one."""
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    return kinds[0] if get_origin(annotation) in (Union, UnionType) and len(kinds) == 1 else annotation


def _flag(name: str, field: Any) -> Any:
    """Return the annotation of a flag. Not given is None, so that the value of a run file or the default holds."""
    kind = list[str] if get_origin(field.annotation) is tuple else _without_none(field.annotation)
    panel, explanation = _panel(name, field.description)
    notes = []
    if get_origin(kind) is Literal:
        notes.append("one of " + ", ".join(get_args(kind)))
        kind = str
    if default := _shown_default(name, field):
        notes.append(f"default {default}")
    spelled = name.replace("_", "-")
    return Annotated[
        kind | None,
        typer.Option(
            f"--{spelled}/--no-{spelled}" if field.default is True else f"--{spelled}",
            help=explanation + (f" ({'; '.join(notes)})" if notes else ""),
            show_default=False,
            rich_help_panel=panel,
        ),
    ]


def _shown_default(name: str, field: Any) -> str | None:
    """Return a default in words, or null where it says no more than that nothing is given.

    Compared by identity and kind: 0 and 1 are equal to False and True.
    """
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    if default is True:
        return name.replace("_", "-")
    if default is None or default is False or default in ("", "{}", ()):
        return None
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    return f"{default:g}" if isinstance(default, float) else str(default)


def _panel(name: str, description: str) -> tuple[str, str]:
    """Return under which heading a flag stands, and its explanation without the engine's name before it."""
    engine, colon, explanation = description.partition(": ")
    if colon and engine in ENGINES:
        return f"Engine {engine}", explanation
    return ("Sampling" if name in Sampling.model_fields else "Options"), description


def split_values(values: Sequence[str]) -> tuple[str, ...]:
    """Return the parts of a flag that may be given several times, each with commas between."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
