"""Boards as files: CSV that no spreadsheet runs anything of, and JSON."""

import json
from collections.abc import Iterator

from rest_bench.exporting.tables import csv_line, safe_cell
from rest_bench.leaderboard.ranking import Board, OverallRow
from rest_bench.leaderboard.rows import Row
from rest_bench.schema import Estimate
from rest_bench.visible import visible, visible_values


def board_records(board: Board) -> list[dict[str, object]]:
    """Return the rows of a board as flat records, those that stand apart at the end."""
    records = [
        _record(each.row) | {"rank_best": each.best, "rank_worst": each.worst, "group": each.group, "apart": None}
        for each in board.ranked
    ]
    records += [
        _record(each.row) | {"rank_best": None, "rank_worst": None, "group": None, "apart": each.why}
        for each in board.apart
    ]
    return records


def overall_records(rows: tuple[OverallRow, ...]) -> list[dict[str, object]]:
    """Return the rows of all tasks together as flat records."""
    return [
        {
            "model": row.model,
            "variant": row.variant,
            "tier": row.tier,
            "submitter": row.submitter,
            "entries": ", ".join(row.entry_ids),
            "n_further": row.n_further,
            "single": row.single,
            "stress": row.stress,
            "drop": row.drop,
            "rank_best": row.best,
            "rank_worst": row.worst,
            **{f"stress_{task}": each.stress.value for task, each in row.by_task.items()},
        }
        for row in rows
    ]


def as_json(records: list[dict[str, object]]) -> str:
    """Return records as JSON text."""
    return json.dumps(visible_values(records), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(records: list[dict[str, object]]) -> str:
    """Return records as CSV text; a text that a spreadsheet would compute gets an apostrophe in front."""
    columns = list(dict.fromkeys(name for record in records for name in record))
    lines = (csv_line([visible_values(safe_cell(record.get(name))) for name in columns]) for record in records)
    return csv_line([visible(name) for name in columns]) + "".join(lines)


def _record(row: Row) -> dict[str, object]:
    return {
        "task": row.task,
        "model": row.model,
        "variant": row.variant,
        "tier": row.tier,
        "entry": row.entry_id,
        **dict(_estimate("single", row.single)),
        **dict(_estimate("stress", row.stress)),
        **dict(_estimate("drop", row.drop)),
        **dict(_estimate("retention", row.retention)),
        **{
            key: value
            for level, accuracy in row.levels.items()
            for key, value in _estimate(f"accuracy_{level}", accuracy)
        },
        "n_questions": row.n_questions,
        "truncation_rate": row.truncation_rate,
        "question_tokens": row.question_tokens,
        "max_tokens": row.max_tokens,
        "temperature": row.temperature,
        "partial": row.partial,
        "date": row.date,
        "submitter": row.submitter,
        "notes": " ".join(row.notes),
        "equal_replies": ", ".join(row.equal_replies),
    }


def _estimate(name: str, estimate: Estimate) -> Iterator[tuple[str, object]]:
    low, high = estimate.ci or (None, None)
    yield name, estimate.value
    yield f"{name}_low", low
    yield f"{name}_high", high
