"""What the scenes of a detector come to: the claims of their tasks, their variants' verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.models.detector import SHARES
from tests.views.boxes_and_masks.shown import Shown

Moved = Mapping[str, float]


def precision(shown: Shown, name: str, moved: Moved) -> float:
    return shown.number(name, "AP", moved)


def share(shown: Shown, name: str, group: str, moved: Moved) -> float:
    """Of the gradient, that a group supplies."""
    (grid,) = shown.stage.grids
    (cells,) = (cells for row, cells in grid.rows if row == name)
    return float(shown.row(cells[SHARES.index(group)].share, moved))


def relative_loss(shown: Shown, name: str, moved: Moved) -> float:
    """The loss over that before training."""
    return shown.number(name, "loss", moved) / shown.number(name, "loss", {**moved, "step": 0.0})


def half_of_the_share_and_found(shown: Shown, moved: Moved) -> bool:
    before, after = (sum(share(shown, "BCE", group, values) for group in ("hard negatives", "easy negatives"))
                     for values in ({}, moved))  # fmt: skip
    assert 0.78 < share(shown, "BCE", "easy negatives", {}) < 0.82
    return 0.45 * before < after < 0.55 * before and precision(shown, "BCE", moved) > 0.8


def twice_the_share_and_nothing_found(shown: Shown, moved: Moved) -> bool:
    before, after = (share(shown, "Focal", "easy negatives", values) for values in ({}, moved))
    assert precision(shown, "Focal", {}) > 0.3
    return after > 2 * before and precision(shown, "Focal", moved) == 0


def five_times_the_precision(shown: Shown, moved: Moved) -> bool:
    return all(precision(shown, name, moved) > 5 * precision(shown, name, {}) for name in ("BCE", "Focal"))


def few_percent_and_above_eight_tenths(shown: Shown, moved: Moved) -> bool:
    names = ("BCE", "Focal")
    for name in names:
        assert relative_loss(shown, name, {}) < 0.15
        assert precision(shown, name, {}) == 0
        assert precision(shown, name, {"step": 0.0}) > 0
    fallen = max(relative_loss(shown, name, {}) - relative_loss(shown, name, moved) for name in names)
    return fallen < 0.07 and min(precision(shown, name, moved) for name in names) > 0.8


def above_nine_tenths(shown: Shown, moved: Moved) -> bool:
    return min(precision(shown, name, moved) for name in ("BCE", "Focal")) > 0.9


CLAIMS: dict[str, Callable[[Shown, Moved], bool]] = {
    "Easy negatives drown the object": half_of_the_share_and_found,
    "Focal loss listens to the object": twice_the_share_and_nothing_found,
    "A score without a box": five_times_the_precision,
    "The loss falls, the metric does not": few_percent_and_above_eight_tenths,
    "Begin with rare objects": above_nine_tenths,
}


def easy_share_and_precision(name: str) -> Callable[[Shown], str]:
    return lambda shown: (
        f"easy negatives {100 * share(shown, name, 'easy negatives', {}):.3g} %, AP {precision(shown, name, {}):.3g}"
    )


def both(shown: Shown) -> str:
    return f"AP of BCE {precision(shown, 'BCE', {}):.3g}, of Focal {precision(shown, 'Focal', {}):.3g}"


def both_bounded(shown: Shown) -> str:
    """Without digits: after so many steps they depend on how a machine rounds."""
    low, high = sorted(precision(shown, name, {}) for name in ("BCE", "Focal"))
    return "AP of both below 0.1" if high < 0.1 else "AP of both above 0.4" if low > 0.4 else f"{low:.3g}, {high:.3g}"


def loss_and_precision(shown: Shown) -> str:
    left = f"{100 * relative_loss(shown, 'BCE', {}):.1f}"
    return f"loss of BCE at {left} % of its start, AP {precision(shown, 'BCE', {}):.3g}"


VERDICTS: dict[str, Callable[[Shown], str]] = {
    "Easy negatives drown the object": easy_share_and_precision("BCE"),
    "Focal loss listens to the object": easy_share_and_precision("Focal"),
    "A score without a box": both_bounded,
    "The loss falls, the metric does not": loss_and_precision,
    "Begin with rare objects": both,
}
