"""Random draws that are a pure function of what they are for: the same in any order, process and Python version.

Every latent has a stream of its own, so that another value of one parameter leaves all other draws as they were.
"""

import hashlib
import math
import struct
from statistics import NormalDist

_PER_DIGEST = 8
_UNIT = 2.0**-53
_NORMAL = NormalDist()


def uniforms(n: int, *key: object) -> tuple[float, ...]:
    """Return the first n numbers of a stream, uniform in (0, 1).

    Args:
        n: how many.
        key: the name of the stream; texts and whole numbers.
    """
    name = "/".join(map(str, key))
    drawn: list[float] = []
    for block in range(-(-n // _PER_DIGEST)):
        digest = hashlib.blake2b(f"{name}/{block}".encode()).digest()
        drawn += [((word >> 11) + 0.5) * _UNIT for word in struct.unpack("<8Q", digest)]
    return tuple(drawn[:n])


def to_normal(uniform: float) -> float:
    """Return the standard normal quantile of a number in (0, 1)."""
    return _NORMAL.inv_cdf(uniform)


def to_exponential(uniform: float, mean: float) -> float:
    """Return the exponential quantile of a number in (0, 1)."""
    return -mean * math.log1p(-uniform)


def logistic(log_odds: float) -> float:
    """Return the probability of these log-odds."""
    if log_odds < 0:
        odds = math.exp(log_odds)
        return odds / (1 + odds)
    return 1 / (1 + math.exp(-log_odds))
