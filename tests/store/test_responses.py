import errno
import json
import os
import threading
from pathlib import Path

import pytest

from rest_bench.errors import StoreError
from rest_bench.store import RunWriter, find_counting_lines, read_answered
from rest_bench.store.responses import ResponseLog
from tests.records import make_manifest, make_response, plan
from tests.store.build import PACKS, begin, responses


def test_a_folder_remembers_what_is_done(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    with RunWriter(tmp_path) as writer:
        index = writer.begin(make_manifest(), plan(PACKS))
    assert index.done == {make_response(PACKS[0]).sample_id}


@pytest.mark.parametrize("damage", [b"\xff\xfe\n", b"{}\n", b"not json\n", b"\n", b"\x00" * 5000 + b"\n"])
def test_a_damaged_line_costs_one_sample_and_not_the_run(tmp_path: Path, damage: bytes) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    with (tmp_path / "responses.jsonl").open("ab") as file:
        file.write(damage)
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[1]))
    assert read_answered(tmp_path / "responses.jsonl").n_unreadable == 1
    assert responses(tmp_path) == [make_response(PACKS[0]), make_response(PACKS[1])]


@pytest.mark.parametrize("count", ["-1", "1000000001", str(2**63), "9" * 400, "1e30"])
@pytest.mark.parametrize("name", ["prompt_tokens", "completion_tokens"])
def test_a_count_that_no_reply_has_costs_the_count_and_not_the_reply(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, count: str
) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0]))
    path = tmp_path / "responses.jsonl"
    line = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**line, name: "COUNT"}).replace('"COUNT"', count) + "\n", encoding="utf-8")
    answered = read_answered(path)
    assert answered.done == {line["sample_id"]}
    assert answered.n_unreadable == 0
    assert [getattr(response, name) for response in responses(tmp_path)] == [None]
    assert f"holds {name} that no reply has" in caplog.text


def test_a_sample_asked_again_after_an_error_counts_once(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], "", "error"))
        assert read_answered(tmp_path / "responses.jsonl").done == frozenset()
        writer.append(make_response(PACKS[0], "answered"))
        writer.append(make_response(PACKS[0], "", "error"))
    assert [response.text for response in responses(tmp_path)] == ["answered"]


def test_an_error_counts_where_nothing_better_came(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], "", "error"))
    assert [response.finish_reason for response in responses(tmp_path)] == ["error"]


def test_of_duplicate_lines_the_first_counts(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        writer.append(make_response(PACKS[0], "first"))
        writer.append(make_response(PACKS[0], "second"))
    assert [response.text for response in responses(tmp_path)] == ["first"]


def test_a_pack_counts_by_its_first_good_line_else_by_its_last_error(tmp_path: Path) -> None:
    with begin(tmp_path) as writer:
        for number, reason in ((0, "error"), (0, "stop"), (0, "error"), (1, "error"), (1, "error")):
            writer.append(make_response(PACKS[number], reason, reason))
    path = tmp_path / "responses.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    found = find_counting_lines(path)
    assert found.good == {PACKS[0].pack_id: len(lines[0])}
    assert found.failed == {PACKS[1].pack_id: sum(map(len, lines[:4]))}


# --- flushing ---------------------------------------------------------------------------------------------------------


def test_a_slow_disk_is_not_waited_for_and_holds_everything_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    may_finish = threading.Event()

    def fsync(number: int) -> None:
        size = os.fstat(number).st_size
        may_finish.wait(60)
        flushed.append(size)

    monkeypatch.setattr(os, "fsync", fsync)
    log = ResponseLog(tmp_path / "responses.jsonl")
    for pack in PACKS:
        log.append(make_response(pack))
    assert flushed == [], "the first flush is still at work"
    size = (tmp_path / "responses.jsonl").stat().st_size
    may_finish.set()
    log.close()
    assert flushed[-1] == size


@pytest.mark.parametrize("is_noticed", ["at the next response", "at the end"])
def test_a_disk_that_fails_behind_our_back_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_noticed: str
) -> None:
    def fsync(_number: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    log = ResponseLog(tmp_path / "responses.jsonl")
    log.append(make_response(PACKS[0]))
    log._flusher.join(60)
    notice = log.close if is_noticed == "at the end" else lambda: log.append(make_response(PACKS[1]))
    with pytest.raises(StoreError, match=r"Input/output error\); the last samples may be lost: make room"):
        notice()
    log.close()
    assert len((tmp_path / "responses.jsonl").read_bytes().splitlines()) == 1
