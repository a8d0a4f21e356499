import hashlib
import subprocess
import sys
from collections import Counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rest_bench.errors import PackingError
from rest_bench.packing import make_packs, mix_tasks
from rest_bench.schema import AnswerType, DesignName, Option, Pack, Problem, Task

DESIGNS: tuple[DesignName, ...] = get_args(DesignName)
BALANCED: tuple[DesignName, ...] = ("cyclic", "cyclic-first", "shuffled", "reversed", "mixed")
SORTED: tuple[DesignName, ...] = ("easy-first", "hard-first")


def problem(problem_id: str, difficulty: float | None = None, options: int = 0) -> Problem:
    letters = "ABCDEFGH"[:options]
    return Problem(
        id=problem_id,
        question=f"Question {problem_id}?",
        gold="1",
        answer_type="integer",
        options=tuple(Option(letter=letter, text=letter) for letter in letters),
        difficulty=difficulty,
    )


def task(*problems: Problem, name: str = "toy", answer_type: AnswerType = "integer", **fields: object) -> Task:
    made = Task(
        name=name,
        title=name.title(),
        answer_type=answer_type,
        levels=(1, 3),
        repeats=1,
        template="rest_math",
        template_source="{{ problems }}",
        problems=problems,
        source=f"local: {name}.jsonl",
        file_sha256=name,
        data_sha256=name,
    )
    return made.model_copy(update=fields)


def numbered(count: int, name: str = "toy") -> Task:
    return task(*(problem(str(number), difficulty=number % 3) for number in range(count)), name=name)


def ids(packs: tuple[Pack, ...]) -> list[str]:
    """The problem ids of each pack, glued: single characters in these tests."""
    return ["".join(problem.id for problem in pack.problems) for pack in packs]


# --- the order of each design -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "level", "expected"),
    [
        ("cyclic", 1, ["0", "1", "2", "3", "4"]),
        ("cyclic", 3, ["120", "231", "342", "403", "014"]),
        ("cyclic", 5, ["12340", "23401", "34012", "40123", "01234"]),
        ("cyclic-first", 3, ["012", "123", "234", "340", "401"]),
        ("reversed", 3, ["021", "132", "243", "304", "410"]),
        ("mixed", 3, ["120", "231", "342", "403", "014"]),
        # difficulties of 0..4: 0 1 2 0 1
        ("easy-first", 3, ["012", "312", "342", "034", "014"]),
        ("hard-first", 3, ["210", "213", "243", "403", "140"]),
        ("disjoint", 2, ["12", "34"]),
    ],
)
def test_a_design_orders_as_defined(design: DesignName, level: int, expected: list[str]) -> None:
    assert ids(make_packs(numbered(5), level, design)) == expected


def test_ties_of_difficulty_stay_in_the_order_of_cyclic() -> None:
    equal = task(*(problem(str(number), difficulty=1) for number in range(5)))
    assert [ids(make_packs(equal, 3, design)) for design in SORTED] == [ids(make_packs(equal, 3, "cyclic"))] * 2


def test_the_toy_example_of_the_metrics_is_packed_as_printed() -> None:
    toy = task(problem("A"), problem("B"), problem("C"))
    assert ids(make_packs(toy, 3, "cyclic")) == ["BCA", "CAB", "ABC"]


def test_a_new_repeat_of_disjoint_turns_the_packs_and_rests_other_problems() -> None:
    assert [ids(make_packs(numbered(6), 3, "disjoint", repeat=repeat)) for repeat in range(4)] == [
        ["012", "345"],
        ["120", "453"],
        ["201", "534"],
        ["012", "345"],
    ]
    assert [ids(make_packs(numbered(5), 3, "disjoint", repeat=repeat)) for repeat in range(3)] == [
        ["234"],
        ["140"],
        ["312"],
    ]


def test_only_shuffled_and_disjoint_change_with_the_repeat_and_only_shuffled_with_the_seed() -> None:
    changing = {
        change: {
            design
            for design in DESIGNS
            if ids(make_packs(numbered(9), 3, design)) != ids(make_packs(numbered(9), 3, design, **{change: 1}))
        }
        for change in ("repeat", "seed")
    }
    assert changing == {"repeat": {"shuffled", "disjoint"}, "seed": {"shuffled"}}


