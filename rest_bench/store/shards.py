"""The folders of a run's shards, read and written together as one; nothing is held in memory as text."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from pydantic import ValidationError

from rest_bench.errors import StoreError
from rest_bench.schema import Manifest, PackRecord, Problem, ProblemRecord, Response, Shard
from rest_bench.store.files import open_or_empty, read_jsonl_with_offsets, replacing, write_text, writing_lines
from rest_bench.store.responses import find_counting_lines
from rest_bench.store.run import Run

Group = tuple[str, int, int]
"""Task, level and repeat: packs that stand together in packs.jsonl."""


class GroupCount(NamedTuple):
    """How far the packs of a group are."""

    n_packs: int
    n_answered: int
    n_failed: int
    """Asked, with an error and nothing better."""


class ShardReader:
    """One shard's folder, of which only the places of packs and responses are held in memory.

    Raises:
        StoreError: a file is missing or damaged; it is named.
    """

    def __init__(self, run: Run) -> None:
        self.path = run.path
        self.manifest = run.manifest
        assert self.manifest.shard is not None, "the folder of a shard"
        self.shard: Shard = self.manifest.shard
        self.problems: Mapping[tuple[str, str], Problem] = run.problems()
        lines = find_counting_lines(run.path / "responses.jsonl")
        lines.warn_of_loss(run.path / "responses.jsonl")
        self._offsets = {**lines.failed, **lines.good}
        self.pack_ids: set[str] = set()
        self.groups: dict[Group, GroupCount] = {}
        self._starts: dict[Group, int] = {}
        self._find_groups(lines.good)
        self._responses = open_or_empty(run.path / "responses.jsonl")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close responses.jsonl."""
        self._responses.close()

    def records(self, group: Group) -> Iterator[PackRecord]:
        """Yield the packs of a group in their order; none where the shard has no part of it."""
        if group not in self.groups:
            return
        with open_or_empty(self.path / "packs.jsonl") as lines:
            lines.seek(self._starts[group])
            for _ in range(self.groups[group].n_packs):
                yield PackRecord.model_validate_json(lines.readline())

    def response_line(self, record: PackRecord) -> bytes | None:
        """Return the line that counts for a pack, or null where it has none."""
        if record.pack_id not in self._offsets:
            return None
        try:
            self._responses.seek(self._offsets[record.pack_id])
            line = self._responses.readline()
            response = Response.model_validate_json(line)
        except (OSError, ValidationError) as error:
            raise StoreError(
                f"{self.path / 'responses.jsonl'}: cannot be read again; it changed meanwhile: start anew"
            ) from error
        if (response.task, response.level, response.repeat) != (record.task, record.level, record.repeat):
            raise StoreError(
                f"{self.path / 'responses.jsonl'}: the response to pack {record.pack_id} names another task, level or "
                "repeat than packs.jsonl; one of the files was edited"
            )
        return line

    def _find_groups(self, good: Mapping[str, int]) -> None:
        path = self.path / "packs.jsonl"
        last: Group | None = None
        for offset, record in read_jsonl_with_offsets(path, PackRecord):
            group = (record.task, record.level, record.repeat)
            if record.pack_id in self.pack_ids or (group != last and group in self.groups):
                raise StoreError(f"{path}: pack {record.pack_id} stands twice or out of order; the file was edited")
            self.pack_ids.add(record.pack_id)
            self._starts.setdefault(group, offset)
            n_packs, n_answered, n_failed = self.groups.get(group, (0, 0, 0))
            answered = record.pack_id in good
            failed = not answered and record.pack_id in self._offsets
            self.groups[group] = GroupCount(n_packs + 1, n_answered + answered, n_failed + failed)
            last = group


def write_merged(folder: Path, manifest: Manifest, packs: Iterable[tuple[ShardReader, PackRecord]]) -> None:
    """Write the files of a run, but for scores and summary, from those of its shards.

    Args:
        folder: is there and empty.
        manifest: of the whole run.
        packs: in the order of the whole run, each with its shard.

    Raises:
        StoreError: a file cannot be written, is damaged, or two shards have different problems under one name.
    """
    problems: dict[tuple[str, str], tuple[Problem, Path]] = {}
    with (
        writing_lines(folder / "packs.jsonl") as write_pack,
        replacing(folder / "responses.jsonl") as temporary,
        temporary.open("wb") as responses,
    ):
        for shard, record in packs:
            write_pack(record)
            if (line := shard.response_line(record)) is not None:
                responses.write(line)
            for problem_id in record.problem_ids:
                _take_problem(problems, shard, (record.task, problem_id))
    with writing_lines(folder / "problems.jsonl") as write_problem:
        for (task, _), (problem, _) in problems.items():
            write_problem(ProblemRecord(task=task, problem=problem))
    write_text(folder / "manifest.json", manifest.model_dump_json(indent=2) + "\n")


def _take_problem(
    problems: dict[tuple[str, str], tuple[Problem, Path]], shard: ShardReader, key: tuple[str, str]
) -> None:
    """Keep a problem of a pack, in the order in which the packs name them."""
    problem = shard.problems.get(key)
    if problem is None:
        raise StoreError(f"{shard.path / 'problems.jsonl'}: lacks problem {key[1]!r} of {key[0]}; it was damaged")
    kept, kept_from = problems.setdefault(key, (problem, shard.path))
    if kept is not problem and kept != problem:
        raise StoreError(
            f"{kept_from} and {shard.path}: have different problems under the name {key[1]!r} of {key[0]}; "
            "problems.jsonl of one of them was edited"
        )
