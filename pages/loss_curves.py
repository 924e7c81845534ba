"""Loss curves: compare losses, see what each fits, and check the numbers of the textbooks."""

import streamlit as st

from core.ui.choose import choose, pick, tab
from core.ui.stage import show
from core.views import VIEWS
from core.views.contract import OneOf

FAMILY = OneOf(
    name="family", label="Family", options={"regression": "Regression", "binary": "Binary"}, default="regression"
)

st.title("Loss curves")
opened, box = tab("view", {"compare": "Compare", "fit": "What it fits", "examples": "Worked examples"})
with box:
    if opened == "compare":
        family = pick(FAMILY, prefix="curves")
        view = VIEWS[f"{family}_curves"]
        choice = choose(view)
        values = show(view, choice)
        st.write(values)
