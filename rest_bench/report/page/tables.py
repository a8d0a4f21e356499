"""The numbers of a summary as plain tables of a page: what a chart shows can be read without it."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from rest_bench.report.tables import interval, percent, tokens
from rest_bench.schema import LevelSummary, Summary, TaskSummary


class Table(NamedTuple):
    """A table of texts; the first cell of a row names it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


Column = tuple[str, Callable[[LevelSummary], str]]


def key_table(summary: Summary) -> Table:
    """Return what matters most, a row for each task and level."""
    columns = ("task", "level", "packs", "questions", "accuracy", "95 % interval", "drop", "its interval")
    more = ("retention", "cut off", "tokens")
    rows = tuple(
        (
            name,
            level,
            f"{part.n_packs:,}",
            f"{part.n_questions:,}",
            percent(part.accuracy.value),
            interval(part.accuracy),
            "" if level == "1" else percent(part.drop.value),
            "" if level == "1" else interval(part.drop),
            "" if level == "1" else ratio(part.retention.value),
            percent(part.truncation_rate),
            tokens(part.completion_tokens),
        )
        for name, task in summary.tasks.items()
        for level, part in task.levels.items()
    )
    notes: tuple[str, ...] = (
        "Accuracy, drop and cut off in percent of slots, points, and percent of replies; tokens of a reply, mean. "
        "Drop: accuracy at level 1 minus accuracy here. Intervals are 95 %, clustered by question. Every slot counts, "
        "answered or not.",
    )
    overall = summary.overall
    if len(overall.tasks) > 1 and overall.single is not None:
        means = {"single": overall.single, "stress": overall.stress, "drop": overall.drop}
        shown = ", ".join(f"{name} {percent(value)}" for name, value in means.items())
        notes = (*notes, f"Unweighted means over the {len(overall.tasks)} tasks: {shown}.")
    return Table("Accuracy by task and level", (*columns, *more), rows, notes)


def readings(task: TaskSummary) -> Iterator[Table]:
    """Yield accuracy by how the replies are read (5.1)."""
    columns: list[Column] = [
        ("by label", lambda part: percent(part.accuracy.value)),
        ("strict", lambda part: percent(part.accuracy_strict.value)),
        ("paper", lambda part: percent(part.accuracy_paper.value)),
    ]
    if any(part.accuracy_extractor.value is not None for part in task.levels.values()):
        columns.append(("extractor", lambda part: percent(part.accuracy_extractor.value)))
    columns.append(("slots that differ", lambda part: percent(part.readings_differ)))
    yield by_level(
        "Accuracy in % by how the replies are read",
        task.levels,
        columns,
        "strict: only answers in the required format; paper: the k-th box answers question k; slots that differ: "
        "correct by one of these three and not by another.",
    )


def positions(task: TaskSummary) -> Iterator[Table]:
    """Yield accuracy by position and its trends (5.4, 5.5)."""
    yield by_position(
        "Accuracy in % by position",
        {level: [*map(percent, part.position_accuracy)] for level, part in task.levels.items()},
    )
    columns: list[Column] = [
        ("slope", lambda part: points(part.position_slope)),
        ("primacy", lambda part: points(part.primacy)),
        ("recency", lambda part: points(part.recency)),
        ("load", lambda part: points(part.load_effect)),
        ("log odds", lambda part: ratio(part.position_logit.value)),
    ]
    yield by_level(
        "Trends over the positions, in points of accuracy",
        stressed(task),
        columns,
        "slope: from one position to the next; primacy: the first against the others; recency: the last against those "
        "between; load: level 1 against position 1 here; log odds: of a right answer, from the first position to the "
        "last, question by question.",
    )


def outcomes(task: TaskSummary) -> Iterator[Table]:
    """Yield what became of the slots (section 4)."""
    seen = [
        name
        for name in next(iter(task.levels.values())).outcomes
        if any(part.outcomes.get(name) for part in task.levels.values())
    ]
    columns: list[Column] = [(name, lambda part, name=name: percent(part.outcomes.get(name))) for name in seen]  # type: ignore[misc]
    yield by_level("Outcomes in % of slots", task.levels, columns)


def losses(task: TaskSummary) -> Iterator[Table]:
    """Yield what the drop is made of (5.6)."""
    levels = {level: part for level, part in stressed(task).items() if part.drop_by_outcome is not None}
    if not levels:
        return
    first = next(iter(levels.values())).drop_by_outcome or {}
    seen = [name for name in first if any((part.drop_by_outcome or {}).get(name) for part in levels.values())]
    columns: list[Column] = [
        ("drop", lambda part: percent(part.drop.value)),
        *((name, lambda part, name=name: percent((part.drop_by_outcome or {}).get(name))) for name in seen),
        ("gained", lambda part: percent(None if part.gain is None else 0.0 - part.gain)),
        ("loss by chance", lambda part: percent(part.loss_by_chance)),
    ]
    yield by_level(
        "What the drop is made of, in points of accuracy",
        levels,
        columns,
        "Losses by outcome, of questions that are right alone; gained: right only here. Loss by chance: what two "
        "generations of a question alone differ by anyhow.",
    )


