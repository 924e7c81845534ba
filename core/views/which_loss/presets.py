"""Well-known choices, as scenes of /which-loss."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Heavy tails": Preset(
            "Far points are rare but right: absolute error wins in most seeds, by a little.",
            {"data": "heavy", "cost": "absolute", "tail": "0.5"},
        ),
        "Too high costs 3 times": Preset(
            "A forecast that is too high costs three times as much: the cheapest one is the quantile 1/4.",
            {"data": "plain", "cost": "over"},
        ),
        "Large counts": Preset(
            "The counts are large, and none is 0 for another reason: even then the logarithm forecasts too low a sum.",
            {"predict": "count", "data": "counts", "mean": "8"},
        ),
        "Fraud, 0.1 %": Preset(
            "One case in 1,000 is positive, and costs 100 false positives if it is missed: the threshold does it.",
            {"predict": "two_classes", "share": "0.001", "ratio": "100"},
        ),
        "Cancer screening": Preset(
            "A missed case costs 200 false positives: predict positive from 0.5 % on.",
            {"predict": "two_classes", "share": "0.005", "ratio": "200"},
        ),
        "Loan approval": Preset(
            "A bad loan that is approved costs 12 good ones that are refused: approve from 92 % on.",
            {"predict": "two_classes", "data": "even", "cost": "positive", "ratio": "12"},
        ),
        "Right labels": Preset(
            "No label is wrong: cross-entropy has the better probabilities, and GCE no advantage.",
            {"predict": "classes", "flipped": "0", "cost": "probability"},
        ),
        "A learning rate that is too small": Preset(
            "After 50 steps the loss has hardly moved. Who looks at it takes another rate.",
            {"predict": "mistakes", "data": "unwatched", "rate": "0.003"},
        ),
    }
)
