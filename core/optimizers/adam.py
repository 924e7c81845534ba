"""Adam and its kin: a step by the average gradient, divided by its typical size, in every coordinate by itself."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.catalogue import Source
from core.optimizers.contract import Optimizer
from core.optimizers.params import BETA1, BETA2, EPS, LR


class Moments(NamedTuple):
    t: int  # steps made
    m: np.ndarray  # averages that fade: of the gradient, of its square
    v: np.ndarray
    m_hat: np.ndarray  # both without the bias towards 0 that they start with; made anew in each step
    v_hat: np.ndarray


def _no_moments(x):
    return Moments(0, *(np.zeros_like(x) for _ in range(4)))


def moments(grad, state, beta1, beta2):
    t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * grad
    v = beta2 * state.v + (1 - beta2) * (grad * grad)
    return Moments(t, m, v, m / (1 - beta1**t), v / (1 - beta2**t))


KINGMA = Source("Kingma, Ba", 2015, "Adam: A method for stochastic optimization", "arxiv:1412.6980")
MOMENTS = (
    r"m_{t} &= %(beta1)s\, m_{t-1} + (1 - %(beta1)s)\, g_t & \hat m_t &= m_t / (1 - %(beta1)s^t) \\"
    r" v_{t} &= %(beta2)s\, v_{t-1} + (1 - %(beta2)s)\, g_t^2 & \hat v_t &= v_t / (1 - %(beta2)s^t) \\"
)


def _adam(x, grad, state, *, lr, beta1, beta2, eps):
    state = moments(grad, state, beta1, beta2)
    return x - lr * state.m_hat / (np.sqrt(state.v_hat) + eps), state


adam = Optimizer(
    name="Adam",
    short="Adam",
    init_of=_no_moments,
    step_of=_adam,
    template=r"\begin{aligned}" + MOMENTS + r" x_{t+1} &= x_t - %(lr)s\, \frac{\hat m_t}{\sqrt{\hat v_t} + %(eps)s}"
    r" \end{aligned}",
    params=(LR, BETA1, BETA2, EPS),
    symbols={"m": "m", "v": "v", "m_hat": r"\hat m", "v_hat": r"\hat v"},
    about="Momentum whose step is divided, in every coordinate, by the typical size of the gradient there.",
    when="As a first choice: the learning rate is about the length of a step, whatever the scale of the loss.",
    watch="Steps stay as long as the learning rate while the gradient keeps its sign, so it can circle a minimum.",
    source=KINGMA,
    torch="torch.optim.Adam([x], lr=%(lr)s, betas=(%(beta1)s, %(beta2)s), eps=%(eps)s)",
)
