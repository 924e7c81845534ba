"""Loss landscapes: textbook terrain, and the terrain that a loss makes of data and of a network."""

from functools import partial

import streamlit as st

from core.landscapes.fitted_models import LINE_MODELS, LOGISTIC_MODELS
from core.ui.cards import fitted_cards, landscape_card, slice_card
from core.ui.choose import choose, tab
from core.ui.stage import show
from core.views import VIEWS

TABS = {"textbook": "Textbook", "line": "A line", "classifier": "A classifier", "network": "A network"}
FITTED = {"line": (VIEWS["line_landscape"], LINE_MODELS), "classifier": (VIEWS["logistic_landscape"], LOGISTIC_MODELS)}

st.title("Loss landscapes")
opened, box = tab("view", TABS)
with box:
    if opened == "textbook":
        choice = choose(VIEWS["textbook_landscape"])
        show(choice, below=partial(landscape_card, choice.params["landscape"]))
    elif opened == "network":
        choice = choose(VIEWS["network_landscape"])
        show(choice, below=partial(slice_card, choice.params))
    else:
        view, models = FITTED[opened]
        choice = choose(view)
        show(choice, below=partial(fitted_cards, opened, models, choice.params))
