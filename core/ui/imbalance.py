"""What stands around the picture of a rare class: ways into it, and the table of metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.models.objectives import OBJECTIVES
from core.ui.cards import loss_cards
from core.ui.links import preset_links
from core.views.imbalance.presets import PRESETS
from core.views.imbalance.report import BASELINE, Entry, Report
from core.views.imbalance.scene import Scene

LEGEND = (
    "● negative, ◆ positive: points of the half that judges. On the map the coloured line is where the model's score "
    "crosses the threshold. ◇ the cheapest threshold, ☆ that of the best F1, both found on the half that was learned "
    "from. The cost is the mean of all points, in false alarms."
)


SOURCES = (
    "**How to read it.** An example is easy where the model gives its true class more than half. Before training every "
    "score is 0, so nothing is easy and the classes share the loss as they share the points, times their weights. The "
    "pull is the size of the gradient in the score: what moves the weights. On the right is how much a single example "
    "counts, as a multiple of what it counts under cross-entropy; the thick line is a positive's, the thin one a "
    "negative's. Focal's modulating factor $(1 - p_t)^\\gamma$ is its fall there: the surer the right answer, the "
    "less it counts. After training both classes pull alike, but for a kink: at a minimum the level's gradient is zero."
)


def presets() -> None:
    """Links to cases that each show one thing."""
    preset_links("class_imbalance.py", PRESETS)


def sources_card(choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """How to read the bars; then a card for each loss, with the current numbers."""
    st.markdown(SOURCES)
    loss_cards(choice["losses"], values)


def decisions_card(choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """The table of metrics at the released values, and what it comes to."""
    report = Report(Scene.of(choice), choice["losses"], values)
    said = [f"- {sentence}" for sentence in report.sentences()]
    st.markdown("\n".join([LEGEND, "", *said]))
    st.markdown(table(report))


def table(report: Report) -> str:
    """The report as a Markdown table: the best of a row in bold."""
    names = [OBJECTIVES[key].short for key in report.losses]
    lines = [f"| | {' | '.join([*names, BASELINE])} |", "|---|" + "---:|" * (len(names) + 1)]
    for group, rows in report.groups().items():
        lines.append(f"| **{group}** |" + " |" * (len(names) + 1))
        lines += [f"| {name} | {' | '.join(map(told, entries))} |" for name, entries in rows.items()]
    return "\n".join(lines)


def told(entry: Entry) -> str:
    return f"**{entry.text}**" if entry.best else entry.text
