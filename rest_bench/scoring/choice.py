"""Judge the letter of a multiple-choice answer, whatever it is dressed in."""

import re

from rest_bench.schema import Problem, Verdict
from rest_bench.scoring.cleanup import MAX_LENGTH, clean
from rest_bench.scoring.compare import Compare

DEFAULT_LETTERS = "ABCD"
_NOT_A_LETTER_OR_SIGN = re.compile(r"\\text\{([^{}]*)\}|[{}()\[\].:\s]")


def unreadable_gold(problem: Problem) -> str | None:
    """Return why the gold is no letter on offer, as the end of a sentence, or null."""
    offered = [option.letter for option in problem.options] or list(DEFAULT_LETTERS)
    letter = read_letter(problem.gold)
    if letter is None:
        return "is not one letter"
    return None if letter in offered else f"is {letter}, which is not among the options {', '.join(offered)}"


def judge(gold: str, answer: str, compare: Compare) -> Verdict:  # noqa: ARG001 - letters need no algebra
    r"""Judge one letter, by itself or as a raw box holds it: `\textbf{(C)}`, `(b)`, `\text{B}`."""
    letter = read_letter(gold)
    if letter is None:
        return "ungraded"
    return "correct" if read_letter(answer) == letter else "incorrect"


def read_letter(text: str) -> str | None:
    """Return the one letter that a text consists of, as a capital, or null: two letters are no answer."""
    if len(text) > MAX_LENGTH:
        return None
    letter = _NOT_A_LETTER_OR_SIGN.sub(r"\1", clean(text)).strip(" ().:")
    return letter.upper() if re.fullmatch("[A-Za-z]", letter) else None
