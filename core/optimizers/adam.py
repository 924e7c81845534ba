"""Adam and its variants: the average gradient divided by its typical size, in each coordinate by itself."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from core.optimizers.moments import (
    BETAS,
    FIRST,
    FIRST_HAT,
    MOVE,
    SECOND,
    SECOND_HAT,
    SYMBOLS,
    align_equations,
    next_moments,
    zero_moments,
)
from core.optimizers.optimizer import FirstSteps, Optimizer
from core.optimizers.params import BETA1, BETA2, DECAY, EPS, LR
from core.record import Look, Source


def _adam(x, grad, state, *, lr, beta1, beta2, eps):
    state = next_moments(grad, state, beta1, beta2)
    return x - lr * state.m_hat / (np.sqrt(state.v_hat) + eps), state


adam = Optimizer(
    name="Adam",
    short="Adam",
    look=Look("green"),
    init_of=zero_moments,
    step_of=_adam,
    template=align_equations(FIRST, SECOND, FIRST_HAT, SECOND_HAT, MOVE),
    params=(LR, BETA1, BETA2, EPS),
    symbols=SYMBOLS,
    about="Momentum whose step is divided, in every coordinate, by the typical size of the gradient there.",
    when="As a first choice: the learning rate is about the length of a step, whatever the scale of the loss.",
    watch="Steps stay as long as the learning rate while the gradient stays as it is, and it can circle a minimum.",
    source=Source("Kingma, Ba", 2015, "Adam: A method for stochastic optimization", "arxiv:1412.6980"),
    torch=f"torch.optim.Adam([x], {BETAS})",
    # m = 1.5, corrected 3; v = 9/4, corrected 9; then m = 1.5, corrected 2; v = 9/4, corrected 36/7
    first_steps=FirstSteps(
        {"lr": 0.1, "beta1": 0.5, "beta2": 0.75, "eps": 0.5},
        (3.0, 1.5),
        (1 - 0.3 / 3.5, 1 - 0.3 / 3.5 - 0.2 / (sqrt(36 / 7) + 0.5)),
    ),
)


class AMSGradState(NamedTuple):
    t: int
    m: np.ndarray
    v: np.ndarray
    v_max: np.ndarray  # the largest v so far
    m_hat: np.ndarray
    v_hat: np.ndarray


def _amsgrad_start(x):
    none = np.zeros_like(x)
    return AMSGradState(0, none, none, none, none, none)


def _amsgrad(x, grad, state, *, lr, beta1, beta2, eps):
    t, m, v, m_hat, _ = next_moments(grad, state, beta1, beta2)
    v_max = np.maximum(state.v_max, v)
    v_hat = v_max / (1 - beta2**t)
    return x - lr * m_hat / (np.sqrt(v_hat) + eps), AMSGradState(t, m, v, v_max, m_hat, v_hat)


amsgrad = Optimizer(
    name="AMSGrad",
    short="AMSGrad",
    look=Look("green", "dot"),
    init_of=_amsgrad_start,
    step_of=_amsgrad,
    template=align_equations(
        FIRST, SECOND, r"v^{\max}_t &= \max(v^{\max}_{t-1}, v_t) \\ ",
        FIRST_HAT, r"\hat v_t &= v^{\max}_t / (1 - %(beta2)s^t) \\ ", MOVE,
    ),
    params=(LR, BETA1, BETA2, EPS),
    symbols={"m": "m", "v": "v", "v_max": r"v^{\max}", "m_hat": r"\hat m", "v_hat": r"\hat v"},
    about="Adam with a memory: it divides by the largest average of squared gradients so far.",
    when="Where rare large gradients matter: Adam forgets them and can then fail to converge.",
    watch="One very large gradient makes every later step small. Like PyTorch, it takes the largest before the bias "
    "is corrected.",
    source=Source("Reddi, Kale, Kumar", 2018, "On the convergence of Adam and beyond", "arxiv:1904.09237"),
    torch=f"torch.optim.Adam([x], {BETAS}, amsgrad=True)",
    # v would fall to 1.7775 and stays 9/4; m = 0.75 + 0.3, corrected 1.4
    first_steps=FirstSteps(
        {"lr": 0.1, "beta1": 0.5, "beta2": 0.75, "eps": 0.5},
        (3.0, 0.6),
        (1 - 0.3 / 3.5, 1 - 0.3 / 3.5 - 0.14 / (sqrt(36 / 7) + 0.5)),
    ),
)  # fmt: skip


def _adamw(x, grad, state, *, lr, beta1, beta2, eps, weight_decay):
    state = next_moments(grad, state, beta1, beta2)
    return x - lr * weight_decay * x - lr * state.m_hat / (np.sqrt(state.v_hat) + eps), state


adamw = Optimizer(
    name="AdamW",
    short="AdamW",
    look=Look("green", "dash"),
    init_of=zero_moments,
    step_of=_adamw,
    template=align_equations(FIRST, SECOND, FIRST_HAT, SECOND_HAT, MOVE, r" - %(lr)s\, %(weight_decay)s\, x_t"),
    params=(LR, BETA1, BETA2, EPS, DECAY),
    symbols=SYMBOLS,
    about="Adam that also shrinks every weight towards 0, by a share of the weight that is not rescaled.",
    when="For training networks: the decay acts alike on weights with large and with small gradients.",
    watch="It stops where the shrinking and the gradient balance, not at the minimum unless that is at 0.",
    source=Source("Loshchilov, Hutter", 2019, "Decoupled weight decay regularization", "arxiv:1711.05101"),
    torch=f"torch.optim.AdamW([x], {BETAS}, weight_decay=%(weight_decay)s)",
    # Adam's steps, and 2 % off before each
    first_steps=FirstSteps(
        {"lr": 0.1, "beta1": 0.5, "beta2": 0.75, "eps": 0.5, "weight_decay": 0.2},
        (3.0, 1.5),
        (0.98 - 0.3 / 3.5, 0.98 * (0.98 - 0.3 / 3.5) - 0.2 / (sqrt(36 / 7) + 0.5)),
    ),
)


class AdamaxState(NamedTuple):
    t: int
    m: np.ndarray
    u: np.ndarray  # largest recent gradient: the maximum decays by beta2 a step
    m_hat: np.ndarray


def _adamax_start(x):
    none = np.zeros_like(x)
    return AdamaxState(0, none, none, none)


def _adamax(x, grad, state, *, lr, beta1, beta2, eps):
    t = state.t + 1
    m = beta1 * state.m + (1 - beta1) * grad
    u = np.maximum(beta2 * state.u, np.abs(grad) + eps)
    m_hat = m / (1 - beta1**t)
    return x - lr * m_hat / u, AdamaxState(t, m, u, m_hat)


adamax = Optimizer(
    name="Adamax",
    short="Adamax",
    look=Look("teal", "dot"),
    init_of=_adamax_start,
    step_of=_adamax,
    template=align_equations(
        FIRST, r"u_t &= \max(%(beta2)s\, u_{t-1}, \lvert g_t \rvert + %(eps)s) \\ ", FIRST_HAT,
        r"x_{t+1} &= x_t - %(lr)s\, \frac{\hat m_t}{u_t}",
    ),
    params=(LR.but(default=0.002), BETA1, BETA2, EPS),
    symbols={"m": "m", "u": "u", "m_hat": r"\hat m"},
    about="Adam that divides by the largest recent gradient in place of the root of the mean square.",
    when="For gradients with outliers: no coordinate moves by more than about the learning rate in a step.",
    watch="After one large gradient it stays slow for about 1 / (1 - β₂) steps.",
    source=Source("Kingma, Ba", 2015, "Adam: A method for stochastic optimization, section 7.1", "arxiv:1412.6980"),
    torch=f"torch.optim.Adamax([x], {BETAS})",
    # u = 3.5, then max(1.75, 1.5); m = 1.25, corrected 5/3
    first_steps=FirstSteps(
        {"lr": 0.1, "beta1": 0.5, "beta2": 0.5, "eps": 0.5},
        (3.0, 1.0),
        (1 - 0.3 / 3.5, 1 - 0.3 / 3.5 - 0.5 / 3 / 1.75),
    ),
)  # fmt: skip
