"""The summary of a run as tables for a terminal."""

from collections.abc import Iterable, Iterator
from textwrap import shorten
from typing import TYPE_CHECKING

from rest_bench.report.budget import budget_words
from rest_bench.report.findings import findings
from rest_bench.report.tables import by_position, interval, level_tables, percent, table, title, tokens
from rest_bench.schema import Dressing, Estimate, LevelSummary, Summary, TaskSummary

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDEST_PROMPT = 60
"""Characters shown of a system prompt."""
ROOMY_OUTCOMES, MOST_OUTCOMES = 6, 8
"""The same for columns headed by outcomes."""


def summary_tables(summary: Summary, budget: str | None = None) -> "list[RenderableType]":
    """Return what `rest-bench report` prints: the tables of each task and what to know about them.

    They fit 80 columns at any level.

    Args:
        summary: of the run.
        budget: how long a reply could be (`budget_words`); by the setting alone if not given.
    """
    from rich.text import Text

    parts: list[RenderableType] = [Text(_headline(summary, budget))]
    for name, task in summary.tasks.items():
        sections = [
            _accuracy(name, task),
            _readings(task, summary.config.extractor),
            _positions(task),
            _outcomes(task),
            _losses(task),
            _budget(task),
            _thinking(task),
            _use_of_thinking(task),
            _undefined(task),
            _findings(task, summary),
        ]
        parts += _spaced(sections)
    return [*parts, *_notes(summary)]


def brief_tables(summary: Summary, path: str, budget: str | None = None) -> "list[RenderableType]":
    """Return what `rest-bench eval` prints: accuracy, positions, and what the numbers allow to say.

    Args:
        summary: of the run.
        path: of the run, for the command that prints the rest.
        budget: how long a reply could be (`budget_words`); by the setting alone if not given.
    """
    from rich.text import Text

    parts: list[RenderableType] = [Text(_headline(summary, budget))]
    for name, task in summary.tasks.items():
        parts += _spaced([_accuracy(name, task), _positions(task), _findings(task, summary)])
    return [*parts, *_notes(summary), Text(f"More tables: rest-bench report {path}")]


def _spaced(sections: "Iterable[Iterator[RenderableType]]") -> "Iterator[RenderableType]":
    """Yield sections with an empty line before each that holds anything."""
    from rich.text import Text

    for section in sections:
        parts = list(section)
        if parts:
            yield Text()
            yield from parts


def _notes(summary: Summary) -> "Iterator[RenderableType]":
    from rich.text import Text

    yield Text()
    if summary.config.partial:
        yield Text("PARTIAL: a limit was set or responses are missing; not comparable with full runs.")
    yield Text("Intervals are 95 %, clustered by question. Every slot counts, answered or not.")


