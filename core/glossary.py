"""The glossary: what the terms on the pages mean, in words for a first-year student. The stage marks them where they stand.

The terms are in `assets/stage/terms.js`, JSON within one line of JavaScript: so the browser and Python read the same list.
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
