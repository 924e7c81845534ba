"""Work for one visitor in a process of its own, with its progress and a button that ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Semaphore
from time import monotonic
from typing import Any, TypeVar

import streamlit as st

from core import apart

Result = TypeVar("Result")

READING = Semaphore(2)  # pieces of such work at a time, of all visitors: one takes seconds, and some hundred MB
NICEST = 15  # of `core.apart.begin`: whatever else the server makes has its turn before
SHORT = 0.5  # seconds that work may take without a word of it
STEP = 0.2  # seconds between two looks at whether the page was closed, or something on it clicked
QUEUE = "Other visitors' files come first ..."


def run_with_progress(
    text: str, cancelled: Callable[[], None] | None, function: Callable[..., Result], *args: Any, reports: bool = False
) -> Result:
    """The result of a function, as `core.apart.begin` runs it, or the exception that it raised.

    After a short while it shows this text, a bar if the function reports how much is done, and a button that ends it. A
    click on that, or on anything else that runs the page anew, ends this run of the page, and the process with it; so
    does the end of the session.

    cancelled: is called by that button, before the page runs anew; without it there is none.
    """
    progress = Progress(f"cancel.{function.__name__}", cancelled)
    with turn(progress), apart.begin(function, *args, reports=reports, nice=NICEST) as work:
        while not work.wait(STEP):
            progress.show(text, work.share if reports else None)
        result = work.result()
    progress.place.empty()
    return result


@contextmanager
def turn(progress: Progress) -> Iterator[None]:
    """Waits until few enough others work."""
    while not READING.acquire(timeout=STEP):
        progress.show(QUEUE)
    try:
        yield
    finally:
        READING.release()


class Progress:
    """A text or a bar, with a button to cancel. They appear only where the work is not short."""

    def __init__(self, key: str, cancelled: Callable[[], None] | None) -> None:
        self.key, self.cancelled, self.begun = key, cancelled, monotonic()
        self.place = st.empty()
        self.bar: Any = None

    def show(self, text: str, share: float | None = None) -> None:
        """Shows the share that is done, where it is known. Streamlit ends the run in here, where it is to end."""
        if self.bar is None:
            if monotonic() - self.begun < SHORT:
                return
            with self.place.container(horizontal=True, vertical_alignment="center"):
                self.bar = st.empty()
                if self.cancelled:
                    st.button("Cancel", key=self.key, on_click=self.cancelled)
        if share is None:
            self.bar.caption(text)
        else:
            self.bar.progress(share, text)
