"""Examples and runs that several tests share."""

import numpy as np

from core.losses import FAMILIES, LOSSES, losses_that_fit
from core.training import Examples, Perceptron, Plan, Polynomial

SQUARE, ENTROPY = LOSSES["squared_error"], LOSSES["binary_cross_entropy"]
FITTING = list(losses_that_fit("network").values())


def sample(loss, count, seed=0, inputs=1):
    """Points of a wave, targets that the loss can take."""
    random = np.random.default_rng(seed)
    x = random.uniform(-2, 2, size=(count, inputs))
    wave = np.sin(2 * x).sum(axis=1) + 0.3 * random.normal(size=count)
    return Examples(x, (wave > 0) * 1.0 if FAMILIES[loss.family].classes else np.abs(wave) + 0.1)


# One batch of everything that a run may have of its own.
VARIED = [
    Plan(model=Perceptron((5, 3)), lr=0.02, seed=1),
    Plan(model=Perceptron((2, 6)), lr=0.01, l2=0.01, seed=2),
    Plan(model=Perceptron((4,)), lr=0.03, l1=0.01, initial_score=0.5, seed=2),
    Plan(model=Polynomial(7), lr=0.02, l1=0.01, l2=0.02),
    Plan(model=Polynomial(0), lr=0.02, l2=0.5),
    Plan(model=Polynomial(2), lr=0.04, seed=3),
    Plan(model=Perceptron(()), lr=0.02),
    Plan(model=Perceptron((7, 7)), lr=0.015, seed=9),
]
COUNTS = [20, 13, 20, 7, 31, 20, 1, 28]


def varied(loss):
    """Examples for each of VARIED, as many as COUNTS, and validation examples."""
    train = [sample(loss, count, seed=count) for count in COUNTS]
    return train, [sample(loss, 5 + run, seed=100 + run) for run in range(len(COUNTS))]
