"""Two classes are predicted: scores linear in a feature, a threshold, and what each kind of mistake costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import logit, ndtr

from core.advice.advice import (
    LUCK,
    SEEDS,
    Advice,
    ExperimentResult,
    Factor,
    Formula,
    Method,
    Option,
    Prediction,
    Values,
    fixed,
    runs_of,
    spread,
)
from core.advice.fit import fit_scores
from core.numerics import sigmoid, softplus

BINARY_ROWS, ROWS_OF_RARE = 300, 5_000  # of a training set
BINARY_PLACES = np.linspace(-5.0, 5.0, 31)  # to which the features of a training set are rounded
BINARY_BASIS = np.stack([np.ones_like(BINARY_PLACES), BINARY_PLACES], axis=1)
LABELS = np.array([0.0, 1.0])
WRONG_SHARE = 0.2  # of positives, where labels are wrong

BINARY_DISTANCE = Factor("distance", "Distance of the classes", (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0), 2.0)
SHARE = Factor("share", "Share of positives", (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5), 0.01, True)
BINARY_FLIPPED = Factor("flipped", "Share of wrong labels", (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4), 0.2, True)
MISSED = Factor("ratio", "Cost of a false negative (false positive = 1)", (1, 2, 5, 10, 20, 50, 100, 200), 20)
ALARM = Factor("ratio", "Cost of a false positive (false negative = 1)", (1, 2, 3, 5, 8, 12, 20), 5)

BINARY_DATA = {
    "even": Option("Even classes", (BINARY_DISTANCE,)),
    "rare": Option("Rare positives", (SHARE, BINARY_DISTANCE)),
    "wrong": Option("Wrong labels", (BINARY_FLIPPED, BINARY_DISTANCE)),
}
BINARY_COSTS = {
    "equal": Option("All the same"),
    "negative": Option("Missed positives more", (MISSED,)),
    "positive": Option("False positives more", (ALARM,)),
    "probability": Option("A wrong probability"),
}

AT_HALF, AT_COST = "at 0.5", "by cost"  # the threshold


def missed_threshold(values: Values) -> np.ndarray:
    """The cheapest threshold where a false negative costs `ratio` false positives, [R]."""
    return 1 / (1 + values["ratio"])


def alarm_threshold(values: Values) -> np.ndarray:
    """The cheapest threshold where a false positive costs `ratio` false negatives, [R]."""
    return values["ratio"] / (1 + values["ratio"])


def decided(threshold: Formula) -> Method:
    """Cross-entropy, and a threshold by cost."""
    return Method("binary_cross_entropy", threshold=threshold, decides=AT_COST)


def with_wrong_labels(threshold: Formula) -> Method:
    """The same, where the labels that are seen are wrong with a known share: a probability p is then seen as
    share + (1 - 2 share) p."""
    return decided(lambda values: values["flipped"] + (1 - 2 * values["flipped"]) * threshold(values))


BCE = Method("binary_cross_entropy", threshold=fixed(0.5), decides=AT_HALF)
BRIER = Method("brier", threshold=fixed(0.5), decides=AT_HALF)
PROBABILITY, BRIER_SCORE = Method("binary_cross_entropy"), Method("brier")
BALANCED = Method("weighted_binary_cross_entropy", {"pos_weight": lambda values: 1 / values["share"] - 1})


def share_of(data: str, values: Values) -> np.ndarray:
    """The share of positives, [R]."""
    usual = {"even": 0.5, "wrong": WRONG_SHARE}
    return values["share"] if data == "rare" else np.full(runs_of(values), usual[data])


def chances(data: str, values: Values) -> np.ndarray:
    """How likely each true label is together with each place, [R, labels, places]: the places are a normal
    distribution around -distance/2 of the negatives and distance/2 of the positives."""
    centre = values["distance"][:, None, None] * (LABELS[:, None] - 0.5)
    found = np.exp(-((BINARY_PLACES - centre) ** 2) / 2)
    share = share_of(data, values)
    return found / found.sum(axis=-1, keepdims=True) * np.stack([1 - share, share], axis=-1)[..., None]


def counts(data: str, values: Values, chance: np.ndarray) -> np.ndarray:
    """The training sets: how often each label was seen at each place, [R, S, labels, places]."""
    flipped = values["flipped"][:, None, None] if data == "wrong" else 0.0
    seen = chance * (1 - flipped) + chance[:, ::-1] * flipped
    rows = ROWS_OF_RARE if data == "rare" else BINARY_ROWS
    found = [np.random.default_rng(LUCK).multinomial(rows, one.ravel(), SEEDS) for one in seen]  # the same luck
    return np.stack(found).reshape(len(chance), SEEDS, 2, -1).astype(float)


def costs(cost: str, values: Values) -> tuple[np.ndarray, np.ndarray]:
    """What a false positive and a false negative cost, [R] each."""
    one = np.ones(runs_of(values))
    return values["ratio"] if cost == "positive" else one, values["ratio"] if cost == "negative" else one


def compare(advice: Advice, data: str, cost: str, values: Values) -> ExperimentResult:
    """Scores fitted under both methods to 200 training sets, and their mean cost by the known probabilities."""
    distinct, which = distinct_data(data, values)  # a run that differs in its cost alone has the same training sets
    chance = chances(data, distinct)
    seen = counts(data, distinct, chance)
    best = fit(advice.best, seen, distinct)
    same = (advice.best.key, advice.best.params) == (advice.other.key, advice.other.params)  # but for the threshold
    other = best if same else fit(advice.other, seen, distinct)
    truth = (chance[:, 1] / chance.sum(axis=1))[:, None]
    first = seen[:, 0]
    with np.errstate(invalid="ignore"):  # where there are no examples
        shares = first[:, 1] / first.sum(axis=1)
    best, other, truth, shares = (one[which] for one in (best, other, truth, shares))
    best_curve, other_curve = (sigmoid(theta @ BINARY_BASIS.T) for theta in (best, other))
    best_cost, other_cost = (
        mean_cost(method, theta, data, cost, values) for method, theta in ((advice.best, best), (advice.other, other))
    )
    metrics = {} if cost == "probability" else decision_metrics(advice, (best, other), data, values)
    return ExperimentResult(best_cost, other_cost, BINARY_PLACES, best_curve[:, :1], other_curve[:, :1], truth,
                            (BINARY_PLACES, shares), spread(best_curve), spread(other_curve), metrics)  # fmt: skip


def distinct_data(data: str, values: Values) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The factors of the data, each combination of them once, and which one each run has, int [R]."""
    names = [factor.name for factor in BINARY_DATA[data].factors]
    found, which = np.unique(np.stack([values[name] for name in names]), axis=1, return_inverse=True)
    return dict(zip(names, found, strict=True)), which.ravel()


