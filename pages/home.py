"""What a loss is, in one picture, and a way into each page."""

import streamlit as st

from core.ui.pictures import thumbnail
from core.ui.stage import show
from core.views import VIEWS

LOOP = {
    "Predict": "The model makes a prediction.",
    "Measure": "The loss turns the error into one number.",
    "Find the gradient": "The gradient points uphill, to where the loss grows fastest.",
    "Step": "The model changes a little against the gradient, and predicts again.",
}
WAYS = {  # a picture -> where it leads, what it is called, what one does there
    "compare": ("loss_curves.py", {}, "Compare the losses", "Move a parameter, and read the loss and its gradient."),
    "fit": (
        "loss_curves.py",
        {"view": "fit"},
        "See the fitted lines",
        "Drag an outlier, and see which lines follow it.",
    ),
    "race": ("gradient_descent.py", {}, "Watch the race", "Change the settings while optimizers run downhill."),
    "ground": ("loss_landscapes.py", {}, "Explore the landscapes", "Valleys, saddles and plateaus of many losses."),
    "rare": ("class_imbalance.py", {}, "Learn a rare class", "99.9 % accuracy can be useless. Choose a better model."),
    "training": (
        "training_curves.py",
        {},
        "Read the curves",
        "Cause overfitting or divergence, and read the diagnosis.",
    ),
    "examples": (
        "loss_curves.py",
        {"view": "examples"},
        "Check the textbook numbers",
        "Well-known examples, with their misprints corrected.",
    ),
}
ABREAST = 4

st.title("A loss says how wrong a prediction is, and which way is better")
show(VIEWS["guess_the_number"].choose())

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
