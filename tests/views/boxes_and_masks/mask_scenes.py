"""What the scenes of a mask come to, as the views compute it: the claims of their tasks, their variants' verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tests.views.boxes_and_masks.shown import Shown

Moved = Mapping[str, float]


def metric(shown: Shown, name: str, moved: Moved) -> float:
    """Of the hard masks."""
    (cells,) = (cells for _, cells in shown.stage.grids[0].rows)
    (slot,) = cells[shown.stage.grids[0].columns.index(name)].number.slots.values()
    return float(shown.row(slot, moved))


def on_object(shown: Shown, name: str, moved: Moved) -> float:
    """The percentage of a loss's gradient that lies there."""
    return shown.number(name, "on object", moved)


def accuracy_falls_to_70_percent_and_iou_stays_0(shown: Shown, moved: Moved) -> bool:
    assert 0.994 < metric(shown, "pixel accuracy", {}) < 0.996
    assert metric(shown, "IoU", {}) == metric(shown, "IoU", moved) == 0
    return round(100 * metric(shown, "pixel accuracy", moved)) == 70


def dice_gets_a_gradient_that_lowers(shown: Shown, moved: Moved) -> bool:
    assert shown.number("Dice", "loss", {}) == 1
    steps = shown.traces("Dice", 2, moved)[0]["z"]
    assert not shown.traces("Dice", 2, {})[0]["z"].any()
    return bool(shown.number("Dice", "largest", moved) > 0 and steps.max() <= 0)


def dice_hardly_falls(shown: Shown, moved: Moved) -> bool:
    before, after = (shown.number("Dice", "loss", values) for values in ({}, moved))
    assert round(metric(shown, "Dice", {}), 2) == 0.97
    found = metric(shown, "largest edge distance", moved) == 0
    return bool(found and 0 < before - after < 0.02)


def its_share_of_the_gradient_falls(shown: Shown, moved: Moved) -> bool:
    return on_object(shown, "Tversky", moved) < on_object(shown, "Tversky", {}) - 10


def both_get_a_larger_share_at_the_same_iou(shown: Shown, moved: Moved) -> bool:
    assert abs(metric(shown, "IoU", {}) - metric(shown, "IoU", moved)) < 0.02
    assert on_object(shown, "Pixel BCE", {}) < 5
    return on_object(shown, "Pixel BCE", moved) > 5 * on_object(shown, "Pixel BCE", {})


def dice_finds_the_object(shown: Shown, moved: Moved) -> bool:
    (disc,) = shown.traces("Dice", 0, {})
    assert np.isnan(disc["x"]).all()  # its mask is empty
    return shown.number("Dice", "IoU", moved) > 0.8


CLAIMS: dict[str, Callable[[Shown, Moved], bool]] = {
    "A rare object": accuracy_falls_to_70_percent_and_iou_stays_0,
    "An empty mask": dice_gets_a_gradient_that_lowers,
    "A small object beside a large one": dice_hardly_falls,
    "Tversky prefers recall": its_share_of_the_gradient_falls,
    "A leak": both_get_a_larger_share_at_the_same_iou,
    "A sharp start": dice_finds_the_object,
}


def small_object(shown: Shown) -> str:
    apart = metric(shown, "largest edge distance", {})
    return f"Dice loss {shown.number('Dice', 'loss', {}):.3g}, edges {apart:.3g} px apart"


def shares(shown: Shown) -> str:
    return f"on the object: BCE {on_object(shown, 'Pixel BCE', {}):g} %, Dice {on_object(shown, 'Dice', {}):g} %"


def dice_alone(shown: Shown) -> str:
    loss, largest = (shown.number("Dice", column, {}) for column in ("loss", "largest"))
    return f"Dice loss {loss:.3g}, {'and a' if largest else 'no'} gradient"


def accuracy(shown: Shown) -> str:
    share = round(100 * metric(shown, "pixel accuracy", {}), 2)
    return f"pixel accuracy {share:g} %, IoU {metric(shown, 'IoU', {}):g}"


def ious(shown: Shown) -> str:
    return f"IoU of Dice {shown.number('Dice', 'IoU', {}):g}, of BCE + Dice {shown.number('BCE + Dice', 'IoU', {}):g}"


VERDICTS: dict[str, Callable[[Shown], str]] = {
    "A rare object": accuracy,
    "An empty mask": dice_alone,
    "A small object beside a large one": small_object,
    "Tversky prefers recall": lambda shown: f"{on_object(shown, 'Tversky', {}):g} % of the gradient on the object",
    "A leak": shares,
    "A sharp start": ious,
}
