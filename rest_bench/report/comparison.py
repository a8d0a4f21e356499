"""Two runs side by side as sentences and tables for a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten
from typing import TYPE_CHECKING

from rest_bench.report.tables import percent, table, title, tokens
from rest_bench.schema import ComparedLevel, ComparedMetric, ComparedRun, ComparedTask, Comparison, Unit

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDEST_FIELD, WIDEST_VALUE = 26, 17
"""Characters shown of a manifest's field and of its values."""
LEAST_P = 0.001

TASK_ROWS = {
    "drop": "drop",
    "retention": "retention",
    "retention_above_chance": "over chance",
    "single": "single",
    "stress": "stress",
}
"""Numbers of a whole task by their names in its table."""
LEVEL_TITLES = {
    "accuracy": "accuracy in %",
    "drop": "drop in points",
    "retention": "retention",
    "retention_above_chance": "retention above chance",
    "accuracy_strict": "accuracy in %, strict reading",
    "accuracy_paper": "accuracy in %, the paper's reading",
    "residual_drop": "drop that the token limit does not explain, in points",
    "residual_drop_at_end": "the same if all answers come after all of the thinking",
    "truncation_rate": "replies cut off by the token limit, in %",
    "completion_tokens": "tokens of a reply",
    "thinking_tokens": "thinking tokens of a question",
}
"""Numbers of a level by the titles of their tables."""
READINGS = ("accuracy_strict", "accuracy_paper")


def comparison_tables(comparison: Comparison) -> "list[RenderableType]":
    """Return what `rest-bench compare` prints: verdicts, what differs between the runs, and the numbers.

    They fit 80 columns.
    """
    from rich.text import Text

    parts: list[RenderableType] = [Text(_run("A", comparison.a)), Text(_run("B", comparison.b)), Text()]
    parts += [Text(sentence) for sentence in verdicts(comparison)]
    sections: list[Iterator[RenderableType]] = [_said(comparison), _differences(comparison)]
    for name, task in comparison.tasks.items():
        sections += [_task(name, task), *_levels(name, task), _pairs(task)]
    for section in sections:
        shown = list(section)
        parts += [Text(), *shown] if shown else []
    return [*parts, Text(), *(Text(line) for line in notes(comparison))]


def verdicts(comparison: Comparison) -> list[str]:
    """Return one sentence for each task: does B break less under stress than A?"""
    return [_verdict(name, task.metrics["drop"], comparison) for name, task in comparison.tasks.items()]


def _verdict(name: str, drop: ComparedMetric, comparison: Comparison) -> str:
    if drop.verdict is None:
        return f"{name}: the drops cannot be compared: {drop.undefined}."
    words = {
        "better": "B breaks less under stress than A",
        "worse": "B breaks more under stress than A",
        "underpowered": "underpowered: too few questions to tell whether B breaks less or more under stress than A",
    }
    said = words.get(drop.verdict, "no evidence that B breaks less or more under stress than A")
    interval = _interval(drop)
    difference = _signed(drop.difference.value, "share")
    facts = (
        f"{name}: {said}. Drop {percent(drop.a)} in A, {percent(drop.b)} in B: {difference} points"
        f"{f' {interval}' if interval else ''}, p {_p_words(drop.p_value)}."
    )
    size = percent(comparison.smallest_effect)
    if drop.verdict == "underpowered":
        needs = (
            ""
            if drop.questions_needed is None
            else f" To find {size} points would need about {drop.questions_needed:,} questions; here are "
            f"{drop.n_questions:,}."
        )
        return facts + needs
    return facts


def _run(side: str, run: ComparedRun) -> str:
    return f"{side}  {run.path} · {run.model} on {run.engine}"


def _said(comparison: Comparison) -> "Iterator[RenderableType]":
    from rich.text import Text

    for sentence in (*comparison.cautions, *comparison.left_out):
        yield Text(f"- {sentence}")


def _differences(comparison: Comparison) -> "Iterator[RenderableType]":
    if not comparison.differences:
        return
    yield title("what differs between the runs")
    rows = table("field", "A", "B", "", gap=2)
    for column in rows.columns:
        column.justify = "left"
    for each in comparison.differences:
        values = [_short(value) for value in (each.a, each.b)]
        rows.add_row(shorten(each.field, WIDEST_FIELD, placeholder="…"), *values, each.role)
    yield rows


def _short(value: str | None) -> str:
    if value is None:
        return "–"
    return value if len(value) <= WIDEST_VALUE else f"{value[: WIDEST_VALUE - 1]}…"


def _task(name: str, task: ComparedTask) -> "Iterator[RenderableType]":
    from rich.text import Text

    yield title(f"{name}: B against A")
    yield _rows("", {word: task.metrics[key] for key, word in TASK_ROWS.items() if key in task.metrics})
    if task.stress_levels:
        yield Text(f"stress: the mean of levels {', '.join(map(str, task.stress_levels))}; drop: single minus stress")
    yield from (Text(sentence) for sentence in undefined_sentences(task))


