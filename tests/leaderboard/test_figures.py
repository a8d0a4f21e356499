from rest_bench.leaderboard.figures import MOST_LINES, Place, cost, places, slope
from rest_bench.leaderboard.ranking import rank
from tests.leaderboard.boards import HOSTILE, row


def test_a_line_for_each_model_with_both_scores() -> None:
    figure = slope("toy", "Toy", places(rank([row("a", 0.5), row("b", 0.4)])))
    assert figure is not None
    assert figure.name == "toy-slope"
    assert set(figure.data["model"]) == {"a", "b"}
    assert "<svg" in figure.svg()


def test_of_many_models_the_first_are_drawn_and_it_says_so() -> None:
    many = [Place(f"m{number}", "published", 0.9, 0.9 - number / 1000) for number in range(MOST_LINES + 5)]
    figure = slope("toy", "Toy", many)
    assert figure is not None
    assert figure.data["model"].nunique() == MOST_LINES
    assert f"Of {MOST_LINES + 5} models the first {MOST_LINES} are drawn" in figure.caption


def test_models_with_the_same_score_are_drawn() -> None:
    figure = slope("toy", "Toy", [Place("a", "published", 0.5, 0.5), Place("b", "published", 0.5, 0.5)])
    assert figure is not None


def test_costs_are_drawn_where_they_are_known() -> None:
    known = [row(name, 0.5, question_tokens=tokens) for name, tokens in (("a", 10.0), ("b", 20.0))]
    figure = cost("toy", "Toy", [*known, row("c", 0.5)])
    assert figure is not None
    assert list(figure.data["question_tokens"]) == [10.0, 20.0]
    assert cost("toy", "Toy", known[:1]) is None
    assert slope("toy", "Toy", places(rank([row("a", 0.5)]))) is None


def test_no_name_becomes_markup() -> None:
    figure = slope("toy", "Toy", places(rank([row(HOSTILE, 0.5), row("b", 0.4)])))
    assert figure is not None
    assert "<img" not in figure.svg()
