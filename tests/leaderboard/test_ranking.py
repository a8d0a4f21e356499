import numpy
import pytest

from rest_bench.leaderboard.published import N_QUESTIONS, published_levels
from rest_bench.leaderboard.ranking import Board, common_conditions, make_board, overall, pair_errors, rank, tie_groups
from rest_bench.leaderboard.rows import Conditions, all_rows
from tests.leaderboard.boards import row

ONES = [1.0] * 20
HALVES = [0.5] * 20


def test_rows_stand_by_their_stress_score() -> None:
    ranked = rank([row("b", 0.2), row("c", 0.9), row("a", 0.2)])
    assert [each.row.model for each in ranked] == ["c", "a", "b"]
    assert rank([]) == ()


def test_what_surely_differs_has_its_own_rank() -> None:
    first, second = rank([row("a", 1.0, ONES), row("b", 0.5, HALVES)])
    assert (first.best, first.worst, first.group) == (1, 1, 1)
    assert (second.best, second.worst, second.group) == (2, 2, 2)


def test_what_may_be_chance_shares_ranks_and_a_group() -> None:
    means = [1.0, 0.0] * 10
    shifted = [*means[:-2], 0.0, 0.0]
    found = rank([row("a", 0.5, means), row("b", 0.45, shifted)])
    assert [(each.best, each.worst, each.group) for each in found] == [(1, 2, 1), (1, 2, 1)]


def test_pairing_finds_what_errors_apart_would_hide() -> None:
    """Two models fail on the same questions, and one fails a little more on each: the pairs tell."""
    hard = numpy.linspace(0.1, 0.9, 40)
    noise = numpy.where(numpy.arange(40) % 2, 0.01, -0.01)
    rows = [row("a", 0.5, list(hard)), row("b", 0.45, list(hard - 0.05 + noise))]
    paired = pair_errors(rows)[0, 1]
    assert paired == pytest.approx((noise.std(ddof=1) / 40**0.5), rel=1e-9)
    assert pair_errors([rows[0]._replace(question_means=None), rows[1]])[0, 1] > 20 * paired
    assert [each.group for each in rank(rows)] == [1, 2]


def test_other_conditions_are_not_paired() -> None:
    rows = [row("a", 0.5, HALVES), row("b", 0.5, HALVES)]
    assert pair_errors(rows)[0, 1] == 0
    other = rows[1]._replace(conditions=rows[1].conditions._replace(levels=(1, 5)))
    assert pair_errors([rows[0], other])[0, 1] > 0


def test_a_group_ends_before_the_first_that_is_surely_worse() -> None:
    scores = numpy.array([0.9, 0.89, 0.7, 0.69, 0.5])
    assert tie_groups(scores, numpy.full((5, 5), 0.02)) == [1, 1, 2, 2, 3]
    assert tie_groups(scores, numpy.full((5, 5), 1.0)) == [1, 1, 1, 1, 1]
    assert tie_groups(scores[:1], numpy.zeros((1, 1))) == [1]


def test_more_rows_make_it_harder_to_be_surely_worse() -> None:
    """Holm: p = .03 is significant alone and not among many."""
    one = numpy.array([0.9, 0.9 - 0.0217])
    many = numpy.append(one, [one[1]] * 8)
    assert tie_groups(one, numpy.full((2, 2), 0.01)) == [1, 2]
    assert tie_groups(many, numpy.full((10, 10), 0.01)) == [1] * 10


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tier": "self-reported"}, "numbers alone"),
        ({"partial": True}, "only a part"),
        ({"conditions": Conditions((1, 3), "data", "template", "cyclic", 10)}, "only a part"),
        ({"conditions": Conditions((1, 5), "data", "template", "cyclic", None)}, r"other levels \(1, 5\)"),
        ({"conditions": Conditions((1, 3), "data", "template", "shuffled", None)}, "another design"),
        ({"conditions": Conditions((1, 3), "other", "template", "cyclic", None)}, "other data"),
        ({"conditions": Conditions((1, 3), "data", "other", "cyclic", None)}, "other data or another template"),
    ],
)
def test_what_was_asked_something_else_stands_apart(change: dict[str, object], why: str) -> None:
    import re

    board = make_board("toy", [row("a", 0.5, HALVES), row("b", 0.5, HALVES), row("c", 0.9, ONES, **change)])
    assert [each.row.model for each in board.ranked] == ["a", "b"]
    (apart,) = board.apart
    assert re.search(why, apart.why)


def test_the_papers_levels_decide_on_its_tasks() -> None:
    own = row("a", 0.5, HALVES, task="math500")
    assert common_conditions("math500", [own]) == Conditions((1, 3, 5, 7, 9), None, None, "cyclic", None)
    right = own._replace(conditions=own.conditions._replace(levels=(1, 3, 5, 7, 9)))
    assert common_conditions("math500", [own, own, right]) == right.conditions
    assert common_conditions("toy", [row("a", 0.5)]) is None


