"""A log: the runs of a file, and any two columns of it that a person picks."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.logs.run import Run, build_run
from core.logs.series import Series
from core.logs.tables.table import Table


@dataclass(frozen=True, eq=False)
class Log:
    """The content of a file. `name`, `columns` and `notes` come from the file: printable lines of plain text."""

    name: str
    format: str  # "Keras CSVLogger", "JSON Lines" ...; "" for a file that cannot be read
    runs: tuple[Run, ...]  # in the file's order; none where the file has no curve
    series: tuple[Series, ...]  # the curves of the first run; without runs every column of numbers
    columns: tuple[str, ...]  # the names of the columns that may be picked
    notes: tuple[str, ...]  # a sentence for each thing that was wrong, with its row or column
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
