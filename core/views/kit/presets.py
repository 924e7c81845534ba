"""A preset: a link to a choice on a page that shows one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """Words of an address, and what one sees there; a test holds it to that."""

    shows: str
    address: Mapping[str, str]
