"""A small multi-layer perceptron: tanh layers and one raw score, for any number of parameter vectors at once.

Parameters are flat vectors [..., P]: for each layer its weights (inputs x outputs, row by row), then its biases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from core.losses import Loss


class Layer(NamedTuple):
    """The weights and biases of one layer, for any number of networks."""

    weights: np.ndarray  # [..., inputs, outputs]
    biases: np.ndarray  # [..., outputs]


class Place(NamedTuple):
    """Where a layer stands among the parameters of a network."""

    weights: slice
    shape: tuple[int, int]  # inputs, outputs
    biases: slice


@cache  # every step of a training asks
def places(sizes: tuple[int, ...]) -> tuple[Place, ...]:
    """The places of the layers of a network of these sizes, the input's first."""
    found, at = [], 0
    for inputs, outputs in pairwise(sizes):
        biases = at + inputs * outputs
        found.append(Place(slice(at, biases), (inputs, outputs), slice(biases, at := biases + outputs)))
    return tuple(found)


def count(sizes: Sequence[int]) -> int:
    """The number of parameters P of a network of these layer sizes, the input's first."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


def layers(theta: np.ndarray, sizes: Sequence[int]) -> Iterator[Layer]:
    """The layers of parameters [..., P], as views. ValueError unless P fits the sizes."""
    if theta.shape[-1] != (parameters := (found := places(tuple(sizes)))[-1].biases.stop):
        raise ValueError(f"a network of {list(sizes)} has {parameters} parameters, got {theta.shape[-1]}")
    for place in found:
        yield Layer(theta[..., place.weights].reshape(*theta.shape[:-1], *place.shape), theta[..., place.biases])


def initial(sizes: Sequence[int], random: np.random.Generator) -> np.ndarray:
    """Initial parameters [P]: weights uniform in +-sqrt(6 / (inputs + outputs)), biases 0.

    Source: Glorot and Bengio (2010), equation 16.
    """
    parts = []
    for inputs, outputs in pairwise(sizes):
        reach = np.sqrt(6.0 / (inputs + outputs))
        parts += [random.uniform(-reach, reach, inputs * outputs), np.zeros(outputs)]
    return np.concatenate(parts)


def forward(theta: np.ndarray, x: np.ndarray, sizes: Sequence[int]) -> tuple[list[np.ndarray], np.ndarray]:
    """The input of each layer [..., n, its inputs], and the raw scores [..., n].

    theta: parameters [..., P]; x: points [n, inputs] or [..., n, inputs].

    A unit whose weights, in and out, and bias are 0 has output and gradient 0: it changes nothing and never changes.
    """
    signal, entering = x, []
    *hidden, last = layers(theta, sizes)
    for layer in hidden:
        entering.append(signal)
        signal = signal @ layer.weights
        signal += layer.biases[..., None, :]
        np.tanh(signal, out=signal)
    entering.append(signal)
    return entering, (signal @ last.weights + last.biases[..., None, :])[..., 0]


def backward(
    theta: np.ndarray, entering: Sequence[np.ndarray], score_grad: np.ndarray, sizes: Sequence[int]
) -> np.ndarray:
    """The gradient [..., P] of a sum of losses over the points, by back-propagation (Rumelhart et al. 1986).

    entering: the input of each layer, as `forward` returns them; score_grad: d loss / d score of each point [..., n].
    """
    upstream = score_grad[..., None]  # d loss / d output of a layer
    parts: list[np.ndarray] = []
    for number, layer in reversed(list(enumerate(layers(theta, sizes)))):
        incoming = entering[number]
        own = incoming.mT @ upstream
        parts[:0] = [own.reshape(*own.shape[:-2], own.shape[-2] * own.shape[-1]), upstream.sum(axis=-2)]
        if number:
            upstream = upstream @ layer.weights.mT
            upstream *= 1.0 - incoming * incoming
    return np.concatenate(parts, axis=-1)


def scores(theta: np.ndarray, x: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """Raw scores [..., n] of points x [n, inputs], in the precision of theta."""
    return forward(theta, x.astype(theta.dtype), sizes)[1]


def loss_and_grad(
    theta: np.ndarray, x: np.ndarray, target: np.ndarray, sizes: Sequence[int], loss: Loss, **params: Any
) -> tuple[np.ndarray, np.ndarray]:
    """The mean loss [...] over points x [n, inputs] with target [n], and its gradient [..., P]."""
    entering, z = forward(theta, x, sizes)
    score_grad = loss.grad(z, target, **params) / len(target)
    return loss.value(z, target, **params).mean(axis=-1), backward(theta, entering, score_grad, sizes)
