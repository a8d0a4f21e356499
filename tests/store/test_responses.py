from pathlib import Path

import pytest

from rest_bench.store import RunWriter, find_counting_lines, read_answered
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
