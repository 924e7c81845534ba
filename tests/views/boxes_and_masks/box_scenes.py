"""What the scenes of a box come to, as the views compute it: the claims of their tasks, their variants' verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tests.views.boxes_and_masks.shown import Shown

Moved = Mapping[str, float]


def size(shown: Shown, name: str, moved: Moved) -> float:
    """Of the gradient of a loss."""
    return shown.number(name, "gradient size", moved)


def loss(shown: Shown, name: str, moved: Moved) -> float:
    return shown.number(name, "loss", moved)


def iou_gets_a_gradient(shown: Shown, moved: Moved) -> bool:
    return size(shown, "IoU", {}) == 0 and size(shown, "IoU", moved) > 0.1


def giou_is_larger(shown: Shown, moved: Moved) -> bool:
    return loss(shown, "GIoU", moved) > loss(shown, "IoU", moved) + 0.05


def diou_alone_grows(shown: Shown, moved: Moved) -> bool:
    stays = np.isclose(loss(shown, "IoU", {}), loss(shown, "IoU", moved))
    return bool(stays and loss(shown, "DIoU", moved) > loss(shown, "DIoU", {}))


def seven_times_as_large_and_l1_stays(shown: Shown, moved: Moved) -> bool:
    assert 0.009 < size(shown, "IoU", {}) / size(shown, "L1", {}) < 0.011
    stays = size(shown, "L1", {}) == size(shown, "L1", moved)
    return stays and round(size(shown, "IoU", moved) / size(shown, "IoU", {})) == 7


def ciou_is_diou(shown: Shown, moved: Moved) -> bool:
    return bool(np.isclose(loss(shown, "CIoU", moved), loss(shown, "DIoU", moved)))


def area(shown: Shown, panel: int, moved: Moved) -> float:
    """Of the predicted box in a plane."""
    (box,) = shown.traces("predicted box", panel, moved)
    return float(np.ptp(box["x"][:5]) * np.ptp(box["y"][:5]))


def both_grow_without_overlap(shown: Shown, moved: Moved) -> bool:
    growth = [area(shown, panel, moved) / area(shown, panel, {}) for panel in (0, 1)]
    return 2.9 < min(growth) < 3 and max(shown.number(name, "IoU", moved) for name in ("GIoU", "DIoU")) == 0


def small_steps_bring_l1_nearer(shown: Shown, moved: Moved) -> bool:
    assert shown.number("Smooth L1", "IoU", {}) > 0.99
    return shown.number("L1", "IoU", moved) > shown.number("L1", "IoU", {}) + 0.2


def iou_finds_from_more_starts_and_giou_from_fewer(shown: Shown, moved: Moved) -> bool:
    iou, giou = (
        [shown.number(name, "starts to IoU 0.5", values) for values in ({}, moved)] for name in ("IoU", "GIoU")
    )
    return iou[1] > 2 * iou[0] and giou[1] < giou[0]


CLAIMS: dict[str, Callable[[Shown, Moved], bool]] = {
    "No overlap": iou_gets_a_gradient,
    "Contained": giou_is_larger,
    "Concentric": diou_alone_grows,
    "Tiny against huge": seven_times_as_large_and_l1_stays,
    "Wrong aspect": ciou_is_diou,
    "Larger on the way": both_grow_without_overlap,
    "L1 does not settle": small_steps_bring_l1_nearer,
    "IoU never moves": iou_finds_from_more_starts_and_giou_from_fewer,
}


def sizes(first: str, second: str) -> Callable[[Shown], str]:
    return lambda shown: f"gradient of {first} {size(shown, first, {}):.3g}, of {second} {size(shown, second, {}):.3g}"


def losses(first: str, second: str) -> Callable[[Shown], str]:
    return lambda shown: f"{first} {loss(shown, first, {}):.3g}, {second} {loss(shown, second, {}):.3g}"


def areas(shown: Shown) -> str:
    giou, diou = (f"{area(shown, panel, {}):.3g}" for panel in (0, 1))
    return f"area {giou} under both" if giou == diou else f"area {giou} under GIoU, {diou} under DIoU"


def ious(shown: Shown) -> str:
    one, other = (shown.number(name, "IoU", {}) for name in ("L1", "Smooth L1"))
    return f"IoU of L1 {one:.3g}, of smooth L1 {other:.3g}"


def starts(shown: Shown) -> str:
    one, other = (shown.cells(name, {})[1] for name in ("IoU", "GIoU"))
    return f"IoU finds it from {one}, GIoU from {other}"


VERDICTS: dict[str, Callable[[Shown], str]] = {
    "No overlap": sizes("IoU", "GIoU"),
    "Contained": losses("IoU", "GIoU"),
    "Concentric": losses("IoU", "DIoU"),
    "Tiny against huge": sizes("IoU", "L1"),
    "Wrong aspect": losses("DIoU", "CIoU"),
    "Larger on the way": areas,
    "L1 does not settle": ious,
    "IoU never moves": starts,
}
