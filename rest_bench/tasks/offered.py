"""The options that a row offers, from several columns or from one that holds them as a list."""

import json
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rest_bench.errors import TaskError
from rest_bench.tasks.cells import as_text, is_blank, read_cell
from rest_bench.tasks.rows import Row
from rest_bench.tasks.taskfile import Fields

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDTHS = frozenset({"<wide>", "<narrow>", "<noBreak>", "<compat>"})


class Offered(NamedTuple):
    """The options of a row as its data have them."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    """A, B, C and so on where the data have none of their own."""
    places: tuple[str, ...]
    """Where each stands, for messages."""


def read_offered(row: Row, fields: Fields) -> Offered:
    """Return the options that a row offers.

    Raises:
        TaskError: there are fewer than two or more than 26, or one is empty or no text.
    """
    columns = fields.options
    named = _of_columns(row, columns) if isinstance(columns, tuple) else _of_list(row, columns)
    labels, values, places = zip(*named, strict=True) if named else ((), (), ())
    if not 2 <= len(values) <= len(LETTERS):
        raise TaskError(f"{row.where}: has {len(values)} options; a choice has 2 to {len(LETTERS)}")
    texts = []
    for value, place in zip(values, places, strict=True):
        if is_blank(value):
            raise TaskError(f"{row.where}: {place} is empty")
        texts.append(as_text(value, f"{row.where}: {place}"))
    if any(label is None for label in labels):
        labels = tuple(LETTERS[: len(texts)])
    known = [as_text(label, f"{row.where}: a label") for label in labels]
    if len({bare(label) for label in known}) < len(known):
        raise TaskError(f"{row.where}: two options have one label ({', '.join(known)})")
    return Offered(tuple(texts), tuple(known), tuple(places))


_Named = list[tuple[object, object, str]]
"""Label (null where there is none), value and place of each option."""


def _of_columns(row: Row, columns: Sequence[str | int]) -> _Named:
    """Return the cells of several columns; those at the end may be empty, as questions have more options or fewer."""
    cells = [None if is_blank(row.cells.get(column, "missing")) else read_cell(row, column) for column in columns]
    while cells and is_blank(cells[-1]):
        cells.pop()
    return [(None, cell, f"column {column!r}") for cell, column in zip(cells, columns, strict=False)]


def _of_list(row: Row, column: str | int | None) -> _Named:
    """Return the entries of one column that holds all options."""
    listed = read_cell(row, column)
    if isinstance(listed, str):
        try:
            listed = json.loads(listed)
        except (ValueError, RecursionError) as error:
            raise TaskError(
                f"{row.where}: the options in column {column!r} are not valid JSON ({error}); a list column in "
                'text is written ["...", "..."]'
            ) from error
    pairs = next((pairs for form in LIST_FORMS if (pairs := form(listed)) is not None), None)
    if pairs is None:
        raise TaskError(f"{row.where}: column {column!r} holds no list of options; docs/tasks.md shows the forms")
    return [(label, value, f"option {number} in column {column!r}") for number, (label, value) in enumerate(pairs, 1)]


_Pairs = list[tuple[object, object]] | None


def _texts_beside_labels(listed: object) -> _Pairs:
    if not isinstance(listed, dict) or set(listed) != {"text", "label"}:
        return None
    texts, labels = listed["text"], listed["label"]
    if not (isinstance(texts, list) and isinstance(labels, list) and len(texts) == len(labels)):
        return None
    return list(zip(labels, texts, strict=True))


def _labels_to_texts(listed: object) -> _Pairs:
    if not isinstance(listed, dict):
        return None
    pairs: list[tuple[object, object]] = list(listed.items())
    while pairs and pairs[-1][1] is None:  # a struct column has every key in every row
        pairs.pop()
    return pairs


def _labelled_objects(listed: object) -> _Pairs:
    if not (isinstance(listed, list) and listed and all(isinstance(each, dict) for each in listed)):
        return None
    for label, text in (("label", "text"), ("key", "value")):
        if all(set(each) == {label, text} for each in listed):
            return [(each[label], each[text]) for each in listed]
    return None


def _plain_list(listed: object) -> _Pairs:
    return [(None, each) for each in listed] if isinstance(listed, list) else None


LIST_FORMS: tuple[Callable[[object], _Pairs], ...] = (
    _texts_beside_labels,
    _labels_to_texts,
    _labelled_objects,
    _plain_list,
)
"""The forms of a column that holds all options, each giving labels and texts, or null where it is another form."""


def refuse_twin(row: Row, offered: Offered, right: int) -> None:
    """Raise TaskError where a wrong option reads like the right one.

    Two wrong ones may: whoever names either is wrong.
    """
    for index, text in enumerate(offered.texts):
        if index != right and plain(text) == plain(offered.texts[right]):
            first, second = sorted((right, index))
            raise TaskError(
                f"{row.where}: {offered.places[first]} and {offered.places[second]} offer the same "
                f"({text.strip()!r:.80}), and one of them is right; mend the row, or name its id under `leave_out`"
            )


def plain(text: str) -> str:
    """Return a text without what cannot be seen: widths, kinds of blanks; 10² stays another than 102."""
    folded = (unicodedata.normalize("NFKC", sign) if _is_width(sign) else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", "".join(folded)).split())


def _is_width(sign: str) -> bool:
    return unicodedata.decomposition(sign).partition(" ")[0] in _WIDTHS


def bare(text: str) -> str:
    """Return a label or a letter without what may stand around it: `(b).` is b."""
    return plain(text).strip("()[].: ").casefold()
