"""The runs of a table: told apart by labels, by the names of columns, or by a count that starts again."""

from __future__ import annotations

from dataclasses import dataclass

from core.logs.runs.dashboard import one_row_per_run
from core.logs.runs.labels import runs_by_label, runs_in_columns
from core.logs.runs.restarts import appended_runs, drop_overwritten
from core.logs.tables.table import Table

MAX_RUNS = 200
MAX_CURVES = 20_000  # of all runs together


@dataclass(frozen=True, eq=False)
class RunTables:
    """The runs of a table, each with its name and its own table, and the notes on all of them."""

    runs: list[tuple[str, Table]]
    notes: list[str]


def split_runs(table: Table) -> RunTables:
    """The runs of a table; none, with a note, where each of its rows is another run."""
    reason = one_row_per_run(table)
    if reason:
        return RunTables([], [reason])
    notes: list[str] = []
    in_columns = runs_in_columns(table, notes)
    if in_columns is not None:
        return RunTables(_limited(in_columns, table, notes), notes)
    by_label = runs_by_label(table, notes)
    if by_label is not None:
        return RunTables(
            [(name, drop_overwritten(own, notes)) for name, own in _limited(by_label, table, notes)], notes
        )
    return RunTables(_limited(appended_runs(table, notes), table, notes), notes)


def _limited(runs: list[tuple[str, Table]], table: Table, notes: list[str]) -> list[tuple[str, Table]]:
    """The first runs, with a note where there are more than can be shown."""
    most = max(1, min(MAX_RUNS, MAX_CURVES // max(1, len(table.columns))))
    if len(runs) > most:
        notes.append(f"There are {len(runs)} runs; the first {most} are shown.")
    return runs[:most]
