import subprocess
import sys
from pathlib import Path

from rest_bench.store import Run
from tests.records import make_manifest, make_pack, make_response
from tests.store.build import PACKS, begin, responses


def test_a_response_is_on_disk_before_the_writer_is_closed(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
        assert responses(tmp_path) == [make_response(PACKS[0])]


def test_a_torn_last_line_is_dropped_and_written_over(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
        writer.append(make_response(PACKS[1]))
    path = tmp_path / "responses.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    with begin(tmp_path) as writer:
        assert responses(tmp_path) == [make_response(PACKS[0])]
        writer.append(make_response(PACKS[1], "again"))
    assert [response.text for response in responses(tmp_path)] == ["\\boxed{1}", "again"]
    assert path.read_bytes().count(b"\n") == 2


def test_levels_tasks_and_limit_may_grow(tmp_path: Path) -> None:
    with begin(tmp_path, make_manifest(limit=2), PACKS[:2]) as writer:
        writer.append(make_response(PACKS[0]))
    others = tuple(make_pack(number, level=3) for number in range(4))
    with begin(tmp_path, make_manifest(levels=(3,)), others) as writer:
        writer.append(make_response(others[0]))
    with begin(tmp_path, make_manifest(levels=(2,)), PACKS):
        pass
    run = Run(tmp_path)
    assert [record.pack_id for record in run.pack_records()] == [pack.pack_id for pack in (*others, *PACKS)]
    assert [(level.level, level.limit) for level in run.manifest.tasks[0].levels] == [(2, None), (3, None)]
    assert len(run.manifest.invocations) == 3
    assert {response.pack_id for response in responses(tmp_path)} == {PACKS[0].pack_id, others[0].pack_id}


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from rest_bench.errors import StoreError
from tests.records import make_response
from tests.store.build import PACKS, begin

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with begin(Path(sys.argv[1])) as writer:
    writer.append(make_response(PACKS[0]))
    size = (Path(sys.argv[1]) / "responses.jsonl").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, size + 100))
    try:
        writer.append(make_response(PACKS[1], "x" * 1000))
    except StoreError as error:
        print(error)
"""


def test_a_full_disk_is_said_and_nothing_finished_is_lost(tmp_path: Path) -> None:
    """A limit on the size of files stands in for the full disk: the kernel takes a part of the line, then no more."""
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=True, cwd=Path(__file__).parents[2]
    )
    assert "responses.jsonl: cannot be written (File too large)" in done.stdout
    assert "is safe: make room and run the same command again" in done.stdout
    assert (tmp_path / "responses.jsonl").read_bytes().endswith(b"}\n")
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[1]))
    assert responses(tmp_path) == [make_response(PACKS[0]), make_response(PACKS[1])]
