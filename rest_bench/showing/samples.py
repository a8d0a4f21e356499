"""The samples that a page shows: what was asked, what came back, what was read from it and what it was worth."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from rest_bench.parsing import divide_reply
from rest_bench.schema import Problem
from rest_bench.showing.drawing import Slots, draw_packs
from rest_bench.showing.shortening import (
    ShownBlock,
    blocks_bytes,
    fair_cap,
    fit,
    fit_blocks,
    json_bytes,
    shorten,
    show_blocks,
)
from rest_bench.store import Run, Sample

if TYPE_CHECKING:
    import pandas

MOST_SAMPLES = 2_000
MOST_SLOTS = 16_000
REPLY_BYTES = 12_000_000
"""Of all replies together; the longest are shortened until they fit."""
QUESTION_BYTES = ANSWER_BYTES = 4_000_000
"""Of all questions, and of all answers and golds together."""
LONGEST_REPLY_BYTES = 100_000
LONGEST_ANSWER = 300
"""Characters of an answer or gold."""
COLUMNS = (
    *("pack_id", "position", "problem_id", "gold", "answer", "found_by", "outcome"),
    *("thinking_tokens", "segment_tokens", "answer_trace", "correct_paper", "correct_strict"),
)


class ShownSlot(NamedTuple):
    """What was read for one position, and what it was worth."""

    problem: int
    """Its place in `ShownSamples.problems`."""
    gold: str
    answer: str | None
    found_by: str
    outcome: str
    segment_tokens: int | None
    answer_trace: str | None
    correct_strict: bool
    correct_paper: bool | None
    is_marked: bool
    """The place of its answer is marked in the reply."""


class ShownSample(NamedTuple):
    """A reply and its slots."""

    pack_id: str
    task: str
    level: int
    repeat: int
    finish_reason: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    thinking_tokens: int | None
    sure: bool | None
    """The thinking could be divided surely; null without thinking."""
    error: str | None
    slots: tuple[ShownSlot, ...]
    blocks: tuple[ShownBlock, ...]


class ShownProblem(NamedTuple):
    """A question as it was asked."""

    task: str
    id: str
    question: str
    options: tuple[str, ...]


class ShownSamples(NamedTuple):
    """The samples of a page, in the order of the run."""

    problems: tuple[ShownProblem, ...]
    samples: tuple[ShownSample, ...]
    n_samples: int
    """That the run holds."""


def show_samples(run: Run, most_samples: int = MOST_SAMPLES, reply_bytes: int = REPLY_BYTES) -> ShownSamples:
    """Return the samples of a scored run that are shown: all of them, or as many as a page holds.

    Args:
        run: with scores.
        most_samples: shown at most.
        reply_bytes: of all replies together; the longest ones are shortened.
    """
    slots: dict[str, Slots] = {}
    for task in run.manifest.tasks:
        for level in task.levels:
            slots.update(
                _slots(task.name, level.level, run.level_scores(task.name, level.level, ("pack_id", "outcome")))
            )
    drawn = draw_packs(slots, run.manifest.seed, most_samples, MOST_SLOTS)
    rows = _rows(run, drawn)
    places: dict[tuple[str, str], int] = {}
    questions: list[tuple[str, Problem]] = []
    samples: list[ShownSample] = []
    for sample in run.samples(drawn):
        for problem in sample.pack.problems:
            if places.setdefault((sample.pack.task, problem.id), len(questions)) == len(questions):
                questions.append((sample.pack.task, problem))
        samples.append(_show(sample, rows[sample.pack.pack_id], places))
    return ShownSamples(_problems(questions), _fitted(samples, reply_bytes), len(slots))


def _slots(task: str, level: int, scores: "pandas.DataFrame") -> dict[str, Slots]:
    outcomes: dict[str, list[str]] = {}
    for pack_id, outcome in zip(scores["pack_id"].tolist(), scores["outcome"].tolist(), strict=True):
        outcomes.setdefault(pack_id, []).append(outcome)
    return {pack_id: Slots(task, level, tuple(each)) for pack_id, each in outcomes.items()}


def _rows(run: Run, drawn: frozenset[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the scores of the packs that are shown, by pack and in the order of their positions."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for task in run.manifest.tasks:
        for level in task.levels:
            scores = run.level_scores(task.name, level.level, COLUMNS)
            for row in scores[scores["pack_id"].isin(drawn)].to_dict("records"):
                rows.setdefault(row["pack_id"], []).append({name: _plain(value) for name, value in row.items()})
    return {pack_id: sorted(each, key=lambda row: row["position"]) for pack_id, each in rows.items()}


def _plain(value: Any) -> Any:
    """Return None for what a table has instead of it, and counts as whole numbers."""
    if value is None or value != value or type(value).__name__ == "NAType":
        return None
    return int(value) if isinstance(value, float) else value


def _show(sample: Sample, rows: list[dict[str, Any]], places: Mapping[tuple[str, str], int]) -> ShownSample:
    pack, response, _ = sample
    division = divide_reply(response, pack, [(row["answer"], row["found_by"]) for row in rows])
    marked = {
        number for block in division.blocks if not block.is_thinking for part in block.parts for number in part.numbers
    }
    return ShownSample(
        pack_id=pack.pack_id,
        task=pack.task,
        level=pack.level,
        repeat=pack.repeat,
        finish_reason=response.finish_reason,
        prompt_tokens=response.prompt_tokens,
        completion_tokens=response.completion_tokens,
        thinking_tokens=rows[0]["thinking_tokens"],
        sure=division.sure,
        error=None if response.error is None else shorten(response.error, LONGEST_ANSWER),
        slots=tuple(_slot(row, places[pack.task, row["problem_id"]], row["position"] in marked) for row in rows),
        blocks=fit_blocks(show_blocks(division.blocks), LONGEST_REPLY_BYTES),
    )


def _slot(row: dict[str, Any], problem: int, is_marked: bool) -> ShownSlot:
    return ShownSlot(
        problem=problem,
        gold=shorten(row["gold"], LONGEST_ANSWER),
        answer=None if row["answer"] is None else shorten(row["answer"], LONGEST_ANSWER),
        found_by=row["found_by"],
        outcome=row["outcome"],
        segment_tokens=row["segment_tokens"],
        answer_trace=None if row["answer_trace"] is None else shorten(row["answer_trace"], LONGEST_ANSWER),
        correct_strict=row["correct_strict"],
        correct_paper=row["correct_paper"],
        is_marked=is_marked,
    )


def _fitted(samples: list[ShownSample], budget: int) -> tuple[ShownSample, ...]:
    cap = fair_cap([blocks_bytes(sample.blocks) for sample in samples], budget)
    slots = [slot for sample in samples for slot in sample.slots]
    answer_cap = fair_cap([json_bytes(text) for slot in slots for text in _texts(slot)], ANSWER_BYTES)
    return tuple(
        sample._replace(
            blocks=fit_blocks(sample.blocks, cap),
            slots=tuple(_with_texts(slot, [fit(text, answer_cap) for text in _texts(slot)]) for slot in sample.slots),
        )
        for sample in samples
    )


def _texts(slot: ShownSlot) -> list[str]:
    return [text for text in (slot.gold, slot.answer, slot.answer_trace) if text is not None]


def _with_texts(slot: ShownSlot, texts: list[str]) -> ShownSlot:
    remaining = iter(texts)
    return slot._replace(
        gold=next(remaining),
        answer=None if slot.answer is None else next(remaining),
        answer_trace=None if slot.answer_trace is None else next(remaining),
    )


def _problems(questions: list[tuple[str, Problem]]) -> tuple[ShownProblem, ...]:
    asked = [
        (task, problem.id, [problem.question, *(f"{option.letter}) {option.text}" for option in problem.options)])
        for task, problem in questions
    ]
    cap = fair_cap([json_bytes(text) for _, _, texts in asked for text in texts], QUESTION_BYTES)
    return tuple(
        ShownProblem(task, problem_id, fit(texts[0], cap), tuple(fit(text, cap) for text in texts[1:]))
        for task, problem_id, texts in asked
    )
