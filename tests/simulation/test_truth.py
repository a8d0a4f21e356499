from collections import Counter
from statistics import fmean

import pytest

from rest_bench.schema import Pack
from rest_bench.simulation.parameters import NEVER, SimulatorParameters
from rest_bench.simulation.truth import Simulated, Slot, simulate
from tests.simulation.packs import make_packs

QUIET = {
    "omission": NEVER,
    "omission_by_position": 0.0,
    "loop_rate": 0.0,
    "swap_rate": 0.0,
    "summary_error_rate": 0.0,
    "log_tokens": 5.0,
}
PACKS = list(make_packs(repeats=3))


def simulate_all(max_tokens: int = 10**6, **settings: object) -> list[tuple[Pack, Simulated]]:
    parameters = SimulatorParameters.model_validate({**QUIET, **settings})
    return [(pack, simulate(pack, parameters, max_tokens)) for pack in PACKS]


def slots(max_tokens: int = 10**6, **settings: object) -> list[Slot]:
    return [slot for _, simulated in simulate_all(max_tokens, **settings) for slot in simulated.slots]


def outcomes(max_tokens: int = 10**6, **settings: object) -> Counter[str]:
    return Counter(slot.outcome for slot in slots(max_tokens, **settings))


def test_without_faults_a_slot_is_right_or_wrong() -> None:
    found = slots()
    assert {slot.outcome for slot in found} == {"correct", "wrong"}
    assert all(slot.correct == slot.latents.right == slot.correct_paper for slot in found)
    assert all(slot.tokens == slot.latents.first_tokens + slot.latents.extra_tokens for slot in found)
    assert all(slot.first_correct_tokens == (slot.latents.first_tokens if slot.correct else None) for slot in found)


def test_a_silent_omission_shifts_the_boxes_and_not_the_labels() -> None:
    for pack, simulated in simulate_all(omission=0.0, silent_omission=1.0, ability=20.0):
        kept = [problem.gold for problem, slot in zip(pack.problems, simulated.slots, strict=True) if slot.tokens]
        assert [slot.answer_paper for slot in simulated.slots] == kept + [None] * (pack.level - len(kept))
        for slot in simulated.slots:
            assert slot.outcome == ("correct" if slot.tokens else "omitted")


def test_an_omission_that_is_said_shifts_nothing() -> None:
    found = slots(omission=0.0, silent_omission=0.0, ability=20.0)
    assert {slot.outcome for slot in found} == {"correct", "omitted"}
    assert all(slot.answer == slot.answer_paper for slot in found)


def test_counted_answers_are_shifted_by_a_silent_omission() -> None:
    found = outcomes(omission=-2.0, silent_omission=1.0, ability=20.0, labels="running")
    assert found["shifted"] > 20
    assert all(slot.answer == slot.answer_paper for slot in slots(omission=-2.0, labels="running"))


def test_a_swap_is_a_swap_and_two_in_a_row_are_a_shift() -> None:
    found = slots(swap_rate=0.2, ability=20.0)
    assert {slot.outcome for slot in found} <= {"correct", "swapped", "shifted"}
    assert all((slot.outcome == "correct") == (slot.latents.swapped_from is None) for slot in found)
    assert any(slot.outcome == "shifted" for slot in found)


def test_four_letters_show_no_swap() -> None:
    parameters = SimulatorParameters.model_validate({**QUIET, "swap_rate": 0.5, "ability": 20.0})
    found = [slot for pack in make_packs(answer_type="choice") for slot in simulate(pack, parameters, 10**6).slots]
    assert not {"swapped", "shifted"} & {slot.outcome for slot in found}


def test_a_wrong_copy_is_an_error_of_the_summary() -> None:
    found = slots(summary_error_rate=0.5)
    assert all((slot.outcome == "summary") == slot.latents.summary_error for slot in found)
    assert all(slot.first_correct_tokens for slot in found if slot.outcome == "summary")


def test_with_the_answers_at_the_end_a_cut_takes_all_of_them() -> None:
    for _, simulated in simulate_all(max_tokens=800):
        if simulated.layout.finish_reason == "length" and simulated.layout.chunks[-1].kind == "work":
            assert {slot.outcome for slot in simulated.slots} == {"truncated"}


def test_with_inline_answers_a_cut_takes_the_last() -> None:
    for _, simulated in simulate_all(max_tokens=800, answers="inline", ability=20.0):
        cut = simulated.layout.chunks[-1]
        if simulated.layout.finish_reason == "length" and cut.kind == "work":
            expected = ["correct" if slot.position < cut.position else "truncated" for slot in simulated.slots]
            assert [slot.outcome for slot in simulated.slots] == expected


def test_a_loop_takes_all_that_comes_after_it() -> None:
    seen = 0
    for _, simulated in simulate_all(max_tokens=5000, answers="inline", loop_rate=0.1, ability=20.0):
        loops = [slot.position for slot in simulated.slots if slot.looped]
        assert len(loops) <= 1
        for place in loops:
            expected = ["correct" if slot.position < place else "repetition" for slot in simulated.slots]
            assert [slot.outcome for slot in simulated.slots] == expected
            seen += 1
    assert seen > 10


def test_tokens_are_shared_out_without_rest() -> None:
    for _, simulated in simulate_all(max_tokens=700, revisit_rate=0.5, loop_rate=0.05):
        marks = sum(chunk.n_written for chunk in simulated.layout.chunks if chunk.kind in ("open", "close", "answer"))
        assert sum(slot.tokens for slot in simulated.slots) + marks == simulated.layout.n_tokens <= 700


def test_the_probability_of_a_right_result_is_told() -> None:
    found = slots()
    assert fmean(slot.correct for slot in found) == pytest.approx(
        fmean(slot.latents.probability for slot in found), abs=0.05
    )
