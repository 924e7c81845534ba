"""The cards under the pictures of a rare class: how to read the bars, the table of metrics and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.metrics import METRICS, Metric
from core.metrics.metric import NO_EXAMPLES
from core.models.imbalance.outputs import Says, says
from core.models.imbalance.report import BASELINE, Entry, Report
from core.models.imbalance.sample import EXAMPLES, POINTS
from core.models.objectives import objective_of
from core.models.platt import SOURCE as PLATT
from core.stage import Card, Slider, Sweep, Text, Words
from core.views.class_imbalance.settings import COST_SLIDER
from core.views.kit.cards import citation, loss_cards, slider_words

COST = (
    "The points are those of the test set. The cheapest threshold has the lowest cost: the mean over the examples, "
    "where a false positive costs 1."
)
# Only where a loss that is shown asks for it.
KINDS_OF_SCORE = {
    Says.SHIFTED: "A weight, γ and α shift the score away from the log-odds on purpose, so σ(score) is not the "
    "probability. The picture and the threshold use σ(score) without correction; the thin calibration line belongs to "
    "the corrected probabilities.",
    Says.ORDER: "A score that is not a probability has no calibration. The slider's threshold t means a score of "
    "log(t / (1 − t)), which is 0 for t = 0.5. Compare such a loss by its ranking and at its cheapest threshold. The "
    "thin calibration line belongs to Platt scaling, fitted on the training set.",
}
SOURCES = (
    "**How to read it.** An example is easy if the sign of its score is right. Before training every score is 0, so "
    "no example is easy. If the loss is a mean over examples, the share of a class is its share of the points, times "
    "its weight. The gradient is the size of the loss's derivative with respect to the score: it moves the weights. "
    "The panel on the right shows how much one example counts, as a multiple of its weight under cross-entropy at the "
    "same score. Focal's modulating factor $(1 - p_t)^\\gamma$ makes its line fall: the more confident a right answer "
    "is, the less it counts. After training each class has half of the gradient, except at a corner of the loss. The "
    "reason: the gradient of the intercept is the difference of the two halves, and it is zero at a minimum."
)
METRICS_ARE = (
    "TP and FP count the true and the false positives, TN and FN the true and the false negatives. z is the score, p "
    f"a probability and y the label, 0 or 1. Platt scaling: {citation(PLATT)}."
)
ACCURACY = (
    "**Accuracy is the share of right predictions.** Where positives are rare, nearly all examples are negative: "
    "whoever predicts that everything is negative is nearly always right, and finds nothing. Recall is the share of "
    "the positives that are found, precision the share of the predicted positives that are positive. Read all three."
    "\n\n**The dots** are {examples} examples of a test set. In each class they are sorted by the score of BCE, the "
    "highest first. **BCE** is a logistic regression, trained on {training} other examples with the same share of "
    "positives. **Always negative** and **Always positive** learn nothing."
)
LINE_BREAK = "  \n"  # of Markdown


def accuracy_cards(metrics: Sequence[str]) -> tuple[Card, ...]:
    """What the dots and the models are; then what each metric means."""
    about = Text(ACCURACY.format(examples=f"{EXAMPLES:,}", training=f"{POINTS // 2:,}"))
    return (Card(text=about, wide=True), *(Card(text=Text(metric_text(METRICS[name]))) for name in metrics))


def source_cards(losses: Sequence[str], sliders: Sequence[Slider]) -> tuple[Card, ...]:
    """How to read the bars; then a card for each loss."""
    return (Card(text=Text(SOURCES), wide=True), *loss_cards(losses, sliders))


def decision_cards(losses: Sequence[str], sweep: Sweep, report: Callable[[int], Report]) -> tuple[Card, ...]:
    """A summary and the table of metrics in each run of a sweep of all sliders, and what each metric means."""
    kinds = {says(key) for key in losses}
    paragraphs = [COST, *(text for kind, text in KINDS_OF_SCORE.items() if kind in kinds)]
    reports = [report(run) for run in range(len(sweep))]
    sentences = Words.each([LINE_BREAK.join(f"• {one}" for one in found.sentences()) for found in reports], sweep)
    metrics = table(losses, reports, sweep)
    text = "\n\n".join([*paragraphs, "{sentences}", metrics.template])
    return (
        Card(text=Text(text, sentences=sentences, **metrics.slots), wide=True),
        Card(text=metrics_text(), wide=True, folded="What the metrics mean"),
    )


def table(losses: Sequence[str], reports: Sequence[Report], sweep: Sweep) -> Text:
    """The reports of a sweep's runs as one Markdown table, the best of a row in bold. Each cell is a slot."""
    columns = [table_cells(found) for found in reports]
    lines = [f"| | {' | '.join([*(objective_of(key).short for key in losses), BASELINE])} |"]
    lines.append("|---|" + "---:|" * (len(losses) + 1))
    slots: dict[str, Words] = {}
    for number, row in enumerate(zip(*columns, strict=True)):  # a row of every run
        places = [f"cell_{number}_{column}" for column in range(len(row[0]))]
        lines.append("|" + "|".join(f" {{{place}}} " for place in places) + "|")
        slots |= {place: Words.each(texts, sweep) for place, texts in zip(places, zip(*row, strict=True), strict=True)}
    return Text("\n".join(lines), **slots)


def table_cells(report: Report) -> list[list[str]]:
    """The cells of a report's table in Markdown, by row; a group begins with a row that has only a name."""
    nothing, found = [""] * (len(report.losses) + 1), []
    for group, rows in report.groups().items():
        found.append([f"**{group}**", *nothing])
        found += [[name, *map(cell_text, entries)] for name, entries in rows.items()]
    return found


def cell_text(entry: Entry) -> str:
    return f"**{entry.text}**" if entry.best else entry.text


def metrics_text() -> Text:
    """Every metric: its formula, its meaning, where it is undefined, and its source."""
    cost = slider_words(COST_SLIDER, lambda value: f"{value:g}")
    return Text("\n\n".join([METRICS_ARE, *map(metric_text, METRICS.values())]), at_cost=cost)


def metric_text(metric: Metric) -> str:
    """One metric, its cost a slot, and its other parameters at their defaults."""
    name = metric.name if metric.short in metric.name else f"{metric.name} ({metric.short})"
    values = {name: f"{value:g}" for name, value in metric.defaults.items()} | {"cost": "{at_cost}"}
    here = [f"${param.latex} = {values[param.name]}$" for param in metric.params]
    reasons = " or ".join(gap.reason for gap in (NO_EXAMPLES, *metric.gaps))
    lines = [
        f"**{name}**, the {'higher' if metric.best == 'high' else 'lower'} the better",
        f"$${metric.formula}$$",
        metric.about + (f" In the table {' and '.join(here)}." if here else ""),
        f"Undefined where {reasons}. **Source:** {citation(metric.source)}",
    ]
    return "\n\n".join(lines)
