"""The stress curve: accuracy by level, by three readings, against the token limit alone and published models."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rest_bench.report.charts.figure import Figure
from rest_bench.report.charts.parts import Part, bounds, frame, inline, make_figure, percent, percent_axis
from rest_bench.report.charts.published import published
from rest_bench.report.charts.themes import HEIGHT, WIDTH
from rest_bench.schema import LevelSummary

if TYPE_CHECKING:
    import pandas

LABEL, STRICT, PAPER = "by label (headline)", "strict format", "paper's reading"
LIMIT, PUBLISHED = "token limit alone", "published models"
LOOKS = {
    LABEL: ("#0072B2", "circle"),
    STRICT: ("#D55E00", "square"),
    PAPER: ("#009E73", "triangle-up"),
    LIMIT: ("#8c959f", "square"),
    PUBLISHED: ("#a8b0b8", "stroke"),
}
"""Colour and shape of each series."""
DASHES = {STRICT: [6, 3], PAPER: [2, 2]}
"""With these and the shapes, grey print keeps the series apart."""
CAPTION = (
    "Accuracy by how many problems share a prompt, read in three ways; bars are 95 % intervals of single levels, the "
    "blue band holds at all levels together. "
)
CAPTION_LIMIT = (
    "The grey band is what the token limit alone would leave, from answers to single questions: below it, stress costs "
    "more than length explains. "
)
CAPTION_PUBLISHED = (
    "Faint lines are the {count} models of arXiv 2507.10541, by the paper's reading; prompts and budgets agree only "
    "for runs with the paper's settings."
)


def stress(part: Part) -> Figure | str:
    """Return accuracy by level."""
    rows = [*_readings(part), *_limit(part), *_published(part)]
    data = frame(rows)
    if data.empty or not (data["series"] == LABEL).any():
        return "no slot was scored"
    series = [name for name in LOOKS if (data["series"] == name).any()]
    caption = CAPTION
    if LIMIT in series:
        caption += CAPTION_LIMIT
    if PUBLISHED in series:
        caption += CAPTION_PUBLISHED.format(count=data.loc[data["series"] == PUBLISHED, "model"].nunique())
    chart = _chart(data, series, [*part.levels])
    return make_figure(part, "stress", chart, data, title="accuracy by level", caption=caption.strip())


def _readings(part: Part) -> Iterator[dict[str, Any]]:
    for level, summary in part.levels.items():
        readings = {LABEL: summary.accuracy, STRICT: summary.accuracy_strict, PAPER: summary.accuracy_paper}
        for name, estimate in readings.items():
            low, high = bounds(estimate)
            band = part.summary.accuracy_band.get(str(level)) if name == LABEL else None
            yield {
                "series": name,
                "model": part.model,
                "level": level,
                "accuracy_percent": percent(estimate.value),
                "low_percent": low,
                "high_percent": high,
                "band_low_percent": percent(band[0]) if band else None,
                "band_high_percent": percent(band[1]) if band else None,
            }


def _limit(part: Part) -> Iterator[dict[str, Any]]:
    """Yield what the token limit alone would leave; at level 1 that is the accuracy itself (6.3)."""
    known = {level: summary for level, summary in part.stressed.items() if summary.budget_accuracy is not None}
    for level, (low, high) in [*_single(part.levels.get(1)), *((level, _bracket(s)) for level, s in known.items())]:
        if known:
            yield {
                "series": LIMIT,
                "model": part.model,
                "level": level,
                "low_percent": percent(low),
                "high_percent": percent(high),
            }


def _single(summary: LevelSummary | None) -> list[tuple[int, tuple[float | None, float | None]]]:
    return [] if summary is None else [(1, (summary.accuracy.value, summary.accuracy.value))]


def _bracket(summary: LevelSummary) -> tuple[float | None, float | None]:
    at_end = summary.budget_accuracy if summary.budget_accuracy_at_end is None else summary.budget_accuracy_at_end
    return at_end, summary.budget_accuracy


def _published(part: Part) -> Iterator[dict[str, Any]]:
    for row in published(part.task):
        if min(part.levels) <= row.level <= max(part.levels):
            yield {"series": PUBLISHED, "model": row.model, "level": row.level, "accuracy_percent": row.accuracy}


def _chart(data: "pandas.DataFrame", series: list[str], levels: list[int]) -> Any:
    import altair

    def of(*names: str) -> Any:
        return altair.Chart(inline(data[data["series"].isin(names)]))

    axis = altair.Axis(title="level (problems per prompt)", values=_ticks(levels), format="d")
    x = altair.X("level:Q", axis=axis, scale=altair.Scale(nice=False, padding=12))
    y_scale = altair.Scale(domain=[0, 100])
    y = altair.Y("accuracy_percent:Q", axis=percent_axis("accuracy (%)"), scale=y_scale)
    looks = {kind: [LOOKS[name][place] for name in series] for place, kind in enumerate(("colour", "shape"))}
    key = altair.Legend(title=None, columns=3, symbolOpacity=1, symbolSize=70)
    colour = altair.Color("series:N", legend=key, scale=altair.Scale(domain=series, range=looks["colour"]))
    shape = altair.Shape("series:N", legend=key, scale=altair.Scale(domain=series, range=looks["shape"]))
    tip = ["model:N", "series:N", "level:Q", altair.Tooltip("accuracy_percent:Q", title="accuracy (%)", format=".1f")]

    def between(low: str, high: str) -> dict[str, Any]:
        return {"x": x, "y": altair.Y(f"{low}:Q", scale=y_scale), "y2": f"{high}:Q", "color": colour}

    return altair.layer(
        of(PUBLISHED).mark_line(strokeWidth=1, opacity=0.45).encode(x=x, y=y, detail="model:N", color=colour),
        of(LIMIT).mark_area(opacity=0.35, line={"strokeWidth": 1.5}).encode(**between("high_percent", "low_percent")),
        of(LABEL).mark_area(opacity=0.18).encode(**between("band_low_percent", "band_high_percent")),
        of(LABEL).mark_rule(strokeWidth=1.5).encode(**between("low_percent", "high_percent")),
        of(LABEL).mark_line(strokeWidth=3).encode(x=x, y=y, color=colour),
        *(
            of(name).mark_line(strokeWidth=1.5, strokeDash=DASHES[name]).encode(x=x, y=y, color=colour)
            for name in (STRICT, PAPER)
        ),
        of(LABEL, STRICT, PAPER)
        .mark_point(size=55, opacity=1, strokeWidth=1.5)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=tip),
    ).properties(width=WIDTH, height=HEIGHT)


def _ticks(levels: list[int]) -> list[int]:
    """Return the run's levels, or a few of many."""
    step = -(-len(levels) // 15)
    return sorted({*levels[::step], *levels[-1:]})
