"""The record of a page: its title, and what its addresses open, with the words of its cards on the home page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOME = "home"


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
