"""Cases worth seeing: each is a link, and a test holds it to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Fraud, 0.1 %": Preset(
            "One case in a thousand: predicting no fraud has an accuracy of 99.9 %, and finds no fraud.",
            {"points": "40000", "share": "0.001"},
        ),
        "Screening": Preset(
            "A false negative costs 50 false positives: the cheapest threshold is far below one half.",
            {"share": "0.029", "cost": "50", "threshold": "0.02"},
        ),
        "Spam": Preset(
            "A false positive costs 20 false negatives: the cheapest threshold is far above one half.",
            {"share": "0.3", "cost": "0.05", "threshold": "0.953"},
        ),
        "Balanced": Preset(
            "Both classes are equally frequent: accuracy is meaningful, and weights only move the boundary.",
            {"share": "0.5", "cost": "1"},
        ),
        "Real data: low life expectancy": Preset(
            "Countries with a life expectancy under 40, predicted from income and year: one row in fourteen.",
            {"data": "short_lives", "features": "quadratic"},
        ),
    }
)
