"""Every loss, by key, in the order in which pickers show them."""

from core.catalogue import collect
from core.losses import absolute, cross_entropy, likelihood, margin, robust, smooth, squared
from core.losses.contract import Loss, Spelling

LOSSES = collect(Loss, squared, absolute, smooth, robust, likelihood, cross_entropy, margin)

__all__ = ["LOSSES", "Loss", "Spelling"]
