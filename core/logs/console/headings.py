"""Lines without metrics: a heading that names a split, and the titles of a table."""

from __future__ import annotations

import re

from core.logs.console.metric_names import is_metric_word
from core.logs.console.vocabulary import EPOCHS, HEADING_FILLER, LOG_LEVELS, SPLIT_WORDS, STEPS


def heading_split(line: str) -> str:
    """ "train", "val" or "test" for a line that names the split of the lines below, "Validation results:"; else ""."""
    if not line or len(line) > 80:
        return ""
    words = re.findall(r"[A-Za-z_]+", line.rpartition(" - ")[2].lower())
    splits = {SPLIT_WORDS[word] for word in words if word in SPLIT_WORDS}
    rest = [word for word in words if word not in SPLIT_WORDS and word not in HEADING_FILLER and word not in LOG_LEVELS]
    return splits.pop() if len(splits) == 1 and len(rest) <= 1 and len(words) <= 6 else ""


def table_titles(line: str, sure: bool = False) -> tuple[tuple[str, ...], ...]:
    """The names in a line that may stand above a table, "epoch  train_loss  valid_loss"; () for any other line.

    Two tuples: the line cut at wide gaps or bars, and cut at any space. `sure`: also where no name is a known metric.
    """
    bare = line.split(": ")[0].strip().strip("|")
    if not bare or len(bare) > 1000:
        return ()
    wide = tuple(cell.strip(" ):") for cell in re.split(r"\s{2,}|\t|\|", bare) if cell.strip(" ):"))
    narrow = tuple(bare.split())
    known = [word for word in narrow if is_metric_word(word.lower()) or word.lower() in EPOCHS or word.lower() in STEPS]
    if not (known or sure) or not 2 <= len(narrow) <= 60 or any(not re.match(r"[A-Za-z#]", cell) for cell in wide):
        return ()
    return (wide, narrow) if len(wide) > 1 else (narrow, narrow)
