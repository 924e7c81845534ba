"""Runs worth seeing, as links: a test holds each to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset, Variant

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
                "Drag “Capacity (degree)” to 8.",
                "Both losses end less than half as high: the model does not underfit any more.",
            ),
        ),
        "Overfit": Preset(
            "A polynomial of degree 20 for 30 points: the training loss keeps falling, the validation loss rises.",
            {"task": "polynomial", "capacity": "20"},
            Task(
                "Drag “Capacity (degree)” to 8.",
                "The validation loss does not rise any more, and ends less than half as high.",
            ),
            (
                Variant("Without penalty", "overfitting, validation loss 0.61"),
                Variant("With penalty 0.01", "converged, validation loss 0.25", {"penalty": "0.01"}),
            ),
        ),
        "Learning rate too large": Preset(
            "The loss falls for a few steps, and then each step lands higher: it grows out of the picture.",
            {"task": "polynomial", "optimizer": "gradient_descent", "lr": "1"},
            Task(
                "Drag “Learning rate” to 0.01.",
                "Now it is too small: at the last epoch both losses are still falling.",
            ),
            (
                Variant("Learning rate 1", "diverging"),
                Variant("Learning rate 0.3", "converged", {"lr": "0.3"}),
            ),
        ),
        "Learning rate too small": Preset(
            "After 300 epochs the loss is still high and still falling: it needs many more epochs.",
            {"lr": "0.0001"},
            Task(
                "Drag “Learning rate” to 1.",
                "Now it is too large: both losses first shoot far above where they began.",
            ),
            (
                Variant("Learning rate 0.0001", "still learning, validation loss > 0.4"),
                Variant("Learning rate 0.01", "converged, validation loss < 0.1", {"lr": ""}),
            ),
        ),
        "Early stopping helps": Preset(
            "The network memorises the 30 training examples; ★ marks the model to keep.",
            {"task": "moons", "examples": "30", "patience": "30"},
            Task(
                "Drag “Learning rate” to 0.03.",
                "The network overfits sooner and more: ★ moves to an earlier epoch.",
            ),
            (
                Variant("Without early stopping", "validation loss 0.18", {"patience": ""}),
                Variant("With early stopping", "0.14 at ★"),
            ),
        ),
        "More data helps": Preset(
            "With 200 points even a polynomial of degree 12 follows the wave, and hardly overfits.",
            {"task": "polynomial", "capacity": "12", "examples": "200"},
            Task(
                "Drag “Training examples” to 10.",
                "It overfits: training loss ends lower, validation loss more than five times as high.",
            ),
            (
                Variant("30 examples", "overfitting, validation loss 0.38", {"examples": ""}),
                Variant("200 examples", "converged, validation loss 0.093"),
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
