"""The cards under the figure of scores and labels: how to read it, the cheapest thresholds, metrics, recalibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.evaluation.bootstrap import MOST_GROUPS, RESAMPLES
from core.evaluation.recalibration import ISOTONIC, MOST_ROWS, Recalibration, training_weight
from core.evaluation.scored_model import ScoredModel
from core.metrics import SCORE_METRICS
from core.models.platt import SOURCE as PLATT
from core.sentences import interval_text, number_text
from core.stage import Card, Live, Slider, Text, Words
from core.views.kit.cards import citation, slider_words
from core.views.kit.own_words import in_card
from core.views.your_data.score_texts import USUAL

READING_OF_SCORES = (
    "#### How to read it\n\n**Cost over threshold.** A false positive costs 1, a false negative c{amount}. The unit is "
    "the better of always negative and always positive: below 1 a model is of use. **Every cost ratio.** To the right "
    "false negatives cost more, or positives are more frequent. The thick line is a model at its best threshold. The "
    "thin one is the same model with the threshold 1/(1 + c): the gap is what missing calibration costs. **Calibration."
    "** Each point is a bin; all bins hold about as many rows.\n\n**Prevalence.** Positives of the file count more or "
    "less, as if the model were used where they are more or less frequent. Recall stays, precision and cost change. In "
    "1/(1 + c), c is then multiplied by the ratio of the odds of a positive there and in the file.{mean}"
)
BY_AMOUNT = "each row at its own 1/(1 + c)"
OF_AMOUNT = " times the amount of the row"
MEAN_AMOUNT = " It is also multiplied by the mean amount of a positive, {amount}."
INTERVALS = (
    "In brackets are 95 % intervals of {resamples} bootstrap resamples of the rows.{groups} A threshold that is chosen "
    "on the rows on which its cost is measured looks a little too good: measure it again on new rows."
)
GROUPS = " Each draws {groups:,} random groups of rows instead of single rows."
CONTRADICTED = (
    "{name} gives the right label a probability of 0 in {count}: there its log loss is infinite. It is computed with "
    "2 × 10⁻¹⁶ instead."
)
RECALIBRATION = (
    "#### Recalibration\n\nFitted on a random half of the rows, measured on the other half{part}. **Intercept only** "
    "adds one number to the log-odds. **Platt scaling** fits a slope too. **Isotonic** is the best fit that never "
    "falls; it gives probabilities of 0 and 1, and one mistake among them makes the log loss large."
)
TOO_FEW = "Recalibration is left out: a random half of the rows holds one class only."
WEIGHT = (
    "**A weight in training** of w adds log w to the log-odds of every row. Subtracting log {weight} from those of "
    "{name} makes its mean probability the share of positives. If it was trained with a weight, compare the two."
)
NO_WEIGHT = "The mean probability of {name} is the share of positives: no weight in training shows."
ALMOST_NO_WEIGHT = 0.05  # of its logarithm
WAYS = ("log loss", "Brier score", "calibration error")


def score_cards(
    models: Sequence[ScoredModel], cost: Slider, prevalence: Slider, weight: Slider, costs: np.ndarray,
    odds_ratios: np.ndarray,
) -> tuple[Card, ...]:  # fmt: skip
    """The cards; costs and odds ratios are those of the sliders' frames, [costs, prevalences] each."""
    return (
        Card(text=cheapest_text(models, cost, prevalence, costs, odds_ratios), wide=True),
        Card(text=Text(metrics_text(models)), wide=True),
        Card(text=recalibration_text(models, weight), wide=True),
        Card(text=Text(reading_text(models[0])), wide=True),
    )


def reading_text(model: ScoredModel) -> str:
    """How to read the picture."""
    if model.scored.amount is None:
        return READING_OF_SCORES.format(amount="", mean="")
    mean = MEAN_AMOUNT.format(amount=number_text(model.scored.mean_amount))
    return READING_OF_SCORES.format(amount=OF_AMOUNT, mean=mean)


