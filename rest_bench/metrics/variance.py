"""Where the variance of a run comes from, and how much a larger one would have (metrics.md 8.6).

A slot is s_{q,p,r} = mu + Q_q + P_p + (QP)_{qp} + W_{i,r} + e: its question, its position, this question at this
position, the response it stands in, and the rest. More repeats shrink only the last two.
"""

from typing import TYPE_CHECKING, NamedTuple

from rest_bench.metrics.arrays import Codes, Numbers, as_codes, as_numbers, crossed, same_length

if TYPE_CHECKING:
    import numpy.typing

FEWEST_QUESTIONS = 2
TOLERANCE = 1e-12


class VarianceComponents(NamedTuple):
    """Variances, each at least 0; null where the design cannot tell it apart from `residual`, which then holds it."""

    question: float
    """s_Q^2: easy and hard questions. At level 1 it holds `question_position`."""
    position: float | None
    """s_P^2: positions that are good or bad for every question; null at level 1."""
    question_position: float | None
    """s_QP^2; null at level 1 and where no question was repeated at a position."""
    response: float | None
    """s_W^2: whole responses that go well or badly; null at level 1 and where no question was repeated."""
    residual: float
    """s_e^2."""
    clipped: tuple[str, ...]
    """Components whose estimate was below 0 and was set to 0: they are small, or the run is."""


def variance_components(
    correct: "numpy.typing.ArrayLike",
    question: "numpy.typing.ArrayLike",
    position: "numpy.typing.ArrayLike",
    response: "numpy.typing.ArrayLike",
) -> VarianceComponents | None:
    """Estimate the variance components of one task at one level.

    Method of moments. Residuals from the mean of a question at a position give s_W^2 + s_e^2, and their products within
    a response s_W^2; then the squared differences of all pairs of slots, of those of one question, and of those of one
    position are set equal to what they are expected to be. Unbiased, but for the clipping, for any number of repeats of
    each prompt, for repeats that shuffle anew, and for data without some responses. In balanced data without response
    effects this is the analysis of variance. SRC Koch 1967; Searle, Casella and McCulloch, Variance Components.

    Args:
        correct: y, 0 or 1 for each slot.
        question: of each slot.
        position: of each slot, 1..s.
        response: of each slot: its pack.

    Returns:
        None where questions cannot be told from noise: fewer than two of them, level 1 without repeats, and a higher
        level at which each question was at one position only.

    Raises:
        ValueError: responses hold different numbers of slots, or one question twice.
    """
    numbers = as_numbers(correct)
    questions, n_questions = as_codes(question)
    positions, level = as_codes(position)
    responses, n_responses = as_codes(response)
    same_length(numbers, questions, positions, responses)
    if n_questions < FEWEST_QUESTIONS:
        return None
    cells, n_cells = crossed(questions, positions)
    slots = _by_response(responses, positions, (n_responses, level))
    if crossed(responses, questions)[1] < len(numbers):
        raise ValueError("a response holds a question twice")
    within = _within(numbers, cells, n_cells, slots) if n_cells < len(numbers) else None
    pairs = _Pairs(numbers, (questions, positions, cells))
    if level == 1:
        return None if within is None else _of_level_1(pairs, within[1])
    if pairs.stay_in_place:
        return None
    if within is None:
        question_, position_, residual = pairs.solve()
        return _clipped(question_, position_, None, None, residual)
    response_, noise = within
    same_response = float(n_responses * level * level)
    question_, position_, interaction = pairs.solve((response_, same_response), noise)
    return _clipped(question_, position_, interaction, response_, noise - response_)


def variance_of_mean(components: VarianceComponents, n_questions: int, level: int, repeats: int) -> float | None:
    """Return the variance that the accuracy of a run would have over other questions; [0, inf), lower is better.

    s_Q^2 / N + s_QP^2 / (N s) + s_W^2 / (N R) + s_e^2 / (N s R), a component that is null taken for 0. Positions are
    the same in every run and add nothing. None for a run without slots.

    Args:
        components: of a run of the same level, or what is assumed.
        n_questions: N of the run in question.
        level: s.
        repeats: R.
    """
    if min(n_questions, level, repeats) < 1:
        return None
    return (
        components.question / n_questions
        + (components.question_position or 0.0) / (n_questions * level)
        + (components.response or 0.0) / (n_questions * repeats)
        + components.residual / (n_questions * level * repeats)
    )


class _Pairs:
    """Squared differences of the pairs of slots that share nothing in particular, a question, or a position.

    K_F is the number of ordered pairs, a slot with itself among them, that share F; the sum over them of half the
    squared difference is expected to be sum_H s_H^2 (K_F - K_{F and H}).
    """

    def __init__(self, numbers: Numbers, groupings: tuple[Codes, Codes, Codes]) -> None:
        import numpy

        questions, positions, cells = groupings
        one = numpy.zeros(len(numbers), dtype=numpy.int64)
        centred = numbers - numbers.mean()
        self.n = float(len(numbers))
        self.pairs = [_shared_pairs(codes) for codes in (one, questions, positions)]
        self.same_cell = _shared_pairs(cells)
        self.halves = [_half_squares(centred, codes) for codes in (one, questions, positions)]

    @property
    def stay_in_place(self) -> bool:
        """Whether each question was at one position only."""
        return self.pairs[1] == self.same_cell

    def solve(self, response: tuple[float, float] = (0.0, 0.0), noise: float | None = None) -> tuple[float, ...]:
        """Return s_Q^2, s_P^2 and what is left: s_QP^2 where the noise within cells is known, else all together.

        Args:
            response: s_W^2, and the pairs of slots that share a response.
            noise: s_W^2 + s_e^2.
        """
        import numpy

        every, same_question, same_position = self.pairs
        rest = self.n if noise is None else self.same_cell
        matrix = numpy.array(
            [
                [every - same_question, every - same_position, every - rest],
                [0.0, same_question - self.same_cell, same_question - rest],
                [same_position - self.same_cell, 0.0, same_position - rest],
            ]
        )
        known = (noise or 0.0) * (numpy.array(self.pairs) - self.n)
        known[0] -= response[0] * (response[1] - self.n)
        solved = numpy.linalg.lstsq(matrix, numpy.array(self.halves) - known, rcond=None)[0]
        return tuple(float(component) for component in solved)


