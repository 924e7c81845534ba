"""Ways out of a page: to a source, and to the race on the ground that is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.record import Source
from core.stage import Slider
from core.views.gradient_descent.problems import KINDS
from core.views.kit.presets import Preset

PAGE = "gradient_descent.py"


def cited(source: Source) -> str:
    return f"[{source}]({source.url})" if source.url else str(source)


def preset_links(page: str, presets: Mapping[str, Preset]) -> None:
    """A row of links to choices on a page that each show one thing."""
    with st.container(horizontal=True, gap="small"):
        for name, preset in presets.items():
            st.page_link(page, label=name, query_params=preset.address, help=preset.shows)


def race_link(kind: str, choice: Mapping[str, Any], values: Mapping[str, float], label: str) -> None:
    """A way to the race on the ground of a choice, at these values of its own sliders."""
    found, ground = KINDS[kind], KINDS[kind].of(choice)
    words = {param.name: param.write(choice[param.name]) for param in found.params}
    st.page_link(PAGE, label=label, query_params={"view": kind} | words | moved(ground.sliders, values))


def moved(sliders: Sequence[Slider], values: Mapping[str, float]) -> dict[str, str]:
    """What an address has to say of sliders: the values that are not where they start."""
    at = {slider.key: values.get(slider.key, slider.values[slider.start]) for slider in sliders}
    return {slider.key: f"{at[slider.key]:g}" for slider in sliders if at[slider.key] != slider.values[slider.start]}
