"""One of three classes, or several labels at once: scores linear in a feature, fitted to counts of examples."""

from __future__ import annotations

import numpy as np

from core.advice.advice import (
    LUCK,
    SEEDS,
    Advice,
    ExperimentResult,
    Factor,
    Method,
    Option,
    Prediction,
    Values,
    fixed,
    spread,
)
from core.advice.fit import CROSS_ENTROPY, fit_classes, focal, generalized, log_softmax_of_rows

CLASS_ROWS = 240  # of a training set
CLASSES = 3
CLASS_PLACES = np.linspace(-6.0, 6.0, 25)  # to which the features of a training set are rounded
CLASS_BASIS = np.stack([np.ones_like(CLASS_PLACES), CLASS_PLACES], axis=1)
SHARES = np.array([0.6, 0.25, 0.15])  # of the classes
CENTRES = np.array([-1.0, 0.3, 1.0])  # times the distance: of the feature

CLASS_DISTANCE = Factor("distance", "Distance of the classes", (0.5, 1.0, 1.5, 2.0, 2.5, 3.0), 2.0)
CLASS_FLIPPED = Factor("flipped", "Share of wrong labels", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5), 0.3, True)
CLASS_DATA = {
    "clean": Option("Right labels", (CLASS_DISTANCE,)),
    "wrong": Option("Wrong labels", (CLASS_FLIPPED, CLASS_DISTANCE)),
}
CLASS_COSTS = {"equal": Option("All the same"), "probability": Option("A wrong probability")}

STRENGTH, GAMMA = 0.7, 2.0
ENTROPY = Method("categorical_cross_entropy")
GENERALIZED = Method("generalized_cross_entropy", {"s": fixed(STRENGTH)})
FOCAL = Method("multiclass_focal", {"gamma": fixed(GAMMA)})


FORMS = {
    "categorical_cross_entropy": CROSS_ENTROPY,
    "generalized_cross_entropy": generalized(STRENGTH),
    "multiclass_focal": focal(GAMMA),
}


def compare(advice: Advice, data: str, cost: str, values: Values) -> ExperimentResult:
    """Scores of three classes fitted to 200 training sets, and their mean cost by the known probabilities."""
    found = np.exp(-((CLASS_PLACES - CENTRES[:, None] * values["distance"][:, None, None]) ** 2) / 2)
    chance = SHARES[:, None] * found / found.sum(axis=-1, keepdims=True)  # [R, classes, places]
    flipped = values["flipped"][:, None, None] if data == "wrong" else 0.0
    seen = drawn((1 - flipped) * chance + flipped * (chance.sum(axis=1, keepdims=True) - chance) / (CLASSES - 1))
    usual = fit_classes(CROSS_ENTROPY, CLASS_BASIS, seen.reshape(-1, *seen.shape[2:]))
    logs = []
    for method in (advice.best, advice.other):
        form = FORMS[method.key]
        own = (
            usual if form is CROSS_ENTROPY else fit_classes(form, CLASS_BASIS, seen.reshape(-1, *seen.shape[2:]), usual)
        )
        logs.append(log_softmax_of_rows(own @ CLASS_BASIS.T).reshape(seen.shape))
    costs = [mean_cost(cost, one, chance[:, None]) for one in logs]
    return compared([np.exp(one) for one in logs], costs, chance / chance.sum(axis=1, keepdims=True), seen[:, 0])


def drawn(chance: np.ndarray) -> np.ndarray:
    """Training sets: how often each of C targets was seen at each place, [R, S, C, places], from its chance."""
    found = [np.random.default_rng(LUCK).multinomial(CLASS_ROWS, one.ravel(), SEEDS) for one in chance]  # the same luck
    return np.stack(found).reshape(len(chance), SEEDS, *chance.shape[1:]).astype(float)


def mean_cost(cost: str, logs: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """The cost that is expected of log-probabilities [R, S, classes, places], [R, S]."""
    if cost == "probability":  # the log loss
        return -(chance * logs).sum(axis=(-2, -1))
    best = logs.argmax(axis=-2)[..., None, :]
    right = np.take_along_axis(np.broadcast_to(chance, logs.shape), best, axis=-2)
    return 1 - right.sum(axis=(-2, -1))


def compared(
    curves: list[np.ndarray], costs: list[np.ndarray], truth: np.ndarray, first: np.ndarray
) -> ExperimentResult:
    """From curves [R, S, classes, places] and costs of both methods; `first` are the counts of the first seed."""
    with np.errstate(invalid="ignore"):  # where there are no examples
        shares = first[:, 0] / first.sum(axis=1)
    (best, other), (best_cost, other_cost) = curves, costs
    return ExperimentResult(best_cost, other_cost, CLASS_PLACES, best[:, 0], other[:, 0], truth, (CLASS_PLACES, shares),
                            spread(best), spread(other))  # fmt: skip


CLASS_ADVICE = {
    ("clean", "equal"): Advice(
        best=ENTROPY,
        other=GENERALIZED,
        second="crammer_singer_hinge",
        why="It fits the probabilities of all classes with the least scatter; predict the largest.",
        otherwise="Far examples move it less, and the straight scores are not quite right.",
        metric="Accuracy, and that of each class",
        differs="Accuracy has no gradient, and hides a class that is never predicted.",
    ),
    ("clean", "probability"): Advice(
        best=ENTROPY,
        other=FOCAL,
        second="multiclass_brier",
        why="It is least at the true probabilities. Focal loss is not: it asks for less confident ones.",
        otherwise="The classes overlap so much that no probability is large.",
        metric="Log loss, and a calibration curve",
        differs="The curve shows where probabilities are too high or too low.",
    ),
    ("wrong", "equal"): Advice(
        best=GENERALIZED,
        other=ENTROPY,
        second="categorical_cross_entropy",
        why="A wrong label costs at most 1/s under it, and under cross-entropy any amount.",
        otherwise="Hardly any label is wrong, and cross-entropy has less scatter.",
        metric="Accuracy on labels that were checked",
        differs="On wrong labels a right prediction counts as a mistake.",
    ),
    ("wrong", "probability"): Advice(
        best=GENERALIZED,
        other=ENTROPY,
        second="categorical_cross_entropy",
        why="Wrong labels make cross-entropy unsure everywhere; GCE follows the majority.",
        otherwise="Its probabilities are too confident here.",
        metric="Log loss on labels that were checked",
        differs="Wrong labels are part of the loss that is trained.",
    ),
}

SEVERAL_CLASSES = Prediction(
    name="One of several classes",
    data=CLASS_DATA,
    costs=CLASS_COSTS,
    advice=CLASS_ADVICE,
    compare=compare,
    axes=("feature x", "probability of class 0"),
    shows="share of class 0 among the training examples there",
    begins=("wrong", "equal"),
    about=f"{CLASS_ROWS} examples of three classes, 60 %, 25 % and 15 % of them.",
)
