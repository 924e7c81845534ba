"""The only loop: one rule, or several together, from any number of starts at any number of settings, in one batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np

from core.descent.noise import Noise
from core.landscapes.landscape import Landscape, Surface
from core.numerics import length
from core.optimizers.check import agreed, starting, whole
from core.optimizers.iterate import Stepper, iterate
from core.optimizers.optimizer import Optimizer

FAR = 1e8  # a path that leaves its start this many times farther than the start is from the origin has diverged


class Runner(Stepper, Protocol):
    """What `descend` needs: an Optimizer, or several in parallel."""

    @property
    def key(self) -> str: ...

    def shape(self, params: Mapping[str, Any]) -> tuple[int, ...]:
        """The lanes that its parameters make."""

    def lanes(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The lanes of its run, once all that broadcasts with them has."""


class Evaluations(NamedTuple):
    """How often the landscape was asked by the time each point was reached, each [points]."""

    values: np.ndarray
    gradients: np.ndarray
    hessians: np.ndarray

    @property
    def total(self) -> np.ndarray:
        return self.values + self.gradients + self.hessians


@dataclass(frozen=True, eq=False)
class Descent:
    """What came of a run: every point of every lane [...], the start first; nothing is clipped.

    Values and gradients are those of the landscape itself; `seen` is what the optimizer was shown, noise and all.
    """

    points: np.ndarray  # [steps + 1, ..., d]
    values: np.ndarray  # [steps + 1, ...]
    gradients: np.ndarray  # [steps + 1, ..., d]
    seen: np.ndarray  # [steps, ..., d]
    # The first step at which the point or the value is not finite, or the point is farther from the start than
    # FAR (1 + |start|); -1 where there is none.
    diverged_at: np.ndarray  # [...] int
    evaluations: Evaluations

    @property
    def steepness(self) -> np.ndarray:
        """Length of the gradient at every point [steps + 1, ...]."""
        return length(self.gradients)

    @property
    def steps(self) -> int:
        return len(self.points) - 1


def descend(
    optimizer: Runner, landscape: Any, start: Any, steps: int, *, noise: Noise | None = None, **params: Any
) -> Descent:
    """Run the optimizer for a number of steps from `start` [..., d].

    The parameters, numbers or arrays, broadcast with [...], and so do those of the noise and of the landscape (given to
    `landscape.at`): each element is a lane that runs by itself. A landscape is anything with `value` and `grad`. Of
    optimizers `together`, axis 0 is the optimizer and the parameters are a mapping for each, by key.
    Raises ValueError for a start, a number of steps or a parameter that cannot be, TypeError for an unknown parameter.
    """
    steps, surface = whole(steps, "steps"), surface_of(landscape)
    start = starting(start, surface.dimension)
    with np.errstate(all="ignore"):
        ground = np.shape(surface.grad(start))[:-1]
        shapes = {
            "start": start.shape[:-1],
            "the landscape": ground if ground != start.shape[:-1] else (),
            "the parameters": optimizer.shape(params),
            "the noise": noise.shape if noise else (),
        }
        x = np.broadcast_to(start, (*optimizer.lanes(agreed(shapes, optimizer.key)), start.shape[-1]))
        points, gradients = np.empty((2, steps + 1, *x.shape))
        seen = np.empty((steps, *x.shape)) if noise else gradients[:-1]
        shown = noise.shown(surface, x.shape, steps) if noise else None
        points[0] = x

        def gradient(number: int, x: np.ndarray) -> np.ndarray:
            gradients[number] = surface.grad(x)
            if shown:
                seen[number] = shown(number, x, gradients[number])
            return seen[number]

        for number, (x, _) in enumerate(iterate(optimizer, points[0], gradient, steps, **params)):
            points[number] = x
        gradients[steps] = surface.grad(points[steps])
        values = surface.value(points)
        return Descent(points, values, gradients, seen, diverged(points, values), counted(steps))


def dissect(optimizer: Optimizer, points: Any, seen: Any, **params: Any) -> dict[str, np.ndarray]:
    """Every step of a run taken apart: LaTeX symbol -> array [steps, ..., d], named and ordered as `Optimizer.terms`.

    `points` [steps + 1, ..., d] and the gradients that were `seen` [steps, ..., d] are those of a `Descent`, or of some
    of its lanes; the parameters are those of these lanes.
    """
    pairs = pairwise(iterate(optimizer, np.asarray(points[0]), lambda number, _: seen[number], len(seen), **params))
    with np.errstate(all="ignore"):
        steps = [
            optimizer.named(x, grad, after, state) for grad, ((x, _), (after, state)) in zip(seen, pairs, strict=True)
        ]
    shape = np.shape(points[0])
    return {name: np.stack([np.broadcast_to(one[name], shape) for one in steps]) for name in (steps or [{}])[0]}


def surface_of(landscape: Any) -> Surface:
    """A landscape's functions, unchecked where it has such."""
    if isinstance(landscape, Surface):
        return landscape
    if isinstance(landscape, Landscape):
        return landscape.at()
    return Surface(
        value=landscape.value,
        grad=landscape.grad,
        hessian=getattr(landscape, "hessian", None),
        dimension=None,
        key=getattr(landscape, "key", ""),
    )


def diverged(points: np.ndarray, values: np.ndarray) -> np.ndarray:
    gone = length(points - points[0]) > FAR * (1 + length(points[0]))
    lost = gone | ~np.isfinite(values) | ~np.isfinite(points).all(axis=-1)
    return np.where(lost.any(axis=0), lost.argmax(axis=0), -1)


def counted(steps: int) -> Evaluations:
    """One gradient a step, and nothing else."""
    none = np.zeros(steps + 1, dtype=int)
    return Evaluations(none, np.arange(steps + 1), none)
