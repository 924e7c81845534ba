"""Every loss, by key, in the order in which pickers show them."""

from collections.abc import Mapping
from types import MappingProxyType

from core.losses import (
    absolute,
    batch,
    boxes,
    cross_entropy,
    divergence,
    likelihood,
    margin,
    masks,
    multi_class,
    robust,
    smooth,
    squared,
)
from core.losses.batch import BatchLoss
from core.losses.boxes import BoxLoss
from core.losses.equivalents import Equivalent
from core.losses.family import FAMILIES, Family
from core.losses.loss import Loss
from core.losses.masks import MaskLoss
from core.record import collect

LOSSES = collect(Loss, squared, absolute, smooth, robust, likelihood, cross_entropy, divergence, multi_class, margin)
BATCH_LOSSES = collect(BatchLoss, batch)
BOX_LOSSES = collect(BoxLoss, boxes)
MASK_LOSSES = collect(MaskLoss, masks)


def losses_of(family: str) -> Mapping[str, Loss]:
    """The losses of a family, by key; `family` is a key of FAMILIES."""
    return GROUPED[family]


def losses_that_fit(model: str) -> Mapping[str, Loss]:
    """The losses under which such a model can be fitted, by key: those that take any number as a prediction.

    `model` is one of the families' `models`, such as "line".
    """
    return {key: loss for key, loss in LOSSES.items() if loss.fits(model)}


def _grouped() -> Mapping[str, Mapping[str, Loss]]:
    groups: dict[str, dict[str, Loss]] = {family: {} for family in FAMILIES}
    for key, loss in LOSSES.items():
        groups[loss.family][key] = loss
    return MappingProxyType({family: MappingProxyType(group) for family, group in groups.items()})


GROUPED = _grouped()

__all__ = [
    "BATCH_LOSSES",
    "BOX_LOSSES",
    "FAMILIES",
    "LOSSES",
    "MASK_LOSSES",
    "BatchLoss",
    "BoxLoss",
    "Equivalent",
    "Family",
    "Loss",
    "MaskLoss",
    "losses_of",
    "losses_that_fit",
]
