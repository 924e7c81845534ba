"""Runs worth seeing, as links: a test holds each to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Healthy": Preset(
            "Both losses fall, flatten and stay together: the model has learned what there is to learn.",
            {"task": "polynomial"},
        ),
        "Underfit": Preset(
            "A straight line cannot follow the wave: both losses stay high and flat.",
            {"task": "polynomial", "capacity": "1"},
        ),
        "Overfit": Preset(
            "A polynomial of degree 20 for 30 points: the training loss keeps falling, the validation loss rises.",
            {"task": "polynomial", "capacity": "20"},
        ),
        "Learning rate too large": Preset(
            "Every step jumps over the minimum and lands higher: the loss grows out of the picture.",
            {"task": "polynomial", "optimizer": "gradient_descent", "lr": "1"},
        ),
        "Learning rate too small": Preset(
            "After 300 epochs the loss is still high and still falling: it needs many more epochs.",
            {"lr": "0.0001"},
        ),
        "Early stopping helps": Preset(
            "The network memorises the 30 training examples; ★ marks the model to keep.",
            {"task": "moons", "examples": "30", "patience": "30"},
        ),
        "More data helps": Preset(
            "The same degree 20 with 200 points: the model follows the wave and not the noise.",
            {"task": "polynomial", "capacity": "20", "examples": "200"},
        ),
        "Slow start": Preset(
            "The model starts sure of the wrong class: there the gradient of the Brier score is almost 0.",
            {"view": "losses", "task": "moons"},
        ),
    }
)
