from statistics import fmean, pstdev

import pytest

from rest_bench.simulation.draws import logistic
from rest_bench.simulation.latents import Latents, difficulty_of, draw_latents
from rest_bench.simulation.parameters import NEVER, SimulatorParameters
from tests.simulation.packs import make_packs

PACKS = list(make_packs(repeats=5))


def draw(**settings: object) -> list[tuple[Latents, ...]]:
    parameters = SimulatorParameters.model_validate(settings)
    return [draw_latents(pack, parameters) for pack in PACKS]


def column(name: str, **settings: object) -> list[object]:
    return [getattr(latents, name) for response in draw(**settings) for latents in response]


def test_draws_are_a_function_of_the_pack_alone() -> None:
    parameters = SimulatorParameters()
    assert draw_latents(PACKS[7], parameters) == draw()[7]
    assert draw()[0] != draw()[40]  # another repeat of the same problems


@pytest.mark.parametrize(
    ("changed", "touched"),
    [
        ({"loop_rate": 0.5}, {"loops"}),
        ({"omission": 1.0}, {"omitted", "silent", "loops"}),
        ({"silent_omission": 1.0}, {"silent"}),
        ({"revisit_rate": 0.9}, {"revisits"}),
        ({"swap_rate": 0.9}, {"swapped_from", "summary_error", "reported"}),
        ({"summary_error_rate": 0.9}, {"summary_error", "reported"}),
        ({"overthinking": 3.0}, {"extra_tokens"}),
        ({"first_overthinking": 3.0}, {"extra_tokens"}),
        ({"log_tokens": 9.0}, {"first_tokens", "extra_tokens"}),
        ({"position_effect": 9.0}, {"probability", "right", "result", "summary_error", "reported"}),
        ({"mention_rate": 0.0, "restatement_rate": 0.0, "marker_rate": 0.0}, set()),
    ],
)
def test_another_value_of_one_parameter_leaves_the_other_draws(changed: dict[str, object], touched: set[str]) -> None:
    differ = {name for name in Latents._fields if column(name) != column(name, **changed)}
    assert differ == touched


def test_the_probability_is_that_of_the_definition() -> None:
    parameters = SimulatorParameters(ability=1.0, position_effect=2.0, load_effect=0.2, predecessor_effect=0.5)
    for pack in PACKS[:10]:
        slots = draw_latents(pack, parameters)
        for position, slot in enumerate(slots, start=1):
            before = [other.difficulty for other in slots[: position - 1]]
            mean_before = fmean(before) if before else 0.0
            log_odds = 1.0 - slot.difficulty - 2.0 * (position - 1) / 4 - 0.2 * 4 - 0.5 * mean_before
            assert slot.probability == pytest.approx(logistic(log_odds + slot.response_effect))
            assert slot.difficulty == difficulty_of(pack.seed, pack.problems[position - 1].id, 1.2)


def test_shares_are_those_of_the_parameters() -> None:
    slots = [slot for pack in make_packs(n=200, repeats=4) for slot in draw_latents(pack, SimulatorParameters())]
    n = len(slots)
    assert fmean(slot.right for slot in slots) == pytest.approx(fmean(slot.probability for slot in slots), abs=0.02)
    assert sum(slot.swapped_from is not None for slot in slots) / n == pytest.approx(0.02, abs=0.007)
    assert sum(slot.summary_error for slot in slots) / n == pytest.approx(
        0.02 * fmean(slot.right for slot in slots), abs=0.006
    )
    assert fmean(slot.revisits for slot in slots) == pytest.approx(0.1, abs=0.015)
    chance = fmean(0.0 if p == 0 else logistic(-4 + 0.8 * p) for p in range(5))
    assert fmean(slot.omitted for slot in slots) == pytest.approx(chance, abs=0.02)
    omitted = [slot for slot in slots if slot.omitted]
    assert fmean(slot.silent for slot in omitted) == pytest.approx(0.5, abs=0.06)
    effects = [slot.response_effect for slot in slots[::5]]
    assert pstdev(effects) == pytest.approx(0.5, abs=0.05)


def test_the_first_position_is_never_left_out_and_overthinks_most() -> None:
    responses = draw(omission=20.0, overthinking=1.0, first_overthinking=3.0)
    assert not any(response[0].omitted for response in responses)
    assert all(slot.omitted for response in responses for slot in response[1:])
    first = fmean(response[0].extra_tokens / response[0].first_tokens for response in responses)
    later = fmean(slot.extra_tokens / slot.first_tokens for response in responses for slot in response[1:])
    assert first == pytest.approx(3.0, rel=0.25)
    assert later == pytest.approx(1.0, rel=0.15)


def test_thinking_shrinks_with_the_level() -> None:
    alone = [draw_latents(pack, SimulatorParameters())[0] for pack in make_packs(level=1)]
    by_id = {pack.problems[0].id: slot for pack, slot in zip(make_packs(level=1), alone, strict=True)}
    assert set(by_id) == {problem.id for pack in PACKS for problem in pack.problems}
    mean_alone = fmean(slot.first_tokens for slot in alone)
    stressed = fmean(slot.first_tokens for response in draw(compression=1.0) for slot in response)
    assert stressed == pytest.approx(mean_alone / 5, rel=0.3)


def test_nothing_happens_that_never_does() -> None:
    quiet = draw(omission=NEVER, omission_by_position=0.0, loop_rate=0.0, swap_rate=0.0, summary_error_rate=0.0)
    slots = [slot for response in quiet for slot in response]
    assert not any(slot.omitted or slot.loops or slot.summary_error or slot.swapped_from for slot in slots)
    assert all(slot.reported == slot.result for slot in slots)


@pytest.mark.parametrize("answer_type", ["integer", "choice"])
def test_a_wrong_answer_is_not_the_gold(answer_type: str) -> None:
    parameters = SimulatorParameters(ability=-20.0)
    for pack in make_packs(answer_type=answer_type):
        for problem, slot in zip(pack.problems, draw_latents(pack, parameters), strict=True):
            assert not slot.right
            assert slot.result != problem.gold
            assert answer_type != "choice" or slot.result in "ABCD"


def test_most_swaps_report_the_gold_before() -> None:
    lags = [
        slot.swapped_from - position
        for response in draw(swap_rate=1.0)
        for position, slot in enumerate(response, start=1)
        if slot.swapped_from is not None and position > 1
    ]
    assert 0 not in lags
    assert sum(lag == -1 for lag in lags) / len(lags) == pytest.approx(0.7 + 0.3 / 4, abs=0.05)


def test_alone_nothing_can_be_swapped() -> None:
    parameters = SimulatorParameters(swap_rate=1.0)
    assert all(draw_latents(pack, parameters)[0].swapped_from is None for pack in make_packs(level=1))
