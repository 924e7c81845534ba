"""Every loss, by key, in the order in which pickers show them."""

from core.losses import absolute, batch, cross_entropy, likelihood, margin, robust, smooth, squared
from core.losses.batch import BatchLoss
from core.losses.loss import Equivalent, Loss
from core.record import collect

LOSSES = collect(Loss, squared, absolute, smooth, robust, likelihood, cross_entropy, margin)
BATCH_LOSSES = collect(BatchLoss, batch)

__all__ = ["BATCH_LOSSES", "LOSSES", "BatchLoss", "Equivalent", "Loss"]
