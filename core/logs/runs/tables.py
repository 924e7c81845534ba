"""Tables with some of the rows of another table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.logs.tables.table import Column, LabelColumn, Table


def split_table(table: Table, groups: LabelColumn, without: set[str]) -> list[Table]:
    """The table in parts, one for each label of `groups`, without the columns `without`."""
    count = len(groups.labels)
    names = tuple(name for name in table.names if name not in without)
    columns: list[dict[str, Column]] = [{} for _ in range(count)]
    known: dict[int, list[np.ndarray]] = {}
    shared: dict[int, list[np.ndarray]] = {}

    def places(rows: np.ndarray) -> list[np.ndarray]:
        codes = groups.codes_at(rows)
        order = np.argsort(codes, kind="stable")
        return np.split(order, np.searchsorted(codes[order], np.arange(1, count)))

    for name in names:
        column = table.columns.get(name)
        if column is None:
            continue
        if id(column.rows) not in known:
            known[id(column.rows)] = places(column.rows)
            shared[id(column.rows)] = [column.rows[at] for at in known[id(column.rows)]]
        for own, at, rows in zip(columns, known[id(column.rows)], shared[id(column.rows)], strict=True):
            if len(at):
                own[name] = Column(rows, column.values[at])
    rows_of = [table.rows[at] for at in places(table.rows)]
    return [
        replace(table, names=names, columns=own, rows=rows, notes=(), label_columns={})
        for own, rows in zip(columns, rows_of, strict=True)
    ]


def drop_rows(table: Table, gone: np.ndarray) -> Table:
    """The table without the rows `gone`; columns that shared an array of rows share one again."""
    left: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    columns = {}
    for name, column in table.columns.items():
        if id(column.rows) not in left:
            keep = ~np.isin(column.rows, gone)
            left[id(column.rows)] = keep, column.rows[keep]
        keep, rows = left[id(column.rows)]
        if len(rows):
            columns[name] = Column(rows, column.values[keep])
    return replace(table, columns=columns, rows=table.rows[~np.isin(table.rows, gone)])
