"""Tables as tools write them into tables with a column for each curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.logs.names.meaning import parse_name
from core.logs.tables.fillers import drop_filler_nans, drop_filler_zeros
from core.logs.tables.long_tables import names_curves_or_splits, split_by_metric, split_by_split_column
from core.logs.tables.table import Table


def one_column_per_curve(table: Table) -> Table:
    """The table with a column for each curve: long tables are split, cells that only fill a row are empty."""
    return drop_filler_nans(drop_filler_zeros(split_by_split_column(split_by_metric(name_columns(table)))))


def is_mlflow(table: Table) -> bool:
    """True for a metric as MLflow stores it, without names and with milliseconds: `1700000000000 0.52 10`."""
    if table.names != ("column 1", "column 2", "column 3") or set(table.columns) != set(table.names):
        return False
    time, step = table.columns["column 1"].values, table.columns["column 3"].values
    counts = np.all((step == np.floor(step)) & (step >= 0) & (step < 2**53))
    return table.meanings["column 1"].metric == "time" and time[0] > 1e11 and bool(counts)


def name_columns(table: Table) -> Table:
    """The table with names for its columns where it has none, and its numbers show what they are."""
    if not is_mlflow(table):
        return _name_step(table)
    names = ("timestamp", table.name_in_file_name if parse_name(table.name_in_file_name).is_loss else "value", "step")
    notes = tuple(note for note in table.notes if "holds numbers and no names" not in note)
    columns = {new: table.columns[old] for new, old in zip(names, table.names, strict=True)}
    return replace(table, names=names, columns=columns, notes=notes, label_columns={})


def _name_step(table: Table) -> Table:
    """A long table without names (`train_loss,10,0.53`) with the name "step" for its column of rising whole numbers."""
    nameless = all(name.startswith("column ") for name in table.names)
    if not nameless or not any(names_curves_or_splits(name, own) for name, own in table.label_columns.items()):
        return table
    for name in table.curve_names:
        values = table.columns[name].values
        if np.all(values == np.floor(values)) and len(values) > 1 and np.mean(values[1:] >= values[:-1]) > 0.5:
            new = {own: "step" if own == name else own for own in table.names}
            columns = {new[own]: column for own, column in table.columns.items()}
            split_words = {own: found for own, found in table.label_columns.items() if own != name}
            return replace(table, names=tuple(new.values()), columns=columns, label_columns=split_words)
    return table
