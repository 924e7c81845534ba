"""Runs worth seeing, as links: a test holds each to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Healthy": Preset(
            "Both losses fall, flatten and stay together: the model does as well on points that it has not seen.",
            {"task": "polynomial"},
            Task(
                "Drag “Noise” to 0.8.",
                "Both losses flatten at a far higher level: no model can predict the noise.",
            ),
        ),
        "Underfit": Preset(
            "A straight line cannot follow the wave: both losses stay high and flat.",
            {"task": "polynomial", "capacity": "1"},
            Task(
                "Drag “Capacity (degree)” to 5.",
                "Both losses end less than a third as high: the model does not underfit any more.",
            ),
        ),
        "Overfit": Preset(
            "A polynomial of degree 20 for 30 points: the training loss keeps falling, the validation loss rises.",
            {"task": "polynomial", "capacity": "20"},
            Task(
                "Drag “Penalty” to 0.01.",
                "The validation loss does not rise any more, and ends less than half as high.",
            ),
        ),
        "Learning rate too large": Preset(
            "The loss falls for a few steps, and then each step lands higher: it grows out of the picture.",
            {"task": "polynomial", "optimizer": "gradient_descent", "lr": "1"},
            Task(
                "Drag “Learning rate” to 0.3.",
                "Both losses fall and flatten: no step lands higher any more.",
            ),
        ),
        "Learning rate too small": Preset(
            "After 300 epochs the loss is still high and still falling: it needs many more epochs.",
            {"lr": "0.0001"},
            Task(
                "Drag “Learning rate” to 0.01.",
                "Training converges: both losses end less than a third as high.",
            ),
        ),
        "Early stopping helps": Preset(
            "The network memorises the 30 training examples; ★ marks the model to keep.",
            {"task": "moons", "examples": "30", "patience": "30"},
            Task(
                "Drag “Learning rate” to 0.03.",
                "The network overfits sooner and more: ★ moves to an earlier epoch.",
            ),
        ),
        "More data helps": Preset(
            "The same degree 20 with 200 points: the model follows the wave, and overfits far less.",
            {"task": "polynomial", "capacity": "20", "examples": "200"},
            Task(
                "Drag “Training examples” to 30.",
                "It overfits: training loss ends lower, validation loss more than five times as high.",
            ),
        ),
        "Slow start": Preset(
            "The model starts sure of the wrong class: there the gradient of the Brier score is almost 0.",
            {"view": "losses", "task": "moons"},
            Task(
                "Drag “Initial score” to 8.",
                "BCE learns almost as before; under Brier the accuracy stays at 50 % to the last epoch.",
            ),
        ),
    }
)
