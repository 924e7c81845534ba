"""Runs worth seeing: each has a fate, is a link, and a test holds it to that."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.views.presets import Preset

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Healthy": Preset(
            "Both losses fall, flatten and stay together: the model has learned what there is to learn.",
            {"task": "polynomial"},
        ),
        "Underfit": Preset(
            "A straight line has no room for the wave: both losses are flat and high.",
            {"task": "polynomial", "capacity": "1"},
        ),
        "Overfit": Preset(
            "Twenty degrees of freedom for thirty points: training loss falls on, validation turns.",
            {"task": "polynomial", "capacity": "20"},
        ),
        "Rate too large": Preset(
            "Every step leaps over the valley and lands higher: the loss climbs out of the picture.",
            {"task": "polynomial", "optimizer": "gradient_descent", "lr": "1"},
        ),
        "Rate too small": Preset(
            "After 300 epochs most of the loss is left and still falls: it would go on for many more.",
            {"lr": "0.0001"},
        ),
        "Early stopping saves it": Preset(
            "With 30 examples the network learns them by heart; the star is the model to keep.",
            {"task": "moons", "examples": "30", "patience": "30"},
        ),
        "More data cures it": Preset(
            "The same twenty degrees with 200 points: nothing left to chase but the wave.",
            {"task": "polynomial", "capacity": "20", "examples": "200"},
        ),
        "Slow start": Preset(
            "Sure of the wrong class at first: squared error on the probability hardly pulls there.",
            {"view": "losses", "task": "moons"},
        ),
    }
)
