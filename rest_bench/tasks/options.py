"""Options of a row -> lettered options in the order shown, with the letter of the right one."""

import hashlib
import json
import re
from collections.abc import Sequence

from rest_bench.errors import TaskError
from rest_bench.schema import Option
from rest_bench.tasks.answers import decide, read_answer
from rest_bench.tasks.cells import read_text
from rest_bench.tasks.offered import LETTERS, Offered, read_offered, refuse_twin
from rest_bench.tasks.rows import Row
from rest_bench.tasks.taskfile import AnswerIs, Fields, TaskFile


class OptionReader:
    """Reads the options of all rows by one rule, so that no two rows are read differently."""

    def __init__(self, rows: Sequence[Row], fields: Fields, task_file: TaskFile) -> None:
        """Decide what the answers are.

        Raises:
            TaskError: the options of a row are wrong, or what the answers are is in doubt.
        """
        self._fields = fields
        self._order = task_file.option_order or ("as_given" if fields.options else "protocol")
        self._seed = task_file.option_seed or 0
        self._answer_is: AnswerIs = fields.answer_is or (decide(rows, fields) if fields.options else "text")

    def read(self, row: Row, number: int, problem_id: str) -> tuple[tuple[Option, ...], str]:
        """Return the options of a row in the order shown, and the letter of the right one.

        Args:
            row: one of the rows.
            number: of the row, from 1.
            problem_id: of its problem.

        Raises:
            TaskError: a wrong option equals the right one, or the answer names none.
        """
        if self._fields.options:
            offered = read_offered(row, self._fields)
            right = read_answer(row, self._fields, offered, self._answer_is)
        else:
            offered, right = _read_right_and_wrong(row, self._fields), 0
        refuse_twin(row, offered, right)
        if self._order == "as_given":
            order = list(range(len(offered.texts)))
        else:
            _refuse_lettered(row, offered)
            order = self._turn(len(offered.texts), right, number, problem_id)
        options = tuple(
            Option(letter=letter, text=offered.texts[index]) for letter, index in zip(LETTERS, order, strict=False)
        )
        return options, LETTERS[order.index(right)]

    def _turn(self, n_options: int, right: int, number: int, problem_id: str) -> list[int]:
        """Return the order of the options: the right one first, then turned or shuffled."""
        indices = [right, *(index for index in range(n_options) if index != right)]
        if self._order == "shuffled":
            places = sorted(range(n_options), key=lambda place: _digest(self._seed, problem_id, place))
        else:
            places = [(place + number) % n_options for place in range(n_options)]
        return [indices[place] for place in places]


def option_order(fields: Fields, task_file: TaskFile) -> str:
    """Return the rule that orders the options, for people."""
    if task_file.option_order == "shuffled":
        return f"shuffled, seed {task_file.option_seed or 0}"
    return (task_file.option_order or ("as_given" if fields.options else "protocol")).replace("_", " ")


def _read_right_and_wrong(row: Row, fields: Fields) -> Offered:
    columns = (fields.answer, *fields.wrong)
    texts = tuple(read_text(row, column) for column in columns)
    places = tuple(f"column {column!r}" for column in columns)
    if fields.answer_is is None:
        _refuse_letter_among_texts(row, texts, fields.wrong)
    return Offered(texts, tuple(LETTERS[: len(texts)]), places)


# --- what is refused --------------------------------------------------------------------------------------------------

_LONE_LETTER = re.compile(r"[(\[]?([A-Za-z])[)\].:]?")
_LONE_NUMBER = re.compile(r"[(\[]?\d{1,2}[)\].:]?")
_NUMBER_LIKE = re.compile(r"\W*\d")
_LETTERED = re.compile(r"\s*[(\[]?([A-Z])[)\].:]\s")


def _refuse_letter_among_texts(row: Row, texts: Sequence[str], columns: Sequence[str | int]) -> None:
    """Raise where the right option looks like the name of an option and not like one."""
    answer, *wrong = (text.strip() for text in texts)
    letter = _LONE_LETTER.fullmatch(answer)
    is_offered = letter is not None and letter[1].upper() in LETTERS[: len(texts)]
    if letter and (letter[1] in columns or (is_offered and not any(map(_LONE_LETTER.fullmatch, wrong)))):
        kind = "letter"
    elif _LONE_NUMBER.fullmatch(answer) and not any(map(_NUMBER_LIKE.match, wrong)):
        kind = "number"
    else:
        return
    raise TaskError(
        f"{row.where}: the answer {answer!r} is a lone {kind} among texts; where it names an option, list all of them "
        "under `options` instead of `wrong`; where it is the option's text, say `answer_is: text`"
    )


def _refuse_lettered(row: Row, offered: Offered) -> None:
    """Raise where options that are about to be moved begin with letters of their own."""
    letters = [match[1] for text in offered.texts if (match := _LETTERED.match(text))]
    if "".join(sorted(letters)) == LETTERS[: len(offered.texts)]:
        raise TaskError(
            f"{row.where}: every option begins with a letter of its own ({offered.texts[0].strip()!r:.40}), which "
            "would contradict the letters shown; take them out, or list all options under `options` with "
            "`option_order: as_given`"
        )


def _digest(*parts: object) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode()).digest()
