"""Steps by the sign of an average gradient: of the same length in every coordinate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.optimizers.optimizer import FirstSteps, Optimizer
from core.optimizers.params import BETA1, BETA2, LR
from core.record import Look, Source


class LionState(NamedTuple):
    c: np.ndarray  # the step goes by its sign; recomputed at each step
    m: np.ndarray  # exponential average of the gradient


def _lion_start(x):
    none = np.zeros_like(x)
    return LionState(none, none)


def _lion(x, grad, state, *, lr, beta1, beta2):
    c = beta1 * state.m + (1 - beta1) * grad
    m = beta2 * state.m + (1 - beta2) * grad
    return x - lr * np.sign(c), LionState(c, m)


lion = Optimizer(
    name="Lion",
    short="Lion",
    look=Look("red"),
    init_of=_lion_start,
    step_of=_lion,
    template=r"\begin{aligned} c_t &= %(beta1)s\, m_{t-1} + (1 - %(beta1)s)\, g_t \\"
    r" m_t &= %(beta2)s\, m_{t-1} + (1 - %(beta2)s)\, g_t \\"
    r" x_{t+1} &= x_t - %(lr)s\, \mathrm{sign}\, c_t \end{aligned}",
    params=(LR.but(default=0.001), BETA1, BETA2.but(default=0.99)),
    symbols={"c": "c", "m": "m"},
    about="Looks only at the sign of the momentum: every coordinate moves by the learning rate, one way or the other.",
    when="Where memory is scarce: it keeps one average, Adam two. Its learning rate is three to ten times smaller.",
    watch="It never slows down by itself: at a minimum it oscillates unless the learning rate falls.",
    source=Source("Chen et al.", 2023, "Symbolic discovery of optimization algorithms", "arxiv:2302.06675"),
    optax="optax.lion(%(lr)s, %(beta1)s, %(beta2)s, weight_decay=0.0)",
    # c = 1.5; m = 0.75; c = 0.375 - 0.5 turns the sign
    first_steps=FirstSteps({"lr": 0.1, "beta1": 0.5, "beta2": 0.75}, (3.0, -1.0), (0.9, 1.0)),
)
