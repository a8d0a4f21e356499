"""What any log of another harness is read as."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field

from rest_bench.schema import DesignName, Dressing, EngineInfo, Record, Sampling


class Packed(Record):
    """How the packs of a log were made, as far as the log says so itself."""

    task: str
    level: int = Field(ge=1)
    design: DesignName = "cyclic"
    seed: int = 0
    repeats: int | None = Field(None, ge=1)
    limit: int | None = Field(None, ge=1)


class ForeignSample(NamedTuple):
    """One reply of a log."""

    where: str
    """File and line or sample, for sentences."""
    prompt: str
    """As it was logged: text, maybe behind a chat template."""
    pack_id: str | None
    """Null where the log is not of our own tasks."""
    repeat: int
    """How many replies to the same logged prompt came before; added to the repeat of the pack."""
    reply: dict[str, Any]
    """Fields of `schema.Response` from `text` on."""


class ForeignLog(NamedTuple):
    """A log of one model under one set of conditions."""

    path: Path
    info: EngineInfo
    sampling: Sampling
    dressing: Dressing
    packed: tuple[Packed, ...]
    """What the log says of its packs; empty for a log of somebody else's tasks."""
    samples: Callable[[], Iterator[ForeignSample]]
    """Reads the log once, from its beginning."""


class Wanted(NamedTuple):
    """What the user says of a log; it counts more than what the log says."""

    model: str | None = None
    tasks: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    design: str | None = None
    seed: int | None = None
    limit: int | None = None
    data_dir: Path | None = None
