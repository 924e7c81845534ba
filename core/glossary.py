"""The glossary: what the terms on the pages mean, in words for a first-year student.

The terms are in `assets/stage/terms.js`, which is JSON after its first lines: so the browser, which marks the terms
where they stand, and Python read the same list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).parents[1] / "assets" / "stage" / "terms.js"
BEGIN = "export const TERMS = "


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term of the glossary."""

    term: str
    text: str  # what it means
    forms: tuple[str, ...] = ()  # others in which it is found, such as its plural and its symbol
    example: str = ""

    @property
    def other_names(self) -> tuple[str, ...]:
        """Its other names and its symbol, without the forms that are like the term itself."""
        begin = self.term[:4].lower()
        names = [form for form in self.forms if not form.lower().startswith(begin)]
        return tuple(name for name in names if name not in {f"{other}s" for other in names})


def read_terms() -> Mapping[str, Term]:
    """The terms by name, in the order of the alphabet."""
    found = json.loads(FILE.read_text(encoding="utf-8").partition(BEGIN)[2])
    terms = [Term(**{**one, "forms": tuple(one.get("forms", ()))}) for one in found]
    return MappingProxyType({one.term: one for one in terms})


def meaning(words: str) -> str:
    """What these words mean, if they are a term or one of its forms; "" otherwise."""
    return MEANINGS.get(words.lower(), "")


GLOSSARY = read_terms()
MEANINGS = {form.lower(): one.text for one in GLOSSARY.values() for form in (one.term, *one.forms)}
