"""Answers that went to another question of the pack: which position's answer stands where (metrics.md 5.7)."""

from typing import TYPE_CHECKING, Any

from rest_bench.report.charts.figure import Figure
from rest_bench.report.charts.parts import Part, column_width, frame, inline, make_figure
from rest_bench.report.charts.themes import HEIGHT, HIGH, WIDTH

if TYPE_CHECKING:
    import pandas

WIDEST_CELL, LEAST_WITH_TEXT = 34, 14
WIDEST_BAR = 36
NONE = "no wrong answer equals the gold of another question of its pack"
UNDEFINED = "swaps are not counted for these answers"
MATRIX = (
    "Wrong answers at level {level} that equal the gold of another question of the pack: the row is the position that "
    "the answer was given to, the column the nearest position whose gold it is. {n} of {eligible} wrong answers; some "
    "are chance."
)
LAGS = (
    "How far away the question is whose gold the wrong answer equals, by level; -1 is the question before. One tall "
    "bar at -1 or +1 means answers that slipped by one; an even spread looks like chance."
)


def swaps(part: Part) -> Figure | str:
    """Return how often the answer to each position was the gold of each other one, at the highest level with any."""
    if part.scores is None:
        return "the scores are not at hand"
    swapped = part.scores[part.scores["swapped_from"].notna()]
    if swapped.empty:
        return _why_none(part)
    level = int(swapped["level"].max())
    counts = swapped[swapped["level"] == level].groupby(["position", "swapped_from"]).size()
    data = counts.rename("answers").reset_index().rename(columns={"swapped_from": "gold_position"}).astype(int)
    return make_figure(
        part,
        "swaps",
        _matrix(data, level),
        data,
        title=f"answers to another question at level {level}",
        caption=MATRIX.format(level=level, n=int(data["answers"].sum()), eligible=part.levels[level].n_swap_eligible),
    )


def swap_lags(part: Part) -> Figure | str:
    """Return how far away the questions are whose golds were answered."""
    data = frame(
        [
            {"level": level, "lag": int(lag), "answers": count}
            for level, summary in part.levels.items()
            for lag, count in sorted(summary.swap_lags.items(), key=lambda item: int(item[0]))
        ]
    )
    if data.empty:
        return _why_none(part)
    return make_figure(part, "swap-lags", _bars(data), data, title="how far answers went astray", caption=LAGS)


def _why_none(part: Part) -> str:
    reasons = {summary.undefined.get("swap_rate") for summary in part.stressed.values()}
    only = reasons.pop() if len(reasons) == 1 else None
    return only or NONE


def _matrix(data: "pandas.DataFrame", level: int) -> Any:
    import altair

    places = list(range(1, level + 1))
    cell = column_width(level, WIDEST_CELL)
    axis = altair.Axis(labelOverlap=True)
    base = altair.Chart(inline(data), width={"step": cell}, height={"step": cell}).encode(
        x=altair.X(
            "gold_position:O", scale=altair.Scale(domain=places), axis=axis, title="position of the gold it equals"
        ),
        y=altair.Y("position:O", scale=altair.Scale(domain=places), axis=axis, title="position of the answer"),
        tooltip=["position:O", "gold_position:O", "answers:Q"],
    )
    most = int(data["answers"].max())
    own = (
        altair.Chart(inline(frame([{"position": place, "gold_position": place} for place in places])))
        .mark_rect(style="own")
        .encode(
            x=altair.X("gold_position:O", scale=altair.Scale(domain=places)),
            y=altair.Y("position:O", scale=altair.Scale(domain=places)),
        )
    )
    cells = base.mark_rect(style="gap").encode(
        color=altair.Color("answers:Q", legend=None, scale=altair.Scale(domain=[0, most]))
    )
    if cell < LEAST_WITH_TEXT:
        return altair.layer(own, cells)
    texts = [
        base.transform_filter(test).mark_text(style=style, fontSize=10 if cell > 20 else 8).encode(text="answers:Q")
        for style, test in (
            ("on-low", f"datum.answers < {HIGH * most}"),
            ("on-high", f"datum.answers >= {HIGH * most}"),
        )
    ]
    return altair.layer(own, cells, *texts)


def _bars(data: "pandas.DataFrame") -> Any:
    import altair

    far = int(data["lag"].abs().max())
    lags = list(range(-far, far + 1))
    zero = (
        altair.Chart(inline(frame([{"lag": 0}])))
        .mark_rule(style="reference")
        .encode(x=altair.X("lag:O", scale=altair.Scale(domain=lags)))
    )
    bars = (
        altair.Chart(inline(data))
        .mark_bar(style="gap")
        .encode(
            x=altair.X(
                "lag:O",
                scale=altair.Scale(domain=lags),
                axis=altair.Axis(labelOverlap=True),
                title="position of the gold minus position of the answer",
            ),
            y=altair.Y("answers:Q", stack=True, axis=altair.Axis(title="wrong answers", format="d", tickMinStep=1)),
            color=altair.Color("level:O", legend=altair.Legend(title="level", symbolType="square", columns=10)),
            order=altair.Order("level:Q"),
            tooltip=["level:O", "lag:O", "answers:Q"],
        )
    )
    width = {"step": column_width(len(lags), WIDEST_BAR)} if len(lags) * 4 <= WIDTH else WIDTH
    return altair.layer(zero, bars).properties(width=width, height=HEIGHT - 50)
