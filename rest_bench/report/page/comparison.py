"""The page of two runs side by side: verdicts, what differs, and every number of A, of B and of their difference."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rest_bench.report.charts.compared import compared_figures
from rest_bench.report.comparison import (
    LEVEL_TITLES,
    TASK_ROWS,
    notes,
    number_cells,
    pair_sentences,
    shown_levels,
    undefined_sentences,
    verdicts,
)
from rest_bench.report.page.render import Share, picture, render_document
from rest_bench.report.page.tables import Table
from rest_bench.report.tables import percent
from rest_bench.schema import ChangedQuestion, ComparedMetric, ComparedRun, ComparedTask, Comparison

COLUMNS = ("A", "B", "B - A", "95 % interval", "p", "verdict", "needs")


def render_comparison(comparison: Comparison, changed: Sequence[ChangedQuestion], n_changed: int, version: str) -> str:
    """Return the page of a comparison; the same comparison gives the same bytes.

    Args:
        comparison: of two runs.
        changed: the questions that changed most.
        n_changed: how many changed in all.
        version: of rest-bench.

    Raises:
        ConfigError: the charts' library is missing.
    """
    figures = {name: compared_figures(name, place, task) for place, (name, task) in enumerate(comparison.tasks.items())}
    runs = (comparison.a, comparison.b)
    names = [_name(run) for run in runs]
    return render_document(
        "comparison.html.j2",
        [figure for found in figures.values() for figure in found],
        names=names,
        sides=[*zip("AB", runs, names, strict=True)],
        sentences=verdicts(comparison),
        cautions=[_without_paths(sentence, comparison) for sentence in (*comparison.cautions, *comparison.left_out)],
        differences=_differences(comparison),
        shares=[
            Share(
                task=name,
                pictures=tuple(map(picture, figures[name])),
                tables=tuple(_tables(task)),
                missing=(*undefined_sentences(task), *pair_sentences(task)),
            )
            for name, task in comparison.tasks.items()
        ],
        questions=_questions(changed, n_changed),
        notes=notes(comparison),
        version=version,
    )


def _name(run: ComparedRun) -> str:
    """Return what a run is called: its folder's name, as a page is for others and not for this disk."""
    return Path(run.path).name or run.model


def _without_paths(sentence: str, comparison: Comparison) -> str:
    for run in (comparison.a, comparison.b):
        sentence = sentence.replace(f"({run.path})", f"({_name(run)})")
    return sentence


def _differences(comparison: Comparison) -> Table:
    rows = tuple((each.field, each.a or "–", each.b or "–", each.role) for each in comparison.differences)
    return Table("Settings that differ", ("field", "A", "B", "what it does to the numbers"), rows)


def _tables(task: ComparedTask) -> Iterator[Table]:
    rows = {words: task.metrics[key] for key, words in TASK_ROWS.items() if key in task.metrics}
    levels = ", ".join(map(str, task.stress_levels))
    yield _table("Whole task", "", rows, (f"Stress: the mean of levels {levels}; drop: single minus stress.",))
    for key, words in LEVEL_TITLES.items():
        shown = {level: part for level, part in shown_levels(task, key).items() if part.verdict is not None}
        if shown:
            yield _table(f"By level: {words}", "level", shown)


def _table(caption: str, heading: str, rows: dict[str, ComparedMetric], notes: tuple[str, ...] = ()) -> Table:
    return Table(caption, (heading, *COLUMNS), tuple((name, *number_cells(part)) for name, part in rows.items()), notes)


def _questions(changed: Sequence[ChangedQuestion], n_changed: int) -> Table:
    rows = tuple(
        (
            each.problem_id,
            each.task,
            percent(each.right_a),
            percent(each.right_b),
            f"{100 * (each.right_b - each.right_a):+.1f}",
            f"{each.n_slots:,}",
        )
        for each in changed
    )
    more = n_changed - len(changed)
    left_out = (f"{more:,} more questions changed, by less.",) if more > 0 else ()
    columns = ("problem", "task", "right in A, %", "right in B, %", "B - A", "slots")
    return Table("Questions by how much they changed", columns, rows, left_out)
