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
            {"condition": "45", "optimizers": "gradient_descent", "lr": "0.04", "x": "-2.6", "y": "1.2"},
        ),
        "Glacial": Preset(
            "A learning rate hundreds of times too small: after 200 steps they have hardly left the start.",
            {"optimizers": "gradient_descent,rmsprop,adam", "lr": "0.0001", "x": "-2.6", "y": "0.6"},
        ),
        "Ravine": Preset(
            "Momentum adds up the small pushes along the valley: it is there while gradient descent still creeps.",
            {"condition": "100", "optimizers": "gradient_descent,momentum,nesterov", "lr": "0.0125", "y": "1"},
        ),
        "Trapped": Preset(
            "Every one of them ends in the nearest of many valleys, not in the deepest.",
            {"landscape": "rastrigin", "optimizers": "gradient_descent,rmsprop,adam", "lr": "0.0025", "x": "2.2",
             "y": "1.7"},
        ),
        "Cliff": Preset(
            "On a cliff one step throws gradient descent out of the picture; Adam's steps are no longer than usual.",
            {"landscape": "rosenbrock", "optimizers": "gradient_descent,adam", "lr": "0.0125", "x": "1.78",
             "y": "0.11"},
        ),
        "Saddle escape": Preset(
            "Beside a saddle the slope is nearly zero: gradient descent lingers, those that divide by its size leave.",
            {"landscape": "saddle", "optimizers": "gradient_descent,rmsprop,adam", "steps": "100", "lr": "0.025",
             "x": "-1.5", "y": "1e-06"},
        ),
        "Sparse gradients": Preset(
            "One direction has a hundredth of the slope, as a rare feature has: AdaGrad gives each its own rate.",
            {"condition": "100", "optimizers": "gradient_descent,momentum,adagrad,adam", "rates": "each",
             "gradient_descent.lr": "0.016", "momentum.lr": "0.0032", "adagrad.lr": "1", "adam.lr": "1"},
        ),
        "Noisy gradients": Preset(
            "With noise none comes to rest: the smaller the learning rate, the nearer to the minimum they dance.",
            {"landscape": "bowl", "optimizers": "gradient_descent,momentum,rmsprop,adam", "lr": "0.2", "noise": "0.3"},
        ),
        "Warm-up saves it": Preset(
            "From the first step on this learning rate would throw both out; reached slowly, it brings both down.",
            {"landscape": "himmelblau", "optimizers": "momentum,nesterov", "schedule": "warmup_cosine", "lr": "0.016",
             "x": "-4.7", "y": "1.6"},
        ),
    }
)  # fmt: skip
