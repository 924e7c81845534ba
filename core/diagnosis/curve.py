"""One curve of a run: smoothed, with its noise, its ends and where it still goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BLOCKS = 200  # a longer curve is judged by the medians of so many blocks
WINDOW = 10  # the moving mean is a tenth of the curve wide
LATE = 2  # the second half says where a curve goes
LAST = 4  # unless the last quarter says that it got there
SHORT = 6  # values at least for either
GONE_ON = 0.15  # of the fall in the second half: what the last quarter must be able to have of it
NORMAL = 1.4826  # a normal's standard deviation in median absolute deviations


@dataclass(frozen=True, eq=False)
class Curve:
    """The finite values of a curve. Places run from 0 to 1 over the run, by epoch and not by row."""

    rows: np.ndarray  # int [m], of the run
    place: np.ndarray  # [m]
    value: np.ndarray  # [m]
    block: np.ndarray  # int [b]: where among the m each smoothed value stands
    smooth: np.ndarray  # [b]
    noise: float  # standard deviation about the smooth curve; 0 below 3 values
    window: int  # values in a moving mean
    end: float  # median of the last tenth
    ending: int  # values in it
    drop: float  # in the second half, by a straight line; negative where it rises
    drop_error: float  # its standard error

    @classmethod
    def of(cls, values: np.ndarray, places: np.ndarray) -> Curve:
        """From values [n], of which at least one is finite, at rising places [n]."""
        rows = np.flatnonzero(np.isfinite(values))
        value, place = values[rows], places[rows]
        block, smooth, window = smoothed(value)
        drop, drop_error = drop_of(value, place, LATE)
        last_drop, last_error = drop_of(value, place, LAST)
        if last_drop + last_error < GONE_ON * drop:
            drop, drop_error = last_drop, last_error
        noise = jitter(value[len(value) // 3 :])
        ending = min(max(3, len(value) // WINDOW), max(1, len(value) // 3))
        return cls(
            rows=rows,
            place=place,
            value=value,
            block=block,
            smooth=smooth,
            noise=noise,
            window=window,
            end=float(np.median(value[-ending:])),
            ending=ending,
            drop=drop,
            drop_error=drop_error,
        )

    @property
    def start(self) -> float:
        return float(self.value[0])

    @property
    def least(self) -> float:
        """Least of the smooth curve."""
        return float(self.smooth.min())

    @property
    def last(self) -> float:
        """Median of the last three values: a curve that blows up does so within a few."""
        return float(np.median(self.value[-3:]))

    @property
    def trend(self) -> float:
        """Range of the smooth curve and the start, less what noise alone would give it."""
        high, low = float(self.smooth.max()), self.least
        edge = max(0.0, self.start - high - 2 * self.noise)
        return max(0.0, high - low - 3 * self.noise / float(np.sqrt(self.window))) + edge

    @property
    def turn(self) -> int:
        """Where the smooth curve is least, among the values."""
        return int(self.block[np.argmin(self.smooth)])

    @property
    def best(self) -> int:
        """The row with the least value."""
        return int(self.rows[np.argmin(self.value)])

    @property
    def level_error(self) -> float:
        """Standard error of the difference between the end and the least of the smooth curve."""
        return self.noise * float(np.sqrt(2 / self.ending))

    def at(self, place: float) -> float:
        """The smooth curve at a place."""
        return float(np.interp(place, self.place[self.block], self.smooth))

    def last_outside(self, band: float) -> int:
        """The row after which the smooth curve stays within the band about its end; the first if it always does."""
        outside = np.flatnonzero(np.abs(self.smooth - self.end) > band)
        if not outside.size:
            return int(self.rows[np.argmax(np.abs(self.value - self.end) <= band)])
        return int(self.rows[self.block[min(outside[-1] + 1, len(self.block) - 1)]])


def smoothed(value: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Where the blocks stand among the values, int [b], the smooth curve there [b], and how many values it averages.

    Medians first, so that spikes of one value vanish, then moving means; either end has half a window.
    """
    size = -(-len(value) // BLOCKS)
    if size < 3:
        blocks = value.copy()
        if len(value) > 2:
            blocks[1:-1] = np.median(np.lib.stride_tricks.sliding_window_view(value, 3), axis=1)
        block = np.arange(len(value))
    else:
        whole = len(value) // size * size
        blocks = np.median(value[len(value) - whole :].reshape(-1, size), axis=1)
        block = np.arange(len(blocks)) * size + size // 2 + len(value) - whole
    # Means one by one: running sums would lose the early losses of a run that blew up.
    half = max(1, len(blocks) // (2 * WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(blocks, half, constant_values=np.nan), 2 * half + 1)
    return block, np.nanmean(windows, axis=1), size * (2 * half + 1)


def jitter(value: np.ndarray) -> float:
    """Standard deviation of independent noise on a smooth curve, from second differences (which are √6 as wide)."""
    if len(value) < 3:
        return 0.0
    return NORMAL * float(np.median(np.abs(np.diff(value, 2)))) / np.sqrt(6)


def drop_of(value: np.ndarray, place: np.ndarray, part: int) -> tuple[float, float]:
    """How far the least-squares line through the last 1/part of the curve falls there, and its standard error."""
    count = max(SHORT, len(value) // part)
    value, place = value[-count:], place[-count:]
    if len(value) < 2:
        return 0.0, 0.0
    centred = place - place.mean()
    square = centred @ centred
    slope = centred @ value / square
    residual = value - value.mean() - slope * centred
    # Second differences see jumps from value to value, the line's residuals also wander that lasts for several.
    scatter = max(jitter(value), NORMAL * float(np.median(np.abs(residual))))
    return -float(slope) / part, scatter / float(np.sqrt(square)) / part
