"""The top of a page: its title, and links to presets, choices on the page that each show one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from core.ui.choose import picked_view
from core.ui.presentation import HIDE, LECTURE, QUESTION, hidden, is_lecture, question, read_presentation
from core.ui.tours import show_tour
from core.views.kit.view import Preset

LECTURE_STYLE = Path(__file__).parents[2] / "assets" / "lecture.css"


def header(
    title: str,
    script: str = "",
    presets: Mapping[str, Preset] = MappingProxyType({}),
    by: str = "",
    beside: Callable[[], None] | None = None,
) -> Mapping[str, Preset]:
    """The title, and beside it a link to each preset of the page with this script; in a lesson, its bar instead.

    by: the word of the address that picks the view, where only the presets of that view have a link.
    beside: draws what else stands in the row of the title.
    Returns the presets that have one.
    """
    if by:
        picked = picked_view(by)
        presets = {name: preset for name, preset in presets.items() if preset.address.get(by, "") == picked}
    read_presentation()
    stays = {LECTURE: "1" if is_lecture() else "", QUESTION: question(), HIDE: ",".join(hidden())}
    stays = {name: text for name, text in stays.items() if text}
    if is_lecture():
        st.html(LECTURE_STYLE)
    with st.container(key="header", horizontal=True, gap="small", vertical_alignment="center"):
        st.title(title, width="content")
        if beside:
            beside()
        if show_tour():
            return presets
        for name, preset in presets.items():
            st.page_link(script, label=name, query_params=dict(preset.address) | stays)
    return presets
