"""Masks are predicted: a score for each pixel, linear in a feature, and what wrong pixels cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.advice import two_classes
from core.advice.advice import (
    Advice,
    ExperimentResult,
    Factor,
    Formula,
    Method,
    Option,
    Prediction,
    Values,
    fixed,
)
from core.advice.two_classes import BINARY_BASIS, BINARY_PLACES, LABELS, ROWS_OF_RARE, positive_rates
from core.losses import MASK_LOSSES, MaskLoss
from core.numerics import sigmoid
from core.optimizers import OPTIMIZERS
from core.optimizers.iterate import iterate

MASK_STEPS, MASK_RATE = 60, 0.1
MASK_RULE = OPTIMIZERS["adam"]
OF_PIXELS = {"pixel_cross_entropy": "weighted_binary_cross_entropy"}  # by mask loss, the loss that it is the mean of

SMALL = Factor("share", "Share of the picture", (0.002, 0.005, 0.01, 0.02, 0.05, 0.1), 0.01, True)
LARGE = Factor("share", "Share of the picture", (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), 0.4, True)
CONTRAST = Factor("distance", "Contrast to the background", (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0), 2.0)
MISSED_PIXEL = Factor("ratio", "Cost of a missed pixel (false one = 1)", (1, 2, 5, 10, 20, 50), 10)
MASK_DATA = {
    "small": Option("A small object", (SMALL, CONTRAST)),
    "large": Option("A large object", (LARGE, CONTRAST)),
}
MASK_COSTS = {
    "iou": Option("By IoU or Dice"),
    "missed": Option("A missed pixel costs more", (MISSED_PIXEL,)),
    "pixels": Option("Every wrong pixel the same"),
}


def compare(advice: Advice, _: str, cost: str, values: Values) -> ExperimentResult:
    """Scores fitted under both methods to 200 pictures, and their mean cost by the known distributions."""
    chance = two_classes.chances("rare", values)
    seen = two_classes.counts("rare", values, chance)
    theta = [fit(method, seen, values) for method in (advice.best, advice.other)]
    best, other = (mean_cost(method, one, cost, values)
                   for method, one in zip((advice.best, advice.other), theta, strict=True))  # fmt: skip
    best_curve, other_curve = (sigmoid(one @ BINARY_BASIS.T) for one in theta)
    truth = (chance[:, 1] / chance.sum(axis=1))[:, None]
    with np.errstate(invalid="ignore"):  # where there are no pixels
        shares = seen[:, 0, 1] / seen[:, 0].sum(axis=1)
    metrics, same = {"IoU": overlap_of(advice, theta, values)}, np.ones(len(truth))
    return ExperimentResult(best, other, BINARY_PLACES, best_curve[:, :1], other_curve[:, :1], truth,
                            (BINARY_PLACES, shares), same, same, metrics)  # fmt: skip


def fit(method: Method, seen: np.ndarray, values: Values) -> np.ndarray:
    """Intercept and slope of the score of every fit, [R, S, 2].

    seen: how many pixels of each label have each value of the feature, [R, S, labels, places]. Of a loss of pixels it
    is exact; another one goes down from the fit of cross-entropy.
    """
    plain = Method(OF_PIXELS.get(method.key, "binary_cross_entropy"))
    if method.key in OF_PIXELS:
        return two_classes.fit(replace(plain, params=method.params), seen, values)
    loss = MASK_LOSSES[method.key]
    params = {name: value[:, None, None, None] for name, value in method.at(values).items()}

    def slope(_: int, theta: np.ndarray) -> np.ndarray:
        return of_counts(loss, (theta @ BINARY_BASIS.T)[:, :, None], seen, params).sum(axis=-2) @ BINARY_BASIS

    start = two_classes.fit(plain, seen, values)
    *_, (theta, _) = iterate(MASK_RULE, start, slope, MASK_STEPS, lr=MASK_RATE)
    return theta


def of_counts(loss: MaskLoss, score: np.ndarray, seen: np.ndarray, params: dict[str, np.ndarray]) -> np.ndarray:
    """The gradient of a loss of overlap in the score of all pixels of a label at a place, [R, S, labels, places]."""
    assert loss.overlap_of is not None, "only losses of overlap are descended here"
    overlap = loss.overlap_of(score, np.broadcast_to(LABELS[:, None], seen.shape), **params)
    return replace(overlap, count=seen).grad


def rates_of(method: Method, theta: np.ndarray, values: Values) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The shares of all new pixels that are found, falsely predicted and missed, [R, S] each."""
    share = values["share"][:, None]
    false, found = positive_rates(method, theta, values)
    return share * found, (1 - share) * false, share * (1 - found)


def mean_cost(method: Method, theta: np.ndarray, cost: str, values: Values) -> np.ndarray:
    """The cost that is expected of scores with this intercept and slope, [R, S, 2], in each fit [R, S]."""
    found, false, missed = rates_of(method, theta, values)
    if cost == "iou":
        return (false + missed) / (found + false + missed)
    return false + (values["ratio"][:, None] if cost == "missed" else 1.0) * missed


def overlap_of(advice: Advice, thetas: list[np.ndarray], values: Values) -> tuple[np.ndarray, np.ndarray]:
    """The IoU on new pixels under both methods, the mean over the seeds, [R] each."""
    best, other = (1 - mean_cost(method, theta, "iou", values).mean(axis=1)
                   for method, theta in zip((advice.best, advice.other), thetas, strict=True))  # fmt: skip
    return best, other


def at_half(key: str, **params: Formula) -> Method:
    """A loss of masks whose pixels are predicted where the probability is at least one half."""
    return Method(key, params, threshold=fixed(0.5), losses=MASK_LOSSES)


PIXEL_BCE, DICE = at_half("pixel_cross_entropy"), at_half("dice")
MASK_BY_COST = {
    "iou": Advice(
        best=DICE,
        other=PIXEL_BCE,
        second="jaccard",
        why="Background pixels that are rightly left out count nothing in it, as they count nothing in IoU.",
        otherwise="The object is so large that a threshold of 0.5 suits the IoU as well.",
        metric="IoU or Dice of the hard mask, of each object",
        differs="The loss takes probabilities; the metric counts pixels at a threshold.",
    ),
    "missed": Advice(
        best=at_half("pixel_cross_entropy", pos_weight=lambda values: values["ratio"]),
        other=DICE,
        second="tversky",
        why="A weight of c on the object moves the threshold of 0.5 to where a missed pixel costs c false ones.",
        otherwise="With this cost the weighing of Dice comes as near.",
        metric="Recall of the object’s pixels",
        differs="Recall alone is best where all is predicted; the loss also counts false pixels.",
    ),
    "pixels": Advice(
        best=PIXEL_BCE,
        other=DICE,
        second="pixel_focal",
        why="It fits probabilities, and 0.5 is where both mistakes cost the same. Dice predicts more pixels than that.",
        otherwise="The object is so large that Dice predicts as many pixels.",
        metric="IoU, as accuracy hides a small object",
        differs="A mask without any object is nearly always right in most pixels.",
    ),
}

MASKS = Prediction(
    name="Masks",
    data=MASK_DATA,
    costs=MASK_COSTS,
    advice={(data, cost): advice for data in MASK_DATA for cost, advice in MASK_BY_COST.items()},
    compare=compare,
    axes=("feature x of a pixel", "probability of the object"),
    shows="share of the object among the pixels there",
    asks="The object",
    asks_cost="How masks are judged",
    begins=("small", "iou"),
    about=f"A picture has {ROWS_OF_RARE:,} pixels. The feature of either kind of pixel is normally distributed.",
)
