"""Shows a stage of a person's own data. It has no address, so it comes with the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.stage import Stage, bridge
from core.stage.standalone import base64_payload, page
from core.stage.table import csv


def mount_own(stage: Stage, name: str, *, keeps: bool = True) -> None:
    """The stage in the page.

    name: tells it from the other stages of a person's own data.
    keeps: whether the values of its sliders stand in the page's address, and outlive another choice.
    """
    bridge.mount(
        key=f"stage.{name}",
        payload=bridge.PACKED + base64_payload(stage),
        solid=False,
        height=stage.figure.layout.height,
        sliders=stage.sliders if keeps else (),
        state=name,
    )


def save_buttons(stage: Stage, name: str, about: str | None = None) -> None:
    """Buttons that save the stage as HTML and its table as CSV; `about` says what is left out of the table."""
    download_button("HTML", partial(page, stage, {}), "text/html", name)
    download_button("CSV", partial(csv, stage, {}), "text/csv", name, about)


def download_button(
    label: str, content: Callable[[], str | bytes], kind: str, name: str, about: str | None = None
) -> None:
    """A button for a file that is made when it is clicked.

    It does not re-run the page: at the end of a run Streamlit forgets files that no run has shown, such as this one.
    """
    file = f"lossarium-{name.replace('_', '-')}.{label.lower()}"
    st.download_button(label, content, file, kind, help=about, on_click="ignore")
