"""Losses of a whole batch: they measure the overlap of all examples together, so no example has a loss of its own.

`pred` holds raw scores z, as in the binary losses; p = sigmoid(z). Both are 1 - (2 sum p y + smooth)/(sum size +
smooth), where `size` is a function of p and y. The difference of the two sums is a sum of gaps that are at least 0, so
the loss is also (sum gap)/(sum size + smooth): without a subtraction, exact where the batch is nearly right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.losses.arguments import check_arguments
from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand
from core.losses.loss_record import LossRecord
from core.numerics import sigmoid
from core.record import BINARY, NON_NEGATIVE, Domain, Look, Param, Source

Formula = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class BatchLoss(LossRecord):
    """One loss of n examples together: float64, the last axis is the batch's.

    `value` takes `pred` [..., n], `target` [..., n] and the parameters by keyword, numbers or arrays [...] (a missing
    one takes its default), and gives [...]; `grad` is its derivative in each score, [..., n]. Nothing given is changed.
    They raise ValueError for an argument outside its domain, for NaN, for shapes that do not broadcast and for a batch
    without examples.
    """

    value_of: Formula  # the formulas themselves, unchecked: (pred, target, **params) in float64
    grad_of: Formula
    hessian_product_of: Formula  # (pred [n], target [n], columns [n, m], **params): the Hessian times columns
    estimates: Estimand
    target_domain: Domain = BINARY
    family: str = "batch"

    def value(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """The loss of each batch, [...]."""
        pred, target, values = self._checked(pred, target, params)
        with np.errstate(over="ignore"):
            return np.add(self.value_of(pred, target, **values), 0.0)

    def grad(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """d value / d pred, [..., n]."""
        pred, target, values = self._checked(pred, target, params)
        with np.errstate(over="ignore"):
            return np.add(self.grad_of(pred, target, **values), 0.0)

    def _checked(self, pred: Any, target: Any, params: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
        self.with_defaults(params)  # as given, so that the message names the right place
        columns = {name: np.asarray(value)[..., None] for name, value in params.items()}
        pred, target, values = check_arguments(self, pred, target, columns)
        shape = np.broadcast_shapes(pred.shape, target.shape, (1,))
        if 0 in (pred.ndim, target.ndim, shape[-1]):
            raise ValueError(
                f"pred and target must hold a batch of examples on their last axis, got {pred.shape} and "
                f"{target.shape} ({self.key})"
            )
        return pred, target, {name: value[..., 0] if value.ndim else value for name, value in values.items()}

    @classmethod
    def from_overlap(cls, *, gap: Formula, size: Formula, **record: Any) -> BatchLoss:
        """The loss (sum gap)/(sum size + smooth).

        `gap(p, q, y)` and `size(p, q, y)`, with q = 1 - p, return a term and its first and second derivative in the
        score. Without a positive example gap and size are equal, so the loss at smooth = 0 is 1 at every score; it is
        1 too where every p is too small for float64 and both sums are 0.
        """

        def sums(pred, target, smooth):
            p, q = sigmoid(pred), sigmoid(-pred)
            gaps, sizes = gap(p, q, target), size(p, q, target)
            below = sizes[0].sum(axis=-1) + smooth
            nothing = below == 0
            below = np.where(nothing, 1.0, below)
            return gaps, sizes, np.where(nothing, 1.0, gaps[0].sum(axis=-1) / below)[..., None], below[..., None]

        def value_of(pred, target, *, smooth):
            return sums(pred, target, smooth)[2][..., 0]

        def grad_of(pred, target, *, smooth):
            gaps, sizes, value, below = sums(pred, target, smooth)
            return (gaps[1] - value * sizes[1]) / below

        def hessian_product_of(pred, target, columns, *, smooth):
            # d2 (G/D) = (d2 G - value d2 D)/D, less the outer product of the gradient and dD/D, both ways round
            gaps, sizes, value, below = sums(pred, target, smooth)
            grad, steeper = (gaps[1] - value * sizes[1]) / below, sizes[1] / below
            own = (gaps[2] - value * sizes[2]) / below
            return own[:, None] * columns - np.outer(grad, steeper @ columns) - np.outer(steeper, grad @ columns)

        return cls(value_of=value_of, grad_of=grad_of, hessian_product_of=hessian_product_of, **record)


_smooth = Param(
    "smooth",
    symbol="smoothing ε",
    latex=r"\epsilon",
    default=1.0,
    low=0.0,
    high=10.0,
    step=0.5,
    domain=NON_NEGATIVE,
    neutral=0.0,
    because="at 0 a batch without positives is 0/0",
)


def _gap(p, q, y):
    # p + y - 2 p y: p of a negative, q of a positive
    sign, both = 1 - 2 * y, p * q
    return np.where(y == 1, q, p), sign * both, sign * both * (q - p)


def _sum(p, q, y):
    both = p * q
    return p + y, both, both * (q - p)


def _square_gap(p, q, y):
    # p^2 + y - 2 p y = (p - y)^2, for y is 0 or 1
    wrong, right = np.where(y == 1, q, p), np.where(y == 1, p, q)
    sign = 1 - 2 * y
    return wrong**2, sign * 2 * wrong**2 * right, 2 * wrong**2 * right * (2 * right - wrong)


def _square_sum(p, q, y):
    return p**2 + y, 2 * p**2 * q, 2 * p**2 * q * (2 * q - p)


soft_f1 = BatchLoss.from_overlap(
    name="Soft F1",
    short="Soft F1",
    look=Look("red"),
    params=(_smooth,),
    gap=_gap,
    size=_sum,
    template=r"1 - \frac{2 \sum p \, y + %(smooth)s}{\sum p + \sum y + %(smooth)s}, \quad p = \sigma(z)",
    estimates=Estimand(
        "whether the probability of y = 1 is above half of the F1 that is reached; not a probability",
        best=lambda rates, *, reached: rates > reached / 2,
    ),
    by_hand={((0.0, math.log(3)), (0, 1)): 1 - 2.5 / 3.25},
    use_when="Your model is judged by F1, and every training batch holds some positives.",
    watch_out="Not convex, and it saturates: confident scores get almost no gradient. The mean over small batches is "
    "not "
    "the value of the whole. With smoothing and few positives, predicting nothing positive may cost least.",
    source=Source(
        "Pastor-Pellicer, Zamora-Martínez, España-Boquera, Castro-Bleda",
        2013,
        "F-Measure as the Error Function to Train Neural Networks",
        "doi:10.1007/978-3-642-38679-4_37",
    ),
    equivalents={
        "NumPy": Equivalent(
            "1 - (overlap + %(smooth)s) / (size + %(smooth)s)",
            lines="p = np.exp(-np.logaddexp(0, -pred))  # sigmoid\noverlap = 2 * (p * target).sum()\n"
            "size = p.sum() + target.sum()",
        ),
        "PyTorch": Equivalent(
            "1 - (overlap + %(smooth)s) / (size + %(smooth)s)",
            lines="p = torch.sigmoid(pred)\noverlap = 2 * (p * target).sum()\nsize = p.sum() + target.sum()",
            note="Written out: PyTorch has no name for it.",
        ),
    },
)

dice = BatchLoss.from_overlap(
    name="Dice",
    short="Dice",
    look=Look("red", "dash"),
    params=(_smooth,),
    gap=_square_gap,
    size=_square_sum,
    template=r"1 - \frac{2 \sum p \, y + %(smooth)s}{\sum p^2 + \sum y^2 + %(smooth)s}, \quad p = \sigma(z)",
    estimates=Estimand(
        "the probability divided by the overlap that is reached, at most 1",
        best=lambda rates, *, reached: np.minimum(1.0, rates / reached),
    ),
    by_hand={((0.0, math.log(3)), (0, 1)): 1 - 2.5 / 2.8125},
    use_when="You segment images, where a batch is the pixels of one and the object is small.",
    watch_out="Not convex, and it saturates: confident scores get almost no gradient. Many libraries leave out the "
    "squares, "
    "and then it is Soft F1. They also differ in where the smoothing stands.",
    source=Source(
        "Milletari, Navab, Ahmadi",
        2016,
        "V-Net: Fully Convolutional Neural Networks for Volumetric Medical Image Segmentation",
        "arxiv:1606.04797",
    ),
    equivalents={
        "NumPy": Equivalent(
            "1 - (overlap + %(smooth)s) / (size + %(smooth)s)",
            lines="p = np.exp(-np.logaddexp(0, -pred))  # sigmoid\noverlap = 2 * (p * target).sum()\n"
            "size = (p**2).sum() + (target**2).sum()",
        ),
        "PyTorch": Equivalent(
            "1 - (overlap + %(smooth)s) / (size + %(smooth)s)",
            lines="p = torch.sigmoid(pred)\noverlap = 2 * (p * target).sum()\n"
            "size = p.square().sum() + target.square().sum()",
            note="Written out: PyTorch has no name for it.",
        ),
    },
)
