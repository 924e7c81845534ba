"""`descend`: an optimizer on a landscape, from any number of starts at any number of settings, in one batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np

from core.descent.noise import Noise
from core.landscapes.landscape import BoundLandscape, Landscape
from core.numerics import length
from core.optimizers.check import common_shape, start_points, whole_number
from core.optimizers.iterate import Stepper, iterate
from core.optimizers.optimizer import Optimizer

ESCAPED = 1e8  # a path that gets this many times farther from its start than the start is from the origin has diverged


class Runner(Stepper, Protocol):
    """What `descend` needs: an Optimizer, or several in parallel."""

    @property
    def key(self) -> str: ...

    def batch_shape(self, params: Mapping[str, Any]) -> tuple[int, ...]:
        """The shape [...] that its parameters broadcast to."""

    def run_shape(self, batch: tuple[int, ...]) -> tuple[int, ...]:
        """The shape [...] of a run's points, without [d], where parameters, start and the rest broadcast to `batch`."""


class Evaluations(NamedTuple):
    """How often each function was evaluated by the time each point was reached, int [points]."""

    values: np.ndarray
    gradients: np.ndarray
    hessians: np.ndarray

    @property
    def total(self) -> np.ndarray:
        return self.values + self.gradients + self.hessians


@dataclass(frozen=True, eq=False)
class Descent:
    """The paths of a batch of runs [...], each with its start first; nothing is clipped."""

    points: np.ndarray  # [steps + 1, ..., d]
    values: np.ndarray  # [steps + 1, ...], of the landscape
    gradients: np.ndarray  # [steps + 1, ..., d], of the landscape
    noisy_gradients: np.ndarray  # [steps, ..., d], those that the optimizer got; without noise the same as `gradients`
    # The first step at which the point or the value is not finite, or the point is farther from the start than
    # ESCAPED (1 + |start|); -1 where there is none.
    diverged_at: np.ndarray  # int [...]
    evaluations: Evaluations

    @property
    def steps(self) -> int:
        return len(self.points) - 1


def descend(
    optimizer: Runner, landscape: Any, start: Any, steps: int, *, noise: Noise | None = None, **params: Any
) -> Descent:
    """The Descent of an optimizer's run of `steps` from `start` [..., d].

    optimizer: an Optimizer, or several from `in_parallel`: then axis 0 of [...] is the optimizer, and `params` holds a
        mapping of parameters for each, by key.
    landscape: a Landscape, or anything with `value` and `grad`. Its parameters are set by `landscape.at(...)`.
    noise: added to the gradients, or replacing them by those of mini-batches.
    params: the optimizer's, numbers or arrays [...]; a missing one takes its default.

    Start and parameters, those of the noise and the landscape too, broadcast with each other to [...]: each element is
    a run of its own. Raises ValueError for a start, a number of steps or a parameter outside its domain, and for shapes
    that do not broadcast; TypeError for an unknown parameter.
    """
    steps, surface = whole_number(steps, "steps"), surface_of(landscape)
    start = start_points(start, surface.dimension)
    with np.errstate(all="ignore"):
        landscape_shape = np.shape(surface.grad(start))[:-1]
        shapes = {
            "start": start.shape[:-1],
            "the landscape": landscape_shape if landscape_shape != start.shape[:-1] else (),
            "the parameters": optimizer.batch_shape(params),
            "the noise": noise.shape if noise else (),
        }
        shape = (*optimizer.run_shape(common_shape(shapes, optimizer.key)), start.shape[-1])
        points, gradients = np.empty((2, steps + 1, *shape))
        noisy_gradients = np.empty((steps, *shape)) if noise else gradients[:-1]
        noisy = noise.noisy_gradient(surface, shape, steps) if noise else None

        def gradient(step: int, x: np.ndarray) -> np.ndarray:
            gradients[step] = surface.grad(x)
            if noisy:
                noisy_gradients[step] = noisy(step, x, gradients[step])
            return noisy_gradients[step]

        points[0] = start
        for step, (x, _) in enumerate(iterate(optimizer, points[0], gradient, steps, **params)):
            points[step] = x
        gradients[steps] = surface.grad(points[steps])
        values = surface.value(points)
        evaluations = one_gradient_a_step(steps)
        return Descent(points, values, gradients, noisy_gradients, divergence_step(points, values), evaluations)


def update_terms(optimizer: Optimizer, points: Any, noisy_gradients: Any, **params: Any) -> dict[str, np.ndarray]:
    """The quantities of every step of a run: LaTeX symbol -> [steps, ..., d], in the order of `Optimizer.terms`.

    points [steps + 1, ..., d], noisy_gradients [steps, ..., d]: those of a Descent, or of some of its runs.
    params: those of these runs.
    """

    def gradient(step: int, _: np.ndarray) -> np.ndarray:
        return noisy_gradients[step]

    states = iterate(optimizer, np.asarray(points[0]), gradient, len(noisy_gradients), **params)
    with np.errstate(all="ignore"):
        steps = [
            optimizer.terms(x, grad, after, made)
            for grad, ((x, _), (after, made)) in zip(noisy_gradients, pairwise(states), strict=True)
        ]
    shape = np.shape(points[0])
    return {name: np.stack([np.broadcast_to(one[name], shape) for one in steps]) for name in (steps or [{}])[0]}


def surface_of(landscape: Any) -> BoundLandscape:
    """The landscape's functions as a BoundLandscape: unchecked where it is a Landscape, else as they are."""
    if isinstance(landscape, BoundLandscape):
        return landscape
    if isinstance(landscape, Landscape):
        return landscape.at()
    return BoundLandscape(
        value=landscape.value,
        grad=landscape.grad,
        hessian=getattr(landscape, "hessian", None),
        dimension=None,
        key=getattr(landscape, "key", ""),
    )


def divergence_step(points: np.ndarray, values: np.ndarray) -> np.ndarray:
    """`Descent.diverged_at` [...], from points [steps + 1, ..., d] and values [steps + 1, ...]."""
    escaped = length(points - points[0]) > ESCAPED * (1 + length(points[0]))
    lost = escaped | ~np.isfinite(values) | ~np.isfinite(points).all(axis=-1)
    return np.where(lost.any(axis=0), lost.argmax(axis=0), -1)


def one_gradient_a_step(steps: int) -> Evaluations:
    """The Evaluations of a run that evaluates one gradient a step and nothing else."""
    none = np.zeros(steps + 1, dtype=int)
    return Evaluations(none, np.arange(steps + 1), none)


def concatenated(descents: Sequence[Descent], numbers: np.ndarray) -> Descent:
    """Descents of as many steps side by side, in the order of their runs' numbers.

    The runs are the second axis of `points` [steps + 1, optimizers, runs, 2] after the steps; numbers: [runs].
    """
    axes = {"points": 2, "values": 2, "gradients": 2, "noisy_gradients": 2, "diverged_at": 1}
    order = np.argsort(numbers)
    joined = {
        name: np.concatenate([getattr(one, name) for one in descents], axis=axis).take(order, axis=axis)
        for name, axis in axes.items()
    }
    return Descent(**joined, evaluations=descents[0].evaluations)
