"""Worked examples that well-known explainers print, computed by the core, with the printed numbers beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.losses import LOSSES

Numbers = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Result:
    """One number of an example: its name, what the core computes, and what is printed elsewhere."""

    name: str
    value: float
    printed: str = ""  # as it stands there, "1,033,333,333"

    @property
    def wrong(self) -> bool:
        """Whether the printed number differs from ours, rounded to as many decimals as are printed."""
        decimals = len(self.printed.partition(".")[2])
        return bool(self.printed) and f"{self.value:,.{decimals}f}" != self.printed


@dataclass(frozen=True, kw_only=True)
class Example:
    """A question, its data as columns of one length, the numbers that answer it, and the lesson."""

    title: str
    question: str
    columns: Mapping[str, Numbers]
    results: tuple[Result, ...] = ()
    lesson: str = ""


def mean(loss: str, pred: Numbers, target: Numbers) -> float:
    """The mean of a loss, by key, over predictions [n] and targets [n]."""
    return float(np.mean(LOSSES[loss].value(pred, target)))


def logit(probability: Sequence[float]) -> np.ndarray:
    """The log-odds [n] of probabilities [n]."""
    p = np.asarray(probability, dtype=np.float64)
    return np.log(p) - np.log1p(-p)


def regression_results(pred: Sequence[float], target: Sequence[float], **printed: str) -> tuple[Result, ...]:
    """MSE, its root and MAE of predictions [n]; `printed` holds what others print, by those names in lower case."""
    squared = mean("squared_error", pred, target)
    values = {"MSE": squared, "RMSE": squared**0.5, "MAE": mean("absolute_error", pred, target)}
    return tuple(Result(name, value, printed.get(name.lower(), "")) for name, value in values.items())


def per_item(pred: Sequence[float], target: Sequence[float]) -> dict[str, np.ndarray]:
    """The columns of a regression example: each prediction, its target and both losses [n]."""
    return {
        "truth": np.asarray(target),
        "prediction": np.asarray(pred),
        "squared": LOSSES["squared_error"].value(pred, target),
        "absolute": LOSSES["absolute_error"].value(pred, target),
    }


def houses() -> Example:
    target, pred = [250_000, 460_000, 180_000], [300_000, 450_000, 200_000]
    squared = LOSSES["squared_error"].value(pred, target)
    share = squared[0] / squared.sum()
    times = squared[0] / squared[1]
    return Example(
        title="Three houses",
        question="Prices in dollars. How wrong is the model?",
        columns=per_item(pred, target),
        results=regression_results(pred, target, mse="1,033,333,333"),
        lesson=f"The first house alone makes {100 * share:.0f} % of the squared error: 50,000 off costs {times:g} "
        "times what 10,000 off costs. The square root brings the number back to dollars.",
    )


def four_predictions() -> Example:
    target, pred = [3, 5, 2.5, 7], [2.5, 5, 3, 8]
    squared = LOSSES["squared_error"].value(pred, target)
    return Example(
        title="Four predictions",
        question="The smallest example worth doing by hand.",
        columns=per_item(pred, target),
        results=regression_results(pred, target, mse="0.3125", rmse="0.5590", mae="0.5"),
        lesson=f"The squared errors add up to {squared.sum():g}; their mean is a quarter of that. {squared.max():g} of "
        "it comes from the prediction that is 1 off.",
    )


def confidence() -> Example:
    p = [0.9, 0.6, 0.5, 0.1, 0.01]
    right, wrong = mean("binary_cross_entropy", logit([0.9]), [1]), mean("binary_cross_entropy", logit([0.1]), [1])
    return Example(
        title="Confident and right, confident and wrong",
        question="The true label is y = 1. What does a predicted probability cost under cross-entropy?",
        columns={
            "probability of y = 1": np.array(p),
            "cross-entropy": LOSSES["binary_cross_entropy"].value(logit(p), 1),
            "Brier": LOSSES["brier"].value(logit(p), 1),
        },
        results=(
            Result("−log 0.9, confident and right", right, "0.105"),
            Result("−log 0.1, confident and wrong", wrong, "2.303"),
        ),
        lesson=f"Being confidently wrong costs {wrong / right:.0f} times as much as being confidently right, and the "
        "cost has no upper limit; under the Brier score it is never more than 1.",
    )


def four_classified() -> Example:
    target, p = [1, 0, 1, 1], [0.9, 0.1, 0.8, 0.4]
    losses = LOSSES["binary_cross_entropy"].value(logit(p), target)
    return Example(
        title="Four classified",
        question="Mean binary cross-entropy of four predicted probabilities.",
        columns={"truth": np.array(target), "probability of y = 1": np.array(p), "cross-entropy": losses},
        results=(Result("mean cross-entropy", float(losses.mean()), "0.3711"),),
        lesson=f"The one uncertain prediction, p = 0.4 for a true 1, makes {100 * losses[3] / losses.sum():.0f} % of "
        "the total.",
    )


def one_large_or_five_small() -> Example:
    one, five = np.array([50_000.0]), np.full(5, 10_000.0)
    totals = {
        name: [float(LOSSES[key].value(errors, 0).sum()) for errors in (one, five)]
        for name, key in [("squared error", "squared_error"), ("absolute error", "absolute_error")]
    }
    ratio = totals["squared error"][0] / totals["squared error"][1]
    return Example(
        title="One error of 50,000 dollars, or five of 10,000",
        question="Which model is better? The loss decides.",
        columns={"errors": [1, 5], "size of each": [50_000, 10_000], **totals},
        lesson=f"Under squared error the one large error costs {ratio:g} times as much as the five small ones; under "
        "absolute error it is a tie. Choosing the loss is choosing which of the two you would rather have.",
    )


def small_errors() -> Example:
    errors = np.arange(-3, 4)
    squared, absolute = (LOSSES[key].value(errors, 0) for key in ("squared_error", "absolute_error"))
    return Example(
        title="Errors from −3 to 3",
        question="The two oldest losses side by side.",
        columns={
            "error": errors,
            "squared": squared,
            "absolute": absolute,
        },
        lesson=f"An error of 3 costs {squared[-1] / squared[4]:g} times an error of 1 under squared error and "
        f"{absolute[-1] / absolute[4]:g} times under absolute error: quadratic growth, not exponential.",
    )


EXAMPLES = tuple(
    example()
    for example in (houses, four_predictions, confidence, four_classified, one_large_or_five_small, small_errors)
)
