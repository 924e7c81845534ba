"""The texts beside the figure of decisions: live numbers, confusion matrices, a note on each model, the summary."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.metrics import DECISION_METRICS, always_negative
from core.models.imbalance.data import COSTS, THRESHOLDS
from core.models.imbalance.measured import CUTS, ModelResults
from core.models.imbalance.outputs import Says, says
from core.models.imbalance.report import BASELINE
from core.models.objectives import objective_of
from core.models.platt import Platt
from core.sentences import number_text
from core.stage import Grid, Live, Text, Words
from core.views.class_imbalance.decision_figure import DecisionFigure
from core.views.class_imbalance.experiment import Experiment
from core.views.class_imbalance.settings import THRESHOLD_SLIDER
from core.views.kit import theme
from core.views.kit.class_map import Count, confusion_grid
from core.views.kit.theme import Stroke
from core.views.kit.units import unit

HEADINGS = ("precision", "recall", "accuracy", "cost")
PREDICTED = ("predicted negative", "predicted positive")
ROWS = {"positive": ("fn", "tp"), "negative": ("tn", "fp")}  # in the order of PREDICTED
NO_PLATT = Platt(np.nan, np.nan)


def grid(figure: DecisionFigure, key: str) -> Grid:
    """The confusion matrix of a loss at the threshold."""
    recall, fall_out = figure.metric(key, "recall"), figure.false_positive_rate(key)
    shares = {"tp": recall, "fn": rest(recall), "tn": rest(fall_out), "fp": fall_out}
    rows = {
        row: [Count(figure.counts(key, name), shares[name], name in ("tp", "tn")) for name in names]
        for row, names in ROWS.items()
    }
    return confusion_grid(objective_of(key).short, theme.look(key), PREDICTED, rows)


def rest(share: Live) -> Live:
    """1 minus the number."""
    return Live(1 - share.array, (*([share.sweep] if share.sweep else []), *share.sliders))


def add_readings(figure: DecisionFigure) -> None:
    """A row for each loss, and for predicting everything negative; under the picture, a note on each model."""
    for key in figure.experiment.losses:
        numbers = [figure.metric(key, name) for name in HEADINGS[:-1]]
        name = objective_of(key).short
        figure.plot.reading(name, theme.look(key), *numbers, figure.cost(key), note=note(figure, key))
    accuracy, cost = baseline(figure.experiment)
    figure.plot.reading(BASELINE, Stroke(theme.NEUTRAL, "dot"), Text("–"), Text("0"), accuracy, cost)


def baseline(experiment: Experiment) -> tuple[Live, Live]:
    """The accuracy and the cost of predicting everything negative."""
    always = [always_negative(experiment.settings.split(share).test.target) for share in experiment.shares]
    right = np.array([DECISION_METRICS["accuracy"].value(counts) for counts in always])
    metric, here = DECISION_METRICS["expected_cost"], COSTS[experiment.cost]
    cost = [metric.value(counts, cost=here) for counts in always]
    cost += [metric.value(always[0], cost=each) for each in COSTS]
    return Live(right, experiment.sweep()), Live(np.array(cost), experiment.with_costs())


def positives(experiment: Experiment) -> Live:
    """The number of positives in the test set."""
    found = [experiment.settings.split(share).test.target.sum() for share in experiment.shares]
    return Live(np.array(found), experiment.sweep())


OUTPUTS = "add up to {total} {positives} ({all} in the test set); calibration error {error} %, log loss {loss}."
CORRECTED_QUALITY = "calibration error {right_error} %, log loss {right_loss}."
LIVE = {  # the sentences about probabilities, by what the score says
    "log-odds": f" Its probabilities {OUTPUTS}",
    "link": f" Its score estimates {{estimates}}. Its probabilities {OUTPUTS}",
    "weight": f" Its outputs p {OUTPUTS} Without the weight, logit p′ = logit p − log {{w}} or "
    f"p′ = p / (p + {{w}} (1 − p)), they add up to {{right}}; {CORRECTED_QUALITY}",
    "inverse": f" Its outputs {OUTPUTS} After inverting the relation between score and probability for this loss, they "
    f"add up to {{right}}; {CORRECTED_QUALITY}",
    "platt": " Its score is not a probability. Platt scaling on the training set turns it into p = σ({slope} × score "
    f"{{sign}} {{level}}). These add up to {{right}} {{positives}} ({{all}} in the test set); {CORRECTED_QUALITY}",
}


def note(figure: DecisionFigure, key: str) -> Text:
    """How a model was trained, and what its probabilities are; live with everything that it was trained with."""
    models, sweep = figure.experiment.models[key], figure.experiment.sweep(key)
    sentence = LIVE[kind(key, models)].replace("{estimates}", str(objective_of(key).estimates))
    platt = [model.correction.platt if model.correction and model.correction.platt else NO_PLATT for model in models]
    numbers = {
        "total": [model.quality.total for model in models],
        "error": [100 * model.quality.calibration_error for model in models],
        "loss": [model.quality.log_loss for model in models],
        "right": [model.corrected_quality.total for model in models],
        "right_error": [100 * model.corrected_quality.calibration_error for model in models],
        "right_loss": [model.corrected_quality.log_loss for model in models],
        "w": [model.correction.weight if model.correction else np.nan for model in models],
        "slope": [way.slope for way in platt],
        "level": [abs(way.intercept) for way in platt],
    }
    slots: dict[str, Live | Words] = {name: Live(np.array(values), sweep) for name, values in numbers.items()}
    slots["all"] = positives(figure.experiment)
    totals = numbers["total" if "{total}" in sentence else "right"]
    slots["positives"] = unit("positive", "positives", np.array(totals), sweep)
    slots["sign"] = Words(("+", "−"), Live(np.array([float(way.intercept < 0) for way in platt]), sweep))
    return Text(
        "{trained}{probabilities}",
        trained=Words.each([f"{model.summary}." for model in models], sweep),
        probabilities=Words((sentence, ""), is_untrained(figure.experiment, key)),
        **{name: slot for name, slot in slots.items() if f"{{{name}}}" in sentence},
    )


def is_untrained(experiment: Experiment, key: str) -> Live:
    """1 where there was nothing to learn from, else 0."""
    return Live(np.array([float(not model.is_trained) for model in experiment.models[key]]), experiment.sweep(key))


def kind(key: str, models: Sequence[ModelResults]) -> str:
    """The key of a loss's sentence in LIVE."""
    match says(key):
        case Says.PROBABILITY:
            return "log-odds" if objective_of(key).proper else "link"
        case Says.SHIFTED:
            weights = [model.correction.weight for model in models if model.correction]
            return "inverse" if np.isnan(weights).all() else "weight"
        case Says.ORDER:
            return "platt"


