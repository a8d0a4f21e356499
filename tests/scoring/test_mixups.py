import itertools
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rest_bench.schema import AnswerType, FinishReason, Pack, Problem, Score
from rest_bench.scoring import Golds, Judge, Question, ReadSample, score_many
from rest_bench.scoring.keys import key_of
from rest_bench.scoring.mixups import JudgedPack, align, align_answers
from tests.scoring.build import answers_of, pack_of, response_of


def golds_of(texts: Sequence[str], pack: Pack, answer_type: AnswerType = "integer") -> Golds:
    """Return the golds of a run that holds a pack's problems and others with these golds."""
    outside = [
        Problem(id=f"outside-{number}", question="?", gold=gold, answer_type=answer_type)
        for number, gold in enumerate(texts)
    ]
    problems = {("toy", problem.id): problem for problem in (*pack.problems, *outside)}
    return Golds(lambda: problems)


def scored(
    judge: Judge,
    golds: tuple[str, ...],
    texts: tuple[str | None, ...],
    outside: Sequence[str] | None = None,
    answer_type: AnswerType = "integer",
    finish: FinishReason = "stop",
) -> tuple[Score, ...]:
    pack = pack_of(golds, answer_type)
    known = None if outside is None else golds_of(outside, pack, answer_type)
    (scores,) = score_many([ReadSample(pack, response_of(pack, finish), answers_of(pack, *texts))], judge, known)
    return scores


def column(scores: Sequence[Score], name: str) -> list[object]:
    return [getattr(score, name) for score in scores]


def test_the_running_example(judge: Judge) -> None:
    """TOY: golds 4, 7, 9 of A, B, C; in B, C, A the answer to A is B's gold, in C, A, B that to C is nobody's."""
    b_c_a = scored(judge, ("7", "9", "4"), ("7", None, "7"))
    assert column(b_c_a, "swapped_from") == [None, None, 1]
    assert column(b_c_a, "swap_candidates") == [None, None, 2]
    assert column(b_c_a, "aligned_position") == [1, None, None]
    c_a_b = scored(judge, ("9", "4", "7"), ("5", "4", None), finish="length")
    assert column(c_a_b, "swapped_from") == [None] * 3
    assert column(c_a_b, "swap_candidates") == [2, None, None]
    assert column(c_a_b, "aligned_position") == [None, 2, None]


def test_the_worked_example_of_a_shift(judge: Judge) -> None:
    scores = scored(judge, ("4", "7", "9", "2"), ("4", "9", "2", None))
    assert column(scores, "aligned_position") == [1, 3, 4, None]
    assert column(scores, "swapped_from") == [None, 3, 4, None]


@pytest.mark.parametrize(
    ("golds", "texts", "expected"),
    [
        (("7", "4", "7"), ("7", "7", "7"), [None, 1, None]),
        (("7", "5", "4", "7"), ("1", "1", "7", "1"), [None, None, 4, None]),
        (("7", "5", "5", "4"), ("1", "1", "1", "7"), [None, None, None, 1]),
    ],
    ids=["of two at one distance the one before", "the nearest", "however far"],
)
def test_of_several_golds_the_nearest_counts(
    judge: Judge, golds: tuple[str, ...], texts: tuple[str, ...], expected: list[int | None]
) -> None:
    assert column(scored(judge, golds, texts), "swapped_from") == expected


def test_golds_equal_to_the_own_one_are_no_candidates(judge: Judge) -> None:
    assert column(scored(judge, ("4", "4.0", "x=4"), ("5", "5", "5"), answer_type="math"), "swap_candidates") == [0] * 3
    assert column(scored(judge, ("4", "4", "9"), ("9", "1", "9")), "swap_candidates") == [1, 1, None]


def test_golds_that_only_the_judge_finds_equal_are_no_candidates(judge: Judge) -> None:
    """0.333333 is a good answer to 1/3, but 0.33333300, which equals it, is not."""
    (score, _, _) = scored(judge, ("1/3", "0.333333", "7"), ("0.33333300", "0.333333", "7"), answer_type="math")
    assert (score.outcome, score.swapped_from, score.swap_candidates) == ("wrong", None, 1)


