"""The glossary: every term that the pages explain, in plain words."""

import streamlit as st

from core.glossary import GLOSSARY
from core.ui.glossary import show_glossary
from core.ui.header import header

header("Glossary")
st.caption("On the pages these terms are underlined with dots: point at one, tap it, or go to it by keyboard.")
show_glossary(GLOSSARY)