def summary(figure: DecisionFigure) -> Text:
    """The positives that each loss finds at the threshold, and the accuracy of predicting everything negative."""
    experiment = figure.experiment
    slots: dict[str, Live | Words] = {}
    for number, key in enumerate(experiment.losses):
        name = objective_of(key).short
        where = ", at a score of {cut}," if says(key) is Says.ORDER else ""
        finds = f"{name}{where} finds {{found{number}}} of {{all}} {{positives}} (false positives: {{false{number}}})"
        slots[f"loss{number}"] = Words((finds, f"{name} has nothing to learn from"), is_untrained(experiment, key))
        slots |= {f"found{number}": figure.counts(key, "tp"), f"false{number}": figure.counts(key, "fp")}
        if where:
            slots["cut"] = Words([number_text(cut, 3) for cut in CUTS], THRESHOLD_SLIDER)
    accuracy, _ = baseline(experiment)
    all_positives = positives(experiment)
    each = "; ".join(f"{{loss{number}}}" for number in range(len(experiment.losses)))
    return Text(
        f"At a threshold of {{t}}, {each}. Predicting everything negative finds none, and has an accuracy of "
        "{right} %.",
        t=Words([f"{threshold:g}" for threshold in THRESHOLDS], THRESHOLD_SLIDER),
        all=all_positives,
        positives=unit("positive", "positives", all_positives.array, experiment.sweep() if all_positives.sweep else ()),
        right=Live(100 * accuracy.array, experiment.sweep() if accuracy.sweep else ()),
        **slots,
    )
