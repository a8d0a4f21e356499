import random
from collections.abc import Iterator
from typing import Any

import pytest

from rest_bench.schema import Answer, Response
from rest_bench.scoring import Judge, ReadSample, score_answers, score_many
from rest_bench.scoring import scores as scores_module
from tests.scoring.build import answers_of, pack_of, response_of

PACK = pack_of(("4", "7"))
RESPONSE = response_of(PACK)


def test_a_score_carries_what_its_slot_is_known_by(judge: Judge) -> None:
    thinking = {"thinking_tokens": 5, "segment_tokens": 2, "segmentation_sure": True}
    first, second = score_answers(PACK, RESPONSE, answers_of(PACK, "4.0", None, **thinking), judge)
    assert (first.task, first.level, first.design, first.repeat) == ("toy", 2, "cyclic", 0)
    assert [score.position for score in (first, second)] == [1, 2]
    assert [score.problem_id for score in (first, second)] == ["problem-1", "problem-2"]
    assert [score.gold for score in (first, second)] == ["4", "7"]
    assert [score.answer for score in (first, second)] == ["4.0", None]
    assert (first.prompt_tokens, first.completion_tokens, first.thinking_tokens, first.seed) == (11, 22, 5, 33)
    assert (first.segment_tokens, first.segmentation_sure) == (2, True)


def test_the_strict_rate_leaves_out_what_was_not_in_the_required_format(judge: Judge) -> None:
    scores = score_answers(PACK, RESPONSE, answers_of(PACK, "4", "7", strict=False, found_by="lenient"), judge)
    assert [(score.correct, score.correct_strict) for score in scores] == [(True, False), (True, False)]


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (r"\boxed{4}", True),
        (r"\boxed{5}", False),
        (r"\boxed{None}", False),
        (r"\boxed{}", False),
        (r"\boxed{\text{4 apples}}", True),
        (r"\boxed{{4}}", True),
        (r"\boxed{4, 7}", False),
    ],
)
def test_the_paper_reading_is_judged_by_itself(judge: Judge, paper: str, expected: bool) -> None:
    scores = score_answers(PACK, RESPONSE, answers_of(PACK, None, None, paper=paper), judge)
    assert (scores[0].correct_paper, scores[0].correct, scores[0].answer_paper) == (expected, False, paper)


def test_a_raw_letter_in_the_paper_reading_is_read(judge: Judge) -> None:
    pack = pack_of(("C",), "choice")
    (score,) = score_answers(pack, response_of(pack), answers_of(pack, None, paper=r"\boxed{\textbf{(C)}}"), judge)
    assert score.correct_paper is True


def test_an_unreadable_gold_leaves_the_paper_reading_open(judge: Judge) -> None:
    pack = pack_of((r"\frac{1",), "math")
    (score,) = score_answers(pack, response_of(pack), answers_of(pack, "5"), judge)
    assert (score.outcome, score.correct, score.correct_paper) == ("ungraded", False, None)


def answers() -> tuple[Answer, ...]:
    return answers_of(PACK, "4", "7")


@pytest.mark.parametrize(
    ("response", "given"),
    [
        (RESPONSE.model_copy(update={"pack_id": "f" * 16}), answers()),
        (RESPONSE.model_copy(update={"repeat": 1}), answers()),
        (RESPONSE, answers()[:1]),
        (RESPONSE, answers()[::-1]),
        (RESPONSE, (answers()[0], answers()[0])),
        (RESPONSE, (answers()[0], answers()[1].model_copy(update={"problem_id": "problem-9"}))),
        (RESPONSE, (answers()[0], answers()[1].model_copy(update={"repeat": 1}))),
        (RESPONSE, (answers()[0], answers()[1].model_copy(update={"pack_id": "f" * 16}))),
    ],
)
def test_what_does_not_belong_together_is_refused(judge: Judge, response: Response, given: tuple[Answer, ...]) -> None:
    with pytest.raises(ValueError, match=r"scored with|do not belong"):
        score_answers(PACK, response, given, judge)


def records(count: int) -> list[ReadSample]:
    draw = random.Random(0)
    choices: list[Any] = ["4", "7", "9", None, "x=4", r"\sqrt{16}", "4, 7", "5 cm"]
    made = []
    for number in range(count):
        pack = pack_of(("4", "7", "9"), number=number)
        made.append(ReadSample(pack, response_of(pack), answers_of(pack, *draw.choices(choices, k=3))))
    return made


def test_the_order_of_responses_changes_no_score(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores_module, "CHUNK", 7)
    given = records(40)
    expected = {scores[0].pack_id: scores for scores in score_many(given, judge)}
    for seed in range(5):
        shuffled = random.Random(seed).sample(given, len(given))
        scored = list(score_many(shuffled, judge))
        assert [scores[0].pack_id for scores in scored] == [sample.pack.pack_id for sample in shuffled]
        assert {scores[0].pack_id: scores for scores in scored} == expected


def test_a_batch_scores_as_its_members_do(judge: Judge) -> None:
    given = records(20)
    assert list(score_many(given, judge)) == [score_answers(*sample[:3], judge) for sample in given]


def test_a_stream_is_read_a_chunk_at_a_time(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores_module, "CHUNK", 4)
    read = 0

    def stream() -> Iterator[ReadSample]:
        nonlocal read
        for record in records(20):
            read += 1
            yield record

    scored = score_many(stream(), judge)
    next(scored)
    assert read == 4


def test_no_records_make_no_scores(judge: Judge) -> None:
    assert list(score_many([], judge)) == []


def test_what_a_second_model_listed_has_columns_of_its_own(judge: Judge) -> None:
    own = answers_of(PACK, None, "7")
    listed = answers_of(PACK, "4", "8", found_by="extractor", strict=False)
    (alone,) = score_many([ReadSample(PACK, RESPONSE, own)], judge)
    (beside,) = score_many([ReadSample(PACK, RESPONSE, own, listed)], judge)
    assert [(score.answer_extractor, score.correct_extractor) for score in alone] == [(None, None)] * 2
    assert [(score.answer_extractor, score.correct_extractor) for score in beside] == [("4", True), ("8", False)]
    columns = {"answer_extractor", "correct_extractor"}
    assert [score.model_dump(exclude=columns) for score in beside] == [
        score.model_dump(exclude=columns) for score in alone
    ]


def test_a_listed_answer_that_is_null_is_not_correct(judge: Judge) -> None:
    listed = answers_of(PACK, None, None, found_by="none")
    (scores,) = score_many([ReadSample(PACK, RESPONSE, answers_of(PACK, "4", "7"), listed)], judge)
    assert [(score.answer_extractor, score.correct_extractor) for score in scores] == [(None, False)] * 2
