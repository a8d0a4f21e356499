"""Judging as a library: replies as dicts, or one answer. For notebooks, threads, pipelines and rewards in training."""

import logging
import math
import string
from collections.abc import Iterable, Iterator, Mapping
from numbers import Rational
from typing import Any

from rest_bench.errors import ConfigError
from rest_bench.replies import Reply, reply_of, without_surrogates
from rest_bench.schema import AnswerType, Option, Problem
from rest_bench.scoring import Question, shared_judge, unreadable_gold

logger = logging.getLogger(__name__)

Answer = str | int | float
_LETTERS = tuple(Option(letter=letter, text=letter) for letter in string.ascii_uppercase)
"""Choices of a question whose options nobody names."""


def grade(replies: Iterable[Mapping[str, Any] | Reply]) -> Iterator[dict[str, Any]]:
    """Read and judge replies made elsewhere, in order: a dict in, a dict out.

    A dict has the fields of a line of `rest-bench grade`: what `rest-bench packs --golds` prints, with `response` put
    in. Every dict that comes back has `id`, and lists with one entry for each position: `answers`, `correct`,
    `outcomes`, `found_by`, `paper_answers`, `paper_correct`.

    Up to 256 replies are read ahead. All calls of a process share its worker processes, which end with it; a reply
    whose judge hangs costs its own verdict only.

    Args:
        replies: dicts, in a list or from a generator.

    Raises:
        ConfigError: a reply is no such dict; the sentence names which one, and the field.
        ScoringError: the judge's worker processes cannot start.
    """
    if isinstance(replies, Mapping | str | bytes) or not isinstance(replies, Iterable):
        raise ConfigError(
            f"grade: takes a list of dicts, and this is a {type(replies).__name__}; put a dict in a list, and read a "
            "file line by line with json.loads"
        )
    return _graded(replies)


def _graded(replies: Iterable[Mapping[str, Any] | Reply]) -> Iterator[dict[str, Any]]:
    from rest_bench.pipeline import grade

    read = (_reply(reply, f"reply {number}") for number, reply in enumerate(replies, start=1))
    for graded in grade(read, shared_judge()):
        yield graded.model_dump(mode="json")


def _reply(given: Mapping[str, Any] | Reply, where: str) -> Reply:
    if isinstance(given, Reply):
        return given
    if not isinstance(given, Mapping):
        raise ConfigError(
            f"{where}: is a {type(given).__name__} and no dict; give what `rest-bench packs --golds` prints, with "
            "`response` put in"
        )
    return reply_of(given, f"{where} (id {given['id']!r:.60})" if "id" in given else where, ConfigError)


def verify(gold: Answer, answer: Answer | None, answer_type: AnswerType = "math") -> bool:
    r"""Return whether an answer is as good as a gold, by the rules of every run (docs/verdicts.md).

    It judges an answer, such as `\frac12`, and not a whole reply: `grade` finds the answers of a reply. An answer that
    needs algebra is judged in a worker process with a deadline; where that is not met, the answer counts as wrong, and
    a warning says so. All calls of a process share its worker processes, which end with it.

    Args:
        gold: what is right, as text or a number; a letter for `choice`.
        answer: what was answered; null, which is wrong, for none.
        answer_type: `integer`, `math`, `choice`, or the name of a scorer that another package adds.

    Raises:
        ConfigError: the gold cannot be read, or one of the two is neither text nor a number.
        PluginError: there is no such answer type.
        ScoringError: the judge's worker processes cannot start.
    """
    gold_text, answer_text = _text(gold, "gold"), None if answer is None else _text(answer, "answer")
    if answer_type == "code":
        raise ConfigError("verify: programs are not judged yet; give another answer_type")
    options = _LETTERS if answer_type == "choice" else ()
    problem = Problem(id="1", question="", gold=gold_text, answer_type=answer_type, options=options)
    if fault := unreadable_gold(problem):
        raise ConfigError(f"verify: the gold {gold_text!r:.80} cannot be judged as {answer_type} ({fault})")
    if answer_text is None:
        return False
    (verdict,) = shared_judge().judge([Question(answer_type, gold_text, answer_text)])
    if verdict == "ungraded":
        logger.warning("verify: %.80r cannot be judged against %.80r, and counts as wrong", answer_text, gold_text)
    return verdict == "correct"


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return str(without_surrogates(value))
    if isinstance(value, float) and math.isfinite(value):
        return repr(float(value))
    if not isinstance(value, bool) and isinstance(value, Rational):  # whole numbers of NumPy among them
        return str(value)
    raise ConfigError(f"verify: {name} must be text or a finite number, and {value!r:.80} is a {type(value).__name__}")
