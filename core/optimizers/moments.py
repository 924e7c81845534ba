"""What Adam and its kin share: two averages of the gradient that fade, and how each is written."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Moments(NamedTuple):
    t: int  # steps made
    m: np.ndarray  # averages that fade: of the gradient, of its square
    v: np.ndarray
    m_hat: np.ndarray  # both without the bias towards 0 that they start with; made anew each time
    v_hat: np.ndarray


def no_moments(x):
    none = np.zeros_like(x)
    return Moments(0, none, none, none, none)


def moments(grad, state, beta1, beta2):
    t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * grad
    v = beta2 * state.v + (1 - beta2) * (grad * grad)
    return Moments(t, m, v, m / (1 - beta1**t), v / (1 - beta2**t))


BETAS = "lr=%(lr)s, betas=(%(beta1)s, %(beta2)s), eps=%(eps)s"  # what PyTorch calls them
FIRST = r"m_t &= %(beta1)s\, m_{t-1} + (1 - %(beta1)s)\, g_t \\ "
SECOND = r"v_t &= %(beta2)s\, v_{t-1} + (1 - %(beta2)s)\, g_t^2 \\ "
FIRST_HAT = r"\hat m_t &= m_t / (1 - %(beta1)s^t) \\ "
SECOND_HAT = r"\hat v_t &= v_t / (1 - %(beta2)s^t) \\ "
MOVE = r"x_{t+1} &= x_t - %(lr)s\, \frac{\hat m_t}{\sqrt{\hat v_t} + %(eps)s}"
SYMBOLS = {"m": "m", "v": "v", "m_hat": r"\hat m", "v_hat": r"\hat v"}


def aligned(*lines: str) -> str:
    return r"\begin{aligned} " + "".join(lines) + r" \end{aligned}"
