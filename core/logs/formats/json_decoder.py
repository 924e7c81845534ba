"""Decodes parts of a JSON text that may break off."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_NESTED_LIST = 16  # numbers in a list inside a record: learning rates of parameter groups, not a whole array
# A whole number of any length becomes a float: no limit on its digits can be met.
DECODER = json.JSONDecoder(parse_int=float)
_SPACE = re.compile(r"\s*")


def skip_space(text: str, at: int) -> int:
    """The place of the first letter from `at` on that is no white space."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


def try_decode(text: str) -> Any:
    """The value of a JSON text; None for what is no JSON, and for null."""
    try:
        return DECODER.decode(text)
    except (json.JSONDecodeError, RecursionError):
        return None


def complete_truncated(text: str) -> dict[str, Any] | None:
    """The whole entries of an object that breaks off, `{"step": 3, "loss": 0.`; None where there is none."""
    for _ in range(MAX_NESTED_LIST):
        text = text.rpartition(",")[0]
        value = try_decode(text + "}") if text else None
        if isinstance(value, dict):
            return value
    return None
