"""The precision-recall curve and the ROC curve: both axes are shares, and they stand side by side, on a phone too."""

from __future__ import annotations

from typing import Any

from core.views.kit.layout import Axis, Panel, axis

WHOLE = (-0.02, 1.02)  # the ends of an axis of shares, with room for marks at 0 and 1
PERCENT: Axis = {"tickformat": ".0%", "nticks": 6, "phone": {"nticks": 3}}


def curve_panels(height: int, phone: int) -> tuple[Panel, Panel]:
    """The panels of both curves, so many pixels high. On a phone the numbers of one would touch those of the other."""
    across: dict[str, Any] = PERCENT | {"phone": {"tickvals": [0, 0.5]}}
    up = PERCENT | {"phone": {"showticklabels": False}}
    return (
        Panel(axis("recall", WHOLE, **across), axis(ends=WHOLE, **PERCENT), "Precision-recall curve", height, phone),
        Panel(axis("false positive rate", WHOLE, **across), axis(ends=WHOLE, **up), "ROC curve: recall", height, phone),
    )
