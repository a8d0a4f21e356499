import math
from collections.abc import Sequence
from itertools import permutations

import numpy
import pytest

from rest_bench.metrics.joint import FEW_REPLIES, INCOMPLETE, NEVER_VARIES, NO_PROMPT_TWICE, ONE_POSITION, joint_success
from rest_bench.metrics.responses import as_responses
from rest_bench.schema import JointSuccess
from tests.metrics.conftest import TOY_SLOTS, slot, table
from tests.metrics.simulate import Layout, Model, draw


def of_replies(*prompts: Sequence[tuple[int, ...]]) -> JointSuccess:
    """Return the metrics of prompts from what is right in each of their replies."""
    level = len(prompts[0][0])
    rows = [
        slot(level, f"p{prompt}-{repeat}", place + 1, f"{prompt}-{place}", "correct" if is_right else "wrong", repeat)
        for prompt, replies in enumerate(prompts)
        for repeat, reply in enumerate(replies)
        for place, is_right in enumerate(reply)
    ]
    return joint_success(as_responses(table(rows)), level)


def test_the_worked_example() -> None:
    joint = of_replies([(1, 1), (1, 1), (0, 0), (0, 0)])
    assert joint.independent_success == pytest.approx(0.1667, abs=1e-4)
    assert joint.joint_excess == pytest.approx(0.3333, abs=1e-4)
    assert joint.pair_excess == pytest.approx(0.3333, abs=1e-4)
    assert joint.response_correlation == pytest.approx(1.0)
    assert not joint.undefined


def test_one_reply_tells_nothing_of_its_own_positions() -> None:
    joint = joint_success(as_responses(table([slot(*row) for row in TOY_SLOTS if row[0] == 3])), 3)
    assert set(joint.undefined.values()) == {NO_PROMPT_TWICE}
    assert (joint.independent_success, joint.pair_excess) == (None, None)


def test_three_positions_are_taken_from_three_replies() -> None:
    replies = [(1, 1, 0), (1, 0, 1), (1, 1, 1), (0, 0, 0)]
    ways = [
        replies[first][0] * replies[second][1] * replies[third][2] for first, second, third in permutations(range(4), 3)
    ]
    joint = of_replies(replies)
    assert joint.independent_success == pytest.approx(sum(ways) / len(ways))
    assert joint.joint_excess == pytest.approx(1 / 4 - sum(ways) / len(ways))


def test_fewer_replies_than_positions_leave_the_pairs() -> None:
    joint = of_replies([(1, 1, 1), (0, 0, 0)])
    assert joint.undefined == {"independent_success": FEW_REPLIES, "joint_excess": FEW_REPLIES}
    assert joint.pair_excess == pytest.approx(0.5)
    assert joint.response_correlation == pytest.approx(1.0)


def test_pairs_are_the_sample_covariance_over_replies() -> None:
    replies = [(1, 1, 0), (1, 0, 1), (1, 1, 1), (0, 0, 0)]
    covariance = numpy.cov(numpy.array(replies).T)
    joint = of_replies(replies)
    assert joint.pair_excess == pytest.approx(covariance[numpy.triu_indices(3, 1)].mean())
    expected = covariance[numpy.triu_indices(3, 1)].mean() / numpy.diag(covariance).mean()
    assert joint.response_correlation == pytest.approx(expected)


def test_prompts_with_unequal_repeats_count_as_they_are() -> None:
    joint = of_replies([(1, 1), (0, 0), (1, 0)], [(1, 1), (1, 1)], [(0, 1)])
    assert joint.independent_success == pytest.approx((((2 * 1) - 1) / 6 + (4 - 2) / 2) / 2)
    assert joint.joint_excess == pytest.approx((1 / 3 + 1) / 2 - (1 / 6 + 1) / 2)


def test_always_right_has_no_correlation() -> None:
    joint = of_replies([(1, 1), (1, 1)])
    assert (joint.independent_success, joint.joint_excess, joint.pair_excess) == (1, 0, 0)
    assert joint.undefined == {"response_correlation": NEVER_VARIES}


def test_what_has_no_whole_responses_is_undefined() -> None:
    assert set(joint_success(None, 3).undefined.values()) == {INCOMPLETE}
    assert set(joint_success(None, 1).undefined.values()) == {ONE_POSITION}


def test_a_shared_fate_is_found_and_its_absence_too() -> None:
    layout = Layout(n_questions=60, repeats=16, level=3)
    found = {
        spread: joint_success(as_responses(draw(Model(response_sd=spread), layout, seed=3)), 3) for spread in (0.0, 1.0)
    }
    assert found[0.0].joint_excess == pytest.approx(0.0, abs=0.02)
    assert found[0.0].response_correlation == pytest.approx(0.0, abs=0.05)
    assert (found[1.0].joint_excess or math.nan) > 0.02
    assert (found[1.0].response_correlation or math.nan) > 0.1
