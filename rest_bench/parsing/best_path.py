"""The best way through a table of scores where changing the column costs something (Viterbi; metrics.md 7.12)."""

from collections.abc import Sequence
from typing import NamedTuple

_Row = Sequence[float]
_NOWHERE = float("-inf")


class Costs(NamedTuple):
    """What a change of state costs; staying is free."""

    onward: float
    """To the next state."""
    jump: float
    """To a later state than the next."""
    back: float
    """To an earlier state."""
    unannounced: float = 0.0
    """Added to a change into a state whose score is 0 or less where it begins, falling to nothing at a score of 1:
    rows without any evidence stay where they are until a row says otherwise."""


class BestPath(NamedTuple):
    """The path of the highest total."""

    states: tuple[int, ...]
    """One per row."""
    total: float
    """The scores on the path minus its costs."""
    margins: tuple[float, ...]
    """For each row, by how much the total exceeds that of the best path with another state there; 0 for a tie."""


def best_path(scores: Sequence[_Row], costs: Costs) -> BestPath:
    """Find the path of the highest total through the rows, one state for each.

    Time and memory grow with rows times states: a change costs the same to every state in the same direction, so the
    best one to change from is a running maximum. Among equal totals the path that stays, else the lower state, wins.

    Args:
        scores: One row per paragraph, at least one; each with the scores of the same states, at least one.
        costs: Of changing the state.
    """
    entries = [[_entry(score, costs) for score in row] for row in scores]
    ahead = _ahead(scores, entries, costs)
    states = _walk(scores, entries, ahead, costs)
    behind = _behind(scores, entries, costs)
    margins = []
    for state, before, after in zip(states, behind, ahead, strict=True):
        totals = [one + other for one, other in zip(before, after, strict=True)]
        rival = max(totals[:state] + totals[state + 1 :], default=_NOWHERE)
        margins.append(max(totals[state] - rival, 0.0))
    return BestPath(tuple(states), behind[-1][states[-1]], tuple(margins))


def _entry(score: float, costs: Costs) -> float:
    if score <= 0.0:
        return costs.unannounced
    return costs.unannounced * (1.0 - score) if score < 1.0 else 0.0


def _behind(scores: Sequence[_Row], entries: Sequence[_Row], costs: Costs) -> list[_Row]:
    """Return for each row and state the best total of a path that ends there, its own score included."""
    totals: list[_Row] = [scores[0]]
    for row, entry_row in zip(scores[1:], entries[1:], strict=True):
        changed = _best_others(totals[-1], costs)
        totals.append(
            [
                score + max(stay, change - entry)
                for score, stay, change, entry in zip(row, totals[-1], changed, entry_row, strict=True)
            ]
        )
    return totals


def _ahead(scores: Sequence[_Row], entries: Sequence[_Row], costs: Costs) -> list[_Row]:
    """Return for each row and state the best total of the rows after it."""
    totals: list[_Row] = [[0.0] * len(scores[0])]
    for row, entry_row in zip(scores[:0:-1], entries[:0:-1], strict=True):
        stays = [score + total for score, total in zip(row, totals[-1], strict=True)]
        enters = [stay - entry for stay, entry in zip(stays, entry_row, strict=True)]
        # Seen from the end, the next state is the one before.
        changes = _best_others(enters[::-1], costs)[::-1]
        totals.append([max(stay, change) for stay, change in zip(stays, changes, strict=True)])
    return totals[::-1]


def _best_others(totals: _Row, costs: Costs) -> list[float]:
    """Return for each state the best total of another one, minus the cost of the change from there to here."""
    best = []
    previous = highest = _NOWHERE
    for total in totals:
        best.append(max(previous - costs.onward, highest - costs.jump))
        highest = max(highest, previous)
        previous = total
    highest = _NOWHERE
    for state in range(len(totals) - 2, -1, -1):
        highest = max(highest, totals[state + 1])
        best[state] = max(best[state], highest - costs.back)
    return best


def _walk(scores: Sequence[_Row], entries: Sequence[_Row], ahead: Sequence[_Row], costs: Costs) -> list[int]:
    """Follow the best totals from the first row on."""
    totals = [score + total for score, total in zip(scores[0], ahead[0], strict=True)]
    states = [totals.index(max(totals))]
    for row, entry_row, after in zip(scores[1:], entries[1:], ahead[1:], strict=True):
        here = states[-1]
        totals = [
            score + total - (0.0 if state == here else _change(here, state, costs) + entry)
            for state, (score, total, entry) in enumerate(zip(row, after, entry_row, strict=True))
        ]
        best = max(totals)
        states.append(here if totals[here] >= best else totals.index(best))
    return states


def _change(here: int, there: int, costs: Costs) -> float:
    if there < here:
        return costs.back
    return costs.onward if there == here + 1 else costs.jump
