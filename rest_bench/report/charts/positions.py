"""Accuracy by position and level: the triangle of the paper's figure."""

from typing import TYPE_CHECKING, Any

from rest_bench.report.charts.figure import Figure
from rest_bench.report.charts.parts import Part, column_width, frame, inline, make_figure, percent
from rest_bench.report.charts.themes import HIGH

if TYPE_CHECKING:
    import pandas

WIDEST_CELL, LEAST_WITH_TEXT, ROOMY_CELL = 44, 15, 26
"""Pixels: a cell is as wide as fits, and has its value written in it where that can be read."""
CAPTION = (
    "Each cell is the accuracy at one position (column) of the packs of one level (row). All positions of a level have "
    "the same questions, so a row that fades to the right shows what the place alone does; near 0 % it cannot fade."
)


def triangle(part: Part) -> Figure | str:
    """Return accuracy by level and position."""
    data = frame(
        [
            {"level": level, "position": position, "accuracy_percent": percent(accuracy)}
            for level, summary in part.levels.items()
            for position, accuracy in enumerate(summary.position_accuracy, start=1)
        ]
    )
    if data.empty:
        return "no slot was scored"
    return make_figure(part, "positions", _chart(data), data, title="accuracy by position in the pack", caption=CAPTION)


def _chart(data: "pandas.DataFrame") -> Any:
    import altair

    cell = column_width(int(data["position"].max()), WIDEST_CELL)
    base = altair.Chart(inline(data), width={"step": cell}, height={"step": max(20, min(cell, 32))}).encode(
        x=altair.X(
            "position:O",
            title="position in the pack",
            axis=altair.Axis(labelOverlap=True),
            scale=altair.Scale(paddingInner=0.04),
        ),
        y=altair.Y(
            "level:O",
            title="level (problems per prompt)",
            axis=altair.Axis(labelOverlap=True),
            scale=altair.Scale(paddingInner=0.06),
        ),
    )
    cells = base.mark_rect().encode(
        color=altair.Color(
            "accuracy_percent:Q",
            title="accuracy (%)",
            scale=altair.Scale(domain=[0, 100]),
            legend=altair.Legend(gradientLength=160, gradientThickness=10, values=[0, 25, 50, 75, 100]),
        ),
        tooltip=["level:O", "position:O", altair.Tooltip("accuracy_percent:Q", title="accuracy (%)", format=".1f")],
    )
    if cell < LEAST_WITH_TEXT:
        return altair.layer(cells)
    size = 11 if cell >= ROOMY_CELL else 8
    texts = [
        base.transform_filter(test)
        .mark_text(style=style, fontSize=size)
        .encode(text=altair.Text("accuracy_percent:Q", format=".0f"))
        for style, test in (
            ("on-low", f"datum.accuracy_percent < {100 * HIGH}"),
            ("on-high", f"datum.accuracy_percent >= {100 * HIGH}"),
        )
    ]
    return altair.layer(cells, *texts)
