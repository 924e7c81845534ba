"""The sliders of a loss's parameters."""

from __future__ import annotations

from core.losses import Loss
from core.models.objectives import Objective
from core.stage import Slider
from core.views.kit import theme


def loss_sliders(loss: Loss | Objective, *, most: int | None = None, recomputed: bool = False) -> tuple[Slider, ...]:
    """A slider for each parameter of a loss, in the colour of its curve, with at most so many values."""
    colour = theme.look(loss.key).colour
    return tuple(
        Slider.of(param, owner=loss.key, label=f"{loss.short} {param.symbol}", colour=colour, most=most,
                  recomputed=recomputed)
        for param in loss.params
    )  # fmt: skip
