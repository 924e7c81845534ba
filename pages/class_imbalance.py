"""Class imbalance: what a rare class does to a loss, and what helps."""

import streamlit as st

from core.ui.links import preset_links
from core.ui.stage import choose_and_show
from core.views import VIEWS
from core.views.class_imbalance.presets import PRESETS

SHOWN = {"decisions": VIEWS["imbalance_decisions"], "sources": VIEWS["imbalance_sources"]}

st.title("Class imbalance")
preset_links("class_imbalance.py", PRESETS)
choose_and_show(SHOWN, by="show")
