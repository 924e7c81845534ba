"""Training curves: the loss over time, and what it tells."""

from functools import partial

import streamlit as st

from core.ui.choose import choose, tab
from core.ui.own_runs import own_runs
from core.ui.stage import show
from core.ui.training import losses_card, presets, run_card
from core.views import VIEWS
from core.views.training_curves.settings import TASKS

TABS = {"run": "One run", "losses": "Several losses", "own": "Your run"}
CARDS = {"run": run_card, "losses": losses_card}

st.title("Training curves")
presets()
opened, box = tab("view", TABS)
with box:
    if opened == "own":
        own_runs()
    else:
        choice = choose({task: VIEWS[f"{task}_{opened}"] for task in TASKS}, by="task")
        show(choice, below=partial(CARDS[opened], choice.params))
