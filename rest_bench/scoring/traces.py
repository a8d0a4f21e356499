"""What the thinking about each question had found, whatever the final text says (metrics.md 4, 6.4, 7.1)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rest_bench.schema import Answer, Candidate, Pack, Problem, Verdict
from rest_bench.scoring.judge import Judge
from rest_bench.scoring.scorers import Question, ask


class Trace(NamedTuple):
    """The judgement of the thinking about one question."""

    first_correct_tokens: int | None = None
    """Up to the end of the first statement of a right answer; null where none is right, or none counted."""
    answer_trace: str | None = None
    """The last answer stated; null where none is."""
    correct_trace: bool | None = None
    """Null without one, or where it could not be judged."""
    contradicted: bool = False
    """The final text says something else than the last answer stated, or nothing."""


NO_TRACE = Trace()

_Read = tuple[Pack, Sequence[Answer]]
_Slot = tuple[int, int]
"""Number of a response, position - 1."""
_Slots = Mapping[_Slot, tuple[Problem, Answer]]
"""Those whose thinking states anything."""


def judge_traces(
    responses: Sequence[_Read], verdicts: Sequence[Sequence[Verdict]], judge: Judge
) -> list[tuple[Trace, ...]]:
    """Judge what the thinking of many responses states, slot by slot.

    The statements about a question are judged in order, up to the first right one, and the last one.

    Args:
        responses: packs with the answers read from their responses.
        verdicts: on those answers.
        judge: asked for all responses together, so that its workers stay busy.
    """
    slots = {
        (number, place): (problem, answer)
        for number, (pack, answers) in enumerate(responses)
        for place, (problem, answer) in enumerate(zip(pack.problems, answers, strict=True))
        if answer.candidates
    }
    last = _judge_last(slots, judge)
    first = _find_first_right(slots, judge)
    own = {slot: pair for slot, pair in slots.items() if not _is_anothers(pair[1], responses[slot[0]][1])}
    contradicted = _find_contradicted(own, verdicts, judge)
    return [
        tuple(
            _trace(answer, first.get(slot), last.get(slot), slot in contradicted)
            for slot, answer in (((number, place), answer) for place, answer in enumerate(answers))
        )
        for number, (_, answers) in enumerate(responses)
    ]


def trace_fields(answer: Answer, trace: Trace) -> dict[str, Any]:
    """Return what the thinking about a question adds to its score."""
    return {
        "first_correct_tokens": trace.first_correct_tokens,
        "answer_trace": trace.answer_trace,
        "correct_trace": trace.correct_trace,
        "markers": answer.markers,
        "switches": answer.switches,
        "distinct_tokens": answer.distinct_tokens,
        "looped": answer.looped,
        "unfinished": answer.unfinished,
        "loop_onset_tokens": answer.loop_onset_tokens,
    }


def _trace(answer: Answer, first: Candidate | None, last: Verdict | None, contradicted: bool) -> Trace:
    if last is None:
        return NO_TRACE
    return Trace(
        first_correct_tokens=None if first is None else first.tokens,
        answer_trace=answer.candidates[-1].text,
        correct_trace=None if last == "ungraded" else last == "correct",
        contradicted=contradicted,
    )


def _judge_last(slots: _Slots, judge: Judge) -> dict[_Slot, Verdict]:
    return _judge(
        {slot: _question(problem, answer.candidates[-1].text) for slot, (problem, answer) in slots.items()}, judge
    )


def _find_first_right(slots: _Slots, judge: Judge) -> dict[_Slot, Candidate]:
    """Return the first right statement of each slot that has one: the k-th ones of all slots are asked together."""
    found: dict[_Slot, Candidate] = {}
    for k in range(max((len(answer.candidates) for _, answer in slots.values()), default=0)):
        asked = {
            slot: _question(problem, answer.candidates[k].text)
            for slot, (problem, answer) in slots.items()
            if slot not in found and k < len(answer.candidates)
        }
        found |= {
            slot: slots[slot][1].candidates[k] for slot, verdict in _judge(asked, judge).items() if verdict == "correct"
        }
    return found


def _find_contradicted(slots: _Slots, verdicts: Sequence[Sequence[Verdict]], judge: Judge) -> frozenset[_Slot]:
    """Return the slots without a right answer whose final text does not say what the thinking stated last.

    Where a judge cannot compare the two, nothing is claimed.
    """
    wrong = {(number, place): pair for (number, place), pair in slots.items() if verdicts[number][place] == "incorrect"}
    silent = {slot for slot, (_, answer) in wrong.items() if answer.text is None}
    agreed = _judge(
        {
            slot: ask(problem, answer.text)._replace(gold=answer.candidates[-1].text)
            for slot, (problem, answer) in wrong.items()
            if answer.text is not None
        },
        judge,
    )
    return frozenset(silent | {slot for slot, verdict in agreed.items() if verdict == "incorrect"})


def _is_anothers(answer: Answer, answers: Sequence[Answer]) -> bool:
    """Return whether the last statement may belong to another question, whose thinking was taken for that of this one.

    The reply gives its value as the answer to another question, one that seems to have no thinking of its own.
    """
    last = answer.candidates[-1].text
    return any(other.text == last and not other.segment_tokens for other in answers if other is not answer)


def _question(problem: Problem, text: str) -> Question:
    return ask(problem, text)


def _judge(questions: Mapping[_Slot, Question], judge: Judge) -> dict[_Slot, Verdict]:
    verdicts = judge.judge(list(questions.values()))
    return dict(zip(questions, verdicts, strict=True))
