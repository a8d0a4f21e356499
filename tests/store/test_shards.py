from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.schema import Manifest, Pack, Shard
from rest_bench.store import GroupCount, Run, ShardReader, write_merged
from tests.records import make_manifest, make_pack, make_response
from tests.store.build import begin

LOW = tuple(make_pack(number, level=1) for number in range(3))
HIGH = tuple(make_pack(number, level=2) for number in range(2))


def make_shard(path: Path, packs: tuple[Pack, ...] = (*LOW, *HIGH), answered: tuple[Pack, ...] = LOW) -> ShardReader:
    manifest: Manifest = make_manifest(levels=(1, 2)).model_copy(update={"shard": Shard(index=1, count=2)})
    with begin(path, manifest, packs) as writer:
        for pack in answered:
            writer.append(make_response(pack))
    return ShardReader(Run(path))


def test_packs_are_found_by_task_level_and_repeat(tmp_path: Path) -> None:
    with make_shard(tmp_path) as shard:
        assert [record.pack_id for record in shard.records(("toy", 2, 0))] == [pack.pack_id for pack in HIGH]
        assert [record.pack_id for record in shard.records(("toy", 1, 0))] == [pack.pack_id for pack in LOW]
        assert list(shard.records(("toy", 7, 0))) == []
        assert shard.pack_ids == {pack.pack_id for pack in (*LOW, *HIGH)}


def test_what_is_answered_is_counted_and_what_failed(tmp_path: Path) -> None:
    with begin(tmp_path, make_manifest(levels=(1, 2)), (*LOW, *HIGH)) as writer:
        writer.append(make_response(LOW[0], "", "error"))
        writer.append(make_response(LOW[0], "answered"))
        writer.append(make_response(LOW[1], "", "error"))
    with make_shard(tmp_path / "shard", answered=()) as shard:
        assert shard.groups == {("toy", 1, 0): GroupCount(3, 0, 0), ("toy", 2, 0): GroupCount(2, 0, 0)}
    (tmp_path / "shard" / "responses.jsonl").write_bytes((tmp_path / "responses.jsonl").read_bytes())
    with ShardReader(Run(tmp_path / "shard")) as shard:
        assert shard.groups == {("toy", 1, 0): GroupCount(3, 1, 1), ("toy", 2, 0): GroupCount(2, 0, 0)}


def test_the_line_that_counts_is_copied_as_it_stands(tmp_path: Path) -> None:
    with make_shard(tmp_path, answered=(LOW[1], LOW[0])) as shard:
        first, second, third = shard.records(("toy", 1, 0))
        lines = (tmp_path / "responses.jsonl").read_bytes().splitlines(keepends=True)
        assert [shard.response_line(record) for record in (first, second, third)] == [lines[1], lines[0], None]


def test_responses_that_change_meanwhile_are_noticed(tmp_path: Path) -> None:
    with make_shard(tmp_path) as shard:
        record = next(shard.records(("toy", 1, 0)))
        (tmp_path / "responses.jsonl").write_text("")
        with pytest.raises(StoreError, match=r"responses\.jsonl: cannot be read again; it changed meanwhile"):
            shard.response_line(record)


def test_packs_out_of_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="stands twice or out of order"):
        make_shard(tmp_path, packs=(LOW[0], HIGH[0], LOW[1]))


def test_lines_that_are_no_response_are_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_shard(tmp_path).__exit__(None, None, None)
    with (tmp_path / "responses.jsonl").open("a") as file:
        file.write("{}\n")
    ShardReader(Run(tmp_path)).__exit__(None, None, None)
    assert "1 lines are no response; they are left out" in caplog.text


def test_a_folder_is_written_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "merged").mkdir()
    with make_shard(tmp_path / "shard", answered=(LOW[0], HIGH[1])) as shard:
        packs = [(shard, record) for group in (("toy", 2, 0), ("toy", 1, 0)) for record in shard.records(group)]
        write_merged(tmp_path / "merged", make_manifest(), packs)
    merged = Run(tmp_path / "merged")
    assert [record.pack_id for record in merged.pack_records()] == [pack.pack_id for pack in (*HIGH, *LOW)]
    assert [sample.pack for sample in merged.samples()] == [HIGH[1], LOW[0]]
    assert [problem_id for _, problem_id in merged.problems()] == ["0", "1", "2"]
