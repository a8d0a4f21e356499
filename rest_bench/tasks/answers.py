"""Which option an answer names: by its text, its letter, or a count. One rule for all rows of a task."""

import re
from collections.abc import Callable, Sequence

from rest_bench.errors import TaskError
from rest_bench.tasks.cells import read_text
from rest_bench.tasks.offered import Offered, bare, plain, read_offered
from rest_bench.tasks.rows import Row
from rest_bench.tasks.taskfile import AnswerIs, Fields


def _by_text(answer: str, offered: Offered) -> int | None:
    matches = _with_text(answer, offered)
    return matches[0] if len(matches) == 1 else None


def _with_text(answer: str, offered: Offered) -> list[int]:
    return [index for index, text in enumerate(offered.texts) if plain(text) == plain(answer)]


def _by_letter(answer: str, offered: Offered) -> int | None:
    labels = [bare(label) for label in offered.labels]
    return labels.index(bare(answer)) if bare(answer) in labels else None


def _by_index(answer: str, offered: Offered) -> int | None:
    whole = re.fullmatch(r"([0-9]{1,3})(?:\.0)?", answer.strip())
    return int(whole[1]) if whole and int(whole[1]) < len(offered.texts) else None


def _by_number(answer: str, offered: Offered) -> int | None:
    whole = re.fullmatch(r"([0-9]{1,3})(?:\.0)?", answer.strip())
    return int(whole[1]) - 1 if whole and 1 <= int(whole[1]) <= len(offered.texts) else None


READINGS: dict[AnswerIs, Callable[[str, Offered], int | None]] = {
    "text": _by_text,
    "letter": _by_letter,
    "index": _by_index,
    "number": _by_number,
}
"""From the answer to the place of the option that it names, counted from 0; null where it names none."""


def read_answer(row: Row, fields: Fields, offered: Offered, answer_is: AnswerIs) -> int:
    """Return the place of the option that a row's answer names, counted from 0.

    Raises:
        TaskError: it names none.
    """
    answer = read_text(row, fields.answer)
    right = READINGS[answer_is](answer, offered)
    if right is None:
        raise TaskError(f"{row.where}: the answer {answer.strip()!r:.80} {_names_none(answer, offered, answer_is)}")
    return right


def _names_none(answer: str, offered: Offered, answer_is: AnswerIs) -> str:
    n_options, n_alike = len(offered.texts), len(_with_text(answer, offered))
    if answer_is == "text" and n_alike:
        return f"is the text of {n_alike} options; mend the row, or name its id under `leave_out`"
    why = {
        "text": f"is the text of none of the {n_options} options",
        "letter": f"is none of the letters {', '.join(offered.labels)[:80]}",
        "index": f"is no index of {n_options} options, which count from 0; `answer_is: number` counts from 1",
        "number": f"is no number of {n_options} options, which count from 1; `answer_is: index` counts from 0",
    }[answer_is]
    if answer_is in {"text", "letter"} and (
        _by_index(answer, offered) is not None or _by_number(answer, offered) is not None
    ):
        why += "; if it counts them, say `answer_is: index` (from 0) or `answer_is: number` (from 1)"
    return why


def decide(rows: Sequence[Row], fields: Fields) -> AnswerIs:
    """Return whether the answers are texts or letters; a count is never guessed, as nothing tells 0 from 1.

    All rows are looked at, and one reading must fit them all. Where both do, they must agree.
    """
    candidates: tuple[AnswerIs, ...] = ("text", "letter")
    n_missed = dict.fromkeys(candidates, 0)
    doubts: list[str] = []
    for row in rows:
        offered, answer = read_offered(row, fields), read_text(row, fields.answer)
        found = [READINGS[candidate](answer, offered) for candidate in candidates]
        for candidate, index in zip(candidates, found, strict=True):
            n_missed[candidate] += index is None
        if None not in found and len(set(found)) > 1:
            doubts.append(
                f"{row.where}: the answer {answer.strip()!r:.80} is the text of one option, the letter of another"
            )
    if doubts and not any(n_missed.values()):
        raise TaskError(f"{doubts[0]}; say which with `answer_is: text` or `answer_is: letter`")
    return min(candidates, key=n_missed.__getitem__)
