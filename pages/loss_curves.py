"""Loss curves: compare losses, see the lines they fit, and check the numbers of the textbooks."""

from functools import partial

import streamlit as st

from core.datasets import LINE_DATASETS
from core.examples import EXAMPLES
from core.ui.cards import loss_cards
from core.ui.choose import choose, tab
from core.ui.examples import show_examples
from core.ui.stage import show
from core.views import VIEWS

CURVES = {"regression": VIEWS["regression_curves"], "binary": VIEWS["binary_curves"]}
FITS = {key: VIEWS[f"{key}_fit"] for key in LINE_DATASETS}

st.title("Loss curves")
opened, box = tab("view", {"compare": "Compare", "fit": "Fitted lines", "examples": "Worked examples"})
with box:
    if opened == "compare":
        choice = choose(CURVES, by="family")
        show(choice, below=partial(loss_cards, choice.params["losses"]))
    elif opened == "fit":
        choice = choose(FITS, by="data")
        show(choice, below=partial(loss_cards, choice.params["losses"]))
    else:
        show_examples(EXAMPLES)
