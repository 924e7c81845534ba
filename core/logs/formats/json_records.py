"""JSON records, `{"step": 3, "loss": 0.5}`, into the columns of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.logs.formats.json_decoder import MAX_NESTED_LIST
from core.logs.tables.table import Table
from core.logs.tables.table_builder import TableBuilder

MAX_DEPTH = 8  # objects inside objects
RECORDS_AT_ONCE = 2_000  # lines or records that become numbers at a time
PLAIN_TYPES = frozenset({float, str, type(None)})


@dataclass(eq=False)
class RecordList:
    """Collects a list of records into a table; `first` holds the first records unchanged.

    A record is an object, or a list of cells such as TensorBoard's `[1700000000.0, 10, 0.5]`.
    """

    builder: TableBuilder = field(default_factory=lambda: TableBuilder("Record"))
    pending: list[Any] = field(default_factory=list)
    first: list[Any] = field(default_factory=list)
    count: int = 0
    wrong: list[int] = field(default_factory=list)

    def add(self, record: Any) -> None:
        """Adds one record; every 2,000 records become numbers."""
        self.pending.append(record)
        if len(self.pending) >= RECORDS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Turns the pending records into numbers."""
        records, self.pending = self.pending, []
        self.first += records[: MAX_NESTED_LIST - len(self.first)]
        rows = np.arange(self.count + 1, self.count + len(records) + 1)
        self.count += len(records)
        if self.builder.is_full:
            return
        objects = np.fromiter((isinstance(record, dict) for record in records), bool, len(records))
        if objects.any():
            add_records(self.builder, rows[objects], [record for record in records if isinstance(record, dict)])
        if objects.all():
            return
        lengths = np.fromiter((len(one) if isinstance(one, list) else -1 for one in records), np.int64, len(records))
        self.wrong += rows[(lengths < 0) & ~objects].tolist()
        for length in np.unique(lengths[lengths >= 0]).tolist():
            same = [records[at] for at in np.flatnonzero(lengths == length).tolist()]
            names = _row_names(same[0])
            columns = (list(map(plain_cell, cells)) for cells in zip(*same, strict=True))
            self.builder.add(names, rows[lengths == length], columns)

    @property
    def has_cells(self) -> bool:
        return bool(self.builder.cell_count or self.builder.pending)

    def table(self, notes: list[str]) -> Table:
        """The table of all flushed records, with these notes and one on what is no record."""
        if self.wrong:
            one = f"Record {self.wrong[0]} is no object; it is"
            many = f"{len(self.wrong)} records are no objects, the first is record {self.wrong[0]}; they are"
            notes = [*notes, f"{one if len(self.wrong) == 1 else many} left out."]
        return self.builder.table(notes)


def _row_names(cells: list[Any]) -> list[str]:
    """Column names for the cells of a list; three cells with a time are TensorBoard's."""
    if len(cells) == 3 and isinstance(cells[0], float) and 1e9 < cells[0] < 1e10:
        return ["wall time", "step", "value"]
    return [f"column {at}" for at in range(1, min(len(cells), 10 * MAX_NESTED_LIST) + 1)]


def add_records(builder: TableBuilder, rows: np.ndarray, records: list[dict[str, Any]]) -> None:
    """Adds these records at their `rows` int64 [n], all of one set of keys in one call."""
    shapes: dict[tuple[str, ...], tuple[list[int], list[Any]]] = {}
    for at, record in enumerate(records):
        # The last record of a Hugging Face run sums it up: its train_loss is a mean over all steps, no point.
        if "train_runtime" in record:
            continue
        values = record.values()
        if not PLAIN_TYPES.issuperset(map(type, values)):
            record = dict(flatten_record(record))
            values = record.values()
        same = shapes.setdefault(tuple(record), ([], []))
        same[0].append(at)
        same[1].append(values)
    for keys, (places, cells) in shapes.items():
        builder.add(keys, rows[places], zip(*cells, strict=True))


def plain_cell(value: Any) -> Any:
    """A number, a text or None as it is; anything else as a text that is no number."""
    return value if type(value) in PLAIN_TYPES else str(value) if isinstance(value, bool) else "…"


def flatten_record(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values of an object in order: `{"train": {"loss": 0.5}}` gives `"train/loss", 0.5`.

    The numbers of a short list are named by their index; a longer list is left out.
    """
    pending: list[tuple[str, Any, int]] = [("", record, 0)]
    while pending:
        name, value, depth = pending.pop()
        if isinstance(value, dict):
            if depth < MAX_DEPTH:
                outer = f"{name}/" if depth else ""
                pending += [(outer + key, part, depth + 1) for key, part in reversed(value.items())]
        elif isinstance(value, list):
            if len(value) <= MAX_NESTED_LIST and depth < MAX_DEPTH:
                pending += [(f"{name}/{at}", value[at], depth + 1) for at in reversed(range(len(value)))]
        else:
            yield name, plain_cell(value)
