"""The sliders of a loss: its parameters, the true value, the place on its axis that is inspected."""

from __future__ import annotations

import numpy as np

from core.losses import FAMILIES, BoxLoss, Loss, MaskLoss
from core.losses.axis import LossAxis
from core.losses.loss import owner_of
from core.models.objectives import Objective
from core.stage import Slider
from core.views.kit import theme

USUAL_TRUTH = 3.0  # at which a picture begins


def loss_sliders(
    loss: Loss | Objective | BoxLoss | MaskLoss, *, most: int | None = None, recomputed: bool = False
) -> tuple[Slider, ...]:
    """A slider for each parameter of a loss, in the colour of its curve, with at most so many values."""
    colour = theme.look(loss).colour
    return tuple(
        Slider.of(param, owner=owner_of(loss.key), label=f"{loss.short} {param.symbol}", colour=colour, most=most,
                  recomputed=recomputed)
        for param in loss.params
    )  # fmt: skip


def truth_slider(family: str, *, recomputed: bool = False) -> tuple[Slider, ...]:
    """A slider for the true value, in a family whose losses may look at it beside the residual; else none."""
    truths = np.array(FAMILIES[family].truths)
    if not truths.size:
        return ()
    start = int(np.argmin(np.abs(truths - USUAL_TRUTH)))
    return (Slider(name="target", label="True value y", values=truths, start=start, recomputed=recomputed),)


def probe_slider(x: LossAxis) -> Slider:
    """The slider of the place on an axis at which a picture gives its numbers."""
    start = int(np.argmin(np.abs(x.stops - x.start)))
    return Slider(name="probe", label=f"{x.noun} {x.symbol} to inspect", values=x.stops, start=start)
