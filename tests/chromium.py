"""The browser that tests, benchmark and pictures drive."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # the tests run as root in a container, too
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # what the browser asks its maker for is no request of the page
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--font-render-hinting=none",  # the headless shell would draw words wider than a browser that is seen
]


def chromium() -> str:
    """Its path: $CHROMIUM (`make` sets it), else the first that is installed, else Playwright's own."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if name and (found := shutil.which(name)):
            return found
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path
