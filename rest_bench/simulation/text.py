"""The text of a simulated response (metrics.md section 10, step 8). A token is a word between blanks."""

import re
from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import NamedTuple

from rest_bench.schema import Pack
from rest_bench.simulation.draws import uniforms
from rest_bench.simulation.latents import Latents
from rest_bench.simulation.layout import Chunk, answer_line
from rest_bench.simulation.parameters import SimulatorParameters
from rest_bench.simulation.truth import Simulated

POOL_WORDS = 1 << 14
"""Filling words that are made once; a loop is looked for in fewer, so that they may follow on themselves."""
SENTENCE_WORDS = 11
"""On average."""
PARAGRAPH_SENTENCES = 4
MARKERS = ("Wait,", "Hmm,", "However,", "Actually,", "Alternatively,")
MENTIONS = ("Q{}:", "Now question {}.", "Let me turn to Q{}.", "Next, problem {}.")
REVISIT = "Let me check Q{} again."
RESTATEMENT = "We are asked: {}"
RESULT = "So the answer is {}."
LOOPS = (
    "so we come back to the same value once more and",
    "let us see if that holds, it does, and then",
    "that gives the same as before, which gives",
)
_FILLING = """
able across actual adding admit again agree ahead allow along alone among apart apply around aside await aware basic
begin bring broad build careful carry cause chance change choose clear clearly close closer collect combine common
complete confirm consider contain convert correct count cover deal decide deeper define depend derive detail differ
direct divide draw drop early easier easy enough entire equation estimate exact exactly example expand expect
explain express extend extra factor fairly faster fewer figure fill fit fix focus formula forward fraction general
gentle glance gather ground group guess handle happen hardly helpful hint idea identify ignore imply improve include
increase indeed inner insight intermediate inverse join keep kind label later layer lead leave left lemma length
level light limit line link list little logic longer look lower main manage manner match matter measure merge method
middle mind minor missing mix model modest move narrow natural near nearly neat notice obtain obvious odd offset
open operation order outer outline pair partly path pattern pause perhaps piece plain plan plausible point precise
prefer prepare present pretty prior proceed proper prove pull pure quick quickly quite range rather reach ready
reason recall recover reduce refine regard relate relation rely repeat replace report require rest restrict reverse
rewrite rough roughly round row rule safe scale scheme search section separate sequence series settle shape sharp
shift short side sign similar simple single size slightly slow small smooth smaller solid somewhat sort source
special split square stage stand start state stay step straight strategy strict structure subtract suggest suit sum
support surely swap symbol table target tend term test think tidy together total touch track trace transform treat
trick trust try turn typical unit unless upper usual vary version view wide wonder worth yet yield
"""
FILLING = tuple(_FILLING.split())
"""Words of much thinking, none of them a name, a number or a mark of the answer."""

_WORD = re.compile(r"\S+")


