"""Slices: planes through a network's parameters, two directions out of hundreds, and the loss over them.

A slice is a view of the landscape, not the landscape: what is a minimum in the plane may fall away in a direction that
is not in it, and another plane through the same point shows another picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from core.datasets import BinaryData
from core.landscapes.landscape import Landscape
from core.losses import Loss
from core.record import Source
from core.training.network import Layer, layers, loss_and_grad
from core.training.trained_network import TrainedNetwork

LI = Source("Li et al.", 2018, "Visualizing the loss landscape of neural nets", "arxiv:1712.09913")
DINH = Source("Dinh et al.", 2017, "Sharp minima can generalize for deep nets", "arxiv:1703.04933")
WINDOW = ((-1.0, 1.0), (-1.0, 1.0))
ALL_ROWS = slice(None)
MAX_LAYER_OUTPUTS = 100_000  # outputs of one layer at once: they stay in the processor's cache
STEP = 1e-4  # of the differences of gradients that make the Hessian
FARTHEST = 1e30  # steps from the centre: beyond, float32 ends
MARGIN = 1.25  # of the path's extent in a plane of its own


@dataclass(frozen=True, eq=False)
class Plane:
    """The parameters centre + a first + b second, for points (a, b); each [P]."""

    centre: np.ndarray
    first: np.ndarray
    second: np.ndarray
    one_unit: bool = True  # whether a step of 1 along one direction compares with a step along the other

    def at(self, points: np.ndarray) -> np.ndarray:
        """Parameters [..., P] at points [..., 2]."""
        return self.centre + points[..., :1] * self.first + points[..., 1:] * self.second


def random_plane(network: TrainedNetwork, seed: int) -> Plane:
    """The plane of two random directions through the end of training, filter-normalised (Li et al. 2018, section 4).

    A filter is the weights into one unit. Each filter of a direction is as long as the network's own, and biases stay.
    So a step of 1 changes every unit by as much as its own size, and large weights alone do not make a network look
    flat.
    """
    random = np.random.default_rng(seed)
    first, second = (filter_normalised(network.theta, random, network.recipe.sizes) for _ in range(2))
    return Plane(network.theta, first, second)


def filter_normalised(theta: np.ndarray, random: np.random.Generator, sizes: Sequence[int]) -> np.ndarray:
    """A random direction [P] whose filters are as long as those of the network theta [P]."""
    parts = []
    for layer, (inputs, outputs) in zip(layers(theta, sizes), pairwise(sizes), strict=True):
        drawn = random.normal(size=(inputs, outputs))
        drawn *= np.linalg.norm(layer.weights, axis=0) / np.linalg.norm(drawn, axis=0)
        parts += [drawn.ravel(), np.zeros(outputs)]
    return np.concatenate(parts)


def path_plane(network: TrainedNetwork) -> tuple[Plane, np.ndarray, np.ndarray]:
    """The plane of the training path's two principal components, the path in it [stops, 2], and their shares [2].

    The components are those of path - end, and the shares are of its variance (Li et al. 2018, section 7).
    """
    moved = network.path - network.theta
    _, size, directions = np.linalg.svd(moved, full_matrices=False)
    seen = moved @ directions[:2].T
    extent = MARGIN * np.abs(seen).max(axis=0)
    first, second = directions[:2] * extent[:, None]
    return Plane(network.theta, first, second, one_unit=False), seen / extent, (size**2 / np.sum(size**2))[:2]


def network_slice(
    network: TrainedNetwork, data: BinaryData, loss: Loss, plane: Plane, name: str, axes: tuple[str, str]
) -> Landscape:
    """The landscape of the mean loss over a plane of a network's parameters.

    loss: at its default parameters; axes: names of the two directions.

    Values are computed from float32 scores, gradients in float64. NaN where no network can be computed.
    """
    sizes = network.recipe.sizes
    chunk = max(1, MAX_LAYER_OUTPUTS // (len(data) * max(sizes[1:])))

    def in_chunks(points: np.ndarray, of: Callable[..., np.ndarray], tail: tuple[int, ...], *beside: Any) -> np.ndarray:
        """`of` at points [..., 2] and the elements of `beside` at each, a few at once: [..., *tail]."""
        flat = points.reshape(-1, 2)
        found = np.full((len(flat), *tail), np.nan)
        there = np.flatnonzero((np.abs(flat) <= FARTHEST).all(axis=-1))
        for begin in range(0, len(there), chunk):
            part = there[begin : begin + chunk]
            found[part] = of(flat[part], *(one[part] for one in beside))
        return found.reshape((*points.shape[:-1], *tail))

    def mean_loss(points: np.ndarray) -> np.ndarray:
        return loss.value(plane_scores(plane, points, data.features, sizes), data.target).mean(axis=-1)

    def plane_grad(points: np.ndarray, rows: np.ndarray | slice = ALL_ROWS, loss: Loss = loss) -> np.ndarray:
        _, full = loss_and_grad(plane.at(points), data.features[rows], data.target[rows], sizes, loss)
        return np.stack([full @ plane.first, full @ plane.second], axis=-1)

    def value(points: np.ndarray) -> np.ndarray:
        return in_chunks(points, mean_loss, ())

    def grad(points: np.ndarray) -> np.ndarray:
        return in_chunks(points, plane_grad, (2,))

    def sampled_grad(points: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
        def weighted_grad(some: np.ndarray, own: np.ndarray) -> np.ndarray:
            return plane_grad(some, rows, replace(loss, grad_of=lambda z, y, **its: own * loss.grad_of(z, y, **its)))

        shape = np.broadcast_shapes(points.shape[:-1], weights.shape[:-1])
        # The gradient is one of a mean over these rows; the sum is as many times that.
        own = np.broadcast_to(weights * len(rows), (*shape, len(rows))).reshape(math.prod(shape), len(rows))
        return in_chunks(np.broadcast_to(points, (*shape, 2)), weighted_grad, (2,), own)

    def hessian(points: np.ndarray) -> np.ndarray:
        steps = STEP * np.eye(2)
        columns = [(grad(points + step) - grad(points - step)) / (2 * STEP) for step in steps]
        found = np.stack(columns, axis=-1)
        return (found + np.swapaxes(found, -1, -2)) / 2

    return Landscape(
        name=name,
        value_of=value,
        grad_of=grad,
        hessian_of=hessian,
        sampled_grad_of=sampled_grad,
        examples=len(data),
        window=WINDOW,
        axes=axes,
        one_unit=plane.one_unit,
        template=r"\frac{1}{n} \sum_i L(f(x_i;\ \theta + a\, d_1 + b\, d_2),\ y_i)",
        about=data.about,
        source=LI,
        costly=True,
    )


def plane_scores(plane: Plane, points: np.ndarray, x: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """Raw scores [B, n], float64, of the networks at points [B, 2] of the plane, for inputs x [n, inputs].

    Computed in float32, because tanh is most of the work and four times as fast there. The inputs of the first units
    are linear in the point, so the products with x are made once for all points.
    """
    a, b = (points[:, axis, None, None].astype(np.float32) for axis in (0, 1))
    parts = [list(layers(part.astype(np.float32), sizes)) for part in (plane.centre, plane.first, plane.second)]
    inputs = x.astype(np.float32)
    signal: Any = None
    for number, (centre, first, second) in enumerate(zip(*parts, strict=True)):
        if number == 0:
            base, along, across = (inputs @ part.weights + part.biases for part in (centre, first, second))
            before = a * along
            before += base
            before += b * across
        else:
            layer = Layer(*(c + a * f + b * s for c, f, s in zip(centre, first, second, strict=True)))
            before = signal @ layer.weights
            before += layer.biases
        signal = np.tanh(before, out=before) if number < len(sizes) - 2 else before
    return signal[..., 0].astype(np.float64)
