import csv
import io
import json

import pytest

from rest_bench.leaderboard.downloads import as_csv, as_json, board_records, overall_records
from rest_bench.leaderboard.published import N_QUESTIONS
from rest_bench.leaderboard.ranking import make_board, overall
from rest_bench.leaderboard.rows import all_rows
from rest_bench.visible import visible
from tests.leaderboard.boards import row
from tests.terminal_strings import TERMINAL_STRINGS, is_foreign


def test_a_board_is_a_record_a_row_with_those_apart_at_the_end() -> None:
    board = make_board("toy", [row("a", 0.5, [0.5] * 9), row("b", 0.4, [0.4] * 9, partial=True)])
    first, last = board_records(board)
    assert (first["model"], first["stress"], first["rank_best"], first["apart"]) == ("a", 0.5, 1, None)
    assert (last["model"], last["rank_best"], last["apart"]) == ("b", None, "only a part of the problems or samples")
    assert first["accuracy_3"] == 0.5


def test_csv_and_json_hold_the_same() -> None:
    records = board_records(make_board("toy", [row("a, with comma", 0.5), row('b "quoted"', 0.4)]))
    read = list(csv.DictReader(io.StringIO(as_csv(records))))
    assert [each["model"] for each in read] == [each["model"] for each in json.loads(as_json(records))]
    assert [float(each["stress"]) for each in read] == [0.5, 0.4]
    assert read[0]["question_tokens"] == ""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a)", "\tx", "\rx"])
def test_no_spreadsheet_computes_a_name(text: str) -> None:
    (read,) = csv.DictReader(io.StringIO(as_csv([{"notes": text, "stress": -0.5}]), newline=""))
    assert read["notes"] == visible(f"'{text}")
    assert read["stress"] == "-0.5"  # a number stays a number


@pytest.mark.parametrize("text", TERMINAL_STRINGS)
def test_no_file_holds_what_commands_a_terminal(text: str) -> None:
    records: list[dict[str, object]] = [{"model": text, text: 1}]
    (read,) = json.loads(as_json(records))
    assert read["model"] == visible(text)
    (row,) = csv.DictReader(io.StringIO(as_csv(records), newline=""))
    assert row["model"].removeprefix("'") == visible(text)
    assert not is_foreign(as_json(records) + "".join(read) + "".join(row) + as_csv(records).replace("\r\n", ""))


def test_all_tasks_together_have_a_column_each() -> None:
    rows = all_rows([])
    found = overall([make_board(task, [each for each in rows if each.task == task]) for task in N_QUESTIONS])
    first = overall_records(found)[0]
    assert first["model"] == "O4-mini"
    assert {f"stress_{task}" for task in N_QUESTIONS} < set(first)
