"""Gradient descent, without and with momentum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.optimizers.optimizer import FirstSteps, Optimizer, no_state
from core.optimizers.params import LR, MOMENTUM
from core.record import Look, Source


def _gradient_descent(x, grad, state, *, lr):
    return x - lr * grad, state


gradient_descent = Optimizer(
    name="Gradient descent",
    short="GD",
    look=Look("orange"),
    init_of=no_state,
    step_of=_gradient_descent,
    template=r"x_{t+1} = x_t - %(lr)s\, g_t",
    params=(LR,),
    about="Steps against the gradient: the step is the learning rate times the gradient.",
    when="To see what the others improve on, and on round bowls, where nothing beats it.",
    watch="On a quadratic it diverges once the learning rate exceeds 2 / (largest curvature). Where the curvature is "
    "small it is slow.",
    source=Source("Cauchy", 1847, "Méthode générale pour la résolution des systèmes d'équations simultanées"),
    torch="torch.optim.SGD([x], lr=%(lr)s)",
    # x = 1 - 0.1 g
    first_steps=FirstSteps({"lr": 0.1}, (3.0, 4.0), (0.7, 0.3)),
)


class Velocity(NamedTuple):
    v: np.ndarray


def _zero_velocity(x):
    return Velocity(v=np.zeros_like(x))


def _momentum(x, grad, state, *, lr, momentum):
    v = momentum * state.v + grad
    return x - lr * v, Velocity(v)


momentum = Optimizer(
    name="Momentum",
    short="Momentum",
    look=Look("purple"),
    init_of=_zero_velocity,
    step_of=_momentum,
    template=r"\begin{aligned} v_t &= %(momentum)s\, v_{t-1} + g_t \\ x_{t+1} &= x_t - %(lr)s\, v_t \end{aligned}",
    params=(LR, MOMENTUM),
    symbols={"v": "v"},
    about="A heavy ball: each step adds the gradient to a velocity that fades by the factor β.",
    when="In ravines: gradients across cancel; gradients along add up to 1 / (1 - β) times the step.",
    watch="It overshoots and oscillates. Some libraries add (1 - β) g in place of g: they need a learning rate 1 / (1 "
    "- β) times as large for the same path.",
    source=Source(
        "Polyak", 1964, "Some methods of speeding up the convergence of iteration methods",
        "doi:10.1016/0041-5553(64)90137-5",
    ),
    torch="torch.optim.SGD([x], lr=%(lr)s, momentum=%(momentum)s)",
    # v = 3, then 1.5 + 4
    first_steps=FirstSteps({"lr": 0.1, "momentum": 0.5}, (3.0, 4.0), (0.7, 0.15)),
)  # fmt: skip


def _nesterov(x, grad, state, *, lr, momentum):
    v = momentum * state.v + grad
    return x - lr * (grad + momentum * v), Velocity(v)


nesterov = Optimizer(
    name="Nesterov momentum",
    short="Nesterov",
    look=Look("purple", "dash"),
    init_of=_zero_velocity,
    step_of=_nesterov,
    template=r"\begin{aligned} v_t &= %(momentum)s\, v_{t-1} + g_t \\"
    r" x_{t+1} &= x_t - %(lr)s \left( g_t + %(momentum)s\, v_t \right) \end{aligned}",
    params=(LR, MOMENTUM),
    symbols={"v": "v"},
    about="Momentum that looks ahead: it steps as if the velocity had already moved it once more.",
    when="Where momentum oscillates too much: looking one step ahead damps the oscillation.",
    watch="The gradient is still taken at x: x stands for the point already looked ahead to, as in PyTorch.",
    source=Source(
        "Sutskever et al.", 2013, "On the importance of initialization and momentum in deep learning",
        "https://proceedings.mlr.press/v28/sutskever13.html",
    ),
    torch="torch.optim.SGD([x], lr=%(lr)s, momentum=%(momentum)s, nesterov=True)",
    torch_zero={"momentum": "torch.optim.SGD([x], lr=%(lr)s)"},
    # v = 3, then 5.5; steps along g + v/2: 4.5, then 6.75
    first_steps=FirstSteps({"lr": 0.1, "momentum": 0.5}, (3.0, 4.0), (0.55, -0.125)),
)  # fmt: skip
