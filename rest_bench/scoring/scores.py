"""Step 6 of 9: Answers -> Scores, one per slot, a chunk of responses at a time so that the workers stay busy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from rest_bench.schema import Answer, Outcome, Pack, Problem, Response, Score, Verdict
from rest_bench.scoring.judge import Judge
from rest_bench.scoring.mixups import Golds, JudgedPack, find_mixups, swap_columns
from rest_bench.scoring.outcomes import outcomes_of
from rest_bench.scoring.scorers import Question, ask
from rest_bench.scoring.traces import judge_traces, trace_fields

CHUNK = 256
"""Responses judged together: enough for every worker, few enough to hold in memory."""


class ReadSample(NamedTuple):
    """A sample with what was read from it, one answer per position."""

    pack: Pack
    response: Response
    answers: tuple[Answer, ...]
    extracted: tuple[Answer, ...] | None = None
    """What a second model listed; null where none read the response."""


def score_answers(pack: Pack, response: Response, answers: tuple[Answer, ...], judge: Judge) -> tuple[Score, ...]:
    """Judge the answers of one response.

    Returns:
        One score per position.

    Raises:
        ValueError: pack, response and answers do not belong together.
        ScoringError: the judge's worker processes cannot start.
    """
    (scores,) = score_many([ReadSample(pack, response, answers)], judge)
    return scores


def score_many(samples: Iterable[ReadSample], judge: Judge, golds: Golds | None = None) -> Iterator[tuple[Score, ...]]:
    """Judge the answers of many responses, in order, reading at most `CHUNK` samples ahead.

    Args:
        samples: in any order.
        judge: gives the verdicts.
        golds: of the run that the samples are from; None leaves `swap_chance` null.

    Raises:
        ValueError: pack, response and answers of a sample do not belong together.
        ScoringError: the judge's worker processes cannot start.
    """
    remaining = iter(samples)
    while chunk := list(islice(remaining, CHUNK)):
        yield from _score_chunk(chunk, judge, golds)


def _score_chunk(chunk: Sequence[ReadSample], judge: Judge, golds: Golds | None) -> Iterator[tuple[Score, ...]]:
    for sample in chunk:
        _check_identity(sample, sample.answers)
        if sample.extracted is not None:
            _check_identity(sample, sample.extracted)
    verdicts = _judge_answers(chunk, [[answer.text for answer in sample.answers] for sample in chunk], judge)
    papers = _judge_answers(chunk, [[_paper_text(answer) for answer in sample.answers] for sample in chunk], judge)
    listed = _judge_answers(chunk, [_listed_texts(sample) for sample in chunk], judge)
    judged = [JudgedPack(sample.pack, sample.answers, own) for sample, own in zip(chunk, verdicts, strict=True)]
    mixups = find_mixups(judged, judge)
    traces = judge_traces([(sample.pack, sample.answers) for sample in chunk], verdicts, judge)
    for sample, own, paper, extracted, mixed_up, trace in zip(
        chunk, judged, papers, listed, mixups, traces, strict=True
    ):
        contradicted = frozenset(place for place, found in enumerate(trace, start=1) if found.contradicted)
        outcomes = outcomes_of(
            sample.response.finish_reason, sample.answers, own.verdicts, mixed_up.matches, contradicted
        )
        columns = [
            {**swap._asdict(), **trace_fields(answer, found)}
            for swap, answer, found in zip(
                swap_columns(own, outcomes, mixed_up, golds), sample.answers, trace, strict=True
            )
        ]
        yield _make_scores(sample, outcomes, paper, extracted, columns)


def _listed_texts(sample: ReadSample) -> list[str | None]:
    """Return what a second model listed; nulls where none read the response."""
    return [None] * sample.pack.level if sample.extracted is None else [answer.text for answer in sample.extracted]


def _judge_answers(
    chunk: Sequence[ReadSample], texts: Sequence[Sequence[str | None]], judge: Judge
) -> list[list[Verdict]]:
    """Judge one reading of every sample: a text or null for each position."""
    rows = [
        [_question(problem, text) for problem, text in zip(sample.pack.problems, row, strict=True)]
        for sample, row in zip(chunk, texts, strict=True)
    ]
    return _judge_rows(rows, judge)


def _check_identity(sample: ReadSample, answers: Sequence[Answer]) -> None:
    pack, response = sample.pack, sample.response
    if (response.pack_id, response.repeat) != (pack.pack_id, pack.repeat):
        raise ValueError(
            f"response of pack {response.pack_id}, repeat {response.repeat}, "
            f"scored with pack {pack.pack_id}, repeat {pack.repeat}"
        )
    found = [(answer.pack_id, answer.repeat, answer.position, answer.problem_id) for answer in answers]
    expected = [(pack.pack_id, pack.repeat, place, problem.id) for place, problem in enumerate(pack.problems, start=1)]
    if found != expected:
        raise ValueError(f"answers {found} do not belong to the slots {expected}")


def _question(problem: Problem, text: str | None) -> Question | None:
    return None if text is None else ask(problem, text)


def _paper_text(answer: Answer) -> str | None:
    """Return the content of the paper reading's box; null for `None`, which is how it writes a missing one."""
    content = answer.paper.removeprefix("\\boxed{").removesuffix("}")
    return None if content == "None" else content


