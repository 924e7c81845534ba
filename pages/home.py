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
WAYS = {  # a picture -> where it leads, what it is called, what one does there
    "compare": ("loss_curves.py", {}, "Compare the losses", "Bend every curve, and read value and pull under a probe."),
    "fit": ("loss_curves.py", {"view": "fit"}, "See what each one fits", "Drag an outlier: who gives way?"),
    "race": ("gradient_descent.py", {}, "Watch the race", "Bend every path while optimizers run downhill."),
    "ground": ("loss_landscapes.py", {}, "Walk the landscapes", "Valleys, saddles and plateaus that a loss makes."),
    "rare": ("class_imbalance.py", {}, "Meet a rare class", "99.9 % right and useless: which loss, weight, threshold?"),
    "training": ("training_curves.py", {}, "Read the curves", "Overfit, underfit, diverge: cause it, and see it said."),
    "examples": (
        "loss_curves.py",
        {"view": "examples"},
        "Check the textbook numbers",
        "The well-known examples, with the misprints mended.",
    ),
}
ABREAST = 4

st.title("A loss tells how wrong, and which way is better")
show(VIEWS["guess_the_number"], {})

st.subheader("Training is this, again and again")
for number, (box, (name, what)) in enumerate(zip(st.columns(len(LOOP)), LOOP.items(), strict=True), start=1):
    box.markdown(f"**{number}. {name}.** {what}")

st.subheader("Where to go from here")
boxes = [box for _ in range(0, len(WAYS), ABREAST) for box in st.columns(ABREAST, gap="medium")]
for box, (picture, (page, query, name, what)) in zip(boxes, WAYS.items(), strict=False):
    with box:
        thumbnail(picture, alt=f"A picture of the page: {name}")
        st.page_link(page, label=f"**{name}**", query_params=query or None)
        st.caption(what)
