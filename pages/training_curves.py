"""Training curves: the loss over time, and what it tells."""

import streamlit as st

from core.ui.choose import tab
from core.ui.links import preset_links
from core.ui.own_runs import own_runs
from core.ui.stage import choose_and_show
from core.views.training_curves.presets import PRESETS
from core.views.training_curves.views import COMPARISONS, RUNS

SHOWN = {"run": RUNS, "losses": COMPARISONS}

st.title("Training curves")
preset_links("training_curves.py", PRESETS)
opened, box = tab("view", {"run": "One run", "losses": "Several losses", "own": "Your run"})
with box:
    if opened == "own":
        own_runs()
    else:
        choose_and_show(SHOWN[opened], by="task")
