"""Boxes and masks: the losses of detection and segmentation, under the hand."""

from core.ui.choose import open_tab, tab
from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.boxes_and_masks.presets import BY_TAB

TABS = {"box": "A box", "mask": "A mask", "detection": "Detection’s two losses"}
SHOWN = {
    "box": ({key: VIEWS[f"box_{key}"] for key in ("gradients", "descent", "starts")}, "show"),
    "mask": ({key: VIEWS[f"mask_{key}"] for key in ("gradients", "descent")}, "show"),
    "detection": (VIEWS["detection"], ""),
}

scenes = BY_TAB[open_tab("view", TABS)]
header("Boxes and masks", "boxes_and_masks.py", scenes)
opened, box = tab("view", TABS)
with box:
    choose_and_show(*SHOWN[opened], scenes=scenes)
