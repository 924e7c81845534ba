"""Finds the numbers of a line, and masks those that are parts of dates, times and paths."""

from __future__ import annotations

import re

PLACEHOLDER = "\x01"  # stands for a number
_MASKED = "\x02"  # for each letter of a date, a time, a path
# The first letter comes first, then what may stand before it: so the search leaps from one such letter to the next.
NUMBER = re.compile(
    r"""([-+.0-9nNiI](?:(?<![\w.@].)|(?<=poch.)|(?<=[Ss]tep.)|(?<=[Ii]ter.)|(?<=\[[se].))
    (?: (?<=\d) \d* (?:(?:,\d{3})+(?![\d.]*,?\d))? (?:\.\d*)? (?:[eE][-+]?\d+)?
      | (?<=[-+]) (?:\d+(?:\.\d*)?|\.\d+) (?:[eE][-+]?\d+)?
      | (?<=\.) \d+ (?:[eE][-+]?\d+)?
      | (?:(?<=[nN])|(?<=[-+])[nN]) [aA][nN] (?!\w)
      | (?:(?<=[iI])|(?<=[-+])[iI]) [nN][fF](?:inity)? (?!\w)))""",
    re.VERBOSE | re.DOTALL,
)
_N = PLACEHOLDER
_DATE_OR_TIME = re.compile(
    rf"{_N}[-./]{_N}[-./]{_N}(?:[T_ ]*(?={_N}:))?"  # a date
    rf"|{_N}[-/]{_N}(?=\s+{_N}:)"
    rf"|{_N}(?:\s?days?,\s*)?:{_N}(?::{_N})?(?:[.,]{_N})?"  # a time of day, a duration
    rf"|{_N}\s?days?,\s*{_N}:{_N}(?::{_N})?"
    rf"|{_N}\.(?=\d)\S*"  # a version
)
_FILE_ENDING = re.compile(
    r"\.(?:ckpt|pth?|bin|h5|hdf5|keras|json|jsonl|ya?ml|csv|tsv|txt|log|npz?|pkl|pickle|safetensors|png|jpe?g|svg|pdf"
    rf"|onnx|tar|gz|zip|parquet|model|py|ipynb|cpp|cc|c|h|cu|rs|go)(?:[:(\]]\s?{PLACEHOLDER}|\))?[\]'\"),.:;]*$"
)
_PATH = re.compile(r"['\"(\[=]*(?:https?:|[sg]3?://|file:|~?/[\w.~]|\.{1,2}/|[A-Za-z]:\\)")


def mask_dates_and_paths(line: str) -> str:
    """The line with its dates, times, versions and paths masked, as long as before: their numbers mean nothing."""
    line = _DATE_OR_TIME.sub(lambda match: _MASKED * len(match[0]), line)
    if "." in line or "/" in line or "\\" in line:
        line = re.sub(r"\S+", lambda match: _MASKED * len(match[0]) if _is_path(match[0]) else match[0], line)
    return line


def _is_path(token: str) -> bool:
    """True for a path, an address, or the name of a file."""
    return bool(_PATH.match(token) or _FILE_ENDING.search(token[-24:]))
