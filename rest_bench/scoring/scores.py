"""Step 6 of 9: Answers -> Scores, one per slot, a chunk of responses at a time so that the workers stay busy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from rest_bench.schema import Answer, Outcome, Pack, Problem, Response, Score, Verdict
from rest_bench.scoring.judge import Judge
from rest_bench.scoring.outcomes import outcomes_of, strict_text
from rest_bench.scoring.scorers import Question
from rest_bench.scoring.traces import Trace, judge_traces, trace_fields

CHUNK = 256
"""Responses judged together: enough for every worker, few enough to hold in memory."""
OPEN_ANSWER_TYPES = ("integer", "math")
"""Only these show mixed-up questions by an equal gold; four letters are equal by chance (metrics.md 5.7)."""


class ReadSample(NamedTuple):
    """A sample with what was read from it, one answer per position."""

    pack: Pack
    response: Response
    answers: tuple[Answer, ...]
    extracted: tuple[Answer, ...] | None = None
    """What a second model listed; null where none read the response."""


Matches = dict[int, frozenset[int]]
"""Position of a wrong answer -> the other positions whose gold it equals."""


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


def score_many(samples: Iterable[ReadSample], judge: Judge) -> Iterator[tuple[Score, ...]]:
    """Judge the answers of many responses, in order, reading at most `CHUNK` samples ahead.

    Raises:
        ValueError: pack, response and answers of a sample do not belong together.
        ScoringError: the judge's worker processes cannot start.
    """
    remaining = iter(samples)
    while chunk := list(islice(remaining, CHUNK)):
        yield from _score_chunk(chunk, judge)


def _score_chunk(chunk: Sequence[ReadSample], judge: Judge) -> Iterator[tuple[Score, ...]]:
    for sample in chunk:
        _check_identity(sample, sample.answers)
        if sample.extracted is not None:
            _check_identity(sample, sample.extracted)
    verdicts = _judge_answers(chunk, [[answer.text for answer in sample.answers] for sample in chunk], judge)
    papers = _judge_answers(chunk, [[_paper_text(answer) for answer in sample.answers] for sample in chunk], judge)
    listed = _judge_answers(chunk, [_listed_texts(sample) for sample in chunk], judge)
    matches = _find_matches(chunk, verdicts, judge)
    traces = judge_traces([(sample.pack, sample.answers) for sample in chunk], verdicts, judge)
    for sample, own, paper, extracted, matched, trace in zip(
        chunk, verdicts, papers, listed, matches, traces, strict=True
    ):
        yield _make_scores(sample, own, paper, extracted, matched, trace)


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
    return None if text is None else Question(problem.answer_type, problem.gold, text)


def _paper_text(answer: Answer) -> str | None:
    """Return the content of the paper reading's box; null for `None`, which is how it writes a missing one."""
    content = answer.paper.removeprefix("\\boxed{").removesuffix("}")
    return None if content == "None" else content


def _judge_rows(rows: Sequence[Sequence[Question | None]], judge: Judge) -> list[list[Verdict]]:
    """Judge all rows in one call, and give the verdicts back row by row; no answer is incorrect without a judge."""
    verdicts = iter(judge.judge([question for row in rows for question in row if question is not None]))
    return [["incorrect" if question is None else next(verdicts) for question in row] for row in rows]


def _find_matches(chunk: Sequence[ReadSample], verdicts: Sequence[Sequence[Verdict]], judge: Judge) -> list[Matches]:
    """Find the wrong answers that equal the gold of another slot, and not for the reason that both golds are equal."""
    pairs = [_mixed_up_pairs(sample, own) for sample, own in zip(chunk, verdicts, strict=True)]
    equal = _judge_rows(
        [
            [_question(sample.pack.problems[other - 1], sample.answers[place - 1].text) for place, other in row]
            for sample, row in zip(chunk, pairs, strict=True)
        ],
        judge,
    )
    pairs = [
        [pair for pair, verdict in zip(row, said, strict=True) if verdict == "correct"]
        for row, said in zip(pairs, equal, strict=True)
    ]
    same_gold = _judge_rows(
        [
            [_question(sample.pack.problems[place - 1], sample.pack.problems[other - 1].gold) for place, other in row]
            for sample, row in zip(chunk, pairs, strict=True)
        ],
        judge,
    )
    return [
        _group([pair for pair, verdict in zip(row, said, strict=True) if verdict != "correct"])
        for row, said in zip(pairs, same_gold, strict=True)
    ]


def _mixed_up_pairs(sample: ReadSample, verdicts: Sequence[Verdict]) -> list[tuple[int, int]]:
    """Return (position of a wrong answer, position of another slot) for every pair worth a question."""
    open_slots = [
        place for place, problem in enumerate(sample.pack.problems, start=1) if problem.answer_type in OPEN_ANSWER_TYPES
    ]
    wrong = [
        place
        for place in open_slots
        if verdicts[place - 1] == "incorrect" and strict_text(sample.answers[place - 1]) is not None
    ]
    return [(place, other) for place in wrong for other in open_slots if other != place]


def _group(pairs: Sequence[tuple[int, int]]) -> Matches:
    return {place: frozenset(other for first, other in pairs if first == place) for place, _ in pairs}


def _make_scores(
    sample: ReadSample,
    verdicts: Sequence[Verdict],
    papers: Sequence[Verdict],
    listed: Sequence[Verdict],
    matches: Matches,
    traces: Sequence[Trace],
) -> tuple[Score, ...]:
    contradicted = frozenset(place for place, trace in enumerate(traces, start=1) if trace.contradicted)
    outcomes = outcomes_of(sample.response.finish_reason, sample.answers, verdicts, matches, contradicted)
    extracted = sample.extracted or (None,) * sample.pack.level
    return tuple(
        _make_score(
            sample, answer, outcome, paper, {**_extracted_fields(found, verdict), **trace_fields(answer, trace)}
        )
        for answer, outcome, paper, found, verdict, trace in zip(
            sample.answers, outcomes, papers, extracted, listed, traces, strict=True
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
