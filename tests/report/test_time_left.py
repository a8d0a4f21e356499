import heapq
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest

from rest_bench.planning import expected_tokens
from rest_bench.report.time_left import TimeLeft, Work
from rest_bench.schema import Observed, Response
from tests.records import make_pack, make_response

TOKENS_PER_S = 50.0
"""Of each reply, whatever runs beside it."""
BUDGET = 12_000


class Sample(NamedTuple):
    level: int
    tokens: int


class Arrival(NamedTuple):
    time_s: float
    sample: Sample


def drawn(seed: int, **n_by_level: int) -> list[Sample]:
    """Return samples, longest levels first, whose lengths vary as those of thinking models do."""
    draw = random.Random(seed)
    by_level = sorted(((int(name.removeprefix("level_")), n) for name, n in n_by_level.items()), reverse=True)
    return [
        Sample(level, min(BUDGET, round(400 * level * draw.lognormvariate(0, 0.7))))
        for level, n in by_level
        for _ in range(n)
    ]


def in_batches(samples: Sequence[Sample], size: int) -> Iterator[Arrival]:
    """Yield replies as transformers gives them: a batch takes as long as its longest, then all come within 0.2 s."""
    now = 0.0
    for start in range(0, len(samples), size):
        batch = samples[start : start + size]
        now += max(sample.tokens for sample in batch) / TOKENS_PER_S
        yield from (Arrival(now + 0.2 * number / size, sample) for number, sample in enumerate(batch))


def in_flight(samples: Sequence[Sample], at_once: int) -> Iterator[Arrival]:
    """Yield replies as a server gives them: so many run at a time, and the short ones come first."""
    running: list[tuple[float, int]] = []
    for number, sample in enumerate(samples):
        now = 0.0
        if len(running) == at_once:
            now, ended = heapq.heappop(running)
            yield Arrival(now, samples[ended])
        heapq.heappush(running, (now + sample.tokens / TOKENS_PER_S, number))
    while running:
        now, ended = heapq.heappop(running)
        yield Arrival(now, samples[ended])


def response(sample: Sample, **changes: object) -> Response:
    fields = {"level": sample.level, "completion_tokens": sample.tokens, **changes}
    return make_response(make_pack(0)).model_copy(update=fields)


def ratios(
    arrivals: Sequence[Arrival],
    at_once: int,
    observed: dict[tuple[str, int], Observed] | None = None,
    in_batches: bool = False,
) -> dict[int, float | None]:
    """Return the time left as it is said, over the truth, behind each share of the run in percent."""
    left: dict[tuple[str, int], int] = {}
    for arrival in arrivals:
        left["toy", arrival.sample.level] = left.get(("toy", arrival.sample.level), 0) + 1
    estimate = TimeLeft(Work(left, at_once, in_batches, observed or {}, expected_tokens), 0.0)
    said: dict[int, float | None] = {}
    for number, (now, sample) in enumerate(arrivals, start=1):
        estimate.finished(response(sample), now)
        seconds = estimate.seconds_left(now)
        truth = arrivals[-1].time_s - now
        said[100 * number // len(arrivals)] = None if seconds is None or truth == 0 else seconds / truth
    return said


RUNS = {
    "batches of 16": (lambda s: list(in_batches(drawn(s, level_1=160, level_9=160), 16)), 16, True),
    "batches of 64": (lambda s: list(in_batches(drawn(s, level_1=640, level_5=640), 64)), 64, True),
    "one at a time": (lambda s: list(in_flight(drawn(s, level_1=50, level_5=50), 1)), 1, False),
    "a server with 128 in flight": (lambda s: list(in_flight(drawn(s, level_1=1300, level_9=1300), 128)), 128, False),
    "a server with 128 in flight, one level": (lambda s: list(in_flight(drawn(s, level_3=1500), 128)), 128, False),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("make", "at_once", "batches"), RUNS.values(), ids=RUNS)
def test_the_time_left_is_near_the_truth_from_the_first_time_it_is_said(
    make: object, at_once: int, batches: bool, seed: int
) -> None:
    said = ratios(make(seed), at_once, in_batches=batches)  # type: ignore[operator]
    known = {share: ratio for share, ratio in said.items() if ratio is not None and share <= 80}
    assert min(known) <= 20
    assert all(0.25 < ratio < 4 for ratio in known.values())
    assert all(0.5 < ratio < 2 for share, ratio in known.items() if share >= 10)


def test_nothing_is_said_before_two_batches_are_in() -> None:
    said = ratios(list(in_batches(drawn(1, level_1=160, level_9=160), 16)), 16, in_batches=True)
    assert next(share for share, ratio in said.items() if ratio is not None) == 10


def test_levels_that_are_expected_to_be_short_count_for_little() -> None:
    """By a count of replies, half of the work is left where nine tenths of it are done."""
    samples = [Sample(9, 3600)] * 50 + [Sample(1, 400)] * 50
    said = ratios(list(in_flight(samples, 1)), 1)
    assert said[50] == pytest.approx(1)
    assert said[10] == pytest.approx(1)


def test_a_resumed_run_knows_the_lengths_of_earlier_calls() -> None:
    """Level 1 is not nine times shorter here: what an earlier call saw of it counts."""
    samples = [Sample(9, 3600)] * 40 + [Sample(1, 2000)] * 200
    observed = {("toy", 1): Observed(n_responses=50, completion_tokens=100_000)}
    said = ratios(list(in_flight(samples, 8)), 8, observed)
    assert all(0.8 < ratio < 1.25 for share, ratio in said.items() if ratio is not None and share <= 80)


def test_replies_without_counted_tokens_count_by_level() -> None:
    estimate = TimeLeft(Work({("toy", 3): 4, ("toy", 1): 4}, 1, False, {}, expected_tokens), 0.0)
    for number in range(4):
        estimate.finished(response(Sample(3, 0), completion_tokens=None), 3.0 * (number + 1))
    assert estimate.seconds_left(12.0) == pytest.approx(4.0)


def test_errors_come_at_once_and_make_no_pace() -> None:
    estimate = TimeLeft(Work({("toy", 1): 40}, 1, False, {}, expected_tokens), 0.0)
    for number in range(10):
        estimate.finished(response(Sample(1, 0), finish_reason="error", completion_tokens=None), 0.01 * number)
    assert estimate.seconds_left(0.1) is None
    for number in range(10):
        estimate.finished(response(Sample(1, 500)), 10.0 * (number + 1))
    assert estimate.seconds_left(100.0) == pytest.approx(200.0, rel=0.5)


def test_what_comes_all_at_once_has_no_pace() -> None:
    estimate = TimeLeft(Work({("toy", 1): 9}), 5.0)
    for _ in range(4):
        estimate.finished(response(Sample(1, 5)), 5.0)
    assert estimate.seconds_left(5.0) is None


def test_the_end_is_the_end() -> None:
    estimate = TimeLeft(Work({("toy", 1): 1}), 0.0)
    estimate.finished(response(Sample(1, 5)), 5.0)
    assert estimate.seconds_left(5.0) == 0.0