def cheapest_text(
    models: Sequence[ScoredModel], cost: Slider, prevalence: Slider, costs: np.ndarray, odds_ratios: np.ndarray
) -> Text:
    """Every model's cheapest threshold and what it costs, beside the costs at two others."""
    calibrated = models[0].calibrated_threshold(costs, odds_ratios)
    has_amounts = models[0].scored.amount is not None
    names = [
        "",
        "threshold",
        "cost per row there",
        "at 1/(1 + c)",
        f"at {USUAL:g}",
        *([BY_AMOUNT] if has_amounts else []),
    ]
    lines = ["#### Cheapest thresholds\n", *header(names)]
    slots: dict[str, Live] = {}
    for number, model in enumerate(models):
        low, high = model.threshold_interval(costs, odds_ratios)
        numbers = {
            "best": model.cheapest_threshold(costs, odds_ratios), "low": low, "high": high,
            "least": model.least_cost(costs, odds_ratios), "theory": model.costs(calibrated, costs, odds_ratios),
            "usual": model.costs(USUAL, costs, odds_ratios),
        }  # fmt: skip
        places = {name: f"{{{name}{number}}}" for name in numbers}
        cells = "{best} ({low} to {high}) | {least} | {theory} | {usual}".format(**places)
        if has_amounts:
            numbers["own"] = model.cost_by_amount(costs, odds_ratios)
            cells += f" | {{own{number}}}"
        lines.append(f"| {in_card(model.name)} | {cells} |")
        slots |= {f"{name}{number}": Live(values, (cost, prevalence)) for name, values in numbers.items()}
    bootstrap = models[0].bootstrap
    groups = GROUPS.format(groups=MOST_GROUPS) if bootstrap.groups < bootstrap.count else ""
    return Text("\n".join(lines) + "\n\n" + INTERVALS.format(resamples=RESAMPLES, groups=groups), **slots)


def metrics_text(models: Sequence[ScoredModel]) -> str:
    """The metrics of every model's scores, with their intervals."""
    lines = ["#### Metrics of the scores\n", *header(["", *(in_card(model.name) for model in models)])]
    for key, metric in SCORE_METRICS.items():
        name = f"{metric.name}, {'higher' if metric.best == 'high' else 'lower'} is better"
        lines.append(f"| {name} | {' | '.join(interval_text(*model.metrics[key]) for model in models)} |")
    notes = [
        CONTRADICTED.format(name=in_card(model.name), count="1 row" if count == 1 else f"{count:,} rows")
        for model in models
        if (count := model.scored.contradicted(model.name))
    ]
    return "\n".join(lines) + "".join(f"\n\n{note}" for note in notes)


def recalibration_text(models: Sequence[ScoredModel], weight: Slider) -> Text:
    """The metrics of recalibrated probabilities, and the weight in training that undoes their mean.

    weight: the slider of a weight that is undone.
    """
    parts: list[str] = []
    slots: dict[str, Live | Words] = {}
    for number, model in enumerate(models):
        recalibration = Recalibration(model.scored, model.name)
        found = recalibration.metrics
        if not found:
            return Text(TOO_FEW)
        lines = [f"**{in_card(model.name)}**\n", *header(["", *WAYS])]
        lines += [f"| {way} | {' | '.join(map(number_text, numbers))} |" for way, numbers in found.items()]
        if model.scored.is_probability[model.name]:
            undone = np.array(recalibration.without_weights(weight.values)).T  # [ways, weights]
            own = {f"{way}{number}": Live(values, weight) for way, values in zip("abc", undone, strict=True)}
            lines.append(f"| Weight {{weight}} undone | {' | '.join(f'{{{slot}}}' for slot in own)} |")
            slots |= {**own, "weight": slider_words(weight, "{:g}".format)}
        parts.append("\n".join(lines))
        if model.scored.is_probability[model.name]:
            implied = training_weight(model.scored, model.name)
            text = NO_WEIGHT if abs(np.log(implied)) < ALMOST_NO_WEIGHT else WEIGHT
            parts.append(text.format(weight=number_text(implied, 3), name=in_card(model.name)))
    part = f" ({MOST_ROWS:,} random rows in all)" if len(models[0].scored) > MOST_ROWS else ""
    sources = f"**Sources:** {citation(PLATT)}; {citation(ISOTONIC)}"
    return Text("\n\n".join([RECALIBRATION.format(part=part), *parts, sources]), **slots)


def header(names: Sequence[str]) -> list[str]:
    """The first two lines of a table in Markdown, its numbers to the right."""
    return [f"| {' | '.join(names)} |", "|---|" + "---:|" * (len(names) - 1)]
