"""Cards of /class-imbalance: links to presets, how to read the bars, the table of metrics."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from core.metrics import METRICS, Metric
from core.metrics.metric import NO_EXAMPLES
from core.models.imbalance.data import ImbalanceSettings
from core.models.imbalance.outputs import Says, says
from core.models.imbalance.report import BASELINE, Entry, Report
from core.models.objectives import OBJECTIVES
from core.models.platt import SOURCE as PLATT
from core.ui.cards import loss_cards
from core.ui.links import citation, preset_links
from core.views.class_imbalance.presets import PRESETS
from core.views.kit.view import Choice

COST = (
    "The points are those of the test set. The cheapest threshold has the lowest cost: the mean over the examples, "
    "where a false positive costs 1."
)
# Only where a loss that is shown asks for it.
OUTPUTS = {
    Says.SHIFTED: "A weight, γ and α shift the score away from the log-odds on purpose, so σ(score) is not the "
    "probability. The picture and the threshold use σ(score) without correction; the thin calibration line belongs to "
    "the corrected probabilities.",
    Says.ORDER: "A score that is not a probability has no calibration. The slider's threshold t means a score of "
    "log(t / (1 − t)), which is 0 for t = 0.5. Compare such a loss by its ranking and at its cheapest threshold. The "
    "thin calibration line belongs to Platt scaling, fitted on the training set.",
}

SOURCES = (
    "**How to read it.** An example is easy if the sign of its score is right. Before training every score is 0, so no "
    "example is easy; if the loss is a mean over examples, the share of a class is its share of the points, times its "
    "weight. The gradient is the size of the loss's derivative with respect to the score: it moves the weights. The "
    "panel on the right shows how much one example counts, as a multiple of its weight under cross-entropy at the same "
    "score. Focal's modulating factor "
    "$(1 - p_t)^\\gamma$ makes its line fall: the surer the right answer, the less it counts. After training each "
    "class has half of the gradient, except at a corner of the loss: at a minimum the gradient with respect to the "
    "intercept, which is the difference of the two, is zero."
)


def presets() -> None:
    """Writes links to cases that each show one thing."""
    preset_links("class_imbalance.py", PRESETS)


def sources_card(choice: Choice, values: Mapping[str, float]) -> None:
    """Writes how to read the bars; then a card for each loss, with the current numbers."""
    st.markdown(SOURCES)
    loss_cards(choice.params["losses"], values)


def decisions_card(choice: Choice, values: Mapping[str, float]) -> None:
    """Writes a summary and the table of metrics at the released values, and what each metric means."""
    report = Report(ImbalanceSettings.of(choice.params), choice.params["losses"], values)
    kinds = {says(key) for key in report.losses}
    paragraphs = [COST, *(text for kind, text in OUTPUTS.items() if kind in kinds)]
    sentences = [f"- {sentence}" for sentence in report.sentences()]
    # One element: each costs.
    st.markdown("\n".join([*(f"{text}\n" for text in paragraphs), *sentences, "", table(report)]))
    with st.expander("What the metrics mean"):
        st.markdown(metric_cards(report.cost))


def table(report: Report) -> str:
    """The report as a Markdown table: the best of a row in bold."""
    names = [OBJECTIVES[key].short for key in report.losses]
    lines = [f"| | {' | '.join([*names, BASELINE])} |", "|---|" + "---:|" * (len(names) + 1)]
    for group, rows in report.groups().items():
        lines.append(f"| **{group}** |" + " |" * (len(names) + 1))
        lines += [f"| {name} | {' | '.join(map(cell_text, entries))} |" for name, entries in rows.items()]
    return "\n".join(lines)


@lru_cache(maxsize=32)  # of 7 kB each
def metric_cards(cost: float) -> str:
    """A card for every metric, in Markdown: its formula, its meaning, where it is undefined, and its source."""
    cards = [metric_card(metric, {"cost": cost} if "cost" in metric.defaults else {}) for metric in METRICS.values()]
    return "\n\n".join([METRICS_TELL.format(citation(PLATT)), *cards])


METRICS_TELL = (
    "TP and FP count the true and the false positives, TN and FN the true and the false negatives; z is the score, p a "
    "probability and y the label, 0 or 1. Platt scaling: {}."
)


def metric_card(metric: Metric, params: Mapping[str, float]) -> str:
    """The card of one metric, in Markdown, with these values of its parameters and the defaults of the others."""
    name = metric.name if metric.short in metric.name else f"{metric.name} ({metric.short})"
    values = metric.defaults | dict(params)
    here = [f"${param.latex} = {values[param.name]:g}$" for param in metric.params]
    reasons = " or ".join(gap.reason for gap in (NO_EXAMPLES, *metric.gaps))
    lines = [
        f"**{name}**, the {'higher' if metric.best == 'high' else 'lower'} the better",
        f"$${metric.formula}$$",
        metric.about + (f" In the table {' and '.join(here)}." if here else ""),
        f"Undefined where {reasons}. **Source:** {citation(metric.source)}",
    ]
    return "\n\n".join(lines)


def cell_text(entry: Entry) -> str:
    return f"**{entry.text}**" if entry.best else entry.text
