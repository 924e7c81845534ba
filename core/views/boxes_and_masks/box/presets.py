"""Scenes of a predicted box."""

from collections.abc import Mapping

from core.stage import Task
from core.views.kit.view import Preset, Variant

BOX: Mapping[str, Preset] = {
    "No overlap": Preset(
        "The boxes do not meet: the IoU loss is 1, and its gradient is 0.",
        {"x": "1.5", "y": "4", "width": "1.2", "height": "1.4"},
        Task("Drag “Middle of the box across” to 4.5.", "The boxes meet, and the IoU loss has a gradient."),
        (
            Variant("Across 1.5", "gradient of IoU 0, of GIoU 0.203"),
            Variant("Across 4.5", "gradient of IoU 0.188, of GIoU 0.374", {"x": "4.5"}),
        ),
    ),
    "Contained": Preset(
        "The predicted box lies inside the true one: GIoU is the IoU loss, and has its gradient.",
        {"x": "5.5", "y": "3.25", "width": "1.2", "height": "1"},
        Task("Drag “Width of the box” to 3.", "The box sticks out, and GIoU is larger than IoU."),
        (
            Variant("Width of the box 1.2", "IoU 0.8, GIoU 0.8"),
            Variant("Width of the box 3", "IoU 0.615, GIoU 0.687", {"width": "3"}),
        ),
    ),
    "Concentric": Preset(
        "Both boxes have one middle: DIoU has no distance to add, and is the IoU loss.",
        {"losses": "iou,diou", "x": "6", "y": "3.5", "width": "5", "height": "1"},
        Task("Drag “Middle of the box across” to 7.", "The overlap stays, but DIoU adds the distance of the middles."),
        (
            Variant("Across 6", "IoU 0.625, DIoU 0.625"),
            Variant("Across 7", "IoU 0.625, DIoU 0.659", {"x": "7"}),
        ),
    ),
    "Tiny against huge": Preset(
        "A tiny box in a huge one: the gradient of IoU is a hundredth of that of L1.",
        {"losses": "iou,box_l1", "x": "6", "y": "3.5", "width": "0.4", "height": "0.4", "true_width": "6.2",
         "true_height": "6.2"},
        Task("Drag “Width of the box” to 4.", "The gradient of IoU gets 7 times as large; that of L1 stays."),
        (
            Variant("Width of the box 0.4", "gradient of IoU 0.0208, of L1 2"),
            Variant("Width of the box 4", "gradient of IoU 0.148, of L1 2", {"width": "4"}),
        ),
    ),
    "Wrong aspect": Preset(
        "The predicted box is upright, the true one lies flat: CIoU adds a term for that.",
        {"losses": "diou,ciou", "x": "6", "y": "3.5", "width": "1.2", "height": "2.4"},
        Task("Drag “Width of the box” to 3.6.", "Both boxes have the same aspect ratio, and CIoU is DIoU."),
        (
            Variant("Width of the box 1.2", "DIoU 0.63, CIoU 0.646"),
            Variant("Width of the box 3.6", "DIoU 0.306, CIoU 0.306", {"width": "3.6"}),
        ),
    ),
    "Larger on the way": Preset(
        "From far away GIoU and DIoU make the box larger, long before it meets the true one.",
        {"show": "descent", "losses": "giou,diou", "x": "1", "y": "6"},
        Task("Drag “Step” to 80.", "Both boxes have nearly three times the area, and no overlap yet."),
        (
            Variant("Step 0", "area 1.4 under both"),
            Variant("Step 80", "area 4.13 under GIoU, 4.14 under DIoU", {"step": "80"}),
        ),
    ),
    "L1 does not settle": Preset(
        "The gradient of L1 is never small: with large steps its box jumps around the true one for ever.",
        {"show": "descent", "losses": "box_l1,box_smooth_l1", "step": "200"},
        Task("Drag “Learning rate” to 0.03.", "Small steps bring L1 nearer; smooth L1 got there with large ones."),
        (
            Variant("Learning rate 0.3", "IoU of L1 0.589, of smooth L1 1"),
            Variant("Learning rate 0.03", "IoU of L1 0.954, of smooth L1 0.906", {"rate": "0.03"}),
        ),
    ),
    "IoU never moves": Preset(
        "Where the first box does not meet the true one, IoU leaves it there: the pale part of the map.",
        {"show": "starts", "losses": "iou,giou"},
        Task("Drag “Side of the first box” to 4.",
             "IoU moves from more starts, GIoU from fewer: of a larger box the gradient is smaller."),
        (
            Variant("Side 1", "IoU finds it from 12.8 %, GIoU from 78.2 %"),
            Variant("Side 4", "IoU finds it from 41.6 %, GIoU from 64 %", {"size": "4"}),
        ),
    ),
}  # fmt: skip
