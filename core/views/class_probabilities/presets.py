"""Scenes of /class-probabilities: each is a link, and a test holds it to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset, Variant

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Three iris species": Preset(
            "Setosa stands apart. Versicolor and virginica overlap: a model of either loss confuses a few of them.",
            {"view": "train", "losses": "categorical_cross_entropy,multiclass_brier"},
            Task(
                "Drag “Cross-entropy smoothing ε” to 0.5.",
                "Cross-entropy is right less often, and much less sure; Brier stays as it is.",
            ),
            (
                Variant("Without squares", "log loss of cross-entropy 0.24"),
                Variant("With squares", "0.28, no better", {"features": "quadratic"}),
            ),
        ),
        "Wrong labels": Preset(
            "30 % of the training labels are wrong: their share moves cross-entropy, and hardly GCE.",
            {"view": "train", "wrong": "30"},
            Task(
                "Drag “GCE exponent s” to 0.05.",
                "GCE is now almost cross-entropy, and right as seldom.",
            ),
            (
                Variant("Wrong labels 30", "cross-entropy 76 % right, GCE 89.3 %"),
                Variant("Wrong labels 0", "both 90.7 %", {"wrong": ""}),
            ),
        ),
        "Smoothing and calibration": Preset(
            "Label smoothing makes probabilities less sure: here they were calibrated before.",
            {"view": "train", "data": "three_clouds", "label_smoothing": "0.1",
             "losses": "categorical_cross_entropy,multiclass_focal"},
            Task(
                "Drag “Cross-entropy smoothing ε” to 0.5.",
                "Its accuracy stays; its probabilities fall far below it.",
            ),
            (
                Variant("Smoothing ε 0.1", "ECE of cross-entropy 0.14"),
                Variant("Smoothing ε 0", "0.024", {"label_smoothing": ""}),
            ),
        ),
        "Squared error is slow": Preset(
            "Training begins sure of setosa, for every flower. Squared error hardly has a gradient there.",
            {"view": "train", "training": "gradient_descent", "level": "8",
             "losses": "categorical_cross_entropy,multiclass_brier"},
            Task(
                "Drag “Learning rate” to 10.",
                "Multiclass Brier gets to 80 % too, many steps after cross-entropy.",
            ),
            (
                Variant("Initial score 8", "Brier 33.3 % right, cross-entropy 92 %"),
                Variant("Initial score 0", "both 92 %", {"level": ""}),
            ),
        ),
    }
)  # fmt: skip
