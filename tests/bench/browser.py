"""The installed Chromium, driven the same way for every row."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    f"--{flag}"
    for flag in ("no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
                 "disable-component-update", "disable-sync")
]  # fmt: skip
WINDOW = {"width": 1280, "height": 900}


def chromium() -> str:
    """Path of the browser: $CHROMIUM, else the first that is installed, else the one that Playwright installed."""
    if found := os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None):
        return found
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser that nobody used before: its cache is empty."""
    path = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield opened
        finally:
            opened.close()
