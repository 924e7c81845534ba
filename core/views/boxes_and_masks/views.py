"""The views of /boxes-and-masks."""

from core.views.boxes_and_masks.box.gradients import box_gradients

__all__ = ["box_gradients"]
