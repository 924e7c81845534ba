"""Shows a stage of a person's own data. It has no address, so it comes with the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.stage import Stage, bridge
from core.stage.standalone import base64_payload, page
from core.stage.table import csv


@dataclass(frozen=True, eq=False)
class PackedStage:
    """A stage as it goes to the browser: what is left of it when it was made in another process."""

    payload: str
    height: int  # pixels

    @classmethod
    def of(cls, stage: Stage) -> PackedStage:
        return cls(base64_payload(stage), stage.figure.layout.height)


def mount_own(stage: PackedStage, name: str) -> None:
    """Shows a stage, whose payload stands in the page. Its sliders are of a person's data, and not in the address.

    name: tells it from the other stages of a person's own data.
    """
    bridge.mount(
        key=f"stage.{name}",
        payload=bridge.PACKED + stage.payload,
        solid=False,
        height=stage.height,
        state=name,
    )


def save_buttons(make: Callable[[], Stage], name: str, about: str | None = None) -> None:
    """Buttons that save a stage as HTML and its table as CSV; `about` says what is left out of the table.

    make: makes the stage, when one is clicked.
    """
    download_button("HTML", lambda: page(make(), {}), "text/html", name)
    download_button("CSV", lambda: csv(make(), {}), "text/csv", name, about)


def download_button(
    label: str, content: Callable[[], str | bytes], kind: str, name: str, about: str | None = None
) -> None:
    """A button for a file that is made when it is clicked.

    It does not re-run the page: at the end of a run Streamlit forgets files that no run has shown, such as this one.
    """
    file = f"lossarium-{name.replace('_', '-')}.{label.lower()}"
    st.download_button(label, content, file, kind, help=about, on_click="ignore")
