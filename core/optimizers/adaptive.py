"""Adaptive learning rates: the gradient divided by its typical size, in each coordinate by itself."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from core.optimizers.optimizer import FirstSteps, Optimizer
from core.optimizers.params import EPS, LR, RHO
from core.record import Look, Source


class SquaredGradients(NamedTuple):
    s: np.ndarray  # squared gradients, summed or averaged


def _zero_squares(x):
    return SquaredGradients(s=np.zeros_like(x))


def _adagrad(x, grad, state, *, lr, eps):
    s = state.s + grad * grad
    return x - lr * grad / (np.sqrt(s) + eps), SquaredGradients(s)


adagrad = Optimizer(
    name="AdaGrad",
    short="AdaGrad",
    look=Look("amber", "dash"),
    init_of=_zero_squares,
    step_of=_adagrad,
    template=r"\begin{aligned} s_t &= s_{t-1} + g_t^2 \\"
    r" x_{t+1} &= x_t - %(lr)s\, \frac{g_t}{\sqrt{s_t} + %(eps)s} \end{aligned}",
    params=(LR.but(default=0.01), EPS.but(default=1e-10, high=1e-8, step=1e-10)),
    symbols={"s": "s"},
    about="Divides every coordinate's gradient by the root of the sum of its squares so far.",
    when="For sparse gradients: a coordinate that rarely has a gradient keeps its large steps.",
    watch="The sum only grows, so the steps only shrink: over a long distance it can stop before it arrives.",
    source=Source(
        "Duchi, Hazan, Singer",
        2011,
        "Adaptive subgradient methods for online learning and stochastic optimization",
        "https://jmlr.org/papers/v12/duchi11a.html",
    ),
    torch="torch.optim.Adagrad([x], lr=%(lr)s, eps=%(eps)s)",
    # s = 9, then 25
    first_steps=FirstSteps({"lr": 0.1, "eps": 1.0}, (3.0, 4.0), (1 - 0.3 / 4, 1 - 0.3 / 4 - 0.4 / 6)),
)


def _rmsprop(x, grad, state, *, lr, rho, eps):
    s = rho * state.s + (1 - rho) * (grad * grad)
    return x - lr * grad / (np.sqrt(s) + eps), SquaredGradients(s)


rmsprop = Optimizer(
    name="RMSprop",
    short="RMSprop",
    look=Look("teal", "dash"),
    init_of=_zero_squares,
    step_of=_rmsprop,
    template=r"\begin{aligned} s_t &= %(rho)s\, s_{t-1} + (1 - %(rho)s)\, g_t^2 \\"
    r" x_{t+1} &= x_t - %(lr)s\, \frac{g_t}{\sqrt{s_t} + %(eps)s} \end{aligned}",
    params=(LR.but(default=0.01), RHO.but(default=0.99), EPS),
    symbols={"s": "s"},
    about="AdaGrad that forgets: it divides the gradient by the root of a fading average of its squares.",
    when="Where the size of the gradient changes on the way, and AdaGrad would have become too slow.",
    watch="The average starts at 0 and is not corrected: the first step is 1 / √(1 - ρ) times the learning rate.",
    source=Source(
        "Tieleman, Hinton",
        2012,
        "Lecture 6.5, rmsprop: Divide the gradient by a running average of its recent magnitude",
        "https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf",
    ),
    torch="torch.optim.RMSprop([x], lr=%(lr)s, alpha=%(rho)s, eps=%(eps)s)",
    # s = 9/4 both times
    first_steps=FirstSteps({"lr": 0.1, "rho": 0.75, "eps": 0.5}, (3.0, 1.5), (0.85, 0.775)),
)


class AdadeltaState(NamedTuple):
    s: np.ndarray  # exponential average of squared gradients
    u: np.ndarray  # that of squared steps at a learning rate of 1
    delta: np.ndarray  # the step at a learning rate of 1; recomputed at each step


def _adadelta_start(x):
    none = np.zeros_like(x)
    return AdadeltaState(none, none, none)


def _adadelta(x, grad, state, *, lr, rho, eps):
    s = rho * state.s + (1 - rho) * (grad * grad)
    delta = np.sqrt((state.u + eps) / (s + eps)) * grad
    u = rho * state.u + (1 - rho) * (delta * delta)
    return x - lr * delta, AdadeltaState(s, u, delta)


adadelta = Optimizer(
    name="Adadelta",
    short="Adadelta",
    look=Look("amber", "dot"),
    init_of=_adadelta_start,
    step_of=_adadelta,
    template=r"\begin{aligned} s_t &= %(rho)s\, s_{t-1} + (1 - %(rho)s)\, g_t^2 \\"
    r" \delta_t &= \sqrt{\frac{u_{t-1} + %(eps)s}{s_t + %(eps)s}}\; g_t \\"
    r" u_t &= %(rho)s\, u_{t-1} + (1 - %(rho)s)\, \delta_t^2 \\ x_{t+1} &= x_t - %(lr)s\, \delta_t \end{aligned}",
    params=(LR.but(default=1.0, low=0.01, high=10.0, step=0.01), RHO, EPS.but(default=1e-6, high=1e-4, step=1e-6)),
    symbols={"s": "s", "delta": r"\delta", "u": "u"},
    about="Scales each step by the size of its earlier steps, so that a learning rate is hardly needed.",
    when="Where no good learning rate is known: its author used 1.",
    watch="Its first steps are as small as the root of ε, and it needs many of them to gather speed.",
    source=Source("Zeiler", 2012, "ADADELTA: An adaptive learning rate method", "arxiv:1212.5701"),
    torch="torch.optim.Adadelta([x], lr=%(lr)s, rho=%(rho)s, eps=%(eps)s)",
    # sqrt(0.75 / 3) 3 = 1.5; then u = 9/16 and sqrt((9/16 + 3/4) / 3) 1.5
    first_steps=FirstSteps({"lr": 0.1, "rho": 0.75, "eps": 0.75}, (3.0, 1.5), (0.85, 0.85 - 0.15 * sqrt(7 / 16))),
)
