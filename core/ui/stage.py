"""A view on the page: its stage, and what a person released on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.stage import Reel, bridge
from core.stage.files import version
from core.ui.address import arrived_with, complain, written
from core.views.contract import View


def show(view: View, choice: Mapping[str, Any]) -> dict[str, float]:
    """The stage of a choice, and the values of all its reels by key, as they were last released."""
    reels = {reel.key: reel for reel in view.reels(**choice)}
    moved = settled_reels(view, reels)
    query = view.address(choice)
    bridge.mount(
        key=f"stage.{view.key}",
        payload=f"/view/{view.key}?{query}&v={version()}",
        values=moved,
        height=view.height,
        saves={"HTML": f"/save/{view.key}.html?{query}", "CSV": f"/save/{view.key}.csv?{query}"},
    )
    for key, value in moved.items():
        written(key, f"{value:g}")
    return {key: moved.get(key, float(reel.values[reel.start])) for key, reel in reels.items()}


def settled_reels(view: View, reels: Mapping[str, Reel]) -> dict[str, float]:
    """The reels that are not at their start: from the address if somebody arrived with one, else as last released."""
    store = f"moved.{view.key}"
    released = (st.session_state.get(f"stage.{view.key}") or {}).get("released") or {}
    if (unread := arrived_with()) is not None:
        given = {key: unread.pop(key) for key in reels if key in unread}
        st.session_state[store] = checked(reels, given), released.get("at")
    moved, last = st.session_state.get(store, ({}, None))
    if released and released["at"] != last:
        moved = checked(reels, {key: str(value) for key, value in released["values"].items()})
        st.session_state[store] = moved, released["at"]
    return {key: value for key, value in moved.items() if key in reels}


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