def fit(method: Method, seen: np.ndarray, values: Values) -> np.ndarray:
    """Intercept and slope of the score of every fit, [R, S, 2]."""
    params = {name: np.repeat(value, SEEDS) for name, value in method.at(values).items()}
    theta = fit_scores(
        method.loss, BINARY_BASIS, LABELS[None, :, None], seen.reshape(-1, 2, len(BINARY_PLACES)), params
    )
    return theta.reshape(*seen.shape[:2], 2)


def mean_cost(method: Method, theta: np.ndarray, data: str, cost: str, values: Values) -> np.ndarray:
    """The cost that is expected of scores with this intercept and slope, [R, S, 2], in each fit [R, S]."""
    if cost == "probability":  # the log loss
        score, chance = theta @ BINARY_BASIS.T, chances(data, values)[:, None]
        return (chance[..., 1, :] * softplus(-score) + chance[..., 0, :] * softplus(score)).sum(axis=-1)
    alarm, missed = (one[:, None] for one in costs(cost, values))
    share = share_of(data, values)[:, None]
    false_alarms, recall = positive_rates(method, theta, values)
    return alarm * (1 - share) * false_alarms + missed * share * (1 - recall)


def positive_rates(method: Method, theta: np.ndarray, values: Values) -> tuple[np.ndarray, np.ndarray]:
    """Which share of the negatives and of the positives is predicted positive, [R, S] each: exact, because the feature
    of new data is not rounded, and normally distributed."""
    intercept, slope = np.moveaxis(theta, -1, 0)
    half = values["distance"][:, None] / 2
    edge = (logit(method.decides_at(values))[:, None] - intercept) / np.where(slope == 0, TINY, slope)
    negative, positive = (np.where(slope < 0, below, 1 - below) for below in (ndtr(edge + half), ndtr(edge - half)))
    return negative, positive


