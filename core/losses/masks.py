"""Losses of a predicted mask against the true one: a raw score for each pixel, on the last two axes.

p = sigmoid(score) is the probability that a pixel belongs to the object, y is 1 where it does. TP, FP and FN are soft
counts: sums of p y, p (1 - y) and (1 - p) y over the pixels of a mask. The losses of overlap are written as a share of
what is wrong, without a subtraction, so they are exact where almost nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.ndimage import distance_transform_edt

from core.losses.arguments import check_arguments
from core.losses.array_code import COUNTS, array_code
from core.losses.cross_entropy import binary_cross_entropy, focal, weighted_binary_cross_entropy
from core.losses.equivalents import Equivalent
from core.losses.loss import Loss
from core.losses.loss_record import LossRecord
from core.numerics import sigmoid
from core.record import BINARY, NON_NEGATIVE, POSITIVE, Domain, Interval, Look, Param, Source

Formula = Callable[..., Any]
PIXELS = (-2, -1)  # the axes of a mask


@dataclass(frozen=True, kw_only=True)
class MaskLoss(LossRecord):
    """One loss of the pixels of a mask together.

    `value` takes `pred` [..., h, w], `target` [..., h, w] of 0 and 1, which broadcast, and the parameters by keyword,
    numbers or arrays [...]; it gives [...]. `grad` is its derivative in each score, [..., h, w]. They raise ValueError
    for an argument outside its domain, for NaN, for shapes that do not broadcast and for masks without pixels.
    """

    value_of: Formula  # the formulas themselves, unchecked: (pred, target, **params [..., 1, 1]) in float64
    grad_of: Formula
    overlap_of: Callable[..., Overlap] | None = None  # (pred, target, **params), of a loss that is one
    target_domain: Domain = BINARY
    family: str = "mask"

    def value(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """The loss of each mask, [...]."""
        return np.add(self.value_of(*self._checked(pred, target), **self._columns(params)), 0.0)[..., 0, 0]

    def grad(self, pred: Any, target: Any, **params: Any) -> np.ndarray:
        """d value / d pred, [..., h, w]."""
        return np.add(self.grad_of(*self._checked(pred, target), **self._columns(params)), 0.0)

    @classmethod
    def from_overlap(cls, overlap: Callable[..., Overlap], **record: Any) -> MaskLoss:
        """The loss that is an overlap, made of the arguments."""
        return cls(
            value_of=lambda pred, target, **params: overlap(pred, target, **params).value,
            grad_of=lambda pred, target, **params: overlap(pred, target, **params).grad,
            overlap_of=overlap,
            **record,
        )

    @classmethod
    def from_pixels(cls, loss: Loss, **record: Any) -> MaskLoss:
        """The mean of a binary loss over the pixels, with its parameters."""
        return cls(
            value_of=lambda pred, target, **params: pixel_mean(loss, pred, target, **params),
            grad_of=lambda pred, target, **params: pixel_mean_grad(loss, pred, target, **params),
            **{"params": loss.params} | record,
        )

    def _columns(self, params: Mapping[str, Any]) -> dict[str, np.ndarray]:
        return {name: value[..., None, None] for name, value in self.with_defaults(params).items()}

    def _checked(self, pred: Any, target: Any) -> tuple[np.ndarray, np.ndarray]:
        pred, target, _ = check_arguments(self, pred, target, {})
        shape = np.broadcast_shapes(pred.shape, target.shape)
        if min(pred.ndim, target.ndim) < 2 or 0 in shape[-2:] or pred.shape[-2:] != target.shape[-2:]:
            raise ValueError(
                f"pred and target must hold masks of one size on their last two axes, got {pred.shape} and "
                f"{target.shape} ({self.key})"
            )
        return np.broadcast_to(pred, shape), np.broadcast_to(target, shape)


def summed(array: np.ndarray) -> np.ndarray:
    """The sum over the pixels of each mask, [..., 1, 1]."""
    return array.sum(axis=PIXELS, keepdims=True)


def pixel_mean(loss: Loss, pred: np.ndarray, target: np.ndarray, **params: Any) -> np.ndarray:
    """The mean of a binary loss over the pixels of each mask, [..., 1, 1]."""
    return loss.value_of(pred, target, **params).mean(axis=PIXELS, keepdims=True)


def pixel_mean_grad(loss: Loss, pred: np.ndarray, target: np.ndarray, **params: Any) -> np.ndarray:
    """The derivative of `pixel_mean` in each score, [..., h, w]."""
    return loss.grad_of(pred, target, **params) / (pred.shape[-1] * pred.shape[-2])


@dataclass(frozen=True)
class Overlap:
    """A share of what is wrong: (false_positive FP + false_negative FN) / (TP + both of these + smooth).

    Where nothing at all is counted it is 1, as it is at every score of an empty mask without smoothing. `count`: how
    many pixels have this score and this truth; the gradient is in the score of all of them.
    """

    pred: np.ndarray
    target: np.ndarray
    false_positive: Any
    false_negative: Any
    smooth: Any
    count: Any = 1.0

    @property
    def _parts(self) -> tuple[np.ndarray, np.ndarray]:
        """What it is, and what it is divided by."""
        p, rest = sigmoid(self.pred), sigmoid(-self.pred)
        false, missed = summed(self.count * p * (1 - self.target)), summed(self.count * rest * self.target)
        wrong = self.false_positive * false + self.false_negative * missed
        below = summed(self.count * p * self.target) + wrong + self.smooth
        return np.divide(wrong, below, out=np.ones(below.shape), where=below > 0), below

    @property
    def value(self) -> np.ndarray:
        return self._parts[0]

    @property
    def grad(self) -> np.ndarray:
        value, below = self._parts
        slope = self.count * sigmoid(self.pred) * sigmoid(-self.pred)  # of p; 1 - p has the opposite one
        of_object = -(1 - value) * self.false_negative - value  # by what TP gains, FN loses
        each = np.where(self.target == 1, of_object, (1 - value) * self.false_positive)
        return np.divide(slope * each, below, out=np.zeros(each.shape), where=below > 0)


def _dice(pred, target, *, smooth):
    return Overlap(pred, target, 0.5, 0.5, smooth / 2)


def _jaccard(pred, target, *, smooth):
    return Overlap(pred, target, 1.0, 1.0, smooth)


def _tversky(pred, target, *, alpha, beta, smooth):
    return Overlap(pred, target, alpha, beta, smooth)


def _focal_tversky(pred, target, *, gamma, **params):
    return _tversky(pred, target, **params).value ** gamma


def _focal_tversky_grad(pred, target, *, gamma, **params):
    found = _tversky(pred, target, **params)
    value = np.where(found.value > 0, found.value, 1.0)  # where nothing is wrong, nothing is to be changed
    return np.where(found.value > 0, gamma * value ** (gamma - 1), 0.0) * found.grad


def _hinges(pred, target):
    """For each mask: the errors in falling order, their weights, the order, and the signs of the pixels [..., n]."""
    flat = (*pred.shape[:-2], -1)
    sign, inside = (2 * target - 1).reshape(flat), target.reshape(flat)
    errors = 1 - sign * pred.reshape(flat)
    order = np.argsort(-errors, axis=-1, kind="stable")
    inside = np.take_along_axis(inside, order, axis=-1)
    missed = inside.sum(axis=-1, keepdims=True) - inside.cumsum(axis=-1)
    union = inside.sum(axis=-1, keepdims=True) + (1 - inside).cumsum(axis=-1)
    jaccard = 1 - missed / union  # of the masks that get the first ones wrong, one more each time
    weights = np.diff(jaccard, axis=-1, prepend=0.0)
    return np.take_along_axis(errors, order, axis=-1), weights, order, sign


def _lovasz(pred, target):
    errors, weights, _, _ = _hinges(pred, target)
    return (np.maximum(errors, 0.0) * weights).sum(axis=-1)[..., None, None]


def _lovasz_grad(pred, target):
    errors, weights, order, sign = _hinges(pred, target)
    found = np.empty(sign.shape)
    np.put_along_axis(found, order, weights * (errors > 0), axis=-1)
    return (-sign * found).reshape(pred.shape)


def _cross_entropy_dice(pred, target, *, weight, smooth):
    entropy = pixel_mean(binary_cross_entropy, pred, target)
    return weight * entropy + (1 - weight) * _dice(pred, target, smooth=smooth).value


def _cross_entropy_dice_grad(pred, target, *, weight, smooth):
    entropy = pixel_mean_grad(binary_cross_entropy, pred, target)
    return weight * entropy + (1 - weight) * _dice(pred, target, smooth=smooth).grad


def distance_map(target: np.ndarray) -> np.ndarray:
    """How far each pixel lies from the edge of the object, in pixels [..., h, w]: below 0 inside of it.

    0 everywhere for a mask without an edge, as in the paper.
    """
    found = np.zeros(target.shape)
    for place in np.ndindex(target.shape[:-2]):
        mask = target[place] == 1
        if mask.any() and not mask.all():
            found[place] = distance_transform_edt(~mask) - np.where(mask, distance_transform_edt(mask) - 1, 0.0)
    return found


def _boundary(pred, target):
    return (sigmoid(pred) * distance_map(target)).mean(axis=PIXELS, keepdims=True)


def _boundary_grad(pred, target):
    return sigmoid(pred) * sigmoid(-pred) * distance_map(target) / (pred.shape[-1] * pred.shape[-2])


_smooth = Param("smooth", symbol="smoothing ε", latex=r"\epsilon", default=1.0, low=0.0, high=10.0, step=0.5,
                domain=NON_NEGATIVE, neutral=0.0, because="at 0 an empty mask has no slope to speak of")  # fmt: skip
_alpha = Param("alpha", symbol="α", latex=r"\alpha", default=0.5, low=0.0, high=1.0, step=0.05, domain=NON_NEGATIVE)
_beta = Param("beta", symbol="β", latex=r"\beta", default=0.5, low=0.0, high=1.0, step=0.05, start=0.7,
              domain=NON_NEGATIVE)  # fmt: skip
_gamma = Param("gamma", symbol="γ", latex=r"\gamma", default=1.0, low=0.5, high=3.0, step=0.05, start=0.75,
               domain=POSITIVE, neutral=1.0)  # fmt: skip
_weight = Param("weight", symbol="w", latex="w", default=0.5, low=0.0, high=1.0, step=0.05, domain=Interval(0.0, 1.0))
_SMP = "segmentation-models-pytorch"
_EACH_A_CLASS = "loss_of(pred.transpose(0, 1), target.transpose(0, 1))"  # of arguments [n, 1, h, w]: [1, n, h, w]
_NOT_EMPTY, _NOT_FAR = "target.max(axis=(1, 2)) > 0", "abs(pred) <= 6"
_BY_SMP = (
    'Mode "binary" counts all masks of a batch as one, so each mask stands as a class here. An empty mask costs 0 '
    "and has no gradient."
)
_BY_KERAS = (
    "It has no smoothing, only 1e-7 below the line, so an empty mask costs 1. Without axis it counts all masks of a "
    "batch as one."
)
_PROBABILITIES = "p = keras.ops.sigmoid(pred)"
_ALMOST_PERFECT = "It loses digits where almost nothing is wrong."
_DICE = "1 - (2 * tp + %(smooth)s) / (2 * tp + fp + fn + %(smooth)s)"
_TVERSKY = "1 - (tp + %(smooth)s) / (tp + %(alpha)s * fp + %(beta)s * fn + %(smooth)s)"
_SMOOTH = "smooth_nr=%(smooth)s, smooth_dr=%(smooth)s"  # of MONAI
_SURE = (((50.0, 50.0), (-50.0, -50.0)), ((1, 0), (1, 0)))  # one pixel of each kind: TP, FP, FN and TN

pixel_cross_entropy = MaskLoss.from_pixels(
    weighted_binary_cross_entropy,
    name="Cross-entropy of each pixel",
    short="Pixel BCE",
    look=Look("slate", "dash"),
    template=r"\frac{1}{n} \sum \left( %(pos_weight)s \, y \log(1 + e^{-z}) + (1 - y) \log(1 + e^{z}) \right)",
    params=(weighted_binary_cross_entropy.param("pos_weight").but(start=None, step=3.0),),
    by_hand={_SURE: 25.0, (((0.0, 0.0),), ((1, 0),)): np.log(2)},
    use_when="You want trusted probabilities, and the object is not much rarer than the background.",
    watch_out="Each pixel counts alone: of an object of 1 % of the pixels, a mask without it is 99 % right.",
    source=Source("Ronneberger, Fischer, Brox", 2015, "U-Net", "arxiv:1505.04597"),
    equivalents={
        **{library: weighted_binary_cross_entropy.equivalents[library] for library in ("NumPy", "PyTorch")},
        _SMP: Equivalent("smp.losses.SoftBCEWithLogitsLoss(pos_weight=pred.new_tensor(%(pos_weight)s))(pred, target)"),
        "Keras": Equivalent(
            "keras.losses.BinaryCrossentropy(from_logits=True)(target, pred, sample_weight=weight)",
            lines="weight = (1 + (%(pos_weight)s - 1) * target)[..., 0]",
        ),
    },
)
pixel_focal = MaskLoss.from_pixels(
    focal,
    name="Focal loss of each pixel",
    short="Pixel focal",
    look=Look("red", "solid"),
    template=r"-\frac{1}{n} \sum \alpha_t (1 - p_t)^{%(gamma)s} \log p_t, \quad \alpha_t = \begin{cases} %(alpha)s & "
    r"y = 1 \\ 1 - %(alpha)s & y = 0 \end{cases}",
    by_hand={(((np.log(3), np.log(3)),), ((1, 0),)): (np.log(4 / 3) / 64 + 27 / 64 * np.log(4)) / 2},
    use_when="Background pixels are many and easy, and their small losses together outweigh the object.",
    watch_out="α = 0.25 weights the pixels of the object less than the background, not more. Its probabilities need "
    "recalibration.",
    source=focal.source,
    equivalents={
        **{library: focal.equivalents[library] for library in ("NumPy", "Keras")},
        "PyTorch": Equivalent(
            'torchvision.ops.sigmoid_focal_loss(pred, target, alpha=%(alpha)s, gamma=%(gamma)s, reduction="mean")'
        ),
        "MONAI": Equivalent(
            "monai.losses.FocalLoss(alpha=%(alpha)s, gamma=%(gamma)s)(pred, target)",
            rtol=1e-5,
            note="It computes in single precision. Without alpha it weights object and background alike.",
        ),
        _SMP: Equivalent(
            'smp.losses.FocalLoss("binary", alpha=%(alpha)s, gamma=%(gamma)s)(pred, target)',
            rtol=1e-10,
            note="Without alpha it weights object and background alike.",
        ),
    },
)
dice = MaskLoss.from_overlap(
    _dice,
    name="Dice loss",
    short="Dice",
    look=Look("blue", "solid"),
    template=r"1 - \frac{2 TP + %(smooth)s}{2 TP + FP + FN + %(smooth)s}",
    params=(_smooth,),
    by_hand={_SURE: 1 - 3 / 5},
    use_when="The object is small beside its background, as in medical images.",
    watch_out="It counts all objects of a picture together: a small one beside a large one is hardly heard.",
    source=Source("Milletari, Navab, Ahmadi", 2016, "V-Net", "arxiv:1606.04797"),
    equivalents={
        **array_code(f"$mean({_DICE})", COUNTS, "NumPy", "PyTorch"),
        "MONAI": Equivalent(
            f"monai.losses.DiceLoss(sigmoid=True, {_SMOOTH})(pred, target)",
            note="Its own smoothing is 1e-5. squared_pred=True squares p and y below the line, as V-Net does; "
            "batch=True counts all masks as one.",
        ),
        _SMP: Equivalent(
            _EACH_A_CLASS,
            lines='loss_of = smp.losses.DiceLoss("multilabel", smooth=%(smooth)s / 2)',
            where=_NOT_EMPTY,
            rtol=1e-10,
            note=_BY_SMP + " Its smoothing is half of ours.",
        ),
        "Keras": Equivalent(
            "keras.losses.Dice(axis=(1, 2, 3))(target, p)",
            lines=_PROBABILITIES,
            where="smooth == 0",
            rtol=1e-5,
            note=_BY_KERAS,
        ),
    },
)
jaccard = MaskLoss.from_overlap(
    _jaccard,
    name="Jaccard loss (soft IoU)",
    short="Jaccard",
    look=Look("orange", "dash"),
    template=r"1 - \frac{TP + %(smooth)s}{TP + FP + FN + %(smooth)s}",
    params=(_smooth,),
    by_hand={_SURE: 1 - 2 / 4},
    use_when="You are judged by IoU.",
    watch_out="It ranks masks as Dice does; only the size of its steps differs.",
    source=Source("Rahman, Wang", 2016, "Optimizing Intersection-Over-Union", "doi:10.1007/978-3-319-50835-1_22"),
    equivalents={
        **array_code("$mean(1 - (tp + %(smooth)s) / (tp + fp + fn + %(smooth)s))", COUNTS),
        "MONAI": Equivalent(
            "monai.losses.DiceLoss(sigmoid=True, jaccard=True, smooth_nr=2 * %(smooth)s, smooth_dr=2 * %(smooth)s)"
            "(pred, target)",
            note="It counts everything twice, above and below the line, so its smoothing is twice ours.",
        ),
        _SMP: Equivalent(
            _EACH_A_CLASS,
            lines='loss_of = smp.losses.JaccardLoss("multilabel", smooth=%(smooth)s)',
            where=_NOT_EMPTY,
            rtol=1e-10,
            note=_BY_SMP,
        ),
    },
)
tversky = MaskLoss.from_overlap(
    _tversky,
    name="Tversky loss",
    short="Tversky",
    look=Look("green", "dot"),
    template=r"1 - \frac{TP + %(smooth)s}{TP + %(alpha)s FP + %(beta)s FN + %(smooth)s}",
    params=(_alpha, _beta, _smooth),
    by_hand={_SURE: 1 - 2 / 3},
    use_when="A missed pixel costs more than a false one, or less.",
    watch_out="Here α weighs false positives and β false negatives; some libraries have them the other way round.",
    source=Source("Salehi, Erdogmus, Gholipour", 2017, "Tversky loss function", "arxiv:1706.05721"),
    equivalents={
        **array_code(f"$mean({_TVERSKY})", COUNTS, "NumPy", "PyTorch"),
        "MONAI": Equivalent(
            f"monai.losses.TverskyLoss(sigmoid=True, alpha=%(alpha)s, beta=%(beta)s, {_SMOOTH})(pred, target)",
            note="Its alpha weighs false positives, as here. Its own smoothing is 1e-5.",
        ),
        _SMP: Equivalent(
            _EACH_A_CLASS,
            lines='loss_of = smp.losses.TverskyLoss("multilabel", alpha=%(alpha)s, beta=%(beta)s, smooth=%(smooth)s)',
            where=_NOT_EMPTY,
            rtol=1e-10,
            note="Its alpha weighs false positives, as here. " + _BY_SMP,
        ),
        "Keras": Equivalent(
            "keras.losses.Tversky(alpha=%(beta)s, beta=%(alpha)s, axis=(1, 2, 3))(target, p)",
            lines=_PROBABILITIES,
            where="smooth == 0",
            rtol=1e-5,
            note="Its alpha weighs false negatives, whatever its documentation says: it is our β. " + _BY_KERAS,
        ),
    },
)
focal_tversky = MaskLoss(
    name="Focal Tversky loss",
    short="Focal Tversky",
    value_of=_focal_tversky,
    grad_of=_focal_tversky_grad,
    look=Look("purple", "dashdot"),
    template=r"\left(1 - \frac{TP + %(smooth)s}{TP + %(alpha)s FP + %(beta)s FN + %(smooth)s}\right)^{%(gamma)s}",
    params=(_alpha, _beta, _smooth, _gamma),
    by_hand={_SURE: 1 - 2 / 3},
    use_when="Masks that are almost right should still be improved (γ below 1), or be left alone (γ above 1).",
    watch_out="The paper writes the exponent as 1/γ.",
    source=Source("Abraham, Khan", 2019, "A Novel Focal Tversky Loss Function", "arxiv:1810.07842"),
    equivalents={
        **array_code(
            f"$mean(({_TVERSKY}) ** %(gamma)s)", COUNTS, "NumPy", "PyTorch", where=_NOT_FAR, note=_ALMOST_PERFECT
        ),
        "MONAI": Equivalent(
            "(tversky(pred, target) ** %(gamma)s).mean()",
            lines="tversky = monai.losses.TverskyLoss(sigmoid=True, alpha=%(alpha)s, beta=%(beta)s, "
            f'{_SMOOTH}, reduction="none")',
            where=_NOT_FAR,
            note=_ALMOST_PERFECT,
        ),
        _SMP: Equivalent(
            "torch.stack([loss_of(*pair) for pair in zip(pred[:, None], target[:, None])]).mean()",
            lines='loss_of = smp.losses.TverskyLoss("binary", alpha=%(alpha)s, beta=%(beta)s, '
            "gamma=%(gamma)s, smooth=%(smooth)s)",
            where=f"({_NOT_EMPTY}) & (alpha > 0) & (beta > 0) & np.all({_NOT_FAR})",
            rtol=1e-10,
            note="Of several masks it raises the mean to the power γ, so each mask stands alone here. An empty mask "
            "costs 0 and has no gradient; a perfect one may be NaN.",
        ),
        "Keras": Equivalent(
            "keras.ops.mean(loss_of(target, p) ** %(gamma)s)",
            lines=_PROBABILITIES
            + "\nloss_of = keras.losses.Tversky(alpha=%(beta)s, beta=%(alpha)s, axis=(1, 2, 3), reduction=None)",
            where=f"(smooth == 0) & ({_NOT_FAR})",
            rtol=1e-5,
            note="Its alpha weighs false negatives, whatever its documentation says: it is our β. " + _BY_KERAS,
        ),
    },
)
lovasz_hinge = MaskLoss(
    name="Lovász hinge",
    short="Lovász",
    value_of=_lovasz,
    grad_of=_lovasz_grad,
    look=Look("amber", "dot"),
    template=r"\sum_i \max(0, m_{(i)})\, \Delta_i J, \quad m = 1 - (2y - 1) z",
    subgradient="0 for a pixel at its margin",
    by_hand={(((0.0, 0.0),), ((1, 0),)): 1.0},
    use_when="You are judged by IoU and want a convex loss of the scores.",
    watch_out="Pixels are sorted by their error in each step. Pixels beyond their margin get no gradient at all.",
    source=Source("Berman, Triki, Blaschko", 2018, "The Lovász-Softmax loss", "arxiv:1705.08790"),
    equivalents={
        "NumPy": Equivalent(
            "(np.maximum(errors, 0) * weights).sum(axis=-1).mean()",
            lines="flat = (*pred.shape[:-2], -1)\n"
            "score, inside = pred.reshape(flat), target.reshape(flat)\n"
            "errors = 1 - (2 * inside - 1) * score\n"
            "order = np.argsort(-errors, axis=-1)\n"
            "errors = np.take_along_axis(errors, order, axis=-1)\n"
            "inside = np.take_along_axis(inside, order, axis=-1)\n"
            "total = inside.sum(axis=-1, keepdims=True)\n"
            "missed = total - inside.cumsum(axis=-1)\n"
            "union = total + (1 - inside).cumsum(axis=-1)\n"
            "weights = np.diff(1 - missed / union, axis=-1, prepend=0)",
        ),
        "PyTorch": Equivalent(
            "(errors.relu() * weights).sum(dim=-1).mean()",
            lines="score, inside = pred.flatten(-2), target.flatten(-2)\n"
            "errors = 1 - (2 * inside - 1) * score\n"
            "errors, order = errors.sort(dim=-1, descending=True)\n"
            "inside = inside.gather(-1, order)\n"
            "total = inside.sum(dim=-1, keepdim=True)\n"
            "missed = total - inside.cumsum(dim=-1)\n"
            "union = total + (1 - inside).cumsum(dim=-1)\n"
            "jaccard = 1 - missed / union\n"
            "weights = jaccard.diff(dim=-1, prepend=torch.zeros_like(total))",
        ),
        _SMP: Equivalent(
            'smp.losses.LovaszLoss("binary", per_image=True)(pred.float(), target)',
            rtol=1e-5,
            note="It takes single precision only. Without per_image=True it counts all masks of a batch as one.",
        ),
    },
)


def cross_entropy_with_dice(library: str) -> Equivalent:
    """The code of both, weighted."""
    overlap = dice.equivalents[library]
    plain = binary_cross_entropy.equivalents.get(
        library, Equivalent("smp.losses.SoftBCEWithLogitsLoss()(pred, target)")
    )
    return replace(
        overlap,
        code="%(weight)s * entropy + (1 - %(weight)s) * dice",
        lines="\n".join(
            line for line in (plain.lines, f"entropy = {plain.code}", overlap.lines, f"dice = {overlap.code}") if line
        ),
    )


cross_entropy_dice = MaskLoss(
    name="Cross-entropy and Dice",
    short="BCE + Dice",
    value_of=_cross_entropy_dice,
    grad_of=_cross_entropy_dice_grad,
    look=Look("teal", "dashdot"),
    template=r"%(weight)s\, \mathrm{BCE} + (1 - %(weight)s)\left(1 - \frac{2 TP + %(smooth)s}{2 TP + FP + FN + "
    r"%(smooth)s}\right)",
    params=(_weight, _smooth),
    by_hand={(((0.0,),), ((1,),)): 0.5 * np.log(2) + 0.5 * (1 - 2 / 2.5)},
    use_when="Dice alone trains unsteadily: cross-entropy gives every pixel a gradient from the start.",
    watch_out="The two parts have different sizes: w is no share of the gradient.",
    source=Source("Isensee and others", 2021, "nnU-Net", "doi:10.1038/s41592-020-01008-z"),
    equivalents={
        **{library: cross_entropy_with_dice(library) for library in ("NumPy", "PyTorch")},
        "MONAI": Equivalent(
            "monai.losses.DiceCELoss(sigmoid=True, lambda_ce=%(weight)s, lambda_dice=1 - %(weight)s, "
            f"{_SMOOTH})(pred, target)",
            note="By default it adds the two, each with weight 1, as nnU-Net does.",
        ),
        _SMP: cross_entropy_with_dice(_SMP),
        "Keras": cross_entropy_with_dice("Keras"),
    },
)  # fmt: skip
boundary = MaskLoss(
    name="Boundary loss",
    short="Boundary",
    value_of=_boundary,
    grad_of=_boundary_grad,
    look=Look("red", "dashdot"),
    template=r"\frac{1}{n} \sum_i \varphi_i\, p_i",
    by_hand={(((0.0, 0.0, 0.0),), ((0, 1, 0),)): 1 / 3},
    use_when="The edge of the object matters, and another loss finds the object itself.",
    watch_out="It is below 0 for a good mask, and alone it is least for a mask that is all object where the object is "
    "large: it is added to another loss.",
    source=Source(
        "Kervadec, Bouchtiba, Desrosiers, Granger, Dolz, Ben Ayed", 2019, "Boundary loss", "arxiv:1812.07032"
    ),
    equivalents={
        "NumPy": Equivalent(
            "(np.exp(-np.logaddexp(0, -pred)) * distance).mean()",
            lines="distance = np.zeros(pred.shape)\n"
            "for place in np.ndindex(pred.shape[:-2]):\n"
            "    mask = target[place] == 1\n"
            "    if mask.any() and not mask.all():\n"
            "        inside = scipy.ndimage.distance_transform_edt(mask)\n"
            "        outside = scipy.ndimage.distance_transform_edt(~mask)\n"
            "        distance[place] = outside - np.where(mask, inside - 1, 0)",
        ),
        "MONAI": Equivalent(
            "monai.losses.BoundaryLoss(sigmoid=True)(pred, target)",
            rtol=1e-6,
            note="It holds the distances in single precision.",
        ),
    },
)
