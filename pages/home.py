"""The home page: a loss in one picture, and a card for each page."""

import streamlit as st

from core.ui.choose import tab
from core.ui.header import header
from core.ui.pictures import thumbnail
from core.ui.stage import show
from core.ui.tours import list_tours
from core.views import VIEWS
from pages.site import CARDS

LOOP = {
    "Predict": "The model makes a prediction.",
    "Measure": "The loss turns the error into one number.",
    "Find the gradient": "The gradient points uphill, to where the loss grows fastest.",
    "Step": "The model changes a little against the gradient, and predicts again.",
}
ABREAST = 4
SHOWN = {"guess": VIEWS["guess_the_number"], "darts": VIEWS["dart_board"]}

header("A loss says how wrong a prediction is, and which way is better")
opened, box = tab("view", {"guess": "Guess the number", "darts": "Throw darts"})
with box:
    show(SHOWN[opened].choose())

st.subheader("Training is this, again and again")
for number, (box, (name, what)) in enumerate(zip(st.columns(len(LOOP)), LOOP.items(), strict=True), start=1):
    box.markdown(f"**{number}. {name}.** {what}")

st.subheader("Lessons")
list_tours()

st.subheader("Where to go from here")
boxes = [box for _ in range(0, len(CARDS), ABREAST) for box in st.columns(ABREAST, gap="medium")]
for box, (page, opening) in zip(boxes, CARDS, strict=False):
    with box:
        thumbnail(page.thumbnail(opening), alt=f"A picture of the page: {opening.name}")
        st.page_link(page.script, label=f"**{opening.name}**", query_params=opening.query or None)
        st.caption(opening.sentence)
