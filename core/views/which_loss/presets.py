"""Well-known choices, as scenes of /which-loss."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Heavy tails": Preset(
            "Far points are rare but right: absolute error wins in most seeds, by a little.",
            {"data": "heavy", "cost": "absolute", "tail": "0.5"},
            Task("Drag “Tail weight h” to 0.", "Without far points MSE wins: MAE scatters more from seed to seed."),
        ),
        "Too high costs 3 times": Preset(
            "A forecast that is too high costs three times as much: the cheapest one is the quantile 1/4.",
            {"data": "plain", "cost": "over"},
            Task(
                "Drag “Cost of too high (too low = 1)” to 1.",
                "Both mistakes cost the same: MSE wins against the median.",
            ),
        ),
        "Too low costs 5 times": Preset(
            "Where stock runs out, too low costs five times as much as too high: the quantile 5/6 is cheapest.",
            {"data": "plain", "cost": "over", "ratio": "0.2"},
            Task(
                "Drag “Cost of too high (too low = 1)” to 1.",
                "Both mistakes cost the same: MSE wins against the median.",
            ),
        ),
        "Large counts": Preset(
            "The counts are large, and none is 0 for another reason: even then the logarithm forecasts too low a sum.",
            {"predict": "count", "data": "counts", "mean": "8"},
            Task("Drag “Mean count at x = 0” to 0.5.", "With small counts Poisson wins more often, and saves more."),
        ),
        "Fraud, 0.1 %": Preset(
            "One case in 1,000 is positive, and costs 100 false positives if it is missed: the threshold does it.",
            {"predict": "two_classes", "share": "0.001", "ratio": "100"},
            Task(
                "Drag “Cost of a false negative (false positive = 1)” to 1.",
                "The advised threshold is 0.5 like the other: both cost the same.",
            ),
        ),
        "Cancer screening": Preset(
            "A missed case costs 200 false positives: predict positive from 0.5 % on.",
            {"predict": "two_classes", "share": "0.005", "ratio": "200"},
            Task(
                "Drag “Share of positives” to 50 %.",
                "The same threshold saves more than nine tenths: it depends on the costs alone.",
            ),
        ),
        "Loan approval": Preset(
            "A bad loan that is approved costs 12 good ones that are refused: approve from 92 % on.",
            {"predict": "two_classes", "data": "even", "cost": "positive", "ratio": "12"},
            Task(
                "Drag “Cost of a false positive (false negative = 1)” to 2.",
                "The threshold falls to 2 / (2 + 1) ≈ 0.667, and saves less against 0.5.",
            ),
        ),
        "Right labels": Preset(
            "No label is wrong: cross-entropy has the better probabilities, and GCE no advantage.",
            {"predict": "classes", "flipped": "0", "cost": "probability"},
            Task("Drag “Share of wrong labels” to 30 %.", "With wrong labels GCE wins in nearly every seed."),
        ),
        "Anchors that miss": Preset(
            "No box meets its object at first: EIoU finds the objects in every seed, IoU stays where it is.",
            {"predict": "boxes", "distance": "2"},
            Task("Drag “Distance of the anchors, in widths” to 0.", "The boxes overlap, and EIoU wins only a little."),
        ),
        "Objects of all sizes": Preset(
            "The largest object has 30 times the side of the smallest, and each counts the same: EIoU wins.",
            {"predict": "boxes", "data": "overlap", "ratio": "30"},
            Task("Drag “Largest side / smallest side” to 2.", "Pixels are shares of a box then: EIoU saves less."),
        ),
        "Lesion of 1 %": Preset(
            "One pixel in 100 belongs to the object, and IoU judges: Dice wins in every seed.",
            {"predict": "masks"},
            Task(
                "Drag “Contrast to the background” to 4.", "Hardly any pixel is doubtful then: Dice saves less."
            ),
        ),
        "A missed pixel costs 20": Preset(
            "The weight of cross-entropy says what a missed pixel costs; Dice does not know it.",
            {"predict": "masks", "cost": "missed", "ratio": "20"},
            Task("Drag “Cost of a missed pixel (false one = 1)” to 5.", "Here Dice weighs about so: less is saved."),
        ),
        "A learning rate that is too small": Preset(
            "After 50 steps the loss has hardly moved. Who looks at it takes another rate.",
            {"predict": "mistakes", "data": "unwatched", "rate": "0.003"},
            Task("Drag “Learning rate” to 10.", "Watching the loss leads to this rate too: both cost the same."),
        ),
    }
)
