"""Logs of other harnesses for tests, written as those write them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rest_bench.config import make_config
from rest_bench.planning import PlannedSample, make_plan

DATE = "2026-01-02T03-04-05.678901"
GREEDY = {"until": [], "do_sample": False, "temperature": 0.0, "max_gen_toks": 800}


def planned(level: int = 2, limit: int = 5, **settings: object) -> list[PlannedSample]:
    """Return samples of the arithmetic task, repeat by repeat."""
    return list(make_plan(make_config({"model": "m", "levels": (level,), "limit": limit, **settings})).samples())


def right(sample: PlannedSample) -> str:
    """Return a reply that is right everywhere."""
    return "\n".join(f"Q{k}: \\boxed{{{problem.gold}}}" for k, problem in enumerate(sample.pack.problems, start=1))


def text_of(sample: PlannedSample) -> str:
    """Return the prompt."""
    return sample.prompt.messages[-1].content


def lm_eval_line(doc_id: int, context: Any, replies: Iterable[str], **fields: Any) -> dict[str, Any]:
    """Return a line of a samples file of somebody else's task."""
    line = {
        "doc_id": doc_id,
        "doc": {"question": "theirs"},
        "arguments": {"gen_args_0": {"arg_0": context, "arg_1": GREEDY}},
        "resps": [list(replies)],
        "filtered_resps": list(replies)[:1],
        "filter": "none",
    }
    return {**line, **fields}


def write_lm_eval(
    folder: Path,
    lines: Iterable[dict[str, Any]],
    task: str = "theirs",
    results: dict[str, Any] | None = None,
    date: str = DATE,
) -> Path:
    """Write the files of one task."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / f"samples_{task}_{date}.jsonl").write_text(text)
    if results is not None:
        (folder / f"results_{date}.json").write_text(json.dumps(results))
    return folder
