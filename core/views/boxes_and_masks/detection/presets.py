"""Scenes of the tab "detection"."""

from collections.abc import Mapping

from core.views.kit.view import Preset

DETECTION: Mapping[str, Preset] = {}
