"""Finds the name of a metric before its number, and tells what kind of name it is."""

from __future__ import annotations

import re

from core.logs.console.masks import PLACEHOLDER
from core.logs.console.vocabulary import (
    EPOCHS,
    METRIC_QUALIFIERS,
    METRIC_WORDS,
    NOT_A_METRIC,
    SPLIT_WORDS,
    STEPS,
    STOP_WORDS,
    TRAIN,
)
from core.logs.names.words import printable, split_words

_MAX_NAME_WORDS = 5
_MAX_PLAIN_WORDS = 3  # of a name without a known metric
_METRIC_PART = re.compile(r"loss|acc(?:uracy)?$|crossentropy")
_VALUE_PREFIX = re.compile(r"(?:tensor\(|array\(|np\.float\d+\(|float\(|[\[('\"\s$~≈*`#])+$")
_PAREN = re.compile(r"\s*\(([^()]*)\)$")
_NAME_BOUNDARY = re.compile(  # no name goes on across it
    r"[,;|{}<>\t!?\[\]\x02=]|(?<=\s)[-–—*>#·•]+\s|\s{2,}|:\s|(?<=[A-Za-z])\.\s|(?<=[A-Za-z'\")]):(?!:)"
)
_NAME_WORD = re.compile(r"[A-Za-z_#][\w./@#^'-]*")
_LIGHTGBM_SET = re.compile(r"(\w+)'s (.+)")
_VERB = re.compile(r" (?:is|was|is now)$")


def find_name(tail: str) -> tuple[str, bool]:
    """The name at the end of the text before a number, and whether ":" or "=" separates the two; "" for none.

    "epoch 3 | val_loss: "  ->  ("val_loss", True)        "saw "  ->  ("saw", False)
    """
    text = tail.rstrip(" ")
    text = _VALUE_PREFIX.sub("", text[-30:]) if len(text) <= 30 else text[:-30] + _VALUE_PREFIX.sub("", text[-30:])
    opened = tail[len(text) :].strip()
    text = text.rstrip()
    separated = False
    tight = False
    if text.endswith((":", "=")):
        tight = text.endswith("=")  # "tol=0.1", of whatever stands before it
        text = text.rstrip(":= ")
        separated = True
    elif text.endswith(("->", ",", "|")) and not opened:
        text = text.rstrip("->,| ")
        last = _NAME_WORD.findall(text)[-1:]
        if not last or not is_metric_word(last[0].lower()):
            return "", False
    text = text.rstrip("'\"` ")
    if _VERB.search(text):
        text = _VERB.sub("", text)
        if text.rpartition(" ")[2].lower() in EPOCHS | STEPS.keys():  # "loss over 100 steps is 0.5"
            return "", False
    if opened in ("[", "[(") and not separated and text.lower().endswith(("[s", "[e")):
        return "[" + text[-1].lower(), False
    if text.lower().endswith(("[s", "[e")):
        return text[-2:].lower(), False
    paren = _PAREN.search(text)
    inside = ""
    if paren and len(paren[1]) < 30 and PLACEHOLDER not in paren[1]:
        inside = paren[1].strip().lower()
        text = text[: paren.start()]
    pieces = _NAME_BOUNDARY.split(text)
    text = pieces[-1].strip()
    text = text.rpartition("(")[2] if "(" in text else text
    text = text.rpartition(")")[2] if ")" in text else text
    if quoted := _LIGHTGBM_SET.search(text):
        text = f"{quoted[1]}/{quoted[2].replace(' ', '_')}"
    found = [word.strip("'\".") for word in _NAME_WORD.findall(text)]
    found = [word for word in found if word.strip("#")]
    if not found or len(found) > 2 * _MAX_NAME_WORDS or text.endswith("-"):
        return "", False
    if not text.rstrip("'\"`.").endswith(found[-1]):
        return "", False
    last = found[-1].lower()
    own = [found[-1]]
    if tail.endswith(":") and "." in last and not is_metric_word(last):
        return "", False  # "yolox.core.trainer:260", a line of a program
    if tight and not is_metric_word(last):
        found = found[-1:]
    for word in reversed(found[:-1]):
        lower = word.lower()
        if (lower in STOP_WORDS and lower not in SPLIT_WORDS) or len(own) == _MAX_NAME_WORDS:
            break
        if not separated and not (lower in SPLIT_WORDS or lower in METRIC_QUALIFIERS or is_metric_word(lower)):
            break
        own.insert(0, word)
    if "best" in (word.lower() for word in found):
        own = ["best", *own]
    if len(own) > _MAX_PLAIN_WORDS and not is_metric_word(last):  # prose before a colon
        return "", False
    bare = found[-2:-1]
    if last in SPLIT_WORDS and len(own) == 1 and (":" in tail or bare) and len(pieces) > 1:
        measured = [word for word in _NAME_WORD.findall(pieces[-2])[-1:] if is_metric_word(word.lower())]
        if measured:  # "Loss: train 0.5"
            return f"{last}/{measured[0].lower()}", True
    if last in ("mean", "avg", "average") and len(found) > 1:  # "loss mean 0.5"
        own = found[-2:]
    name = " ".join(own)
    if inside in SPLIT_WORDS:
        name = f"{SPLIT_WORDS[inside]}/{name}"
    elif inside in ("sec", "s", "ms", "min", "gb", "mb", "%"):
        name = f"{name} time" if inside in ("sec", "s", "ms", "min") else name
    if last in SPLIT_WORDS and len(own) == 1 and not separated:
        return (name, True) if last not in TRAIN or "loss" in tail.lower() else (name, False)
    return printable(name), separated


def is_metric_word(word: str) -> bool:
    """True for a word that names a metric by itself: loss, acc, perplexity."""
    own = split_words(word)
    return bool(METRIC_WORDS.intersection(own) or word in METRIC_WORDS or any(map(_METRIC_PART.search, own)))


def is_curve(name: str) -> bool:
    """True for a name that may be a curve's: not of a time, a size, a setting or a best so far."""
    parts = {part.strip("._-'/").lower() for part in re.split(r"[ _/-]", name)} | {name.lower()}
    return not parts & NOT_A_METRIC or ("loss" in parts and not parts & {"scale", "best", "time"})


def is_bare_loss(name: str) -> bool:
    """True for a loss without a split in its name."""
    return not split_in_name(name) and "loss" in name.lower()


def is_setting(name: str) -> bool:
    """True for a learning rate or a norm, which belongs to no split."""
    return bool({"lr", "learning", "norm", "gnorm", "momentum"}.intersection(split_words(name)))


def split_in_name(name: str) -> str:
    """The split that a name states, "train", "val" or "test"; "" where it states none."""
    for word in split_words(name):
        if word in SPLIT_WORDS:
            return SPLIT_WORDS[word]
    return ""


def without_split(name: str) -> str:
    """The words of a name without those for the split."""
    return " ".join(word for word in split_words(name) if word not in SPLIT_WORDS)
