"""The sliders of a race: what a person bends while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from core.optimizers import OPTIMIZERS
from core.stage import Slider
from core.stage.slider import DIGITS
from core.views.gradient_descent.problems import Arena
from core.views.kit import theme

X, Y, RATE, BETA, NOISE, BATCH, STEP = "x", "y", "lr", "beta", "noise", "batch", "step"
BETAS = ("momentum", "beta1")  # what optimizers call the part of the old direction that is kept
PREFERRED = np.array([1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0])  # ten a decade (ISO 3)
DECADES = 10.0 ** np.arange(-5, 1)
RATES = np.round(np.outer(DECADES, PREFERRED).ravel(), 8)
KEPT = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99])
LOUD = np.array([0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5])  # of the gradient's typical size in the picture
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)
PLACES = 21  # frames of a start's coordinate
# Where a gradient is costly, or much is shown of each frame.
FEW_KEPT, FEW_BATCHES, FEW_PLACES, SPARSE = np.array([0.0, 0.5, 0.8, 0.9, 0.95]), (8, 32), 9, 5
LIVELY, CALM, MOST = 1.6, 0.8, 0.1  # of rate times curvature at the start, on convex ground or not; and of the rate
FPS = 40


@lru_cache(maxsize=256)  # a page asks for them several times on every run
def race_sliders(
    arena: Arena, optimizers: tuple[str, ...], *, each: bool, steps: int, few: bool = False
) -> tuple[Slider, ...]:
    """The timeline, the rates, the momentum, the start, the noise, and the ground's own; with `few` frames or many."""
    found = [Slider(name=STEP, label="Step", values=np.arange(steps + 1.0), start=steps, kind="timeline", fps=FPS)]
    found += rate_sliders(arena, optimizers if each else ("",), RATES[::SPARSE] if few else RATES)
    if any(kept(key) for key in optimizers):
        values = FEW_KEPT if few else KEPT
        found.append(
            Slider(
                name=BETA,
                label=f"Momentum {momentum_symbol(optimizers)}",
                values=values,
                start=int(np.abs(values - 0.9).argmin()),
                recomputed=True,
            )
        )
    for number, (key, name) in enumerate(zip((X, Y), arena.landscape.axes, strict=True)):
        ends = arena.landscape.window[number]
        count = FEW_PLACES if few else PLACES
        places = np.array([float(f"{place:.{DIGITS}g}") for place in np.linspace(*ends, count)])
        slider = Slider(name=key, label=f"Start {name}", values=places, start=0, recomputed=True, continuous=True)
        place = slider.nearest(arena.start[number])
        there = slider.around(place)
        found.append(replace(there, start=there.frame(place)))
    own = (
        replace(slider, continuous=True) for slider in arena.sliders
    )  # a link can come from any frame of another page
    return (*found, noise_slider(arena, few), *own)


def rate_sliders(arena: Arena, optimizers: Sequence[str], rates: np.ndarray) -> list[Slider]:
    """One for each of the optimizers, or for "" one for all of them."""
    start = int(np.flatnonzero(rates <= lively_rate(arena))[-1])
    return [
        Slider(
            name=RATE,
            owner=key,
            label=f"{OPTIMIZERS[key].short} learning rate" if key else "Learning rate",
            values=rates,
            start=start,
            colour=theme.look(key).colour if key else "",
            recomputed=True,
        )
        for key in optimizers
    ]


def kept(key: str) -> str:
    """The parameter of an optimizer that the momentum's slider moves; none for most."""
    return next((param.name for param in OPTIMIZERS[key].params if param.name in BETAS), "")


def momentum_symbol(optimizers: Sequence[str]) -> str:
    """How the formulas of these optimizers write what the momentum's slider moves: β where any has it, or else β₁."""
    own = {kept(key): OPTIMIZERS[key].param(kept(key)).symbol for key in optimizers if kept(key)}
    return next(own[name] for name in BETAS if name in own)


def noise_slider(arena: Arena, few: bool) -> Slider:
    """How much is left out of a gradient of data, or else how much normal noise is added to it."""
    examples = arena.landscape.examples
    if examples:
        values = np.array([*(size for size in (FEW_BATCHES if few else BATCHES) if size < examples), examples])
        labels = (*(f"{value:g}" for value in values[:-1]), f"all {examples}")
        return Slider(name=BATCH, label="Batch size", values=values.astype(float), start=len(values) - 1, labels=labels,
                    recomputed=True)  # fmt: skip
    labels = ("none", *(f"{100 * value:.0f} %" for value in LOUD[1:]))
    return Slider(name=NOISE, label="Noise in the gradient", values=LOUD, start=0, labels=labels, recomputed=True)


def lively_rate(arena: Arena) -> float:
    """At which gradient descent swings at the start, but less with each step: the bound is 2 over the curvature."""
    with np.errstate(all="ignore"):
        bend = np.abs(np.linalg.eigvalsh(np.nan_to_num(arena.landscape.hessian(np.array(arena.start))))).max()
    wanted = LIVELY if arena.landscape.convex else CALM  # where the curvature grows there is need for room
    return float(np.clip(wanted / bend if bend > 0 else MOST, RATES[0], MOST))
