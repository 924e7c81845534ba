"""What a loss is, in one picture, and a way into each page."""

import streamlit as st

from core.ui.pictures import thumbnail
from core.ui.stage import show
from core.views import VIEWS

LOOP = {
    "Guess": "The model makes a prediction.",
    "Measure": "The loss turns how wrong it is into one number.",
    "Ask which way": "The gradient points uphill, to where the loss grows fastest.",
    "Step": "The model moves a little against it, and guesses again.",
}
WAYS = {
    "compare": ("Compare the losses", "Bend every curve with its own slider, and read value and pull under a probe."),
    "fit": ("See what each one fits", "Drag an outlier and watch mean, median and lines give way, or not."),
    "examples": ("Check the textbook numbers", "The well-known examples, recomputed, with the misprints mended."),
}

st.title("A loss tells how wrong, and which way is better")
show(VIEWS["guess_the_number"], {})

st.subheader("Training is this, again and again")
for number, (box, (name, what)) in enumerate(zip(st.columns(len(LOOP)), LOOP.items(), strict=True), start=1):
    box.markdown(f"**{number}. {name}.** {what}")

st.subheader("Where to go from here")
for box, (view, (name, what)) in zip(st.columns(len(WAYS), gap="large"), WAYS.items(), strict=True):
    with box:
        thumbnail(view, alt=f"A picture of the page: {name}")
        st.page_link("loss_curves.py", label=f"**{name}**", query_params={"view": view} if view != "compare" else None)
        st.caption(what)
