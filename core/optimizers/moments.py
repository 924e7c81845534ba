"""The two moments that Adam and its variants keep, exponential averages of the gradient, and their LaTeX."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class AdamState(NamedTuple):
    t: int  # steps made
    m: np.ndarray  # exponential average of the gradient
    v: np.ndarray  # that of its square
    m_hat: np.ndarray  # m and v corrected for their start at 0; recomputed at each step
    v_hat: np.ndarray


def zero_moments(x):
    none = np.zeros_like(x)
    return AdamState(0, none, none, none, none)


def next_moments(grad, state, beta1, beta2):
    """The AdamState after one more gradient [..., d]; `state` may be any state with t, m and v."""
    t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * grad
    v = beta2 * state.v + (1 - beta2) * (grad * grad)
    return AdamState(t, m, v, m / (1 - beta1**t), v / (1 - beta2**t))


BETAS = "lr=%(lr)s, betas=(%(beta1)s, %(beta2)s), eps=%(eps)s"  # in PyTorch's code
FIRST = r"m_t &= %(beta1)s\, m_{t-1} + (1 - %(beta1)s)\, g_t \\ "
SECOND = r"v_t &= %(beta2)s\, v_{t-1} + (1 - %(beta2)s)\, g_t^2 \\ "
FIRST_HAT = r"\hat m_t &= m_t / (1 - %(beta1)s^t) \\ "
SECOND_HAT = r"\hat v_t &= v_t / (1 - %(beta2)s^t) \\ "
MOVE = r"x_{t+1} &= x_t - %(lr)s\, \frac{\hat m_t}{\sqrt{\hat v_t} + %(eps)s}"
SYMBOLS = {"m": "m", "v": "v", "m_hat": r"\hat m", "v_hat": r"\hat v"}


def align_equations(*lines: str) -> str:
    return r"\begin{aligned} " + "".join(lines) + r" \end{aligned}"
