"""The charts of a board: how ranks change under stress, and what an answer costs against what is left of it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rest_bench.leaderboard.ranking import OverallRow, Ranked
from rest_bench.leaderboard.rows import Row
from rest_bench.report.charts import Figure
from rest_bench.report.charts.figure import plain
from rest_bench.report.charts.parts import frame, inline, percent_axis

if TYPE_CHECKING:
    import pandas

MOST_LINES = 40
"""Models of a slope chart: more are a wall."""
MOST_POINTS = 400
LABELLED = 8
"""Lines that carry their model's name: more would lie on each other."""
TIERS = ("reproduced", "re-scored", "published")
COLOURS = ("#009E73", "#0072B2", "#8c959f")


class Place(NamedTuple):
    """A model with its two scores."""

    model: str
    tier: str
    single: float
    stress: float


def places(rows: Iterable[Ranked | OverallRow]) -> list[Place]:
    """Return the two scores of each row that has both, in the order given."""
    found = []
    for row in rows:
        if isinstance(row, OverallRow):
            found.append(Place(row.name, row.tier, row.single, row.stress))
        elif row.row.single.value is not None and row.row.stress.value is not None:
            found.append(Place(row.row.name, row.row.tier, row.row.single.value, row.row.stress.value))
    return found


def slope(name: str, title: str, shown: Sequence[Place]) -> Figure | None:
    """Return single against stress, a line a model; None for fewer than two models."""
    import altair

    if len(shown) < 2:
        return None
    drawn = shown[:MOST_LINES]
    data = frame(
        [
            {
                "line": number,
                "model": plain(place.model),
                "tier": place.tier,
                "at": at,
                "accuracy_percent": 100 * value,
                "label": plain(place.model) if number in _labelled(drawn) and at == "stress" else "",
            }
            for number, place in enumerate(drawn)
            for at, value in (("single", place.single), ("stress", place.stress))
        ]
    )
    x = altair.X("at:N", axis=altair.Axis(title=None, labelAngle=0), scale=altair.Scale(padding=0.2))
    y = altair.Y("accuracy_percent:Q", axis=percent_axis("accuracy (%)"), scale=altair.Scale(zero=False))
    base = altair.Chart(inline(data)).encode(x=x, y=y, detail="line:N")
    tip = ["model:N", "tier:N", "at:N", altair.Tooltip("accuracy_percent:Q", title="accuracy (%)", format=".1f")]
    chart = altair.layer(
        base.mark_line(opacity=0.7).encode(color=_by_tier(data)),
        base.mark_point(filled=True, size=40, opacity=1).encode(color=_by_tier(data), tooltip=tip),
        base.mark_text(align="left", dx=7, style="label").encode(text="label:N"),
    ).properties(width=460, height=420)
    left_out = f" Of {len(shown)} models the first {MOST_LINES} are drawn." if len(shown) > MOST_LINES else ""
    caption = f"Accuracy alone and under stress; lines that cross are models whose order changes.{left_out}"
    return _figure(name, "slope", f"{title}: single against stress", caption, chart, data)


def cost(name: str, title: str, rows: Sequence[Row]) -> Figure | None:
    """Return completion tokens by question against retention; None for fewer than two rows that have both."""
    import altair

    known = [row for row in rows if row.question_tokens is not None and row.retention.value is not None][:MOST_POINTS]
    if len(known) < 2:
        return None
    data = frame(
        [
            {
                "model": plain(row.name),
                "tier": row.tier,
                "question_tokens": row.question_tokens,
                "retention_percent": 100 * float(row.retention.value or 0),
                "stress_percent": 100 * float(row.stress.value or 0),
                "label": plain(row.name) if len(known) <= LABELLED else "",
            }
            for row in known
        ]
    )
    base = altair.Chart(inline(data)).encode(
        x=altair.X(
            "question_tokens:Q",
            axis=altair.Axis(title="completion tokens by question, above level 1", tickCount=5),
            scale=altair.Scale(zero=False, padding=30),
        ),
        y=altair.Y("retention_percent:Q", axis=percent_axis("retention (%)"), scale=altair.Scale(padding=10)),
    )
    tip = [
        "model:N",
        "tier:N",
        *(
            altair.Tooltip(f"{column}:Q", title=words, format=".1f")
            for column, words in (
                ("question_tokens", "tokens by question"),
                ("retention_percent", "retention (%)"),
                ("stress_percent", "stress (%)"),
            )
        ),
    ]
    chart = altair.layer(
        base.mark_point(filled=True, size=70, opacity=0.9).encode(color=_by_tier(data), tooltip=tip),
        base.mark_text(align="left", dx=8, style="label").encode(text="label:N"),
    ).properties(width=460, height=300)
    caption = (
        "What a question costs above level 1, and what share of the accuracy alone is left there (above chance where a "
        "guess may be right). Published scores come without tokens."
    )
    return _figure(name, "cost", f"{title}: cost against retention", caption, chart, data)


def _labelled(drawn: Sequence[Place]) -> set[int]:
    """Return the lines to name: as many as find room, from the top down."""
    chosen: list[int] = []
    gap = (max(place.stress for place in drawn) - min(place.stress for place in drawn)) / 28
    for number in sorted(range(len(drawn)), key=lambda number: -drawn[number].stress):
        if not chosen or drawn[chosen[-1]].stress - drawn[number].stress >= gap:
            chosen.append(number)
    return set(chosen)


def _by_tier(data: "pandas.DataFrame") -> Any:
    import altair

    tiers = [tier for tier in TIERS if (data["tier"] == tier).any()]
    scale = altair.Scale(domain=tiers, range=[COLOURS[TIERS.index(tier)] for tier in tiers])
    return altair.Color("tier:N", legend=altair.Legend(title=None, symbolOpacity=1), scale=scale)


def _figure(name: str, kind: str, title: str, caption: str, chart: Any, data: "pandas.DataFrame") -> Figure:
    import altair

    return Figure(
        name=f"{name}-{kind}".replace("_", "-"),
        task=name,
        kind=kind,
        title=title,
        caption=caption,
        chart=chart.properties(title=altair.TitleParams(text=title)),
        data=data,
    )
