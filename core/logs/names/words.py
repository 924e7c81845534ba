"""Splits names into words, and shows names as text."""

from __future__ import annotations

import re
from functools import lru_cache

from core.logs.names.vocabulary import KNOWN, METRICS, STANDARD_FORMS, TEST, TRAINING, VALIDATION

MAX_NAME_LENGTH = 80
_PIECES = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = re.compile(r"[^\W\d_]+[0-9]*|[0-9]+[^\W\d_]*")
_STANDARD_FORM = re.compile(r"(?<!\S)(?:" + "|".join(sorted(STANDARD_FORMS, key=len, reverse=True)) + r")(?!\S)")
_SPLITS = sorted((TRAINING | VALIDATION) - {"learn"}, key=len, reverse=True)
_SUBSET = re.compile(r"""["'](?:subset|split|phase|mode|stage)["']\s*:\s*["'](\w+)["']""")


def printable(name: object) -> str:
    """A name as one printable line of at most 80 characters; other characters become spaces."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in str(name)[:4000]).split())
    return line if len(line) <= MAX_NAME_LENGTH else line[: MAX_NAME_LENGTH - 1] + "…"


def split_words(name: str) -> list[str]:
    """The words of a name, in lower case and in their standard form.

    "trainLoss", "train/loss", "trainloss"  ->  ["train", "loss"]
    "val_mean_squared_error"                ->  ["val", "mse"]
    """
    return list(_split_words(name))


@lru_cache(maxsize=20_000)
def _split_words(name: str) -> tuple[str, ...]:
    metric = name.rpartition(" - ")[2]  # Weights & Biases writes "run - train/loss"
    found: list[str] = []
    for piece in _PIECES.findall(metric):
        if piece.lower() in KNOWN:
            found.append(piece.lower())
            continue
        for part in _CAMEL.split(piece):
            found += _split_compound(part.lower())
    return tuple(_STANDARD_FORM.sub(lambda match: STANDARD_FORMS[match[0]], " ".join(found)).split())


def _split_compound(word: str) -> list[str]:
    """The words in one word: "valloss" -> ["val", "loss"], "loss2" -> ["loss", "2"]."""
    if word in KNOWN:
        return [word]
    bare = word.rstrip("0123456789")
    if bare != word and bare in KNOWN:  # loss2, validation0
        return [bare, word[len(bare) :]]
    for split in _SPLITS:
        if word.startswith(split) and word[len(split) :] in METRICS:
            return [split, word[len(split) :]]
        if word.endswith(split) and word[: -len(split)] in METRICS:
            return [word[: -len(split)], split]
    if word[1:] in ("loss", "err") and word[0] in "dgq":
        return [word[0], word[1:]]
    return _PARTS.findall(word)


def enumeration(things: list[str], most: int = 4) -> str:
    """The things as text, "5, 6 and 9"; of more than `most` the first ones and how many more."""
    shown = things if len(things) <= most else [*things[: most - 1], f"{len(things) - most + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def split_label(word: str) -> str:
    """The split that a cell names: "train", "val" or "test"; "" for any other cell."""
    plain = word.strip().lower()
    if named := _SUBSET.search(plain):  # the context of a metric of Aim: {"subset": "train"}
        plain = named[1]
    return "train" if plain in TRAINING else "test" if plain in TEST else "val" if plain in VALIDATION else ""
