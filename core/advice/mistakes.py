"""Common mistakes, each beside what to do instead: trained by gradient descent, and judged by what was wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.advice import two_classes
from core.advice.advice import (
    SEEDS,
    Advice,
    ExperimentResult,
    Factor,
    Method,
    Option,
    Prediction,
    Values,
    runs_of,
    spread,
)
from core.advice.two_classes import BCE, BINARY_BASIS, BINARY_PLACES, BRIER, LABELS, decided, missed_threshold
from core.numerics import sigmoid

GradientOfScore = Callable[[np.ndarray, np.ndarray], np.ndarray]  # score, target -> the loss's derivative in the score

USUAL_RATE = 1.0
TRAINED = 50  # steps, where it is the learning rate that differs
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
CLASSES_APART = 2.0  # the distance of the classes

STEP = Factor("steps", "Steps of gradient descent", (1, 2, 5, 10, 20, 50, 100, 200), 20)
START = Factor("start", "Slope at the start", (-6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0), -4.0)
RATE = Factor("rate", "Learning rate", RATES, 0.01)
MISTAKES = {
    "squared": Option("Squared error for classes", (START, STEP)),
    "sigmoid": Option("A sigmoid under absolute error", (replace(STEP, start=100),)),
    "accuracy": Option("Accuracy of a rare class", (*two_classes.BINARY_DATA["rare"].factors, two_classes.MISSED)),
    "unwatched": Option("The loss is never looked at", (RATE,)),
}
WATCHED = Method("binary_cross_entropy", decides="rate by its loss")
UNWATCHED = Method("binary_cross_entropy", decides="a fixed rate")


def compare(advice: Advice, data: str, _: str, values: Values) -> ExperimentResult:
    """What the mistake and the right way cost in 200 training sets, by the known probabilities."""
    count = runs_of(values)
    if data == "accuracy":
        return two_classes.compare(advice, "rare", "negative", values)
    world = {"distance": np.full(count, CLASSES_APART)}
    chance = two_classes.chances("even", world)
    seen = two_classes.counts("even", world, chance[:1])[0]  # the same training sets in every run
    weights = seen / seen.sum(axis=(1, 2), keepdims=True)
    if data == "unwatched":
        rates = np.array(RATES)
        each = trained(score_gradient(advice.other), weights, np.zeros_like(rates), rates, np.full(len(rates), TRAINED))
        losses = mean_loss(each, weights)  # of the training sets, [rates, S]
        best = np.broadcast_to(each[losses.argmin(axis=0), np.arange(SEEDS)], (count, SEEDS, 2))
        other = each[np.searchsorted(rates, values["rate"])]
    else:
        start, steps = values.get("start", np.zeros(count)), values["steps"].astype(int)
        best, other = (
            trained(score_gradient(method), weights, start, np.full(count, USUAL_RATE), steps)
            for method in (advice.best, advice.other)
        )
    judged = "equal" if data == "squared" else "probability"
    best_cost, other_cost = (
        two_classes.mean_cost(method, theta, "even", judged, world)
        for method, theta in ((advice.best, best), (advice.other, other))
    )
    best_curve, other_curve = (sigmoid(theta @ BINARY_BASIS.T) for theta in (best, other))
    truth = (chance[:, 1] / chance.sum(axis=1))[:, None]
    with np.errstate(invalid="ignore"):  # where there are no examples
        shares = seen[0, 1] / seen[0].sum(axis=0)
    return ExperimentResult(best_cost, other_cost, BINARY_PLACES, best_curve[:, :1], other_curve[:, :1], truth,
                            (BINARY_PLACES, shares), spread(best_curve), spread(other_curve))  # fmt: skip


def score_gradient(method: Method) -> GradientOfScore:
    """The derivative of a loss in the score; one of numbers is taken of the probability, sigmoid(score)."""
    grad = method.loss.grad_of
    if method.loss.family == "binary":
        return grad

    def through_sigmoid(score: np.ndarray, target: np.ndarray) -> np.ndarray:
        p = sigmoid(score)
        return grad(p, target) * p * (1 - p)

    return through_sigmoid


def trained(
    gradient: GradientOfScore, weights: np.ndarray, start: np.ndarray, rate: np.ndarray, steps: np.ndarray
) -> np.ndarray:
    """Intercept and slope after gradient descent, [R, S, 2].

    weights: [S, labels, places], of the examples. start, rate, steps: [R], the slope at first, the learning rate, and
    how many steps are taken.
    """
    theta = np.zeros((len(start), len(weights), 2))
    theta[..., 1] = start[:, None]
    for step in range(int(steps.max())):
        still = np.flatnonzero(steps > step)
        score = (theta[still] @ BINARY_BASIS.T)[:, :, None]
        each = (weights * gradient(score, LABELS[:, None])).sum(axis=2)
        theta[still] -= rate[still, None, None] * (each @ BINARY_BASIS)
    return theta


def mean_loss(theta: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The mean cross-entropy of training sets [S, labels, places] at theta [R, S, 2], [R, S]."""
    score = (theta @ BINARY_BASIS.T)[:, :, None]
    return (weights * BCE.loss.value_of(score, LABELS[:, None])).sum(axis=(2, 3))


MISTAKE_ADVICE = {
    ("squared", "usual"): Advice(
        best=BCE,
        other=BRIER,
        second="brier",
        why="Where a probability is wrong and near 0 or 1, squared error has hardly a gradient; cross-entropy has it.",
        otherwise="No example is confidently wrong at the start, and both learn.",
        metric="Accuracy, and the loss over the steps",
        differs="A loss that does not fall may be high or low; only the curve shows it.",
    ),
    ("sigmoid", "usual"): Advice(
        best=Method("binary_cross_entropy"),
        other=Method("absolute_error"),
        second="brier",
        why="Absolute error of a probability is least at 0 or 1, not at the truth; cross-entropy is least there.",
        otherwise="After so few steps neither has moved far.",
        metric="Log loss, and a calibration curve",
        differs="Accuracy may be as good, and does not show that the probabilities are too confident.",
    ),
    ("accuracy", "usual"): Advice(
        best=decided(missed_threshold),
        other=BCE,
        second="weighted_binary_cross_entropy",
        why="At 0.5 accuracy is best, and most positives are missed, of which each costs many false positives.",
        otherwise="Hardly any probability lies between the thresholds.",
        metric="Recall, precision and the mean cost",
        differs="Always negative is nearly always right: accuracy says nothing here.",
    ),
    ("unwatched", "usual"): Advice(
        best=WATCHED,
        other=UNWATCHED,
        second="binary_cross_entropy",
        why="Train with several learning rates, look at the loss of each, and take the lowest.",
        otherwise="This learning rate is as good as the best one.",
        metric="Training and validation loss over the steps",
        differs="It is the loss: the mistake is not to look at it.",
    ),
}

COMMON_MISTAKES = Prediction(
    name="Common mistakes",
    data=MISTAKES,
    costs={"usual": Option("What it is for")},
    advice=MISTAKE_ADVICE,
    compare=compare,
    axes=("feature x", "probability of the positive class"),
    shows="share of positives among the training examples there",
    asks="The mistake",
    begins=("accuracy", "usual"),
    about="The feature of either class is normally distributed.",
)
