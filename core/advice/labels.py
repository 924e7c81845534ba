"""Several labels at once: a sigmoid for each label against one softmax of all."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from scipy.special import logit

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
    spread,
)
from core.advice.fit import CROSS_ENTROPY, fit_classes, fit_scores, log_softmax_of_rows
from core.losses import LOSSES
from core.numerics import sigmoid

LABEL_ROWS = {"common": 200, "few": 1_000}  # of a training set
LABEL_PLACES = np.linspace(-4.0, 4.0, 17)
LABEL_BASIS = np.stack([np.ones_like(LABEL_PLACES), LABEL_PLACES], axis=1)
SLOPES = np.array([1.5, -1.5, 0.8])  # of the log-odds of each label
COMBINATIONS = np.array(list(product((0.0, 1.0), repeat=len(SLOPES))))  # [8, labels]
CERTAIN = 1e-12  # of a probability

COMMON = Factor("common", "Share of each label at x = 0", (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), 0.5, True)
FEW = Factor("common", "Share of each label at x = 0", (0.005, 0.01, 0.02, 0.05, 0.1, 0.2), 0.05, True)
LABEL_DATA = {"common": Option("Often several labels", (COMMON,)), "few": Option("Mostly no label", (FEW,))}
LABEL_COSTS = {
    "each": Option("Every wrong label the same"),
    "all": Option("One wrong label spoils all"),
    "probability": Option("A wrong probability"),
}
SIGMOIDS = Method("one_vs_rest_cross_entropy", decides="a sigmoid each")
SOFTMAX = Method("categorical_cross_entropy", decides="one softmax")


def compare(_: Advice, data: str, cost: str, values: Values) -> ExperimentResult:
    """Scores fitted with a sigmoid for each label, and with one softmax whose target is shared by the labels.

    200 training sets; the mean cost is by the known probabilities. An example without a label has no target under a
    softmax, and is left out there.
    """
    truth = sigmoid(logit(values["common"])[:, None, None] + SLOPES[:, None] * LABEL_PLACES)  # [R, labels, places]
    present = COMBINATIONS[:, :, None] == 1
    chance = np.where(present, truth[:, None], 1 - truth[:, None]).prod(axis=2) / len(LABEL_PLACES)
    seen = np.stack(
        [
            np.random.default_rng(LUCK).multinomial(LABEL_ROWS[data], one.ravel(), SEEDS) for one in chance
        ]  # the same luck
    ).reshape(-1, *chance.shape[1:])  # [P, combinations, places]
    positive = np.einsum("pcm,ck->pkm", seen, COMBINATIONS)
    shape = (len(truth), SEEDS, *truth.shape[1:])

    weights = np.stack([seen.sum(axis=1)[:, None] - positive, positive], axis=2).reshape(-1, 2, len(LABEL_PLACES))
    theta = fit_scores(LOSSES["binary_cross_entropy"], LABEL_BASIS, np.array([[[0.0], [1.0]]]), weights, {})
    each = sigmoid(theta @ LABEL_BASIS.T).reshape(shape)

    targets = COMBINATIONS / np.maximum(COMBINATIONS.sum(axis=1, keepdims=True), 1)
    theta = fit_classes(CROSS_ENTROPY, LABEL_BASIS, np.einsum("pcm,ck->pkm", seen, targets) + CERTAIN)
    together = np.exp(log_softmax_of_rows(theta @ LABEL_BASIS.T)).reshape(shape)

    best_cost, other_cost = (mean_cost(cost, one, truth[:, None]) for one in (each, together))
    with np.errstate(invalid="ignore"):  # where there are no examples
        shares = positive.reshape(shape)[:, 0, 0] / seen.sum(axis=1).reshape(len(truth), SEEDS, -1)[:, 0]
    return ExperimentResult(best_cost, other_cost, LABEL_PLACES, each[:, 0], together[:, 0], truth,
                            (LABEL_PLACES, shares), spread(each), spread(together))  # fmt: skip


def mean_cost(cost: str, pred: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The cost that is expected of probabilities [R, S, labels, places], [R, S]."""
    if cost == "probability":  # the log loss of all labels
        pred = np.clip(pred, CERTAIN, 1 - CERTAIN)
        return -(truth * np.log(pred) + (1 - truth) * np.log1p(-pred)).sum(axis=2).mean(axis=-1)
    right = np.where(pred >= 0.5, truth, 1 - truth)
    return (1 - right.prod(axis=2)).mean(axis=-1) if cost == "all" else (1 - right).mean(axis=(2, 3))


EACH_LABEL = Advice(
    best=SIGMOIDS,
    other=SOFTMAX,
    second="binary_cross_entropy",
    why="A sigmoid for each label lets several be likely at once; the probabilities of a softmax sum to 1.",
    otherwise="Hardly any example has two labels, and a softmax has less scatter.",
    metric="F1 of each label, and their mean",
    differs="The loss also counts the many labels that are rightly absent.",
)
OF_COST = {
    "each": EACH_LABEL,
    "all": replace(
        EACH_LABEL, metric="Share of examples with all labels right", differs="One label off counts as all off."
    ),
    "probability": replace(
        EACH_LABEL,
        metric="Log loss of each label",
        differs="It says which label is fitted badly, where the loss has only their sum.",
    ),
}
LABEL_ADVICE = {(data, cost): advice for data in LABEL_DATA for cost, advice in OF_COST.items()}

SEVERAL_LABELS = Prediction(
    name="Several labels at once",
    data=LABEL_DATA,
    costs=LABEL_COSTS,
    advice=LABEL_ADVICE,
    compare=compare,
    axes=("feature x", "probability of each label"),
    shows="share of the first label among the training examples there",
    begins=("common", "each"),
    about="Each of three labels is present or not, independently of the others. "
    "It is predicted where its probability is at least 0.5.",
)
