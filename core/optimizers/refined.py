"""Refinements of Adam: with Nesterov momentum, and with a built-in warm-up."""

from __future__ import annotations

from math import log, sqrt
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
)
from core.optimizers.optimizer import FirstSteps, Optimizer
from core.optimizers.params import BETA1, BETA2, EPS, LR
from core.record import NON_NEGATIVE, Look, Param, Source


class NAdamState(NamedTuple):
    t: int
    product: float | np.ndarray  # of the momenta of all steps so far
    m: np.ndarray
    v: np.ndarray
    m_hat: np.ndarray
    v_hat: np.ndarray


def _nadam_start(x):
    none = np.zeros_like(x)
    return NAdamState(0, 1.0, none, none, none, none)


def _nadam(x, grad, state, *, lr, beta1, beta2, eps, momentum_decay):
    t, m, v, _, v_hat = next_moments(grad, state, beta1, beta2)
    now, then = (beta1 * (1 - 0.5 * 0.96 ** (at * momentum_decay)) for at in (t, t + 1))
    product = state.product * now
    m_hat = then * m / (1 - product * then) + (1 - now) * grad / (1 - product)
    return x - lr * m_hat / (np.sqrt(v_hat) + eps), NAdamState(t, product, m, v, m_hat, v_hat)


_FIRST = 1 - 0.1 * (0.42 / 0.58 + 3) / 3.5

nadam = Optimizer(
    name="NAdam",
    short="NAdam",
    look=Look("green", "dashdot"),
    init_of=_nadam_start,
    step_of=_nadam,
    template=align_equations(
        r"\mu_t &= %(beta1)s \left( 1 - \tfrac{1}{2}\, 0.96^{t \cdot %(momentum_decay)s} \right) \\ ", FIRST, SECOND,
        r"\hat m_t &= \frac{\mu_{t+1}\, m_t}{1 - \prod_{i \le t+1} \mu_i}"
        r" + \frac{(1 - \mu_t)\, g_t}{1 - \prod_{i \le t} \mu_i} \\ ",
        SECOND_HAT, MOVE,
    ),
    params=(
        LR.but(default=0.002), BETA1, BETA2, EPS,
        Param(
            "momentum_decay", symbol="ψ", latex=r"\psi", default=0.004, low=0.0, high=0.05, step=0.001,
            domain=NON_NEGATIVE,
        ),
    ),
    symbols=SYMBOLS,
    about="Adam with Nesterov's look ahead: the newest gradient counts more than it does in Adam's average.",
    when="Where Adam oscillates: it turns one step earlier.",
    watch="Its momentum starts at about half of β₁ and rises for thousands of steps; a short run never reaches β₁.",
    source=Source(
        "Dozat", 2016, "Incorporating Nesterov momentum into Adam", ""
        "https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ"
    ),
    torch=f"torch.optim.NAdam([x], {BETAS}, momentum_decay=%(momentum_decay)s)",
    # The momenta are 0.6, 0.7, 0.75, with products 0.42 and 0.315: m = 0.6 and 0.7 m / (1 - 0.42) + 0.4 g / (1 - 0.6);
    # then m = 0.78 and 0.75 m / (1 - 0.315) + 0.3 g / (1 - 0.42). This decay makes 0.96^(t psi) = 1 / 2^t.
    first_steps=FirstSteps(
        {"lr": 0.1, "beta1": 0.8, "beta2": 0.75, "eps": 0.5, "momentum_decay": log(0.5) / log(0.96)},
        (3.0, 1.5),
        (_FIRST, _FIRST - 0.1 * (0.585 / 0.685 + 0.45 / 0.58) / (sqrt(36 / 7) + 0.5)),
    ),
)  # fmt: skip


class RAdamState(NamedTuple):
    t: int
    m: np.ndarray
    v: np.ndarray
    m_hat: np.ndarray
    r: np.ndarray  # factor of Adam's step; 0 while v averages too few gradients


def _radam_start(x):
    none = np.zeros_like(x)
    return RAdamState(0, none, none, none, r=np.zeros(()))


def _radam(x, grad, state, *, lr, beta1, beta2, eps):
    t, m, v, m_hat, _ = next_moments(grad, state, beta1, beta2)
    longest = 2 / (1 - beta2) - 1  # length of the average in the long run, rho_inf, and by now, rho_t
    length = longest - 2 * t * beta2**t / (1 - beta2**t)
    trusted = np.greater(length, 5)
    share = np.divide((length - 4) * (length - 2) * longest, (longest - 4) * (longest - 2) * length)
    r = np.sqrt(np.where(trusted, share, 0.0))
    scaled = r * np.sqrt(1 - beta2**t) / (np.sqrt(v) + eps)
    return x - lr * m_hat * np.where(trusted, scaled, 1.0), RAdamState(t, m, v, m_hat, r)


radam = Optimizer(
    name="RAdam",
    short="RAdam",
    look=Look("teal", "dashdot"),
    init_of=_radam_start,
    step_of=_radam,
    template=align_equations(
        FIRST, SECOND, FIRST_HAT,
        r"\rho_\infty &= 2 / (1 - %(beta2)s) - 1 \\ ",
        r"\rho_t &= \rho_\infty - 2t\, %(beta2)s^t / (1 - %(beta2)s^t) \\ ",
        r"r_t &= \sqrt{\frac{(\rho_t - 4)(\rho_t - 2)\, \rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\, \rho_t}} \\ ",
        r"x_{t+1} &= x_t - %(lr)s\, \hat m_t \cdot \begin{cases}"
        r" r_t \sqrt{1 - %(beta2)s^t} \,/ \left( \sqrt{v_t} + %(eps)s \right) & \rho_t > 5 \\ 1 & \text{else}"
        r" \end{cases}",
    ),
    params=(LR, BETA1, BETA2, EPS),
    symbols={"m": "m", "v": "v", "m_hat": r"\hat m", "r": "r"},
    about="Adam with a built-in warm-up: it divides by less while its average of squares rests on few gradients.",
    when="In place of a warm-up, when Adam's first steps would be unreliable.",
    watch="Its first five steps are plain momentum: where the slope is steep they can be far too long.",
    source=Source("Liu et al.", 2020, "On the variance of the adaptive learning rate and beyond", "arxiv:1908.03265"),
    torch=f"torch.optim.RAdam([x], {BETAS})",
    # too early to trust v: m corrected, 3, then 2
    first_steps=FirstSteps({"lr": 0.1, "beta1": 0.5, "beta2": 0.75, "eps": 0.5}, (3.0, 1.5), (0.7, 0.5)),
)  # fmt: skip
