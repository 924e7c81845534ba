"""Races worth seeing: each shows one thing that descent does, and is a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Preset:
    """Words of an address, and what one sees there; a test holds it to that."""

    shows: str
    address: Mapping[str, str]


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Overshoot": Preset(
            "Gradient descent leaps across the ravine with every step, and still arrives.",
            {"optimizers": "gradient_descent", "lr": "0.08", "x": "-2.6", "y": "1.2"},
        ),
        "Glacial": Preset(
            "A learning rate a hundred times too small: 200 steps go nowhere.",
            {"optimizers": "gradient_descent,momentum", "lr": "0.0005"},
        ),
        "Ravine": Preset(
            "Momentum adds up the small pushes along the valley: it is there while gradient descent still creeps.",
            {"optimizers": "gradient_descent,momentum,nesterov", "condition": "100", "lr": "0.0125", "y": "1"},
        ),
        "Trapped": Preset(
            "Every one of them ends in the nearest of many valleys, not in the deepest.",
            {"landscape": "rastrigin", "optimizers": "gradient_descent,rmsprop,adam", "lr": "0.0025", "x": "2.2",
             "y": "1.7"},
        ),
        "Cliff": Preset(
            "One step on a cliff throws gradient descent out of the picture; Adam's steps stay as long as its rate.",
            {"landscape": "beale", "optimizers": "gradient_descent,adam", "lr": "0.02", "x": "-3.5", "y": "-3.5"},
        ),
        "Saddle escape": Preset(
            "Beside a saddle the slope is nearly zero: gradient descent lingers, those that divide by its size leave.",
            {"landscape": "saddle", "optimizers": "gradient_descent,momentum,rmsprop,adam", "lr": "0.01", "x": "-2.4",
             "y": "0.0001"},
        ),
        "Sparse gradients": Preset(
            "Far from the minimum along a gentle direction, near along a steep one: AdaGrad gives each its own rate.",
            {"landscape": "ravine", "condition": "100", "optimizers": "gradient_descent,momentum,adagrad",
             "rates": "each", "adagrad.lr": "1", "gradient_descent.lr": "0.016", "momentum.lr": "0.0016"},
        ),
        "Noisy gradients": Preset(
            "With noise none comes to rest: the learning rate is how far from the minimum it dances.",
            {"landscape": "bowl", "optimizers": "gradient_descent,momentum,adam", "lr": "0.1", "noise": "0.5"},
        ),
        "Warm-up saves it": Preset(
            "The same learning rate, reached slowly: the steep wall is behind by the time steps are long.",
            {"landscape": "rosenbrock", "optimizers": "gradient_descent,momentum", "schedule": "warmup", "lr": "0.002"},
        ),
    }
)  # fmt: skip
