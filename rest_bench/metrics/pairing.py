"""Which slots of two runs are compared with which (metrics.md 8.3).

Where both runs make packs by the same rule, only packs that both hold are compared: the same questions in the same
order and of the same repeat, so that neither has easier neighbours or more answers. Where the rules differ, questions
that both hold are compared, each over all its slots.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy

from rest_bench.metrics.responses import Responses, as_responses, factorize, number_rows

if TYPE_CHECKING:
    import pandas


class Side(NamedTuple):
    """The slots of one run at one level that are compared."""

    slots: "pandas.DataFrame"
    question: numpy.ndarray
    """Of each slot, a place in `Paired.names`."""
    prompt: numpy.ndarray
    """Of each slot, a number: the same in both runs for the same questions in the same order."""
    n_packs: int
    """Of which any slot is compared."""
    left_out_packs: int
    """Others of the run."""
    left_out_questions: int
    n_repeats: int
    """Of the run."""


class Paired(NamedTuple):
    """The slots of two runs at one level."""

    a: Side
    b: Side
    names: "pandas.Index"
    """The problem ids of both runs, ascending."""
    by_pack: bool
    """Slot i of A is the same place of the same pack as slot i of B."""

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both runs."""
        return self.a, self.b

    @property
    def n_questions(self) -> int:
        """Questions that are compared."""
        return len(numpy.unique(self.a.question))


def pair_slots(a: "pandas.DataFrame", b: "pandas.DataFrame", *, same_design: bool) -> Paired | None:
    """Return the slots of two runs that can be compared, or None where they share no question.

    Args:
        a: slots of one level of run A, with any columns beside those that say where a slot stands; at least one.
        b: those of run B at the same level.
        same_design: both runs make the same packs, as far as they hold the same problems.
    """
    runs = [as_responses(table) for table in (a, b)]
    whole = [run for run in runs if run is not None]
    if same_design and len(whole) == len(runs):
        by_pack = _by_pack((a, b), (whole[0], whole[1]))
        if by_pack is not None:
            return by_pack
    return _by_question((a, b))


def _by_pack(tables: "tuple[pandas.DataFrame, pandas.DataFrame]", runs: tuple[Responses, Responses]) -> Paired | None:
    names = runs[0].names.union(runs[1].names)
    questions = [names.get_indexer(run.names)[run.question] for run in runs]
    prompts = _split(number_rows(numpy.concatenate(questions)), len(questions[0]))
    repeats = [table["repeat"].to_numpy()[run.first_row] for table, run in zip(tables, runs, strict=True)]
    packs = _split(
        number_rows(numpy.column_stack([numpy.concatenate(prompts), numpy.concatenate(repeats)])), len(questions[0])
    )
    _, *places = numpy.intersect1d(*packs, return_indices=True)
    if len(places[0]) == 0:
        return None
    sides = []
    for table, run, question, prompt, place in zip(tables, runs, questions, prompts, places, strict=True):
        kept = question[place]
        sides.append(
            Side(
                slots=table.iloc[run.row[place].ravel()],
                question=kept.ravel(),
                prompt=numpy.repeat(prompt[place], kept.shape[1]),
                n_packs=len(place),
                left_out_packs=len(question) - len(place),
                left_out_questions=len(run.names) - len(numpy.unique(kept)),
                n_repeats=int(table["repeat"].nunique()),
            )
        )
    return Paired(sides[0], sides[1], names, by_pack=True)


def _by_question(tables: "tuple[pandas.DataFrame, pandas.DataFrame]") -> Paired | None:
    labels = [factorize(table["problem_id"].astype(str)) for table in tables]
    names = labels[0][1].union(labels[1][1])
    shared = labels[0][1].intersection(labels[1][1])
    if len(shared) == 0:
        return None
    is_shared = names.isin(shared)
    sides = []
    first_prompt = 0
    for table, (codes, own_names) in zip(tables, labels, strict=True):
        question = names.get_indexer(own_names)[codes]
        kept = is_shared[question]
        pack, pack_names = factorize(table["pack_id"].astype(str))
        n_packs = len(numpy.unique(pack[kept]))
        sides.append(
            Side(
                slots=table.loc[kept],
                question=question[kept],
                prompt=pack[kept] + first_prompt,
                n_packs=n_packs,
                left_out_packs=len(pack_names) - n_packs,
                left_out_questions=len(own_names) - len(shared),
                n_repeats=int(table["repeat"].nunique()),
            )
        )
        first_prompt += len(pack_names)
    return Paired(sides[0], sides[1], names, by_pack=False)


def _split(labels: numpy.ndarray, n_first: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    return labels[:n_first], labels[n_first:]
