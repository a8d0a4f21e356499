"""What became of each slot of a pack: verdicts -> outcomes, pure (metrics.md section 4).

`summary` is claimed only where the thinking could be divided surely: elsewhere nobody can say which question a value
in it answers, and the slot is `wrong` or `omitted`. A null answer is `omitted` where the thinking hardly reached the
question, for less than `REACHED_TOKENS`, and wherever that is not known: without visible thinking, without a count of
its tokens, or where it could not be divided.
"""

from collections.abc import Mapping, Sequence

from rest_bench.schema import REACHED_TOKENS, Answer, FinishReason, Outcome, Verdict


def outcomes_of(
    finish_reason: FinishReason | None,
    answers: Sequence[Answer],
    verdicts: Sequence[Verdict],
    matches: Mapping[int, frozenset[int]],
    contradicted: frozenset[int] = frozenset(),
) -> tuple[Outcome, ...]:
    """Return one outcome per slot, the first that applies in the order of `Outcome`.

    Args:
        finish_reason: of the response; null where it is not known.
        answers: of positions 1 to s.
        verdicts: of the same answers.
        matches: position of a wrong answer -> positions of the other slots whose gold it equals (golds equal to its
            own left out).
        contradicted: positions whose thinking stated an answer that the final text does not give.
    """
    shifted = _shifted(matches)

    def outcome_of(answer: Answer, verdict: Verdict) -> Outcome:
        if finish_reason == "error":
            return "error"
        if verdict != "incorrect":
            return verdict
        if strict_text(answer) is None:
            outcome: Outcome = _null_outcome(finish_reason, answer)
        elif answer.position in shifted:
            outcome = "shifted"
        else:
            outcome = "swapped" if matches.get(answer.position) else "wrong"
        is_summary = outcome == "wrong" and finish_reason in ("stop", None) and answer.position in contradicted
        return "summary" if is_summary else outcome

    return tuple(outcome_of(answer, verdict) for answer, verdict in zip(answers, verdicts, strict=True))


def strict_text(answer: Answer) -> str | None:
    """Return the answer where it stood in the required format, else null."""
    return answer.text if answer.strict else None


def _null_outcome(finish_reason: FinishReason | None, answer: Answer) -> Outcome:
    was_cut = finish_reason == "length"
    if finish_reason is None:  # no reply ends its own endless repetition, or by its own will before its first answer
        was_cut = answer.looped or answer.unfinished
    if finish_reason == "repetition" or (was_cut and answer.looped):
        return "repetition"
    if was_cut:
        return "truncated"
    if answer.text is not None:
        return "format"
    return "wrong" if answer.segmentation_sure and (answer.segment_tokens or 0) >= REACHED_TOKENS else "omitted"


def _shifted(matches: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Return the positions inside a run of neighbours that equal the gold at the same distance: one alone is a swap."""
    off_by = {(position, other - position) for position, others in matches.items() for other in others}
    return frozenset(
        position for position, distance in off_by if {(position - 1, distance), (position + 1, distance)} & off_by
    )
