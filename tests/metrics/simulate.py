"""Slot tables drawn from the logistic model of metrics.md section 10, as arrays: thousands of slots in a moment."""

from dataclasses import dataclass

import numpy
import pandas


@dataclass(frozen=True)
class Model:
    """A reasoner with known parameters; harms are above 0."""

    ability: float = 0.5
    difficulty_sd: float = 1.2
    position: float = 0.0
    """Log odds lost from the first position to the last."""
    load: float = 0.0
    """Log odds lost with each further question in the prompt."""
    predecessors: float = 0.0
    """Log odds lost with each unit of mean difficulty of the questions before."""
    response_sd: float = 0.0
    """Of what the slots of a response share."""


@dataclass(frozen=True)
class Layout:
    n_questions: int = 200
    repeats: int = 8
    level: int = 5
    design: str = "cyclic"
    budget: float = numpy.inf


def difficulties(model: Model, layout: Layout, seed: int) -> numpy.ndarray:
    return numpy.random.default_rng((seed, 0)).normal(0.0, model.difficulty_sd, layout.n_questions)


def draw(model: Model, layout: Layout, seed: int) -> pandas.DataFrame:
    """Return the slots of one level; those of one seed, at any level, are about the same questions."""
    random = numpy.random.default_rng((seed, layout.level))
    difficulty = difficulties(model, layout, seed)
    question = _packs(layout, random)
    before = _mean_before(difficulty[question])
    level = layout.level
    place = numpy.arange(level) / max(level - 1, 1)
    logit = (
        model.ability
        - difficulty[question]
        - model.position * place
        - model.load * (level - 1)
        - model.predecessors * before
        + random.normal(0.0, model.response_sd, (len(question), 1))
    )
    tokens = numpy.exp(8.0 + 0.25 * difficulty[question] + 0.5 * random.normal(size=question.shape)).round()
    ends = tokens.cumsum(axis=1)
    right = (random.random(question.shape) < 1 / (1 + numpy.exp(-logit))) & (ends <= layout.budget)
    return frame(question, right, tokens, layout)


def frame(question: numpy.ndarray, right: numpy.ndarray, tokens: numpy.ndarray, layout: Layout) -> pandas.DataFrame:
    n_responses, level = question.shape
    used = numpy.minimum(tokens.cumsum(axis=1), layout.budget)
    per_repeat = n_responses // layout.repeats
    response = numpy.repeat(numpy.arange(n_responses), level)
    names = numpy.array([f"q{number:05d}" for number in range(int(question.max()) + 1)])
    return pandas.DataFrame(
        {
            "level": level,
            "pack_id": pandas.Categorical(numpy.char.add("p", numpy.char.zfill(response.astype(str), 7))),
            "repeat": response // per_repeat,
            "position": numpy.tile(numpy.arange(1, level + 1), n_responses),
            "problem_id": pandas.Categorical(names[question.ravel()]),
            "answer": pandas.Categorical(numpy.full(question.size, "4")),
            "correct": right.ravel(),
            "finish_reason": pandas.Categorical(
                numpy.where(numpy.repeat(tokens.sum(axis=1) > layout.budget, level), "length", "stop")
            ),
            "prompt_tokens": 100,
            "completion_tokens": numpy.repeat(used[:, -1], level).astype(int),
            "segment_tokens": tokens.ravel().astype(int),
        }
    )


def _packs(layout: Layout, random: numpy.random.Generator) -> numpy.ndarray:
    n = layout.n_questions
    offsets = numpy.roll(numpy.arange(layout.level), -1)
    around = (numpy.arange(n)[:, None] + offsets) % n
    order = [random.permutation(n) if layout.design == "shuffled" else numpy.arange(n) for _ in range(layout.repeats)]
    return numpy.concatenate([permutation[around] for permutation in order])


def _mean_before(numbers: numpy.ndarray) -> numpy.ndarray:
    """Return the mean of the numbers before each position; 0 where there is none."""
    before = numpy.zeros(numbers.shape)
    before[:, 1:] = numbers.cumsum(axis=1)[:, :-1] / numpy.arange(1, numbers.shape[1])
    return before
