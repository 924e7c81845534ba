"""A number is predicted: lines fitted to noise of several kinds, and judged by the cost that was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import ndtri

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
    runs_of,
    spread,
)
from core.advice.fit import fit_positive_lines
from core.models.fit import fit_line

POINTS = 60  # of a training set
INTERCEPT, SLOPE, WIDTH = 10.0, 2.0, 10.0  # of the true line, and of the feature
SLIP = 40.0  # what an outlier is off
LINE_LEAST = 0.1  # no target is below
LINE_PLACES = np.linspace(0.0, WIDTH, 13)
QUANTILES = ndtri((np.arange(40) + 0.5) / 40)  # of the noise of the test set
HUBER = 1.5  # times the usual error: δ

NOISE = Factor("noise", "Noise", (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0), 2.0)
OUTLIERS = Factor("outliers", "Share of outliers", (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.45), 0.1, True)
TAIL = Factor("tail", "Tail weight h", (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6), 0.3)
RELATIVE = Factor("spread", "Relative noise", (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0), 0.5, True)
RATIO = Factor("ratio", "Cost of too high (too low = 1)", (0.1, 0.2, 0.333, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0), 3.0)
LEVEL = Factor("level", "Promised quantile", (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95), 0.9)

LINE_DATA = {
    "plain": Option("Usual noise", (NOISE,)),
    "outliers": Option("Wrong targets: outliers", (OUTLIERS, NOISE)),
    "heavy": Option("Heavy tails", (TAIL, NOISE)),
    "relative": Option("Noise grows with size", (RELATIVE,)),
}
LINE_COSTS = {
    "square": Option("Large errors most"),
    "absolute": Option("In proportion"),
    "over": Option("Too high or too low costs more", (RATIO,)),
    "quantile": Option("A quantile is promised", (LEVEL,)),
    "percent": Option("In percent"),
    "factor": Option("As a factor"),
}


def cheapest_quantile(values: Values) -> np.ndarray:
    """The quantile whose forecast is cheapest where too high costs `ratio` times too low, [runs]."""
    return 1 / (1 + values["ratio"])


LINE_SQUARED, ABSOLUTE = Method("squared_error"), Method("absolute_error")
PERCENT, FACTOR = Method("absolute_percentage_error"), Method("squared_log_error")
QUANTILE = Method("quantile", {"tau": lambda values: values["level"]})
ASYMMETRIC = Method("quantile", {"tau": cheapest_quantile})
ROBUST = Method("huber", {"delta": lambda values: HUBER * values["noise"]})
CLEANED = Method("quantile", {"tau": lambda values: values["level"] * (1 - values["outliers"])})
CLEANED_COST = Method("quantile", {"tau": lambda values: cheapest_quantile(values) * (1 - values["outliers"])})
JUDGES = {  # the loss that is the cost
    "square": LINE_SQUARED, "absolute": ABSOLUTE, "over": ASYMMETRIC, "quantile": QUANTILE, "percent": PERCENT,
    "factor": FACTOR,
}  # fmt: skip


def exact_targets(data: str, values: Values) -> np.ndarray:
    """The targets of the test set [R, places, quantiles of the noise]: no outliers, which are wrong."""
    return targets(data, values, LINE_PLACES[:, None], QUANTILES, np.ones(1))


def targets(data: str, values: Values, x: np.ndarray, z: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Targets [R, *shape] at a feature x, from normal noise z and uniform numbers that say which are outliers."""

    def of(name: str) -> np.ndarray:
        return values[name].reshape(-1, *[1] * np.broadcast(x, z).ndim)

    line = INTERCEPT + SLOPE * x
    if data == "relative":
        return np.maximum(line * np.exp(of("spread") * z), LINE_LEAST)
    noise = of("noise") * z
    if data == "heavy":  # Tukey's h distribution: normal at h = 0, and without a variance from h = 0.5 on
        noise = noise * np.exp(of("tail") * z**2 / 2)
    if data == "outliers":
        noise = noise + SLIP * (chance < of("outliers"))
    return np.maximum(line + noise, LINE_LEAST)


def compare(advice: Advice, data: str, cost: str, values: Values) -> ExperimentResult:
    """Lines fitted under both methods to 200 training sets of 60 points, and their mean cost on one test set."""
    random = np.random.default_rng(LUCK)
    x = np.sort(random.uniform(0, WIDTH, (SEEDS, POINTS)), axis=1)
    y = targets(data, values, x, random.normal(size=x.shape), random.uniform(size=x.shape))
    test, judge = exact_targets(data, values)[:, None], JUDGES[cost]
    of_judge = {name: value[:, None, None, None] for name, value in judge.at(values).items()}
    # A forecast below 0 is taken as 0.
    best, other = (np.maximum(predict(method, x, y, values), 0.0) for method in (advice.best, advice.other))
    best_cost, other_cost = (
        judge.loss.value_of(pred[..., None], test, **of_judge).mean(axis=(2, 3)) for pred in (best, other)
    )
    metrics = {}
    if cost in ("over", "quantile"):  # the share of targets below the forecast
        first, second = ((test < pred[..., None]).mean(axis=(1, 2, 3)) for pred in (best, other))
        metrics["targets below"] = first, second
    truth = np.broadcast_to(INTERCEPT + SLOPE * LINE_PLACES, (runs_of(values), 1, len(LINE_PLACES)))
    return ExperimentResult(best_cost, other_cost, LINE_PLACES, best[:, :1], other[:, :1], truth, (x[0], y[:, 0]),
                            spread(best), spread(other), metrics)  # fmt: skip