@pytest.mark.parametrize("answer_type", ["choice", "code"])
def test_letters_and_programs_have_no_such_columns(judge: Judge, answer_type: AnswerType) -> None:
    scores = scored(judge, ("A", "B"), ("B", "B"), outside=["B"], answer_type=answer_type)
    for name in ("swapped_from", "swap_candidates", "swap_chance", "aligned_position"):
        assert column(scores, name) == [None, None]


def test_only_a_wrong_answer_in_the_required_format_has_candidates(judge: Judge) -> None:
    pack = pack_of(("4", "7"))
    loose = answers_of(pack, "7", "4", strict=False, found_by="lenient")
    (scores,) = score_many([ReadSample(pack, response_of(pack), loose)], judge)
    assert column(scores, "outcome") == ["format", "format"]
    assert column(scores, "swap_candidates") == [None, None]
    assert column(scored(judge, ("4", "7"), (None, "7")), "swap_candidates") == [None, None]
    assert column(scored(judge, ("{", "7"), ("4", "1"), answer_type="math"), "swap_candidates") == [None, 1]


def test_alone_there_is_nothing_to_swap_with(judge: Judge) -> None:
    (score,) = scored(judge, ("4",), ("5",), outside=["5"])
    assert (score.swap_candidates, score.swapped_from, score.swap_chance) == (0, None, 0)
    (score,) = scored(judge, ("4",), ("4",))
    assert (score.swap_candidates, score.aligned_position) == (None, 1)


def test_an_engine_failure_has_no_such_columns(judge: Judge) -> None:
    scores = scored(judge, ("4", "7"), ("7", "7"), finish="error")
    assert column(scores, "swap_candidates") + column(scores, "aligned_position") == [None] * 4


# --- chance -----------------------------------------------------------------------------------------------------------


def test_chance_is_the_share_of_outside_golds_times_the_candidates(judge: Judge) -> None:
    """Two of eight golds outside are 5, spelled differently; the answer 6 is none of them."""
    outside = ["5", "5.0", "1", "2", "3", "8", "10", "11"]
    scores = scored(judge, ("4", "7", "9"), ("5", "6", "9"), outside=outside, answer_type="math")
    assert column(scores, "swap_chance") == [2 * 2 / 8, 0, None]


def test_golds_of_the_own_pack_are_not_outside(judge: Judge) -> None:
    scores = scored(judge, ("4", "7"), ("7", "7"), outside=["7", "1", "2", "3"])
    assert column(scores, "swap_chance") == [0.25, None]


def test_outside_golds_equal_to_the_own_one_are_left_out_as_they_are_inside(judge: Judge) -> None:
    assert column(scored(judge, ("4", "7"), ("5", "7"), outside=["4", "4", "5", "1"]), "swap_chance") == [0.5, None]


def test_without_a_gold_outside_chance_is_unknown(judge: Judge) -> None:
    assert column(scored(judge, ("4", "7"), ("5", "7"), outside=[]), "swap_chance") == [None, None]
    assert column(scored(judge, ("4", "7"), ("5", "7"), outside=["4"]), "swap_chance") == [None, None]
    assert column(scored(judge, ("4", "7"), ("5", "7")), "swap_chance") == [None, None]


def test_units_are_minded_as_a_judge_does() -> None:
    pack = pack_of(("1", "2"), "math")
    golds = golds_of(["5 cm", "5 km", "5", "6"], pack, "math")
    rates = {text: golds.match_rate(pack, key_of("1"), key_of(text)) for text in ("5", "5 cm", "5 kg", "7")}
    assert rates == {"5": 0.75, "5 cm": 0.5, "5 kg": 0.25, "7": 0}


def test_another_task_tells_nothing() -> None:
    pack = pack_of(("1", "2")).model_copy(update={"task": "other"})
    assert golds_of(["5"], pack).match_rate(pack, key_of("1"), key_of("5")) is None


