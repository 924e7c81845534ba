"""Scenes of the tab "mask"."""

from collections.abc import Mapping

from core.views.kit.view import Preset

MASK: Mapping[str, Preset] = {}
