"""Two runs by level: the accuracies of both, and their difference with its interval."""

from collections.abc import Mapping
from typing import Any

from rest_bench.report.charts.figure import Figure, plain
from rest_bench.report.charts.parts import frame, inline, percent, percent_axis
from rest_bench.report.charts.themes import HEIGHT, WIDTH
from rest_bench.schema import ComparedMetric, ComparedTask

COLOURS = {"A": ("#D55E00", "square"), "B": ("#0072B2", "circle")}


def compared_figures(task: str, place: int, compared: ComparedTask) -> list[Figure]:
    """Return the charts of a task; none where fewer than two levels are compared.

    Args:
        task: its name.
        place: of the task among those of the comparison, which keeps the names of its charts apart.
        compared: its numbers.
    """
    levels = {
        int(level): part.metrics["accuracy"] for level, part in compared.levels.items() if "accuracy" in part.metrics
    }
    if len(levels) < 2:
        return []
    return [_both(task, place, levels), _difference(task, place, levels)]


def _both(task: str, place: int, levels: Mapping[int, ComparedMetric]) -> Figure:
    import altair

    data = frame(
        [
            {"run": run, "level": level, "accuracy_percent": percent(value)}
            for level, part in levels.items()
            for run, value in (("A", part.a), ("B", part.b))
        ]
    )
    domain = [*COLOURS]
    scales = [altair.Scale(domain=domain, range=[COLOURS[run][kind] for run in domain]) for kind in (0, 1)]
    key = altair.Legend(title=None, symbolOpacity=1, symbolSize=70)
    y = altair.Y("accuracy_percent:Q", axis=percent_axis("accuracy (%)"), scale=altair.Scale(domain=[0, 100]))
    base = altair.Chart(inline(data)).encode(
        x=_levels(levels), y=y, color=altair.Color("run:N", scale=scales[0], legend=key)
    )
    tip = ["run:N", "level:Q", altair.Tooltip("accuracy_percent:Q", title="accuracy (%)", format=".1f")]
    chart = altair.layer(
        base.mark_line(strokeWidth=2.5),
        base.mark_point(size=55, opacity=1).encode(
            shape=altair.Shape("run:N", scale=scales[1], legend=key), tooltip=tip
        ),
    ).properties(width=WIDTH, height=HEIGHT)
    caption = "Accuracy of both runs over what both have, by how many problems share a prompt."
    return _figure(task, f"task-{place + 1}-accuracies", "accuracy by level", caption, (chart, data))


def _difference(task: str, place: int, levels: Mapping[int, ComparedMetric]) -> Figure:
    import altair

    data = frame(
        [
            {
                "level": level,
                "difference_points": percent(part.difference.value),
                "low_points": percent(part.difference.ci[0]) if part.difference.ci else None,
                "high_points": percent(part.difference.ci[1]) if part.difference.ci else None,
                "verdict": part.verdict or "",
            }
            for level, part in levels.items()
        ]
    )
    base = altair.Chart(inline(data)).encode(x=_levels(levels))
    y = altair.Y("difference_points:Q", axis=altair.Axis(title="B - A (points)"))
    tip = ["level:Q", "verdict:N", altair.Tooltip("difference_points:Q", title="B - A (points)", format="+.1f")]
    chart = altair.layer(
        altair.Chart(inline(frame([{"zero": 0}]))).mark_rule(style="reference").encode(y="zero:Q"),
        base.mark_rule(strokeWidth=2, style="main").encode(y=altair.Y("low_points:Q"), y2="high_points:Q"),
        base.mark_point(filled=True, size=70, opacity=1, style="main").encode(y=y, tooltip=tip),
    ).properties(width=WIDTH, height=HEIGHT)
    caption = (
        "Accuracy of B minus that of A, paired by question, with its 95 % interval (of one level, not of all at once). "
        "Above the line B is better."
    )
    return _figure(task, f"task-{place + 1}-difference", "B against A by level", caption, (chart, data))


def _levels(levels: Mapping[int, ComparedMetric]) -> Any:
    import altair

    axis = altair.Axis(title="level (problems per prompt)", values=sorted(levels), format="d")
    return altair.X("level:Q", axis=axis, scale=altair.Scale(nice=False, padding=12))


def _figure(task: str, name: str, words: str, caption: str, drawn: tuple[Any, Any]) -> Figure:
    import altair

    title = f"{plain(task)}: {words}"
    return Figure(
        name=name,
        task=task,
        kind=name.rpartition("-")[2],
        title=title,
        caption=caption,
        chart=drawn[0].properties(title=altair.TitleParams(text=title)),
        data=drawn[1],
    )