def undefined_sentences(task: ComparedTask) -> Iterator[str]:
    """Yield why numbers of the whole task are not defined."""
    reasons: dict[str, list[str]] = {}
    for key, part in task.metrics.items():
        if part.undefined:
            reasons.setdefault(part.undefined, []).append(TASK_ROWS[key])
    for why, names in reasons.items():
        yield f"{', '.join(names)} not defined: {why}"


def _levels(name: str, task: ComparedTask) -> "Iterator[Iterator[RenderableType]]":
    for key, words in LEVEL_TITLES.items():
        if rows := shown_levels(task, key):
            yield _level_table(f"{name}: {words}", rows)


def shown_levels(task: ComparedTask, key: str) -> dict[str, ComparedMetric]:
    """Return a number by level; nothing for a reading that everywhere gives what the headline gives."""
    rows = {level: part.metrics[key] for level, part in task.levels.items() if key in part.metrics}
    if key in READINGS and all(_same(part, task.levels[level].metrics["accuracy"]) for level, part in rows.items()):
        return {}
    return rows


def _same(one: ComparedMetric, other: ComparedMetric) -> bool:
    return (one.a, one.b) == (other.a, other.b)


def _level_table(heading: str, rows: Mapping[str, ComparedMetric]) -> "Iterator[RenderableType]":
    from rich.text import Text

    yield title(heading)
    defined = {level: part for level, part in rows.items() if part.verdict is not None}
    if defined:
        yield _rows("level", defined)
    reasons: dict[str, list[str]] = {}
    for level, part in rows.items():
        if part.undefined:
            reasons.setdefault(part.undefined, []).append(level)
    for why, levels in reasons.items():
        yield Text(f"not defined at level {', '.join(levels)}: {why}")


def _rows(heading: str, metrics: Mapping[str, ComparedMetric]) -> "RenderableType":
    rows = table(heading, "A", "B", "B - A", "95 % interval", "p", "verdict", "needs", gap=2)
    for name, part in metrics.items():
        rows.add_row(name, *number_cells(part))
    return rows


def number_cells(part: ComparedMetric) -> tuple[str, ...]:
    """Return A, B, B - A, its interval, p, the verdict, and how many questions it would need."""
    return (
        _number(part.a, part.unit),
        _number(part.b, part.unit),
        _signed(part.difference.value, part.unit),
        _interval(part),
        _p(part.p_value_holm),
        part.verdict or "–",
        tokens(part.questions_needed) if part.verdict == "underpowered" else "",
    )


def _pairs(task: ComparedTask) -> "Iterator[RenderableType]":
    from rich.text import Text

    yield from (Text(sentence) for sentence in pair_sentences(task))


def pair_sentences(task: ComparedTask) -> Iterator[str]:
    """Yield what is told by pairs of answers and by pairs of prompts."""
    for level, part in task.levels.items():
        if part.only_right is not None:
            yield (
                f"Level {level}: {part.only_right[0]:,} questions only A has right, {part.only_right[1]:,} only B "
                f"(McNemar's p {_p_words(part.mcnemar_p_value)})."
            )
    yield from _orders(task.levels)


def _orders(levels: Mapping[str, ComparedLevel]) -> Iterator[str]:
    for level, part in levels.items():
        effect = part.order_effect
        if effect is None:
            continue
        if effect.order_effect.value is None:
            yield f"Level {level}: no order effect: {effect.undefined.get('order_effect', 'it is not defined')}."
            continue
        ci = effect.order_effect.ci
        interval = "" if ci is None else f" [{_signed(ci[0], 'share')}, {_signed(ci[1], 'share')}]"
        value = _signed(effect.order_effect.value, "share")
        yield (
            f"Level {level}: easy first minus hard first {value} points{interval} over "
            f"{effect.order_effect_prompts:,} prompts."
        )


def notes(comparison: Comparison) -> Iterable[str]:
    """Yield how the numbers are meant."""
    size = percent(comparison.smallest_effect)
    yield "Differences are B minus A, paired by question, intervals 95 % and clustered by question."
    yield "No interval: all questions differ by the same amount, which says nothing of others."
    yield "p of a level is adjusted for the number of levels (Holm)."
    yield f"underpowered: to find {size} points (of tokens {size} %) needs so many questions;"
    yield "no evidence: such a difference would have been found in four of five comparisons."


def _number(value: float | None, unit: Unit) -> str:
    if unit == "tokens":
        return tokens(value)
    if unit == "ratio":
        return "–" if value is None else f"{value:.2f}"
    return percent(value)


def _signed(value: float | None, unit: Unit) -> str:
    text = _number(None if value is None else abs(value), unit)
    if value is None or not any(digit in text for digit in "123456789"):
        return text
    return f"{'-' if value < 0 else '+'}{text}"


def _interval(part: ComparedMetric) -> str:
    ci = part.difference.ci
    return "" if ci is None else f"[{_signed(ci[0], part.unit)}, {_signed(ci[1], part.unit)}]"


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return f"<{LEAST_P}" if value < LEAST_P else f"{value:.3f}"


def _p_words(value: float | None) -> str:
    text = _p(value)
    return "unknown" if value is None else f"< {LEAST_P}" if text.startswith("<") else f"= {text}"