def budget(task: TaskSummary) -> Iterator[Table]:
    """Yield the split of the drop into what the token limit explains and the rest (6.3)."""
    levels = {level: part for level, part in stressed(task).items() if part.budget_drop.value is not None}
    if not levels:
        return
    columns: list[Column] = [
        ("drop", lambda part: percent(part.drop.value)),
        ("limit", lambda part: percent(part.budget_drop.value)),
        ("rest", lambda part: percent(part.residual_drop.value)),
        ("interval of rest", lambda part: interval(part.residual_drop)),
        ("limit*", lambda part: percent(part.budget_drop_at_end.value)),
        ("rest*", lambda part: percent(part.residual_drop_at_end.value)),
        ("interval of rest*", lambda part: interval(part.residual_drop_at_end)),
        ("budget used", lambda part: percent(part.budget_use)),
    ]
    yield by_level(
        "Token limit against interference, in points of accuracy",
        levels,
        columns,
        "limit: what it costs to lay the replies to single questions end to end and to cut them off where the budget "
        "ends; *: if all answers come after all of the thinking. The truth lies between. Interference is claimed only "
        "where both intervals of the rest lie above 0.",
    )


def thinking(task: TaskSummary) -> Iterator[Table]:
    """Yield where the thinking went and what it led to (section 7)."""
    if all(part.segmentation_sure is None for part in task.levels.values()):
        return
    known = {level: part for level, part in task.levels.items() if part.thinking_tokens is not None}
    if known:
        yield by_position(
            "Thinking tokens by position, median",
            {level: [*map(tokens, part.thinking_tokens or ())] for level, part in known.items()},
        )
    columns: list[Column] = [
        ("tokens", lambda part: tokens(part.response_thinking_tokens)),
        ("first share", lambda part: ratio(part.first_share_ratio.value)),
        ("evenness", lambda part: ratio(part.allocation_entropy)),
        ("to first right", lambda part: tokens(part.first_correct_tokens)),
        ("after right", lambda part: percent(part.post_solution_share.value)),
        ("unreached", lambda part: percent(1 - part.reach[-1] if part.reach else None)),
        ("forfeited", lambda part: percent(part.forfeiture)),
        ("markers", lambda part: ratio(part.marker_rate)),
        ("loops", lambda part: percent(part.loop_rate)),
        ("surely divided", lambda part: percent(part.segmentation_sure)),
    ]
    yield by_level(
        "Use of the thinking",
        task.levels,
        columns,
        "tokens: of a reply, median; first share: the first question's part over an even part; evenness: 1 is an even "
        "share for all, 0 all on one; to first right: tokens up to the first right answer; after right: thinking after "
        "it, %; unreached: replies whose thinking did not come to the last question, %; forfeited: points of accuracy "
        "that the thinking had found and the reply did not give; markers: turns such as `wait` per 1,000 tokens; "
        "loops: replies that end in a repetition, %; surely divided: slots whose thinking could be told apart by "
        "question, %; the others are left out.",
    )


def swaps(task: TaskSummary) -> Iterator[Table]:
    """Yield how many answers went to another question (5.7, 5.8)."""
    columns: list[Column] = [
        ("wrong answers", lambda part: f"{part.n_swap_eligible:,}"),
        ("swapped", lambda part: percent(part.swap_rate.value)),
        ("above chance", lambda part: percent(part.swap_excess.value)),
        ("interval", lambda part: interval(part.swap_excess)),
        (
            "from (lag: count)",
            lambda part: ", ".join(f"{lag}: {count}" for lag, count in part.swap_lags.items()) or "–",
        ),
        ("shift gain", lambda part: percent(part.index_shift_gain)),
    ]
    yield by_level(
        "Answers that equal the gold of another question of the prompt",
        stressed(task),
        columns,
        "swapped: % of the wrong answers that have another gold in their pack; above chance: less what equal numbers "
        "explain; lag -1: the question before; shift gain: points of accuracy that sliding the list of answers would "
        "add.",
    )


def undefined(task: TaskSummary) -> Iterator[Table]:
    """Yield the reasons why numbers are not defined."""
    places: dict[tuple[str, str], list[str]] = {}
    for name, why in task.undefined.items():
        places.setdefault((name, why), []).append("task")
    # At level 1 most numbers have no meaning: nothing is said of it where there is another one.
    for level, part in (stressed(task) or task.levels).items():
        for name, why in part.undefined.items():
            if name != "accuracy_extractor":  # nobody asked for that one
                places.setdefault((name, why), []).append(level)
    reasons: dict[tuple[str, str], list[str]] = {}
    for (name, why), where in places.items():
        reasons.setdefault((why, ", ".join(where)), []).append(name)
    if reasons:
        rows = tuple((why, where, ", ".join(names)) for (why, where), names in reasons.items())
        yield Table("Numbers that are not defined, and why", ("why", "levels", "numbers"), rows)


def stressed(task: TaskSummary) -> Mapping[str, LevelSummary]:
    """Return the levels above 1."""
    return {level: part for level, part in task.levels.items() if level != "1"}


def by_level(caption: str, levels: Mapping[str, LevelSummary], columns: list[Column], *notes: str) -> Table:
    """Return a table with a row for each level."""
    rows = tuple((level, *(cell(part) for _, cell in columns)) for level, part in levels.items())
    return Table(caption, ("level", *(name for name, _ in columns)), rows, notes)


def by_position(caption: str, cells: Mapping[str, list[str]]) -> Table:
    """Return a table with a row for each level and a column for each position."""
    most = max(map(len, cells.values()), default=0)
    rows = tuple((level, *each, *[""] * (most - len(each))) for level, each in cells.items())
    return Table(caption, ("level", *(str(position) for position in range(1, most + 1))), rows)


def ratio(number: float | None) -> str:
    """Write a number that is no share."""
    return "–" if number is None else f"{number:.2f}"


def points(number: float | None) -> str:
    """Write a change of accuracy in points, with its sign."""
    return "–" if number is None else f"{100 * number:+.1f}"
