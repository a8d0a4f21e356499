"""The slots of one level as arrays: a row for each response, a column for each position."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy

from rest_bench.schema import DesignName

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Conditions:
    """What of a run's configuration the metrics of a task depend on."""

    design: DesignName
    max_tokens: int
    """Output budget of one sample in tokens, thinking included."""
    max_context_tokens: int | None = None
    """What the model holds, prompt and reply together; null where it is not known to be limited."""
    chance: float = 0.0
    """Accuracy of a guess: for multiple choice one over the number of options."""
    seed: int = 0
    """Of everything that is drawn."""


class Responses(NamedTuple):
    """The slots of one level, response by response, in the order of their pack ids."""

    question: numpy.ndarray
    """(responses, level), int: which question stands there; a place in `names`."""
    right: numpy.ndarray
    """(responses, level), bool."""
    row: numpy.ndarray
    """(responses, level), int: the slot's row in the table."""
    names: "pandas.Index"
    """The problem ids, ascending."""

    @property
    def first_row(self) -> numpy.ndarray:
        """Row in the table of each response's first slot, which holds what belongs to the whole response."""
        first: numpy.ndarray = self.row[:, 0]
        return first

    @property
    def hold_each_question_once(self) -> bool:
        """No response asks a question twice."""
        ordered = numpy.sort(self.question, axis=1)
        return not (ordered[:, 1:] == ordered[:, :-1]).any()

    @property
    def prompt(self) -> numpy.ndarray:
        """Number of each response's prompt: equal for the same questions in the same order."""
        return number_rows(self.question)


def as_responses(scores: "pandas.DataFrame") -> Responses | None:
    """Return the slots of a level as arrays, or None where a response lacks slots.

    Args:
        scores: at least one slot, all of one level, in any order.
    """
    import pandas

    pack, _ = pandas.factorize(scores["pack_id"], sort=True)
    position = scores["position"].to_numpy()
    level, n_packs = int(scores["level"].iloc[0]), int(pack.max()) + 1
    order = numpy.lexsort((position, pack))
    if len(scores) != n_packs * level or (position[order].reshape(-1, level) != numpy.arange(1, level + 1)).any():
        return None
    question, names = factorize(scores["problem_id"])
    row = order.reshape(n_packs, level)
    return Responses(question[row], scores["correct"].to_numpy(dtype=bool)[row], row, names)


def factorize(values: "pandas.Series") -> "tuple[numpy.ndarray, pandas.Index]":
    """Return the place of each value among the distinct ones, and these, ascending."""
    import pandas

    codes, names = pandas.factorize(values, sort=True)
    return codes, pandas.Index(names)


def number_rows(table: numpy.ndarray) -> numpy.ndarray:
    """Return a number for each row of whole numbers, from 0 on: the same for equal rows."""
    number = numpy.zeros(len(table), dtype=numpy.int64)
    for column in table.T:
        _, place = numpy.unique(column, return_inverse=True)
        _, number = numpy.unique(number * (int(place.max()) + 1) + place, return_inverse=True)
    return number


def sums_by_question(numbers: numpy.ndarray, question: numpy.ndarray, n_questions: int) -> numpy.ndarray:
    """Return the sum of the numbers at each question, 0 where there is none."""
    sums: numpy.ndarray = numpy.bincount(question.ravel(), weights=numbers.ravel(), minlength=n_questions)
    return sums


def as_floats(values: "pandas.Series") -> numpy.ndarray:
    """Return numbers of any kind as floats, NaN where there is none."""
    import pandas

    floats: numpy.ndarray = pandas.to_numeric(values).to_numpy(dtype=float, na_value=numpy.nan)
    return floats
