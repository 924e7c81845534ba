"""Scenes of a detector in training."""

from collections.abc import Mapping

from core.stage import Task
from core.views.kit.view import Preset, Variant

DETECTION: Mapping[str, Preset] = {
    "Easy negatives drown the object": Preset(
        "Each object has 57 negatives. Most are easy, yet together they supply four fifths of the gradient.",
        {"view": "detection", "losses": "binary_cross_entropy", "step": "10"},
        Task(
            "Drag “Negatives per object” to 3.",
            "Negatives have half of the share they had, and average precision is above 0.8.",
        ),
        (
            Variant("Negatives per object 57", "easy negatives 80.5 %, AP 0"),
            Variant("Negatives per object 3", "easy negatives 36.9 %, AP 0.885", {"negatives": "3"}),
        ),
    ),
    "Focal loss listens to the object": Preset(
        "Focal takes the weight from negatives that are easy: at step 40 it finds objects already.",
        {"view": "detection", "losses": "focal"},
        Task(
            "Drag “Focal γ” to 0.",
            "Easy negatives supply more than twice as much of the gradient, and nothing is found.",
        ),
        (
            Variant("γ 2", "easy negatives 12.9 %, AP 0.387"),
            Variant("γ 0", "easy negatives 29.8 %, AP 0", {"focal.gamma": "0"}),
        ),
    ),
    "A score without a box": Preset(
        "λ is 0: the scores are trained, the boxes are not. Hardly any has an IoU of 0.75.",
        {"view": "detection", "probability": "0.01", "weight": "0", "step": "120", "threshold": "0.75"},
        Task("Drag “Weight λ of the box loss” to 1.", "Average precision is more than five times as high."),
        (
            Variant("λ 0", "AP of both below 0.1"),
            Variant("λ 1", "AP of both above 0.4", {"weight": ""}),
        ),
    ),
    "The loss falls, the metric does not": Preset(
        "In 20 steps both losses fall by more than 85 %. Average precision, at first a matter of chance, falls to 0.",
        {"view": "detection", "step": "20"},
        Task("Drag “Step” to 80.", "The losses fall only a little more, and average precision rises above 0.8."),
        (
            Variant("Step 20", "loss of BCE at 14.1 % of its start, AP 0"),
            Variant("Step 80", "loss of BCE at 7.9 % of its start, AP 0.917", {"step": "80"}),
        ),
    ),
    "Begin with rare objects": Preset(
        "Every score begins at a probability of 0.01: no step is lost on negatives that are sure to be wrong.",
        {"view": "detection", "probability": "0.01", "step": "5"},
        Task("Drag “Step” to 20.", "Average precision is above 0.9 under both losses."),
        (
            Variant("With a start at 0.01", "AP of BCE 0.832, of Focal 0.676"),
            Variant("With a start at 0.5", "AP of BCE 0, of Focal 0.001", {"probability": ""}),
        ),
    ),
}
