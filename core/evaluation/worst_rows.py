"""Which rows carry a loss."""

from __future__ import annotations

import numpy as np


def carried(values: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The share of the sum of losses, values [..., n], that the worst rows make: [..., shares].

    shares: of the rows, [shares], each from 0 to 1. Part of a row counts as that part. NaN where every loss is 0.
    """
    worst = -np.sort(-values, axis=-1)
    total = np.cumsum(worst, axis=-1)
    total = np.concatenate([np.zeros_like(total[..., :1]), total], axis=-1)
    place = np.asarray(shares) * values.shape[-1]
    whole = np.minimum(place.astype(int), values.shape[-1] - 1)
    found = total[..., whole] + (place - whole) * worst[..., whole]
    with np.errstate(invalid="ignore"):
        return found / total[..., -1:]
