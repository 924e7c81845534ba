"""The template of a log line: which of its numbers is the epoch, the step, a metric.

Lines of one template differ in their numbers only: "epoch 3 loss 0.5" and "epoch 4 loss 0.4" have the template
"epoch # loss #". A log of many lines has few templates, and each is parsed once.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_TEMPLATE_LENGTH = 4000  # letters; a longer line belongs to no log


@dataclass(frozen=True)
class LineMetric:
    """A metric in a line. Places count the numbers of the line, from 0: "epoch 3 acc 98/100" has 3, 98 and 100."""

    name: str
    place: int
    divisor: int | None = None  # place of the number that it is divided by: of 98/100 the 100
    split: str = ""  # "train", "val" or "test" where the line names it
    mean: int | None = None  # place of the running mean beside it, "0.71 (0.82)"


@dataclass(frozen=True)
class LineTemplate:
    """What the numbers of a line are. Places count the numbers of the line, from 0."""

    numbers: int  # how many there are
    epoch: int | None = None  # place of the epoch
    step: int | None = None  # place of the step
    total: int | None = None  # place of the 20 in "step 3/20"
    counts_in_epoch: bool = False  # the step counts to `total` and may start again in each epoch
    is_record: bool = False  # the epoch is a value of a record, {'epoch': 1.0}
    is_bar: bool = False  # a state of a progress bar
    metrics: tuple[LineMetric, ...] = ()
    heading: str = ""  # "train", "val" or "test" of a line that names a split and nothing else
    titles: tuple[tuple[str, ...], ...] = ()  # column names: cells cut at wide gaps or bars, and cut at any space
    cells: tuple[tuple[int | None, ...], ...] = ()  # places below such titles, cut in the same two ways

    @property
    def is_informative(self) -> bool:
        """True for a line with a count, a metric, a heading or a part of a table."""
        has_count = self.epoch is not None or self.step is not None
        return bool(has_count or self.metrics or self.heading or self.titles or self.cells)
