"""A predicted mask in every run of a sweep of its sliders, and what losses say of it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.losses import MASK_LOSSES
from core.metrics import DECISION_METRICS, Confusion
from core.metrics.masks import (
    dice_coefficient,
    edge_distances,
    jaccard_index,
    mask_confusion,
)
from core.models.mask_prediction import MaskPrediction, share_on
from core.stage import Live, Slider, Sweep
from core.views.kit.loss_sliders import loss_sliders

FRAMES = 9  # values of a loss's own parameter
SHARES = np.array([0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30])  # percent of the picture
EACH_PIXEL = tuple(key for key in MASK_LOSSES if key.startswith("pixel_"))  # losses that are the mean of one a pixel

NAMES = {key: loss.short for key, loss in MASK_LOSSES.items()}


def slider(name: str, label: str, values: Sequence[float] | np.ndarray, start: float) -> Slider:
    """A slider of the one-at-a-time sweep."""
    values = np.asarray(values, dtype=float)
    return Slider(name=name, label=label, values=values, start=int(np.abs(values - start).argmin()), recomputed=True)


SHARE = slider("share", "Object, share of the picture (%)", SHARES, 3)
PREDICTION = (
    SHARE,
    slider("shift", "Shift of the prediction (pixels)", np.arange(-16, 17, 2.0), 4),
    slider("size", "Size of the prediction (object = 1)", [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3], 1),
    slider("blur", "Blur of its edge (pixels)", [0.5, 1, 1.5, 2, 3, 4, 6, 8], 2),
    slider("confidence", "Confidence (largest score)", [0.5, 1, 2, 3, 4, 6, 8, 12], 4),
    slider("leak", "Leak: probability everywhere", [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45], 0),
)
FOUND = slider("found", "Confidence in the small object", np.linspace(0, 1, 9), 0)


def prediction_sliders(layout: str) -> tuple[Slider, ...]:
    """The sliders of the prediction of a layout."""
    if layout == "empty":
        return (replace(SHARE, label=f"Predicted {SHARE.label[0].lower()}{SHARE.label[1:]}"), *PREDICTION[1:])
    return (*PREDICTION, FOUND) if layout == "two" else PREDICTION


@dataclass(frozen=True, eq=False)
class MaskRuns:
    """The prediction in each run of `base`, the sweep of its sliders; each loss has a longer sweep, of its own too."""

    losses: Sequence[str]
    layout: str
    centre: Mapping[str, float]
    arms: bool = True

    def sweep(self, *owners: str) -> Sweep:
        """The sweep of the prediction, and of these losses' own parameters."""
        own = [one for key in owners for one in loss_sliders(MASK_LOSSES[key], most=FRAMES, recomputed=True)]
        sliders = (*prediction_sliders(self.layout), *own)
        return Sweep(sliders, self.centre, () if self.arms else [one.key for one in sliders])

    @cached_property
    def base(self) -> Sweep:
        return self.sweep()

    @cached_property
    def sweeps(self) -> dict[str, Sweep]:
        """Of each loss, by key. They begin with the runs of `base`."""
        return {key: self.sweep(key) for key in self.losses}

    @cached_property
    def prediction(self) -> MaskPrediction:
        """In the runs of `base`."""
        values = {"found": np.ones(len(self.base)), **self.base.values}
        return MaskPrediction(self.layout, **values | {"share": values["share"] / 100})

    def of_loss(self, key: str, method: str) -> np.ndarray:
        """The value [runs] or the gradient [runs, h, w] of a loss in the runs of its sweep."""
        sweep, made = self.sweeps[key], self.prediction
        runs = sweep.runs_in(self.base)
        params = {one.name: sweep.values[one.key] for one in sweep.sliders if one.owner}
        return getattr(MASK_LOSSES[key], method)(made.logits[runs], made.target[runs], **params)

    @cached_property
    def grads(self) -> dict[str, np.ndarray]:
        """The gradient of each loss in every score, [runs of its sweep, h, w]."""
        return {key: self.of_loss(key, "grad") for key in self.losses}

    def pixel_values(self, key: str) -> np.ndarray:
        """The loss of each pixel alone, [runs of its sweep, h, w], of a loss that is their mean."""
        sweep, made = self.sweeps[key], self.prediction
        runs = sweep.runs_in(self.base)
        params = {one.name: sweep.values[one.key][:, None, None] for one in sweep.sliders if one.owner}
        z, y = (part[runs][..., None, None] for part in (made.logits, made.target))
        return MASK_LOSSES[key].value(z, y, **params)

    def share(self, key: str, objects: np.ndarray) -> Live:
        """The percentage of a loss's gradient that lies on these pixels, bool [runs of base, h, w]; one digit."""
        shares = share_on(self.grads[key], objects[self.sweeps[key].runs_in(self.base)])
        return Live(np.round(100 * shares, 1), self.sweeps[key])

    @cached_property
    def counts(self) -> Confusion:
        """Of the pixels of the hard mask, [runs of base]."""
        return mask_confusion(self.prediction.hard, self.prediction.target)

    @cached_property
    def metrics(self) -> dict[str, np.ndarray]:
        """The hard metrics by name, [runs of base]; the distances in pixels."""
        mean, largest = edge_distances(self.prediction.hard, self.prediction.target)
        return {
            "IoU": jaccard_index(self.counts),
            "Dice": dice_coefficient(self.counts),
            "pixel accuracy": DECISION_METRICS["accuracy"].value(self.counts),
            "mean edge distance": mean,
            "largest edge distance": largest,
        }
