"""Formulas to start from, as scenes of /your-loss."""

from __future__ import annotations

from collections.abc import Mapping

from core.expression.examples import FORMULA_EXAMPLES
from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = {
    one.title: Preset(one.about, {"family": one.family, "formula": one.formula} if one.family == "binary" else {"formula": one.formula})
    for one in FORMULA_EXAMPLES
}
