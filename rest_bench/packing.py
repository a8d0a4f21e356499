"""Step 2 of 9: Problems, level, design and seed -> Packs. Pure, and the same on any Python."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from rest_bench.errors import PackingError
from rest_bench.schema import AnswerType, DesignName, Pack, Problem, Task

Group = tuple[Problem, ...]
"""Problems in order; of one pack, in order of position."""


def make_packs(
    task: Task, level: int, design: DesignName = "cyclic", seed: int = 0, repeat: int = 0
) -> tuple[Pack, ...]:
    """Pack the problems of a task, `level` to a prompt.

    Every design but `disjoint` makes one pack per problem and uses each problem `level` times; all of these but the
    sorted ones (`easy-first`, `hard-first`) put it once at each position. `disjoint` uses a problem at most once.

    Args:
        task: the order of its problems is part of the design.
        level: problems per pack (the paper's stress level).
        design: the rule that makes packs; docs/tasks.md describes each.
        seed: orders the problems of `shuffled`; part of every pack id.
        repeat: counted from 0; changes the order of `shuffled`, and in `disjoint` the positions.

    Raises:
        PackingError: the level does not fit the number of problems, an id occurs twice, or a difficulty is missing.
    """
    return tuple(iter_packs(task, level, design, seed, repeat))


def iter_packs(task: Task, level: int, design: DesignName = "cyclic", seed: int = 0, repeat: int = 0) -> Iterator[Pack]:
    """Make the packs of `make_packs` one at a time, as they are asked for; faults are raised at the first one."""
    _check_problems(task, level)
    if design in SORTED_DESIGNS:
        _check_difficulty(task, design)
    for group in _groups(task.problems, level, design, seed, repeat):
        yield Pack(
            # Before any sorting: at level N the sorted packs are all alike, and still each needs its own id.
            pack_id=_pack_id(task.name, level, design, seed, repeat, group),
            task=task.name,
            level=level,
            design=design,
            seed=seed,
            repeat=repeat,
            problems=_by_difficulty(group, design) if design in SORTED_DESIGNS else group,
        )


def mix_tasks(tasks: Sequence[Task], seed: int = 0) -> Task:
    """Join tasks into one whose packs, with the design `mixed`, hold problems of several tasks.

    The problems of each task are put in a seeded order and the tasks then take turns; where they differ in size, in
    proportion, so that every stretch holds the same blend. A problem's id becomes TASK/ID. Difficulties are kept only
    where all tasks measured them on one scale.

    Raises:
        PackingError: fewer than two tasks, one task twice, or tasks that cannot share a prompt.
    """
    names = [task.name for task in tasks]
    if len(names) < 2 or len(set(names)) < len(names):
        raise PackingError(f"design mixed needs two or more different tasks, not {', '.join(names) or 'none'}")
    _check_one_prompt_form(tasks)
    scales = {task.difficulty_source for task in tasks}
    problems = _take_turns(tasks, seed, keep_difficulty=len(scales) == 1)
    answer_types: set[AnswerType] = {task.answer_type for task in tasks}
    shared_levels = set(tasks[0].levels).intersection(*(task.levels for task in tasks))
    return Task(
        name="+".join(names),
        title=" + ".join(task.title for task in tasks),
        answer_type=answer_types.pop() if len(answer_types) == 1 else "math",
        levels=tuple(sorted(shared_levels)) or tasks[0].levels,
        repeats=max(task.repeats for task in tasks),
        template=tasks[0].template,
        template_source=tasks[0].template_source,
        problems=problems,
        licence=_join(task.licence for task in tasks),
        citation=_join(task.citation for task in tasks),
        difficulty_source=scales.pop() if len(scales) == 1 else None,
        option_order=_join(task.option_order for task in tasks),
        source="; ".join(task.source for task in tasks),
        file_sha256=_digest([task.file_sha256 for task in tasks]),
        data_sha256=_digest([seed, [task.data_sha256 for task in tasks]]),
    )


# --- designs ----------------------------------------------------------------------------------------------------------


def _groups(problems: Group, level: int, design: DesignName, seed: int, repeat: int) -> list[Group]:
    if design == "shuffled":
        return _cyclic(_shuffle(problems, seed, repeat), level)
    if design == "disjoint":
        return _disjoint(problems, level, repeat)
    return FIXED_DESIGNS[design](problems, level)


def _cyclic(problems: Group, level: int) -> list[Group]:
    """Pack i (from 0) is i+1, ..., i+level-1 and then i last, as in the released code (metrics.md 1.2)."""
    return [(*group[1:], group[0]) for group in _cyclic_first(problems, level)]


def _cyclic_first(problems: Group, level: int) -> list[Group]:
    """Pack i is i, i+1, ..., i+level-1, as in the paper's formula; the numbers wrap around."""
    around = problems + problems[: level - 1]
    return [around[start : start + level] for start in range(len(problems))]


def _reversed(problems: Group, level: int) -> list[Group]:
    return [group[::-1] for group in _cyclic(problems, level)]


FIXED_DESIGNS: dict[DesignName, Callable[[Group, int], list[Group]]] = {
    "cyclic": _cyclic,
    "cyclic-first": _cyclic_first,
    "reversed": _reversed,
    "easy-first": _cyclic,
    "hard-first": _cyclic,
    "mixed": _cyclic,
}
"""The designs that are equal in every repeat; `shuffled` and `disjoint` are not."""

SORTED_DESIGNS: tuple[DesignName, ...] = ("easy-first", "hard-first")
"""The designs that sort each pack afterwards."""


def _by_difficulty(group: Group, design: DesignName) -> Group:
    # `reverse=True` keeps ties in their original order, where a reversed result would turn them round.
    return tuple(sorted(group, key=_difficulty, reverse=design == "hard-first"))


def _disjoint(problems: Group, level: int, repeat: int) -> list[Group]:
    """Cut the problems into packs; each repeat turns every pack by one position.

    Where the level does not divide the number of problems, the remainder sits out, and in each repeat it is the next
    ones' turn to do so.
    """
    count = len(problems)
    first_out = repeat * (count % level)
    sitting_out = {(first_out + step) % count for step in range(count % level)}
    taking_part = tuple(problem for index, problem in enumerate(problems) if index not in sitting_out)
    turn = repeat % level
    groups = (taking_part[start : start + level] for start in range(0, len(taking_part), level))
    return [group[turn:] + group[:turn] for group in groups]


def _shuffle(problems: Group, seed: int, repeat: int) -> Group:
    # A sort by hash, as the order that the `random` module gives may change between Python versions.
    return tuple(sorted(problems, key=lambda problem: _digest([seed, repeat, problem.id])))


def _take_turns(tasks: Sequence[Task], seed: int, keep_difficulty: bool) -> Group:
    turns = [
        (Fraction(2 * index + 1, 2 * len(task.problems)), number, task.name, problem)
        for number, task in enumerate(tasks)
        for index, problem in enumerate(_shuffle(task.problems, seed, 0))
    ]
    return tuple(
        problem.model_copy(
            update={
                "id": f"{task_name}/{problem.id}",
                "difficulty": problem.difficulty if keep_difficulty else None,
            }
        )
        for _, _, task_name, problem in sorted(turns, key=lambda turn: turn[:2])
    )


# --- checks and ids ---------------------------------------------------------------------------------------------------


def _check_problems(task: Task, level: int) -> None:
    if not 1 <= level <= len(task.problems):
        raise PackingError(
            f"task {task.name}: level {level} is not possible with {len(task.problems)} problems; "
            f"choose levels from 1 to {len(task.problems)}"
        )
    ids = [problem.id for problem in task.problems]
    if len(set(ids)) < len(ids):
        twice = next(problem_id for problem_id in ids if ids.count(problem_id) > 1)
        raise PackingError(f"task {task.name}: the problem id {twice!r:.80} occurs twice; give each problem its own")


def _check_difficulty(task: Task, design: DesignName) -> None:
    unknown = next((problem.id for problem in task.problems if problem.difficulty is None), None)
    if unknown is not None:
        raise PackingError(
            f"task {task.name}: design {design} needs difficulties, and problem {unknown!r:.80} has none; "
            "name their column in the task file, or choose another design"
        )


def _difficulty(problem: Problem) -> float:
    assert problem.difficulty is not None, "checked before packing"
    return problem.difficulty


def _join(notes: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(note for note in notes if note)) or None


def _check_one_prompt_form(tasks: Sequence[Task]) -> None:
    first = tasks[0]
    for task in tasks[1:]:
        if task.template_source != first.template_source:
            raise PackingError(
                f"design mixed: {first.name} and {task.name} have different templates "
                f"({first.template}, {task.template}); mix tasks that share one"
            )
        if _prompt_form(task) != _prompt_form(first):
            raise PackingError(
                f"design mixed: {first.name} and {task.name} want answers of different forms; "
                "mix tasks of one answer type and, for choice, one number of options"
            )


def _prompt_form(task: Task) -> tuple[str, frozenset[int]]:
    kind = "math" if task.answer_type == "integer" else task.answer_type
    return kind, frozenset(len(problem.options) for problem in task.problems)


def _pack_id(name: str, level: int, design: DesignName, seed: int, repeat: int, group: Group) -> str:
    return _digest([name, level, design, seed, repeat, [problem.id for problem in group]])[:16]


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
