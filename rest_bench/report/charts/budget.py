"""What the token limit alone costs, against the rest of the drop (metrics.md 6.3)."""

from typing import TYPE_CHECKING, Any

from rest_bench.report.charts.figure import Figure
from rest_bench.report.charts.parts import Part, bounds, frame, inline, make_figure, percent
from rest_bench.report.charts.themes import HEIGHT, WIDTH

if TYPE_CHECKING:
    import pandas

LIMIT, REST = "token limit alone", "rest of the drop"
COLOURS = {LIMIT: "#8c959f", REST: "#D55E00"}
AS_THEY_END, AT_END = "answers as they come", "answers after all thinking"
CAPTION = (
    "The drop from level 1 split into what the token limit alone costs and the rest, with 95 % intervals, by the two "
    "ways to count the limit: the truth lies between. The rest is interference only where it is above 0 in both; "
    "below 0 the model saves tokens under stress."
)


def budget(part: Part) -> Figure | str:
    """Return the two parts of the drop by level, by both ways to count the limit."""
    rows = [
        {
            "level": level,
            "counted": way,
            "part": name,
            "points": percent(estimate.value),
            "low_points": bounds(estimate)[0],
            "high_points": bounds(estimate)[1],
        }
        for level, summary in part.stressed.items()
        for way, name, estimate in (
            (AS_THEY_END, LIMIT, summary.budget_drop),
            (AS_THEY_END, REST, summary.residual_drop),
            (AT_END, LIMIT, summary.budget_drop_at_end),
            (AT_END, REST, summary.residual_drop_at_end),
        )
        if estimate.value is not None
    ]
    if not rows:
        reasons = [summary.undefined.get("budget_drop") for summary in part.stressed.values()]
        return next(filter(None, reasons), "there is no level above 1")
    data = frame(rows)
    return make_figure(part, "budget", _chart(data), data, title="token limit against interference", caption=CAPTION)


def _chart(data: "pandas.DataFrame") -> Any:
    import altair

    base = altair.Chart().encode(
        x=altair.X("level:O", title="level (problems per prompt)", axis=altair.Axis(labelOverlap=True, domain=False)),
        xOffset=altair.XOffset("part:N", sort=list(COLOURS)),
        tooltip=["level:O", "counted:N", "part:N", altair.Tooltip("points:Q", format=".1f")],
    )
    axis = altair.Axis(title="points of accuracy", tickCount=5, format=".0f")
    colour = altair.Color(
        "part:N",
        scale=altair.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        legend=altair.Legend(title=None, symbolType="square", symbolStrokeWidth=0),
    )
    layers = altair.layer(
        base.mark_bar().encode(y=altair.Y("points:Q", axis=axis), color=colour),
        base.mark_rule(style="ink", strokeWidth=1.2).encode(y="low_points:Q", y2="high_points:Q"),
        altair.Chart().mark_rule(style="ink", strokeWidth=1).encode(y=altair.datum(0)),
    ).properties(width=(WIDTH - 20) // 2, height=HEIGHT - 50)
    header = altair.Header(title=None)
    return layers.facet(column=altair.Column("counted:N", sort=[AS_THEY_END, AT_END], header=header), data=inline(data))
