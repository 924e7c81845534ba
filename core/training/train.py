"""Training a small network: mini-batches and Adam, everything that happens decided by the seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.datasets import Classes
from core.losses import Loss
from core.training.network import initial, loss_and_grad

STOPS = 120  # of the path that are kept
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8  # Adam's, as its authors set them


@dataclass(frozen=True)
class Recipe:
    """How a network is made and trained."""

    sizes: tuple[int, ...] = (2, 16, 16, 1)
    batch: int = 0  # examples a step; 0 for all
    decay: float = 0.0  # weight decay, decoupled (Loshchilov and Hutter 2019)
    epochs: int = 300
    rate: float = 0.01
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Run:
    """What came of it: the parameters at the end [P], and at even steps on the way [stops, P], the first ones first."""

    recipe: Recipe
    theta: np.ndarray
    path: np.ndarray
    steps: int


def train(data: Classes, loss: Loss, recipe: Recipe) -> Run:
    """Adam (Kingma and Ba 2015) on the mean loss, each epoch in a new order."""
    random = np.random.default_rng(recipe.seed)
    theta = initial(recipe.sizes, random)
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    size = recipe.batch or len(data)
    each = -(-len(data) // size)
    steps = recipe.epochs * each
    stops = set(np.unique(np.linspace(0, steps, STOPS).round().astype(int)).tolist())
    path = [theta]
    for step in range(1, steps + 1):
        if (step - 1) % each == 0:
            order = random.permutation(len(data))
        rows = order[(step - 1) % each * size :][:size]
        _, grad = loss_and_grad(theta, data.features[rows], data.target[rows], recipe.sizes, loss)
        first += (1 - BETA1) * (grad - first)
        second += (1 - BETA2) * (grad**2 - second)
        move = (first / (1 - BETA1**step)) / (np.sqrt(second / (1 - BETA2**step)) + EPS)
        theta = theta - recipe.rate * (move + recipe.decay * theta)
        if step in stops:
            path.append(theta)
    return Run(recipe, theta, np.array(path), steps)
