"""The summary of a run as tables for a terminal."""

from typing import TYPE_CHECKING

from rest_bench.schema import Estimate, LevelSummary, Summary, TaskSummary

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


def summary_tables(summary: Summary) -> "list[RenderableType]":
    """Return what `rest-bench report` prints: three tables for each task and what to know about them."""
    from rich.text import Text

    parts: list[RenderableType] = [Text(_headline(summary))]
    for name, task in summary.tasks.items():
        parts += [Text(), _accuracy_table(name, task), Text(_task_line(task)), Text(), _position_table(task)]
        parts += [Text(), _outcome_table(task)]
    if summary.config.partial:
        parts += [Text(), Text("PARTIAL: a limit was set or responses are missing; not comparable with full runs.")]
    parts.append(Text("Intervals are 95 %, clustered by question. Every slot counts, answered or not."))
    return parts


def _headline(summary: Summary) -> str:
    sampling = summary.config.sampling
    decoding = "greedy" if sampling.temperature == 0 else f"temperature {sampling.temperature}, top_p {sampling.top_p}"
    return (
        f"{summary.model} on {summary.engine} · design {summary.config.design}, seed {summary.config.seed} · "
        f"{decoding}, at most {sampling.max_tokens} tokens"
    )


def _accuracy_table(name: str, task: TaskSummary) -> "Table":
    table = _table(f"{name}: accuracy in % by level")
    for column in ("level", "packs", "accuracy", "95 % interval", "strict", "paper", "drop", "cut off", "tokens"):
        table.add_column(column, justify="right")
    for level, part in task.levels.items():
        table.add_row(
            level,
            str(part.n_packs),
            _percent(part.accuracy.value),
            _interval(part.accuracy),
            _percent(part.accuracy_strict.value),
            _percent(part.accuracy_paper.value),
            _percent(part.drop.value) if level != "1" else "",
            _percent(part.truncation_rate),
            "–" if part.completion_tokens is None else f"{part.completion_tokens:,.0f}",
        )
    return table


def _task_line(task: TaskSummary) -> str:
    levels = ", ".join(map(str, task.stress_levels))
    facts = [f"single {_percent(task.single.value)}"]
    if task.stress_levels:
        facts.append(f"stress {_percent(task.stress.value)} (mean of levels {levels})")
        facts.append(f"drop {_percent(task.drop.value)} {_interval(task.drop)}")
        facts.append(f"retention {'–' if task.retention is None else f'{task.retention:.2f}'}")
    return " · ".join(facts)


def _position_table(task: TaskSummary) -> "Table":
    table = _table("accuracy in % by position")
    table.add_column("level", justify="right")
    for position in range(1, max(len(part.position_accuracy) for part in task.levels.values()) + 1):
        table.add_column(str(position), justify="right")
    for level, part in task.levels.items():
        table.add_row(level, *map(_percent, part.position_accuracy))
    return table


def _outcome_table(task: TaskSummary) -> "Table":
    seen = [name for name in next(iter(task.levels.values())).outcomes if any(_share(p, name) for p in _parts(task))]
    table = _table("outcomes in % of slots")
    table.add_column("level", justify="right")
    for name in seen:
        table.add_column(name, justify="right")
    for level, part in task.levels.items():
        table.add_row(level, *(_percent(_share(part, name)) for name in seen))
    return table


def _parts(task: TaskSummary) -> list[LevelSummary]:
    return list(task.levels.values())


def _share(part: LevelSummary, outcome: str) -> float:
    return part.outcomes.get(outcome, 0.0)


def _table(title: str) -> "Table":
    from rich import box
    from rich.table import Table

    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def _interval(estimate: Estimate) -> str:
    return "" if estimate.ci is None else f"[{100 * estimate.ci[0]:.1f}, {100 * estimate.ci[1]:.1f}]"
