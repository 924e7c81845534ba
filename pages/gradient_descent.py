"""Gradient descent: a race of optimizers across a landscape, one step of it, and a hundred starts."""

import streamlit as st

from core.ui.choose import tab
from core.ui.links import preset_links
from core.ui.stage import choose_and_show
from core.views.gradient_descent.presets import PRESETS
from core.views.gradient_descent.problems import KINDS
from core.views.gradient_descent.views import BY_KIND

st.title("Gradient descent")
preset_links("gradient_descent.py", PRESETS)
kind, box = tab("view", {key: kind.name for key, kind in KINDS.items()})
with box:
    choose_and_show(BY_KIND[kind], by="show")
