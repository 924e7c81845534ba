"""Shows a view on the page: its stage, at the values where its sliders were released."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import streamlit as st

from core.stage import Slider, bridge
from core.stage.files import version
from core.ui.address import link_words, part, report_unread, write_to_address
from core.views.kit.view import Choice, View

FILES = {"html": "HTML", "csv": "CSV", "py": "PyTorch"}  # that a view can be saved as, to what the link says


@st.fragment
def show(choice: Choice, below: Callable[[Mapping[str, float]], None] | None = None) -> None:
    """The stage of a choice, and under it what depends on its sliders.

    `below` is given the values of all sliders by key, as they were last released. Where there is one, a release runs
    the two again, and nothing else of the page; without it a release costs the server nothing.
    """
    view = choice.view
    with part(f"stage.{view.key}"):
        moved = released_sliders(choice)
        values = within_sliders(choice.sliders, moved.values)
        bridge.mount(
            key=f"stage.{view.key}",
            payload=f"/view/{view.key}?{choice.address}&v={version()}",
            solid=choice.solid,
            height=view.height,
            wait=view.wait,
            saves={FILES[kind]: f"/save/{view.key}.{kind}?{choice.address}" for kind in view.saves},
            sliders=choice.sliders.values(),
            state=view.state,
            values=moved.values,
            navigation=moved.navigation,
            code=moved.code,
            tells=below is not None,
        )
        for key, value in values.items():
            write_to_address(key, f"{value:g}")
        if below:
            below({key: slider.at(values) for key, slider in choice.sliders.items()})


class Moved(NamedTuple):
    """The values at which sliders were released, in this picture or in another that shares its state."""

    values: dict[str, float]  # of the sliders that are not at their start, by key
    navigation: int  # counts the addresses arrived with: only then may Python move what the browser shows
    code: str = ""  # the library of which somebody who arrived with an address wants to see code


def released_sliders(choice: Choice) -> Moved:
    """The sliders that are not at their start: from the address if somebody arrived with one, else as last released."""
    view, sliders = choice.view, choice.sliders
    released = (st.session_state.get(f"stage.{view.key}") or {}).get("released") or {}
    acknowledged, moved = f"acknowledged.{view.key}", f"moved.{view.state}"
    kept = st.session_state.setdefault(moved, Moved({}, 0))
    if (unread := link_words(f"stage.{view.key}")) is not None:
        given = {key: unread.pop(key) for key in sliders if key in unread}
        kept = Moved(read_sliders(sliders, given), kept.navigation + 1, read_code(view, unread.pop("code", "")))
    elif released and released["at"] != st.session_state.get(acknowledged):
        given = {key: str(value) for key, value in released["values"].items()}
        # What was released on a view that shares this state and has other sliders too.
        others = {key: value for key, value in kept.values.items() if key not in sliders} if view.shares_state else {}
        kept = kept._replace(values=others | read_sliders(sliders, given))
    st.session_state[acknowledged] = released.get("at", 0)
    st.session_state[moved] = kept
    return kept


def read_code(view: View, word: str) -> str:
    """The library that a word of the address asks code for, as it is written; "" for none."""
    libraries = {"none": "", **{name.lower(): name for name in view.code}}
    if "PyTorch" in view.code:
        libraries["torch"] = "PyTorch"  # links of an earlier version say so
    if word and word not in libraries:
        report_unread(f'code must be one of {", ".join(libraries)}, got "{word:.40}"')
    return libraries.get(word, "")


def set_sliders(view: View, values: Mapping[str, float]) -> None:
    """Moves sliders of a shown view to these values, as from the next run."""
    kept: Moved = st.session_state[f"moved.{view.state}"]
    st.session_state[f"moved.{view.state}"] = kept._replace(
        values=kept.values | dict(values), navigation=kept.navigation + 1
    )


def within_sliders(sliders: Mapping[str, Slider], values: Mapping[str, float]) -> dict[str, float]:
    """The values, maybe released in another picture, that these sliders can take; without those at their defaults."""
    found = {}
    for key, slider in sliders.items():
        if key in values and slider.values[0] <= values[key] <= slider.values[-1]:
            value = slider.nearest(values[key])
            if value != slider.default:
                found[key] = value
    return found


def read_sliders(sliders: Mapping[str, Slider], given: Mapping[str, str]) -> dict[str, float]:
    moved = {}
    for key, slider in sliders.items():
        if key in given:
            try:
                value = slider.read(given[key])
            except ValueError as error:
                report_unread(str(error))
                continue
            if value != slider.default:
                moved[key] = value
    return moved