def decision_metrics(
    advice: Advice, thetas: tuple[np.ndarray, np.ndarray], data: str, values: Values
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Accuracy and recall of both methods, the means over the seeds, [R] each."""
    share = share_of(data, values)[:, None]
    rates = [positive_rates(method, theta, values)
             for method, theta in zip((advice.best, advice.other), thetas, strict=True)]  # fmt: skip
    accuracy, recall = (
        [((1 - share) * (1 - alarms) + share * found).mean(axis=1) for alarms, found in rates],
        [found.mean(axis=1) for _, found in rates],
    )
    return {"accuracy": (accuracy[0], accuracy[1]), "recall": (recall[0], recall[1])}


TINY = 1e-300  # for a slope of 0: then all are on one side
FLATTENED = "Wrong labels flatten the fitted curve, and its probabilities are off where the threshold is."
SAME_THRESHOLD = "Both thresholds are nearly the same here."
BINARY_BY_COST = {
    "equal": Advice(
        best=BCE,
        other=BRIER,
        second="squared_hinge",
        why="It fits probabilities with the least scatter, and 0.5 is where both mistakes cost the same.",
        otherwise="A mistake cannot cost more than 1 under it, so single far examples move it less.",
        metric="Accuracy",
        differs="Accuracy jumps where a prediction changes sides, and has no gradient to follow.",
    ),
    "negative": Advice(
        best=decided(missed_threshold),
        other=BCE,
        second="weighted_binary_cross_entropy",
        why="Fit probabilities, and predict positive from 1/(1 + c) on, if a false negative costs c false positives.",
        otherwise=SAME_THRESHOLD,
        metric="Mean cost and recall",
        differs="The loss judges probabilities; the cost also depends on the threshold.",
    ),
    "positive": Advice(
        best=decided(alarm_threshold),
        other=BCE,
        second="weighted_binary_cross_entropy",
        why="Fit probabilities, and predict positive only from c/(1 + c) on, if a false positive costs c.",
        otherwise=SAME_THRESHOLD,
        metric="Mean cost and precision",
        differs="The loss judges probabilities; the cost also depends on the threshold.",
    ),
    "probability": Advice(
        best=PROBABILITY,
        other=BRIER_SCORE,
        second="brier",
        why="It is least at the true probabilities, and a confident mistake costs most.",
        otherwise="Wrong labels are confident mistakes, and under the Brier score none costs more than 1.",
        metric="Log loss, and a calibration curve",
        differs="The log loss is one number; the curve shows where the probabilities are too high.",
    ),
}
BINARY_EXCEPT = {
    ("rare", "equal"): replace(
        BINARY_BY_COST["equal"],
        other=replace(BALANCED, threshold=fixed(0.5), decides=AT_HALF),
        second="brier",
        why="Weights would make too many positives of a rare class: then most of them are wrong.",
        otherwise="The classes are as frequent, and the weights are 1.",
        metric="Precision and recall",
        differs="Always negative is nearly always right: accuracy says nothing here.",
    ),
    ("rare", "probability"): replace(
        BINARY_BY_COST["probability"],
        other=BALANCED,
        second="brier",
        why="Unweighted cross-entropy fits the true probabilities of a rare class; weights raise them all.",
        otherwise="The classes are as frequent, and the weights are 1.",
    ),
    ("wrong", "negative"): replace(
        BINARY_BY_COST["negative"],
        best=with_wrong_labels(missed_threshold),
        why="The threshold is 1/(1 + c). A share e of wrong labels moves it to e + (1 - 2e)/(1 + c).",
        otherwise=FLATTENED,
        metric="Mean cost on labels that were checked",
    ),
    ("wrong", "positive"): replace(
        BINARY_BY_COST["positive"],
        best=with_wrong_labels(alarm_threshold),
        why="The threshold is c/(1 + c). A share e of wrong labels moves it to e + (1 - 2e)c/(1 + c).",
        otherwise=FLATTENED,
        metric="Mean cost on labels that were checked",
    ),
    ("wrong", "probability"): replace(
        BINARY_BY_COST["probability"],
        best=BRIER_SCORE,
        other=PROBABILITY,
        second="binary_cross_entropy",
        why="Cross-entropy flattens all probabilities, because a wrong label far away costs so much; Brier less.",
        otherwise="Hardly any label is wrong, or so many that both are far off.",
    ),
    ("wrong", "equal"): replace(
        BINARY_BY_COST["equal"],
        best=BRIER,
        other=BCE,
        second="binary_cross_entropy",
        why="A wrong label far from the boundary costs at most 1 under it, and cross-entropy any amount.",
        otherwise="The classes overlap so much that no wrong label is far from the boundary.",
        metric="Accuracy on labels that were checked",
        differs="On wrong labels a right prediction counts as a mistake.",
    ),
}
BINARY_ADVICE = {
    (data, cost): BINARY_EXCEPT.get((data, cost), advice)
    for data in BINARY_DATA
    for cost, advice in BINARY_BY_COST.items()
}

TWO_CLASSES = Prediction(
    name="Two classes",
    data=BINARY_DATA,
    costs=BINARY_COSTS,
    advice=BINARY_ADVICE,
    compare=compare,
    axes=("feature x", "probability of the positive class"),
    shows="share of positives among the training examples there",
    begins=("rare", "negative"),
    about="The feature of either class is normally distributed.",
)