def _headline(summary: Summary, budget: str | None) -> str:
    sampling = summary.config.sampling
    decoding = "greedy" if sampling.temperature == 0 else f"temperature {sampling.temperature}, top_p {sampling.top_p}"
    variant = f" ({summary.config.variant})" if summary.config.variant else ""
    return (
        f"{summary.model}{variant} on {summary.engine} · design {summary.config.design}, seed {summary.config.seed} · "
        f"{decoding}, {budget or budget_words(sampling.max_tokens)}{_dressing(summary.config.dressing)}"
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

    yield title(f"{name}: accuracy in % by level")
    rows = table("level", "packs", "accuracy", "95 % interval", "drop", "cut off", "tokens")
    for level, part in task.levels.items():
        rows.add_row(
            level,
            str(part.n_packs),
            percent(part.accuracy.value),
            interval(part.accuracy),
            percent(part.drop.value) if level != "1" else "",
            percent(part.truncation_rate),
            "–" if part.completion_tokens is None else f"{part.completion_tokens:,.0f}",
        )
    yield rows
    yield Text(_task_line(task))


def _task_line(task: TaskSummary) -> str:
    levels = ", ".join(map(str, task.stress_levels))
    facts = [f"single {percent(task.single.value)}"]
    if task.stress_levels:
        facts.append(f"stress {percent(task.stress.value)} (mean of levels {levels})")
        facts.append(f"drop {percent(task.drop.value)} {interval(task.drop)}")
        facts.append(f"retention {_ratio(task.retention)}")
        if task.retention_above_chance.value != task.retention.value:
            facts.append(f"above chance {_ratio(task.retention_above_chance)}")
    return " · ".join(facts)


def _readings(task: TaskSummary, extractor: str | None) -> "Iterator[RenderableType]":
    from rich.text import Text

    extracted = any(part.accuracy_extractor.value is not None for part in _parts(task))
    yield title("accuracy in % by how the replies are read")
    rows = table("level", "by label", "strict", "paper", *(["extractor"] if extracted else []), "slots that differ")
    for level, part in task.levels.items():
        readings = [part.accuracy, part.accuracy_strict, part.accuracy_paper]
        readings += [part.accuracy_extractor] if extracted else []
        rows.add_row(level, *(percent(reading.value) for reading in readings), percent(part.readings_differ))
    yield rows
    yield Text("strict: only answers in the required format; paper: the k-th box answers question k;")
    yield Text("slots that differ: correct by one of these three and not by another.")
    if extracted:
        yield Text(f"extractor: as {extractor} lists the answers; no other number here uses its list.")


def _positions(task: TaskSummary) -> "Iterator[RenderableType]":
    yield title("accuracy in % by position")
    yield from by_position({level: [*map(percent, part.position_accuracy)] for level, part in task.levels.items()})


def _thinking(task: TaskSummary) -> "Iterator[RenderableType]":
    from rich.text import Text

    if not _has_thinking(task):
        return
    sure = {level: part.segmentation_sure for level, part in task.levels.items() if part.segmentation_sure is not None}
    yield title("thinking tokens by position (median)")
    yield from by_position({level: [*map(tokens, task.levels[level].thinking_tokens or ())] for level in sure})
    shares = ", ".join(f"{percent(share)} at level {level}" for level, share in sure.items() if share < 1)
    if shares:
        yield Text(f"Surely divided by question, in % of slots: {shares}. The others are left out.")


def _outcomes(task: TaskSummary) -> "Iterator[RenderableType]":
    seen = [name for name in next(iter(task.levels.values())).outcomes if any(_share(p, name) for p in _parts(task))]
    yield title("outcomes in % of slots")
    rows = {level: [percent(_share(part, name)) for name in seen] for level, part in task.levels.items()}
    yield from level_tables(seen, rows, roomy=ROOMY_OUTCOMES, most=MOST_OUTCOMES)


def _losses(task: TaskSummary) -> "Iterator[RenderableType]":
    """Share the drop out over what became of the slots: right alone and not here, less those right only here (5.6)."""
    from rich.text import Text

    stressed = {level: part for level, part in _stressed(task).items() if part.drop_by_outcome is not None}
    if not stressed:
        return
    losses = {level: part.drop_by_outcome or {} for level, part in stressed.items()}
    seen = [name for name in next(iter(losses.values())) if any(loss.get(name) for loss in losses.values())]
    yield title("what the drop is made of, in points of accuracy")
    rows = {
        level: [
            percent(part.drop.value),
            *(percent(losses[level].get(name)) for name in seen),
            percent(_minus(part.gain)),
        ]
        for level, part in stressed.items()
    }
    yield from level_tables(["drop", *seen, "gained"], rows, roomy=ROOMY_OUTCOMES, most=MOST_OUTCOMES)
    yield Text("Losses by outcome, of questions that are right alone; gained: right only here.")
    chance = {level: part.loss_by_chance for level, part in stressed.items() if part.loss_by_chance is not None}
    if chance:
        yield Text(f"Two generations differ anyhow: {percent(next(iter(chance.values())))} points of loss are chance.")


def _budget(task: TaskSummary) -> "Iterator[RenderableType]":
    """Split the drop into what the token limit explains and the rest, in both ways to count it (6.3)."""
    from rich.text import Text

    stressed = {level: part for level, part in _stressed(task).items() if part.budget_drop.value is not None}
    if not stressed:
        return
    yield title("token limit against interference, in points of accuracy")
    budget = table("level", "drop", "limit", "rest", "interval", "limit*", "rest*", "interval*", gap=2)
    for level, part in stressed.items():
        budget.add_row(
            level,
            percent(part.drop.value),
            percent(part.budget_drop.value),
            percent(part.residual_drop.value),
            interval(part.residual_drop),
            percent(part.budget_drop_at_end.value),
            percent(part.residual_drop_at_end.value),
            interval(part.residual_drop_at_end),
        )
    yield budget
    yield Text("limit: what it costs to lay single replies end to end and to cut off where the budget")
    yield Text("ends; *: if all answers come after all of the thinking. The truth lies between.")


def _use_of_thinking(task: TaskSummary) -> "Iterator[RenderableType]":
    from rich.text import Text

    if not _has_thinking(task):
        return
    yield title("use of the thinking")
    use = table("level", "tokens", "first", "after right", "unreached", "markers", "loops", gap=2)
    for level, part in task.levels.items():
        use.add_row(
            level,
            tokens(part.response_thinking_tokens),
            _ratio(part.first_share_ratio),
            percent(part.post_solution_share.value),
            percent(1 - part.reach[-1] if part.reach else None),
            _number(part.marker_rate),
            percent(part.loop_rate),
        )
    yield use
    yield Text("first: the first question's share of the thinking over an even share; after right: thinking after")
    yield Text("the first right answer, %; unreached: replies whose thinking did not come to the last question, %;")
    yield Text("markers: turns like `wait` and `but` per 1,000 tokens; loops: replies that end in a repetition, %.")


def _undefined(task: TaskSummary) -> "Iterator[RenderableType]":
    """Say which numbers no level above 1 has, by reason; `--json` has the reasons of each level."""
    from rich.text import Text

    shown = [part.undefined for part in (_stressed(task) or task.levels).values()]
    reasons: dict[str, list[str]] = {}
    for name, why in task.undefined.items():
        reasons.setdefault(why, []).append(name)
    for name, why in shown[-1].items():
        if name != "accuracy_extractor" and all(name in undefined for undefined in shown):  # nobody asked for that one
            reasons.setdefault(why, []).append(name)
    reasons = {why: list(dict.fromkeys(names)) for why, names in reasons.items()}  # a task and its levels share some
    if reasons:
        yield title("not defined")
    for why, names in reasons.items():
        yield Text(f"{why}: {', '.join(names)}")


def _findings(task: TaskSummary, summary: Summary) -> "Iterator[RenderableType]":
    from rich.text import Text

    sentences = findings(task, summary)
    if sentences:
        yield title("what this says")
    for sentence in sentences:
        yield Text(f"- {sentence}")


def _has_thinking(task: TaskSummary) -> bool:
    return any(part.segmentation_sure is not None for part in task.levels.values())


def _stressed(task: TaskSummary) -> dict[str, LevelSummary]:
    return {level: part for level, part in task.levels.items() if level != "1"}


def _minus(number: float | None) -> float | None:
    return None if number is None else 0.0 - number


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}"


def _parts(task: TaskSummary) -> list[LevelSummary]:
    return list(task.levels.values())


def _share(part: LevelSummary, outcome: str) -> float:
    return part.outcomes.get(outcome, 0.0)


def _ratio(estimate: Estimate) -> str:
    return "–" if estimate.value is None else f"{estimate.value:.2f}"
