"""A log: the runs of a file, and any two columns of it that a person picks."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.logs.run import Run, build_run
from core.logs.series import Series
from core.logs.tables.table import Table


@dataclass(frozen=True, eq=False)
class Log:
    """What a file holds. `kind` is its format, "" for a file that cannot be read.

    `runs`: its runs, in the file's order; none where there is no curve in it. `series`: every curve of the first run,
    or, of a file without runs, every column of numbers, so that a person may still pick one. `columns`: theirs, for a
    picker. `notes`: a sentence for each thing that was not as it should be, naming the row or the column. `name`, the
    columns and the notes come from the file and are shown as plain text: one printable line each.
    """

    name: str
    format: str
    runs: tuple[Run, ...]
    series: tuple[Series, ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    table: Table = field(repr=False)

    def pick(
        self, x: str | None = None, train: str | None = None, validation: str | None = None
    ) -> tuple[Series | None, Series | None]:
        """The two curves of the first run on one axis; see `Run.pick`."""
        if self.runs:
            run = self.runs[0]
            found = run if x is train is validation is None else run.pick(x, train, validation)
            return found.train, found.validation
        if train is None and validation is None:
            return None, None
        found, _ = build_run("", self.table, x, train or "", validation or "")
        return found.train, found.validation
