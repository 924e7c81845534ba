"""Boxes and masks: the losses of detection and segmentation, under the hand."""

from core.ui.choose import tab
from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.boxes_and_masks.presets import PRESETS

SHOWN = {"box": {key: VIEWS[f"box_{key}"] for key in ("gradients",)}}

header("Boxes and masks", "boxes_and_masks.py", PRESETS)
opened, box = tab("view", {"box": "A box"})
with box:
    choose_and_show(SHOWN[opened], by="show", scenes=PRESETS)
