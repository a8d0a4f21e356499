"""What became of the slots: outcomes by level and by position, and what the drop is made of."""

from typing import TYPE_CHECKING, Any

from rest_bench.report.charts.figure import Figure
from rest_bench.report.charts.parts import Part, column_width, frame, inline, make_figure, percent, percent_axis
from rest_bench.report.charts.themes import HEIGHT, OUTCOME_COLOURS, WIDTH, ink_on
from rest_bench.schema import LevelSummary

if TYPE_CHECKING:
    import pandas

WIDEST_BAR, LEAST_WITH_TEXT = 64, 22
"""Pixels."""
LEAST_SHARE_WITH_TEXT = 5.0
"""Percent of the slots."""
GAINED, UNEQUAL = "right only here", "unequal slots"
GAINED_COLOUR, UNEQUAL_COLOUR = "#56B4E9", "#999999"
LEAST_SHOWN = 0.005
"""Points of accuracy."""
BY_LEVEL = (
    "What became of the slots of each level, in percent: every slot is one question of one pack, and the first "
    "outcome that holds counts (docs/metrics.md, 4)."
)
BY_POSITION = (
    "The same at level {level}, by position in the pack: outcomes that grow to the right belong to the place, as every "
    "position has the same questions."
)
WATERFALL = (
    "From the accuracy alone to that at level {level}: each bar is the share of answers that are right alone and end "
    "here with that outcome, less what is right only here. It says what the drop is made of, not what caused it."
)


def outcomes(part: Part) -> Figure | str:
    """Return the outcomes of each level."""
    data = frame(
        [
            {"level": level, "outcome": outcome, "share_percent": percent(share)}
            for level, summary in part.levels.items()
            for outcome, share in summary.outcomes.items()
            if share
        ]
    )
    if data.empty:
        return "no slot was scored"
    chart = _stack(data, "level", "level (problems per prompt)")
    return make_figure(part, "outcomes", chart, data, title="outcomes by level", caption=BY_LEVEL)


def outcomes_by_position(part: Part) -> Figure | str:
    """Return the outcomes at each position of the highest level."""
    level = max(part.levels)
    if level == 1:
        return "level 1 has one position"
    if part.scores is None:
        return "the scores are not at hand"
    slots = part.scores[part.scores["level"] == level]
    if slots.empty:
        return "no slot was scored"
    counts = slots.groupby(["position", "outcome"], observed=True).size().rename("slots").reset_index()
    counts["share_percent"] = 100 * counts["slots"] / counts.groupby("position")["slots"].transform("sum")
    data = counts.assign(outcome=counts["outcome"].astype(str))
    return make_figure(
        part,
        "outcomes-by-position",
        _stack(data, "position", "position in the pack"),
        data,
        title=f"outcomes by position at level {level}",
        caption=BY_POSITION.format(level=level),
    )


def _stack(data: "pandas.DataFrame", column: str, title: str) -> Any:
    import altair

    order = {outcome: place for place, outcome in enumerate(OUTCOME_COLOURS)}
    seen = [outcome for outcome in order if (data["outcome"] == outcome).any()]
    width = column_width(data[column].nunique(), WIDEST_BAR)
    drawn = data.assign(order=data["outcome"].map(order)).sort_values([column, "order"])
    drawn["top"] = drawn.groupby(column)["share_percent"].cumsum()
    drawn["middle"] = drawn["top"] - drawn["share_percent"] / 2
    drawn["bottom"] = drawn["top"] - drawn["share_percent"]
    base = altair.Chart(inline(drawn), width={"step": width}, height=HEIGHT).encode(
        x=altair.X(f"{column}:O", title=title, axis=altair.Axis(labelOverlap=True)),
    )
    colour = altair.Color(
        "outcome:N",
        scale=altair.Scale(domain=seen, range=[OUTCOME_COLOURS[outcome] for outcome in seen]),
        legend=altair.Legend(title=None, columns=4, symbolType="square", symbolStrokeWidth=0),
    )
    y = altair.Y("bottom:Q", axis=percent_axis("share of slots (%)"), scale=altair.Scale(domain=[0, 100]))
    tips = [f"{column}:O", "outcome:N", altair.Tooltip("share_percent:Q", title="share (%)", format=".1f")]
    bars = base.mark_bar(style="gap").encode(y=y, y2="top:Q", color=colour, tooltip=tips)
    if width < LEAST_WITH_TEXT:
        return altair.layer(bars)
    texts = (
        base.transform_filter(f"datum.share_percent >= {LEAST_SHARE_WITH_TEXT}")
        .mark_text(fontSize=10)
        .encode(
            y="middle:Q",
            text=altair.Text("share_percent:Q", format=".0f"),
            color=altair.Color(
                "outcome:N",
                scale=altair.Scale(domain=seen, range=[ink_on(OUTCOME_COLOURS[outcome]) for outcome in seen]),
                legend=None,
            ),
        )
    )
    return altair.layer(bars, texts).resolve_scale(color="independent")


