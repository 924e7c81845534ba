"""The functions that losses and models are made of, each in a form that is exact wherever float64 can hold the answer.

All take arrays of any shape and are elementwise, except `length` and `log_softmax`, which work on the last axis. Of
finite numbers none gives NaN: an answer too large for float64 is infinite, without a warning. The textbook forms
overflow, or subtract two nearly equal numbers; each comment says which identity avoids it.
"""

import numpy as np
from scipy.special import expit as sigmoid  # 1 / (1 + e^-z), from e^-|z| so that it never overflows
from scipy.special import xlogy  # x log y, and 0 where x is 0 whatever y is

__all__ = [
    "exp_softplus",
    "length",
    "log_cosh",
    "log_softmax",
    "mean_height",
    "midpoint",
    "sech_squared",
    "sigmoid",
    "softplus",
    "xlogy",
]

LOG_2 = float(np.log(2.0))
FAR = 400.0  # e^-2r is 0 in float64 from r = 373 on; what lies farther need not be doubled, which could overflow


def softplus(z):
    """log(1 + e^z)."""
    # = max(z, 0) + log(1 + e^-|z|): the exponential never overflows, and log1p keeps it when it is tiny
    # (Maechler 2012, Accurately computing log(1 - exp(-|a|)), the R package Rmpfr, section 2).
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def exp_softplus(z):
    """e^z log(1 + e^-z), which grows from 0 to 1."""
    near = np.minimum(z, 30.0)  # beyond, it is 1 to 13 digits, and its logarithm to as many
    return np.exp(near) * softplus(-near)


def log_cosh(r):
    """log cosh r."""
    # Far from 0, cosh r = e^|r| (1 + e^-2|r|)/2, so the e^|r| leaves the logarithm. Near 0 that form subtracts |r| from
    # |r|; there cosh^2 = 1 + sinh^2 gives log(1 + sinh^2 r)/2, which keeps every digit of r^2/2.
    size = np.abs(r)
    near = 0.5 * np.log1p(np.sinh(np.minimum(size, 1.0)) ** 2)
    far = size - LOG_2 + np.log1p(np.exp(-2.0 * np.minimum(size, FAR)))
    return np.where(size < 1.0, near, far)


def sech_squared(r):
    """1 / cosh(r)^2, the slope of tanh."""
    # = 4 sigmoid(2r) sigmoid(-2r): no cosh to overflow, no 1 - tanh^2 to cancel
    double = 2.0 * np.clip(r, -FAR, FAR)
    return 4.0 * sigmoid(double) * sigmoid(-double)


def log_softmax(z):
    """z - log(sum e^z) over the last axis; an axis of length 0 is not allowed."""
    # Shifting by the largest score changes nothing and stops the overflow. Its own e^0 = 1 is then left out of the sum,
    # for log1p: 1 + 1e-20 would be 1, and a confident right answer would cost exactly 0 (Blanchard, Higham and Higham
    # 2021, Accurately computing the log-sum-exp and softmax functions, doi:10.1093/imanum/draa038).
    z = np.asarray(z)
    largest = np.expand_dims(z.argmax(axis=-1), -1)
    with np.errstate(over="ignore"):  # scores of -1.7e308 and 1.7e308 are farther apart than float64 can say
        shifted = z - np.take_along_axis(z, largest, axis=-1)
    others = np.exp(shifted)
    np.put_along_axis(others, largest, 0.0, axis=-1)
    return shifted - np.log1p(others.sum(axis=-1, keepdims=True))


def midpoint(low, high):
    """(low + high) / 2."""
    # The sum of two numbers above 9e307 overflows, half of 5e-324 is 0: halve the sum where there is one, else the two
    with np.errstate(over="ignore"):
        total = np.add(low, high)
        return np.where(np.isfinite(total), 0.5 * total, 0.5 * np.asarray(low) + 0.5 * np.asarray(high))


def length(vectors: np.ndarray) -> np.ndarray:
    """Euclidean norms over the last axis, of vectors of any size: the squares of 1e200 do not overflow."""
    return np.hypot.reduce(vectors, axis=-1)


def mean_height(x: np.ndarray, y: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """The area under a curve over the width of the part where it is finite, [..., 1].

    x, y, slope: [..., points], the slope in x. (The mean of the points would be drawn to where they lie closest.)
    """
    # Trapezia corrected by the slopes at their ends: exact where the curve is a cubic.
    there = np.isfinite(y) & np.isfinite(slope)
    widths = np.where(there[..., 1:] & there[..., :-1], np.diff(x), 0.0)
    y, slope = np.where(there, y, 0.0), np.where(there, slope, 0.0)
    areas = widths * (y[..., 1:] + y[..., :-1]) / 2 + widths**2 * (slope[..., :-1] - slope[..., 1:]) / 12
    return np.sum(areas, axis=-1, keepdims=True) / np.sum(widths, axis=-1, keepdims=True)
