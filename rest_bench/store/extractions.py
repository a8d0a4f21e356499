"""extractor.json and extractions.jsonl: a second model that lists the answers of a run's replies, and what it said."""

from pathlib import Path
from types import TracebackType
from typing import Self

from rest_bench.errors import StoreError
from rest_bench.schema import Extractor, Response
from rest_bench.store.files import write_text
from rest_bench.store.lock import lock_folder
from rest_bench.store.responses import Answered, ResponseLog
from rest_bench.store.run import EXTRACTIONS, EXTRACTOR, Run


class ExtractionWriter:
    """The one process that may add to what a second model said of a run; holds the lock of its folder while open."""

    def __init__(self, run: Run) -> None:
        """Lock the folder.

        Raises:
            StoreError: the folder cannot be written, or another process writes to it.
        """
        self._run = run
        self._lock = lock_folder(run.path)
        self._replies: ResponseLog | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._replies is not None:
                self._replies.close()
        finally:
            self._lock.release()

    def begin(self, extractor: Extractor) -> Answered:
        """Record who lists the answers, and return which of its replies are on disk already.

        Raises:
            StoreError: the folder holds the replies of another model, or of this one asked otherwise.
        """
        earlier = self._run.extractor
        if earlier is not None:
            _refuse_other(self._run.path, earlier, extractor)
        write_text(self._run.path / EXTRACTOR, extractor.model_dump_json(indent=2) + "\n")
        self._replies = ResponseLog(self._run.path / EXTRACTIONS)
        return self._replies.answered

    def append(self, reply: Response) -> None:
        """Write a reply; from here on it survives whatever happens to this process.

        Raises:
            StoreError: the disk is full or gone; what was finished before stays readable.
        """
        assert self._replies is not None, "begin() comes first"
        self._replies.append(reply)


def _refuse_other(path: Path, earlier: Extractor, extractor: Extractor) -> None:
    """One column of the scores holds the answers of one extractor."""
    there, here = earlier.engine.model, extractor.engine.model
    if there == here and earlier.model_dump(exclude={"engine"}) == extractor.model_dump(exclude={"engine"}):
        return
    how = "" if there != here else ", asked with other settings"
    raise StoreError(
        f"{path}: holds the answers that {there} listed{how}; "
        f"remove {EXTRACTOR} and {EXTRACTIONS} to have {here} list them"
    )
