"""Gradient descent: a race of optimizers across a landscape, one step of it, and a hundred starts."""

from functools import partial

import streamlit as st

from core.ui.choose import choose, tab
from core.ui.descent import cards, presets
from core.ui.stage import show
from core.views.gradient_descent.problems import KINDS
from core.views.gradient_descent.views import BY_KIND

st.title("Gradient descent")
presets()
kind, box = tab("view", {key: kind.name for key, kind in KINDS.items()})
with box:
    choice = choose(BY_KIND[kind], by="show")
    show(choice, below=partial(cards, choice))
