"""How a page is presented: in a lecture, and with some of its controls left out. Both are words of its address."""

from __future__ import annotations

import streamlit as st

from core.ui.address import choice_value, write_to_address

LECTURE, HIDE = "lecture", "hide"
MOST_HIDDEN = 20  # controls


def read_presentation() -> None:
    """Takes both words from the address; every page begins with it."""
    for name, read in ((LECTURE, read_lecture), (HIDE, read_hidden)):
        text = choice_value(name, name, "", read)
        if text:
            write_to_address(name, text)


def read_lecture(text: str) -> str:
    if text not in ("", "1"):
        raise ValueError(f'lecture must be 1, got "{text:.40}"')
    return text


def read_hidden(text: str) -> str:
    """The names of controls, with commas between them, as they are in the address."""
    names = text.split(",")
    if len(names) > MOST_HIDDEN or not all(name.replace("_", "").replace(".", "").isalnum() for name in names):
        raise ValueError(f'hide must be names of controls, such as hide=lr,optimizers, got "{text:.40}"')
    return text


def is_lecture() -> bool:
    return bool(st.session_state.get(LECTURE))


def hidden() -> tuple[str, ...]:
    """The names of the controls that are left out: of pickers and of sliders."""
    return tuple(filter(None, st.session_state.get(HIDE, "").split(",")))
