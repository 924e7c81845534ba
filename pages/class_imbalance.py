"""Class imbalance: what a rare class does to a loss, and what helps."""

import streamlit as st

from core.ui.choose import choose
from core.ui.stage import show
from core.views import VIEWS

st.title("Class imbalance")
view, choice = choose(VIEWS["imbalance_decisions"])
show(view, choice)
