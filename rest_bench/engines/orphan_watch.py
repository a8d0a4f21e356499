"""Ends the processes that another one started, should it die without ending them itself.

An engine's processes hold the memory of the GPUs. Where the evaluation is killed (kill -9, out of memory), they would
keep it, and the same command could not go on. This file is run as a program beside the evaluation: it hears through a
pipe that the evaluation is gone. It imports nothing of rest-bench.
"""

import os
import select
import subprocess
import sys
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import BinaryIO, cast

LOOK_EVERY_S = 0.2
"""While processes are being started; afterwards their number does not change."""


class OrphanWatch:
    """A program that watches over the processes that this one starts."""

    def __init__(self) -> None:

        self._program = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__)), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is not for it
        )

    def starting(self) -> None:
        """Processes are being started from now on."""
        self._say(b"starting\n")

    def started(self) -> None:
        """All of them are there."""
        self._say(b"started\n")

    def close(self) -> None:
        """End the watch; processes that are left are nobody's business any more."""
        self._say(b"end\n")
        with suppress(OSError):
            self._stdin.close()
        self._program.wait()

    @property
    def _stdin(self) -> BinaryIO:
        return cast(BinaryIO, self._program.stdin)

    def _say(self, line: bytes) -> None:
        with suppress(OSError):  # where the watch died, the evaluation goes on without it
            self._stdin.write(line)
            self._stdin.flush()


def watch(parent_pid: int, lines: BinaryIO | FileIO) -> None:
    """Note the descendants of a process, and kill them when `lines` ends without the line `end`."""
    import psutil

    known: set[psutil.Process] = set()
    is_starting = True
    while True:
        if select.select([lines], [], [], LOOK_EVERY_S if is_starting else None)[0]:
            line = lines.readline().strip()
            if line == b"end":
                return
            if not line:
                break
            is_starting = line == b"starting"
        with suppress(psutil.NoSuchProcess):
            own = psutil.Process()
            known.update(each for each in psutil.Process(parent_pid).children(recursive=True) if each != own)
    for process in known:
        with suppress(psutil.NoSuchProcess):  # a process that took over the number of one that is gone is not killed
            process.kill()


if __name__ == "__main__":
    # Unbuffered: a line that waits in a buffer is not seen by select.
    watch(int(sys.argv[1]), open(sys.stdin.fileno(), "rb", buffering=0))  # noqa: PTH123, SIM115
