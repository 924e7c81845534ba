"""What stands around the picture of a rare class: ways into it, and the table of metrics."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from core.metrics import METRICS, Metric
from core.metrics.contract import NO_EXAMPLES
from core.models.objectives import OBJECTIVES
from core.models.platt import SOURCE as PLATT
from core.ui.cards import loss_cards
from core.ui.links import cited, preset_links
from core.views.imbalance.outputs import Says, says
from core.views.imbalance.presets import PRESETS
from core.views.imbalance.report import BASELINE, Entry, Report
from core.views.imbalance.scene import Scene

LEGEND = (
    "● negative, ◆ positive: points of the test set. On the map the coloured line is where the model's score crosses "
    "the threshold. ◇ the cheapest threshold, ☆ that of the best F1, both found on the training set. The cost is the "
    "mean over the test set, where a false positive costs 1."
)
# Only where a loss that is shown asks for it.
OUTPUTS = {
    Says.SHIFTED: "A weight, γ and α move the score off the log-odds on purpose: σ(score) is not the probability. It "
    "is shown, and cut, as it is; the thin calibration line is that of the corrected probabilities.",
    Says.ORDER: "A score that is no probability stays a plain number: it has no calibration of its own, and the "
    "slider's threshold t cuts it at a score of log(t / (1 − t)), 0 for t = 0.5. Compare it by its ranking and at its "
    "cheapest threshold. The thin calibration line is that of Platt scaling, fitted on the training set.",
}

SOURCES = (
    "**How to read it.** An example is easy where the sign of its score is right. Before training every score is 0, so "
    "nothing is easy, and under a loss that is a mean over examples the classes share the loss as they share the "
    "points, times their weights. The gradient is that of the loss in the score, by its size: what moves the weights. "
    "On the right is how much a single example counts, as a multiple of what it counts under cross-entropy at the same "
    "score; the thick line is a positive's, the thin one a negative's. Focal's modulating factor $(1 - p_t)^\\gamma$ "
    "is its fall there: the surer the right answer, the less it counts. After training both classes have half of the "
    "gradient, except at a kink: at a minimum the gradient in the intercept, which is their difference, is zero."
)


def presets() -> None:
    """Links to cases that each show one thing."""
    preset_links("class_imbalance.py", PRESETS)


def sources_card(choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """How to read the bars; then a card for each loss, with the current numbers."""
    st.markdown(SOURCES)
    loss_cards(choice["losses"], values)


def decisions_card(choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """The table of metrics at the released values, what it comes to, and what each metric tells."""
    report = Report(Scene.of(choice), choice["losses"], values)
    kinds = {says(key) for key in report.losses}
    legend = [LEGEND, *(text for kind, text in OUTPUTS.items() if kind in kinds)]
    said = [f"- {sentence}" for sentence in report.sentences()]
    st.markdown("\n".join([*(f"{text}\n" for text in legend), *said, "", table(report)]))  # one element: each costs
    with st.expander("What the metrics tell"):
        st.markdown(metric_cards(report.cost))


def table(report: Report) -> str:
    """The report as a Markdown table: the best of a row in bold."""
    names = [OBJECTIVES[key].short for key in report.losses]
    lines = [f"| | {' | '.join([*names, BASELINE])} |", "|---|" + "---:|" * (len(names) + 1)]
    for group, rows in report.groups().items():
        lines.append(f"| **{group}** |" + " |" * (len(names) + 1))
        lines += [f"| {name} | {' | '.join(map(told, entries))} |" for name, entries in rows.items()]
    return "\n".join(lines)


@lru_cache(maxsize=32)  # of 7 kB each
def metric_cards(cost: float) -> str:
    """In Markdown, for every metric: its formula, what it tells, where it is undefined and its source."""
    cards = [metric_card(metric, {"cost": cost} if "cost" in metric.defaults else {}) for metric in METRICS.values()]
    return "\n\n".join([METRICS_TELL.format(cited(PLATT)), *cards])


METRICS_TELL = (
    "TP and FP count the true and the false positives, TN and FN the true and the false negatives; z is the score, p a "
    "probability and y the label, 0 or 1. Platt scaling: {}."
)


def metric_card(metric: Metric, params: Mapping[str, float]) -> str:
    """What to know of one metric, with these values of its parameters, the others at their defaults."""
    name = metric.name if metric.short in metric.name else f"{metric.name} ({metric.short})"
    values = metric.defaults | dict(params)
    here = [f"${param.latex} = {values[param.name]:g}$" for param in metric.params]
    reasons = " or ".join(gap.reason for gap in (NO_EXAMPLES, *metric.gaps))
    lines = [
        f"**{name}**, the {'higher' if metric.best == 'high' else 'lower'} the better",
        f"$${metric.formula}$$",
        metric.about + (f" In the table {' and '.join(here)}." if here else ""),
        f"Undefined where {reasons}. **Source:** {cited(metric.source)}",
    ]
    return "\n\n".join(lines)


def told(entry: Entry) -> str:
    return f"**{entry.text}**" if entry.best else entry.text
