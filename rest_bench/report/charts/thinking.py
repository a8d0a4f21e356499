"""Where the thinking went: tokens by position, against a fair share, and before and after the first right answer.

Only responses whose thinking could be divided surely, and counted, tell (metrics.md 7).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rest_bench.report.charts.figure import Figure
from rest_bench.report.charts.parts import Part, bounds, column_width, frame, inline, make_figure, percent, percent_axis
from rest_bench.report.charts.themes import HEIGHT, WIDTH

if TYPE_CHECKING:
    import pandas

WIDEST_BOX, LEAST_WITH_WORDS = 30, 20
"""Pixels."""
MOST_BOXES = 48
"""Boxes that fit the page; of more levels, some are drawn."""
QUANTILES = {"p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
NOT_DIVIDED = "no thinking could be divided surely by question"
NO_SCORES = "the scores are not at hand"
UNTIL, AFTER = "up to the first right answer", "after it"
PARTS = {UNTIL: "#0072B2", AFTER: "#E69F00"}
BOXES = (
    "Thinking tokens spent on the question at each position: the line is the median, the box holds the middle half, "
    "the whiskers 9 of 10 slots. Only responses whose thinking could be divided surely are counted{left_out}."
)
ALLOCATION = (
    "The share of a response's thinking that each position gets, as a multiple of an even share (dashed), mean over "
    "responses. Above the line a position gets more than its part; it is no fault where its questions are harder."
)
SOLUTION = (
    "Left: median tokens spent on a question up to the first right answer in the thinking, and after it. Right: the "
    "share that comes after it, with 95 % intervals. Right answers are found by rule, so some are missed."
)


def thinking(part: Part) -> Figure | str:
    """Return how many thinking tokens each position gets."""
    if part.scores is None:
        return NO_SCORES
    slots = whole_responses(part.scores)
    if slots.empty:
        return NOT_DIVIDED
    levels = fitting(sorted(slots["level"].unique()))
    slots = slots[slots["level"].isin(levels)]
    groups = slots.groupby(["level", "position"])["segment_tokens"]
    data = groups.quantile(list(QUANTILES.values())).unstack().set_axis(list(QUANTILES), axis=1)
    data = data.assign(responses=groups.size()).reset_index()
    left_out = [level for level in part.levels if level not in levels]
    words = f"; not drawn: {'levels' if len(left_out) > 1 else 'level'} {', '.join(map(str, left_out))}"
    return make_figure(
        part,
        "thinking",
        _boxes(data),
        data,
        title="thinking tokens by position",
        caption=BOXES.format(left_out=words if left_out else ""),
    )


def allocation(part: Part) -> Figure | str:
    """Return how thinking is shared out over the positions."""
    if part.scores is None:
        return NO_SCORES
    slots = whole_responses(part.scores)
    slots = slots[slots["level"] > 1]
    totals = slots.groupby(["level", "pack_id"], observed=True)["segment_tokens"].transform("sum")
    slots = slots.assign(ratio=slots["level"] * slots["segment_tokens"] / totals)[totals > 0]
    if slots.empty:
        return NOT_DIVIDED if part.stressed else "there is no level above 1"
    groups = slots.groupby(["level", "position"])["ratio"]
    data = groups.mean().rename("multiple_of_even_share").to_frame().assign(responses=groups.size()).reset_index()
    title = "thinking against an even share"
    return make_figure(part, "allocation", _multiples(data), data, title=title, caption=ALLOCATION)


def solution(part: Part) -> Figure | str:
    """Return how much thinking comes before and after the first right answer."""
    known = {level: summary for level, summary in part.levels.items() if summary.first_correct_tokens is not None}
    if not known:
        first = next(iter(part.levels.values()), None)
        return (first.undefined.get("first_correct_tokens") if first else None) or "no thinking states a right answer"
    if part.scores is None:
        return NO_SCORES
    after = _after_solution(part.scores)
    data = frame(
        [
            {
                "level": level,
                "until_tokens": summary.first_correct_tokens,
                "after_tokens": after.get(level),
                "after_percent": percent(summary.post_solution_share.value),
                "low_percent": bounds(summary.post_solution_share)[0],
                "high_percent": bounds(summary.post_solution_share)[1],
            }
            for level, summary in known.items()
        ]
    )
    title = "thinking before and after the first right answer"
    return make_figure(part, "solution", _before_and_after(data), data, title=title, caption=SOLUTION)


def whole_responses(scores: "pandas.DataFrame") -> "pandas.DataFrame":
    """Return the slots of the responses of which every slot's thinking tokens are surely known."""
    sure = _sure(scores)
    known = sure.groupby(["level", "pack_id"], observed=True)["position"].transform("size")
    return sure[known == sure["level"]]


def fitting(levels: Sequence[int]) -> list[int]:
    """Return levels whose positions fit the page together: the highest, and others as evenly as fit, the lowest first.

    One level is always drawn.
    """
    for step in range(1, len(levels) + 1):
        chosen = sorted({*levels[:-1:step], levels[-1]})
        if sum(chosen) <= MOST_BOXES:
            return [int(level) for level in chosen]
    return [int(levels[-1])]


def _sure(scores: "pandas.DataFrame") -> "pandas.DataFrame":
    sure = scores[scores["segmentation_sure"].eq(True).fillna(False) & scores["segment_tokens"].notna()]
    return sure.assign(segment_tokens=sure["segment_tokens"].astype(float))


