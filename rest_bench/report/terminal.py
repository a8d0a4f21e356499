"""The summary of a run as tables for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from rest_bench.schema import Dressing, Estimate, LevelSummary, Summary, TaskSummary

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

ROOMY_POSITIONS, MOST_POSITIONS = 8, 12
"""Columns of figures that fit 80 columns of text with room between them, and without."""
WIDEST_PROMPT = 60
"""Characters shown of a system prompt."""
ROOMY_OUTCOMES, MOST_OUTCOMES = 6, 8
"""The same for columns headed by outcomes."""


def summary_tables(summary: Summary) -> "list[RenderableType]":
    """Return what `rest-bench report` prints: the tables of each task and what to know about them.

    They fit 80 columns at any level.
    """
    from rich.text import Text

    parts: list[RenderableType] = [Text(_headline(summary))]
    for name, task in summary.tasks.items():
        parts += [
            Text(),
            *_accuracy(name, task),
            Text(),
            *_readings(task, summary.config.extractor),
            Text(),
            *_positions(task),
        ]
        parts += [Text(), *_outcomes(task)]
        if any(part.segmentation_sure is not None for part in task.levels.values()):
            parts += [Text(), *_thinking(task)]
    if summary.config.partial:
        parts += [Text(), Text("PARTIAL: a limit was set or responses are missing; not comparable with full runs.")]
    parts.append(Text("Intervals are 95 %, clustered by question. Every slot counts, answered or not."))
    return parts


def _headline(summary: Summary) -> str:
    sampling = summary.config.sampling
    decoding = "greedy" if sampling.temperature == 0 else f"temperature {sampling.temperature}, top_p {sampling.top_p}"
    return (
        f"{summary.model} on {summary.engine} · design {summary.config.design}, seed {summary.config.seed} · "
        f"{decoding}, at most {sampling.max_tokens} tokens{_dressing(summary.config.dressing)}"
    )


def _dressing(dressing: Dressing) -> str:
    """Return what was added to every request, as numbers with and without it do not compare."""
    shown = {
        "chat template": dressing.chat_template_kwargs,
        "extra body": dressing.extra_body,
        "reasoning effort": dressing.reasoning_effort,
        "system prompt": dressing.system_prompt and shorten(dressing.system_prompt, WIDEST_PROMPT, placeholder=" …"),
    }
    return "".join(f"\n{name}: {value}" for name, value in shown.items() if value not in (None, "", "{}"))


def _accuracy(name: str, task: TaskSummary) -> "Iterator[RenderableType]":
    from rich.text import Text

    yield _title(f"{name}: accuracy in % by level")
    table = _table("level", "packs", "accuracy", "95 % interval", "drop", "cut off", "tokens")
    for level, part in task.levels.items():
        table.add_row(
            level,
            str(part.n_packs),
            _percent(part.accuracy.value),
            _interval(part.accuracy),
            _percent(part.drop.value) if level != "1" else "",
            _percent(part.truncation_rate),
            "–" if part.completion_tokens is None else f"{part.completion_tokens:,.0f}",
        )
    yield table
    yield Text(_task_line(task))


def _task_line(task: TaskSummary) -> str:
    levels = ", ".join(map(str, task.stress_levels))
    facts = [f"single {_percent(task.single.value)}"]
    if task.stress_levels:
        facts.append(f"stress {_percent(task.stress.value)} (mean of levels {levels})")
        facts.append(f"drop {_percent(task.drop.value)} {_interval(task.drop)}")
        facts.append(f"retention {_ratio(task.retention)}")
        if task.retention_above_chance.value != task.retention.value:
            facts.append(f"above chance {_ratio(task.retention_above_chance)}")
    return " · ".join(facts)


def _readings(task: TaskSummary, extractor: str | None) -> "Iterator[RenderableType]":
    from rich.text import Text

    extracted = any(part.accuracy_extractor.value is not None for part in _parts(task))
    yield _title("accuracy in % by how the replies are read")
    table = _table("level", "by label", "strict", "paper", *(["extractor"] if extracted else []), "slots that differ")
    for level, part in task.levels.items():
        readings = [part.accuracy, part.accuracy_strict, part.accuracy_paper]
        readings += [part.accuracy_extractor] if extracted else []
        table.add_row(level, *(_percent(reading.value) for reading in readings), _percent(part.readings_differ))
    yield table
    yield Text("strict: only answers in the required format; paper: the k-th box answers question k;")
    yield Text("slots that differ: correct by one of these three and not by another.")
    if extracted:
        yield Text(f"extractor: as {extractor} lists the answers; no other number here uses its list.")


def _positions(task: TaskSummary) -> "Iterator[RenderableType]":
    yield _title("accuracy in % by position")
    yield from _by_position({level: [*map(_percent, part.position_accuracy)] for level, part in task.levels.items()})


def _thinking(task: TaskSummary) -> "Iterator[RenderableType]":
    from rich.text import Text

    sure = {level: part.segmentation_sure for level, part in task.levels.items() if part.segmentation_sure is not None}
    yield _title("thinking tokens by position (median)")
    yield from _by_position({level: [*map(_tokens, task.levels[level].thinking_tokens)] for level in sure})
    shares = ", ".join(f"{_percent(share)} at level {level}" for level, share in sure.items() if share < 1)
    if shares:
        yield Text(f"Surely divided by question, in % of slots: {shares}. The others are left out.")


def _by_position(rows: Mapping[str, Sequence[str]]) -> "Iterator[Table]":
    names = [str(position) for position in range(1, max(map(len, rows.values())) + 1)]
    return _level_tables(names, rows, roomy=ROOMY_POSITIONS, most=MOST_POSITIONS)


def _outcomes(task: TaskSummary) -> "Iterator[RenderableType]":
    seen = [name for name in next(iter(task.levels.values())).outcomes if any(_share(p, name) for p in _parts(task))]
    yield _title("outcomes in % of slots")
    rows = {level: [_percent(_share(part, name)) for name in seen] for level, part in task.levels.items()}
    yield from _level_tables(seen, rows, roomy=ROOMY_OUTCOMES, most=MOST_OUTCOMES)


def _level_tables(
    names: Sequence[str], rows: Mapping[str, Sequence[str]], *, roomy: int, most: int
) -> "Iterator[Table]":
    """Yield a table with a row for each level; more columns than fit a line go on in a table below."""
    for first in range(0, len(names), most):
        shown = names[first : first + most]
        table = _table("level", *shown, gap=3 if len(shown) <= roomy else 1)
        for level, cells in rows.items():
            if len(cells) > first:
                table.add_row(level, *cells[first : first + most])
        yield table


def _parts(task: TaskSummary) -> list[LevelSummary]:
    return list(task.levels.values())


def _share(part: LevelSummary, outcome: str) -> float:
    return part.outcomes.get(outcome, 0.0)


def _title(text: str) -> "Text":
    """Return a title of its own: one that belongs to a table is broken to the table's width."""
    from rich.text import Text

    return Text(text, style="bold")


def _table(*columns: str, gap: int = 3) -> "Table":
    """Return an empty table of figures with 1 to 3 spaces between its columns."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap // 2, 0, (gap - 1) // 2))
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def _tokens(count: float | None) -> str:
    """Write a count of tokens in at most five characters, up to a million."""
    if count is None:
        return "–"
    if count < 9999.5:
        return f"{count:,.0f}"
    return f"{count / 1000:.1f}k" if count < 99_950 else f"{count / 1000:.0f}k"


def _ratio(estimate: Estimate) -> str:
    return "–" if estimate.value is None else f"{estimate.value:.2f}"


def _interval(estimate: Estimate) -> str:
    return "" if estimate.ci is None else f"[{100 * estimate.ci[0]:.1f}, {100 * estimate.ci[1]:.1f}]"
