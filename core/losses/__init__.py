"""Every loss, by key, in the order in which pickers show them."""

from core.catalogue import collect
from core.losses import absolute, smooth, squared
from core.losses.contract import Loss, Spelling

LOSSES = collect(Loss, squared, absolute, smooth)

__all__ = ["LOSSES", "Loss", "Spelling"]
