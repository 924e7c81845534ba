"""Scenes of /boxes-and-masks: each is a link, and a test holds it to what it says."""

from collections.abc import Mapping
from types import MappingProxyType

from core.views.boxes_and_masks.box.presets import BOX
from core.views.boxes_and_masks.detection.presets import DETECTION
from core.views.boxes_and_masks.mask.presets import MASK
from core.views.kit.view import Preset

BY_TAB: Mapping[str, Mapping[str, Preset]] = {"box": BOX, "mask": MASK, "detection": DETECTION}
PRESETS: Mapping[str, Preset] = MappingProxyType({**BOX, **MASK, **DETECTION})
