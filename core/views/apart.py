"""The views in processes of their own: what takes long is made there, and holds up nobody here."""

from __future__ import annotations

from collections.abc import Mapping

from core import apart
from core.stage.route import parse_choice, payload_of, saved_file
from core.views import VIEWS


class ViewsApart:
    """What `routes` needs to have made elsewhere what takes long."""

    def payload(self, view: str, query: Mapping[str, str]) -> bytes:
        return apart.run(made_payload, view, query)

    def file(self, view: str, kind: str, query: Mapping[str, str]) -> str:
        return apart.run(made_file, view, kind, query)


def made_payload(view: str, query: Mapping[str, str]) -> bytes:
    """The payload of the choice that a query asks for."""
    return payload_of(parse_choice(VIEWS[view], query))


def made_file(view: str, kind: str, query: Mapping[str, str]) -> str:
    """The file of a kind that saves the view as a query asks for it."""
    return saved_file(VIEWS[view], kind, query)
