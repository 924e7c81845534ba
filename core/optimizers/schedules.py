"""Learning rate schedules: a factor of the learning rate for each step, for any optimizer.

Steps count from 0: a run of `steps` takes the factors at 0 ... steps - 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from core.optimizers.check import whole_number
from core.optimizers.optimizer import Optimizer, State, literal
from core.optimizers.params import BELOW_ONE
from core.record import POSITIVE, Documented, Interval, Param, Source

AT_LEAST_ONE = Interval(low=1.0)


@dataclass(frozen=True, kw_only=True)
class Schedule(Documented):
    """A factor of the learning rate at each step, at most 1."""

    name: str
    factor_of: Callable[..., Any]  # (step, steps, **params), unchecked
    template: str  # LaTeX of the factor at step t of T, with %(name)s where a parameter stands
    about: str  # one sentence
    source: Source
    params: tuple[Param, ...] = ()
    # PyTorch's code for an `optimizer`, with %(steps)s and %(lr)s too; "" where none is needed
    torch: str = ""
    key: str = ""

    def factor(self, step: Any, steps: int, **params: Any) -> np.ndarray:
        """The factor of the learning rate at `step` of a run of `steps`; `step` [...] broadcasts with the parameters.

        Raises ValueError for a number of steps or a parameter outside its domain, TypeError for an unknown parameter.
        """
        whole_number(steps, "steps", least=1)
        return np.asarray(self.factor_of(np.asarray(step), steps, **self.with_defaults(params)), dtype=np.float64)

    def torch_at(self, *, lr: float | str = "lr", steps: int | str = "steps", **params: float) -> str:
        """PyTorch's code with the parameters as numbers, to be stepped after each step of `optimizer`.

        lr, steps: a number, or the name that the learning rate and the number of steps have in the program.
        """
        values = self.defaults | params
        numbers = {param.name: literal(param, values[param.name]) for param in self.params}
        return self.torch % (numbers | {"lr": lr if isinstance(lr, str) else f"{lr:.12g}", "steps": str(steps)})


def progress(step: Any, begin: Any, end: Any) -> Any:
    """The share of the steps from `begin` to `end` that is done at `step`, 0 to 1; 1 where end <= begin."""
    length = np.subtract(end, begin)
    return np.where(length > 0, np.clip(np.subtract(step, begin) / np.where(length > 0, length, 1.0), 0.0, 1.0), 1.0)


def half_cosine(high: Any, low: Any, done: Any) -> Any:
    """Half a cosine wave: `high` where `done` is 0, `low` where it is 1."""
    return low + (high - low) * (1 + np.cos(np.pi * done)) / 2


FLOOR = Param(
    "floor", symbol="φ", latex=r"\varphi", default=0.0, low=0.0, high=1.0, step=0.01, domain=Interval(0.0, 1.0)
)
WARMUP = FLOOR.but(name="warmup", symbol="w", latex="w", default=0.1, high=0.9, step=0.05, domain=BELOW_ONE)
GAMMA = Param("gamma", symbol="γ", latex=r"\gamma", default=0.1, low=0.05, high=1.0, step=0.05, domain=POSITIVE)

constant = Schedule(
    name="Constant",
    factor_of=lambda step, _: np.ones(np.shape(step)),
    template="1",
    about="The same learning rate throughout: with noise in the gradient it never settles.",
    source=Source("Robbins, Monro", 1951, "A stochastic approximation method", "doi:10.1214/aoms/1177729586"),
)

step = Schedule(
    name="Step",
    factor_of=lambda step, _, *, every, gamma: gamma ** np.floor_divide(step, every),
    template=r"%(gamma)s^{\lfloor t / %(every)s \rfloor}",
    params=(
        Param("every", symbol="k", latex="k", default=50.0, low=5.0, high=200.0, step=5.0, domain=AT_LEAST_ONE),
        GAMMA,
    ),
    about="Falls to a fraction of itself every so many steps, and stays there in between.",
    source=Source("He et al.", 2016, "Deep residual learning for image recognition", "arxiv:1512.03385"),
    torch="torch.optim.lr_scheduler.StepLR(optimizer, step_size=%(every)s, gamma=%(gamma)s)",
)

exponential = Schedule(
    name="Exponential",
    factor_of=lambda step, _, *, gamma: gamma**step,
    template="%(gamma)s^t",
    params=(GAMMA.but(default=0.99, low=0.9, high=1.0, step=0.005),),
    about="Falls by the same fraction at every step.",
    source=Source(
        "Senior et al.",
        2013,
        "An empirical study of learning rates in deep neural networks for speech recognition",
        "doi:10.1109/ICASSP.2013.6638963",
    ),
    torch="torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=%(gamma)s)",
)

cosine = Schedule(
    name="Cosine",
    factor_of=lambda step, steps, *, floor: half_cosine(1.0, floor, progress(step, 0, steps)),
    template=r"%(floor)s + (1 - %(floor)s)\, \tfrac{1}{2} \left( 1 + \cos \pi \tfrac{t}{T} \right)",
    params=(FLOOR,),
    about="Falls along half a cosine wave: slowly at first, slowly at last.",
    source=Source(
        "Loshchilov, Hutter", 2017, "SGDR: Stochastic gradient descent with warm restarts", "arxiv:1608.03983"
    ),
    torch="torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=%(steps)s, eta_min=%(floor)s * %(lr)s)",
)


def _warmup_cosine(step, steps, *, warmup, floor):
    top = warmup * steps
    return np.where(step < top, (step + 1) / (top + 1), half_cosine(1.0, floor, progress(step, top, steps)))


warmup_cosine = Schedule(
    name="Warm-up, then cosine",
    factor_of=_warmup_cosine,
    template=r"\begin{cases} (t + 1) / (%(warmup)s\, T + 1) & t < %(warmup)s\, T \\ %(floor)s + (1 - %(floor)s)\,"
    r" \tfrac{1}{2} \left( 1 + \cos \pi \tfrac{t - %(warmup)s T}{T - %(warmup)s T} \right) & \text{else} \end{cases}",
    params=(WARMUP, FLOOR),
    about="Rises in equal steps over the first share of the run, then falls along half a cosine wave.",
    source=Source(
        "Goyal et al.", 2017, "Accurate, large minibatch SGD: Training ImageNet in 1 hour", "arxiv:1706.02677"
    ),
    torch="torch.optim.lr_scheduler.SequentialLR(optimizer, ["
    "torch.optim.lr_scheduler.LinearLR("
    "optimizer, 1 / (%(warmup)s * %(steps)s + 1), total_iters=%(warmup)s * %(steps)s), "
    "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, (1 - %(warmup)s) * %(steps)s, %(floor)s * %(lr)s)], "
    "milestones=[%(warmup)s * %(steps)s])",
)


def _one_cycle(step, steps, *, warmup, begin, end):
    top, last = warmup * steps - 1, steps - 1
    rise = half_cosine(1 / begin, 1.0, progress(step, 0, top))
    return np.where(step < top, rise, half_cosine(1.0, 1 / (begin * end), progress(step, top, last)))


one_cycle = Schedule(
    name="One cycle",
    factor_of=_one_cycle,
    template=r"\text{half a cosine wave from } \tfrac{1}{%(begin)s} \text{ to } 1 \text{ at } t = %(warmup)s\, T - 1,"
    r" \text{ another to } \tfrac{1}{%(begin)s \cdot %(end)s} \text{ at } t = T - 1",
    params=(
        WARMUP.but(default=0.3),
        Param("begin", symbol="a", latex="a", default=25.0, low=1.0, high=100.0, step=1.0, domain=AT_LEAST_ONE),
        Param("end", symbol="b", latex="b", default=1e4, low=1.0, high=1e4, step=1.0, domain=AT_LEAST_ONE),
    ),
    about="Rises from a small rate to the largest one and falls far below it, in a single cycle.",
    source=Source(
        "Smith, Topin",
        2018,
        "Super-convergence: Very fast training of neural networks using large learning rates",
        "arxiv:1708.07120",
    ),
    torch="torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=%(lr)s, total_steps=%(steps)s, "
    "pct_start=%(warmup)s, div_factor=%(begin)s, final_div_factor=%(end)s, cycle_momentum=False)",
)


class ScheduledState(NamedTuple):
    t: int  # steps made
    lr: Any  # learning rate of the last step
    inner: State


def with_schedule(optimizer: Optimizer, schedule: Schedule, steps: int, **params: float) -> Optimizer:
    """The optimizer with a learning rate that follows the schedule over a run of `steps`.

    params: the schedule's, which become parameters of the optimizer; values given here are their new defaults.

    Raises ValueError for a parameter or a number of steps outside its domain, and where the optimizer has a parameter
    of that name already; TypeError for an unknown parameter.
    """
    own = {name: float(value) for name, value in schedule.with_defaults(params).items()}
    whole_number(steps, "steps", least=1)
    taken = set(own) & set(optimizer.defaults)
    if taken:
        raise ValueError(f"{optimizer.key} has a parameter {min(taken)!r} already, and so has {schedule.key}")

    def init(x):
        return ScheduledState(0, np.zeros(1), optimizer.init_of(x))

    def step(x, grad, state, *, lr, **params):
        factor = schedule.factor_of(state.t, steps, **{name: params.pop(name) for name in own})
        after, inner = optimizer.step_of(x, grad, state.inner, lr=lr * factor, **params)
        return after, ScheduledState(state.t + 1, lr * factor, inner)

    return replace(
        optimizer,
        init_of=init,
        step_of=step,
        params=(*optimizer.params, *(param.but(default=own[param.name]) for param in schedule.params)),
        template=rf"\begin{{gathered}} \eta_t = %(lr)s \cdot {schedule.template} \\ "
        + optimizer.template.replace("%(lr)s", r"\eta_t")
        + r" \end{gathered}",
        symbols={"lr": r"\eta"} | {f"inner.{name}": symbol for name, symbol in optimizer.symbols.items()},
    )
