"""A count is predicted: curves that are always positive, and straight lines in the logarithm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import xlogy

from core.advice.advice import LUCK, SEEDS, Advice, ExperimentResult, Factor, Method, Option, Prediction, Values, spread
from core.advice.fit import fit_scores
from core.models.fit import fit_line

COUNT_PLACES = np.linspace(0.0, 4.0, 9)
EACH = 6  # examples at a place
COUNT_BASIS = np.stack([np.ones_like(COUNT_PLACES), COUNT_PLACES], axis=1)
GROWTH = 0.6  # of the logarithm of the mean, for each unit of the feature

MEAN = Factor("mean", "Mean count at x = 0", (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0, 8.0), 0.5)
ZEROS = Factor("zeros", "Share of additional zeros", (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7), 0.4, True)

COUNT_DATA = {"counts": Option("Counts", (MEAN,)), "zeros": Option("Many zeros", (ZEROS, MEAN))}
COUNT_COSTS = {
    "rate": Option("The expected count is off"),
    "total": Option("The sum is off"),
    "square": Option("Large errors most"),
}
POISSON, LOGARITHM, COUNT_SQUARED = Method("poisson"), Method("squared_log_error"), Method("squared_error")


def compare(advice: Advice, data: str, cost: str, values: Values) -> ExperimentResult:
    """Curves fitted under both methods to 200 training sets of 54 counts, and their mean cost by the true means."""
    mean = values["mean"][:, None] * np.exp(GROWTH * COUNT_PLACES)
    kept = 1 - (values["zeros"] if data == "zeros" else np.zeros(len(mean)))
    counts = []
    for one, share in zip(mean, kept, strict=True):
        random = np.random.default_rng(LUCK)  # the same luck
        is_kept = random.uniform(size=(SEEDS, EACH, len(COUNT_PLACES))) < share
        counts.append(is_kept * random.poisson(one, is_kept.shape))
    seen = np.stack(counts).astype(float)
    truth = mean * kept[:, None]
    best, other = (predict(method, seen) for method in (advice.best, advice.other))
    best_cost, other_cost = (mean_cost(cost, pred, truth[:, None]) for pred in (best, other))
    points = (np.tile(COUNT_PLACES, EACH), seen[:, 0].reshape(len(mean), -1))
    return ExperimentResult(best_cost, other_cost, COUNT_PLACES, best[:, :1], other[:, :1], truth[:, None], points,
                            spread(best), spread(other))  # fmt: skip


def predict(method: Method, seen: np.ndarray) -> np.ndarray:
    """What the fit to each sample [R, S, each, places] predicts at COUNT_PLACES, [R, S, places]."""
    rows = seen.reshape(-1, *seen.shape[2:])
    if method is LOGARITHM:  # a straight line for log(1 + y), by least squares
        logs = np.log1p(rows).reshape(len(rows), -1)
        theta = fit_line(COUNT_SQUARED.loss, np.tile(COUNT_PLACES, EACH), logs)
        return np.maximum(np.expm1(theta @ COUNT_BASIS.T), 0.0).reshape(*seen.shape[:2], -1)
    theta = fit_scores(method.loss, COUNT_BASIS, rows, np.ones((1, *rows.shape[1:])), {}, exponential=True)
    return np.exp(theta @ COUNT_BASIS.T).reshape(*seen.shape[:2], -1)


def mean_cost(cost: str, pred: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The cost of predictions [R, S, places] where the expected counts are `truth`, above the least one, [R, S].

    The costs of this page are expected ones: no new counts are drawn.
    """
    if cost == "total":
        return np.abs((pred - truth).sum(axis=-1)) / truth.sum(axis=-1)
    if cost == "square":
        return ((pred - truth) ** 2).mean(axis=-1)
    pred = np.maximum(pred, COUNT_LEAST)
    return (pred - truth - xlogy(truth, pred / truth)).mean(axis=-1)  # the Poisson loss


COUNT_LEAST = 1e-3  # a forecast of 0 would make any count impossible

BY_MEAN = Advice(
    best=POISSON,
    other=COUNT_SQUARED,
    second="squared_log_error",
    why="A count scatters more where it is large, and Poisson loss counts such errors less.",
    otherwise="The large counts decide the cost here, and squared error follows them.",
    metric="Poisson deviance, and the sum of the forecasts against that of the counts",
    differs="The deviance is 0 for a perfect forecast; the loss is not.",
)
BY_LOGARITHM = replace(
    BY_MEAN,
    other=LOGARITHM,
    second="squared_error",
    why="Poisson loss is least at the mean, also with many zeros. A fit to log(1 + y) forecasts too low.",
    otherwise="The counts are large and even, and their logarithms too.",
    metric="Sum of the forecasts against that of the counts",
    differs="A loss may be low while all forecasts are too low; the sum shows it.",
)
COUNT_ADVICE = {
    ("counts", "rate"): BY_MEAN,
    ("counts", "total"): BY_LOGARITHM,
    ("counts", "square"): replace(BY_MEAN, metric="RMSE", differs="RMSE is decided by the largest counts."),
    ("zeros", "rate"): replace(BY_LOGARITHM, metric=BY_MEAN.metric, differs=BY_MEAN.differs),
    ("zeros", "total"): BY_LOGARITHM,
    ("zeros", "square"): replace(BY_LOGARITHM, metric="RMSE", differs="RMSE is decided by the largest counts."),
}

COUNT = Prediction(
    name="A count",
    data=COUNT_DATA,
    costs=COUNT_COSTS,
    advice=COUNT_ADVICE,
    compare=compare,
    axes=("feature x", "count y"),
    shows="training examples",
    begins=("zeros", "total"),
    about=f"{EACH * len(COUNT_PLACES)} counts whose mean grows {np.exp(GROWTH):.2g}-fold from x to x + 1. "
    "The cost is what a forecast costs more than the true mean.",
)
