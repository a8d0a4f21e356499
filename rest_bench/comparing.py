"""Two run folders -> what differs between them: what may be compared, what is left out, and how sure that is."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from rest_bench.errors import StoreError
from rest_bench.metrics import COMPARED_COLUMNS, Settings, changed_questions_of, compare_task
from rest_bench.metrics.responses import Conditions
from rest_bench.schema import (
    ChangedQuestion,
    ComparedLevel,
    ComparedRun,
    ComparedTask,
    Comparison,
    Manifest,
    ManifestDifference,
    Role,
    Summary,
    TaskRecord,
)
from rest_bench.store import Run

if TYPE_CHECKING:
    import pandas

SMALLEST_EFFECT = 0.02
"""Two points of accuracy: less is seldom worth a word."""
HASH_SHOWN = 12
"""Characters of a hash."""
ORDERS = {("easy-first", "hard-first"): "a", ("hard-first", "easy-first"): "b"}
"""Designs of A and B to the run with the easy questions first."""


class Opened(NamedTuple):
    """A scored run folder."""

    run: Run
    manifest: Manifest
    summary: Summary

    @property
    def tasks(self) -> dict[str, TaskRecord]:
        """By name."""
        return {task.name: task for task in self.manifest.tasks}


def compare_runs(path_a: Path, path_b: Path, smallest_effect: float = SMALLEST_EFFECT) -> Comparison:
    """Return run B against run A, over the questions and packs that both have.

    Args:
        path_a: a scored run folder.
        path_b: another one.
        smallest_effect: the smallest difference of interest.

    Raises:
        StoreError: a folder holds no scored run, or there is nothing that both have.
    """
    a, b = (open_scored(path) for path in (path_a, path_b))
    shared = shared_tasks(a, b)
    differences = manifest_differences(a, b, shared)
    tasks = {}
    for name in shared:
        task = compare_task(_tables(a, b, name), _settings(a, b, name, differences, smallest_effect))
        if task is not None:
            tasks[name] = task
    if not tasks:
        raise StoreError(
            f"{path_a} and {path_b}: share no question that both answered; compare runs of the same problems"
        )
    same_folder = path_a.resolve() == path_b.resolve()
    return Comparison(
        a=_compared_run(a),
        b=_compared_run(b),
        same_folder=same_folder,
        smallest_effect=smallest_effect,
        differences=differences,
        cautions=tuple(_cautions(a, b, differences, tasks)),
        left_out=tuple(_left_out(a, b, tasks)),
        tasks=tasks,
    )


def changed_questions(path_a: Path, path_b: Path) -> Iterator[ChangedQuestion]:
    """Yield the questions that two runs answer differently, those that changed most first.

    A question's slots are those at levels that both runs have; where both made the same packs, of packs that both have.

    Args:
        path_a: a scored run folder.
        path_b: another one.

    Raises:
        StoreError: a folder holds no scored run, or there is nothing that both have.
    """
    a, b = (open_scored(path) for path in (path_a, path_b))
    found: list[ChangedQuestion] = []
    for name in shared_tasks(a, b):
        found += changed_questions_of(name, (pair for _, pair in _tables(a, b, name)))
    yield from sorted(found, key=lambda each: (-abs(each.right_b - each.right_a), each.task, each.problem_id))


# --- what may be compared ---------------------------------------------------------------------------------------------


def open_scored(path: Path) -> Opened:
    """Return a run folder with its summary.

    Raises:
        StoreError: there is no run, or it was not scored by this version.
    """
    run = Run(path)
    return Opened(run, run.manifest, run.summary)


def shared_tasks(a: Opened, b: Opened) -> list[str]:
    """Return the tasks with equal data that both runs have at one level at least, in the order of A.

    Raises:
        StoreError: there is none.
    """
    runs = f"{a.run.path} and {b.run.path}"
    named = [name for name in a.tasks if name in b.tasks]
    if not named:
        raise StoreError(
            f"{runs}: share no task ({', '.join(a.tasks)} and {', '.join(b.tasks)}); compare like with like"
        )
    equal = [name for name in named if a.tasks[name].data_sha256 == b.tasks[name].data_sha256]
    if not equal:
        raise StoreError(f"{runs}: hold other data under the name {named[0]}; compare runs of the same problems")
    shared = [name for name in equal if _shared_levels(a, b, name)]
    if not shared:
        raise StoreError(
            f"{runs}: share no level of {equal[0]} ({_numbers(_levels(a, equal[0]))} and "
            f"{_numbers(_levels(b, equal[0]))}); compare like with like"
        )
    return shared


def _levels(opened: Opened, task: str) -> list[int]:
    return sorted(level.level for level in opened.tasks[task].levels)


def _shared_levels(a: Opened, b: Opened, task: str) -> list[int]:
    return [level for level in _levels(a, task) if level in _levels(b, task)]


def _tables(a: Opened, b: Opened, task: str) -> "Iterator[tuple[int, tuple[pandas.DataFrame, pandas.DataFrame]]]":
    for level in _shared_levels(a, b, task):
        yield level, (_scores(a.run, task, level), _scores(b.run, task, level))


def _scores(run: Run, task: str, level: int) -> "pandas.DataFrame":
    return run.level_scores(task, level, COMPARED_COLUMNS)


def _settings(
    a: Opened, b: Opened, task: str, differences: Iterable[ManifestDifference], smallest_effect: float
) -> Settings:
    easy_first: Literal["a", "b"] | None = None
    order = ORDERS.get((a.manifest.design, b.manifest.design))
    only_the_design = {each.field for each in differences if each.role in ("compared", "confounds")} == {"design"}
    if order is not None and only_the_design:
        easy_first = "a" if order == "a" else "b"
    return Settings(_conditions(a, task), _conditions(b, task), smallest_effect, easy_first)


def _conditions(opened: Opened, task: str) -> Conditions:
    manifest = opened.manifest
    return Conditions(
        design=manifest.design,
        seed=manifest.seed,
        max_tokens=manifest.sampling.max_tokens,
        max_context_tokens=manifest.engine.max_context_tokens,
        chance=opened.tasks[task].chance,
    )


# --- what differs -----------------------------------------------------------------------------------------------------


def manifest_differences(a: Opened, b: Opened, tasks: Iterable[str] = ()) -> tuple[ManifestDifference, ...]:
    """Return every field in which two manifests differ, and what that does to the numbers.

    A setting is what is compared where it is the only one that differs and the model is the same; beside another model
    or another setting it confounds.

    Args:
        a: run A.
        b: run B.
        tasks: those that are compared; fields of others are not looked at.
    """
    tasks = list(tasks)
    found = [
        (field, role, one, other)
        for (field, (role, one)), (_, other) in zip(_fields(a, tasks).items(), _fields(b, tasks).values(), strict=True)
        if one != other
    ]
    roles = [role for _, role, _, _ in found]
    one_setting = "compared" not in roles and roles.count("confounds") == 1
    return tuple(
        ManifestDifference(
            field=field,
            a=_shown(one),
            b=_shown(other),
            role="compared" if one_setting and role == "confounds" else role,
        )
        for field, role, one, other in sorted(found, key=lambda each: list(ROLES).index(each[1]))
    )


ROLES: tuple[Role, ...] = ("compared", "confounds", "score again", "restricted", "harmless")
"""In the order of their weight."""


def _fields(opened: Opened, tasks: Iterable[str]) -> dict[str, tuple[Role, object]]:
    """Return every field of a manifest by the name that the user knows it under, and what another value would do."""
    manifest, config = opened.manifest, opened.summary.config
    engine, last = manifest.engine, manifest.invocations[-1] if manifest.invocations else None
    model: dict[str, object] = {
        "model": engine.model,
        "revision": engine.revision,
        "adapter": engine.adapter and engine.adapter.identity,
        "chat template": engine.chat_template_sha256,
        "dtype": engine.dtype,
        "context": engine.max_context_tokens,
    }
    settings: dict[str, object] = {
        "engine": engine.engine,
        "design": manifest.design,
        **manifest.sampling.model_dump(),
        **manifest.dressing.model_dump(exclude={"profile"}),
        "refused parameters": ", ".join(engine.refused_parameters) or None,
    }
    scoring: dict[str, object] = {"scorer version": config.scorer_version or manifest.scorer_version}
    amount: dict[str, object] = {
        "shard": manifest.shard and f"{manifest.shard.index}/{manifest.shard.count}",
        "seed": manifest.seed,
    }
    record: dict[str, object] = {
        "engine version": engine.engine_version,
        "device": engine.device,
        "deterministic": engine.deterministic,
        "profile": manifest.dressing.profile,
        "second model": config.extractor,
        "rest-bench": last and last.rest_bench_version,
        "git commit": last and last.git_commit,
        "python": last and last.python,
        "platform": last and last.platform,
        "hardware": last and last.hardware,
    }
    for name in tasks:
        task = opened.tasks[name]
        settings[f"template of {name}"] = (task.template, task.template_sha256)
        settings[f"option order of {name}"] = task.option_order
        settings[f"difficulty of {name}"] = task.difficulty_source if manifest.design in ORDERED else None
        record[f"source of {name}"] = task.source
        record[f"task file of {name}"] = task.file_sha256
        for field in ("repeats", "limit"):
            amount[f"{field} of {name}"] = ", ".join(_each_level(task, field))
    groups: tuple[tuple[Role, dict[str, object]], ...] = (
        ("compared", model),
        ("confounds", settings),
        ("score again", scoring),
        ("restricted", amount),
        ("harmless", record),
    )
    return {field: (role, value) for role, group in groups for field, value in group.items()}


ORDERED = ("easy-first", "hard-first")
"""Designs that look at difficulties."""


def _each_level(task: TaskRecord, field: str) -> list[str]:
    values = {level.level: getattr(level, field) for level in task.levels}
    if len(set(values.values())) == 1:
        return [str(next(iter(values.values())))]
    return [f"{value} at level {level}" for level, value in values.items()]


def _shown(value: object) -> str | None:
    if isinstance(value, tuple):  # a template: its name, and its hash as names may be equal
        return f"{value[0]} {value[1][:HASH_SHOWN]}"
    text = None if value is None else str(value)
    return text[:HASH_SHOWN] if text is not None and _is_hash(text) else text


def _is_hash(text: str) -> bool:
    return len(text) > 3 * HASH_SHOWN and set(text) <= set("0123456789abcdef")


# --- what to say aloud ------------------------------------------------------------------------------------------------


def _compared_run(opened: Opened) -> ComparedRun:
    return ComparedRun(
        path=str(opened.run.path),
        model=opened.summary.model,
        engine=opened.summary.engine,
        partial=opened.summary.config.partial,
    )


def _cautions(
    a: Opened, b: Opened, differences: tuple[ManifestDifference, ...], tasks: Mapping[str, ComparedTask]
) -> Iterator[str]:
    yield from _cautions_of_manifests(a, b, differences)
    for side, opened in (("A", a), ("B", b)):
        if opened.summary.config.partial:
            yield f"PARTIAL: {side} ({opened.run.path}) used a limit or lacks responses."
    for what, field in (("ungraded, as the judge failed", "ungraded"), ("lost to engine errors", "errors")):
        counts = [sum(getattr(level, field)[side] for level in _all_levels(tasks)) for side in (0, 1)]
        if any(counts):
            yield f"Slots {what}: {counts[0]:,} of A and {counts[1]:,} of B; they count as not correct."


def _cautions_of_manifests(a: Opened, b: Opened, differences: tuple[ManifestDifference, ...]) -> Iterator[str]:
    by_role = {role: [each.field for each in differences if each.role == role] for role in ROLES}
    if a.run.path.resolve() == b.run.path.resolve():
        yield "RUN_A and RUN_B are the same folder: every difference is 0."
    elif not by_role["compared"] and not by_role["confounds"]:
        yield "The runs differ in nothing that changes replies: a difference is noise."
    if by_role["score again"]:
        yield (
            "Scored by other rules: run `rest-bench score` on both folders with this version, else a difference may "
            "be the judge's."
        )
    if by_role["confounds"]:
        compared = f" beside {_words(by_role['compared'])}" if by_role["compared"] else ""
        yield f"Not only one thing differs{compared}: a difference may come from {_words(by_role['confounds'])}."


def _all_levels(tasks: Mapping[str, ComparedTask]) -> list[ComparedLevel]:
    return [level for task in tasks.values() for level in task.levels.values()]


def _left_out(a: Opened, b: Opened, tasks: Mapping[str, ComparedTask]) -> Iterator[str]:
    for side, one, other in (("A", a, b), ("B", b, a)):
        alone = [name for name in one.tasks if name not in other.tasks]
        if alone:
            yield f"Only in {side}: {_words(alone)}."
    for name in a.tasks:
        if name in b.tasks and a.tasks[name].data_sha256 != b.tasks[name].data_sha256:
            yield f"{name}: the runs hold other data under this name."
        elif name in b.tasks:
            yield from _left_out_levels(a, b, name, tasks.get(name))


def _left_out_levels(a: Opened, b: Opened, name: str, task: ComparedTask | None) -> Iterator[str]:
    for side, one, other in (("A", a, b), ("B", b, a)):
        alone = [level for level in _levels(one, name) if level not in _levels(other, name)]
        if alone:
            yield f"{name}: {_level_words(alone)} only in {side}."
    levels = {} if task is None else {int(level): part for level, part in task.levels.items()}
    unanswered = [level for level in _shared_levels(a, b, name) if level not in levels]
    if unanswered:
        yield f"{name}: no shared question was answered at {_level_words(unanswered)}."
    if 1 not in levels:
        yield f"{name}: level 1 is missing, and with it every drop."
    yield from (f"{name}: {sentence}" for sentence in _unpaired(levels))


def _unpaired(levels: Mapping[int, ComparedLevel]) -> Iterator[str]:
    by_question = [level for level, part in levels.items() if part.paired_by == "question"]
    if by_question:
        yield f"packs differ at {_level_words(by_question)}; questions are paired, each in the packs of its own run."
    for what, field in (("packs", "left_out_packs"), ("questions", "left_out_questions")):
        for number, side in enumerate("AB"):
            counts = {level: getattr(part, field)[number] for level, part in levels.items()}
            left = [f"{count:,} at level {level}" for level, count in counts.items() if count]
            if left:
                yield f"{what} of {side} without a partner: {_words(left)}."
    for level, part in levels.items():
        if part.repeats[0] != part.repeats[1]:
            yield f"{part.repeats[0]} repeats in A and {part.repeats[1]} in B at level {level}."


def _words(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _level_words(levels: list[int]) -> str:
    return f"level {levels[0]}" if len(levels) == 1 else f"levels {_numbers(levels)}"


def _numbers(levels: list[int]) -> str:
    return ", ".join(map(str, levels))
