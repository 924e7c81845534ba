"""What a loss is, in one picture, and a way into each page."""

import streamlit as st

from core.ui.stage import show
from core.views import VIEWS

st.title("A loss says how wrong a guess is, and which way is better")
show(VIEWS["guess_the_number"], {})