def drop(part: Part) -> Figure | str:
    """Return what the drop to the highest level is made of."""
    known = {level: summary for level, summary in part.stressed.items() if summary.drop_by_outcome is not None}
    if not known or 1 not in part.levels:
        return "level 1 is missing" if 1 not in part.levels else "there is no level above 1"
    level = max(known)
    data = frame(_steps(part.levels[1], level, known[level]))
    return make_figure(
        part,
        "drop",
        _waterfall(data),
        data,
        title=f"what the drop to level {level} is made of",
        caption=WATERFALL.format(level=level),
    )


def _steps(single: LevelSummary, level: int, summary: LevelSummary) -> list[dict[str, Any]]:
    """Return the bars from the accuracy at level 1 down to that of a level."""
    start, end = percent(single.accuracy.value) or 0.0, percent(summary.accuracy.value) or 0.0
    losses = summary.drop_by_outcome or {}
    changes = {outcome: -100 * loss for outcome in OUTCOME_COLOURS if (loss := losses.get(outcome))}
    changes |= {GAINED: 100 * (summary.gain or 0.0)}
    changes |= {UNEQUAL: end - start - sum(changes.values())}
    rows = [{"step": "level 1", "kind": "correct", "change_points": start, "start_percent": 0.0, "end_percent": start}]
    here = start
    for name, change in changes.items():
        if abs(change) >= LEAST_SHOWN:
            after = here + change
            rows.append(
                {"step": name, "kind": name, "change_points": change, "start_percent": here, "end_percent": after}
            )
            here = after
    last = {"step": f"level {level}", "kind": "correct", "change_points": end, "start_percent": 0.0, "end_percent": end}
    return [*rows, last]


def _waterfall(data: "pandas.DataFrame") -> Any:
    import altair

    colours = {**OUTCOME_COLOURS, GAINED: GAINED_COLOUR, UNEQUAL: UNEQUAL_COLOUR}
    kinds = list(dict.fromkeys(data["kind"]))
    drawn = data.assign(
        right=data[["start_percent", "end_percent"]].max(axis=1),
        sign=[
            f"{change:.1f}" if start == 0 else f"{change:+.1f}".replace("-", "−")
            for change, start in zip(data["change_points"], data["start_percent"], strict=True)
        ],
    )
    base = altair.Chart(inline(drawn), width=WIDTH - 60, height={"step": 22}).encode(
        y=altair.Y("step:N", sort=list(data["step"]), title=None, scale=altair.Scale(paddingInner=0.25)),
    )
    x_scale = altair.Scale(domain=[0, max(5.0, 1.12 * float(drawn["right"].max()))], nice=False)
    bars = base.mark_bar().encode(
        x=altair.X("start_percent:Q", axis=percent_axis("accuracy (%)"), scale=x_scale),
        x2="end_percent:Q",
        color=altair.Color(
            "kind:N", legend=None, scale=altair.Scale(domain=kinds, range=[colours[kind] for kind in kinds])
        ),
        tooltip=["step:N", altair.Tooltip("change_points:Q", title="points", format=".2f")],
    )
    texts = base.mark_text(style="label", align="left", dx=4).encode(
        x=altair.X("right:Q", scale=x_scale), text="sign:N"
    )
    return altair.layer(bars, texts)
