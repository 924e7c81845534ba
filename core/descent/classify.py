"""Classifies how descents ended, from their paths, their heights and the curvature at a few points of each.

All descents of a batch are classified at once. Points are in window widths from the middle of the window, gradients and
curvatures in heights per window width (see `local_quadratic`). In array shapes, N is the number of runs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.descent.local_quadratic import CLOSE, ZERO_CURVATURE, LocalQuadratic, ScaledLandscape, length
from core.descent.outcome import Outcome, Outcomes
from core.landscapes.critical import CriticalPoints, eigen
from core.landscapes.landscape import Landscape

# Lengths, in window widths.
REACHED = 1e-3  # a point this close to a minimum has reached it: less than a pixel of a picture
TRUSTED = 0.5  # a quadratic whose minimum is farther away is not trusted
STANDSTILL = 0.02  # a path that moved less in its last quarter looks as if it stood still
OUTSIDE = 0.55  # from the middle in x or y: outside the window, not just on its edge
FAR_OUTSIDE = 100.0  # a run that is this far out and higher than its start has diverged
OVERFLOW = 1e6  # a height that is NaN closer than this is undefined there, not an overflow
# Ratios of gradients and curvatures.
FLAT_GRADIENT = 0.02  # of the height above the minimum: a plateau's largest gradient; convex landscapes have over 0.7
FLAT_CURVATURE = 1.0  # of the height above the minimum: a plateau's largest curvature
NO_GRADIENT = 1e-9  # of the largest gradient on the path
DIP = 0.1  # of the largest squared gradient: a path with less was slowed there
# Ratios of heights.
HIGHER = 1e-7  # of the start's height, or of the curvature: a minimum that is higher by more is not the lowest
BOTTOM = 1e-3  # of the start's height: reached, where minima are not isolated and distances to them say nothing
GROWN = 1.01  # of the largest height of the first half: exceeded in the whole last quarter by a run that diverges
PROGRESS = 0.2  # of gradient times amplitude, about the height that is left: less descent in a quarter is hardly any
REBOUND = 1 / 3  # of the heights of the last half, above the lowest: a run that rises again by more has overshot
FALLING = 2.0  # of the last quarter's mean height above its lowest: that of the quarter before, in a run that falls
FLUCTUATION = 0.1  # of the descent so far: a last quarter with less is far from where the run came from
CAUSED = 0.5  # of the last quarter's mean height: without noise less is left, so that noise is what keeps the run up
# Ratios of lengths and numbers of steps.
QUARTERS = 4
POWERS = (0.0, 3.0)  # of a shrinking distance: 0 by a factor a step, 1 by a length a step, above 1 faster and faster
MIN_STEPS = 8  # runs with fewer steps are not classified by the shape of their path
STEADY = 0.5  # of the root mean squared gradient: a smaller mean gradient has turned about
TURNING = 1 / 3  # of the length of the path: one that got no farther turns back on itself
COLLINEAR = 1e-6  # of a step: its largest component across a straight path
LONG_STAY = 0.2  # of all steps: so long a stay near a saddle is mentioned


def classify(
    points: np.ndarray,
    values: np.ndarray,
    gradients: np.ndarray,
    landscape: Landscape,
    *,
    rate: Any = np.nan,
    limit: Any = np.nan,
    critical: CriticalPoints | None = None,
    frame: Any = None,
    params: Mapping[str, Any] | None = None,
    quiet: np.ndarray | None = None,
) -> Outcomes:
    """The Outcomes [...] of descents on a landscape.

    points [steps + 1, ..., 2], values [steps + 1, ...], gradients [steps + 1, ..., 2]: the paths, with the landscape's
        exact values and gradients. They may end in NaN or infinity.
    rate, limit [...]: the learning rates, and the largest stable product of rate and curvature (`theory.stability`),
        NaN where theory has none. Only the sentences depend on them.
    critical: the known critical points. With them minima at kinks and valleys are seen, and which minimum is lowest.
    frame [...]: which frame of `critical` is that of each run, where there are several.
    params: the landscape's parameters, numbers or [...].
    quiet [steps + 1, ...]: the values of the same runs without noise in their gradients; None where none has noise.
    """
    shape = values.shape[1:]
    count, rows = math.prod(shape), len(values)
    with np.errstate(all="ignore"):
        scaled = ScaledLandscape.of(landscape, shape, critical, frame, params or {})
        # As rows of x, y, x, y ...: NumPy takes four times as long over a last axis of 2.
        middle, span = np.tile(scaled.middle, count), np.tile(scaled.span, count)
        places = points.reshape(rows, 2 * count) - middle
        places /= span
        paths = Paths(
            places.reshape(rows, count, 2),
            values.reshape(rows, count),
            (gradients.reshape(rows, 2 * count) * span).reshape(rows, count, 2),
        )
        numbers = classify_scaled(paths, scaled, paths.values if quiet is None else quiet.reshape(rows, count))
    given = {"rate": rate, "limit": limit}
    return Outcomes(
        **{name: array.reshape(shape) for name, array in numbers.items()},
        **{name: np.broadcast_to(np.float64(value), shape) for name, value in given.items()},
    )


@dataclass(frozen=True, eq=False)
class Paths:
    """The paths of N runs in scaled units. "Last" means the last finite point of a path."""

    points: np.ndarray  # [steps + 1, N, 2]
    values: np.ndarray  # [steps + 1, N]
    gradients: np.ndarray  # [steps + 1, N, 2]

    @property
    def steps(self) -> int:
        return len(self.values) - 1

    @cached_property
    def runs(self) -> np.ndarray:
        """The indices of all runs [N]."""
        return np.arange(self.values.shape[1])

    @cached_property
    def first_lost(self) -> np.ndarray:
        """The first step [N] at which point or height is not finite; steps + 1 where all are."""
        finite = np.isfinite(self.values + self.points[..., 0] + self.points[..., 1])
        return np.where(finite.all(axis=0), self.steps + 1, np.argmin(finite, axis=0))

    @cached_property
    def finite(self) -> np.ndarray:
        """Whether the whole path is finite [N]."""
        return self.first_lost > self.steps

    @cached_property
    def last(self) -> np.ndarray:
        """The step of the last point [N]."""
        return np.maximum(self.first_lost - 1, 0)

    @cached_property
    def end(self) -> np.ndarray:
        """The last point [N, 2]."""
        return self.points[self.last, self.runs]

    @cached_property
    def end_gradient(self) -> np.ndarray:
        """The gradient at the last point [N, 2]."""
        return self.gradients[self.last, self.runs]

    @cached_property
    def start_height(self) -> np.ndarray:
        return self.values[0]

    @cached_property
    def end_height(self) -> np.ndarray:
        return self.values[self.last, self.runs]

    @cached_property
    def lost_height(self) -> np.ndarray:
        """The height at the first step that is not finite, else that of the last step [N]."""
        return self.values[np.minimum(self.first_lost, self.steps), self.runs]

    @cached_property
    def squares(self) -> np.ndarray:
        """Squared gradient norms [steps + 1, N]."""
        return np.square(self.gradients[..., 0]) + np.square(self.gradients[..., 1])

    @cached_property
    def no_gradient(self) -> np.ndarray:
        """The norm [N] up to which a gradient counts as zero."""
        return NO_GRADIENT * np.sqrt(self.squares.max(axis=0))


@dataclass(frozen=True, eq=False)
class LastQuarter:
    """Measurements of the last quarter of each path, each [N]."""

    steps: int  # in the quarter
    last_step: np.ndarray  # length of the last step
    path_length: np.ndarray  # sum of the lengths of the steps
    moved: np.ndarray  # distance from its first point to its last
    first_distance: np.ndarray  # of its first point from the middle of the window
    amplitude: np.ndarray  # half its width, in the landscape's own units
    lowest: np.ndarray  # its smallest height
    mean_height: np.ndarray
    mean_height_before: np.ndarray  # that of the quarter before
    swing_height: np.ndarray  # half its width times its mean gradient

    @classmethod
    def of(cls, paths: Paths, span: np.ndarray) -> LastQuarter:
        quarter = max(1, len(paths.values) // QUARTERS)
        points, heights = paths.points[-quarter - 1 :], paths.values[-quarter:]
        steps = np.diff(points, axis=0, prepend=points[:1])
        # The means of two points at either end, so that an oscillation of an odd length is no move.
        moved = points[-2:].mean(axis=0) - points[:2].mean(axis=0)
        around = points - (points.max(axis=0) + points.min(axis=0)) / 2
        return cls(
            steps=quarter,
            last_step=length(steps[-1]),
            path_length=length(steps).sum(axis=0),
            moved=length(moved),
            first_distance=length(points[0]),
            amplitude=length(around * span).max(axis=0),
            lowest=heights.min(axis=0),
            mean_height=heights.mean(axis=0),
            mean_height_before=paths.values[-2 * quarter :][:quarter].mean(axis=0),
            swing_height=np.sqrt(paths.squares[-quarter:]).mean(axis=0) * length(around).max(axis=0),
        )


def classify_scaled(paths: Paths, landscape: ScaledLandscape, quiet: np.ndarray) -> dict[str, np.ndarray]:
    """The fields of Outcomes except rate and limit, by name, each [N]. quiet: heights [steps + 1, N] without noise."""
    tail = LastQuarter.of(paths, landscape.span)
    quadratic = landscape.quadratic(paths.end, paths.end_gradient, paths.runs)
    lowest = landscape.minima.lowest(paths.runs)
    enough, still = paths.finite & (paths.steps >= MIN_STEPS), paths.finite & (tail.last_step <= 2 * REACHED)
    minimum = reached_minimum(paths, landscape, quadratic, still, lowest)

    # Estimates of the steps left, for runs that have not arrived.
    trusted = np.zeros(len(paths.runs), dtype=bool)
    steps_left, share_done = np.full((2, len(paths.runs)), np.nan)
    own = np.flatnonzero(enough & ~minimum.isolated & ~minimum.bottom)
    trusted[own], steps_left[own], share_done[own] = minimum_ahead(paths, quadratic, tail.steps, landscape, own)

    # Gone: to infinity, uphill, or out of the window and downhill.
    start, end, away = paths.start_height, paths.end_height, length(paths.end)
    undefined = ~paths.finite & np.isnan(paths.lost_height) & (away < OVERFLOW)
    fell = ~paths.finite & (end < start) & ((paths.lost_height != np.inf) | (away > FAR_OUTSIDE))
    first_half, base = paths.values[: paths.steps // 2 + 1].max(axis=0), paths.values.min(axis=0)
    grown = enough & (end > start) & (tail.lowest - base > GROWN * (first_half - base))
    grown |= paths.finite & (end > start) & (away > FAR_OUTSIDE)  # thrown out, even if it has come to rest there
    outside = (np.abs(paths.end) > OUTSIDE).any(axis=-1) & (away > tail.first_distance)
    left = enough & outside & ~trusted & (tail.mean_height < tail.mean_height_before) & (end < start)
    left |= paths.finite & (end < start) & (away > FAR_OUTSIDE)

    # At or near a saddle, at a maximum, on a plateau, oscillating or slow.
    saddle_distance, _ = landscape.nearest_saddle(paths.end, quadratic, paths.runs)
    at_saddle = still & (saddle_distance <= REACHED)
    gradient_norm = length(quadratic.gradient)
    dipped = np.square(gradient_norm) <= DIP * paths.squares.max(axis=0)
    near_saddle = at_saddle | paths.finite & (saddle_distance <= CLOSE) & dipped
    stay = saddle_stays(paths, near_saddle, landscape)
    slowed = (paths.steps >= MIN_STEPS) & (stay.steps >= LONG_STAY * paths.steps)
    at_maximum = still & quadratic.concave & (quadratic.newton_length <= REACHED)
    above, largest = end - lowest, np.abs(quadratic.curvatures).max(axis=-1)
    flat = np.isfinite(lowest) & (gradient_norm <= FLAT_GRADIENT * above) & (largest <= FLAT_CURVATURE * above)
    flat |= (gradient_norm <= paths.no_gradient) & (largest <= paths.no_gradient)
    on_plateau = paths.finite & flat & (tail.moved <= STANDSTILL) & (not landscape.landscape.convex)
    oscillating = enough & (tail.path_length > 0) & (tail.moved <= TURNING * tail.path_length)
    oscillating &= tail.mean_height_before - tail.mean_height < PROGRESS * tail.swing_height
    slow = np.where(np.isfinite(steps_left), steps_left > paths.steps, tail.path_length <= STANDSTILL)
    at_noise_floor = enough & noise_floor(paths, quiet, tail, lowest)

    # The first condition that holds decides.
    cases = [
        (minimum.isolated & ~minimum.higher | minimum.bottom, Outcome.CONVERGED),
        (minimum.higher, Outcome.LOCAL_MINIMUM),
        (undefined, Outcome.UNDEFINED),
        (fell, Outcome.LEFT_WINDOW),
        (~paths.finite | grown, Outcome.DIVERGED),
        (left, Outcome.LEFT_WINDOW),
        (at_saddle, Outcome.SADDLE),
        (at_maximum, Outcome.MAXIMUM),
        (slowed & near_saddle, Outcome.SLOWED_AT_SADDLE),
        (on_plateau, Outcome.PLATEAU),
        (at_noise_floor, Outcome.NOISE_FLOOR),
        (oscillating, Outcome.OSCILLATING),
        (slowed, Outcome.SLOWED_AT_SADDLE),
        (enough & slow & overshot(quiet), Outcome.OVERSHOOTING),
        (enough & slow, Outcome.SLOW),
    ]
    code = np.select([case for case, _ in cases], [outcome for _, outcome in cases], Outcome.NOT_CONVERGED)
    curvatures, along_path = stay.curvatures, np.zeros(len(paths.runs), dtype=bool)
    for outcome in (Outcome.DIVERGED, Outcome.OSCILLATING):
        own = np.flatnonzero(code == outcome)
        reach = tail.steps if outcome == Outcome.OSCILLATING else None
        curvatures[own], along_path[own] = limiting_curvatures(paths, landscape, own, reach)
    return {
        "code": code,
        "step": outcome_step(paths, code, minimum, lowest, stay),
        "height": np.where(code == Outcome.NOISE_FLOOR, tail.mean_height, minimum.height),
        "lowest": np.minimum(lowest, minimum.height),
        "amplitude": tail.amplitude,
        "steps_left": steps_left,
        "share_done": share_done,
        "steps_at_saddle": np.where(slowed, stay.steps, 0),
        "low_curvature": curvatures[:, 0],
        "high_curvature": curvatures[:, 1],
        "along_path": along_path,
    }


@dataclass(frozen=True, eq=False)
class ReachedMinimum:
    """Which runs ended at a minimum, and at which; each [N]."""

    isolated: np.ndarray  # bool: at a known minimum, or at that of a quadratic that fits
    bottom: np.ndarray  # bool: as low as the lowest minimum, where minima are not isolated (a kink, a valley floor)
    higher: np.ndarray  # bool: at an isolated minimum that is not the lowest
    point: np.ndarray  # [N, 2], of the isolated minimum
    height: np.ndarray  # of the isolated minimum, else of the end


def reached_minimum(
    paths: Paths, landscape: ScaledLandscape, quadratic: LocalQuadratic, still: np.ndarray, lowest: np.ndarray
) -> ReachedMinimum:
    """The minimum that each run ended at.

    quadratic: the one that fits at the end of each path. still: bool [N], whether the run has come to rest.
    lowest: height [N or 1] of the lowest known minimum.
    """
    convex = landscape.landscape.convex
    distance, which = landscape.minima.nearest(paths.end, paths.runs)
    at_known = distance <= REACHED
    isolated = still & (at_known | quadratic.convex & (quadratic.newton_length <= REACHED))
    descent, above = paths.start_height - lowest, paths.end_height - lowest
    nearly_flat = np.abs(quadratic.curvatures).max(axis=-1) <= BOTTOM * descent
    low = np.isfinite(lowest) & (above <= BOTTOM * descent) & (convex | nearly_flat)
    low |= convex & (length(quadratic.gradient) <= paths.no_gradient)
    bottom = paths.finite & ~isolated & ~quadratic.convex & low
    point = np.where(at_known[:, None], landscape.minima.points[which], paths.end + quadratic.newton_step)
    of_quadratic = paths.end_height + np.sum(quadratic.gradient * quadratic.newton_step, axis=-1) / 2
    height = np.where(at_known, landscape.minima.heights[which], of_quadratic)
    height = np.where(isolated, height, paths.end_height)
    higher = isolated & (height - lowest > HIGHER * np.fmax(descent, quadratic.curvatures[:, 1]))
    return ReachedMinimum(isolated, bottom, higher, point, height)


def noise_floor(paths: Paths, quiet: np.ndarray, tail: LastQuarter, lowest: np.ndarray) -> np.ndarray:
    """Which runs bool [N] are as low as noise in their gradients lets them be.

    Without noise they would be much lower, and they hardly fall any more after they came far or turned about, or they
    were pushed up from their start.

    quiet: heights [steps + 1, N] without noise. lowest: height [N or 1] of the lowest known minimum.
    """
    mean, gradients = tail.mean_height, paths.gradients[-paths.steps // 2 :]
    base = np.fmin(lowest, np.fmin(paths.values.min(axis=0), quiet.min(axis=0)))
    caused = quiet[-tail.steps :].mean(axis=0) - base < CAUSED * (mean - base)
    fluctuation = mean - tail.lowest
    falls = tail.mean_height_before - tail.lowest > FALLING * fluctuation
    far = fluctuation < FLUCTUATION * (paths.start_height - mean)
    squares = np.square(length(gradients)).mean(axis=0)
    turns = length(gradients.mean(axis=0)) < STEADY * np.sqrt(squares)
    return caused & (~falls & (far | turns) | (mean > paths.start_height))


def overshot(heights: np.ndarray) -> np.ndarray:
    """Which of these heights [steps + 1, N] rise again in their last half, by much of what they are there: bool [N]."""
    late = heights[len(heights) // 2 :]
    rise = (late - np.minimum.accumulate(late, axis=0)).max(axis=0)
    return rise > REBOUND * (late.max(axis=0) - heights.min(axis=0))


def outcome_step(
    paths: Paths, code: np.ndarray, minimum: ReachedMinimum, lowest: np.ndarray, stay: SaddleStays
) -> np.ndarray:
    """`Outcomes.step` [N]: when each run arrived, left or began to diverge; else its last step."""
    points, values, start = paths.points, paths.values, paths.start_height
    step = np.minimum(paths.first_lost, paths.steps)
    own = np.flatnonzero(minimum.isolated)
    step[own] = after_last(length(points[:, own] - minimum.point[own]) > REACHED)
    own = np.flatnonzero(minimum.bottom)
    base = np.minimum(lowest, paths.end_height)[own]
    above = values[:, own] - base > BOTTOM * (start[own] - base)
    step[own] = after_last(above & (paths.squares[:, own] > paths.no_gradient[own] ** 2))
    own = np.flatnonzero(code == Outcome.DIVERGED)
    step[own] = np.minimum(after_last(values[:, own] <= start[own]), paths.first_lost[own])
    own = np.flatnonzero(code == Outcome.LEFT_WINDOW)
    step[own] = after_last((np.abs(points[:, own]) <= OUTSIDE).all(axis=-1))
    own = np.flatnonzero(((code == Outcome.SADDLE) | (code == Outcome.SLOWED_AT_SADDLE)) & (stay.first >= 0))
    step[own] = stay.first[own]
    return step


def after_last(mask: np.ndarray) -> np.ndarray:
    """The step after the last at which the mask [steps + 1, n] holds, 0 where it never does: int [n]."""
    return np.where(mask.any(axis=0), len(mask) - np.argmax(mask[::-1], axis=0), 0)


def limiting_curvatures(
    paths: Paths, landscape: ScaledLandscape, runs: np.ndarray, last_steps: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """The curvatures that limit the learning rate of these runs.

    They are those of the point where the largest curvature is largest, of three: the path's lowest point, the point
    where the path begins, and the known minimum nearest to that. A straight path never meets the largest curvature if
    that is across it: then the curvature along the path counts.

    last_steps: None for runs that diverge. For runs that oscillate, the number of steps of the oscillation: their start
        is long left, so they begin at their lowest point, and the minimum is no farther from it than the oscillation.

    Returns the smallest and the largest curvature [n, 2] in the landscape's own units, and whether the latter is along
    a straight path, bool [n].
    """
    points, values = paths.points[:, runs], paths.values[:, runs]
    deepest = np.where(np.isfinite(values), values, np.inf).argmin(axis=0)
    lowest_point = paths.points[deepest, runs]
    begin, farthest = points[0], np.asarray(np.inf)
    if last_steps is not None:
        begin = lowest_point
        farthest = length(points[-last_steps:] - begin).max(axis=0)
    distance, which = landscape.minima.nearest(begin, runs)
    has_minimum = np.isfinite(distance) & (distance <= farthest)
    minimum = np.where(has_minimum[:, None], landscape.minima.points[which], begin)
    direction = line_direction(points * landscape.span)
    curvatures, along_path = np.full((len(runs), 2), np.nan), np.zeros(len(runs), dtype=bool)
    for x in (lowest_point, begin, minimum):
        hessian = landscape.hessian(x, runs)
        found = eigen(hessian)[0]
        along = np.einsum("ni,nij,nj->n", direction, hessian, direction)
        less = along < found[:, 1] * (1 - ZERO_CURVATURE)  # never for a path off a line: its direction is NaN
        found[:, 1] = np.where(less, along, found[:, 1])
        larger = (found[:, 1:] > curvatures[:, 1:]) | np.isnan(curvatures[:, 1:])  # at a kink there is no curvature
        curvatures, along_path = np.where(larger, found, curvatures), np.where(larger[:, 0], less, along_path)
    return curvatures, along_path


def line_direction(paths: np.ndarray) -> np.ndarray:
    """The unit direction [n, 2] of each path [steps + 1, n, 2] that lies on a straight line; NaN for the others."""
    steps = np.diff(paths, axis=0, append=paths[-1:])  # one more step of length 0, so that there is at least one
    size = np.hypot(steps[..., 0], steps[..., 1])
    usable = np.isfinite(size) & (size > 0)
    units = np.where(usable[..., None], steps / size[..., None], 0.0)
    first = units[usable.argmax(axis=0), np.arange(paths.shape[1])]
    across = units[..., 0] * first[:, 1] - units[..., 1] * first[:, 0]
    return np.where((np.abs(across).max(axis=0) <= COLLINEAR)[:, None], first, np.nan)


@dataclass(frozen=True, eq=False)
class SaddleStays:
    """The stay of each run near a saddle."""

    first: np.ndarray  # int [N], its first step; -1 where there is no stay
    steps: np.ndarray  # int [N], how long it is
    curvatures: np.ndarray  # [N, 2], of the saddle, rising, in the landscape's own units


def saddle_stays(paths: Paths, near_saddle: np.ndarray, landscape: ScaledLandscape) -> SaddleStays:
    """The stay of each run near a saddle: that at its end where `near_saddle` bool [N] says so, else an earlier one.

    An earlier one is where the gradient was the smallest share of the largest gradient that came afterwards.
    """
    steps, count = paths.steps, len(paths.runs)
    first, stayed, curvatures = np.full(count, -1), np.zeros(count, dtype=int), np.full((count, 2), np.nan)
    squares = np.where(np.isfinite(paths.squares), paths.squares, np.nan)  # a path that ran away may have overflowed
    share = squares / np.fmax.accumulate(squares[::-1], axis=0)[::-1]
    at = np.where(near_saddle, steps, np.where(np.isnan(share), 1.0, share).argmin(axis=0))
    runs = np.flatnonzero(near_saddle | (share[at, paths.runs] <= DIP))
    x, gradient = paths.points[at[runs], runs], paths.gradients[at[runs], runs]
    distance, saddle = landscape.nearest_saddle(x, landscape.quadratic(x, gradient, runs), runs)
    there = np.isfinite(distance)
    runs, saddle = runs[there], saddle[there]
    to_minimum = landscape.minima.nearest(saddle, runs)[0]  # a stay ends before the path settles in a minimum nearby
    far = length(paths.points[:, runs] - saddle) > np.minimum(CLOSE, to_minimum / 3)
    number = np.arange(steps + 1)[:, None]
    begin = np.where(far & (number <= at[runs]), number, -1).max(axis=0, initial=-1) + 1
    after = np.where(far & (number > at[runs]), number, steps + 1).min(axis=0, initial=steps + 1)
    first[runs], stayed[runs] = begin, np.minimum(after, steps) - begin
    curvatures[runs] = eigen(landscape.hessian(saddle, runs))[0]
    return SaddleStays(first, stayed, curvatures)


def minimum_ahead(
    paths: Paths, quadratic: LocalQuadratic, quarter: int, landscape: ScaledLandscape, runs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How far these runs [n] are from the minimum ahead of them.

    The minimum ahead is that of the quadratic at the end of the path, or else the nearest known one that is lower. The
    distance to it is taken to shrink on as it did over the last two quarters of the path, by a speed that goes as a
    power of the distance. With a quadratic, each direction of curvature is estimated by itself, which is exact for
    gradient descent.

    quadratic: those of all N runs. quarter: steps in a quarter of a path.

    Returns, each [n]: whether the quadratic is trusted; the steps left, infinite if the distance does not shrink; the
    share done of the distance from the start. The last two are NaN where no minimum is ahead.
    """
    x, own = paths.points[-1, runs], quadratic.take(runs)
    minima = landscape.minima
    trusted = own.convex & (own.newton_length <= TRUSTED)
    trusted[trusted] = landscape.newton_converges(x[trusted], own.take(trusted), runs[trusted])
    lower = minima.heights < paths.end_height[runs][:, None]
    nearest_lower = np.where(lower, minima.distances(x, runs), np.inf).argmin(axis=1)
    target = np.where(trusted[:, None], x + own.newton_step, minima.points[nearest_lower])
    distance, which = minima.nearest(target, runs)
    target = np.where((distance <= own.newton_length / 2)[:, None], minima.points[which], target)

    def distance_before(back: int) -> np.ndarray:
        """Distance [n, 2] along each direction `back` quarters before the end, the larger one of two steps in a row.

        Two steps, because a path that oscillates may be at the minimum in one of them.
        """
        gap = paths.points[-2 - back * quarter :][:2, runs] - target
        along = np.abs(np.einsum("nij,tnj->tni", own.directions, gap))
        return np.where(trusted[:, None], along, length(gap)[..., None]).max(axis=0)

    before, then, now = distance_before(2), distance_before(1), distance_before(0)
    # With a speed that goes as the distance to the power 1 - e, the distance to the power e falls evenly.
    e = np.clip(1 - np.log((then - now) / (before - then)) / np.log((then + now) / (before + then)), *POWERS)
    by_factor = ~(np.abs(e) > 0.01)
    quarters = np.where(
        by_factor, np.log(now / REACHED) / np.log(then / now), (now**e - REACHED**e) / (then**e - now**e)
    )
    steps_left = np.where(now <= REACHED, 0.0, np.where(then > now, quarters * quarter, np.inf)).max(axis=-1)
    share_done = np.clip(1 - length(x - target) / length(paths.points[0, runs] - target), 0.0, 1.0)
    nowhere = ~np.isfinite(target).all(axis=-1)
    return trusted, np.where(nowhere, np.nan, steps_left), np.where(nowhere, np.nan, share_done)
