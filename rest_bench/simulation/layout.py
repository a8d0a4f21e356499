"""From latents and a budget to the order of a response: which piece of text, how long, and what is cut (steps 4, 5)."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from rest_bench.schema import AnswerType, FinishReason, Pack
from rest_bench.simulation.latents import Latents
from rest_bench.simulation.parameters import SimulatorParameters

LONGEST_LOOP = 100_000
"""Tokens after which an endless repetition is stopped, where the budget is larger."""
LEAST_REVISIT = 20
"""Extra tokens that are worth a return."""

ChunkKind = Literal["open", "work", "revisit", "loop", "close", "answer"]
THINKING: tuple[ChunkKind, ...] = ("work", "revisit", "loop")
"""The kinds that are spent on a question."""


class Chunk(NamedTuple):
    """A piece of a response."""

    kind: ChunkKind
    position: int
    """0 where it belongs to no question."""
    n_tokens: int
    """Meant to be written."""
    n_written: int
    """Less where the budget ends in it."""

    @property
    def is_whole(self) -> bool:
        """All of it was written."""
        return self.n_written == self.n_tokens


class Layout(NamedTuple):
    """A response before it is text."""

    chunks: tuple[Chunk, ...]
    """In order, up to the one that the budget cuts."""
    finish_reason: FinishReason

    @property
    def n_tokens(self) -> int:
        """Tokens that were written."""
        return sum(chunk.n_written for chunk in self.chunks)


def lay_out(pack: Pack, latents: Sequence[Latents], parameters: SimulatorParameters, max_tokens: int) -> Layout:
    """Return what a response holds, piece by piece.

    Args:
        pack: the problems.
        latents: of its slots.
        parameters: where the answers stand.
        max_tokens: the budget; what goes beyond is cut.
    """
    builder = _Builder(pack, latents, max_tokens)
    if parameters.answers == "inline":
        builder.think_and_answer_in_turns()
    else:
        builder.think_then_answer()
    return builder.layout()


def answer_line(number: int, answer: str | None, answer_type: AnswerType) -> str:
    r"""Return a line of the answer in the format that the prompt asks for; an empty box for a question left out."""
    lead = f"Q{number}: ANSWER:" if answer_type == "choice" else f"Q{number}:"
    return f"{lead} \\boxed{{{answer or ''}}}"


class _Builder:
    """Puts pieces one behind the other until the budget is used up."""

    def __init__(self, pack: Pack, latents: Sequence[Latents], max_tokens: int) -> None:
        self._pack = pack
        self._slots = list(enumerate(latents, start=1))
        self._left = max_tokens
        self._chunks: list[Chunk] = []
        self._finish_reason: FinishReason = "stop"

    def layout(self) -> Layout:
        return Layout(tuple(self._chunks), self._finish_reason)

    def think_then_answer(self) -> None:
        self._add("open", 0, 1)
        waiting: tuple[int, int] | None = None  # a position and its extra tokens
        for position, slot in self._slots:
            if slot.omitted:
                continue
            returns = slot.revisits and slot.extra_tokens >= LEAST_REVISIT and position < self._pack.level
            self._work(position, slot, 0 if returns else slot.extra_tokens)
            if waiting:
                self._add("revisit", *waiting)
            waiting = (position, slot.extra_tokens) if returns else None
        if waiting:
            self._add("revisit", *waiting)
        self._add("close", 0, 1)
        for position, slot in self._slots:
            self._answer(position, slot)

    def think_and_answer_in_turns(self) -> None:
        for position, slot in self._slots:
            if not slot.omitted:
                self._add("open", 0, 1)
                self._work(position, slot, slot.extra_tokens)
                self._add("close", 0, 1)
            self._answer(position, slot)

    def _work(self, position: int, slot: Latents, extra_tokens: int) -> None:
        if not slot.loops:
            self._add("work", position, slot.first_tokens + extra_tokens)
        elif self._finish_reason == "stop":
            stopped = self._left > LONGEST_LOOP
            self._add("loop", position, LONGEST_LOOP if stopped else self._left)
            self._finish_reason = "repetition" if stopped else "length"

    def _answer(self, position: int, slot: Latents) -> None:
        if not slot.silent:
            answer = None if slot.omitted else slot.reported
            line = answer_line(position, answer, self._pack.problems[position - 1].answer_type)
            self._add("answer", position, len(line.split()))

    def _add(self, kind: ChunkKind, position: int, n_tokens: int) -> None:
        if self._finish_reason != "stop":
            return
        n_written = min(n_tokens, self._left)
        if n_written:
            self._chunks.append(Chunk(kind, position, n_tokens, n_written))
        self._left -= n_written
        if n_written < n_tokens:
            self._finish_reason = "length"