def test_golds_are_read_once_and_only_for_a_wrong_answer(judge: Judge) -> None:
    pack, reads = pack_of(("4", "7")), []

    def read() -> Mapping[tuple[str, str], Problem]:
        reads.append(1)
        return {("toy", problem.id): problem for problem in pack.problems}

    golds = Golds(read)
    list(score_many([ReadSample(pack, response_of(pack), answers_of(pack, "4", "7"))], judge, golds))
    assert reads == []
    list(score_many([ReadSample(pack, response_of(pack), answers_of(pack, "5", "5"))] * 3, judge, golds))
    assert reads == [1]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=4), st.lists(st.integers(0, 4), max_size=6), st.integers(0, 4))
def test_counting_gives_what_comparing_each_gold_gives(inside: list[int], outside: list[int], answer: int) -> None:
    pack = pack_of(tuple(map(str, inside)))
    others = [gold for gold in outside if gold != inside[0]]
    rate = golds_of([*map(str, outside)], pack).match_rate(pack, key_of(str(inside[0])), key_of(str(answer)))
    if not others:
        assert rate is None
    elif answer != inside[0]:
        assert rate == sum(gold == answer for gold in others) / len(others)


# --- questions to the judge -------------------------------------------------------------------------------------------


class CountingJudge(Judge):
    """Keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(workers=1)
        self.asked: list[Question] = []

    def judge(self, questions: Sequence[Question]) -> tuple:
        self.asked += questions
        return super().judge(questions)


def test_a_wrong_answer_costs_one_question_for_each_other_gold_and_a_right_one_none() -> None:
    pack = pack_of(("4", "4", "7", "9"))
    with CountingJudge() as judge:
        list(score_many([ReadSample(pack, response_of(pack), answers_of(pack, "4", "5", "7", None))], judge))
    readings = [Question("integer", gold, text) for gold, text in (("4", "4"), ("4", "5"), ("7", "7"))]
    assert judge.asked == [*readings, *readings, Question("integer", "7", "5"), Question("integer", "9", "5")]


# --- alignment --------------------------------------------------------------------------------------------------------


def judged(golds: tuple[str, ...]) -> JudgedPack:
    pack = pack_of(golds)
    return JudgedPack(pack, answers_of(pack, *golds), ["correct"] * len(golds))


def test_right_answers_may_stand_for_golds_equal_to_their_own() -> None:
    """Golds 4, 4, 7: the second answer is right, the third is 4, too, which only one of the two can stand for."""
    assert align_answers(judged(("4", "4", "7")), [2], {3: frozenset({1, 2})}) == {2: 1, 3: 2}
    assert align_answers(judged(("4", "7", "4", "9")), [1], {2: frozenset({3}), 3: frozenset({4})}) == {
        1: 1,
        2: 3,
        3: 4,
    }


def test_in_place_is_preferred_where_the_length_is_the_same() -> None:
    assert align({1: {1, 2}, 2: {1, 2}}, 2) == {1: 1, 2: 2}
    assert align({2: {1, 2, 3}}, 3) == {2: 2}


def brute_force(matches: Mapping[int, set[int]], level: int) -> tuple[int, int]:
    """Return length and answers in place of the best alignment, by trying all."""
    best = (0, 0)
    places = sorted(matches)
    for size in range(1, len(places) + 1):
        for chosen in itertools.combinations(places, size):
            for others in itertools.combinations(range(1, level + 1), size):
                pairs = list(zip(chosen, others, strict=True))
                if all(other in matches[place] for place, other in pairs):
                    best = max(best, (size, sum(place == other for place, other in pairs)))
    return best


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.integers(1, 5), st.sets(st.integers(1, 5)), max_size=5))
def test_no_alignment_is_better(matches: dict[int, set[int]]) -> None:
    aligned = align(matches, 5)
    assert all(other in matches[place] for place, other in aligned.items())
    assert [aligned[place] for place in sorted(aligned)] == sorted(set(aligned.values()))
    assert (len(aligned), sum(place == other for place, other in aligned.items())) == brute_force(matches, 5)


@pytest.mark.timeout(20)
def test_the_longest_packs_are_aligned() -> None:
    everything = {place: set(range(1, 65)) for place in range(1, 65)}
    assert align(everything, 64) == {place: place for place in range(1, 65)}
