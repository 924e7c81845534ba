"""Gradient descent: a race of optimizers across a landscape, bent under the finger."""

from functools import partial

import streamlit as st

from core.ui.choose import choose, tab
from core.ui.descent import presets, race_cards, starts_cards, step_card
from core.ui.stage import show
from core.views import VIEWS
from core.views.gradient_descent.problems import KINDS

CARDS = {"race": race_cards, "step": step_card, "starts": starts_cards}

st.title("Gradient descent")
presets()
opened, box = tab("view", {key: kind.name for key, kind in KINDS.items()})
with box:
    choice = choose({what: VIEWS[f"{opened}_{what}"] for what in CARDS if f"{opened}_{what}" in VIEWS}, by="show")
    show(choice, below=partial(CARDS[choice.view.key.rpartition("_")[2]], opened, choice.params))
