"""Files that are never half-written, and JSON lines that are read one at a time."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from rest_bench.errors import StoreError

Model = TypeVar("Model", bound=BaseModel)


def read_model(path: Path, model: type[Model], remedy: str = "it was not written by this version") -> Model:
    """Return the record that a JSON file holds; raises StoreError where it is missing or damaged."""
    try:
        return model.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise StoreError(f"{path}: missing; {remedy}") from error
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise StoreError(f"{path}: cannot be read at {where or 'the start'} ({fault['msg']}); {remedy}") from error


def read_jsonl(path: Path, model: type[Model]) -> Iterator[Model]:
    """Yield one record a line; raises StoreError where the file is missing or a line is damaged."""
    return (record for _, record in read_jsonl_with_offsets(path, model))


def read_jsonl_with_offsets(path: Path, model: type[Model]) -> Iterator[tuple[int, Model]]:
    """Yield the byte offset and the record of each line, as `read_jsonl` does."""
    if not path.is_file():
        raise StoreError(f"{path}: missing; without it the run cannot be read")
    offset = 0
    with open_or_empty(path) as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield offset, model.model_validate_json(line)
            except ValidationError as error:
                raise StoreError(f"{path} line {number}: cannot be read ({error.errors()[0]['msg']})") from error
            offset += len(line)


@contextmanager
def writing_lines(path: Path) -> Iterator[Callable[[BaseModel], None]]:
    """Give a function that writes one record a line; they take the place of `path` once the block ends well."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as lines:

        def write(record: BaseModel) -> None:
            lines.write(record.model_dump_json() + "\n")

        yield write


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path that takes the place of `path` once the block ends well.

    A device or a pipe, such as /dev/stdout, has no place to be taken and is itself given.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        with _telling_of(path):
            yield path
        return
    temporary = path.with_name(f".{path.name}.part")
    try:
        with _telling_of(path):
            yield temporary
            with temporary.open("rb+") as written:
                os.fsync(written.fileno())
            temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _telling_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); make room and try again") from error


def write_text(path: Path, text: str) -> None:
    """Write a text file; the old one stays until the new one is whole."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def open_or_empty(path: Path) -> BinaryIO:
    """Open a file for reading, or nothing where it is missing; raises StoreError where it may not be read."""
    try:
        return path.open("rb") if path.is_file() else io.BytesIO()
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from error


def write_whole(file: BinaryIO, line: bytes) -> None:
    """Write all of it: an unbuffered write may take only a part, on a disk that is nearly full for one."""
    while line:
        line = line[file.write(line) :]


@contextmanager
def building_folder(path: Path) -> Iterator[Path]:
    """Give a new folder beside `path` that takes its name once the block ends well, and is gone otherwise.

    Raises:
        StoreError: the folder cannot be made, or something else took the name meanwhile.
    """
    whole = path.resolve()
    hidden = whole.with_name(f".{whole.name}.{uuid4().hex[:8]}.part")
    try:
        hidden.mkdir(parents=True)
        yield hidden
        hidden.replace(whole)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); use another --out") from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
