"""What losses of a softmax are made of: q = softmax(z) [..., K], the target's probabilities t, and derivatives in z.

All work with log q, which keeps its digits where q is nearly 0 or nearly 1.
"""

import numpy as np

ROUNDING = 1e-14  # a sum of probabilities that differs from 1 by less is 1


def weighted_sum(t, values):
    """The sum of t times values over the classes, [...]; where t is 0 an infinite value counts nothing."""
    t, values = np.broadcast_arrays(t, values)
    return np.multiply(t, values, out=np.zeros(t.shape), where=t > 0).sum(axis=-1)


def excess(t):
    """By how much a target sums to more than 1, [..., 1]."""
    more = t.sum(axis=-1, keepdims=True) - 1
    return np.where(np.abs(more) > ROUNDING, more, 0.0)


def error(log_q, t):
    """q - t."""
    # Near 1 as expm1(log q) + (1 - t), which keeps the digits that q - 1 would lose
    return np.where(t > 0.5, np.expm1(log_q) + (1 - t), np.exp(log_q) - t)


def _sum_of_others(parts):
    # The largest is left out before the sum, not taken from it after.
    largest = np.expand_dims(np.abs(parts).argmax(axis=-1), -1)
    small = parts.copy()
    np.put_along_axis(small, largest, 0.0, axis=-1)
    total = small.sum(axis=-1, keepdims=True)
    others = np.take_along_axis(parts, largest, axis=-1) + (total - small)
    np.put_along_axis(others, largest, total, axis=-1)
    return others


def through_softmax(log_q, slopes):
    """The derivative in the scores, given q dL/dq for each class.

    dq_j/dz_k = q_j (1[j = k] - q_k), so it is slope_k (1 - q_k) - q_k (sum of the other slopes).
    """
    return -np.expm1(log_q) * slopes - np.exp(log_q) * _sum_of_others(slopes)


def times_log(q, log_q):
    """q log q, which is 0 at q = 0."""
    return np.multiply(q, log_q, out=np.zeros(q.shape), where=q > 0)


def log_or_minus_infinity(t):
    """log t, without a warning where t is 0."""
    return np.log(t, out=np.full(t.shape, -np.inf), where=t > 0)
