"""The fields that each line of a text log states itself: epoch, step, metrics, and its place in a table."""

from __future__ import annotations

import numpy as np

from core.logs.console.lines import ConsoleLines
from core.logs.console.metric_names import is_curve, split_in_name
from core.logs.console.template import LineMetric, LineTemplate
from core.logs.console.vocabulary import EPOCHS, STEPS
from core.logs.names.words import printable

SPLITS = ("", "train", "val", "test")

# The parts of a column: the lines that hold it, int64 [n], and their values, float64 [n].
Parts = list[tuple[np.ndarray, np.ndarray]]


def last_true(flags: np.ndarray) -> np.ndarray:
    """For each place of flags, bool [n], the last place up to it that is True; -1 where there is none. int64 [n]."""
    return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))


class LineFields:
    """The numbers and flags of n lines, each array [n].

    `epoch`, `step` and `total` (of "step 3/20" the 20) are NaN where the line has none. `heading` is a place in SPLITS:
    the split of the metrics below. `title` is the line above that may name the columns of a table, -1 without one.
    """

    def __init__(self, lines: ConsoleLines) -> None:
        self.lines = lines
        count = len(lines.rows)
        self.epoch, self.step, self.total = (np.full(count, np.nan) for _ in range(3))
        self.counts_in_epoch = np.zeros(count, bool)  # the step may start again in each epoch
        self.is_record = np.zeros(count, bool)  # the epoch is a value of a record, {'epoch': 1.0}
        self.is_bar = np.zeros(count, bool)  # a state of a progress bar
        self.has_metrics = np.zeros(count, bool)
        self.is_validation = np.zeros(count, bool)  # all metrics of the line are of validation
        self.heading = np.zeros(count, np.int8)
        has_titles = np.zeros(count, bool)
        self.groups = list(_lines_by_template(lines))
        for template, at in self.groups:
            self._set_counts(template, at)
            self.counts_in_epoch[at] = template.counts_in_epoch
            self.is_record[at] = template.is_record
            self.is_bar[at] = template.is_bar
            self.has_metrics[at] = bool(template.metrics)
            self.is_validation[at] = bool(template.metrics) and all(map(_is_of_validation, template.metrics))
            self.heading[at] = SPLITS.index(template.heading)
            has_titles[at] = bool(template.titles)
        self.title = last_true(has_titles)

    def _set_counts(self, template: LineTemplate, at: np.ndarray) -> None:
        counts = ((self.epoch, template.epoch), (self.step, template.step), (self.total, template.total))
        for array, place in counts:
            if place is not None:
                array[at] = self.numbers(at, place)

    def numbers(self, at: np.ndarray, place: int) -> np.ndarray:
        """The numbers at one place of these lines, float64 [m]."""
        return self.lines.numbers[self.lines.starts[at] + place]

    def take_tables(self) -> dict[str, Parts]:
        """The columns of tables that are printed between other lines; their epochs and steps go to the lines.

        E    #  LOSS TOK2VEC  ENTS_F
        0    0         58.17    0.00
        """
        columns: dict[str, Parts] = {}
        for template, at in self.groups:
            for title in np.unique(self.title[at]).tolist() if template.cells else ():
                if title < 0:
                    continue
                names = self.lines.known[self.lines.templates[title]].titles
                fitting = ((heads, cells) for heads, cells in zip(names, template.cells, strict=True)
                           if len(heads) == len(cells))  # fmt: skip
                heads, cells = next(fitting, ((), ()))
                if heads:
                    self._take_table(at[self.title[at] == title], heads, cells, columns)
        return columns

    def _take_table(
        self, at: np.ndarray, heads: tuple[str, ...], cells: tuple[int | None, ...], columns: dict[str, Parts]
    ) -> None:
        """Adds the rows of one table to the columns: `cells` are the places of the numbers below `heads`."""
        self.has_metrics[at] = True
        self.step[at] = np.nan
        self.counts_in_epoch[at] = False
        for head, cell in zip(heads, cells, strict=True):
            if cell is None:
                continue
            values = self.numbers(at, cell)
            word = head.lower().strip("#") or "#"
            if word in EPOCHS:
                self.epoch[at] = values
            elif word in STEPS or word == "#":
                self.step[at] = values
            elif is_curve(head):
                columns.setdefault(printable(head), []).append((at, values))


def _lines_by_template(lines: ConsoleLines) -> list[tuple[LineTemplate, np.ndarray]]:
    """Each template with the places of its lines, int64 [m]."""
    order = np.argsort(lines.templates, kind="stable")
    ids, starts = np.unique(lines.templates[order], return_index=True)
    return [(lines.known[one], at) for one, at in zip(ids.tolist(), np.split(order, starts[1:]), strict=True)]


def _is_of_validation(metric: LineMetric) -> bool:
    return (metric.split or split_in_name(metric.name)) in ("val", "test")
