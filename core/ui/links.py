"""Links from a page to presets: choices on a page that each show one thing."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.views.kit.view import Preset


def preset_links(page: str, presets: Mapping[str, Preset]) -> None:
    """A row of links to choices on a page that each show one thing."""
    with st.container(horizontal=True, gap="small"):
        for name, preset in presets.items():
            st.page_link(page, label=name, query_params=preset.address, help=preset.shows)
