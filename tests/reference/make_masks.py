"""Writes masks.json: losses of masks by PyTorch's arithmetic and autograd, by torchvision and by MONAI.

    make reference

The Lovász hinge is written after the paper's algorithm 1. This project's own code is only compared, at the end.
"""

import numpy as np
import torch
from monai.losses import DiceLoss, FocalLoss, TverskyLoss
from torch.nn.functional import binary_cross_entropy_with_logits

from core.losses import MASK_LOSSES
from tests.reference.vision import case, ops, write

WITHIN = {"rtol": 1e-9, "atol": 1e-12}
WITHIN_SINGLE = {"rtol": 1e-5, "atol": 1e-7}  # FocalLoss of MONAI computes in single precision
SMOOTH = 1.0


def masks() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(6)
    pred, target = random.normal(0, 2, (6, 4, 5)).round(4), (random.random((6, 4, 5)) < 0.3).astype(float)
    target[4], target[5] = 0.0, 1.0  # an empty mask and a full one
    return pred, target


def counts(z, y):
    p = torch.sigmoid(z)
    return (p * y).sum((1, 2)), (p * (1 - y)).sum((1, 2)), ((1 - p) * y).sum((1, 2))


def tversky(alpha, beta, gamma=1.0):
    def loss(z, y):
        tp, fp, fn = counts(z, y)
        return (1 - (tp + SMOOTH) / (tp + alpha * fp + beta * fn + SMOOTH)) ** gamma

    return loss


def jaccard(z, y):
    tp, fp, fn = counts(z, y)
    return 1 - (tp + SMOOTH) / (tp + fp + fn + SMOOTH)


def dice(z, y):
    tp, fp, fn = counts(z, y)
    return 1 - (2 * tp + SMOOTH) / (2 * tp + fp + fn + SMOOTH)


def cross_entropy(pos_weight=1.0):
    weight = torch.tensor(pos_weight, dtype=torch.float64)
    return lambda z, y: binary_cross_entropy_with_logits(z, y, pos_weight=weight, reduction="none").mean((1, 2))


def entropy_and_dice(weight):
    return lambda z, y: weight * cross_entropy()(z, y) + (1 - weight) * dice(z, y)


def focal(**params):
    return lambda z, y: ops.sigmoid_focal_loss(z, y, **params).mean((1, 2))


def lovasz(z, y):
    found = []
    for scores, labels in zip(z.flatten(1), y.flatten(1), strict=True):
        errors, order = torch.sort(1 - (2 * labels - 1) * scores, descending=True)
        inside = labels[order]
        index = 1 - (inside.sum() - inside.cumsum(0)) / (inside.sum() + (1 - inside).cumsum(0))
        weights = torch.cat([index[:1], index[1:] - index[:-1]])
        found.append(torch.dot(torch.relu(errors), weights))
    return torch.stack(found)


def by_monai(loss):
    """A loss of MONAI, whose masks have a channel; smooth above and below as here."""
    return lambda z, y: loss(z[:, None], y[:, None]).reshape(len(z), -1).mean(1)


OPTIONS = {"sigmoid": True, "reduction": "none", "smooth_nr": SMOOTH, "smooth_dr": SMOOTH}
USUAL, SHARP = {"gamma": 2.0, "alpha": 0.25}, {"gamma": 3.5, "alpha": 0.6}
FUNCTIONS = [
    *(("pixel_cross_entropy", "torch", cross_entropy(weight), {"pos_weight": weight}) for weight in (1.0, 10.0)),
    *(("pixel_focal", "torchvision", focal(**params), params) for params in (USUAL, SHARP)),
    ("pixel_focal", "monai", by_monai(FocalLoss(**USUAL, reduction="none")), USUAL),
    ("dice", "torch", dice, {}),
    ("dice", "monai", by_monai(DiceLoss(**OPTIONS)), {}),
    ("jaccard", "torch", jaccard, {}),
    ("tversky", "torch", tversky(0.3, 0.7), {"alpha": 0.3, "beta": 0.7}),
    ("tversky", "monai", by_monai(TverskyLoss(alpha=0.3, beta=0.7, **OPTIONS)), {"alpha": 0.3, "beta": 0.7}),
    ("focal_tversky", "torch", tversky(0.3, 0.7, 0.75), {"alpha": 0.3, "beta": 0.7, "gamma": 0.75}),
    ("lovasz_hinge", "torch", lovasz, {}),
    ("cross_entropy_dice", "torch", entropy_and_dice(0.3), {"weight": 0.3}),
]


def cases():
    pred, target = masks()
    for key, library, function, params in FUNCTIONS:
        within = WITHIN_SINGLE if (key, library) == ("pixel_focal", "monai") else WITHIN
        yield case(MASK_LOSSES[key], library, function, params, pred, target, within)


if __name__ == "__main__":
    write(__file__, ("torch", "torchvision", "monai"), cases())