def _after_solution(scores: "pandas.DataFrame") -> dict[int, float]:
    """Return, by level, the median tokens after the first right answer, of the slots that have one."""
    sure = _sure(scores)
    spent = sure["segment_tokens"] - sure["first_correct_tokens"].astype(float)
    return {int(level): float(tokens) for level, tokens in spent.dropna().groupby(sure["level"]).median().items()}


def _boxes(data: "pandas.DataFrame") -> Any:
    import altair

    width = column_width(len(data), WIDEST_BOX)
    thick = max(2, int(0.6 * width))
    base = altair.Chart().encode(
        x=altair.X(
            "position:O", title=None, axis=altair.Axis(labelOverlap=True, labelFontSize=10 if width > 12 else 8)
        ),
        tooltip=["level:O", "position:O", "responses:Q", *(f"{name}:Q" for name in QUANTILES)],
    )
    axis = altair.Axis(title="thinking tokens per question", format=",d", tickCount=5)
    layers = altair.layer(
        base.mark_rule(style="main").encode(y=altair.Y("p5:Q", axis=axis), y2="p95:Q"),
        base.mark_bar(style="ground", size=thick).encode(y="p25:Q", y2="p75:Q"),
        base.mark_bar(style="box", size=thick).encode(y="p25:Q", y2="p75:Q"),
        base.mark_tick(style="main", size=thick, thickness=2).encode(y="median:Q"),
    ).properties(width={"step": width}, height=HEIGHT)
    wide: dict[str, Any] = {"title": "position in the pack, by level", "labelExpr": "'level ' + datum.value"}
    narrow: dict[str, Any] = {"title": "position in the pack, by level (on top)"}
    header = altair.Header(titleOrient="bottom", **(wide if width >= LEAST_WITH_WORDS else narrow))
    return layers.facet(column=altair.Column("level:O", header=header), data=inline(data), spacing=6).resolve_scale(
        x="independent"
    )


def _multiples(data: "pandas.DataFrame") -> Any:
    import altair

    highest = float(data["multiple_of_even_share"].max())
    levels = data["level"].nunique()
    even = altair.Chart(inline(frame([{"even": 1.0}]))).mark_rule(style="reference").encode(y="even:Q")
    lines = (
        altair.Chart(inline(data))
        .mark_line(point=altair.OverlayMarkDef(size=35, filled=True), strokeWidth=2)
        .encode(
            x=altair.X(
                "position:Q",
                axis=altair.Axis(title="position in the pack", values=_ticks(int(data["position"].max())), format="d"),
                scale=altair.Scale(domain=[1, int(data["position"].max())], nice=False, padding=10),
            ),
            y=altair.Y(
                "multiple_of_even_share:Q",
                axis=altair.Axis(title="share of the thinking (1 is even)", tickCount=5),
                scale=altair.Scale(domain=[0, max(1.5, 1.08 * highest)], nice=False),
            ),
            color=altair.Color("level:O", legend=altair.Legend(title="level", columns=min(levels, 10))),
            tooltip=["level:O", "position:Q", altair.Tooltip("multiple_of_even_share:Q", format=".2f"), "responses:Q"],
        )
    )
    return altair.layer(even, lines).properties(width=WIDTH, height=HEIGHT)


def _before_and_after(data: "pandas.DataFrame") -> Any:
    import altair

    names = {"until_tokens": UNTIL, "after_tokens": AFTER}
    long = data.melt(["level"], list(names), "part", "tokens").assign(part=lambda rows: rows["part"].map(names))
    level: dict[str, Any] = {"title": "level (problems per prompt)", "axis": altair.Axis(labelOverlap=True)}
    tokens = (
        altair.Chart(inline(long), width=WIDTH // 2, height=HEIGHT - 40)
        .mark_bar()
        .encode(
            x=altair.X("level:O", **level),
            xOffset=altair.XOffset("part:N", sort=list(PARTS)),
            y=altair.Y("tokens:Q", axis=altair.Axis(title="thinking tokens (median)", format=",d", tickCount=5)),
            color=altair.Color(
                "part:N",
                scale=altair.Scale(domain=list(PARTS), range=list(PARTS.values())),
                legend=altair.Legend(title=None, symbolType="square", symbolStrokeWidth=0),
            ),
            tooltip=["level:O", "part:N", altair.Tooltip("tokens:Q", format=",.0f")],
        )
    )
    base = altair.Chart(inline(data), width=WIDTH // 2 - 60, height=HEIGHT - 40).encode(x=altair.X("level:O", **level))
    scale = altair.Scale(domain=[0, 100])
    share = altair.layer(
        base.mark_rule(style="main", strokeWidth=1.5).encode(
            y=altair.Y("low_percent:Q", scale=scale), y2="high_percent:Q"
        ),
        base.mark_point(style="main", size=45, filled=True, opacity=1).encode(
            y=altair.Y("after_percent:Q", axis=percent_axis("after the first right answer (%)"), scale=scale),
            tooltip=["level:O", altair.Tooltip("after_percent:Q", title="after it (%)", format=".1f")],
        ),
    )
    return altair.hconcat(tokens, share, spacing=24)


def _ticks(highest: int) -> list[int]:
    """Return positions to name on an axis: all, or a few of many."""
    step = -(-highest // 15)
    return list(range(1, highest + 1, step))
