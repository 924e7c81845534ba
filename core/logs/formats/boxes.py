"""Boxes that Stable-Baselines prints again and again, into a table: a row for each box.

-----------------------------
| rollout/           |      |
|    ep_rew_mean     | 21.3 |
| train/             |      |
|    loss            | 6.12 |
-----------------------------
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from core.logs.tables.table import Table
from core.logs.tables.table_builder import TableBuilder

SAMPLE_LENGTH = 2**16  # letters in which a box has to begin
MIN_ROWS = 3  # rows of a box
_ROW = re.compile(r"^[ \t]*\|[ \t]*([^|\n]*[A-Za-z][^|\n]*?)[ \t]*\|[ \t]*([^|\n]*?)[ \t]*\|[ \t]*$", re.MULTILINE)
_NUMBER = re.compile(r"[-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?|[-+]?(?:nan|inf)", re.IGNORECASE)
_RULE = re.compile(r"^[ \t]*[-+=|:]{3,}[ \t]*$", re.MULTILINE)


def read_boxes(text: str) -> tuple[str, Table] | None:
    """The format and the table of a text of boxes; None for any other text.

    A name has its group before it, which is the row without a number above: "rollout/ep_rew_mean".
    """
    sample = _ROW.findall(text[:SAMPLE_LENGTH])
    numbers = sum(bool(_NUMBER.fullmatch(cell)) for _, cell in sample)
    again = Counter(name for name, _ in sample).most_common(1)
    if (
        len(sample) < 2 * MIN_ROWS
        or 2 * numbers < len(sample)
        or again[0][1] < 2
        or not _RULE.search(text[:SAMPLE_LENGTH])
    ):
        return None
    builder = TableBuilder("Line")
    shapes: dict[tuple[str, ...], tuple[list[int], list[list[str]]]] = {}
    for line, box in _boxes(text):
        rows, cells = shapes.setdefault(tuple(box), ([], []))
        rows.append(line)
        cells.append(list(box.values()))
    for names, (rows, cells) in shapes.items():
        builder.add(names, np.array(rows, np.int64), zip(*cells, strict=True))
    table = builder.table()
    tool = " (Stable-Baselines)" if any(name.startswith(("rollout/", "time/")) for name in table.names) else ""
    return (f"Text log{tool}", table) if len(table.rows) > 1 and table.curve_names else None


def _boxes(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """For each box the line of its first number, and its cells by their names."""
    box: dict[str, str] = {}
    group, first, at, line, end = "", 0, 0, 1, -1
    for match in _ROW.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        if match.start() > end + 1 and box:  # lines between, or a rule
            yield first, box
            box, group = {}, ""
        end = match.end()
        name, cell = match[1], match[2]
        if not cell and name.endswith("/"):
            group = name
        elif _NUMBER.fullmatch(cell):
            first = line if not box else first
            box[f"{group}{name}" if group and not name.startswith(group) else name] = cell
    if box:
        yield first, box
