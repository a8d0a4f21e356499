"""What a run says in three sentences a task: how much is lost, where and as what, and what explains it.

Like the findings, they claim no more than the numbers allow (docs/metrics.md 11).
"""

from collections.abc import Mapping
from types import MappingProxyType

from rest_bench.report.tables import interval, percent
from rest_bench.schema import LevelSummary, TaskSummary

CERTAIN = 0.05
"""A drop counts as shown below this p, adjusted for the number of levels."""

FAILURES: Mapping[str, str] = MappingProxyType(
    {
        "repetition": "replies that end in an endless repetition",
        "truncated": "replies cut off by the token limit before the answer",
        "format": "answers that are not in the required format",
        "shifted": "answers that slid to a neighbouring question",
        "swapped": "answers of another question of the prompt",
        "omitted": "questions left out",
        "summary": "answers that the thinking had and the final text lost",
        "wrong": "wrong answers",
        "ungraded": "answers that the judge could not grade",
        "error": "replies lost to engine errors",
    }
)
"""What each outcome but `correct` is, in words that follow a number."""

Levels = Mapping[int, LevelSummary]


def verdict(model: str, task: TaskSummary) -> tuple[str, str, str]:
    """Return the three sentences of a task."""
    stressed = {int(level): part for level, part in task.levels.items() if level != "1"}
    shown = {level: part for level, part in stressed.items() if _is_certain(task, level, part)}
    return _how_much(model, task), _where(task, stressed, shown), _why(stressed, shown)


def _is_certain(task: TaskSummary, level: int, part: LevelSummary) -> bool:
    """Return whether accuracy at a level is shown to be below that of the same questions alone."""
    p_value = task.drop_p_values_holm.get(str(level))
    if p_value is None or part.drop.value is None:
        return part.drop.ci is not None and part.drop.ci[0] > 0
    return part.drop.value > 0 and p_value < CERTAIN


def _how_much(model: str, task: TaskSummary) -> str:
    if not task.stress_levels:
        return f"Alone, {model} answers {_share(task.single.value)} of the questions; no level above 1 was asked."
    packed = f"with several questions in a prompt ({_list(task.stress_levels)})"
    if task.drop.value is None:
        return f"{packed.capitalize()}, {model} answers {_share(task.stress.value)}; alone they were not asked."
    change = "drop" if task.drop.value >= 0 else "gain"
    low, high = task.drop.ci or (None, None)
    chance = ", which may be chance" if low is not None and high is not None and low <= 0 <= high else ""
    within = f" {interval(task.drop)}" if task.drop.ci else ""
    return (
        f"Alone, {model} answers {_share(task.single.value)} of the questions, {packed} {_share(task.stress.value)}: "
        f"a {change} of {percent(abs(task.drop.value))} points{_signed(within, change)}{chance}."
    )


def _signed(within: str, change: str) -> str:
    """Say of what an interval is where the number before it stands without its sign."""
    return f" (drop{within})" if within and change == "gain" else within


def _where(task: TaskSummary, stressed: Levels, shown: Levels) -> str:
    known = {level: part for level, part in stressed.items() if part.drop.value is not None}
    if not known:
        return "Where it breaks is not known: that takes level 1 and a level above it."
    if not shown:
        level, part = max(known.items(), key=lambda item: item[1].drop.value or 0.0)
        return (
            f"No level is shown to break it: the largest drop is {percent(part.drop.value)} points "
            f"{interval(part.drop)}, at level {level}."
        )
    first = min(shown)
    level, part = max(shown.items(), key=lambda item: item[1].drop.value or 0.0)
    onset = f"It breaks at level {first} ({percent(shown[first].drop.value)} points"
    most = f") and most at level {level} ({percent(part.drop.value)} points" if level != first else ""
    return f"{onset}{most}), where {_at_position(task, part)}{_as_what(part)}."


def _at_position(task: TaskSummary, part: LevelSummary) -> str:
    places = part.position_accuracy
    worst = min(range(len(places)), key=lambda place: places[place])
    best = max(range(len(places)), key=lambda place: places[place])
    said = f"position {best + 1} is right in {_share(places[best])} and position {worst + 1} in {_share(places[worst])}"
    single = task.levels["1"].accuracy.value if "1" in task.levels else None
    lost = [place for place in range(len(places)) if single and all(rest < single / 2 for rest in places[place:])]
    if lost and len(places) > 1:
        reach = f"from position {lost[0] + 1} on" if lost[0] + 1 < len(places) else f"at position {lost[0] + 1}"
        said += f", and {reach} less than half of the accuracy alone is left"
    return said


def _as_what(part: LevelSummary) -> str:
    """Name the outcome that most of the loss is made of (5.6)."""
    losses = part.drop_by_outcome or {}
    if part.loss is None or not any(losses.values()):
        return ""
    outcome, points = max(losses.items(), key=lambda item: item[1])
    name = "" if outcome == "wrong" else f" ({outcome})"
    share = f"{percent(points)} of {percent(part.loss)} points"
    return f"; the largest part of what is lost there ({share}): {FAILURES[outcome]}{name}"


def _why(stressed: Levels, shown: Levels) -> str:
    """Say whether the token limit may explain what is lost, at the level that loses most (6.3)."""
    beyond = {level: part for level, part in stressed.items() if is_interference(part)}
    if beyond:
        least = {
            level: min(_value(part.residual_drop.value), _value(part.residual_drop_at_end.value))
            for level, part in beyond.items()
        }
        level = max(least, key=lambda each: least[each])
        drop, rest = percent(beyond[level].drop.value), percent(least[level])
        part_of = f"all {drop} points" if drop == rest else f"at least {rest} of the {drop} points"
        return (
            f"This is interference, at {_list(beyond)}: {part_of} at level {level} are beyond what the token limit "
            "explains, whichever way it is counted."
        )
    if not shown:
        return "Nothing is shown to be lost, so there is nothing for token limit or interference to explain."
    level, part = max(shown.items(), key=lambda item: item[1].drop.value or 0.0)
    if part.residual_drop.value is None:
        why = part.undefined.get("residual_drop", "too little was counted")
        return f"Whether the token limit or interference explains it is not known: {why}."
    low, high = sorted((_value(part.budget_drop.value), _value(part.budget_drop_at_end.value)))
    return (
        f"Interference is not shown: at level {level} the token limit alone would cost from {percent(low)} to "
        f"{percent(high)} points, and {percent(part.drop.value)} are lost."
    )


def is_interference(part: LevelSummary) -> bool:
    """Return whether more is lost than the token limit explains, by both ways to count what it explains (6.3)."""
    both = (part.residual_drop.ci, part.residual_drop_at_end.ci)
    return all(ci is not None and ci[0] > 0 for ci in both)


def _value(number: float | None) -> float:
    return 0.0 if number is None else number


def _share(value: float | None) -> str:
    return "–" if value is None else f"{percent(value)} %"


def _list(levels: "Mapping[int, object] | tuple[int, ...]") -> str:
    names = [str(level) for level in levels]
    if len(names) == 1:
        return f"level {names[0]}"
    return f"levels {', '.join(names[:-1])} and {names[-1]}"
