import logging
import threading
from collections.abc import Sequence

import pytest

from rest_bench.errors import ScoringError
from rest_bench.schema import Pack, Response, Verdict
from rest_bench.scoring import Judge, JudgingAhead, ReadSample, score_many
from rest_bench.scoring.ahead import MAX_WAITING
from rest_bench.scoring.scorers import Question
from tests.scoring.build import answers_of, pack_of, response_of

PACKS = [pack_of(("4", "7"), number=number) for number in range(200)]


class RecordingJudge(Judge):
    """Keeps what it was asked; waits for `may_go_on` before its first verdict."""

    def __init__(self) -> None:
        super().__init__(workers=1)
        self.asked: list[Question] = []
        self.may_go_on = threading.Event()
        self.has_begun = threading.Event()
        self.breaks = False

    def judge(self, questions: Sequence[Question]) -> tuple[Verdict, ...]:
        self.has_begun.set()
        self.may_go_on.wait(60)
        if self.breaks:
            raise ScoringError("no worker starts")
        self.asked += questions
        return super().judge(questions)


def read(pack: Pack, response: Response) -> ReadSample:
    return ReadSample(pack, response, answers_of(pack, "4", str(int(pack.pack_id, 16) + 1000)))


def numbers(judge: RecordingJudge) -> set[int]:
    return {int(question.answer) - 1000 for question in judge.asked if question.answer.isdigit()} - {-996}


def test_what_was_offered_is_judged_meanwhile() -> None:
    with RecordingJudge() as judge, JudgingAhead(judge, read) as ahead:
        judge.may_go_on.set()
        ahead.offer(PACKS[0], response_of(PACKS[0]))
        assert judge.has_begun.wait(60)
        ahead.offer(PACKS[1], response_of(PACKS[1]))
    assert 0 in numbers(judge)


def test_no_score_changes_by_it() -> None:
    samples = [read(pack, response_of(pack)) for pack in PACKS[:20]]
    with Judge(workers=1) as judge:
        expected = list(score_many(samples, judge))
    with Judge(workers=1) as judge:
        with JudgingAhead(judge, read) as ahead:
            for sample in samples:
                ahead.offer(sample.pack, sample.response)
        assert list(score_many(samples, judge)) == expected


def test_an_offer_never_waits_and_more_than_fits_is_left_for_the_end() -> None:
    with RecordingJudge() as judge:
        with JudgingAhead(judge, read) as ahead:
            ahead.offer(PACKS[0], response_of(PACKS[0]))
            assert judge.has_begun.wait(60)
            for pack in PACKS[1:]:
                ahead.offer(pack, response_of(pack))
            judge.may_go_on.set()
        assert len(numbers(judge)) <= MAX_WAITING + 1


def test_a_judge_that_cannot_start_stops_nothing_but_judging_ahead(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "rest_bench")
    with RecordingJudge() as judge:
        judge.breaks = True
        judge.may_go_on.set()
        with JudgingAhead(judge, read) as ahead:
            ahead.offer(PACKS[0], response_of(PACKS[0]))
            ahead._thread.join(60)
            assert not ahead._thread.is_alive()
            for pack in PACKS:
                ahead.offer(pack, response_of(pack))
    assert "judging ahead stopped: no worker starts" in caplog.text


def test_a_run_that_breaks_off_does_not_wait_for_it() -> None:
    with RecordingJudge() as judge:
        ahead = JudgingAhead(judge, read)

        def run() -> None:
            with ahead:
                ahead.offer(PACKS[0], response_of(PACKS[0]))
                assert judge.has_begun.wait(60)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run()
        assert ahead._thread.is_alive()
        judge.may_go_on.set()
        ahead._thread.join(60)
    assert not ahead._thread.is_alive()
