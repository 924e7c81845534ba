"""What stands around training curves: ways into them, and the rules of the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.diagnosis import RULES
from core.ui.cards import loss_cards
from core.ui.links import preset_links
from core.views.training_curves.presets import PRESETS

LEGEND = (
    "★ the epoch with the lowest validation loss; ⊠ where early stopping (choose it under More) would have ended the "
    "run. The model is trained on the training examples; validation uses other examples with the same noise."
)


def rules() -> str:
    """The rules in the order in which they are asked, in Markdown."""
    lines = [f"| {number} | {rule.name} | {rule.text} |" for number, rule in enumerate(RULES.values(), start=1)]
    head = ["The first rule in this list that holds gives the verdict.", "", "| | | the rule |", "|---:|---|---|"]
    return "\n".join([*head, *lines])


RULE_TABLE = rules()


def presets() -> None:
    """Links to runs that each show one fate."""
    preset_links("training_curves.py", PRESETS)


def run_card(choice: Mapping[str, Any], _: Mapping[str, float]) -> None:
    """What the marks are, by which rules the verdict is found; then what to know of the loss."""
    st.markdown(LEGEND)
    verdict_card()
    loss_cards([choice["loss"]], {})


def losses_card(choice: Mapping[str, Any], _: Mapping[str, float]) -> None:
    """What to know of each loss."""
    loss_cards(choice["losses"], {})


def verdict_card() -> None:
    with st.expander("How the verdict is found"):
        st.markdown(RULE_TABLE)
