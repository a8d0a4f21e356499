"""The run folder: what an evaluation leaves on disk, appended as it happens, never lost and never counted twice.

- manifest.json: what makes the samples what they are (schema.Manifest)
- problems.jsonl: each problem once; packs.jsonl: each pack by the ids of its problems
- responses.jsonl: one line per finished sample, on disk before the next one is waited for
- scores.parquet and summary.json: made from the above, and made again by `rest-bench score`
"""

import io
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Self, TypeVar, cast, get_args

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from rest_bench.errors import StoreError
from rest_bench.schema import (
    Manifest,
    Observed,
    Pack,
    PackRecord,
    PlannedLevel,
    Problem,
    ProblemRecord,
    Prompt,
    Response,
    Score,
    Summary,
)

if TYPE_CHECKING:
    import pandas

SCORES_PER_WRITE = 10_000
"""Scores held in memory before they go to disk."""


class Sample(NamedTuple):
    """A pack of a run with what was answered."""

    pack: Pack
    response: Response


class Answered(NamedTuple):
    """What of a run is answered already."""

    done: frozenset[str]
    """Sample ids that have a good response."""
    observed: Mapping[tuple[str, int], Observed]
    """Task and level to the length of these responses."""
    n_unreadable: int
    """Whole lines that are no response; they are left out and asked again."""
    end: int
    """Byte offset behind the last whole line; anything after it is a line that a crash cut short."""


class Run:
    """A run folder, for reading."""

    def __init__(self, path: Path) -> None:
        """Open a run folder.

        Raises:
            StoreError: there is no readable run at this path.
        """
        self.path = path
        if not (path / "manifest.json").is_file():
            raise StoreError(f"{path}: not a run folder (it has no manifest.json); give the folder that `eval` wrote")

    @property
    def manifest(self) -> Manifest:
        """What makes the samples of this run what they are."""
        return _read_model(self.path / "manifest.json", Manifest)

    @property
    def summary(self) -> Summary:
        """The metrics; raises StoreError where the run was not scored yet."""
        return _read_model(self.path / "summary.json", Summary, remedy=f"run `rest-bench score {self.path}`")

    def scores(self) -> "pandas.DataFrame":
        """Return the scores table, one row per slot, with the columns of `schema.Score`."""
        import pandas

        path = self.path / "scores.parquet"
        if not path.is_file():
            raise StoreError(f"{path}: missing; run `rest-bench score {self.path}`")
        return pandas.read_parquet(path)

    def level_scores(self, task: str, level: int, columns: Sequence[str]) -> "pandas.DataFrame":
        """Return these columns of the scores of one task at one level, in the order of the table; maybe no row.

        Reads no other level, and columns of few values (as `outcome`) as categories, to go easy on memory.

        Raises:
            StoreError: the run was not scored yet.
        """
        path = self.path / "scores.parquet"
        if not path.is_file():
            raise StoreError(f"{path}: missing; run `rest-bench score {self.path}`")
        return _read_level(path, task, level, list(columns))

    def pack_records(self) -> Iterator[PackRecord]:
        """Yield the packs of the run in the order they were planned."""
        return _read_jsonl(self.path / "packs.jsonl", PackRecord)

    def problems(self) -> dict[tuple[str, str], Problem]:
        """Return every problem of the run by task and problem id."""
        records = _read_jsonl(self.path / "problems.jsonl", ProblemRecord)
        return {(record.task, record.problem.id): record.problem for record in records}

    def answered(self) -> Answered:
        """Return what of the run is answered already."""
        return read_answered(self.path / "responses.jsonl")

    def samples(self) -> Iterator[Sample]:
        """Yield every answered pack in the order of packs.jsonl, one at a time: no run is held in memory as text."""
        problems = self.problems()
        offsets = counting_lines(self.path / "responses.jsonl")
        with _open_or_empty(self.path / "responses.jsonl") as lines:
            for record in self.pack_records():
                if record.pack_id in offsets:
                    lines.seek(offsets[record.pack_id])
                    yield Sample(_pack(record, problems), Response.model_validate_json(lines.readline()))

    def write_scores(self, scores: Iterable[tuple[Score, ...]]) -> None:
        """Write scores.parquet, one row per slot, in the order given; the old file stays until the new one is whole."""
        import pyarrow
        import pyarrow.parquet

        schema = pyarrow.schema([(name, _arrow_type(field.annotation)) for name, field in Score.model_fields.items()])
        with (
            _replacing(self.path / "scores.parquet") as temporary,
            pyarrow.parquet.ParquetWriter(temporary, schema, compression="zstd") as writer,
        ):
            for rows in _chunks((score.model_dump() for pack in scores for score in pack), SCORES_PER_WRITE):
                writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))

    def write_summary(self, summary: Summary) -> None:
        """Write summary.json; the old file stays until the new one is whole."""
        _write_text(self.path / "summary.json", summary.model_dump_json(indent=2) + "\n")


