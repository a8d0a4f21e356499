"""What the statistics are given, as arrays: numbers that are all there, and labels as codes."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy
    import numpy.typing

Numbers: TypeAlias = "numpy.typing.NDArray[numpy.float64]"
Codes: TypeAlias = "numpy.typing.NDArray[numpy.int64]"


def as_numbers(values: "numpy.typing.ArrayLike") -> Numbers:
    """Return the values as an array of floats.

    Args:
        values: numbers of any shape: a list, an array, a column of a table.

    Raises:
        ValueError: one of them is NaN. An answer that was not given is wrong, 0, and never missing.
    """
    import numpy

    numbers = numpy.asarray(values, dtype=numpy.float64)
    if numpy.isnan(numbers).any():
        raise ValueError(f"{int(numpy.isnan(numbers).sum())} of {numbers.size} values are NaN")
    return numbers


def as_codes(labels: "numpy.typing.ArrayLike", *, ascending: bool = False) -> tuple[Codes, int]:
    """Return the labels numbered from 0 in their order of appearance, and how many different ones there are.

    Args:
        labels: names or numbers, one per slot.
        ascending: numbered by size rather than appearance.

    Raises:
        ValueError: a label is missing.
    """
    import numpy
    import pandas

    codes, names = pandas.factorize(pandas.Series(labels), sort=ascending)
    if (codes < 0).any():
        raise ValueError(f"{int((codes < 0).sum())} of {len(codes)} labels are missing")
    return codes.astype(numpy.int64), len(names)


def crossed(first: Codes, second: Codes) -> tuple[Codes, int]:
    """Return one label per pair of labels, numbered as in `as_codes`.

    Args:
        first: codes of each slot.
        second: further codes of each slot, from 0.
    """
    width = int(second.max()) + 1 if len(second) else 1
    return as_codes(first * width + second)


def same_length(*arrays: "Numbers | Codes") -> None:
    """Refuse arrays of different lengths.

    Raises:
        ValueError: their lengths differ.
    """
    if len({len(array) for array in arrays}) > 1:
        raise ValueError(f"lengths differ: {', '.join(str(len(array)) for array in arrays)}")