def _judge_rows(rows: Sequence[Sequence[Question | None]], judge: Judge) -> list[list[Verdict]]:
    """Judge all rows in one call, and give the verdicts back row by row; no answer is incorrect without a judge."""
    verdicts = iter(judge.judge([question for row in rows for question in row if question is not None]))
    return [["incorrect" if question is None else next(verdicts) for question in row] for row in rows]


def _make_scores(
    sample: ReadSample,
    outcomes: Sequence[Outcome],
    papers: Sequence[Verdict],
    listed: Sequence[Verdict],
    columns: Sequence[Mapping[str, Any]],
) -> tuple[Score, ...]:
    extracted = sample.extracted or (None,) * sample.pack.level
    return tuple(
        _make_score(sample, answer, outcome, paper, {**_extracted_fields(found, verdict), **further})
        for answer, outcome, paper, found, verdict, further in zip(
            sample.answers, outcomes, papers, extracted, listed, columns, strict=True
        )
    )


def _extracted_fields(answer: Answer | None, verdict: Verdict) -> Mapping[str, Any]:
    """Return what a second model's list adds to a score; it changes nothing else in it."""
    if answer is None:
        return {}
    return {
        "answer_extractor": answer.text,
        "correct_extractor": None if verdict == "ungraded" else verdict == "correct",
    }


def _make_score(sample: ReadSample, answer: Answer, outcome: Outcome, paper: Verdict, more: Mapping[str, Any]) -> Score:
    pack, response = sample.pack, sample.response
    problem = pack.problems[answer.position - 1]
    correct = outcome == "correct"
    return Score(
        task=pack.task,
        level=pack.level,
        design=pack.design,
        pack_id=pack.pack_id,
        repeat=pack.repeat,
        position=answer.position,
        problem_id=problem.id,
        gold=problem.gold,
        answer=answer.text,
        found_by=answer.found_by,
        outcome=outcome,
        correct=correct,
        correct_strict=correct and answer.strict,
        correct_paper=None if paper == "ungraded" or problem.answer_type == "code" else paper == "correct",
        answer_paper=answer.paper,
        **more,
        finish_reason=response.finish_reason,
        prompt_tokens=response.prompt_tokens,
        completion_tokens=response.completion_tokens,
        thinking_tokens=answer.thinking_tokens,
        segment_tokens=answer.segment_tokens,
        tokens_estimated=answer.tokens_estimated,
        segmentation_sure=answer.segmentation_sure,
        seed=response.seed,
    )
