"""Average precision of predicted boxes, as the COCO benchmark computes it.

Detections are taken by falling score. Each is right if it overlaps a truth of its picture, one that no earlier
detection has found, by at least a threshold of IoU; of several it takes the one that it overlaps most. Precision is
read at 101 recalls from 0 to 1, at each the highest that is reached at this recall or a higher one, and averaged.
(PASCAL VOC differs twice: it averages over every recall that is reached, and a detection whose best truth is already
found is wrong.)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.losses.boxes import boxes as checked_boxes
from core.record import SHARE, numbers

RECALLS = np.linspace(0.0, 1.0, 101)
COCO_THRESHOLDS = np.linspace(0.5, 0.95, 10)
NEARLY_1 = 1 - 1e-10  # the highest IoU that is asked for: two equal boxes may come a rounding short of 1


def box_overlap(boxes: Any, truths: Any) -> np.ndarray:
    """The IoU of each of n boxes with each of m, [..., n, m]; 0 where neither has an area.

    boxes [..., n, 4], truths [..., m, 4]: x1, y1, x2, y2, each second edge at least as far as its first.
    """
    boxes, truths = boxes[..., :, None, :], truths[..., None, :, :]
    sides = np.minimum(boxes[..., 2:], truths[..., 2:]) - np.maximum(boxes[..., :2], truths[..., :2])
    shared = np.where((sides > 0).all(axis=-1), sides.prod(axis=-1), 0.0)
    both = area(boxes) + area(truths) - shared
    return np.divide(shared, both, out=np.zeros_like(shared), where=both > 0)


def area(boxes: np.ndarray) -> np.ndarray:
    """Width times height of boxes [..., 4]."""
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def right_detections(overlap: np.ndarray, threshold: Any) -> np.ndarray:
    """Whether each detection finds a truth of its own, bool [..., n].

    overlap: [..., n, m], the IoU of the detections, by falling score, with the truths; -1 where there is none.
    threshold: the least IoU, a number or an array that broadcasts with [...].
    """
    least = np.minimum(np.asarray(threshold, dtype=float), NEARLY_1)
    shape = np.broadcast_shapes(overlap.shape[:-2], least.shape)
    free = np.ones((*shape, overlap.shape[-1]), dtype=bool)
    right = np.zeros((*shape, overlap.shape[-2]), dtype=bool)
    for place in range(overlap.shape[-2] if overlap.shape[-1] else 0):
        own = np.where(free, overlap[..., place, :], -1.0)
        best = own.shape[-1] - 1 - own[..., ::-1].argmax(axis=-1)[..., None]  # the last of equal ones, as in COCO
        right[..., place] = np.take_along_axis(own, best, axis=-1)[..., 0] >= least
        np.put_along_axis(free, best, ~right[..., place, None] & np.take_along_axis(free, best, axis=-1), axis=-1)
    return right


def box_average_precision(
    boxes: Any, scores: Any, truths: Any, threshold: Any = 0.5, *, exists: Any = True
) -> np.ndarray:
    """The average precision of detections in several pictures, [...] or, at several thresholds, [..., thresholds].

    boxes [..., pictures, n, 4], scores [..., pictures, n]: the detections; a score of -inf says that there is none.
    truths [pictures, m, 4]; `exists` [pictures, m] is False where a picture has fewer. threshold: of IoU, above 0
    and below 1, one or several. Equal scores keep the order in which they are given. NaN where there are no truths.
    Raises ValueError for a box whose second edge lies before its first, and for what is no number.
    """
    boxes, truths = checked_boxes("boxes", boxes, "AP"), checked_boxes("truths", truths, "AP")
    scores, least = numbers("scores", scores, of="AP"), numbers("threshold", threshold, SHARE, of="AP")
    if np.isnan(scores).any() or (scores == np.inf).any():
        raise ValueError("scores must be numbers, or -inf where there is no detection, got NaN or inf (AP)")
    if boxes.shape[:-1] != scores.shape or truths.ndim != 3 or boxes.shape[-3] != len(truths):
        raise ValueError(
            f"boxes [..., pictures, n, 4], scores [..., pictures, n] and truths [pictures, m, 4] must fit, got "
            f"{boxes.shape}, {scores.shape} and {truths.shape} (AP)"
        )
    exists = np.broadcast_to(np.asarray(exists, dtype=bool), truths.shape[:-1])
    order = np.argsort(-scores, axis=-1, kind="stable")
    scores = np.take_along_axis(scores, order, axis=-1)
    overlap = box_overlap(np.take_along_axis(boxes, order[..., None], axis=-2), truths)
    overlap = np.where(exists[..., None, :], overlap, -1.0)
    right = right_detections(overlap, least.reshape(-1, *[1] * (scores.ndim - 1), 1)[..., 0])
    flat = scores.reshape(*scores.shape[:-2], -1)
    order = np.argsort(-flat, axis=-1, kind="stable")
    right = np.take_along_axis(right.reshape(len(right), *flat.shape), order[None], axis=-1)
    found = interpolated(right, np.take_along_axis(flat, order, axis=-1) > -np.inf, int(exists.sum()))
    return np.moveaxis(found, 0, -1) if least.ndim else found[0]


def interpolated(right: np.ndarray, given: np.ndarray, truths: int) -> np.ndarray:
    """The mean precision at 101 recalls, [...], of detections by falling score: right, and given at all, [..., n]."""
    if truths == 0 or right.shape[-1] == 0:
        return np.full(right.shape[:-1], 0.0 if truths else np.nan)
    hits = np.cumsum(right & given, axis=-1)
    precision = hits / np.arange(1, right.shape[-1] + 1)
    precision = np.maximum.accumulate(np.where(given, precision, 0.0)[..., ::-1], axis=-1)[..., ::-1]
    most = right.shape[-1]
    precision = np.concatenate([precision, np.zeros((*precision.shape[:-1], 1))], axis=-1).reshape(-1, most + 1)
    # A recall is reached with the first so many hits, the same number in every row.
    needed = np.searchsorted(np.arange(truths + 1) / truths, RECALLS)
    rows = zip(precision, hits.reshape(-1, most), strict=True)
    return np.array([row[np.searchsorted(hit, needed)].mean() for row, hit in rows]).reshape(right.shape[:-1])
