"""Logged replies -> our packs: by the pack's id where the log has it, else by the prompt that stands in the log."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rest_bench.config import RunConfig, make_config
from rest_bench.errors import StoreError, TaskError
from rest_bench.importing.foreign import ForeignLog, ForeignSample, Packed, Wanted
from rest_bench.importing.replies import Replies
from rest_bench.packing import FIXED_DESIGNS, make_packs
from rest_bench.planning import Plan, PlannedTask, load_task
from rest_bench.schema import PlannedLevel, Task
from rest_bench.tasks import first_problems, list_tasks, task_settings


class Matched(NamedTuple):
    """A log found again among our packs."""

    plan: Plan
    config: RunConfig
    n_found: int
    """Replies with a pack."""
    n_foreign: int
    """Logged prompts that are none of ours."""
    n_twice: int
    """Replies to a sample that had one already; the first counts."""
    n_errors: int
    """Of those found, the replies that are none: errors in the run."""


def match(log: ForeignLog, wanted: Wanted, replies: Replies) -> Matched:
    """Find the pack of every logged reply.

    Args:
        log: of another harness.
        wanted: what the user says of it.
        replies: takes the replies in.

    Raises:
        StoreError: no logged prompt is one of ours, or a log of our own tasks holds a prompt that we would not ask.
        RestBenchError: a task or its data is missing.
    """
    packed = _packed(log, wanted)
    config = make_config(
        {
            "model": wanted.model or log.info.model,
            "data_dir": wanted.data_dir,
            "design": packed[0].design,
            "seed": packed[0].seed,
            "tasks": tuple(dict.fromkeys(part.task for part in packed)),
            **log.sampling.model_dump(),
            **log.dressing.model_dump(exclude={"profile"}),
        }
    )
    repeats = max(Counter(hash(sample.prompt) for sample in log.samples()).values(), default=1)
    plan = Plan(tuple(_planned_tasks(packed, repeats, wanted)), config)
    finder = _Finder(plan)
    n_found = n_foreign = n_twice = n_errors = 0
    for sample in log.samples():
        pack_id = finder.find(sample)
        if pack_id is None:
            n_foreign += 1
        elif replies.add(pack_id, sample.reply):
            n_found += 1
            n_errors += sample.reply.get("finish_reason") == "error"
        else:
            n_twice += 1
    if not n_found + n_foreign:
        raise StoreError(f"{log.path}: holds no sample")
    if not n_found:
        raise StoreError(
            f"{log.path}: none of its {n_foreign} prompts is one of rest-bench's; say with --tasks, --levels, "
            "--design, --seed, --limit and --data-dir how they were packed"
        )
    return Matched(_only_found(plan, config, replies), config, n_found, n_foreign, n_twice, n_errors)


# --- what may have been asked -----------------------------------------------------------------------------------------


def _packed(log: ForeignLog, wanted: Wanted) -> tuple[Packed, ...]:
    """Return how the packs were made: as the log says, with what the user says put over it."""
    said = log.packed or tuple(_candidates(wanted))
    if wanted.tasks and log.packed:
        given = {_task_name(task): task for task in wanted.tasks}
        said = tuple(
            part.model_copy(update={"task": given[name]}) for part in said if (name := _task_name(part.task)) in given
        )
        if not said:
            there = ", ".join(sorted({part.task for part in log.packed}))
            raise StoreError(f"{log.path}: holds no sample of {', '.join(wanted.tasks)}; it holds {there}")
    changes = {name: value for name in ("design", "seed", "limit") if (value := getattr(wanted, name)) is not None}
    packed = tuple(part.model_copy(update=changes) for part in said if not wanted.levels or part.level in wanted.levels)
    if not packed:
        raise StoreError(f"{log.path}: holds none of the levels {', '.join(map(str, wanted.levels))}")
    for field in ("design", "seed"):
        if len(values := {getattr(part, field) for part in packed}) > 1:
            raise StoreError(
                f"{log.path}: holds tasks with more than one {field} ({', '.join(sorted(map(str, values)))}); a run "
                "has one: choose with --tasks or --levels"
            )
    return packed


def _task_name(task: str) -> str:
    """Return the name of a task that is given by its name, or by its file, which may have moved since."""
    try:
        return task_settings(task).name
    except TaskError:
        return Path(task).stem if Path(task).suffix else task


def _candidates(wanted: Wanted) -> Iterator[Packed]:
    """Yield what a log of somebody else's tasks may hold: the tasks named, or all whose data are at hand."""
    names = wanted.tasks or tuple(each.name for each in list_tasks(wanted.data_dir) if each.problems is not None)
    for name in names:
        task = load_task(name, wanted.data_dir)
        most = min(wanted.limit or len(task.problems), len(task.problems))
        if task.answer_type != "code":
            yield from (Packed(task=name, level=level) for level in wanted.levels or task.levels if level <= most)


