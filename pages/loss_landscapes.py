"""Loss landscapes: textbook ones, and those that a loss makes of data and of a network."""

from functools import partial

import streamlit as st

from core.ui.cards import classifier_cards, landscape_card, line_cards, slice_card
from core.ui.choose import choose, tab
from core.ui.stage import show
from core.views import VIEWS

SHOWN = {
    "textbook": (VIEWS["textbook_landscape"], landscape_card),
    "line": (VIEWS["line_landscape"], line_cards),
    "classifier": (VIEWS["logistic_landscape"], classifier_cards),
    "network": (VIEWS["network_landscape"], slice_card),
}

st.title("Loss landscapes")
opened, box = tab("view", {key: view.name for key, (view, _) in SHOWN.items()})
with box:
    view, card = SHOWN[opened]
    choice = choose(view)
    show(choice, below=partial(card, choice))
