"""Why a number is not defined: the sentences that several families of metrics say."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

NO_SINGLE = "level 1 is missing"
ALONE = "level 1 is compared with itself"
NOT_DIVIDED = "no thinking could be divided among its questions and counted"
NO_CANDIDATES = "no thinking states an answer"


def against_single(scores: "pandas.DataFrame", single: "pandas.DataFrame | None") -> str:
    """Return why a level cannot be compared with level 1; empty where it can.

    Args:
        scores: the slots of a level.
        single: those of level 1, the same object where this is level 1, or None.
    """
    return NO_SINGLE if single is None else ALONE if single is scores else ""