def test_a_shuffle_changes_the_neighbours() -> None:
    neighbours = {
        (pack.problems[0].id, pack.problems[1].id)
        for repeat in range(4)
        for pack in make_packs(numbered(30), 2, "shuffled", repeat=repeat)
    }
    assert len(neighbours) > 90  # of 120; the 30 of one repeat would be all if the order stayed


# --- properties -------------------------------------------------------------------------------------------------------

sizes = st.integers(1, 12).flatmap(lambda count: st.tuples(st.just(count), st.integers(1, count)))
seeds = st.integers(-(2**63), 2**63)
repeats = st.integers(0, 20)


def positions(packs: tuple[Pack, ...]) -> Counter[tuple[str, int]]:
    return Counter((problem.id, place) for pack in packs for place, problem in enumerate(pack.problems, start=1))


@given(size=sizes, design=st.sampled_from(BALANCED), seed=seeds, repeat=repeats)
def test_every_problem_stands_once_at_each_position(
    size: tuple[int, int], design: DesignName, seed: int, repeat: int
) -> None:
    count, level = size
    packs = make_packs(numbered(count), level, design, seed, repeat)
    assert len(packs) == count
    assert positions(packs) == {(str(n), place): 1 for n in range(count) for place in range(1, level + 1)}


@given(size=sizes, design=st.sampled_from(SORTED))
def test_a_sorted_design_asks_each_problem_level_times_in_order_of_difficulty(
    size: tuple[int, int], design: DesignName
) -> None:
    count, level = size
    packs = make_packs(numbered(count), level, design)
    asked = Counter(problem.id for pack in packs for problem in pack.problems)
    assert asked == {str(n): level for n in range(count)}
    for pack, original in zip(packs, make_packs(numbered(count), level, "cyclic"), strict=True):
        difficulties = [problem.difficulty for problem in pack.problems]
        assert difficulties == sorted(difficulties, key=lambda value: value or 0, reverse=design == "hard-first")
        assert {problem.id for problem in pack.problems} == {problem.id for problem in original.problems}


@given(size=sizes, seed=seeds, repeat=repeats)
def test_cyclic_is_the_order_of_the_released_code_and_cyclic_first_the_papers(
    size: tuple[int, int], seed: int, repeat: int
) -> None:
    count, level = size
    toy = numbered(count)
    released = [[*((i + j) % count for j in range(1, level)), i] for i in range(count)]
    papers = [[(i + j) % count for j in range(level)] for i in range(count)]

    def numbers(design: DesignName) -> list[list[int]]:
        packs = make_packs(toy, level, design, seed, repeat)
        return [[int(problem.id) for problem in pack.problems] for pack in packs]

    assert numbers("cyclic") == released
    assert numbers("cyclic-first") == papers
    assert numbers("reversed") == [pack[::-1] for pack in released]


@given(size=sizes, first=st.integers(0, 30))
def test_disjoint_asks_each_problem_once_and_balances_positions_over_level_repeats(
    size: tuple[int, int], first: int
) -> None:
    count, level = size[0] // size[1] * size[1], size[1]
    runs = [make_packs(numbered(count), level, "disjoint", repeat=first + repeat) for repeat in range(level)]
    for packs in runs:
        assert len(packs) == count // level
        assert sorted(problem.id for pack in packs for problem in pack.problems) == sorted(map(str, range(count)))
    assert sum((positions(packs) for packs in runs), Counter()) == {
        (str(n), place): 1 for n in range(count) for place in range(1, level + 1)
    }


@given(size=sizes)
def test_where_the_level_does_not_divide_the_problems_all_rest_equally_often(size: tuple[int, int]) -> None:
    count, level = size
    asked: Counter[str] = Counter()
    for repeat in range(count):
        packs = make_packs(numbered(count), level, "disjoint", repeat=repeat)
        once = Counter(problem.id for pack in packs for problem in pack.problems)
        assert set(once.values()) == {1}
        assert len(packs) == count // level
        asked += once
    assert asked == {str(n): count - count % level for n in range(count)}


