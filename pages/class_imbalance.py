"""Class imbalance: what a rare class does to a loss, and what helps."""

from functools import partial

import streamlit as st

from core.ui.choose import choose
from core.ui.imbalance import decisions_card, presets, sources_card
from core.ui.stage import show
from core.views import VIEWS

CARDS = {"decisions": decisions_card, "sources": sources_card}

st.title("Class imbalance")
presets()
choice = choose({what: VIEWS[f"imbalance_{what}"] for what in CARDS}, by="show")
show(choice, below=partial(CARDS[choice.view.key.rpartition("_")[2]], choice.params))