class _Pool(NamedTuple):
    """Filling text, twice in a row, and where its words begin and end."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def words(self, first: int, n: int) -> str:
        """Return n words from a place on, of which there may be more than the pool holds."""
        pieces = []
        while n > 0:
            taken = min(n, POOL_WORDS)
            pieces.append(self.text[self.starts[first] : self.ends[first + taken - 1]])
            n -= taken
        return " ".join(pieces)


def write_text(pack: Pack, parameters: SimulatorParameters, simulated: Simulated) -> str:
    """Return the text of a response: as many words as its layout has tokens.

    Args:
        pack: that was asked.
        parameters: that it was simulated with.
        simulated: what `simulate` returned for them.
    """
    writer = _Writer(pack, parameters, simulated)
    return "".join(map(writer.write, simulated.layout.chunks)).rstrip()


def count_words_by_line(text: str) -> tuple[int, ...]:
    r"""Return the tokens of each line of a text; lines end at `\n`."""
    return tuple(len(line.split()) for line in text.split("\n"))


class _Writer:
    """Writes one response, chunk by chunk."""

    def __init__(self, pack: Pack, parameters: SimulatorParameters, simulated: Simulated) -> None:
        self._pack = pack
        self._parameters = parameters
        self._latents: tuple[Latents, ...] = tuple(slot.latents for slot in simulated.slots)
        self._pool = _make_pool(parameters.marker_rate)
        self._n_answers = 0
        self._drawn = {
            name: uniforms(pack.level, pack.pack_id, name) for name in ("mention", "form", "restate", "text")
        }

    def write(self, chunk: Chunk) -> str:
        """Return the text of a chunk, up to where the budget ended, with what parts it from the next."""
        write = {
            "open": lambda _: "<think>\n\n",
            "close": lambda _: "</think>\n\n",
            "work": self._work,
            "revisit": self._revisit,
            "loop": self._loop,
            "answer": self._answer,
        }[chunk.kind]
        text = write(chunk)
        return text if chunk.is_whole else _first_words(text, chunk.n_written)

    def _work(self, chunk: Chunk) -> str:
        latents = self._latents[chunk.position - 1]
        result = RESULT.format(latents.result)
        n_filling = latents.first_tokens - len(result.split())
        head = _first_words(self._head(chunk.position), n_filling)
        n_filling -= len(head.split())
        extra = chunk.n_tokens - latents.first_tokens
        paragraphs = [head, self._filling(chunk.position, 0, n_filling), result]
        paragraphs.append(self._filling(chunk.position, n_filling, extra))
        return "".join(f"{paragraph}\n\n" for paragraph in paragraphs if paragraph)

    def _head(self, position: int) -> str:
        drawn = {name: row[position - 1] for name, row in self._drawn.items()}
        parts = []
        if drawn["mention"] < self._parameters.mention_rate:
            parts.append(MENTIONS[int(drawn["form"] * len(MENTIONS))].format(position))
        if drawn["restate"] < self._parameters.restatement_rate:
            question = " ".join(self._pack.problems[position - 1].question.split())
            parts.append(RESTATEMENT.format(question))
        return " ".join(parts)

    def _revisit(self, chunk: Chunk) -> str:
        head = REVISIT.format(chunk.position)
        n_filling = chunk.n_tokens - len(head.split())
        return f"{head} {self._filling(chunk.position, chunk.n_tokens, n_filling)}\n\n"

    def _loop(self, chunk: Chunk) -> str:
        head = _first_words(self._head(chunk.position), chunk.n_written)
        n_left = chunk.n_tokens - len(head.split())
        words = LOOPS[int(self._drawn["text"][chunk.position - 1] * len(LOOPS))].split()
        turns = n_left // len(words) + 1
        return f"{head}\n\n{' '.join((words * turns)[:n_left])}"

    def _answer(self, chunk: Chunk) -> str:
        latents = self._latents[chunk.position - 1]
        self._n_answers += 1
        number = self._n_answers if self._parameters.labels == "running" else chunk.position
        answer = None if latents.omitted else latents.reported
        return answer_line(number, answer, self._pack.problems[chunk.position - 1].answer_type) + "\n"

    def _filling(self, position: int, skipped: int, n: int) -> str:
        first = int(self._drawn["text"][position - 1] * POOL_WORDS)
        return self._pool.words((first + skipped) % POOL_WORDS, n)


def _first_words(text: str, n: int) -> str:
    """Return a text up to the end of its n-th word."""
    if n <= 0:
        return ""
    rest = text.split(None, n)
    return text if len(rest) <= n else text[: len(text) - len(rest[n])].rstrip()


@lru_cache(maxsize=8)
def _make_pool(marker_rate: float) -> _Pool:
    """Return filling text with so many marker words in a thousand."""
    draw = Random(0).random  # its numbers are the same in every Python version; those of `choice` need not be
    paragraphs: list[str] = []
    n_words = 0
    while n_words < POOL_WORDS:
        sentences = [_sentence(draw, marker_rate) for _ in range(PARAGRAPH_SENTENCES)]
        n_words += sum(len(sentence.split()) for sentence in sentences)
        paragraphs.append(" ".join(sentences))
    once = _first_words("\n\n".join(paragraphs), POOL_WORDS) + "\n\n"
    text = once + once
    spans = [match.span() for match in _WORD.finditer(text)]
    return _Pool(text, tuple(start for start, _ in spans), tuple(end for _, end in spans))


def _sentence(draw: Callable[[], float], marker_rate: float) -> str:
    n_words = SENTENCE_WORDS - 4 + int(draw() * 9)
    words = [FILLING[int(draw() * len(FILLING))] for _ in range(n_words)]
    if draw() < marker_rate * SENTENCE_WORDS / 1000:
        words[0] = MARKERS[int(draw() * len(MARKERS))]
    else:
        words[0] = words[0].capitalize()
    return " ".join(words) + "."
