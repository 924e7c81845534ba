"""One small network trained by Adam, with its path through the space of parameters: what slices of a landscape need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.datasets import BinaryData
from core.losses import Loss
from core.training.network import initial
from core.training.records import Examples, Perceptron, Plan, Setting
from core.training.run import train_runs

STOPS = 120  # points of the path that are kept


@dataclass(frozen=True)
class Recipe:
    """The settings of a network and of its training."""

    sizes: tuple[int, ...] = (2, 16, 16, 1)  # of the layers, the input's first
    batch: int = 0  # examples a step; 0 for all
    weight_decay: float = 0.0  # decoupled: AdamW's
    epochs: int = 300
    lr: float = 0.01
    seed: int = 0


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """The parameters at the end [P], and at even epochs on the way [stops, P], the initial ones first."""

    recipe: Recipe
    theta: np.ndarray
    path: np.ndarray


def train_network(data: BinaryData, loss: Loss, recipe: Recipe) -> TrainedNetwork:
    """The network of the recipe after training by Adam, or AdamW where there is weight decay, on the mean loss.

    The seed decides everything: it draws the initial weights and, from the same generator, an order of the examples
    for each epoch. Raises ValueError where `train_runs` does.
    """

    def orders(seed: int, examples: int) -> Iterator[np.ndarray]:
        random = np.random.default_rng(seed)
        initial(recipe.sizes, random)  # the draws before the first order
        while True:
            yield random.permutation(examples)

    setting = Setting(
        loss=loss,
        optimizer="adamw" if recipe.weight_decay else "adam",
        optimizer_params={"weight_decay": recipe.weight_decay} if recipe.weight_decay else {},
        epochs=recipe.epochs,
        batch=recipe.batch,
    )
    plan = Plan(model=Perceptron(recipe.sizes[1:-1]), lr=recipe.lr, seed=recipe.seed)
    history = train_runs(setting, [plan], [Examples.of(data)], keep=STOPS, curves=False, orders=orders)
    return TrainedNetwork(recipe, history.weights[0, -1], history.weights[0])
