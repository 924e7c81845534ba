"""The texts around training curves: links to presets, the legend, the rules of the verdict."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.diagnosis import RULES
from core.losses import FAMILIES, LOSSES
from core.ui.cards import loss_cards
from core.ui.links import preset_links
from core.views.training_curves.presets import PRESETS

LEGEND = (
    "● the epoch that is shown; ★ the epoch with the lowest validation loss; ⊠ where early stopping (choose it under "
    "More) would have ended the run. The model is trained on the training examples; validation uses other examples "
    "with the same noise."
)
CLASS_LEGEND = (
    "In the panel of the data ● is a training example of class 0 and ◆ one of class 1. The colour is the score, and "
    "the line is the decision boundary, where the score is 0."
)
COMPARISON_LEGEND = (
    "On the metric ● marks the epoch that is shown. On the size of the gradient it marks the example that the sentence "
    "above names."
)


def has_classes(loss: str) -> bool:
    """Whether a loss is one of class labels."""
    return FAMILIES[LOSSES[loss].family].classes


def rule_table() -> str:
    """The rules of the verdict in their order, as a Markdown table."""
    lines = [f"| {number} | {rule.name} | {rule.text} |" for number, rule in enumerate(RULES.values(), start=1)]
    head = ["The first rule in this list that holds gives the verdict.", "", "| | | the rule |", "|---:|---|---|"]
    return "\n".join([*head, *lines])


RULE_TABLE = rule_table()


def presets() -> None:
    """Writes links to runs that each end in another way."""
    preset_links("training_curves.py", PRESETS)


def run_card(loss: str) -> None:
    """The legend of the marks, the rules of the verdict, and what to know of the loss."""
    st.markdown(f"{LEGEND} {CLASS_LEGEND}" if has_classes(loss) else LEGEND)
    verdict_card()
    loss_cards([loss], {})


def losses_card(losses: Sequence[str]) -> None:
    """The legend of the marks, and what to know of each loss."""
    st.markdown(COMPARISON_LEGEND)
    loss_cards(losses, {})


def verdict_card() -> None:
    """The rules of the verdict, to be unfolded."""
    with st.expander("How the verdict is found"):
        st.markdown(RULE_TABLE)
