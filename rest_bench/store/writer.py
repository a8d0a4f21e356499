"""The one process that may add to a run folder."""

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from filelock import FileLock, Timeout

from rest_bench.errors import StoreError
from rest_bench.schema import Manifest, Pack, PackRecord, Problem, ProblemRecord, Prompt, Response
from rest_bench.store.files import write_text, write_whole, writing_lines
from rest_bench.store.identity import join_manifests, refuse_other_run
from rest_bench.store.responses import Answered, read_answered
from rest_bench.store.run import Run


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
        with writing_lines(self.path / "packs.jsonl") as write_pack:
            if earlier is not None:
                planned = {(task.name, level.level) for task in manifest.tasks for level in task.levels}
                for record in earlier.pack_records():
                    if (record.task, record.level) not in planned:
                        write_pack(record)
                manifest = join_manifests(earlier.manifest, manifest)
            for pack, prompt in plan:
                write_pack(_pack_record(pack, prompt.sha256))
                problems.update({(pack.task, problem.id): problem for problem in pack.problems})
            # Before packs.jsonl takes its place: every pack on disk finds its problems.
            self._write_problems(problems)
        self.write_manifest(manifest)
        return self._open_responses()

    def _write_problems(self, problems: Mapping[tuple[str, str], Problem]) -> None:
        with writing_lines(self.path / "problems.jsonl") as write_problem:
            for (task, _), problem in problems.items():
                write_problem(ProblemRecord(task=task, problem=problem))

    def write_manifest(self, manifest: Manifest) -> None:
        """Write manifest.json; the old file stays until the new one is whole."""
        write_text(self.path / "manifest.json", manifest.model_dump_json(indent=2) + "\n")

    def append(self, response: Response) -> None:
        """Put a response on disk; when this returns it survives a crash.

        Raises:
            StoreError: the disk is full or gone. A line that was cut short is taken back, so that what is finished
                stays readable.
        """
        assert self._responses is not None, "begin() comes first"
        try:
            write_whole(self._responses, response.model_dump_json().encode() + b"\n")
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


def _pack_record(pack: Pack, prompt_sha256: str) -> PackRecord:
    return PackRecord(
        **pack.model_dump(exclude={"problems"}),
        problem_ids=tuple(problem.id for problem in pack.problems),
        prompt_sha256=prompt_sha256,
    )


def is_being_written(path: Path) -> bool:
    """Return whether a process is writing to this run folder; asks without changing anything in it."""
    if sys.platform == "win32":  # its locks cannot be asked for without taking them
        return False
    import fcntl

    try:
        with (path / ".lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no lock was ever taken, or the disk has none: the folder of a run copied here, for one
        return False
    return False
