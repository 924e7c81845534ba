"""Class-balanced weights, from the effective number of examples of each class."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.record import Interval, numbers

COUNT = Interval(low=1.0)
BETA = Interval(0.0, 1.0)


def effective_number(count: Any, beta: Any, name: str = "count") -> np.ndarray:
    """E_n = (1 - beta^n)/(1 - beta), the effective number of n examples: from 1 at beta = 0 to n at beta = 1.

    count, beta: numbers or arrays that broadcast. name: of the count, for the error message.

    Raises ValueError for a count below 1 and for a beta outside [0, 1]. Source: Cui, Jia, Lin, Song, Belongie (2019),
    arxiv:1901.05555, equation 2.
    """
    count, beta = numbers(name, count, COUNT), numbers("beta", beta, BETA)
    # 1 - beta^n = -expm1(n log beta) keeps its digits where beta^n is nearly 1; log and 1 - beta are exact to the last
    # digit at every beta, since a float64 next to 1 is a number like any other.
    some = (beta > 0) & (beta < 1)
    inner = np.where(some, beta, 0.5)
    between = -np.expm1(count * np.log(inner)) / (1 - inner)
    return np.where(some, between, np.where(beta == 0, 1.0, count))


def balanced_weight(positives: Any, negatives: Any, beta: Any) -> np.ndarray:
    """E_negatives / E_positives, the `pos_weight` that weighting each class by 1 / E_n means, up to a common factor.

    1 at beta = 0, negatives / positives at beta = 1. Raises what `effective_number` raises.
    """
    return effective_number(negatives, beta, "negatives") / effective_number(positives, beta, "positives")
