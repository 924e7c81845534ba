"""Formulas to start from, as scenes of /your-loss."""

from __future__ import annotations

from collections.abc import Mapping

from core.expression.examples import FORMULA_EXAMPLES
from core.views.kit.view import Preset

OTHER_FAMILY: Mapping[str, dict[str, str]] = {"binary": {"family": "binary"}}  # than the one that the page begins with
PRESETS: Mapping[str, Preset] = {
    one.title: Preset(one.about, OTHER_FAMILY.get(one.family, {}) | {"formula": one.formula})
    for one in FORMULA_EXAMPLES
}
