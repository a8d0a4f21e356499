"""log.jsonl: what rest-bench says while it works."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path


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
        # A full disk must not end a run here, nor a name that is not UTF-8.
        with suppress(OSError), self._path.open("a", encoding="utf-8", errors="backslashreplace") as log:
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
