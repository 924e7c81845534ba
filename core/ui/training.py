"""The texts around training curves: links to presets, the legend, the rules of the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.diagnosis import RULES
from core.ui.cards import loss_cards
from core.ui.links import preset_links
from core.views.training_curves.presets import PRESETS

LEGEND = (
    "★ the epoch with the lowest validation loss; ⊠ where early stopping (choose it under More) would have ended the "
    "run. The model is trained on the training examples; validation uses other examples with the same noise."
)


def rule_table() -> str:
    """The rules of the verdict in their order, as a Markdown table."""
    lines = [f"| {number} | {rule.name} | {rule.text} |" for number, rule in enumerate(RULES.values(), start=1)]
    head = ["The first rule in this list that holds gives the verdict.", "", "| | | the rule |", "|---:|---|---|"]
    return "\n".join([*head, *lines])


RULE_TABLE = rule_table()


def presets() -> None:
    """Links to runs that each end in another way."""
    preset_links("training_curves.py", PRESETS)


def run_card(loss: str, _: Mapping[str, float]) -> None:
    """The legend of the marks, the rules of the verdict, and what to know of the loss."""
    st.markdown(LEGEND)
    verdict_card()
    loss_cards([loss], {})


def losses_card(losses: Sequence[str], _: Mapping[str, float]) -> None:
    """What to know of each loss."""
    loss_cards(losses, {})


def verdict_card() -> None:
    """The rules of the verdict, to be unfolded."""
    with st.expander("How the verdict is found"):
        st.markdown(RULE_TABLE)
