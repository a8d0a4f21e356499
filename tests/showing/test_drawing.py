from rest_bench.showing.drawing import Slots, draw_packs


def packs(n_correct: int, n_wrong: int, level: int = 1) -> dict[str, Slots]:
    made = {f"{level}-right-{number}": Slots("toy", level, ("correct",) * level) for number in range(n_correct)}
    return made | {f"{level}-wrong-{number}": Slots("toy", level, ("wrong",) * level) for number in range(n_wrong)}


def test_few_samples_are_all_shown() -> None:
    made = packs(5, 2)
    assert draw_packs(made, 0, 7, 7) == frozenset(made)


def test_rare_outcomes_and_levels_are_shown_as_often_as_frequent_ones() -> None:
    made = packs(1000, 3) | packs(500, 20, level=2)
    drawn = draw_packs(made, 0, 40, 1000)
    assert len(drawn) == 40
    counts = {
        kind: sum(name.startswith(kind) for name in drawn) for kind in ("1-right", "1-wrong", "2-right", "2-wrong")
    }
    assert counts["1-wrong"] == 3, "all of them"
    assert {counts["1-right"], counts["2-right"], counts["2-wrong"]} <= {12, 13}


def test_the_same_samples_are_drawn_whatever_the_order_of_the_packs() -> None:
    made = packs(100, 50)
    backwards = dict(reversed(list(made.items())))
    assert draw_packs(made, 3, 20, 100) == draw_packs(backwards, 3, 20, 100)
    assert draw_packs(made, 3, 20, 100) != draw_packs(made, 4, 20, 100)


def test_slots_are_bounded_too() -> None:
    made = packs(30, 30, level=10)
    drawn = draw_packs(made, 0, 1000, 105)
    assert sum(len(made[name].outcomes) for name in drawn) == 100
