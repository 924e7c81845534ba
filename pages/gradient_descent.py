"""Gradient descent: a race of optimizers across a landscape, bent under the finger."""

from functools import partial

import streamlit as st

from core.ui.choose import choose, tab
from core.ui.descent import presets, race_cards
from core.ui.stage import show
from core.views import VIEWS
from core.views.arenas import KINDS

st.title("Gradient descent")
presets()
opened, box = tab("view", {key: kind.name for key, kind in KINDS.items()})
with box:
    view, choice = choose(VIEWS[f"{opened}_race"])
    show(view, choice, below=partial(race_cards, opened, choice))
