"""What the charts are made from and with: the part of a run that they show, and pieces that several share."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rest_bench.report.charts.figure import Figure
from rest_bench.report.charts.themes import WIDTH
from rest_bench.schema import Estimate, LevelSummary, TaskSummary

if TYPE_CHECKING:
    import altair
    import pandas

LEAST_COLUMN = 4
"""Pixels: beyond a hundred columns a chart grows wider than a page."""


class Part(NamedTuple):
    """One task of a run."""

    task: str
    """As the run names it."""
    label: str
    """The same, fit to be shown."""
    stem: str
    """The same, fit to be part of a file name."""
    model: str
    """Fit to be shown."""
    summary: TaskSummary
    levels: Mapping[int, LevelSummary]
    scores: "pandas.DataFrame | None"
    """Its slots, or None where only the summary is at hand."""

    @property
    def stressed(self) -> dict[int, LevelSummary]:
        """The levels above 1."""
        return {level: part for level, part in self.levels.items() if level > 1}


def make_figure(part: Part, kind: str, chart: Any, data: "pandas.DataFrame", **words: str) -> Figure:
    """Return the figure of a chart, under a heading.

    Args:
        part: what it shows.
        kind: which plot it is.
        chart: without a heading.
        data: what is drawn.
        words: title (without the task) and caption.
    """
    import altair

    title = f"{part.label}: {words['title']}"
    heading = altair.TitleParams(text=title, subtitle=part.model)
    return Figure(
        name=f"{part.stem}-{kind}",
        task=part.task,
        kind=kind,
        title=title,
        caption=words["caption"],
        chart=chart.properties(title=heading),
        data=data,
    )


def inline(data: "pandas.DataFrame") -> "altair.InlineData":
    """Return a table as data of a chart: null for what is missing, and no limit on rows but our own."""
    import altair

    return altair.InlineData(
        values=[{key: _value(cell) for key, cell in row.items()} for row in data.to_dict("records")]
    )


def frame(rows: Sequence[Mapping[str, object]]) -> "pandas.DataFrame":
    """Return rows as a table."""
    import pandas

    return pandas.DataFrame(list(rows))


def percent(share: float | None) -> float | None:
    """Return a share in percent."""
    return None if share is None else 100 * share


def bounds(estimate: Estimate) -> tuple[float | None, float | None]:
    """Return the ends of an interval in percent."""
    low, high = estimate.ci or (None, None)
    return percent(low), percent(high)


def percent_axis(title: str, **settings: Any) -> "altair.Axis":
    """Return an axis of shares in percent."""
    import altair

    return altair.Axis(title=title, tickCount=5, format=".0f", **settings)


def column_width(n_columns: int, widest: int) -> int:
    """Return how wide a column can be, in pixels, so that all fit the page: as wide as this, and never nothing."""
    return max(LEAST_COLUMN, min(widest, WIDTH // n_columns))


def _value(cell: Any) -> Any:
    """Return a cell as JSON has it."""
    import pandas

    if pandas.api.types.is_scalar(cell) and pandas.isna(cell):
        return None
    return cell.item() if hasattr(cell, "item") else cell
