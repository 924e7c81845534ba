"""Training curves: the loss over time, and what it tells."""

import streamlit as st

from core.ui.choose import choose, tab
from core.ui.own_runs import own_runs
from core.ui.stage import show
from core.ui.training import losses_card, presets, run_card
from core.views.training_curves.views import COMPARISONS, RUNS

st.title("Training curves")
presets()
opened, box = tab("view", {"run": "One run", "losses": "Several losses", "own": "Your run"})
with box:
    if opened == "run":
        choice = choose(RUNS, by="task")
        show(choice)
        run_card(choice.params["loss"])
    elif opened == "losses":
        choice = choose(COMPARISONS, by="task")
        show(choice)
        losses_card(choice.params["losses"])
    else:
        own_runs()
