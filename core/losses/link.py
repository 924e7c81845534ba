"""How the scores of K classes become probabilities, and which scores have these probabilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from core.numerics import log_softmax, sigmoid

LEAST = 1e-300  # a probability of 0 is taken as this one: its score would be infinite


@dataclass(frozen=True)
class LinkFunction:
    """The way from scores [..., K] to probabilities [..., K], and back."""

    name: str
    probabilities: Callable[[np.ndarray], np.ndarray]
    scores: Callable[[np.ndarray], np.ndarray]


SOFTMAX = LinkFunction("softmax", lambda z: np.exp(log_softmax(z)), lambda p: np.log(np.maximum(p, LEAST)))
SIGMOIDS = LinkFunction("a sigmoid for each class", sigmoid, lambda p: logit(np.clip(p, LEAST, 1 - 1e-16)))
