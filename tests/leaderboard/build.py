"""What tests change submissions with: as a forger would, with every hash put right behind it."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow

from rest_bench.leaderboard.answers_file import ANSWERS, SUBMISSION, file_sha256
from rest_bench.leaderboard.deriving import record_id
from rest_bench.leaderboard.publishing import Publisher, make_submitter
from rest_bench.schema import Submission
from rest_bench.store import Run

PUBLISHER = Publisher(make_submitter("A lab", "https://lab.example", "third_party"), "2026-01-31", "org/model", True)

Lines = list[dict[str, Any]]


def read_record(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / SUBMISSION).read_text())
    return record


def write_record(folder: Path, record: dict[str, Any]) -> None:
    (folder / SUBMISSION).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def read_lines(folder: Path) -> Lines:
    with pyarrow.OSFile(str(folder / ANSWERS)) as file, pyarrow.CompressedInputStream(file, "zstd") as stream:
        return [json.loads(line) for line in io.BytesIO(stream.read())]


def write_bytes(folder: Path, content: bytes, n_samples: int) -> None:
    """Write answers and what submission.json says of them."""
    with pyarrow.CompressedOutputStream(str(folder / ANSWERS), "zstd") as stream:
        stream.write(content)
    record = read_record(folder)
    sha256 = file_sha256(folder / ANSWERS)
    record["answers"] = {"sha256": sha256, "n_samples": n_samples, "n_bytes": len(content)}
    write_record(folder, record)


def change_record(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        record = read_record(folder)
        change(record)
        write_record(folder, record)

    return apply


def change_lines(change: Callable[[Lines], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        lines = read_lines(folder)
        change(lines)
        content = b"".join(
            json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines
        )
        write_bytes(folder, content, len(lines))

    return apply


def with_record_id(folder: Path) -> Path:
    """Give numbers alone the id that their changed record has, as a forger would."""
    submission_id = record_id(Submission.model_validate_json((folder / SUBMISSION).read_bytes()))
    change_record(lambda record: record.update(submission_id=submission_id))(folder)
    return folder.rename(folder.with_name(submission_id))


def rename_task(folder: Path, name: str) -> None:
    """Give the task of a submission another name, wherever it stands in the record."""
    text = (folder / SUBMISSION).read_text()
    (folder / SUBMISSION).write_text(text.replace('"arithmetic"', f'"{name}"'))


def second_run(run: Run, path: Path) -> Run:
    """Return a copy of a run that was made later and says the same in other words."""
    copy = Run(shutil.copytree(run.path, path))
    later = tuple(each.model_copy(update=LATER) for each in copy.manifest.invocations)
    (path / "manifest.json").write_text(copy.manifest.model_copy(update={"invocations": later}).model_dump_json())
    text = (path / "responses.jsonl").read_text()
    for word in ("simple", "square", "piece", "table", "limit", "scale", "split", "shape", "factor", "reduce"):
        text = text.replace(f" {word} ", f" so {word} ")
    (path / "responses.jsonl").write_text(text)
    return Run(path)


LATER = {"started_at": "2026-02-27T10:00:00+00:00", "finished_at": "2026-02-27T10:01:00+00:00"}
