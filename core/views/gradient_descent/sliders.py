"""The sliders of a race."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.kept import kept
from core.optimizers import OPTIMIZERS
from core.stage import Slider
from core.stage.slider import DIGITS
from core.views.gradient_descent.problems import DescentProblem
from core.views.kit import theme

X, Y, RATE, BETA, NOISE, BATCH, STEP = "x", "y", "lr", "beta", "noise", "batch", "step"
MOMENTUM_PARAMS = ("momentum", "beta1")  # optimizers' names for the share of the old direction that is kept
PREFERRED = np.array([1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0])  # ten a decade (ISO 3)
DECADES = 10.0 ** np.arange(-5, 1)
RATES = np.round(np.outer(DECADES, PREFERRED).ravel(), 8)
BETAS = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99])
NOISES = np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5])  # of the median gradient norm in the window
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)
PLACES = 21  # frames of a start's coordinate
# Where a gradient is costly, or much is shown of each frame.
FEW_BETAS, FEW_BATCHES, FEW_PLACES, SPARSE = np.array([0.0, 0.5, 0.8, 0.9, 0.95]), (8, 32), 9, 5
# Rate times curvature at the start, on a convex landscape or not, and the largest rate that a race begins with.
LIVELY, CALM, LARGEST = 1.6, 0.8, 0.1
FPS = 40


def race_sliders(
    problem: DescentProblem, optimizers: Sequence[str], *, separate: bool, steps: int, few: bool = False
) -> tuple[Slider, ...]:
    """The timeline, the learning rates, the momentum, the start, the noise, and the landscape's own sliders.

    separate: a learning rate for each optimizer. few: with few frames.
    """
    timeline = Slider(name=STEP, label="Step", values=np.arange(steps + 1.0), start=steps, kind="timeline", fps=FPS)
    values = RATES[::SPARSE] if few else RATES
    rates = [rate_slider(problem, values, key) for key in (optimizers if separate else [""])]
    momentum = momentum_slider(optimizers, FEW_BETAS if few else BETAS)
    # The landscape's own are continuous: a link can come from any frame of another page.
    own = (replace(slider, continuous=True) for slider in problem.sliders)
    start = start_sliders(problem, FEW_PLACES if few else PLACES)
    return (timeline, *rates, *momentum, *start, noise_slider(problem, few), *own)


def rate_slider(problem: DescentProblem, rates: np.ndarray, key: str = "", *, begin: float | None = None) -> Slider:
    """The learning rate of one optimizer, or of all; at first the largest that is no larger than `begin`."""
    first = int(np.flatnonzero(rates <= (first_rate(problem) if begin is None else begin))[-1])
    if not key:
        return swept(name=RATE, label="Learning rate", values=rates, start=first)
    label, colour = f"{OPTIMIZERS[key].short} learning rate", theme.look(key).colour
    return swept(owner=key, name=RATE, label=label, values=rates, start=first, colour=colour)


def momentum_slider(optimizers: Sequence[str], betas: np.ndarray) -> list[Slider]:
    """None where no optimizer has momentum."""
    params = [OPTIMIZERS[key].param(momentum_param(key)) for key in optimizers if momentum_param(key)]
    if not params:
        return []
    # β where any has it, or else β₁.
    symbol = min(params, key=lambda param: MOMENTUM_PARAMS.index(param.name)).symbol
    return [swept(name=BETA, label=f"Momentum {symbol}", values=betas, start=int(np.abs(betas - 0.9).argmin()))]


def start_sliders(problem: DescentProblem, count: int) -> list[Slider]:
    """The two coordinates of the start, with a frame at the problem's own."""
    found = []
    for key, axis, ends, first in zip(
        (X, Y), problem.landscape.axes, problem.landscape.window, problem.start, strict=True
    ):
        places = np.array([float(f"{place:.{DIGITS}g}") for place in np.linspace(*ends, count)])
        slider = swept(name=key, label=f"Start {axis}", values=places, start=0, continuous=True)
        place = slider.nearest(first)
        slider = slider.around(place)
        found.append(replace(slider, start=slider.frame(place)))
    return found


def noise_slider(problem: DescentProblem, few: bool) -> Slider:
    """The batch size where data make the landscape, or else the normal noise that is added to the gradient."""
    examples = problem.landscape.examples
    if examples:
        values = np.array([*(size for size in (FEW_BATCHES if few else BATCHES) if size < examples), examples], float)
        labels = (*(f"{value:g}" for value in values[:-1]), f"all {examples}")
        return swept(name=BATCH, label="Batch size", values=values, start=len(values) - 1, labels=labels)
    labels = ("none", *(f"{100 * value:.0f} %" for value in NOISES[1:]))
    return swept(name=NOISE, label="Noise in the gradient", values=NOISES, start=0, labels=labels)


def swept(**how: Any) -> Slider:
    """A slider of the one-at-a-time sweep."""
    return Slider(recomputed=True, **how)


def momentum_param(key: str) -> str:
    """The parameter of an optimizer that the momentum's slider sets; "" for most."""
    return next((param.name for param in OPTIMIZERS[key].params if param.name in MOMENTUM_PARAMS), "")


@kept
def first_rate(problem: DescentProblem) -> float:
    """The landscape's own, or else a learning rate at which gradient descent oscillates at the start, but less with
    each step: below the stability bound, 2 / curvature."""
    if problem.landscape.rate is not None:
        return problem.landscape.rate
    with np.errstate(all="ignore"):
        hessian = np.nan_to_num(problem.landscape.hessian(np.array(problem.start)))
        curvature = np.abs(np.linalg.eigvalsh(hessian)).max()
    wanted = LIVELY if problem.landscape.convex else CALM  # where the curvature grows there must be room
    return float(np.clip(wanted / curvature if curvature > 0 else LARGEST, RATES[0], LARGEST))
