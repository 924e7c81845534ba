"""Boxes and masks: the losses of detection and segmentation, under the hand."""

from core.ui.choose import tab
from core.ui.header import header
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.boxes_and_masks.presets import PRESETS

TABS = {"box": "A box", "mask": "A mask"}
VIEWS_OF = {"box": ("gradients",), "mask": ("gradients", "descent")}

header("Boxes and masks", "boxes_and_masks.py", PRESETS)
opened, box = tab("view", TABS)
with box:
    shown = {key: VIEWS[f"{opened}_{key}"] for key in VIEWS_OF[opened]}
    choose_and_show(shown, by="show", scenes=PRESETS)
