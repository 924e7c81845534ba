"""Scenes of a predicted box."""

from collections.abc import Mapping

from core.views.kit.view import Preset

BOX: Mapping[str, Preset] = {}
