"""Races worth seeing: each shows one thing that descent does, and is a link."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset, Variant

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Overshoot": Preset(
            "Gradient descent jumps across the valley with every step, and still reaches the minimum.",
            {"condition": "45", "optimizers": "gradient_descent", "lr": "0.04", "x": "-2.6", "y": "1.2"},
            Task(
                "Drag “Learning rate” to 0.02.",
                "It stays on one side of the valley: the learning rate is below 1 / κ = 1 / 45 ≈ 0.022.",
            ),
            (
                Variant("Learning rate 0.04", "converged at step 149"),
                Variant("Learning rate 0.05", "diverged at step 1", {"lr": "0.05"}),
            ),
        ),
        "Learning rate too small": Preset(
            "The learning rate is hundreds of times too small: after 200 steps all are still near the start.",
            {"optimizers": "gradient_descent,rmsprop,adam", "lr": "0.0001", "x": "-2.6", "y": "0.6"},
            Task(
                "Drag “Learning rate” to 0.2.",
                "Gradient descent diverges: now the learning rate is too large for it; Adam converges.",
            ),
            (
                Variant("Learning rate 0.0001", "all are very slow"),
                Variant("Learning rate 0.05", "all converge", {"lr": "0.05"}),
            ),
        ),
        "Ravine": Preset(
            "Momentum adds up the small gradients along the valley: it arrives long before gradient descent.",
            {"condition": "100", "optimizers": "gradient_descent,momentum,nesterov", "lr": "0.0125", "y": "1"},
            Task(
                "Drag “Momentum β” to 0.98.",
                "Too much momentum: both run past the minimum, and none converges in 200 steps.",
            ),
            (
                Variant("Without momentum", "none converges", {"beta": "0"}),
                Variant("With momentum", "two converge"),
            ),
        ),
        "Local minimum": Preset(
            "Each optimizer ends in the nearest of many valleys, not in the deepest.",
            {"landscape": "rastrigin", "optimizers": "gradient_descent,rmsprop,adam", "lr": "0.0025", "x": "2.2",
             "y": "1.7"},
            Task(
                "Drag “Start x” to 0.",
                "All three end in a lower valley: where they start decides where they end.",
            ),
        ),
        "Cliff": Preset(
            "On a cliff one step takes gradient descent out of the picture; Adam's steps are no longer than usual.",
            {"landscape": "rosenbrock", "optimizers": "gradient_descent,adam", "lr": "0.0125", "x": "1.78",
             "y": "0.11"},
            Task(
                "Drag “Learning rate” to 0.0005.",
                "Gradient descent reaches the floor of the valley; Adam has hardly moved.",
            ),
        ),
        "Saddle escape": Preset(
            "Near a saddle the gradient is almost zero: gradient descent stays, Adam and RMSprop leave.",
            {"landscape": "saddle", "optimizers": "gradient_descent,rmsprop,adam", "steps": "100", "lr": "0.025",
             "x": "-1.5", "y": "1e-06"},
            Task(
                "Drag “Start y” to 0.6.",
                "Gradient descent leaves the saddle too, and sooner than Adam.",
            ),
            (
                Variant("Without noise", "gradient descent stays"),
                Variant("With noise", "it leaves, at step 99", {"noise": "0.2"}),
            ),
        ),
        "Sparse gradients": Preset(
            "In one direction the gradient is 100 times smaller: AdaGrad gives each direction its own rate.",
            {"condition": "100", "optimizers": "gradient_descent,momentum,adagrad,adam", "rates": "each",
             "gradient_descent.lr": "0.016", "momentum.lr": "0.0032", "adagrad.lr": "1", "adam.lr": "1"},
            Task(
                "Drag “AdaGrad learning rate” to 0.1.",
                "AdaGrad does not converge any more in 200 steps: it needs a good learning rate, too.",
            ),
            (
                Variant("GD learning rate 0.016", "not converged in 200 steps"),
                Variant("GD learning rate 0.025", "diverged at step 1", {"gradient_descent.lr": "0.025"}),
            ),
        ),
        "Noisy gradients": Preset(
            "With noise no optimizer settles: the smaller the learning rate, the closer it stays to the minimum.",
            {"landscape": "bowl", "lr": "0.2", "noise": "0.3"},
            Task(
                "Drag “Learning rate” to 0.05.",
                "All four stay closer to the minimum, and still none converges.",
            ),
            (
                Variant("Without noise", "all converge", {"noise": ""}),
                Variant("With noise", "none converges"),
            ),
        ),
        "Warm-up helps": Preset(
            "Used from the first step, this learning rate makes both diverge; reached slowly, it works.",
            {"landscape": "himmelblau", "optimizers": "momentum,nesterov", "schedule": "warmup_cosine", "lr": "0.016",
             "x": "-4.7", "y": "1.6"},
            Task(
                "Drag “Learning rate” to 0.02.",
                "Both diverge: a warm-up helps only up to a certain learning rate.",
            ),
            (
                Variant("Without warm-up", "both diverge, at steps 5 and 2", {"schedule": "cosine"}),
                Variant("With warm-up", "both converge, at steps 115 and 88"),
            ),
        ),
    }
)  # fmt: skip
