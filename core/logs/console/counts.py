"""The epoch, the step and the split of each line of a text log, from the line itself and those around it."""

from __future__ import annotations

import numpy as np

from core.logs.console.fields import LineFields, last_true

MIN_EPOCHS = 3  # so many epochs make a curve of their last states; of fewer each state of a progress bar is shown


def epoch_and_step(fields: LineFields, notes: list[str]) -> tuple[np.ndarray | None, np.ndarray | None]:
    """The epoch and the step of each line, float64 [n]: its own, or the last one above.

    None for a count that the file lacks. Where the step starts again in each epoch there is no step, and the epochs go
    on in fractions. Writes a note where the epochs are counted from 0, or by progress bars.
    """
    _drop_steps_of_other_bars(fields)
    if not np.isfinite(fields.epoch).any():
        _count_bars(fields, notes)
    epoch = _carry(fields, fields.epoch)
    if epoch is None:
        return None, _carry(fields, fields.step)
    at = np.flatnonzero(np.isfinite(fields.step) & np.isfinite(epoch))
    if not len(at):
        return epoch, None
    if not _restarts_each_epoch(fields, epoch, at):
        return epoch, _carry(fields, fields.step)
    if np.nanmin(epoch[at]) == 0:
        notes.append("The epochs are counted from 0: what is printed during epoch 0 stands between -1 and 0, "
                     "what is printed after it at 0.")  # fmt: skip
    return _with_fractions(fields, epoch, at), None


def _drop_steps_of_other_bars(fields: LineFields) -> None:
    """Takes away the step of a progress bar that shows no metric, or stands beside the epoch of a record."""
    fields.step[fields.is_bar & (~fields.has_metrics | fields.is_record)] = np.nan


def _count_bars(fields: LineFields, notes: list[str]) -> None:
    """Counts epochs where no line names one: each time the progress bar starts again is the next."""
    at = np.flatnonzero(np.isfinite(fields.step) & fields.is_bar)
    restarts = np.append(False, np.diff(fields.step[at]) < 0)
    if restarts.any():
        fields.epoch[at] = 1.0 + np.cumsum(restarts)
        notes.append("No line names the epoch; each time the progress bar starts again counts as one.")


def _carry(fields: LineFields, count: np.ndarray) -> np.ndarray | None:
    """A count for each line: its own, else that of the last line above that has one; None if no line has.

    Where the metrics come first and the count below them, that of the next line below.
    """
    given = np.isfinite(count)
    if not given.any():
        return None
    has_count, measured = np.flatnonzero(given), np.flatnonzero(fields.has_metrics)
    if measured[0] < has_count[0] and measured[-1] < has_count[-1] and not fields.has_metrics[given].any():
        below = len(given) - 1 - last_true(given[::-1])[::-1]
        return np.where(below < len(given), count[np.minimum(below, len(given) - 1)], np.nan)
    above = last_true(given)
    return np.where(above >= 0, count[above], np.nan)


def _restarts_each_epoch(fields: LineFields, epoch: np.ndarray, at: np.ndarray) -> bool:
    """True where the step of the lines `at` falls as the epoch rises."""
    rises = np.diff(epoch[at]) > 0
    falls = np.diff(fields.step[at]) <= 0
    return bool(falls[rises].mean() > 0.5 if rises.any() else fields.counts_in_epoch[at].all())


def _with_fractions(fields: LineFields, epoch: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The epochs, with the share of the epoch that is done at the lines `at`: step 10 of 20 in epoch 3 is 2.5."""
    step, total = fields.step[at], fields.total[at]
    highest = np.nanmax(np.where(np.isfinite(step), step, -np.inf)) + (np.nanmin(step) == 0)
    total = np.where(np.isfinite(total) & (total >= step) & (total > 0), total, max(highest, 1.0))
    # A validation is one of the whole epoch, however many lines it prints.
    share = np.where(fields.is_validation[at], 1.0, np.clip(step / total, 0, 1))
    is_whole = epoch[at] == np.floor(epoch[at])
    result = epoch.copy()
    result[at] = np.where(is_whole, epoch[at] - 1 + share, epoch[at])
    return result


def split_of_heading(fields: LineFields, epoch: np.ndarray | None, step: np.ndarray | None) -> np.ndarray:
    """The split that the heading above each line names, int8 [n], places in SPLITS. It holds for one epoch or step."""
    count = len(fields.heading)
    heading = last_true(fields.heading > 0)
    if not (heading >= 0).any():
        return np.zeros(count, np.int8)
    period = np.floor(epoch) if epoch is not None else step if step is not None else np.zeros(count)
    if epoch is not None and np.any(epoch != np.floor(epoch)):
        period = np.ceil(epoch)
    following = count - 1 - last_true(fields.has_metrics[::-1])[::-1]  # the next line with a metric
    following = np.where(following < count, following, count - 1)
    first = following[np.maximum(heading, 0)]
    holds = (heading >= 0) & ((period == period[first]) | np.isnan(period[first]))
    return np.where(holds, fields.heading[heading], 0).astype(np.int8)


def bar_epochs(fields: LineFields, epoch: np.ndarray | None) -> np.ndarray:
    """The epoch of each state of a progress bar, of which the last counts; NaN for other lines. float64 [n]."""
    nothing = np.full(len(fields.has_metrics), np.nan)
    if epoch is None:
        return nothing
    epochs = np.where(fields.has_metrics & fields.is_bar & ~fields.is_record, np.ceil(epoch), np.nan)
    return epochs if len(np.unique(epochs[np.isfinite(epochs)])) >= MIN_EPOCHS else nothing
