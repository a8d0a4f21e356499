"""The same questions in two orders, from two runs (metrics.md 5.11)."""

from typing import TYPE_CHECKING

import numpy

from rest_bench.metrics.responses import Responses, as_responses, number_rows, sums_by_question
from rest_bench.metrics.statistics import difference
from rest_bench.schema import OrderEffect

if TYPE_CHECKING:
    import pandas

INCOMPLETE = "a response lacks slots"
LEVELS_DIFFER = "the runs have different levels"
NO_SHARED_PROMPT = "no prompt of one run has the questions of one of the other"


def order_effect(easy: "pandas.DataFrame", hard: "pandas.DataFrame") -> OrderEffect:
    """Return accuracy with the easy questions first minus with the hard ones first, paired by prompt.

    In [-1, 1]; above 0, easy first helps. Prompts are equal where their questions are, whatever the order; repeats of
    one are averaged, and prompts that only one run has are left out. The error is clustered by question: the
    differences of one question over all prompts are one cluster, as the sets of questions overlap. The difficulty that
    both runs sort by must be frozen and the same.

    Args:
        easy: slots of one level of the design `easy-first`.
        hard: slots of the same level of the design `hard-first`.
    """
    import pandas

    if int(easy["level"].iloc[0]) != int(hard["level"].iloc[0]):
        return OrderEffect.all_undefined(LEVELS_DIFFER)
    runs = [as_responses(easy), as_responses(hard)]
    whole = [run for run in runs if run is not None]
    if len(whole) < len(runs):
        return OrderEffect.all_undefined(INCOMPLETE)
    names = whole[0].names.union(whole[1].names)
    questions = [names.get_indexer(run.names)[run.question] for run in whole]
    prompt = number_rows(numpy.sort(numpy.concatenate(questions), axis=1))
    prompts = prompt[: len(questions[0])], prompt[len(questions[0]) :]
    shared = numpy.unique(prompts[0][numpy.isin(prompts[0], prompts[1])])
    if len(shared) == 0:
        return OrderEffect.all_undefined(NO_SHARED_PROMPT)
    means = [_means(run, question, own, shared) for run, question, own in zip(whole, questions, prompts, strict=True)]
    gained = means[0] - means[1]
    value = float(gained.mean())
    effects = sums_by_question(gained.to_numpy() - value, gained.index.get_level_values(1).to_numpy(), len(names))
    informed = numpy.bincount(gained.index.get_level_values(1), minlength=len(names)) > 0
    return OrderEffect(
        order_effect=difference(value, pandas.Series(effects[informed] / len(gained))),
        order_effect_prompts=len(shared),
    )


def _means(run: Responses, question: numpy.ndarray, prompt: numpy.ndarray, shared: numpy.ndarray) -> "pandas.Series":
    """Return the accuracy of each question in each of the shared prompts, over repeats."""
    import pandas

    kept = numpy.isin(prompt, shared)
    table = pandas.DataFrame(
        {
            "prompt": numpy.repeat(prompt[kept], question.shape[1]),
            "question": question[kept].ravel(),
            "right": run.right[kept].ravel().astype(float),
        }
    )
    means: pandas.Series = table.groupby(["prompt", "question"])["right"].mean()
    return means
