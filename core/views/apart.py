"""The views in processes of their own: what takes long is made there, and holds up nobody here."""

from __future__ import annotations

from collections.abc import Mapping

from core import apart
from core.datasets import OwnData
from core.stage.route import own_choice, parse_choice, payload_of, saved_file
from core.views import VIEWS


class ViewsApart:
    """What `routes` needs to have made elsewhere what takes long."""

    def payload(self, view: str, query: Mapping[str, str]) -> bytes:
        return apart.run(made_payload, view, query, own_choice(VIEWS[view], query).own)

    def file(self, view: str, kind: str, query: Mapping[str, str]) -> str:
        return apart.run(made_file, view, kind, query, own_choice(VIEWS[view], query).own)


def made_payload(view: str, query: Mapping[str, str], _held: OwnData | None) -> bytes:
    """The payload of the choice that a query asks for, which may be about a person's own data."""
    return payload_of(parse_choice(VIEWS[view], query))


def made_file(view: str, kind: str, query: Mapping[str, str], _held: OwnData | None) -> str:
    """The file of a kind that saves the view as a query asks for it. It may be about a person's own data."""
    return saved_file(VIEWS[view], kind, query)