@given(size=sizes, design=st.sampled_from(DESIGNS), seed=seeds, repeat=repeats)
def test_packing_is_deterministic_and_every_pack_has_its_own_id(
    size: tuple[int, int], design: DesignName, seed: int, repeat: int
) -> None:
    count, level = size
    packs = make_packs(numbered(count), level, design, seed, repeat)
    assert packs == make_packs(numbered(count), level, design, seed, repeat)
    assert len({pack.pack_id for pack in packs}) == len(packs)
    for pack in packs:
        fields = (pack.task, pack.level, pack.design, pack.seed, pack.repeat, len(pack.problems))
        assert fields == ("toy", level, design, seed, repeat, level)


def test_at_the_highest_level_sorted_packs_are_alike_but_have_their_own_ids() -> None:
    toy = task(problem("a", difficulty=3), problem("b", difficulty=1), problem("c", difficulty=2))
    packs = make_packs(toy, 3, "easy-first")
    assert ids(packs) == ["bca"] * 3
    assert len({pack.pack_id for pack in packs}) == 3


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [-1, 0, 4])
@pytest.mark.parametrize("design", DESIGNS)
def test_a_level_that_the_problems_do_not_allow_is_refused(design: DesignName, level: int) -> None:
    with pytest.raises(PackingError) as error:
        make_packs(numbered(3), level, design)
    assert str(error.value) == f"task toy: level {level} is not possible with 3 problems; choose levels from 1 to 3"


def test_a_problem_id_that_occurs_twice_is_refused() -> None:
    with pytest.raises(PackingError, match="task toy: the problem id 'a' occurs twice"):
        make_packs(task(problem("a"), problem("b"), problem("a")), 1)


@pytest.mark.parametrize("design", SORTED)
def test_a_sorted_design_without_difficulties_is_refused(design: DesignName) -> None:
    half = task(problem("a", difficulty=1), problem("b"))
    with pytest.raises(PackingError, match=f"design {design} needs difficulties, and problem 'b' has none"):
        make_packs(half, 2, design)


# --- ids --------------------------------------------------------------------------------------------------------------

GOLDEN_IDS = {
    "cyclic": "97c5aae4675e7bb0",
    "cyclic-first": "4773f96d6e748175",
    "shuffled": "70aa49763977e5b0",
    "reversed": "ffc8e48011bce127",
    "easy-first": "20244284ce1200e0",
    "hard-first": "cebcdaf4608e8b58",
    "disjoint": "fcafedc85c59ec1f",
    "mixed": "43f3c065c3ef60cb",
}
"""Of the first pack of five problems at level 3, seed 7, repeat 2: stored runs are read back by these."""


def test_pack_ids_never_change() -> None:
    packs = {design: make_packs(numbered(5), 3, design, seed=7, repeat=2) for design in DESIGNS}
    assert {design: made[0].pack_id for design, made in packs.items()} == GOLDEN_IDS
    assert ids(packs["shuffled"]) == ["024", "210", "132", "341", "403"]
    hashed = '["toy",3,"cyclic",7,2,["1","2","0"]]'
    assert GOLDEN_IDS["cyclic"] == hashlib.sha256(hashed.encode()).hexdigest()[:16]


def test_pack_ids_are_the_same_in_another_process() -> None:
    program = (
        "from tests.test_packing import *\n"
        "print(*(pack.pack_id for design in DESIGNS for pack in make_packs(numbered(5), 3, design)))"
    )
    here = [pack.pack_id for design in DESIGNS for pack in make_packs(numbered(5), 3, design)]
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "1"},
    )
    assert done.stdout.split() == here