def predict(method: Method, x: np.ndarray, y: np.ndarray, values: Values) -> np.ndarray:
    """What the fit to each sample predicts at LINE_PLACES, [R, S, places]."""
    if method is FACTOR:
        lines = fit_positive_lines(method.loss, x, y)
    else:
        lines = fit_line(method.loss, x, y, **{name: value[:, None] for name, value in method.at(values).items()})
    return lines[..., :1] + lines[..., 1:] * LINE_PLACES


LINE_BY_COST = {  # for every kind of data, where BY_DATA has nothing else
    "square": Advice(
        best=LINE_SQUARED,
        other=ABSOLUTE,
        second="huber",
        why="The mean has the least squared error, and the squared error estimates the mean.",
        otherwise="The median is as right here, and a far point moves it less.",
        metric="RMSE",
        differs="RMSE has the unit of the target, and the loss has its square.",
    ),
    "absolute": Advice(
        best=ABSOLUTE,
        other=LINE_SQUARED,
        second="huber",
        why="The median has the least absolute error, and a few far points hardly move it.",
        otherwise="The noise is nearly normal: mean and median are the same, and least squares has less scatter.",
        metric="MAE",
        differs="It is the loss itself, on data that were not used for the fit.",
    ),
    "over": Advice(
        best=ASYMMETRIC,
        other=LINE_SQUARED,
        second="asymmetric_squared",
        why="If too high costs c times too low, the cheapest forecast is the quantile τ = 1/(1 + c).",
        otherwise="Both errors cost nearly the same here, and least squares has less scatter.",
        metric="Mean cost, and the share of targets below the forecast",
        differs="The share should be near τ; the loss alone does not say whether it is.",
    ),
    "quantile": Advice(
        best=QUANTILE,
        other=LINE_SQUARED,
        second="expectile",
        why="Quantile loss is least where a share τ of the targets lies below the forecast.",
        otherwise="Near τ = 0.5 the mean is nearly the same forecast, and least squares has less scatter.",
        metric="Share of targets below the forecast",
        differs="The share is what was promised; the loss also counts how far off the others are.",
    ),
    "percent": Advice(
        best=PERCENT,
        other=LINE_SQUARED,
        second="squared_log_error",
        why="MAPE itself has the least error in percent. It forecasts too low: too high can cost any amount.",
        otherwise="The noise hardly depends on the size here, and least squares has less scatter.",
        metric="MAPE, and the sum of the forecasts",
        differs="A low MAPE can come with a sum that is far too low.",
    ),
    "factor": Advice(
        best=FACTOR,
        other=LINE_SQUARED,
        second="absolute_percentage_error",
        why="Half as much and twice as much cost the same: that is squared error of the logarithm.",
        otherwise="The noise hardly depends on the size here, and least squares has less scatter.",
        metric="RMSE of the logarithm",
        differs="Its exponential is the usual factor by which a forecast is off.",
    ),
}
LINE_EXCEPT = {  # for one kind of data
    ("plain", "absolute"): replace(
        LINE_BY_COST["absolute"],
        best=LINE_SQUARED,
        other=ABSOLUTE,
        why="With normal noise mean and median are the same, and least squares finds it with less scatter.",
        otherwise="The median has the least absolute error.",
    ),
    ("plain", "percent"): replace(
        LINE_BY_COST["percent"],
        best=LINE_SQUARED,
        other=PERCENT,
        why="Where the noise is small beside the targets, all errors weigh alike, and least squares has least scatter.",
        otherwise="The noise is large beside the smallest targets, and MAPE itself weighs them as the cost does.",
    ),
    ("plain", "factor"): replace(
        LINE_BY_COST["factor"],
        best=LINE_SQUARED,
        other=FACTOR,
        why="Where the noise is small beside the targets, all errors weigh alike, and least squares has least scatter.",
        otherwise="The noise is large beside the smallest targets, and the logarithm weighs them as the cost does.",
    ),
    ("outliers", "square"): replace(
        LINE_BY_COST["square"],
        best=ROBUST,
        other=LINE_SQUARED,
        second="absolute_error",
        why="Wrong targets are not to be followed: beyond δ, about 1.5 usual errors, Huber’s gradient stops growing.",
        otherwise="There are hardly any outliers, and least squares has less scatter.",
        metric="RMSE on targets that were checked",
        differs="On unchecked targets RMSE is mostly the outliers.",
    ),
    ("heavy", "square"): replace(
        LINE_BY_COST["square"],
        best=ROBUST,
        other=LINE_SQUARED,
        second="absolute_error",
        why="Far points are rare but right: Huber lets each of them move the line only so far.",
        otherwise="The tails are hardly heavier than normal, and least squares has less scatter.",
        metric="RMSE and MAE",
        differs="RMSE is decided by a few far points; MAE is not.",
    ),
    ("outliers", "over"): replace(
        LINE_BY_COST["over"],
        best=CLEANED_COST,
        why="The quantile 1/(1 + c) is cheapest. A share of wrong targets above it is left out of τ.",
    ),
    ("outliers", "quantile"): replace(
        LINE_BY_COST["quantile"],
        best=CLEANED,
        why="A share of wrong targets lies above: the promised quantile of the others is τ times the rest.",
        differs="Count it on targets that were checked; the loss also counts how far off the others are.",
    ),
}
LINE_ADVICE = {
    (data, cost): LINE_EXCEPT.get((data, cost), advice) for data in LINE_DATA for cost, advice in LINE_BY_COST.items()
}

NUMBER = Prediction(
    name="A number",
    data=LINE_DATA,
    costs=LINE_COSTS,
    advice=LINE_ADVICE,
    compare=compare,
    axes=("feature x", "target y"),
    shows="training examples",
    begins=("outliers", "square"),
    about=f"{POINTS} examples around the line y = 10 + 2x.",
)
