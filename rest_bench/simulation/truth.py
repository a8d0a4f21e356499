"""What is true of each slot of a simulated response, as a perfect reader would say it (metrics.md section 4).

A pure function of pack, parameters and budget: the truth of a run is worked out again whenever it is wanted, from its
packs and its manifest, and needs no log.
"""

from collections.abc import Mapping
from typing import NamedTuple

from rest_bench.schema import Outcome, Pack
from rest_bench.simulation.latents import Latents, draw_latents
from rest_bench.simulation.layout import THINKING, Layout, lay_out
from rest_bench.simulation.parameters import SimulatorParameters

OMITTED_TOKENS = 20
"""Thinking tokens below which a question without an answer counts as left out."""

Given = Mapping[int, str | None]
"""Position to the answer that stands there; null for an empty box, and no entry where nothing stands."""


class Slot(NamedTuple):
    """All that is true of one slot."""

    position: int
    problem_id: str
    gold: str
    latents: Latents
    tokens: int
    """Thinking that was written on it, returns included."""
    solved: bool
    """The thinking on it came to a result, `latents.result`, after `latents.first_tokens`."""
    first_correct_tokens: int | None
    """Thinking on it up to the end of the first right result; null where none was written."""
    looped: bool
    """It fell into an endless repetition."""
    answer: str | None
    """As labels give it."""
    answer_paper: str | None
    """As the count of boxes gives it."""
    outcome: Outcome

    @property
    def correct(self) -> bool:
        """The answer is the gold."""
        return self.answer == self.gold

    @property
    def correct_paper(self) -> bool:
        """The box that is counted for it holds the gold."""
        return self.answer_paper == self.gold


class Simulated(NamedTuple):
    """A simulated response before it is text, and its truth."""

    slots: tuple[Slot, ...]
    layout: Layout


def simulate(pack: Pack, parameters: SimulatorParameters, max_tokens: int) -> Simulated:
    """Return how a simulated reasoner responds to a pack.

    Args:
        pack: of integer, math or choice problems.
        parameters: of the reasoner.
        max_tokens: the budget.
    """
    latents = draw_latents(pack, parameters)
    layout = lay_out(pack, latents, parameters, max_tokens)
    given: Given = {
        chunk.position: None if latents[chunk.position - 1].omitted else latents[chunk.position - 1].reported
        for chunk in layout.chunks
        if chunk.kind == "answer" and chunk.is_whole
    }
    boxes: Given = dict(enumerate(given.values(), start=1))
    answers = boxes if parameters.labels == "running" else given
    outcomes = _Outcomes(pack, latents, layout, answers)
    slots = tuple(
        Slot(
            position,
            problem.id,
            problem.gold,
            latents[position - 1],
            tokens=outcomes.tokens(position),
            solved=outcomes.is_solved(position),
            first_correct_tokens=outcomes.first_correct_tokens(position),
            looped=position == outcomes.looped,
            answer=answers.get(position),
            answer_paper=boxes.get(position),
            outcome=outcomes.of(position),
        )
        for position, problem in enumerate(pack.problems, start=1)
    )
    return Simulated(slots, layout)


class _Outcomes:
    """The tests of metrics.md section 4, in their order, on what is known to be true."""

    def __init__(self, pack: Pack, latents: tuple[Latents, ...], layout: Layout, answers: Given) -> None:
        self._golds = {position: problem.gold for position, problem in enumerate(pack.problems, start=1)}
        self._is_open = {
            position: problem.answer_type != "choice" for position, problem in enumerate(pack.problems, start=1)
        }
        self._latents = latents
        self._layout = layout
        self._answers = answers
        self.looped = next((chunk.position for chunk in layout.chunks if chunk.kind == "loop"), None)

    def tokens(self, position: int) -> int:
        return sum(
            chunk.n_written for chunk in self._layout.chunks if chunk.position == position and chunk.kind in THINKING
        )

    def first_correct_tokens(self, position: int) -> int | None:
        own = self._latents[position - 1]
        return own.first_tokens if own.right and self.is_solved(position) else None

    def of(self, position: int) -> Outcome:
        answer, gold = self._answers.get(position), self._golds[position]
        if answer is None:
            return self._without_answer(position)
        if answer == gold:
            return "correct"
        distances = self._distances(position)
        if any(distances & self._distances(neighbour) for neighbour in (position - 1, position + 1)):
            return "shifted"
        if distances:
            return "swapped"
        return "summary" if self.is_solved(position) and answer != self._latents[position - 1].result else "wrong"

    def _without_answer(self, position: int) -> Outcome:
        if self._layout.finish_reason != "stop":
            return "truncated" if self.looped is None else "repetition"
        return "omitted" if self.tokens(position) < OMITTED_TOKENS else "summary"

    def _distances(self, position: int) -> set[int]:
        """Return how far the questions stand whose gold a wrong answer equals."""
        answer, gold = self._answers.get(position), self._golds.get(position)
        if answer is None or answer == gold or not self._is_open[position]:
            return set()
        return {other - position for other, others in self._golds.items() if others == answer}

    def is_solved(self, position: int) -> bool:
        """Return whether the thinking came to a result."""
        written = [chunk for chunk in self._layout.chunks if chunk.position == position and chunk.kind == "work"]
        return bool(written) and written[0].n_written >= self._latents[position - 1].first_tokens