@pytest.mark.parametrize(
    "change",
    [
        {"task": numbered(5, name="other")},
        {"level": 2},
        {"design": "mixed"},
        {"seed": 1},
        {"repeat": 1},
        {"task": numbered(4)},
    ],
)
def test_a_pack_id_changes_with_everything_that_makes_the_pack(change: dict[str, object]) -> None:
    settings: dict[str, object] = {"task": numbered(5), "level": 3, "design": "cyclic", "seed": 0, "repeat": 0}
    before = {pack.pack_id for pack in make_packs(**settings)}  # type: ignore[arg-type]
    after = [pack.pack_id for pack in make_packs(**{**settings, **change})]  # type: ignore[arg-type]
    assert after[-1] not in before


# --- mixed ------------------------------------------------------------------------------------------------------------


def test_mixed_tasks_take_turns() -> None:
    mixed = mix_tasks([numbered(4, "red"), numbered(4, "blue")], seed=3)
    names = [problem.id.partition("/")[0] for problem in mixed.problems]
    assert names == ["red", "blue"] * 4
    assert sorted(problem.id for problem in mixed.problems) == [f"{t}/{n}" for t in ("blue", "red") for n in range(4)]
    assert (mixed.name, mixed.title) == ("red+blue", "Red + Blue")
    assert all(
        {problem.id.partition("/")[0] for problem in pack.problems} == {"red", "blue"}
        for pack in make_packs(mixed, 2, "mixed")
    )


def test_tasks_of_different_size_are_spread_in_proportion() -> None:
    mixed = mix_tasks([numbered(30, "big"), numbered(3, "small")], seed=3)
    small = [place for place, each in enumerate(mixed.problems) if each.id.startswith("small/")]
    assert small == [5, 16, 27]


def test_the_order_of_a_mix_follows_the_seed() -> None:
    parts = [numbered(20, "red"), numbered(20, "blue")]
    assert mix_tasks(parts, seed=1) == mix_tasks(parts, seed=1)
    assert mix_tasks(parts, seed=1).problems != mix_tasks(parts, seed=2).problems
    assert mix_tasks(parts, seed=1).data_sha256 != mix_tasks(parts, seed=2).data_sha256


def test_a_mix_keeps_what_its_tasks_share() -> None:
    one = numbered(3, "one").model_copy(
        update={"levels": (1, 2, 3), "repeats": 8, "licence": "MIT", "difficulty_source": "x"}
    )
    two = numbered(3, "two").model_copy(update={"levels": (1, 3, 6), "licence": "MIT", "difficulty_source": "x"})
    mixed = mix_tasks([one, two])
    assert (mixed.levels, mixed.repeats, mixed.licence, mixed.difficulty_source) == ((1, 3), 8, "MIT", "x")
    assert all(each.difficulty is not None for each in mixed.problems)
    unlike = mix_tasks([one, two.model_copy(update={"difficulty_source": "y"})])
    assert unlike.difficulty_source is None
    assert all(each.difficulty is None for each in unlike.problems)


def test_integer_and_math_tasks_mix_into_math() -> None:
    assert mix_tasks([numbered(2, "one"), task(problem("a"), name="two", answer_type="math")]).answer_type == "math"
    assert mix_tasks([numbered(2, "one"), numbered(2, "two")]).answer_type == "integer"


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ([], "needs two or more different tasks, not none"),
        ([numbered(3)], "needs two or more different tasks, not toy"),
        ([numbered(3), numbered(3)], "needs two or more different tasks, not toy, toy"),
        (
            [numbered(3), task(problem("a"), name="other", template_source="", template="mine.j2")],
            r"toy and other have different templates \(rest_math, mine.j2\)",
        ),
        (
            [numbered(3), task(problem("a"), name="other", answer_type="code")],
            "toy and other want answers of different forms",
        ),
        (
            [
                task(problem("a", options=4), name="four", answer_type="choice"),
                task(problem("a", options=5), name="five", answer_type="choice"),
            ],
            "four and five want answers of different forms",
        ),
    ],
)
def test_tasks_that_cannot_share_a_prompt_are_refused(parts: list[Task], fault: str) -> None:
    with pytest.raises(PackingError, match=fault):
        mix_tasks(parts)


def test_packing_keeps_the_problems_it_was_given() -> None:
    toy = numbered(5)
    for pack in make_packs(toy, 3):
        assert all(each is toy.problems[int(each.id)] for each in pack.problems)