def _of_level_1(pairs: _Pairs, noise: float) -> VarianceComponents:
    every, same_question, _ = pairs.pairs
    question = (pairs.halves[0] - noise * (every - pairs.n)) / (every - same_question)
    return _clipped(question, None, None, None, noise)


def _within(numbers: Numbers, cells: Codes, n_cells: int, slots: Codes) -> tuple[float, float]:
    """Return s_W^2 and s_W^2 + s_e^2 from the residuals of cells, questions at a position, that were repeated.

    Two residuals of one response covary by s_W^2 (1 - 1/R_a - 1/R_b + C_ab / (R_a R_b)), C_ab the number of responses
    that hold both cells.

    Args:
        numbers: of each slot.
        cells: of each slot.
        n_cells: different ones.
        slots: the slots of each response, one row each.
    """
    import numpy

    sizes = numpy.bincount(cells, minlength=n_cells)
    means = numpy.bincount(cells, weights=numbers, minlength=n_cells) / sizes
    residuals = numbers - means[cells]
    noise = float(residuals @ residuals) / float((sizes - 1).sum())
    by_response = residuals[slots]
    products = float((by_response.sum(axis=1) ** 2).sum() - (by_response**2).sum()) / 2
    expected = _expected_products(cells[slots], sizes)
    return (products / expected if expected > TOLERANCE else 0.0), noise


def _expected_products(cells: Codes, sizes: Codes) -> float:
    """Return what s_W^2 is multiplied with in the sum over all pairs of slots of a response.

    Args:
        cells: of each response, one row each, by position.
        sizes: R of each cell.
    """
    import numpy

    level: int = cells.shape[1]
    runs = sizes[cells]
    if _are_repeated_whole(cells):
        return float((1 - 1 / runs[:, 0]).sum()) * level * (level - 1) / 2
    expected = 0.0
    for left in range(level):
        for right in range(left + 1, level):
            together, n_together = crossed(cells[:, left], cells[:, right])
            shared = numpy.bincount(together, minlength=n_together)[together]
            first, second = runs[:, left], runs[:, right]
            expected += float((1 - 1 / first - 1 / second + shared / (first * second)).sum())
    return expected


def _are_repeated_whole(cells: Codes) -> bool:
    """Whether the first cell of a response tells all others: prompts are repeated as they are, not shuffled anew."""
    import numpy

    latest = numpy.zeros(int(cells.max()) + 1, dtype=numpy.int64)
    latest[cells[:, 0]] = numpy.arange(len(cells))
    is_same = bool((cells == cells[latest[cells[:, 0]]]).all())
    n_cells, n_prompts = (int((numpy.bincount(part) > 0).sum()) for part in (cells.ravel(), cells[:, 0]))
    return is_same and n_cells == n_prompts * cells.shape[1]


def _by_response(responses: Codes, positions: Codes, shape: tuple[int, int]) -> Codes:
    """Return the slots of each response, by position."""
    import numpy

    places = responses * shape[1] + positions
    if len(places) != shape[0] * shape[1] or (numpy.bincount(places, minlength=len(places)) != 1).any():
        raise ValueError("responses hold different numbers of slots, or a position twice")
    slots = numpy.empty(len(places), dtype=numpy.int64)
    slots[places] = numpy.arange(len(places))
    return slots.reshape(shape)


def _shared_pairs(codes: Codes) -> float:
    import numpy

    return float((numpy.bincount(codes).astype(numpy.float64) ** 2).sum())


def _half_squares(numbers: Numbers, codes: Codes) -> float:
    """Return half the sum of (y_a - y_b)^2 over the ordered pairs of each group: sum_g (n_g sum y^2 - (sum y)^2)."""
    import numpy

    sizes = numpy.bincount(codes)
    sums = numpy.bincount(codes, weights=numbers)
    squares = numpy.bincount(codes, weights=numbers**2)
    return float((sizes * squares - sums**2).sum())


def _clipped(
    question: float, position: float | None, interaction: float | None, response: float | None, residual: float
) -> VarianceComponents:
    found = {
        "question": question,
        "position": position,
        "question_position": interaction,
        "response": response,
        "residual": residual,
    }
    clipped = tuple(name for name, component in found.items() if component is not None and component < -TOLERANCE)
    kept = {name: None if component is None else max(0.0, component) for name, component in found.items()}
    return VarianceComponents(**kept, clipped=clipped)  # type: ignore[arg-type]
