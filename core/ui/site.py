"""The record of a page: its title, and what its addresses open, with the words of its cards on the home page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page as MenuPage

HOME = "home"
ICON = Path(__file__).parents[2] / "assets" / "icon.svg"


@dataclass(frozen=True)
class Opening:
    """What an address of a page opens. With a `name` it has a card on the home page."""

    view: str  # the key of the view that is shown; "" where the page has no picture
    name: str = ""  # what one does there
    sentence: str = ""
    query: Mapping[str, str] = field(default_factory=dict)  # of the address
    thumbnail: Mapping[str, str] = field(default_factory=dict)  # further choices, with which `make pictures` takes it


@dataclass(frozen=True)
class Page:
    """One page of the site: the script `pages/<key>.py`, at the address `/<key>` with hyphens."""

    key: str
    title: str
    openings: tuple[Opening, ...]

    @property
    def script(self) -> str:
        return f"{self.key}.py"

    @property
    def path(self) -> str:
        """The page's address, without the first slash."""
        return "" if self.key == HOME else self.key.replace("_", "-")

    def address(self, opening: Opening, **more: str) -> str:
        """The address of an opening, with `more` choices made."""
        query = urlencode(dict(opening.query) | more, safe=",")
        return f"/{self.path}?{query}" if query else f"/{self.path}"

    def thumbnail(self, opening: Opening) -> str:
        """The name of its picture in assets/thumbnails."""
        return "-".join([self.path, *opening.query.values()])


def page(key: str, title: str, *openings: Opening) -> Page:
    """The row of a page; the first opening is what the page shows before anything is chosen."""
    return Page(key, title, openings)


@cache
def icon() -> str:
    """The site's icon as an address that holds it: Streamlit would read a file anew in every run."""
    return f"data:image/svg+xml;base64,{b64encode(ICON.read_bytes()).decode()}"


def menu(pages: Sequence[Page]) -> list[MenuPage]:
    """The pages as Streamlit's menu lists them; made once a session, because it looks each of them up on disk."""
    key = "menu"
    if key not in st.session_state:
        st.session_state[key] = [
            st.Page(one.script, title=one.title, url_path=one.path, default=one.key == HOME) for one in pages
        ]
    return st.session_state[key]
