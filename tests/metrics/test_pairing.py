import pandas

from rest_bench.metrics.pairing import pair_slots
from tests.metrics.conftest import slot, table


def run(*packs: str, repeat: int = 0) -> pandas.DataFrame:
    """Make slots of packs, each named by its questions in order."""
    return table(
        [
            slot(len(pack), f"{pack}{repeat}", place + 1, name, "correct", repeat)
            for pack in packs
            for place, name in enumerate(pack)
        ]
    )


def test_slots_of_the_same_packs_stand_at_the_same_place() -> None:
    a, b = run("ABC", "BCA", "CAB"), run("CAB", "ABC", "BCA").sample(frac=1, random_state=0)
    paired = pair_slots(a, b, same_design=True)
    assert paired is not None
    assert paired.by_pack
    assert list(paired.a.slots["pack_id"]) == list(paired.b.slots["pack_id"])
    assert list(paired.a.slots["position"]) == list(paired.b.slots["position"]) == [1, 2, 3] * 3
    assert (paired.a.question == paired.b.question).all()
    assert (paired.a.prompt == paired.b.prompt).all()
    assert (paired.n_questions, paired.a.left_out_packs, paired.b.left_out_packs) == (3, 0, 0)


def test_only_packs_that_both_have_are_compared() -> None:
    paired = pair_slots(run("AB", "BC", "CD"), run("BC", "CD", "DE"), same_design=True)
    assert paired is not None
    assert sorted(set(paired.a.slots["pack_id"])) == sorted(set(paired.b.slots["pack_id"])) == ["BC0", "CD0"]
    assert [(side.n_packs, side.left_out_packs, side.left_out_questions) for side in paired.sides] == [(2, 1, 1)] * 2


def test_repeats_are_paired_and_those_of_one_run_are_left_out() -> None:
    twice = pandas.concat([run("AB", "BA"), run("AB", "BA", repeat=1)])
    paired = pair_slots(twice, run("AB", "BA"), same_design=True)
    assert paired is not None
    assert set(paired.a.slots["repeat"]) == {0}
    assert (paired.a.left_out_packs, paired.b.left_out_packs) == (2, 0)
    assert [side.n_repeats for side in paired.sides] == [2, 1]


def test_runs_of_other_designs_are_paired_by_question() -> None:
    paired = pair_slots(run("AB", "BC"), run("BA", "AX"), same_design=False)
    assert paired is not None
    assert not paired.by_pack
    assert [sorted(set(side.slots["problem_id"])) for side in paired.sides] == [["A", "B"]] * 2
    assert [side.left_out_questions for side in paired.sides] == [1, 1]
    assert [(side.n_packs, side.left_out_packs) for side in paired.sides] == [(2, 0), (2, 0)]
    assert not set(paired.a.prompt) & set(paired.b.prompt)


def test_the_same_packs_without_a_common_one_are_paired_by_question() -> None:
    paired = pair_slots(run("AB"), run("BA"), same_design=True)
    assert paired is not None
    assert not paired.by_pack


def test_a_response_that_lacks_slots_is_paired_by_question() -> None:
    paired = pair_slots(run("AB", "BA")[:-1], run("AB", "BA"), same_design=True)
    assert paired is not None
    assert not paired.by_pack


def test_runs_without_a_common_question_are_not_paired() -> None:
    assert pair_slots(run("AB"), run("CD"), same_design=True) is None
    assert pair_slots(run("AB"), run("CD"), same_design=False) is None
