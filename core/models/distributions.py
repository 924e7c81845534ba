"""Divergences of two distributions: over a few outcomes, and of two uniform densities that may miss each other.

Probabilities are [..., outcomes]; natural logarithms. A divergence is infinite where the support is missed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import rel_entr

from core.numerics import xlogy


def entropy(p: np.ndarray) -> np.ndarray:
    """H(p) = -sum p log p, [...]."""
    return -xlogy(p, p).sum(axis=-1)


def cross_entropy(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """H(p, q) = -sum p log q, [...]."""
    return -xlogy(p, q).sum(axis=-1)


def kl(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """KL(p, q) = sum p log(p/q), [...]."""
    return rel_entr(p, q).sum(axis=-1)


def js(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The Jensen-Shannon divergence, [...]: at most log 2."""
    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


def shares(weights: np.ndarray) -> np.ndarray:
    """Weights [..., outcomes] divided by their sum; equal shares where all are 0."""
    total = weights.sum(axis=-1, keepdims=True)
    return np.divide(weights, total, out=np.full(weights.shape, 1 / weights.shape[-1]), where=total > 0)


class UniformDivergences(NamedTuple):
    """Of a uniform target and a uniform model, [...]; `slope` is the derivative of JS in the model's position."""

    forward_kl: np.ndarray
    reverse_kl: np.ndarray
    js: np.ndarray
    slope: np.ndarray


def uniform_divergences(target_width: Any, position: Any, width: Any) -> UniformDivergences:
    """Of a uniform target around 0 and a uniform model around a position; positions and widths broadcast.

    JS is log 2 less a constant times the length of the overlap. Where the overlap has a corner, the slope is 0 if one
    interval holds the other or they only touch.
    """
    target_width, position, width = np.broadcast_arrays(
        *(np.asarray(one, dtype=float) for one in (target_width, position, width))
    )
    low, high = position - width / 2, position + width / 2
    edge = target_width / 2
    overlap = np.maximum(0.0, np.minimum(high, edge) - np.maximum(low, -edge))
    p, q = 1 / target_width, 1 / width
    per_length = (p * np.log((p + q) / p) + q * np.log((p + q) / q)) / 2
    grows = (high < edge).astype(float) - (low > -edge)
    return UniformDivergences(
        np.where((low <= -edge) & (high >= edge), np.log(width / target_width), np.inf),
        np.where((low >= -edge) & (high <= edge), np.log(target_width / width), np.inf),
        np.log(2) - overlap * per_length,
        np.where((overlap > 0) & (grows != 0), -grows * per_length, 0.0),
    )
