"""What became of each slot of a pack: verdicts -> outcomes, pure (metrics.md section 4).

Not told apart yet: `summary`, a right value in the thinking and a wrong one in the final text. It needs the thinking
attributed to questions; until then such a slot is `wrong` or `omitted`.
"""

from collections.abc import Mapping, Sequence

from rest_bench.schema import Answer, FinishReason, Outcome, Verdict

MIN_SHIFTED = 2
"""Neighbouring slots that must be off by the same distance before it is called a shift: one alone is a swap."""


def outcomes_of(
    finish_reason: FinishReason,
    answers: Sequence[Answer],
    verdicts: Sequence[Verdict],
    matches: Mapping[int, frozenset[int]],
) -> tuple[Outcome, ...]:
    """Return one outcome per slot, the first that applies in the order of `Outcome`.

    Args:
        finish_reason: of the response.
        answers: of positions 1 to s.
        verdicts: of the same answers.
        matches: position of a wrong answer -> positions of the other slots whose gold it equals (golds equal to its
            own left out).
    """
    shifted = _shifted(matches)

    def outcome(answer: Answer, verdict: Verdict) -> Outcome:
        if finish_reason == "error":
            return "error"
        if verdict != "incorrect":
            return verdict
        if strict_text(answer) is None:
            return _null_outcome(finish_reason, answer)
        if answer.position in shifted:
            return "shifted"
        return "swapped" if matches.get(answer.position) else "wrong"

    return tuple(outcome(answer, verdict) for answer, verdict in zip(answers, verdicts, strict=True))


def strict_text(answer: Answer) -> str | None:
    """Return the answer where it stood in the required format, else null."""
    return answer.text if answer.strict else None


def _null_outcome(finish_reason: FinishReason, answer: Answer) -> Outcome:
    if finish_reason == "repetition" or (finish_reason == "length" and answer.looped):
        return "repetition"
    if finish_reason == "length":
        return "truncated"
    return "omitted" if answer.text is None else "format"


def _shifted(matches: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Return the positions inside a run of neighbours that all equal the gold at the same distance."""
    off_by = {(position, other - position) for position, others in matches.items() for other in others}
    return frozenset(
        position for position, distance in off_by if {(position - 1, distance), (position + 1, distance)} & off_by
    )
