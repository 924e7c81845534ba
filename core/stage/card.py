"""Cards: the words under a picture, in Markdown, whose numbers follow the sliders as the picture does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.stage.live import Live, Text


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to another page of this site, at the values that sliders have here."""

    label: str
    page: str  # its path, such as "gradient-descent"
    query: Mapping[str, str]
    sliders: tuple[str, ...] = ()  # keys: those that have left their start are added to the query


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button that moves sliders to numbers of the moment, by their keys."""

    label: str
    sets: Mapping[str, Live]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One block of words: a formula with its numbers, advice, a table.

    Formulas in the Markdown stand between $ or $$. A slot may stand anywhere in it, also in a formula; its words are
    Markdown too, or LaTeX where it stands in a formula.
    """

    text: Text
    code: Mapping[str, Text] = field(default_factory=dict)  # the same in a program, by the library it is for
    notes: Mapping[str, str] = field(default_factory=dict)  # Markdown: what to know of each of these programs
    links: tuple[Link, ...] = ()
    action: Action | None = None
    wide: bool = False  # as wide as the page; others stand two abreast
    folded: str = ""  # the words that open it, if it is closed at first

    @property
    def texts(self) -> tuple[Text, ...]:
        return (self.text, *self.code.values())