class RunWriter:
    """The one process that may add to a run folder; holds its lock while open."""

    def __init__(self, path: Path) -> None:
        """Lock the folder, which is made if it is not there.

        Raises:
            StoreError: the folder cannot be written, or another process writes to it.
        """
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(path / ".lock", timeout=0)
            self._lock.acquire()
        except Timeout as error:
            raise StoreError(
                f"{path}: another process is writing to this run; wait for it or use another --out"
            ) from error
        except OSError as error:
            raise StoreError(f"{path}: cannot be written ({error.strerror}); use another --out") from error
        self._responses: BinaryIO | None = None
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._responses is not None:
            self._responses.close()
        self._lock.release()

    def begin(self, manifest: Manifest, plan: Iterable[tuple[Pack, Prompt]]) -> Answered:
        """Write the plan (packs, and the hashes of their prompts) and return what of it is answered already.

        Levels and tasks that the folder holds and this plan does not name stay as they are; a level named again is
        planned anew.

        Raises:
            StoreError: the folder holds a run that differs in what makes a sample what it is; the field is named.
        """
        earlier = Run(self.path) if (self.path / "manifest.json").is_file() else None
        problems: dict[tuple[str, str], Problem] = {}
        if earlier is not None:
            refuse_other_run(self.path, earlier.manifest, manifest)
            problems = earlier.problems()
        with _writing_lines(self.path / "packs.jsonl") as write_pack:
            if earlier is not None:
                planned = {(task.name, level.level) for task in manifest.tasks for level in task.levels}
                for record in earlier.pack_records():
                    if (record.task, record.level) not in planned:
                        write_pack(record)
                manifest = _joined(earlier.manifest, manifest)
            for pack, prompt in plan:
                write_pack(_pack_record(pack, prompt.sha256))
                problems.update({(pack.task, problem.id): problem for problem in pack.problems})
            # Before packs.jsonl takes its place: every pack on disk finds its problems.
            self._write_problems(problems)
        self.write_manifest(manifest)
        return self._open_responses()

    def _write_problems(self, problems: Mapping[tuple[str, str], Problem]) -> None:
        with _writing_lines(self.path / "problems.jsonl") as write_problem:
            for (task, _), problem in problems.items():
                write_problem(ProblemRecord(task=task, problem=problem))

    def write_manifest(self, manifest: Manifest) -> None:
        """Write manifest.json; the old file stays until the new one is whole."""
        _write_text(self.path / "manifest.json", manifest.model_dump_json(indent=2) + "\n")

    def append(self, response: Response) -> None:
        """Put a response on disk; when this returns it survives a crash.

        Raises:
            StoreError: the disk is full or gone. A line that was cut short is taken back, so that what is finished
                stays readable.
        """
        assert self._responses is not None, "begin() comes first"
        try:
            _write_whole(self._responses, response.model_dump_json().encode() + b"\n")
            os.fsync(self._responses.fileno())
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._responses.fileno(), self._end)
            raise StoreError(
                f"{self.path / 'responses.jsonl'}: cannot be written ({error.strerror}); every sample finished before "
                "is safe: make room and run the same command again"
            ) from error
        self._end = self._responses.tell()

    def _open_responses(self) -> Answered:
        path = self.path / "responses.jsonl"
        answered = read_answered(path)
        # Unbuffered: after a failed write nothing may linger in a buffer and appear later, behind the line taken back.
        self._responses = cast(BinaryIO, path.open("ab", buffering=0))
        os.ftruncate(self._responses.fileno(), answered.end)
        self._end = answered.end
        return answered


class _JsonLines(logging.Handler):
    """Appends log records to log.jsonl as {time, level, logger, message}."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.INFO)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        with suppress(OSError), self._path.open("a", encoding="utf-8") as log:  # a full disk must not end a run here
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Write what rest-bench logs during the block to a log.jsonl as well."""
    handler = _JsonLines(path)
    package_logger = logging.getLogger("rest_bench")
    package_logger.addHandler(handler)
    try:
        yield
    finally:
        package_logger.removeHandler(handler)


