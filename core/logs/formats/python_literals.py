"""Lists and dictionaries as Python prints them, `{'loss': [0.5, nan], ...}`, as JSON."""

from __future__ import annotations

import re

MAX_LENGTH = 2**26  # letters; a printed history has a few thousand
_START = re.compile(
    r"\s*(?:[\w. ]{1,40}[:=]\s*)?(?P<value>(?:defaultdict\([^{]{0,40})?"
    r"(?:\[\s*\{|\{\s*(?:'[^'\n]{0,200}'|\d+)\s*:\s*(?:[\[{]|array\(|tensor\()))"
)
_TOKEN = re.compile(
    r"'((?:[^'\\\n]|\\.)*)'"  # a text
    r"|\b(?:np|numpy|torch|jnp)\.\w+\(|\b(?:array|tensor|float|deque)\("  # what wraps a number, or a list
    r"|(?<=[{,])\s*(\d+)\s*(?=:)"  # a number as a key
    r"|,\s*(?:dtype|device|grad_fn|requires_grad|maxlen)=[^,()\[\]{}]*(?:\([^()]*\))?"
    r"|\b(None|True|False|nan|inf)\b|[()]"
)
_NUMERIC_KEY = re.compile(r"[{,]\s*\d+\s*:")
_WORD = re.compile(r"(?<=[:\[, -])(?:None|True|False|nan|inf)(?=[,\]}])")
_WORDS = {"None": "null", "True": "true", "False": "false", "nan": "NaN", "inf": "Infinity"}


def python_to_json(text: str) -> str | None:
    """The JSON of a printed dictionary of lists, or list of dictionaries; None for any other text.

        {'loss': [np.float64(0.5), nan]}  ->  {"loss": [0.5, NaN]}

    Nothing is evaluated. Round brackets and wrappings of numbers are left out.
    """
    begins = _START.match(text)
    if begins is None or "'" not in text[:2000] or len(text) > MAX_LENGTH:
        return None
    start = begins.start("value")
    start = text.index("{", start) if text.startswith("defaultdict", start) else start
    text = text[start:].rstrip(" \n\t\r")
    if any(mark in text for mark in '("\\') or _NUMERIC_KEY.search(text):
        return _TOKEN.sub(_json_token, text)
    text = text.replace("'", '"')  # ten times as fast as token by token
    if any(word in text for word in _WORDS):
        text = _WORD.sub(lambda word: _WORDS[word[0]], text)
    return text


def _json_token(token: re.Match[str]) -> str:
    """The JSON of one token of a printed value."""
    if token[1] is not None:
        return '"' + token[1].replace("\\'", "'").replace('"', "'") + '"'
    if token[2] is not None:
        return f'"{token[2]}"'
    return _WORDS.get(token[3] or "", "")
