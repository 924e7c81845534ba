"""Loss curves: compare losses, see the lines they fit, and check the numbers of the textbooks."""

import streamlit as st

from core.examples import EXAMPLES
from core.ui.choose import choose, tab
from core.ui.examples import show_examples
from core.ui.stage import show
from core.views.loss_curves.views import CURVES, FITS

st.title("Loss curves")
opened, box = tab("view", {"compare": "Compare", "fit": "Fitted lines", "examples": "Worked examples"})
with box:
    if opened == "examples":
        show_examples(EXAMPLES)
    else:
        choice = choose(CURVES, by="family") if opened == "compare" else choose(FITS, by="data")
        show(choice)
