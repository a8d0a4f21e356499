"""Logged replies by pack, on disk: a log may be larger than the memory."""

import json
import tempfile
from types import TracebackType
from typing import Any, Self


class Replies:
    """Replies by pack id; a context manager."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="rest-bench-")  # noqa: SIM115 - closed with the object
        self._offsets: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._offsets)

    def add(self, pack_id: str, reply: dict[str, Any]) -> bool:
        """Keep a reply, fields of `schema.Response` from `text` on; false where the pack has one already."""
        if pack_id in self._offsets:
            return False
        self._offsets[pack_id] = self._file.seek(0, 2)
        self._file.write(json.dumps(reply).encode() + b"\n")
        return True

    def of_pack(self, pack_id: str) -> dict[str, Any] | None:
        """Return the reply to a pack, if there is one."""
        if pack_id not in self._offsets:
            return None
        self._file.seek(self._offsets[pack_id])
        reply: dict[str, Any] = json.loads(self._file.readline())
        return reply
