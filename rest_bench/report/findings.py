"""What the numbers of a task allow to say, as plain sentences that are made only where their conditions hold.

The rules are those of docs/metrics.md 11: a drop alone is no interference, long thinking alone no overthinking.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from rest_bench.schema import DesignName, Estimate, LevelSummary, Summary, TaskSummary

FLOOR = 0.1
"""Accuracy below which slopes over positions are limited by the floor."""
READINGS_APART = 0.01
"""Accuracy by which two readings must differ to be spoken of."""
LOST_APART = 0.01
"""Share of slots by which answers that were never given must grow to be spoken of."""
LOST = ("truncated", "repetition", "omitted")
"""Outcomes of answers that were never given."""

Levels = Mapping[int, LevelSummary]


def findings(task: TaskSummary, summary: Summary, *, interference: bool = True) -> list[str]:
    """Return what can be said of a task, most important first.

    Args:
        task: one of the summary's.
        summary: of the run; its design and settings decide what may be claimed.
        interference: false where something else says of it already.
    """
    levels = {int(level): part for level, part in task.levels.items()}
    stressed = {level: part for level, part in levels.items() if level > 1}
    return [
        *_unfinished(levels),
        *(_interference(stressed) if interference else ()),
        *_neighbours(stressed, summary.config.design),
        *_overthinking(levels),
        *_chance(task, stressed),
        *_floor(stressed),
        *_readings(levels),
        *_power(task),
    ]


def _unfinished(levels: Levels) -> Iterator[str]:
    """Say what must be mended before these numbers are shown to anybody."""
    ungraded = _most(levels, lambda part: part.outcomes["ungraded"])
    if ungraded:
        yield (
            f"Up to {_percent(ungraded)} % of a level's slots are ungraded, as the judge failed: they count as not "
            "correct, and the run cannot be published. `rest-bench score` judges again."
        )
    lost = _most(levels, lambda part: part.outcomes["error"])
    if lost:
        yield (
            f"Up to {_percent(lost)} % of a level's slots were lost to engine errors: they count as not correct. "
            "`rest-bench eval` asks them again."
        )
    unanswered = _most(levels, lambda part: part.unanswered_rate)
    if unanswered:
        yield (
            f"Up to {_percent(unanswered)} % of a level's responses were not cut off and hold thinking alone, so that "
            "they answer nothing. Where a server split the thinking off, its reasoning parser is the likely cause: "
            "start it without one, or with another."
        )
    capped = _most(levels, lambda part: part.capped_rate)
    if capped:
        yield (
            f"Up to {_percent(capped)} % of a level's responses were cut off below --max-tokens: the context ended, or "
            "the server caps its replies. The limit that held is the smaller one."
        )


def _interference(stressed: Levels) -> Iterator[str]:
    """Say whether more is lost than the token limit explains, by both ways to count what it explains (6.3)."""
    shown = {level: part for level, part in stressed.items() if _above_0(part.residual_drop, part.residual_drop_at_end)}
    if shown:
        smallest = {
            level: min(part.residual_drop.value or 0.0, part.residual_drop_at_end.value or 0.0)
            for level, part in shown.items()
        }
        yield (
            f"Interference at {_names(shown)}: the answers fall by more than the token limit explains, by at least "
            f"{_list([_percent(value) for value in smallest.values()])} points, whichever way the limit is counted."
        )
    fallen = {level: part for level, part in stressed.items() if level not in shown and _above_0(part.drop)}
    unknown = {level: part for level, part in fallen.items() if part.residual_drop.value is None}
    for why in sorted({part.undefined.get("residual_drop", "") for part in unknown.values()}):
        yield f"Accuracy falls, but an interference claim is not supported: {why}."
    explained = {level: part for level, part in fallen.items() if level not in unknown}
    if explained:
        yield (
            f"Accuracy falls at {_names(explained)}, but an interference claim is not supported there: "
            "the token limit may explain it."
        )


def _neighbours(stressed: Levels, design: DesignName) -> Iterator[str]:
    """Say whether hard questions disturb those after them (5.10)."""
    known = {level: part for level, part in stressed.items() if part.predecessor_effect.value is not None}
    if not known and stressed:
        yield (
            "A claim about which neighbours disturb a question is not supported: "
            + (
                f"in the design {design} they follow from its position (use shuffled)."
                if design not in ("shuffled", "mixed")
                else f"{next(iter(stressed.values())).undefined.get('predecessor_effect', 'too few answers')}."
            )
        )
    for wanted, verb in ((_below_0, "hurt"), (_above_0, "help")):
        shown = {level: part for level, part in known.items() if wanted(part.predecessor_effect)}
        if shown:
            yield f"Hard questions {verb} those after them, at {_names(shown)}."


def _overthinking(levels: Levels) -> Iterator[str]:
    """Say whether thinking on solved or first questions grows together with answers that are never given (11).

    Of the lowest and the highest level that have the number; it grows where their intervals do not touch.
    """
    if all(part.segmentation_sure is None for part in levels.values()):
        return
    signs: tuple[tuple[str, Callable[[LevelSummary], Estimate]], ...] = (
        ("the share of thinking after a right answer", lambda part: part.post_solution_share),
        ("the first question's multiple of a fair share", lambda part: part.first_share_ratio),
    )
    shown = [(name, grown) for name, sign in signs if (grown := _grown(levels, sign)) is not None]
    for name, (low, high, before, after) in shown:
        yield (
            f"Overthinking is possible: from level {low} to {high}, {name} rises from {before:.2f} to {after:.2f}, and "
            f"answers left out or cut off from {_percent(_lost(levels[low]))} to {_percent(_lost(levels[high]))} %."
        )
    if not shown:
        yield (
            "An overthinking claim is not supported: thinking on solved or first questions does not grow together "
            "with answers left out or cut off."
        )


def _grown(levels: Levels, sign: Callable[[LevelSummary], Estimate]) -> tuple[int, int, float, float] | None:
    """Return (lowest level, highest level, number there, number here) where number and lost answers both grow."""
    known = {level: (part, sign(part)) for level, part in levels.items() if sign(part).value is not None}
    if len(known) < 2:
        return None
    (low, (before_part, before)), *_, (high, (after_part, after)) = known.items()
    apart = before.ci is not None and after.ci is not None and after.ci[0] > before.ci[1]
    if not apart or _lost(after_part) - _lost(before_part) < LOST_APART:
        return None
    return low, high, before.value or 0.0, after.value or 0.0


def _chance(task: TaskSummary, stressed: Levels) -> Iterator[str]:
    """Say what of the losses are answers that differ from one generation to the next anyhow (5.6)."""
    known = {level: part for level, part in stressed.items() if part.loss is not None}
    if known and all(part.loss_by_chance is None for part in known.values()):
        yield "Each question was asked alone only once: how much of the losses is chance is not known."
    if task.retention_above_chance != task.retention and task.retention_above_chance.value is not None:
        yield "Guesses are right sometimes: compare models by retention above chance, not by retention."


def _floor(stressed: Levels) -> Iterator[str]:
    low = {level: part for level, part in stressed.items() if (part.accuracy.value or 0.0) < FLOOR}
    if low:
        yield (
            f"Nearly nothing is right at {_names(low)}: slopes over positions are limited by the floor there, and a "
            "flatter one is not better."
        )


def _readings(levels: Levels) -> Iterator[str]:
    apart = _most(levels, lambda part: abs((part.accuracy_paper.value or 0.0) - (part.accuracy.value or 0.0)))
    if apart >= READINGS_APART:
        yield (
            f"The paper's reading differs by up to {_percent(apart)} points: name the reading with every number, and "
            "compare with the published table by the paper's."
        )


def _power(task: TaskSummary) -> Iterator[str]:
    if task.detectable_drop:
        yield f"A drop below {_percent(task.detectable_drop)} points would be missed by more than one such run in five."


def _lost(part: LevelSummary) -> float:
    return sum(part.outcomes[name] for name in LOST)


def _most(levels: Levels, number: Callable[[LevelSummary], float]) -> float:
    return max(map(number, levels.values()), default=0.0)


def _above_0(*estimates: Estimate) -> bool:
    """All intervals lie above 0."""
    return all(estimate.ci is not None and estimate.ci[0] > 0 for estimate in estimates)


def _below_0(estimate: Estimate) -> bool:
    return estimate.ci is not None and estimate.ci[1] < 0


def _names(levels: Levels) -> str:
    return f"level{'s' if len(levels) > 1 else ''} {_list([str(level) for level in levels])}"


def _list(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