def _planned_tasks(packed: tuple[Packed, ...], repeats: int, wanted: Wanted) -> Iterator[PlannedTask]:
    for name in dict.fromkeys(part.task for part in packed):
        parts = {part.level: part for part in packed if part.task == name}
        limits = {part.limit for part in parts.values()}
        if len(limits) > 1:
            raise TaskError(f"task {name}: its levels have different limits; choose one level with --levels")
        task = load_task(name, wanted.data_dir)
        limit = limits.pop()
        used = task if limit is None else first_problems(task, limit)
        levels = tuple(_planned_level(used, parts[level], repeats) for level in sorted(parts))
        yield PlannedTask(used, len(task.problems), levels)


def _planned_level(task: Task, part: Packed, repeats: int) -> PlannedLevel:
    n_repeats = max(part.repeats or 1, repeats)
    n_packs = len(make_packs(task, part.level, design=part.design, seed=part.seed))
    return PlannedLevel(level=part.level, repeats=n_repeats, limit=part.limit, n_packs=n_packs * n_repeats)


def _only_found(plan: Plan, config: RunConfig, replies: Replies) -> Plan:
    """Return the plan without the tasks, levels and repeats that no reply is of: nobody asked them."""
    tasks = []
    for part in plan.tasks:
        levels = []
        for level in part.levels:
            answered = [
                repeat
                for repeat in range(level.repeats)
                if any(
                    replies.of_pack(pack.pack_id) is not None
                    for pack in plan.packs(part.task.name, level.level, repeat)
                )
            ]
            if answered:
                repeats = 1 + max(answered)
                n_packs = level.n_packs // level.repeats * repeats
                levels.append(level.model_copy(update={"repeats": repeats, "n_packs": n_packs}))
        if levels:
            tasks.append(part._replace(levels=tuple(levels)))
    return Plan(tuple(tasks), config)


# --- which pack it is -------------------------------------------------------------------------------------------------

MOST_SEARCHES = 200
"""Prompts that are compared with every one of ours: a log of other prompts is not gone through in vain for hours."""


class _Place(NamedTuple):
    """Where a pack stands in the plan."""

    group: tuple[str, int, int]
    """Task, level and repeat."""
    number: int
    """Among the packs of its group, from 0."""


class _Finder:
    """Finds the pack of a logged reply."""

    def __init__(self, plan: Plan) -> None:
        self._ids: dict[tuple[str, int, int], list[str]] = {}
        self._places: dict[str, _Place] = {}
        self._texts: dict[str, list[str]] = {}
        """Text of a prompt to the packs of the first repeat that ask it."""
        self._text_of: dict[str, str] = {}
        self._seen: Counter[str] = Counter()
        self._frame = ("", "")
        """What stood before and behind the text found last: a chat template puts the same around all of them."""
        self._n_searches = 0
        kept: dict[str, str] = {}
        for pack, prompt in plan.samples():
            group = (pack.task, pack.level, pack.repeat)
            ids = self._ids.setdefault(group, [])
            self._places[pack.pack_id] = _Place(group, len(ids))
            ids.append(pack.pack_id)
            text = kept.setdefault(prompt.messages[-1].content, prompt.messages[-1].content)  # repeats share it
            self._text_of[pack.pack_id] = text
            if pack.repeat == 0 or pack.design not in FIXED_DESIGNS:
                self._texts.setdefault(text, []).append(pack.pack_id)

    def find(self, sample: ForeignSample) -> str | None:
        """Return the id of the pack that a logged reply answers, or null where its prompt is none of ours.

        Raises:
            StoreError: the log names the pack, and its prompt is another one.
        """
        if sample.pack_id in self._places:
            if self._text_of[sample.pack_id] not in sample.prompt:
                raise StoreError(
                    f"{sample.where}: its prompt is not that of pack {sample.pack_id}; import it with the data "
                    "(--data-dir) that it was asked with"
                )
            return self._later_repeat(sample.pack_id, sample.repeat)
        text = self._ours_in(sample.prompt)
        if text is None:
            return None
        pack_ids, n_before = self._texts[text], self._seen[text]
        self._seen[text] += 1
        return self._later_repeat(pack_ids[n_before % len(pack_ids)], n_before // len(pack_ids))

    def _later_repeat(self, pack_id: str, n_later: int) -> str | None:
        """Return the pack that asks the same, so many repeats later."""
        (task, level, repeat), number = self._places[pack_id]
        ids = self._ids.get((task, level, repeat + n_later), [])
        return ids[number] if number < len(ids) else None

    def _ours_in(self, prompt: str) -> str | None:
        """Return the one of our prompts that a logged prompt holds."""
        head, tail = self._frame
        inner = prompt[len(head) : len(prompt) - len(tail)]
        if inner in self._texts and prompt.startswith(head) and prompt.endswith(tail):
            return inner
        if self._n_searches >= MOST_SEARCHES:
            return None
        self._n_searches += 1
        found = max((text for text in self._texts if text in prompt), key=len, default=None)
        if found is not None:
            head, _, tail = prompt.partition(found)
            self._frame = (head, tail)
        return found