def counting_lines(path: Path) -> dict[str, int]:
    """Return the byte offset of the line that counts for each pack of responses.jsonl.

    A sample asked again after an error has several lines: the first good one counts, else its last error.
    """
    offsets: dict[str, int] = {}
    failed: set[str] = set()
    for offset, _, response in _response_lines(path):
        if response is None:
            continue
        pack_id, is_error = response.pack_id, response.finish_reason == "error"
        if pack_id not in offsets or pack_id in failed:
            offsets[pack_id] = offset
            (failed.add if is_error else failed.discard)(pack_id)
    return offsets


def read_answered(path: Path) -> Answered:
    """Read responses.jsonl once, line by line, and return which samples are done."""
    done: set[str] = set()
    lengths: dict[tuple[str, int], tuple[int, int]] = {}
    n_unreadable = end = 0
    for _, end, response in _response_lines(path):  # noqa: B007 - the last end is wanted
        if response is None:
            n_unreadable += 1
        elif response.finish_reason != "error" and response.sample_id not in done:
            done.add(response.sample_id)
            if response.completion_tokens is not None:
                n_responses, tokens = lengths.get((response.task, response.level), (0, 0))
                lengths[response.task, response.level] = n_responses + 1, tokens + response.completion_tokens
    observed = {key: Observed(n_responses=n, completion_tokens=tokens) for key, (n, tokens) in lengths.items()}
    return Answered(frozenset(done), observed, n_unreadable, end)


def _response_lines(path: Path) -> Iterator[tuple[int, int, Response | None]]:
    """Yield the offsets at which each whole line begins and ends, and its response.

    A last line without its line end was cut short by a crash and does not count. Null stands for a line that is no
    response (a damaged disk, an edit by hand): one bad line costs one sample and not the run.
    """
    offset = 0
    with _open_or_empty(path) as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            end = offset + len(line)
            try:
                yield offset, end, Response.model_validate_json(line)
            except ValidationError:
                yield offset, end, None
            offset = end


def refuse_other_run(path: Path, earlier: Manifest, manifest: Manifest) -> None:
    """Raise StoreError, naming the field, where two manifests differ in what makes a sample what it is."""
    was, now = _identity(earlier), _identity(manifest)
    for field in was.keys() & now.keys():
        if was[field] != now[field]:
            raise StoreError(
                f"{path}: holds a run with another {field} ({was[field]} there, {now[field]} now); use another --out"
            )
    before = {(task.name, level.level): level for task in earlier.tasks for level in task.levels}
    for task in manifest.tasks:
        for level in task.levels:
            _refuse_shrinking(path, task.name, before.get((task.name, level.level), level), level)


def _refuse_shrinking(path: Path, task: str, before: PlannedLevel, now: PlannedLevel) -> None:
    for field in ("limit", "repeats"):
        was, is_now = getattr(before, field), getattr(now, field)
        if is_now is not None and (was is None or is_now < was):
            raise StoreError(
                f"{path}: holds {task} at level {now.level} with a larger {field} ({was or 'none'} there, "
                f"{is_now} now); it may only grow in the same folder: use another --out"
            )


def _identity(manifest: Manifest) -> dict[str, object]:
    """What must be equal for samples to stand in one folder, by the name that the user knows it under."""
    engine = manifest.engine
    fields: dict[str, object] = {
        "engine": engine.engine,
        "model": engine.model,
        "revision": engine.revision,
        "chat template": engine.chat_template_sha256,
        "dtype": engine.dtype,
        "refused parameters": ", ".join(engine.refused_parameters) or None,
        "design": manifest.design,
        "seed": manifest.seed,
        **manifest.sampling.model_dump(),
        **manifest.dressing.model_dump(exclude={"profile"}),
        "shard": manifest.shard and f"{manifest.shard.index}/{manifest.shard.count}",
    }
    for task in manifest.tasks:
        fields[f"data of task {task.name}"] = task.data_sha256
        fields[f"template of task {task.name}"] = task.template_sha256
    return fields


def _joined(earlier: Manifest, manifest: Manifest) -> Manifest:
    """The new manifest with the tasks, levels and invocations that only the earlier one has."""
    tasks = {task.name: task for task in earlier.tasks}
    for task in manifest.tasks:
        levels = {level.level: level for level in tasks[task.name].levels} if task.name in tasks else {}
        levels.update({level.level: level for level in task.levels})
        tasks[task.name] = task.model_copy(update={"levels": tuple(levels[level] for level in sorted(levels))})
    return manifest.model_copy(
        update={"tasks": tuple(tasks.values()), "invocations": (*earlier.invocations, *manifest.invocations)}
    )


