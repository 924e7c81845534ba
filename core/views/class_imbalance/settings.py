"""The parameters and sliders of the page of rare classes: the data, the losses, the threshold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.datasets import IMBALANCED_DATASETS, SEEDS, ImbalancedDataset
from core.losses.loss import owner_of
from core.models.imbalance.data import COST, COSTS, SHARE, THRESHOLD, THRESHOLDS, ImbalanceSettings, even_ratios
from core.models.objectives import OBJECTIVES, objective_of
from core.record import Param
from core.stage import Slider
from core.stage.parameters import OneOf, Whole
from core.views.kit import theme
from core.views.kit.data_pickers import data_picker
from core.views.kit.loss_pickers import some_losses

MAX_LOSSES = 4  # losses beside each other
FRAMES = 13  # of a loss's own parameter
WIDE = 50.0  # times: a parameter whose slider spans so much has its frames in even ratios

DATA = data_picker(IMBALANCED_DATASETS, own=ImbalancedDataset)
LOSSES = some_losses(
    OBJECTIVES, "binary", ("binary_cross_entropy", "weighted_binary_cross_entropy", "focal"), MAX_LOSSES
)
FEATURES = OneOf(
    name="features",
    label="Model",
    options={"linear": "Linear", "quadratic": "Quadratic"},
    default="linear",
    help="Linear: the score is a weighted sum of the two features. Quadratic: also of their squares and their product.",
)
OVERLAP = OneOf(
    name="overlap",
    label="Overlap",
    options={"none": "None", "little": "Little", "some": "Some", "much": "Much"},
    default="some",
    help="How far the two classes overlap, for generated data.",
    advanced=True,
)
POINTS = OneOf(
    name="points",
    label="Points",
    options={"400": "400", "4000": "4,000", "40000": "40,000"},
    default="4000",
    help="Half of them are the training set, half the test set.",
    advanced=True,
)
SEED = Whole(name="seed", label="Seed", default=1, low=SEEDS[0], high=SEEDS[-1], advanced=True)
PARAMS = (DATA, LOSSES, FEATURES, OVERLAP, POINTS, SEED)


def trained_around(settings: ImbalanceSettings, losses: Sequence[str]) -> tuple[Slider, ...]:
    """The sliders for whose values there are models of their own: the positive share, the losses' parameters."""
    own = [own_slider(key, param, settings) for key in losses for param in objective_of(key).params]
    return (*([share_slider(settings.shares)] if settings.made else []), *own)


def share_slider(shares: np.ndarray) -> Slider:
    """The slider through these shares of positives."""
    return Slider(
        name=SHARE, label="Positive share", values=shares, start=int(np.argmin(np.abs(shares - 0.01))), recomputed=True,
        labels=tuple(f"{100 * share:.2g} %" for share in shares),
    )  # fmt: skip


def own_slider(key: str, param: Param, settings: ImbalanceSettings) -> Slider:
    """The slider of a loss's own parameter."""
    label, colour = f"{objective_of(key).short} {param.symbol}", theme.look(key).colour
    frames = FRAMES // settings.sparse + 2 if settings.sparse > 1 else FRAMES
    if param.low > 0 and param.high / param.low >= WIDE:
        values = np.union1d(even_ratios(param.low, param.high, frames), [param.starts_at])
        start = int(np.argmin(np.abs(values - param.starts_at)))
        return Slider(
            name=param.name,
            owner=owner_of(key),
            label=label,
            values=values,
            start=start,
            colour=colour,
            recomputed=True,
        )
    return Slider.of(param, owner=owner_of(key), label=label, colour=colour, most=frames, recomputed=True)


THRESHOLD_SLIDER = Slider(
    name=THRESHOLD, label="Decision threshold", values=THRESHOLDS, start=int(np.argmin(np.abs(THRESHOLDS - 0.5)))
)
COST_SLIDER = Slider(
    name=COST,
    label="Cost of a false negative (false positive = 1)",
    values=COSTS,
    start=int(np.argmin(np.abs(COSTS - 10))),
    labels=tuple(f"{cost:g}" if cost >= 1 else f"1/{1 / cost:.3g}" for cost in COSTS),
    recomputed=True,
)
