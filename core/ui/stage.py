"""A view on the page: its stage, and what a person released on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from core.stage import Reel, bridge
from core.stage.files import version
from core.ui.address import arrived_with, complain, part, written
from core.views.contract import View

FILES = {"html": "HTML", "csv": "CSV", "py": "PyTorch"}  # that a view can be saved as, to what the link says


def nothing(values: Mapping[str, float]) -> None:
    """What stands under a picture that needs no words."""


@st.fragment
def show(view: View, choice: Mapping[str, Any], below: Callable[[Mapping[str, float]], None] = nothing) -> None:
    """The stage of a choice, and under it what depends on its reels.

    `below` is given the values of all reels by key, as they were last released. A release runs the two again, and
    nothing else of the page: a third of the work, and of the messages.
    """
    with part(f"stage.{view.key}"):
        reels = {reel.key: reel for reel in view.reels(**choice)}
        values, arrival = settled_reels(view, reels)
        query = view.address(choice)
        around = view.address(choice, view.centre(choice, values))
        bridge.mount(
            key=f"stage.{view.key}",
            payload=f"/view/{view.key}?{around}&v={version()}",
            solid=view.solid(**choice),
            wait=view.wait,
            values=values,
            heard=st.session_state[f"heard.{view.key}"],
            arrival=arrival,
            height=view.height,
            saves={FILES[kind]: f"/save/{view.key}.{kind}?{query}" for kind in view.saves},
        )
        for key, value in values.items():
            written(key, f"{value:g}")
        below({key: values.get(key, float(reel.values[reel.start])) for key, reel in reels.items()})


class Moved(NamedTuple):
    """Where a person left the reels."""

    values: dict[str, float]  # of the reels that are not at their start
    arrival: int  # counts the addresses arrived with: only then may Python move what the browser shows


def settled_reels(view: View, reels: Mapping[str, Reel]) -> Moved:
    """The reels that are not at their start: from the address if somebody arrived with one, else as last released."""
    released = (st.session_state.get(f"stage.{view.key}") or {}).get("released") or {}
    heard, moved = f"heard.{view.key}", f"moved.{view.family}"
    kept = st.session_state.setdefault(moved, Moved({}, 0))
    if (unread := arrived_with(f"stage.{view.key}")) is not None:
        given = {key: unread.pop(key) for key in reels if key in unread}
        kept = Moved(checked(reels, given), kept.arrival + 1)
    elif released and released["at"] != st.session_state.get(heard):
        given = {key: str(value) for key, value in released["values"].items()}
        # What was released on a view of the same kin that has other reels too.
        others = {key: value for key, value in kept.values.items() if key not in reels} if view.kin else {}
        kept = Moved(others | checked(reels, given), kept.arrival)
    st.session_state[heard] = released.get("at", 0)
    st.session_state[moved] = kept
    return kept._replace(values=fitting(reels, kept.values))


def set_reels(view: View, values: Mapping[str, float]) -> None:
    """Moves reels of a shown view to these values, as from the next run."""
    kept: Moved = st.session_state[f"moved.{view.family}"]
    st.session_state[f"moved.{view.family}"] = kept._replace(
        values=kept.values | dict(values), arrival=kept.arrival + 1
    )


def fitting(reels: Mapping[str, Reel], values: Mapping[str, float]) -> dict[str, float]:
    """Of values that were released in another picture, those that these reels can stand at too."""
    found = {}
    for key, reel in reels.items():
        if key in values and reel.values[0] <= values[key] <= reel.values[-1]:
            value = reel.settled(values[key])
            if value != reel.values[reel.start]:
                found[key] = value
    return found


def checked(reels: Mapping[str, Reel], given: Mapping[str, str]) -> dict[str, float]:
    moved = {}
    for key, reel in reels.items():
        if key in given:
            try:
                value = reel.read(given[key])
            except ValueError as error:
                complain(str(error))
                continue
            if value != reel.values[reel.start]:
                moved[key] = value
    return moved
