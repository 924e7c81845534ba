"""Formulas to start from, as scenes of /your-loss."""

from __future__ import annotations

from collections.abc import Mapping

from core.expression.examples import FORMULA_EXAMPLES
from core.views.kit.cards import OTHER_FAMILY
from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = {
    one.title: Preset(one.about, OTHER_FAMILY.get(one.family, {}) | {"formula": one.formula})
    for one in FORMULA_EXAMPLES
} | {
    "A convex front": Preset(
        "One goal asks for the mean, the other for the median. Each number between them is best for some weight.",
        {"family": "two_goals"},
    ),
    "A front that no weight reaches": Preset(
        "Both goals forgive what is far off. A weight chooses one goal or the other, and hardly anything between.",
        {"family": "two_goals", "data": "exam results", "formula": "w log1p(r^2) + (1 - w) log1p((p - 1)^2)"},
    ),
}
