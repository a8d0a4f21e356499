"""Item response theory: how much an answer to a question says about a model (metrics.md 9.5).

P = c + (1 - c) logistic(a (theta - b)), b raised by kappa under stress. A question says most about models that are
right half of the time, so stress makes easy questions worth more and hard ones less, and a benchmark has a best level.
"""

from typing import TYPE_CHECKING, NamedTuple

from rest_bench.metrics.arrays import Numbers

if TYPE_CHECKING:
    import numpy.typing

SHRINKAGE = 2.0
"""SD of the normal priors of abilities and difficulties, in logits: it bounds what is all right or all wrong."""


class RaschFit(NamedTuple):
    """Abilities and difficulties in logits; a model of ability b is right on half of the questions of difficulty b."""

    abilities: Numbers
    """theta of each model."""
    ability_ses: Numbers
    """(I(theta) + 1 / SHRINKAGE^2)^(-1/2), the questions taken for given."""
    difficulties: Numbers
    """b of each question, their mean near 0."""


def chance(
    ability: "numpy.typing.ArrayLike",
    difficulty: "numpy.typing.ArrayLike",
    discrimination: "numpy.typing.ArrayLike" = 1.0,
    guessing: float = 0.0,
) -> Numbers:
    """Return P(right) = c + (1 - c) logistic(a (theta - b)), in [c, 1].

    Args:
        ability: theta.
        difficulty: b, with the shift kappa of the level added.
        discrimination: a.
        guessing: c, 1/4 for four options.
    """
    import numpy
    from scipy.special import expit

    logits = numpy.asarray(discrimination) * (numpy.asarray(ability) - numpy.asarray(difficulty))
    chances: Numbers = guessing + (1 - guessing) * expit(logits)
    return chances


def information(
    ability: "numpy.typing.ArrayLike",
    difficulty: "numpy.typing.ArrayLike",
    discrimination: "numpy.typing.ArrayLike" = 1.0,
    guessing: float = 0.0,
) -> Numbers:
    """Return what one answer says about an ability, [0, inf), higher is better; a test's is the sum (metrics.md 9.5).

    I = a^2 P (1 - P) without guessing, in general a^2 ((P - c) / (1 - c))^2 (1 - P) / P.

    Args:
        ability: theta.
        difficulty: b, with the shift kappa of the level added.
        discrimination: a.
        guessing: c.
    """
    import numpy
    from scipy.special import expit

    slope = numpy.asarray(discrimination, dtype=numpy.float64)
    logits = slope * (numpy.asarray(ability) - numpy.asarray(difficulty))
    solved = expit(logits)
    # (P - c) / (1 - c) is `solved`, and 1 - P is (1 - c) expit(-logits): no difference of nearly equal numbers.
    knowing = solved / (guessing + (1 - guessing) * solved) if guessing else 1.0
    told: Numbers = slope**2 * solved * knowing * (1 - guessing) * expit(-logits)
    return told


def ability_se(total_information: float) -> float | None:
    """Return I^(-1/2), the standard error of an ability, (0, inf), lower is better; None without information.

    Args:
        total_information: the sum over the answers.
    """
    return None if total_information <= 0 else float(total_information**-0.5)


def information_per_1000_tokens(total_information: float, tokens: float) -> float | None:
    """Return how much is learnt for what it costs, [0, inf), higher is better; None without tokens (metrics.md 9.5).

    Args:
        total_information: the sum over the answers.
        tokens: generated for them.
    """
    return None if tokens <= 0 else 1000 * total_information / tokens


def fit_rasch(questions: "numpy.typing.ArrayLike", shrinkage: float = SHRINKAGE) -> RaschFit | None:
    """Fit a 1PL model, a = 1 and c = 0, to the means of questions; for fewer than 50 models (metrics.md 9.5).

    The most probable theta and b under normal priors around 0, which keeps models and questions that are all right or
    all wrong finite. A question counts once, however many slots it has: slots of one response are not independent.

    Args:
        questions: the mean of every question (row) for every model (column), in [0, 1]; NaN where it was not asked.
        shrinkage: SD of the priors, in logits.

    Returns:
        None without questions or models.

    Raises:
        ValueError: a mean is not in [0, 1], or the fit does not converge.
    """
    import numpy
    from scipy.optimize import minimize
    from scipy.special import expit

    table = numpy.asarray(questions, dtype=numpy.float64)
    if table.ndim != 2 or not table.size:
        return None
    asked = ~numpy.isnan(table)
    right = numpy.where(asked, table, 0.0)
    if (right < 0).any() or (right > 1).any():
        raise ValueError("means of questions must be in [0, 1]")
    n_questions = len(table)

    def loss(parameters: Numbers) -> tuple[float, Numbers]:
        difficulties, abilities = parameters[:n_questions], parameters[n_questions:]
        logits = abilities[None, :] - difficulties[:, None]
        surprise = asked * (numpy.logaddexp(0.0, logits) - right * logits)
        excess = asked * (expit(logits) - right)
        slopes = numpy.concatenate([-excess.sum(axis=1), excess.sum(axis=0)]) + parameters / shrinkage**2
        return float(surprise.sum() + (parameters @ parameters) / (2 * shrinkage**2)), slopes

    found = minimize(
        loss,
        numpy.zeros(sum(table.shape)),
        jac=True,
        method="L-BFGS-B",
        options={"ftol": 1e-13, "gtol": 1e-7, "maxiter": 2_000},
    )
    if numpy.abs(found.jac).max() > 1e-2:
        raise ValueError(f"the fit does not converge: {found.message}")
    difficulties, abilities = found.x[:n_questions], found.x[n_questions:]
    told = (asked * information(abilities[None, :], difficulties[:, None])).sum(axis=0)
    return RaschFit(abilities, (told + shrinkage**-2) ** -0.5, difficulties)
