"""A predicted and a true box in every run of a sweep, and what losses say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.losses import BOX_LOSSES
from core.losses.boxes import Pair
from core.stage import Live, Sweep
from core.views.boxes_and_masks.box.plane import TRUE, WIDE, edges

ACROSS = np.linspace(0, WIDE, 121)  # places at which a loss is drawn


@dataclass(frozen=True, eq=False)
class BoxRuns:
    """A predicted and a true box in each run of a sweep, and what losses say of them there.

    across: places [places] of the box's middle instead of the slider's. Arrays are then [runs, places, ...].
    """

    losses: Sequence[str]
    sweep: Sweep
    across: np.ndarray | None = None

    def values(self, key: str) -> np.ndarray:
        """The values of a slider, [runs] or [runs, 1]."""
        found = self.sweep.values[key]
        return found if self.across is None else found[:, None]

    @cached_property
    def pred(self) -> np.ndarray:
        """The predicted edges, [runs, 4]."""
        x = self.values("x") if self.across is None else self.across
        return edges(x, *map(self.values, ("y", "width", "height")))

    @cached_property
    def target(self) -> np.ndarray:
        """The true edges, [runs, 4]."""
        return edges(TRUE[0], TRUE[1], *map(self.values, ("true_width", "true_height")))

    @cached_property
    def pair(self) -> Pair:
        return Pair(self.pred, self.target)

    @cached_property
    def enclosing(self) -> np.ndarray:
        """The edges of the smallest box that holds both, [runs, 4]."""
        least, most = np.minimum(self.pred, self.target), np.maximum(self.pred, self.target)
        return np.concatenate([least[:, :2], most[:, 2:]], axis=-1)

    @cached_property
    def overlap(self) -> np.ndarray:
        """The edges of what both cover, [runs, 4]: NaN where that is nothing."""
        least, most = np.minimum(self.pred, self.target), np.maximum(self.pred, self.target)
        found = np.concatenate([most[:, :2], least[:, 2:]], axis=-1)
        return np.where(self.pair.overlap.value[:, None] > 0, found, np.nan)

    def params(self, key: str) -> dict[str, np.ndarray]:
        """The parameters of a loss, [runs] by name."""
        return {one.name: self.values(one.key) for one in self.sweep.sliders if one.owner == key}

    def value(self, key: str) -> np.ndarray:
        return BOX_LOSSES[key].value(self.pred, self.target, **self.params(key))

    def grad(self, key: str) -> np.ndarray:
        """The gradient of a loss on each predicted edge, [runs, 4]."""
        return BOX_LOSSES[key].grad(self.pred, self.target, **self.params(key))

    def elsewhere(self, key: str) -> Live:
        """A loss were the box at each of ACROSS, [runs, places]; the box's own place across does not move it."""
        own = [one for one in self.sweep.sliders if one.name != "x" and one.owner in ("", key)]
        sweep = Sweep(own, self.sweep.centre, self.sweep.without_arm)
        return Live(replace(self, sweep=sweep, across=ACROSS).value(key), sweep)

    def live(self, array: np.ndarray) -> Live:
        return Live(array, self.sweep)
