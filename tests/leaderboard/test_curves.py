from rest_bench.leaderboard.curves import BOTTOM, HEIGHT, TOP, make_curve
from rest_bench.schema import Estimate


def test_accuracy_is_drawn_from_the_bottom_to_the_top() -> None:
    curve = make_curve({3: Estimate(value=0.0, se=None, ci=(0.0, 0.1)), 1: Estimate(value=1.0, se=None, ci=(0.9, 1.0))})
    assert curve is not None
    first, last = curve.marks
    assert (first.y, last.y) == (TOP, HEIGHT - BOTTOM)
    assert first.x < last.x
    assert curve.words == "accuracy: level 1: 100.0 %; level 3: 0.0 %"
    assert len(curve.band.split()) == 4


def test_without_intervals_there_is_no_band() -> None:
    curve = make_curve({1: Estimate(value=1.0, se=None, ci=None), 3: Estimate(value=0.5, se=None, ci=(0.4, 0.6))})
    assert curve is not None
    assert curve.band == ""


def test_one_level_is_no_curve() -> None:
    known, unknown = Estimate(value=1.0, se=None, ci=None), Estimate(value=None, se=None, ci=None)
    assert make_curve({1: known}) is None
    assert make_curve({1: known, 3: unknown}) is None
