"""Well-known choices, as scenes of /which-loss."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Outliers": Preset(
            "One target in ten is wrong: Huber wins in all seeds, and its error is about a fifth.", {"data": "outliers"}
        ),
        "Too high costs 3 times": Preset(
            "A forecast that is too high costs three times as much: the cheapest one is the quantile 1/4.",
            {"cost": "over"},
        ),
        "Many zeros": Preset(
            "Two of five counts are 0 for another reason: the logarithm forecasts a sum that is too low.",
            {"predict": "count", "data": "zeros", "cost": "total"},
        ),
        "Fraud, 0.1 %": Preset(
            "One case in 1,000 is positive, and costs 100 false positives if it is missed: the threshold does it.",
            {"predict": "two_classes", "data": "rare", "cost": "negative", "share": "0.001", "ratio": "100"},
        ),
        "Cancer screening": Preset(
            "A missed case costs 200 false positives: predict positive from 0.5 % on.",
            {"predict": "two_classes", "data": "rare", "cost": "negative", "ratio": "200"},
        ),
        "Loan approval": Preset(
            "A bad loan that is approved costs 12 good ones that are refused: approve from 92 % on.",
            {"predict": "two_classes", "cost": "positive", "ratio": "12"},
        ),
        "Wrong labels": Preset(
            "Three labels in ten are wrong: GCE follows the majority, and cross-entropy all of them.",
            {"predict": "classes", "data": "wrong"},
        ),
    }
)
