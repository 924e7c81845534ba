"""Losses of a predicted box against the true one, by their edges: x1, y1, x2, y2 on the last axis.

Those of the IoU family do not change when both boxes are moved or scaled together. They are computed in units of the
smallest box that encloses both, so no edge is too far out for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.losses.array_code import DISTANCE, ENCLOSING_BOX, OVERLAP_OF_BOXES, array_code
from core.losses.equivalents import Equivalent
from core.losses.loss_record import LossRecord
from core.losses.measure import Measure, constant, ratio
from core.record import POSITIVE, REAL, Look, Param, Source, numbers

Formula = Callable[..., Measure]
EDGES = 4
ARCTAN_SQUARED = 4 / np.pi**2  # so that v lies in [0, 1]


@dataclass(frozen=True, kw_only=True)
class BoxLoss(LossRecord):
    """One loss of a box against the true box.

    `value` takes `pred` [..., 4] and `target` [..., 4], which broadcast, and the parameters by keyword, numbers or
    arrays [...]; it gives [...]. `grad` is its derivative in each edge of `pred`, [..., 4]. Where two edges are at one
    place the slope is the mean of both sides; boxes that touch have no overlap. A box may have no width or height; the
    IoU of two boxes without an area is 0. They raise ValueError for a last axis of another length, for what is no
    finite number and for a box whose second edge lies before its first.
    """

    measure_of: Formula  # (Pair, **params): the value and its slopes
    scale_free: bool = True  # the same when both boxes are moved and scaled together
    family: str = "box"
    subgradient: str = "halfway between both sides where two edges meet"

    def value(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """The loss of each pair of boxes, [...]."""
        return self._measure(pred, target, params).value

    def grad(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """d value / d pred, [..., 4]."""
        return np.moveaxis(self._measure(pred, target, params).slope, 0, -1)

    def _measure(self, pred: Any, target: Any, params: dict[str, Any]) -> Measure:
        values = self.with_defaults(params)
        pred, target = (boxes(name, given, self.key) for name, given in (("pred", pred), ("target", target)))
        shape = np.broadcast_shapes(pred.shape[:-1], target.shape[:-1], *(value.shape for value in values.values()))
        pred, target = (np.broadcast_to(one, (*shape, EDGES)) for one in (pred, target))
        if not self.scale_free:
            return self.measure_of(Pair(pred, target), **values)
        first = np.minimum(pred, target)[..., :2]
        far = np.maximum(pred, target)[..., 2:] / 2 - first / 2  # halves: their difference cannot be too large
        unit = np.maximum(far[..., 0], far[..., 1])
        unit = np.where(unit > 0, unit, 1.0)
        corner = np.concatenate([first, first], axis=-1) / 2
        found = self.measure_of(Pair(*((one / 2 - corner) / unit[..., None] for one in (pred, target))), **values)
        return Measure(found.value, found.slope / unit / 2)


def boxes(name: str, given: Any, key: str) -> np.ndarray:
    """The boxes [..., 4] as float64. ValueError, with the place of the first bad one, for what is none."""
    found = numbers(name, given, REAL, of=key)
    if found.ndim == 0 or found.shape[-1] != EDGES:
        raise ValueError(f"{name} must hold x1, y1, x2, y2 on its last axis, got shape {found.shape} ({key})")
    wrong = np.argwhere((found[..., 2:] < found[..., :2]).any(axis=-1))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        box = ", ".join(f"{edge:g}" for edge in found[place])
        at = f" at {list(place)}" if place else ""
        raise ValueError(f"{name} must have x1 <= x2 and y1 <= y2, got ({box}){at} ({key})")
    return found


@dataclass(frozen=True, eq=False)
class Pair:
    """A predicted and a true box, both [..., 4], and what the losses are made of. Slopes are in the predicted edges."""

    pred: np.ndarray
    target: np.ndarray

    def edge(self, place: int) -> Measure:
        """One predicted edge."""
        slope = np.zeros((EDGES, *self.pred.shape[:-1]))
        slope[place] = 1.0
        return Measure(self.pred[..., place], slope)

    def length(self, axis: int) -> Measure:
        """The predicted width (axis 0) or height (axis 1)."""
        return self.edge(axis + 2) - self.edge(axis)

    def true_length(self, axis: int) -> np.ndarray:
        """The true width or height, [...]."""
        return self.target[..., axis + 2] - self.target[..., axis]

    def shared(self, axis: int) -> Measure:
        """How much of an axis both boxes cover; 0 where they do not meet."""
        first = self.edge(axis).larger(self.target[..., axis])
        last = self.edge(axis + 2).smaller(self.target[..., axis + 2])
        return (last - first).where((last - first).value > 0)

    def span(self, axis: int) -> Measure:
        """The width or height of the smallest box that encloses both."""
        first = self.edge(axis).smaller(self.target[..., axis])
        return self.edge(axis + 2).larger(self.target[..., axis + 2]) - first

    def apart(self, axis: int) -> Measure:
        """How far the predicted middle lies from the true one, with its sign."""
        middle = (self.target[..., axis] + self.target[..., axis + 2]) / 2
        return (self.edge(axis) + self.edge(axis + 2)) * constant(0.5) - constant(middle)

    @cached_property
    def overlap(self) -> Measure:
        """The area of the intersection, 0 where the boxes meet in one axis alone."""
        across, down = self.shared(0), self.shared(1)
        return (across * down).where((across.value > 0) & (down.value > 0))

    @cached_property
    def union(self) -> Measure:
        """The area of both boxes together."""
        true_area = constant(self.true_length(0) * self.true_length(1))
        return self.length(0) * self.length(1) + true_area - self.overlap

    @cached_property
    def iou(self) -> Measure:
        """Intersection over union, from 0 to 1."""
        return ratio(self.overlap, self.union)

    @cached_property
    def distance(self) -> Measure:
        """The squared distance of the middles over the squared diagonal of the enclosing box."""
        across, down, wide, high = self.apart(0), self.apart(1), self.span(0), self.span(1)
        return ratio(across * across + down * down, wide * wide + high * high)


def _iou(pair: Pair) -> Measure:
    return constant(1.0) - pair.iou


def _giou(pair: Pair) -> Measure:
    enclosing = pair.span(0) * pair.span(1)
    return _iou(pair) + ratio(enclosing - pair.union, enclosing)


def _diou(pair: Pair) -> Measure:
    return _iou(pair) + pair.distance


def _ciou(pair: Pair) -> Measure:
    angle = pair.length(0).angle(pair.length(1)) - constant(np.arctan2(pair.true_length(0), pair.true_length(1)))
    aspect = angle * angle * constant(ARCTAN_SQUARED)
    below = 1 - pair.iou.value + aspect.value
    alpha = np.divide(aspect.value, below, out=np.zeros(below.shape), where=below > 0)
    return _diou(pair) + aspect * constant(alpha)  # alpha counts as a number: it has no slope


def _eiou(pair: Pair) -> Measure:
    found = _diou(pair)
    for axis in (0, 1):
        off, span = pair.length(axis) - constant(pair.true_length(axis)), pair.span(axis)
        found = found + ratio(off * off, span * span)
    return found


def _l1(pair: Pair) -> Measure:
    off = pair.pred - pair.target
    return Measure(np.abs(off).sum(axis=-1), np.moveaxis(np.sign(off), -1, 0))


def _smooth_l1(pair: Pair, *, beta: np.ndarray) -> Measure:
    off, beta = pair.pred - pair.target, beta[..., None]
    small = np.abs(off) < beta
    value = np.where(small, np.where(small, off, 0.0) ** 2 / (2 * beta), np.abs(off) - beta / 2)
    return Measure(value.sum(axis=-1), np.moveaxis(np.where(small, off / beta, np.sign(off)), -1, 0))


_UNIT = (0.0, 0.0, 1.0, 1.0)
_HALF = (0.0, 0.0, 1.0, 0.5)  # inside of the unit box
_AWAY = (2.0, 0.0, 3.0, 1.0)  # a unit box, 1 to the right of it
_EPS = "It adds 1e-7 to what it divides by: for boxes in shares of the picture pass a smaller eps."
_MEAN_OF_EDGES = "It takes the mean of the four edges, not their sum."
_IOU_TEMPLATE = r"1 - \frac{|B \cap T|}{|B \cup T|}"

iou = BoxLoss(
    name="IoU loss",
    short="IoU",
    measure_of=_iou,
    look=Look("blue", "solid"),
    template=_IOU_TEMPLATE,
    by_hand={(_HALF, _UNIT): 0.5, (_AWAY, _UNIT): 1.0, (_UNIT, _UNIT): 0.0},
    use_when="Boxes overlap from the start, and you are judged by IoU.",
    watch_out="Without overlap it is 1 whatever the distance: its gradient is 0, and the box never moves.",
    source=Source(
        "Yu, Jiang, Wang, Cao, Huang", 2016, "UnitBox: An Advanced Object Detection Network", "arxiv:1608.01471"
    ),
    equivalents={
        **array_code("$mean(1 - iou)", OVERLAP_OF_BOXES, "NumPy"),
        "PyTorch": Equivalent(
            "1 - torchvision.ops.box_iou(pred, target).diagonal().mean()",
            where="np.prod(target[:, 2:] - target[:, :2], axis=1) > 0",
            note="It compares each box with all others. Two boxes without an area are 0/0.",
        ),
        "Keras": Equivalent(
            "1 - keras.ops.mean(keras.ops.diagonal(ious))",
            lines='ious = keras.utils.bounding_boxes.compute_iou(pred, target, "xyxy")',
            rtol=1e-6,
            note="It compares each box with all others, and adds 1e-7 to their union.",
        ),
    },
)
giou = BoxLoss(
    name="Generalised IoU loss",
    short="GIoU",
    measure_of=_giou,
    look=Look("orange", "dash"),
    template=_IOU_TEMPLATE + r" + \frac{|C| - |B \cup T|}{|C|}",
    by_hand={(_HALF, _UNIT): 0.5, (_AWAY, _UNIT): 1 + 1 / 3},
    use_when="Predicted boxes may miss the object at first.",
    watch_out="A box that is far away first grows towards the object, and only then moves. Inside of the true box it "
    "is the IoU loss.",
    source=Source(
        "Rezatofighi, Tsoi, Gwak, Sadeghian, Reid, Savarese", 2019, "Generalized Intersection over Union",
        "arxiv:1902.09630",
    ),
    equivalents={
        **array_code(
            "$mean(1 - iou + (outer - union) / $where(outer > 0, outer, 1))",
            OVERLAP_OF_BOXES + ENCLOSING_BOX + "outer = span[..., 0] * span[..., 1]",
            "NumPy",
            "Keras",
        ),
        "PyTorch": Equivalent(
            'torchvision.ops.generalized_box_iou_loss(pred, target, reduction="mean")', rtol=1e-6, note=_EPS
        ),
        "MONAI": Equivalent(
            "monai.losses.BoxGIoULoss()(pred, target)", rtol=1e-5, note="It computes in single precision."
        ),
    },
)  # fmt: skip
diou = BoxLoss(
    name="Distance IoU loss",
    short="DIoU",
    measure_of=_diou,
    look=Look("green", "dot"),
    template=_IOU_TEMPLATE + r" + \frac{d^2}{c^2}",
    by_hand={(_HALF, _UNIT): 0.5 + 0.0625 / 2, (_AWAY, _UNIT): 1 + 4 / 10},
    use_when="A box should move to its object quickly, from far away too.",
    watch_out="Boxes with one middle have no distance: size and aspect are left to the IoU alone.",
    source=Source("Zheng, Wang, Liu, Li, Ye, Ren", 2020, "Distance-IoU Loss", "arxiv:1911.08287"),
    equivalents={
        **array_code("$mean(1 - iou + distance)", OVERLAP_OF_BOXES + ENCLOSING_BOX + DISTANCE, "NumPy", "Keras"),
        "PyTorch": Equivalent(
            'torchvision.ops.distance_box_iou_loss(pred, target, reduction="mean")', rtol=1e-6, note=_EPS
        ),
    },
)
ciou = BoxLoss(
    name="Complete IoU loss",
    short="CIoU",
    measure_of=_ciou,
    look=Look("purple", "dashdot"),
    template=_IOU_TEMPLATE + r" + \frac{d^2}{c^2} + \alpha v, \quad v = \frac{4}{\pi^2}\left(\arctan\frac{w_T}{h_T} - "
    r"\arctan\frac{w}{h}\right)^2, \quad \alpha = \frac{v}{1 - \mathrm{IoU} + v}",
    by_hand={(_AWAY, _UNIT): 1 + 4 / 10, (_UNIT, _UNIT): 0.0},
    use_when="The aspect ratio matters as well: it is what many detectors train with.",
    watch_out="Its gradient takes α as a number. Two boxes of one aspect ratio but another size get nothing from v.",
    source=Source("Zheng, Wang, Liu, Li, Ye, Ren", 2020, "Distance-IoU Loss", "arxiv:1911.08287"),
    equivalents={
        **array_code(
            "$mean(1 - iou + distance + alpha * v)",
            OVERLAP_OF_BOXES + ENCLOSING_BOX + DISTANCE + "angle = np.arctan2(size[..., 0], size[..., 1])\n"
            "true_angle = np.arctan2(true_size[..., 0], true_size[..., 1])\n"
            "v = 4 / np.pi**2 * (true_angle - angle) ** 2\n"
            "alpha = v / np.where(iou - v < 1, 1 - iou + v, 1)",
            "NumPy",
        ),
        "PyTorch": Equivalent(
            'torchvision.ops.complete_box_iou_loss(pred, target, reduction="mean")',
            where="(pred[:, 3] > pred[:, 1]) & (target[:, 3] > target[:, 1])",
            rtol=1e-6,
            note="It divides by heights: a box without one has the gradient NaN. It adds 1e-7 to the areas.",
        ),
        "Keras": Equivalent(
            '1 - keras.ops.mean(keras.utils.bounding_boxes.compute_ciou(pred, target, "xyxy"))',
            rtol=1e-5,
            same_grad=False,
            note="Its α carries a gradient, which the paper leaves out: it descends otherwise. It adds 1e-7 to heights "
            "and areas.",
        ),
    },
)
eiou = BoxLoss(
    name="Efficient IoU loss",
    short="EIoU",
    measure_of=_eiou,
    look=Look("teal", "dash"),
    template=_IOU_TEMPLATE + r" + \frac{d^2}{c^2} + \frac{(w - w_T)^2}{w_C^2} + \frac{(h - h_T)^2}{h_C^2}",
    by_hand={(_HALF, _UNIT): 0.5 + 0.0625 / 2 + 0.25, (_AWAY, _UNIT): 1 + 4 / 10},
    use_when="Width and height should each come right, not only their ratio.",
    watch_out="It has four terms of different size, so the loss alone says little about the overlap.",
    source=Source(
        "Zhang, Ren, Zhang, Jia, Wang, Tan", 2022, "Focal and Efficient IOU Loss", "arxiv:2101.08158"
    ),
    equivalents=array_code(
        "$mean(1 - iou + distance + $sum(off**2 / $where(span > 0, span, 1) ** 2, axis=-1))",
        OVERLAP_OF_BOXES + ENCLOSING_BOX + DISTANCE + "off = size - true_size",
    ),
)  # fmt: skip
box_l1 = BoxLoss(
    name="L1 of the edges",
    short="L1",
    measure_of=_l1,
    scale_free=False,
    look=Look("slate", "solid"),
    template=r"\sum_{k=1}^{4} |b_k - t_k|",
    by_hand={(_HALF, _UNIT): 0.5, (_AWAY, _UNIT): 4.0},
    use_when="You want a plain gradient that never vanishes, beside a loss of the IoU family.",
    watch_out="It counts pixels: a large box that is a little off costs more than a small one that misses.",
    source=Source("Carion, Massa, Synnaeve, Usunier, Kirillov, Zagoruyko", 2020, "DETR", "arxiv:2005.12872"),
    equivalents={
        "NumPy": Equivalent("np.abs(pred - target).sum(axis=-1).mean()"),
        "PyTorch": Equivalent(
            'torch.nn.functional.l1_loss(pred, target, reduction="sum") / len(pred)',
            note='With reduction="mean" it divides by the four edges too.',
        ),
        "Keras": Equivalent("keras.losses.MeanAbsoluteError()(target, pred)", scale="4", note=_MEAN_OF_EDGES),
    },
)
box_smooth_l1 = BoxLoss(
    name="Smooth L1 of the edges",
    short="Smooth L1",
    measure_of=_smooth_l1,
    scale_free=False,
    look=Look("red", "dashdot"),
    template=r"\sum_{k=1}^{4} \begin{cases} (b_k - t_k)^2 / (2 %(beta)s) & |b_k - t_k| < %(beta)s \\ "
    r"|b_k - t_k| - %(beta)s / 2 & \text{else} \end{cases}",
    params=(Param("beta", symbol="β", latex=r"\beta", default=1.0, low=0.1, high=5.0, step=0.1, domain=POSITIVE),),
    by_hand={(_HALF, _UNIT): 0.125, (_AWAY, _UNIT): 3.0},
    use_when="L1 would shake around the minimum: here the last steps become small.",
    watch_out="β is a number of pixels: for boxes of another size it is another loss.",
    source=Source("Girshick", 2015, "Fast R-CNN", "arxiv:1504.08083"),
    equivalents={
        "NumPy": Equivalent(
            "np.where(off < %(beta)s, off**2 / (2 * %(beta)s), off - %(beta)s / 2).sum(axis=-1).mean()",
            lines="off = np.abs(pred - target)",
        ),
        "PyTorch": Equivalent(
            'torch.nn.functional.smooth_l1_loss(pred, target, beta=%(beta)s, reduction="sum") / len(pred)',
            note='With reduction="mean" it divides by the four edges too.',
        ),
        "Keras": Equivalent(
            "keras.losses.Huber(delta=%(beta)s)(target, pred)",
            scale="4 / beta",
            note="Huber is β times smooth L1. " + _MEAN_OF_EDGES,
        ),
    },
)
