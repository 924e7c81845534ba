"""Loss curves: compare losses, see what each fits, and check the numbers of the textbooks."""

import streamlit as st

from core.ui.cards import loss_cards
from core.ui.choose import choose, tab
from core.ui.stage import show
from core.views import VIEWS

st.title("Loss curves")
opened, box = tab("view", {"compare": "Compare", "fit": "What it fits", "examples": "Worked examples"})
with box:
    if opened == "compare":
        view, choice = choose({"regression": VIEWS["regression_curves"], "binary": VIEWS["binary_curves"]}, by="family")
        values = show(view, choice)
        loss_cards(choice["losses"], values, prefix="compare")
