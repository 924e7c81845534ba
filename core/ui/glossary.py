"""The glossary as a list."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

import streamlit as st

from core.glossary import Term


def show_glossary(terms: Mapping[str, Term]) -> None:
    """The terms under their first letters, each of which is a heading to link to."""
    letters = groupby(terms.values(), key=lambda one: one.term[0].upper())
    st.markdown("\n\n".join([f"### {letter}\n\n" + "\n".join(map(entry, found)) for letter, found in letters]))


def entry(one: Term) -> str:
    """A term in Markdown: its names, what it means, and an example."""
    names = f"**{one.term}**" + (f" ({', '.join(one.other_names)})" if one.other_names else "")
    example = f" *Example:* {one.example}" if one.example else ""
    return f"- {names}: {one.text}{example}"
