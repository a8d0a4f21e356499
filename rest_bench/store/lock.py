"""One writer at a time: the lock of a run folder."""

import sys
from pathlib import Path

from filelock import FileLock, Timeout

from rest_bench.errors import StoreError


def lock_folder(path: Path) -> FileLock:
    """Return the lock of a run folder, taken; the folder is made if it is not there.

    Raises:
        StoreError: the folder cannot be written, or another process writes to it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / ".lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise StoreError(f"{path}: another process is writing to this run; wait for it or use another --out") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}); use another --out") from error
    return lock


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
