"""Writes boxes.json: losses of boxes and their gradients by torchvision's own functions, and by PyTorch's autograd.

    make reference

torchvision adds eps to what it divides by; it is made so small here that it counts only where boxes have no area.
CIoU's alpha has no gradient there either. This project's own code is only compared, at the end.
"""

import numpy as np
import torch
from torch.nn.functional import l1_loss, smooth_l1_loss

from core.losses import BOX_LOSSES
from tests.reference.vision import case, ops, write

EPS = 1e-300
WITHIN = {"rtol": 1e-9, "atol": 1e-12}
WITHIN_ITS_EPS = {"rtol": 1e-6, "atol": 3e-7}  # complete_box_iou_loss does not hand its eps on to the DIoU in it


def boxes() -> tuple[np.ndarray, np.ndarray]:
    """Pairs of every kind: apart, overlapping, one inside the other, equal, touching, without width."""
    random = np.random.default_rng(8)
    corner, size = random.uniform(-3, 3, (2, 60, 2)), random.uniform(0.1, 5, (2, 60, 2))
    pred, target = np.concatenate([corner, corner + size], axis=-1).round(4)
    unit = [0.0, 0.0, 1.0, 1.0]
    odd = [
        (unit, unit), (unit, [1.0, 0.0, 2.0, 1.0]), (unit, [1.0, 1.0, 2.0, 2.0]), (unit, [0.0, 0.0, 1.0, 3.0]),
        ([0.0, 0.0, 0.0, 1.0], unit), (unit, [0.2, 0.0, 0.2, 1.0]), ([2.5, 0.0, 3.5, 1.0], unit),
        ([0.2, 0.2, 0.8, 0.8], unit), (unit, [0.2, 0.2, 0.8, 0.8]), ([0.0, 0.0, 4.0, 1.0], [1.0, -1.0, 2.0, 3.0]),
    ]  # fmt: skip
    return np.concatenate([pred, [one for one, _ in odd]]), np.concatenate([target, [other for _, other in odd]])


def parts(pred, target):
    """Intersection over union and the sides of the enclosing box."""
    low, high = torch.maximum(pred[:, :2], target[:, :2]), torch.minimum(pred[:, 2:], target[:, 2:])
    shared = high - low
    overlap = torch.where((shared > 0).all(dim=1), shared.prod(dim=1), torch.zeros(()).double())
    area = [(one[:, 2:] - one[:, :2]).prod(dim=1) for one in (pred, target)]
    span = torch.maximum(pred[:, 2:], target[:, 2:]) - torch.minimum(pred[:, :2], target[:, :2])
    return overlap / (sum(area) - overlap + EPS), span


def iou(pred, target):
    return 1 - parts(pred, target)[0]


def eiou(pred, target):
    overlap, span = parts(pred, target)
    apart = (pred[:, :2] + pred[:, 2:] - target[:, :2] - target[:, 2:]) / 2
    off = (pred[:, 2:] - pred[:, :2]) - (target[:, 2:] - target[:, :2])
    return 1 - overlap + (apart**2).sum(1) / (span**2).sum(1) + (off**2 / span**2).sum(1)


def ciou(pred, target):
    angles = [torch.atan2(one[:, 2] - one[:, 0], one[:, 3] - one[:, 1]) for one in (target, pred)]
    v = 4 / torch.pi**2 * (angles[0] - angles[1]) ** 2
    with torch.no_grad():
        alpha = v / (iou(pred, target) + v + EPS)
    return ops.distance_box_iou_loss(pred, target, eps=EPS) + alpha * v


FUNCTIONS = [
    ("iou", "torch", iou, {}),
    ("giou", "torchvision", lambda pred, target: ops.generalized_box_iou_loss(pred, target, eps=EPS), {}),
    ("diou", "torchvision", lambda pred, target: ops.distance_box_iou_loss(pred, target, eps=EPS), {}),
    ("ciou", "torch", ciou, {}),
    ("ciou", "torchvision", lambda pred, target: ops.complete_box_iou_loss(pred, target, eps=EPS), {}),
    ("eiou", "torch", eiou, {}),
    ("box_l1", "torch", lambda pred, target: l1_loss(pred, target, reduction="none").sum(1), {}),
    *(
        ("box_smooth_l1", "torch", lambda p, t, beta=beta: smooth_l1_loss(p, t, reduction="none", beta=beta).sum(1),
         {"beta": beta})
        for beta in (0.5, 1.0, 3.0)
    ),
]  # fmt: skip


def cases():
    pred, target = boxes()
    for key, library, function, params in FUNCTIONS:
        within = WITHIN_ITS_EPS if (key, library) == ("ciou", "torchvision") else WITHIN
        yield case(BOX_LOSSES[key], library, function, params, pred, target, within)


if __name__ == "__main__":
    write(__file__, ("torch", "torchvision"), cases())
