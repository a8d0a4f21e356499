"""Shards of one run -> the whole run: what may be merged, what is missing, and the order of the whole."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple, TypeVar

from rest_bench.errors import StoreError
from rest_bench.schema import Manifest, PackRecord, Shard
from rest_bench.settings.endpoints import joined_endpoints
from rest_bench.store import (
    Group,
    Run,
    ShardReader,
    first_difference,
    first_planned_difference,
    is_being_written,
)

logger = logging.getLogger(__name__)

GAPS_SAID = 6
"""Levels that a sentence names before it says how many more there are."""

Item = TypeVar("Item")


class ShardRun(NamedTuple):
    """A folder that says it is a shard."""

    run: Run
    manifest: Manifest
    shard: Shard


class LevelCoverage(NamedTuple):
    """How much of one task at one level is there."""

    task: str
    level: int
    n_planned: int
    """Samples of the whole run."""
    n_answered: int
    n_failed: int
    """Asked, with an error and nothing better; they count as missing."""


class Coverage(NamedTuple):
    """How much of a run its shards hold."""

    n_shards: int
    missing_shards: tuple[int, ...]
    levels: tuple[LevelCoverage, ...]

    @property
    def is_complete(self) -> bool:
        """Every sample has a good response."""
        return all(level.n_answered == level.n_planned for level in self.levels)


# --- folders ----------------------------------------------------------------------------------------------------------


def refuse_taken(out: Path, paths: Sequence[Path]) -> None:
    """Raise StoreError where a new folder at `out` would touch one of the folders at `paths`, or another one."""
    for path in paths:
        if out.resolve().is_relative_to(path.resolve()):
            raise StoreError(f"--out {out}: lies in {path}, which is to be merged; use another --out")
    if (out / "manifest.json").exists():
        raise StoreError(f"--out {out}: holds a run already; use another --out")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise StoreError(f"--out {out}: is there already; use another --out")


def mind_writers(paths: Iterable[Path], partial: bool) -> None:
    """Refuse folders that a process is writing to; warn of them where only what is there is wanted."""
    for path in filter(is_being_written, paths):
        if not partial:
            raise StoreError(f"{path}: a process is writing to it; wait for it, or merge what is there with --partial")
        logger.warning("%s: a process is writing to it; only what is there now is merged", path)


# --- what belongs together --------------------------------------------------------------------------------------------


def find_shards(paths: Iterable[Path]) -> tuple[ShardRun, ...]:
    """Return the shards in these folders, by their index.

    Raises:
        StoreError: a folder holds no shard, one shard is there twice, or they are not of one run; the folders and the
            field are named.
    """
    found = [_open_shard(path) for path in paths]
    first, *others = found
    for other in others:
        _refuse_strangers(first, other)
    by_index: dict[int, ShardRun] = {}
    for each in found:
        if each.shard.index in by_index:
            twice = by_index[each.shard.index].run.path
            raise StoreError(f"{twice} and {each.run.path}: are both shard {_name(each.shard)}; name each shard once")
        by_index[each.shard.index] = each
    return tuple(by_index[index] for index in sorted(by_index))


def _open_shard(path: Path) -> ShardRun:
    run = Run(path)
    manifest = run.manifest
    if manifest.shard is None:
        raise StoreError(
            f"{path}: is a whole run and no shard; `merge` joins the folders of `rest-bench eval --shard i/N`"
        )
    return ShardRun(run, manifest, manifest.shard)


def _refuse_strangers(first: ShardRun, other: ShardRun) -> None:
    folders = f"{first.run.path} and {other.run.path}: are not shards of one run"
    if first.shard.count != other.shard.count:
        raise StoreError(
            f"{folders}: shard {_name(first.shard)} there, {_name(other.shard)} here; merge like with like"
        )
    whole = first.manifest.model_copy(update={"shard": other.shard})
    if found := first_difference(whole, other.manifest) or first_planned_difference(whole, other.manifest):
        raise StoreError(
            f"{folders}: another {found.field} ({found.here} there, {found.there} here); merge like with like"
        )


def refuse_overlap(shards: Iterable[ShardReader]) -> None:
    """Raise StoreError where two folders hold the same pack."""
    seen: dict[str, Path] = {}
    for shard in shards:
        for pack_id in shard.pack_ids:
            if pack_id in seen:
                raise StoreError(
                    f"{seen[pack_id]} and {shard.path}: both hold pack {pack_id}; packs.jsonl of one of them was edited"
                )
            seen[pack_id] = shard.path


def refuse_misfit(shard: ShardReader) -> None:
    """Raise StoreError where a folder does not hold the packs that its manifest plans."""
    planned = {group: n_packs for group, n_packs in _planned_groups(shard.manifest, shard.shard) if n_packs}
    for group in planned.keys() | shard.groups.keys():
        n_packs = shard.groups[group].n_packs if group in shard.groups else 0
        if n_packs != planned.get(group, 0):
            task, level, repeat = group
            raise StoreError(
                f"{shard.path}: holds {n_packs} packs of {task} at level {level}, repeat {repeat}, and its manifest "
                f"plans {planned.get(group, 0)}; run the same `eval` command again, which plans them anew"
            )


def _planned_groups(manifest: Manifest, shard: Shard | None = None) -> Iterator[tuple[Group, int]]:
    """Yield task, level and repeat in the order of a whole run, with the packs that a shard has of them."""
    for task in manifest.tasks:
        for level in task.levels:
            n_packs = level.n_packs // level.repeats
            if shard is not None:
                n_packs = shard.share(n_packs)
            for repeat in range(level.repeats):
                yield (task.name, level.level, repeat), n_packs


# --- what is there ----------------------------------------------------------------------------------------------------


def find_coverage(manifest: Manifest, shards: Sequence[ShardReader]) -> Coverage:
    """Return how much of a run its shards hold, by task and level."""
    n_answered: dict[tuple[str, int], int] = defaultdict(int)
    n_failed: dict[tuple[str, int], int] = defaultdict(int)
    for shard in shards:
        for (task, level, _), count in shard.groups.items():
            n_answered[task, level] += count.n_answered
            n_failed[task, level] += count.n_failed
    n_shards = shards[0].shard.count
    there = {shard.shard.index for shard in shards}
    return Coverage(
        n_shards,
        tuple(index for index in range(1, n_shards + 1) if index not in there),
        tuple(
            LevelCoverage(task.name, each.level, each.n_packs, n_answered[task.name, each.level], failed)
            for task in manifest.tasks
            for each in task.levels
            for failed in [n_failed[task.name, each.level]]
        ),
    )


def refuse_gaps(coverage: Coverage, out: Path) -> None:
    """Raise StoreError, with what is missing and what to do, where a run is not whole."""
    if coverage.is_complete:
        return
    gaps = [_gap(level) for level in coverage.levels if level.n_answered < level.n_planned]
    more = [f"and so on at {len(gaps) - GAPS_SAID} more levels"] if len(gaps) > GAPS_SAID else []
    facts = "; ".join([*_missing_shards(coverage), *gaps[:GAPS_SAID], *more])
    raise StoreError(
        f"{out}: not merged, as samples are missing: {facts}; run the `eval` commands of the shards again, or merge "
        "what is there with --partial"
    )


def _missing_shards(coverage: Coverage) -> list[str]:
    names = [f"{index}/{coverage.n_shards}" for index in coverage.missing_shards]
    if not names:
        return []
    return [f"shard {names[0]} is missing" if len(names) == 1 else f"shards {', '.join(names)} are missing"]


def _gap(level: LevelCoverage) -> str:
    failed = f", {level.n_failed} failed" if level.n_failed else ""
    return f"{level.n_answered} of {level.n_planned} samples of {level.task} at level {level.level}{failed}"


# --- the whole --------------------------------------------------------------------------------------------------------


def merge_manifests(shards: Sequence[ShardRun], scorer_version: str) -> Manifest:
    """Return the manifest of the whole run: the first shard's, with the invocations of all in order of time."""
    invocations = [invocation for each in shards for invocation in each.manifest.invocations]
    engine = shards[0].manifest.engine
    endpoints = joined_endpoints({str(each.run.path): each.manifest.engine for each in shards})
    return shards[0].manifest.model_copy(
        update={
            "engine": engine.model_copy(update={"endpoints": endpoints}),
            "shard": None,
            "scorer_version": scorer_version,
            "invocations": tuple(sorted(invocations, key=lambda invocation: invocation.started_at)),
        }
    )


def packs_in_order(manifest: Manifest, shards: Sequence[ShardReader]) -> Iterator[tuple[ShardReader, PackRecord]]:
    """Yield the packs of all shards in the order of an unsharded run, each with its shard."""
    for group, _ in _planned_groups(manifest):
        yield from interleave([[(shard, record) for record in shard.records(group)] for shard in shards])


def interleave(parts: Sequence[Iterable[Item]]) -> Iterator[Item]:
    """Yield the first of each part, then the second of each, and so on: a shard holds every N-th pack."""
    for row in zip_longest(*parts):
        yield from (item for item in row if item is not None)


def _name(shard: Shard) -> str:
    return f"{shard.index}/{shard.count}"
