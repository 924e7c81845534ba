"""Class imbalance: what a rare class does to a loss, and what helps."""

from functools import partial

import streamlit as st

from core.ui.choose import choose
from core.ui.imbalance import decisions_card, presets, sources_card
from core.ui.stage import show
from core.views import VIEWS

SHOWN = {"decisions": VIEWS["imbalance_decisions"], "sources": VIEWS["imbalance_sources"]}
CARDS = {"imbalance_decisions": decisions_card, "imbalance_sources": sources_card}

st.title("Class imbalance")
presets()
choice = choose(SHOWN, by="show")
show(choice, below=partial(CARDS[choice.view.key], choice))
