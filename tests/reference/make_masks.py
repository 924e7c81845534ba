"""Writes masks.json: losses of masks by PyTorch's arithmetic and autograd, and by MONAI.

    make reference

The Lovász hinge is written after the paper's algorithm 1. This project's own code is only compared, at the end.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from monai.losses import DiceLoss, TverskyLoss
from torch.nn.functional import binary_cross_entropy_with_logits

from core.losses import MASK_LOSSES

WITHIN = {"rtol": 1e-9, "atol": 1e-12}
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


def entropy_and_dice(weight):
    def loss(z, y):
        entropy = binary_cross_entropy_with_logits(z, y, reduction="none").mean((1, 2))
        return weight * entropy + (1 - weight) * dice(z, y)

    return loss


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
    return lambda z, y: loss(z[:, None], y[:, None]).reshape(len(z))


OPTIONS = {"sigmoid": True, "reduction": "none", "smooth_nr": SMOOTH, "smooth_dr": SMOOTH}
FUNCTIONS = [
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
        leaf = torch.tensor(pred, requires_grad=True)
        value = function(leaf, torch.tensor(target))
        (grad,) = torch.autograd.grad(value.sum(), leaf)
        off = [np.abs(getattr(MASK_LOSSES[key], method)(pred, target, **params) - theirs.detach().numpy()).max()
               for method, theirs in (("value", value), ("grad", grad))]  # fmt: skip
        print(key, library, params, *off)
        yield {
            "key": key,
            "library": library,
            "params": params,
            "pred": pred.tolist(),
            "target": target.tolist(),
            "value": value.tolist(),
            "grad": grad.tolist(),
        }


if __name__ == "__main__":
    found = {
        "library": {name: version(name) for name in ("torch", "monai")},
        "script": Path(__file__).name,
        "within": WITHIN,
        "cases": list(cases()),
    }
    Path(__file__).with_name("masks.json").write_text(json.dumps(found, indent=1) + "\n")
