"""Loss landscapes: textbook terrain, and the terrain that a loss makes of data."""

from functools import partial

import streamlit as st

from core.ui.cards import landscape_card, loss_cards
from core.ui.choose import choose, tab
from core.ui.stage import show
from core.views import VIEWS

TABS = {"textbook": "Textbook", "line": "A line on data", "classifier": "A classifier on data"}

st.title("Loss landscapes")
opened, box = tab("view", TABS)
with box:
    if opened == "textbook":
        view, choice = choose(VIEWS["textbook_landscape"])
        show(view, choice, below=partial(landscape_card, choice["landscape"]))
    else:
        view, choice = choose(VIEWS["line_landscape" if opened == "line" else "logistic_landscape"])
        show(view, choice, below=partial(loss_cards, choice["losses"]))
