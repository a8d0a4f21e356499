import pandas
import pytest

from rest_bench.metrics.order import INCOMPLETE, LEVELS_DIFFER, NO_SHARED_PROMPT, order_effect
from tests.metrics.conftest import slot, table


def run(*prompts: tuple[str, str], repeat: int = 0) -> pandas.DataFrame:
    """Make a run of prompts, each as its questions in order and its right ones."""
    return table(
        [
            slot(len(asked), f"{asked}{repeat}", place + 1, name, "correct" if name in right else "wrong", repeat)
            for asked, right in prompts
            for place, name in enumerate(asked)
        ]
    )


EASY = run(("ABC", "AB"), ("BCD", "BCD"))
HARD = run(("CBA", "A"), ("DCB", "BC"))


def test_the_worked_example() -> None:
    """Easy first 2/3 and 1, hard first 1/3 and 2/3."""
    effect = order_effect(EASY, HARD)
    assert effect.order_effect.value == pytest.approx(1 / 3)
    assert effect.order_effect_prompts == 2


def test_the_error_is_clustered_by_question() -> None:
    """Differences A 0; B 1 and 0; C 0 and 0; D 1: residuals by question -1/3, 1/3, -2/3, 2/3 over six slots."""
    estimate = order_effect(EASY, HARD).order_effect
    assert estimate.se == pytest.approx((4 / 3 * (1 + 1 + 4 + 4) / 9 / 36) ** 0.5)


def test_prompts_are_paired_by_their_questions() -> None:
    more = pandas.concat([EASY, run(("XYZ", ""))])
    assert order_effect(more, HARD[::-1]) == order_effect(EASY, HARD)
    assert order_effect(HARD, EASY).order_effect.value == pytest.approx(-1 / 3)
    assert order_effect(EASY, EASY).order_effect.value == 0


def test_repeats_of_a_prompt_are_averaged() -> None:
    twice = pandas.concat([EASY, run(("ABC", ""), repeat=1)])
    assert order_effect(twice, HARD).order_effect.value == pytest.approx((1 / 3 + 1) / 2 - 1 / 2)


def test_the_reason_is_said_where_it_is_undefined() -> None:
    def why(easy: pandas.DataFrame, hard: pandas.DataFrame) -> set[str]:
        return set(order_effect(easy, hard).undefined.values())

    assert why(EASY, run(("AB", "A"))) == {LEVELS_DIFFER}
    assert why(EASY[:-1], HARD) == {INCOMPLETE}
    assert why(EASY, run(("XYZ", ""))) == {NO_SHARED_PROMPT}


def test_categories_are_taken_as_text() -> None:
    as_categories = [part.astype({"problem_id": "category", "pack_id": "category"}) for part in (EASY, HARD)]
    assert order_effect(*as_categories) == order_effect(EASY, HARD)
