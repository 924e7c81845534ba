"""Cases worth seeing: each is a link, and a test holds it to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.stage import Task
from core.views.kit.view import Preset, Variant

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Accuracy lies": Preset(
            "One example in 1,000 is positive: always negative is right 999 times, and finds nothing.",
            {"show": "accuracy", "share": "0.001", "model": "2"},
            Task(
                "Drag “Decision threshold of BCE” to 0.01.",
                "BCE finds the positive, and is less accurate than a model that finds nothing.",
            ),
            (
                Variant("Share 0.1 %", "“Always negative” is 99.9 % accurate"),
                Variant("Share 50 %", "50 %", {"share": "0.5"}),
            ),
        ),
        "Fraud, 0.1 %": Preset(
            "One case in a thousand: predicting no fraud has an accuracy of 99.9 %, and finds no fraud.",
            {"points": "40000", "share": "0.001"},
            Task(
                "Drag “Weighted BCE w₊” to 100.",
                "Weighted BCE finds half of the frauds, with more than 20 false positives for each.",
            ),
            (
                Variant("Threshold 0.5", "BCE finds 2 of 20 frauds"),
                Variant("Threshold 0.01", "12 of 20, and 306 false positives", {"threshold": "0.01"}),
            ),
        ),
        "Screening": Preset(
            "A false negative costs 50 false positives: the cheapest threshold is far below one half.",
            {"share": "0.03", "cost": "50", "threshold": "0.02"},
            Task(
                "Drag “Cost of a false negative (false positive = 1)” to 10.",
                "A false negative costs less now: the cheapest threshold ◇ of BCE moves up.",
            ),
            (
                Variant("Threshold 0.02", "6 false negatives of BCE, cost 0.28"),
                Variant("Threshold 0.5", "39 false negatives, cost 0.98", {"threshold": ""}),
            ),
        ),
        "Spam": Preset(
            "A false positive costs 20 false negatives: the cheapest threshold is far above one half.",
            {"share": "0.3", "cost": "0.05", "threshold": "0.953"},
            Task(
                "Drag “Cost of a false negative (false positive = 1)” to 1.",
                "Both errors cost the same: the cheapest threshold ◇ of BCE moves to about one half.",
            ),
            (
                Variant("Threshold 0.5", "72 false positives of BCE", {"threshold": ""}),
                Variant("Threshold 0.953", "4 false positives"),
            ),
        ),
        "Balanced": Preset(
            "Both classes are equally frequent: accuracy is meaningful, and weights only move the boundary.",
            {"share": "0.5", "cost": "1"},
            Task(
                "Drag “Weighted BCE w₊” to 100.",
                "Weighted BCE finds every positive, and predicts most negatives to be positive.",
            ),
            (
                Variant("Share 50 %", "“Always negative” has accuracy 50 %"),
                Variant("Share 1 %", "99 %", {"share": ""}),
            ),
        ),
        "Real data: low life expectancy": Preset(
            "Countries with a life expectancy under 40, predicted from income and year: one row in fourteen.",
            {"data": "short_lives", "features": "quadratic"},
            Task(
                "Drag “Focal α” to 0.75.",
                "Focal finds most of the positives instead of none: they now have the larger weight.",
            ),
            (
                Variant("Threshold 0.5", "BCE finds 15 of 62 positives"),
                Variant("Threshold 0.2", "39 of 62, and 56 false positives", {"threshold": "0.2"}),
            ),
        ),
    }
)
