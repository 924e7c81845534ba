"""Models of a person's own table: what losses make of its target, here and on the pages that take it as their data."""

from __future__ import annotations

import streamlit as st

from core.stage.parameters import OWN, own_option
from core.tables import DataTable
from core.tables.model_columns import ModelColumns, own_data_of
from core.ui.own_data import hold, own_key
from core.ui.stage import show
from core.views import VIEWS
from core.views.loss_curves.views import own_fit

MODELS = "own.models"  # the key of the session
DECISIONS = VIEWS["imbalance_decisions"]
# Where the table stands among the data: script and label, to the words of its address.
LINE_LINKS = {
    ("loss_curves.py", "Fitted lines"): {"view": "fit", "data": OWN},
    ("loss_landscapes.py", "Loss landscapes"): {"view": "line", "data": OWN},
    ("gradient_descent.py", "Gradient descent"): {"view": "line", "data": OWN},
}
CLASS_LINKS = {
    ("class_imbalance.py", "Class imbalance"): {"data": OWN},
    ("loss_landscapes.py", "Loss landscapes"): {"view": "classifier", "data": OWN},
    ("gradient_descent.py", "Gradient descent"): {"view": "classifier", "data": OWN},
}


def forget_models(upload: str) -> None:
    """Lets go of the data of another upload than this one, "" for none."""
    chosen = st.session_state.get(MODELS, (("", None),))[0]
    if chosen[0] != upload:
        st.session_state.pop(MODELS, None)
        hold(None)


def show_models(table: DataTable, upload: str, chosen: ModelColumns, by: str) -> None:
    """The first picture of a target and its features, and links to the pages that have "Your table" among their data.

    by: the word of the address that picks what a table holds.
    Raises ValueError, a sentence, where no model can be fitted to these columns.
    """
    if st.session_state.get(MODELS, (None,))[0] != (upload, chosen):
        forget_models("")
        st.session_state[MODELS] = ((upload, chosen), *own_data_of(table, chosen))
    _, data, left_out = st.session_state[MODELS]
    hold(data)
    view, links = (own_fit, LINE_LINKS) if chosen.positive is None else (DECISIONS, CLASS_LINKS)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("“Your table” is now among the data of", width="content")
        for (script, label), query in links.items():
            st.page_link(script, label=label, query_params=query)
    show(view.choose(**{param.name: data.key for param in view.params if own_key(own_option(param))}), by=by)
    if left_out:
        st.caption(f"{left_out:,} of {len(table):,} rows are left out: something is missing in them.")
