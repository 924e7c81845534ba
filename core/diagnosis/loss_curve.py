"""One loss curve of a run: smoothed, with its noise, its ends and its trend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.diagnosis.raw_curve import RawCurve
from core.diagnosis.smoothing import SHORT, WINDOW, linear_drop, noise_deviation, smooth_values

LATE = 2  # the second half says where a curve goes
LAST = (4, 8)  # unless the last quarter or eighth says that it got there
GONE_ON = (0.15, 0.075)  # of the fall in the second half: what the last quarter or eighth must be able to have of it
MANY_IN_QUARTER = 12  # values in the last quarter from which on scatter about a line is more than curvature
RUN = 5  # values that each are lower than the one before: by chance they hardly are
QUARTER = 4  # values at least in the last quarter, for today's pace


@dataclass(frozen=True, eq=False)
class LossCurve:
    """The m finite values of a curve, smoothed in b blocks. Places run from 0 to 1 over the run, by x, not by row."""

    rows: np.ndarray  # int [m], indices in the caller's array
    x: np.ndarray  # [m], as given
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
    def of(cls, points: RawCurve, place: np.ndarray) -> LossCurve:
        """The curve of finite points [m], at least one, at rising places [m] from 0 to 1."""
        value = points.value
        block, smooth, window = smooth_values(value)
        drop, drop_error = linear_drop(value, place, LATE)
        for part, gone_on in zip(LAST, GONE_ON, strict=True):
            last_drop, last_error = linear_drop(value, place, part)
            if len(value) >= part * SHORT // 2 and last_drop + last_error < gone_on * drop:
                drop, drop_error = last_drop, last_error
                break
        ending = min(max(3, len(value) // WINDOW), max(1, len(value) // 3))
        return cls(
            rows=points.row,
            x=points.x,
            place=place,
            value=value,
            block=block,
            smooth=smooth,
            noise=noise_deviation(value[len(value) // 3 :]),
            window=window,
            end=float(np.median(value[-ending:])),
            ending=ending,
            drop=drop,
            drop_error=drop_error,
        )

    def after(self, x: float) -> LossCurve:
        """The part of the curve from x on, which has at least one value."""
        keep = self.x >= x
        return LossCurve.of(RawCurve(self.x[keep], self.value[keep], self.rows[keep]), self.place[keep])

    @property
    def start(self) -> float:
        return float(self.value[0])

    @property
    def least(self) -> float:
        """The lowest value of the smooth curve."""
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
        """The index of the value at which the smooth curve is lowest."""
        return int(self.block[np.argmin(self.smooth)])

    @property
    def best(self) -> int:
        """The index of the lowest value."""
        return int(np.argmin(self.value))

    @property
    def level_error(self) -> float:
        """Standard error of the difference between the end and the least of the smooth curve."""
        return self.noise * float(np.sqrt(2 / self.ending))

    def rise(self, sure: float) -> float:
        """How far the end lies above the lowest of the smooth curve, less so many standard errors.

        Where the last three values are lower than the last tenth they count: the curve has just dropped.
        """
        return min(self.end, self.last) - self.least - sure * self.level_error

    def last_rise(self, sure: float) -> float:
        """How far the mean of the last two values lies above the lowest of the smooth curve, less its error."""
        # Third differences hardly see the curvature of a smooth curve, of which a short one has much.
        noise = min(self.noise, noise_deviation(self.value, 3))
        return float(self.value[-2:].mean()) - self.least - sure * noise

    def at(self, place: float) -> float:
        """The smooth curve at a place, by linear interpolation."""
        return float(np.interp(place, self.place[self.block], self.smooth))

    def last_outside(self, band: float) -> int:
        """The value after which the smooth curve stays within the band about its end; the first if it always does."""
        outside = np.flatnonzero(np.abs(self.smooth - self.end) > band)
        if not outside.size:
            return int(np.argmax(np.abs(self.value - self.end) <= band))
        return int(self.block[min(outside[-1] + 1, len(self.block) - 1)])

    def pace(self, zero: float, sure: float) -> float:
        """Share of what is above `zero` that half a run more would take away, as the last two quarters go on.

        Less so many standard errors; NaN where a late value is not above zero. A quarter that falls by less than the
        one before is taken to be followed by one that falls by less in the same ratio.
        """
        tail = self.value[-max(SHORT, len(self.value) // LATE) :] - zero
        if not (tail > 0).all() or len(tail) < QUARTER:
            return float("nan")
        place, height = self.place[-len(tail) :], np.log(tail)
        half, _ = linear_drop(height, place, LATE)
        last, error = linear_drop(height, place, LAST[0], QUARTER)
        before = half - last
        ratio = min(1.0, last / before) if before > 0 else 1.0
        ratio = max(0.0, ratio)
        count = max(QUARTER, len(self.value) // LAST[0])
        # Scatter about a line through few values, each lower than the one before, is the curvature of a smooth curve.
        is_smooth = count < MANY_IN_QUARTER and (np.diff(height[-RUN:]) < 0).all()
        noise = min(noise_deviation(height), noise_deviation(height, 3)) if is_smooth else noise_deviation(height)
        left = last - sure * max(0.0 if is_smooth else error, noise * float(np.sqrt(12 / count)))
        return float(-np.expm1(-left * (ratio + ratio**2)))
