"""The views of /boxes-and-masks."""

from core.views.boxes_and_masks.box.descent import box_descent
from core.views.boxes_and_masks.box.gradients import box_gradients
from core.views.boxes_and_masks.box.starts import box_starts
from core.views.boxes_and_masks.detection.view import detection
from core.views.boxes_and_masks.mask.descent import mask_descent
from core.views.boxes_and_masks.mask.gradients import mask_gradients

__all__ = ["box_descent", "box_gradients", "box_starts", "detection", "mask_descent", "mask_gradients"]
