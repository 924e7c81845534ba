"""Links from a page: to a source, to presets, and to the race on the landscape that is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.record import Source
from core.stage import Slider
from core.views.gradient_descent.problems import KINDS
from core.views.kit.view import Preset

PAGE = "gradient_descent.py"


def citation(source: Source) -> str:
    """The source in Markdown, with a link where it has one."""
    return f"[{source}]({source.url})" if source.url else str(source)


def preset_links(page: str, presets: Mapping[str, Preset]) -> None:
    """A row of links to choices on a page that each show one thing."""
    with st.container(horizontal=True, gap="small"):
        for name, preset in presets.items():
            st.page_link(page, label=name, query_params=preset.address, help=preset.shows)


def race_link(kind: str, choice: Mapping[str, Any], values: Mapping[str, float], label: str) -> None:
    """A link to the race on the landscape of a choice, at these values of the landscape's sliders."""
    words = {param.name: param.write(choice[param.name]) for param in KINDS[kind].params}
    sliders = KINDS[kind].problem(choice).sliders
    st.page_link(PAGE, label=label, query_params={"view": kind} | words | slider_words(sliders, values))


def slider_words(sliders: Sequence[Slider], values: Mapping[str, float]) -> dict[str, str]:
    """The words of an address for sliders that are not at their start."""
    return {one.key: f"{one.at(values):g}" for one in sliders if one.at(values) != one.default}