def _pack_record(pack: Pack, prompt_sha256: str) -> PackRecord:
    return PackRecord(
        **pack.model_dump(exclude={"problems"}),
        problem_ids=tuple(problem.id for problem in pack.problems),
        prompt_sha256=prompt_sha256,
    )


def _pack(record: PackRecord, problems: Mapping[tuple[str, str], Problem]) -> Pack:
    try:
        members = tuple(problems[record.task, problem_id] for problem_id in record.problem_ids)
    except KeyError as error:
        raise StoreError(f"problems.jsonl: lacks problem {error} of pack {record.pack_id}; it was damaged") from error
    return Pack(**record.model_dump(exclude={"problem_ids", "prompt_sha256"}), problems=members)


# --- files ------------------------------------------------------------------------------------------------------------

Model = TypeVar("Model", bound=BaseModel)


def _read_model(path: Path, model: type[Model], remedy: str = "it was not written by this version") -> Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise StoreError(f"{path}: missing; {remedy}") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise StoreError(f"{path}: cannot be read at {where or 'the start'} ({fault['msg']}); {remedy}") from error


def _read_jsonl(path: Path, model: type[Model]) -> Iterator[Model]:
    if not path.is_file():
        raise StoreError(f"{path}: missing; without it the run cannot be read")
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield model.model_validate_json(line)
            except ValidationError as error:
                raise StoreError(f"{path} line {number}: cannot be read ({error.errors()[0]['msg']})") from error


@contextmanager
def _writing_lines(path: Path) -> Iterator[Callable[[BaseModel], None]]:
    """Give a function that writes one record a line; they take the place of `path` once the block ends well."""
    with _replacing(path) as temporary, temporary.open("w", encoding="utf-8") as lines:

        def write(record: BaseModel) -> None:
            lines.write(record.model_dump_json() + "\n")

        yield write


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path that takes the place of `path` once the block ends well."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); make room and try again") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_text(path: Path, text: str) -> None:
    with _replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _chunks(rows: Iterable[dict[str, object]], size: int) -> Iterator[list[dict[str, object]]]:
    chunk: list[dict[str, object]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _open_or_empty(path: Path) -> BinaryIO:
    return path.open("rb") if path.is_file() else io.BytesIO()


def _write_whole(file: BinaryIO, line: bytes) -> None:
    """Write all of it: an unbuffered write may take only a part, on a disk that is nearly full for one."""
    while line:
        line = line[file.write(line) :]


def _read_level(path: Path, task: str, level: int, columns: list[str]) -> "pandas.DataFrame":
    import pandas
    import pyarrow
    import pyarrow.compute
    import pyarrow.parquet

    strings = [name for name, field in Score.model_fields.items() if _arrow_type(field.annotation) == pyarrow.string()]
    with pyarrow.parquet.ParquetFile(path, read_dictionary=strings) as file:
        metadata = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
        groups = [
            number
            for number, group in enumerate(metadata)
            if _may_hold(group, "task", task) and _may_hold(group, "level", level)
        ]

        def read(column: str) -> Any:
            pyarrow.default_memory_pool().release_unused()  # of the column before
            return file.read_row_groups(groups, columns=[column], use_threads=False).column(0)

        is_wanted = pyarrow.compute.and_(
            pyarrow.compute.equal(read("task"), task), pyarrow.compute.equal(read("level"), level)
        )
        # One column after the other: the table is never in memory twice.
        series = {name: _in_order(read(name).filter(is_wanted)).to_pandas() for name in columns}
    pyarrow.default_memory_pool().release_unused()
    return pandas.DataFrame(series, copy=False)


def _in_order(column: Any) -> Any:
    """Return a column with its words, if it is one of words, in the order of the alphabet."""
    import pyarrow
    import pyarrow.compute

    if not pyarrow.types.is_dictionary(column.type):
        return column
    words = column.combine_chunks()
    order = pyarrow.compute.sort_indices(words.dictionary)
    return pyarrow.DictionaryArray.from_arrays(
        pyarrow.compute.sort_indices(order).cast(pyarrow.int32()).take(words.indices), words.dictionary.take(order)
    )


def _may_hold(row_group: Any, column: str, value: str | int) -> bool:
    """Return false where a row group surely has no row with this value."""
    place = list(Score.model_fields).index(column)
    statistics = row_group.column(place).statistics
    return statistics is None or not statistics.has_min_max or bool(statistics.min <= value <= statistics.max)


def _arrow_type(annotation: object) -> object:
    import pyarrow

    kinds = {bool: pyarrow.bool_(), int: pyarrow.int64()}
    return next((kinds[kind] for kind in (annotation, *get_args(annotation)) if kind in kinds), pyarrow.string())
