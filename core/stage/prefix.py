"""The path that the site stands under, where it shares a host with other sites."""

from __future__ import annotations

import os
import re
from functools import cache

PREFIX = re.compile(r"(/[A-Za-z0-9_.~-]+)*")


@cache
def site_prefix() -> str:
    """What every address of the site begins with, such as "/lossarium"; "" at the root of its host.

    It is the setting LOSSARIUM_PREFIX, read once. ValueError unless that is a plain path.
    """
    return read_prefix(os.environ.get("LOSSARIUM_PREFIX", ""))


def read_prefix(setting: str) -> str:
    """The path of a setting such as "lossarium" or "/lossarium/", with a slash in front and none behind."""
    words = setting.strip().strip("/")
    path = f"/{words}" if words else ""
    if not PREFIX.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise ValueError(f"LOSSARIUM_PREFIX must be a path such as /lossarium, got {setting!r}")
    return path