def test_of_conditions_that_are_as_common_those_with_more_levels_count() -> None:
    few, many = row("a", 0.5, HALVES), row("b", 0.5, HALVES)
    many = many._replace(conditions=many.conditions._replace(levels=(1, 3, 5)))
    assert common_conditions("toy", [few, many]) == many.conditions == common_conditions("toy", [many, few])


def test_the_papers_ranking_over_all_tasks() -> None:
    """metrics.md 3.1: recomputed over the four levels, O4-mini 70.78, O3-mini 61.66 (7th), Gemini 56.89 (10th)."""
    rows = all_rows([])
    found = overall([make_board(task, [each for each in rows if each.task == task]) for task in N_QUESTIONS])
    assert len(found) == 38
    by_model = {each.model: (place, round(100 * each.stress, 2)) for place, each in enumerate(found, start=1)}
    assert by_model["O4-mini"] == (1, 70.78)
    assert by_model["O3-mini"] == (7, 61.66)
    assert by_model["Gemini-2.5-flash-thinking"] == (10, 56.89)
    assert all(each.best <= place <= each.worst for place, each in enumerate(found, start=1))


def test_a_model_that_lacks_a_task_has_no_overall_score() -> None:
    rows = [each for each in all_rows([]) if (each.model, each.task) != ("O4-mini", "gsm8k")]
    found = overall([make_board(task, [each for each in rows if each.task == task]) for task in N_QUESTIONS])
    assert "O4-mini" not in {each.model for each in found}
    assert overall([]) == ()


def test_a_quantized_model_is_not_averaged_with_the_full_one() -> None:
    def boards(variant: str) -> list[Board]:
        return [
            make_board(
                task,
                [
                    row(
                        "org/model",
                        0.5,
                        task=task,
                        variant=variant if number else "",
                        conditions=Conditions(published_levels(task), None, None, "cyclic", None),
                    )
                ],
            )
            for number, task in enumerate(N_QUESTIONS)
        ]

    assert [each.name for each in overall(boards(""))] == ["org/model"]
    assert overall(boards("fp8 weights")) == ()


def all_tasks(*rows: dict[str, object]) -> list[Board]:
    """Return boards of all tasks of the paper, each with a row of one model for each set of changes."""
    return [
        make_board(
            task,
            [
                row(
                    "org/model",
                    float(str(changes["stress"])),
                    None,
                    **{
                        "task": task,
                        "tier": "re-scored",
                        "conditions": Conditions(published_levels(task), "data", "template", "cyclic", None),
                        **{name: value for name, value in changes.items() if name != "stress"},
                    },
                )
                for changes in rows
            ],
        )
        for task in N_QUESTIONS
    ]


HONEST = {"stress": 0.8, "entry_id": "honest", "submitter": "A lab", "date": "2026-02-01"}
STOLEN: dict[str, dict[str, object]] = {
    "later": {"date": "2026-02-02"},
    "in the far future": {"date": "9999-12-31"},
    "on the same day, with a later id": {"date": "2026-02-01", "entry_id": "zzz"},
    "without a day": {"date": None},
    "better trusted": {"tier": "reproduced", "date": "2026-01-01"},
    "with better numbers": {"stress": 0.99},
    "under a name that is nearly theirs": {"submitter": "A labs"},
}


@pytest.mark.parametrize("how", STOLEN)
@pytest.mark.parametrize("turned", [False, True])
def test_nobody_takes_the_row_of_another(how: str, turned: bool) -> None:
    bad: dict[str, object] = {"stress": 0.1, "entry_id": "bad", "submitter": "Somebody", **STOLEN[how]}
    found = overall(all_tasks(*([bad, HONEST] if turned else [HONEST, bad])))
    by_submitter = {each.submitter: each for each in found}
    assert set(by_submitter) == {"A lab", bad["submitter"]}
    assert by_submitter["A lab"].stress == pytest.approx(0.8)
    assert by_submitter["A lab"].entry_ids == ("honest",)
    assert [each.n_further for each in found] == [1, 1]


@pytest.mark.parametrize("name", ["A lab", " A  lab ", "a LAB", "\uff21 lab", "A\u00a0lab"])
def test_of_one_submitters_rows_the_latest_counts_and_the_others_are_counted(name: str) -> None:
    later = {"stress": 0.7, "entry_id": "later", "submitter": name, "date": "2026-02-02"}
    (found,) = overall(all_tasks(HONEST, later))
    assert (found.entry_ids, found.n_further) == (("later",), 1)
    (found,) = overall(all_tasks(HONEST, {**later, "tier": "self-reported"}))
    assert (found.entry_ids, found.n_further) == (("honest",), 1)  # one that stands apart is counted, too


def test_no_mean_is_over_rows_of_several_submitters() -> None:
    boards = all_tasks(HONEST)
    (other,) = all_tasks({**HONEST, "submitter": "Somebody", "entry_id": "other"})[:1]
    assert overall([other, *boards[1:]]) == ()
