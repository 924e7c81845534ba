"""Metrics of hard masks: of pixels that are said to belong to an object, on the last two axes, and of those that do.

Dice, the Jaccard index (IoU) and pixel accuracy count pixels. The surface distances measure how far the two edges lie
apart, in pixels; a pixel is on the edge of a mask if one of its four neighbours is not in the mask, or lies outside the
picture. They are undefined, NaN, where a mask is empty. Source: Heimann and others 2009, doi:10.1109/TMI.2009.2013851.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt

from core.metrics.counts import Confusion, ratio
from core.record import BINARY, numbers

FOUR_NEIGHBOURS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=bool)


def mask_confusion(found: Any, target: Any) -> Confusion:
    """The counts of pixels [...] of masks `found` and `target`, both [..., h, w] of 0 and 1, which broadcast.

    Raises ValueError for other numbers, for masks of different sizes and for masks without pixels.
    """
    found, target = _checked(found, target)
    tp, fp, fn = ((one & other).sum(axis=(-2, -1)) for one, other in
                  ((found, target), (found, ~target), (~found, target)))  # fmt: skip
    return Confusion(tp, fp, fn, found.shape[-2] * found.shape[-1] - tp - fp - fn)


def jaccard_index(counts: Confusion) -> np.ndarray:
    """TP / (TP + FP + FN), also called IoU, [...]; NaN where both masks are empty."""
    return ratio(counts.tp, counts.tp + counts.fp + counts.fn)


def dice_coefficient(counts: Confusion) -> np.ndarray:
    """2 TP / (2 TP + FP + FN), which is the F1 score, [...]; NaN where both masks are empty."""
    return ratio(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn)


def edge_distances(found: Any, target: Any) -> tuple[np.ndarray, np.ndarray]:
    """How far apart the edges of masks [..., h, w] lie, two of [...] in pixels. Raises as `mask_confusion`.

    The first is the average symmetric surface distance (ASSD): the mean, over the pixels of both edges together, of the
    distance to the other edge. The second is the Hausdorff distance, the largest of these.
    """
    found, target = _checked(found, target)
    known: dict[bytes, tuple[float, float]] = {}  # equal pairs of masks are measured once
    measured = np.empty((2, *found.shape[:-2]))
    for place in np.ndindex(measured.shape[1:]):
        one, other = found[place], target[place]
        content = one.tobytes() + other.tobytes()
        if content not in known:
            distances = _distances(one, other) if one.any() and other.any() else np.array([np.nan])
            known[content] = float(distances.mean()), float(distances.max())
        measured[:, *place] = known[content]
    return measured[0], measured[1]


def edge(mask: np.ndarray) -> np.ndarray:
    """The pixels on the edge of a mask [h, w], bool."""
    return mask & ~binary_erosion(mask, FOUR_NEIGHBOURS)


def _distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """From the pixels of the edge of a mask [h, w] to the edge of another, and back, [pixels of both edges]."""
    a, b = edge(one), edge(other)
    return np.concatenate([distance_transform_edt(~b)[a], distance_transform_edt(~a)[b]])


def _checked(found: Any, target: Any) -> tuple[np.ndarray, np.ndarray]:
    found, target = (numbers(name, one, BINARY) == 1 for name, one in (("found", found), ("target", target)))
    if min(found.ndim, target.ndim) < 2 or found.shape[-2:] != target.shape[-2:] or 0 in found.shape[-2:]:
        raise ValueError(
            f"found and target must hold masks of one size on their last two axes, got {found.shape} and {target.shape}"
        )
    found, target = np.broadcast_arrays(found, target)
    return found, target
