"""Scenes of /class-probabilities: each is a link, and a test holds it to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.views.kit.view import Preset

PRESETS: Mapping[str, Preset] = MappingProxyType({})
