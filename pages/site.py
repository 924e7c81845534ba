"""Every page of the site, in the order of the menu: the only list of pages."""

import streamlit as st

from core.ui.address import address

PAGES = [
    st.Page("home.py", title="Lossarium", default=True),
    st.Page("loss_curves.py", title="Loss curves", url_path="loss-curves"),
    st.Page("loss_landscapes.py", title="Loss landscapes", url_path="loss-landscapes"),
    st.Page("gradient_descent.py", title="Gradient descent", url_path="gradient-descent"),
    st.Page("class_imbalance.py", title="Class imbalance", url_path="class-imbalance"),
    st.Page("training_curves.py", title="Training curves", url_path="training-curves"),
]

st.set_page_config(page_icon="assets/icon.svg", layout="wide")
page = st.navigation(PAGES, position="top")
with address(page.url_path):
    page.run()
