"""Critical points of a landscape: found on a grid, refined by Newton's method, classified by their curvature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from core.landscapes.landscape import Landscape
from core.models import ellipsoid

NEWTON_STEPS = 60  # near a degenerate point each one only halves the distance
REACH = 0.05  # of the window: the longest step, so that a seed finds the critical point it stands beside
STILL = 1e-9  # of the window: a step this short has arrived
ZERO_SLOPE = 1e-6  # of the window's typical slope: what counts as zero
SAME = 1e-4  # of the window: two points this near are one
FLAT = 1e-7  # of the larger curvature, or of the window's typical one: a curvature that decides nothing
RING = 2e-3  # of the window: how far away a point without a deciding curvature is looked at from
NEAR = 4.0  # cells of the grid: how far a minimum at a kink may be from where it was looked for
SMALLER, ZOOMS = 0.7, 60  # of a search around a kink
ROUNDS = 240  # of the ellipsoid method
MINIMUM, SADDLE, MAXIMUM = "minimum", "saddle", "maximum"


@dataclass(frozen=True)
class CriticalPoints:
    """K critical points of several frames of one landscape, the lowest of each frame first."""

    frame: np.ndarray  # int [K]
    points: np.ndarray  # float64 [K, 2]
    values: np.ndarray  # float64 [K]
    eigenvalues: np.ndarray  # float64 [K, 2], rising; NaN at a kink, where there is no Hessian
    directions: np.ndarray  # float64 [K, 2, 2]: the unit eigenvectors in the rows
    kind: np.ndarray  # str [K]: minimum, saddle or maximum

    def __len__(self) -> int:
        return len(self.frame)

    def take(self, index: np.ndarray) -> CriticalPoints:
        """These points alone, in this order."""
        return CriticalPoints(*(getattr(self, field.name)[index] for field in fields(self)))

    def of(self, frame: int) -> CriticalPoints:
        """The points of one frame."""
        return self.take(np.flatnonzero(self.frame == frame))


def grid(landscape: Landscape, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A grid over the window: x [size], y [size] and the points [y, x, 2]."""
    (x_low, x_high), (y_low, y_high) = landscape.window
    x, y = np.linspace(x_low, x_high, size), np.linspace(y_low, y_high, size)
    return x, y, np.stack(np.meshgrid(x, y), axis=-1)


def critical_points(
    landscape: Landscape, x: np.ndarray, y: np.ndarray, heights: np.ndarray, params: Mapping[str, np.ndarray]
) -> CriticalPoints:
    """The critical points inside the grid, in each of F frames.

    x, y: the grid [x], [y]; heights: the landscape's values there [F, y, x]; params: its parameters [F] in each frame.

    A pair of critical points closer than a cell of the grid can be missed.
    """
    frame, start = newton_starts(x, y, heights, thin=landscape.costly)
    own = {name: np.asarray(values, dtype=np.float64)[frame] for name, values in params.items()}
    span = np.array([np.ptp(x), np.ptp(y)])
    points, converged = newton_points(landscape, start, own, span)
    rise = np.nanmedian(np.abs(np.diff(heights, axis=-1))) / (x[1] - x[0])
    slopes = np.linalg.norm(landscape.grad(points, **own) * span, axis=-1)
    smooth = converged & (slopes <= ZERO_SLOPE * rise * span[0])
    # Where the slope jumps Newton's method cannot converge, and leaves for a smooth point elsewhere: a minimum
    # there is searched for by its height.
    if landscape.minima_at_kinks:
        far = np.linalg.norm((points - start) / span, axis=-1) > NEAR / len(x)
        rest = np.flatnonzero(~smooth | far)
        there, is_minimum = kink_minima(
            landscape, start[rest], {name: values[rest] for name, values in own.items()}, span, x
        )
        points, frame = np.concatenate([points, there[is_minimum]]), np.concatenate([frame, frame[rest[is_minimum]]])
        own = {name: np.concatenate([values, values[rest[is_minimum]]]) for name, values in own.items()}
        smooth = np.concatenate([smooth, np.zeros(is_minimum.sum(), dtype=bool)])
        chosen = np.concatenate([smooth[: len(start)], np.ones(is_minimum.sum(), dtype=bool)])
    else:
        chosen = smooth
    points = exact_zeros(points, span)
    inside = np.all((points >= [x[0], y[0]]) & (points <= [x[-1], y[-1]]), axis=-1)
    index = np.flatnonzero(chosen & inside)
    index = index[distinct_indices(frame[index], points[index] / span)]
    found = classified_points(
        landscape, frame[index], points[index], {n: v[index] for n, v in own.items()}, smooth[index], span
    )
    if landscape.convex:
        found = found.take(np.flatnonzero(found.kind == MINIMUM))  # others are flat regions that rounding made wavy
        found = with_convex_minima(landscape, found, x, y, heights, params)
    return found.take(np.lexsort((found.values, found.frame)))


def exact_zeros(points: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Points [..., 2] whose coordinates are 0 where they were 0 but for the last digits of an iteration."""
    return np.where(np.abs(points) <= STILL * span, 0.0, points)


def newton_starts(x: np.ndarray, y: np.ndarray, heights: np.ndarray, *, thin: bool) -> tuple[np.ndarray, np.ndarray]:
    """Frames [S] and grid points [S, 2] around which both slopes have both signs.

    thin: of neighbouring grid points only the one with the smallest slope.
    """
    with np.errstate(invalid="ignore"):
        across, along = (np.diff(heights, axis=axis) for axis in (-1, -2))
        # Around each inner grid point, the slopes to its sides in its own row and in the two beside it.
        turns = both_signs(across, (3, 2)) & both_signs(along, (2, 3))
        turns &= reduce_blocks(across != 0, (3, 2), np.logical_or) | reduce_blocks(along != 0, (2, 3), np.logical_or)
        if thin:
            steep = np.square(across[:, 1:-1, 1:] + across[:, 1:-1, :-1])
            steep += np.square(along[:, 1:, 1:-1] + along[:, :-1, 1:-1])
            steep = np.pad(np.where(turns, steep, np.inf), ((0, 0), (1, 1), (1, 1)), constant_values=np.inf)
            turns &= steep[:, 1:-1, 1:-1] <= reduce_blocks(steep, (3, 3), np.minimum)
    frame, row, column = np.nonzero(turns)
    return frame, np.stack([x[column + 1], y[row + 1]], axis=-1)


def both_signs(slopes: np.ndarray, block: tuple[int, int]) -> np.ndarray:
    """Whether each block of the grid holds slopes of both signs, or a zero [F, y, x]."""
    return reduce_blocks(slopes <= 0, block, np.logical_or) & reduce_blocks(slopes >= 0, block, np.logical_or)


def reduce_blocks(array: np.ndarray, block: tuple[int, int], joined: np.ufunc) -> np.ndarray:
    """Each block of so many rows and columns of an array [F, y, x], reduced by the function `joined`."""
    for axis, size in zip((1, 2), block, strict=True):
        length = array.shape[axis] - size + 1
        array = joined.reduce([array.take(range(at, at + length), axis=axis) for at in range(size)])
    return array


def newton_points(
    landscape: Landscape, start: np.ndarray, params: Mapping[str, np.ndarray], span: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where Newton's method on the gradient ends from each start [S, 2], and whether it converged there [S]."""
    here, converged = start.copy(), np.zeros(len(start), dtype=bool)
    moving = np.arange(len(start))
    for _ in range(NEWTON_STEPS):
        if not moving.size:
            break
        own = {name: values[moving] for name, values in params.items()}
        slope, hessian = landscape.grad(here[moving], **own), landscape.hessian(here[moving], **own)
        determinant = hessian[:, 0, 0] * hessian[:, 1, 1] - hessian[:, 0, 1] ** 2
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = np.stack(
                [
                    hessian[:, 1, 1] * slope[:, 0] - hessian[:, 0, 1] * slope[:, 1],
                    hessian[:, 0, 0] * slope[:, 1] - hessian[:, 0, 1] * slope[:, 0],
                ],
                axis=-1,
            ) / determinant[:, None]  # fmt: skip
        level = (slope == 0).all(axis=-1)
        step[level] = 0.0  # already there, whatever the curvature
        length = np.linalg.norm(step / span, axis=-1)
        singular = ~np.isfinite(length)
        step[singular] = 0.0
        step *= np.minimum(1.0, REACH / np.where(length > REACH, length, REACH))[:, None]
        here[moving] -= step
        converged[moving] = length <= STILL
        moving = moving[~singular & (length > STILL)]
    return here, converged


def kink_minima(
    landscape: Landscape, start: np.ndarray, params: Mapping[str, np.ndarray], span: np.ndarray, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The lowest point near each start [S, 2], and whether all points around it are higher [S]: a minimum at a kink."""
    here, size = start.copy(), 2.0 / len(x)
    offsets = np.stack(np.meshgrid(*[np.linspace(-1.0, 1.0, 5)] * 2), axis=-1).reshape(-1, 1, 2)
    each = np.arange(len(start))
    for _ in range(ZOOMS if len(start) else 0):
        around = here + size * span * offsets
        heights = landscape.value(around, **params)
        here = around[np.argmin(np.where(np.isnan(heights), np.inf, heights), axis=0), each]
        size *= SMALLER
    near = np.linalg.norm((here - start) / span, axis=-1) <= NEAR / len(x)
    around = landscape.value(ring_around(here, span), **params)
    return here, near & (around > landscape.value(here, **params)).all(axis=0)


def ring_around(points: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Points [24, S, 2] on a small circle around each point [S, 2]."""
    angle = np.arange(24)[:, None] * (2 * np.pi / 24)
    return points + RING * span * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def distinct_indices(frame: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The indices of different points: the first of each group closer than SAME.

    frame: [S]; places: [S, 2], in units of the window.
    """
    chosen: list[int] = []
    for number in np.unique(frame):
        own = np.flatnonzero(frame == number)
        while own.size:
            chosen.append(int(own[0]))
            own = own[np.linalg.norm(places[own] - places[own[0]], axis=-1) > SAME]
    return np.array(chosen, dtype=int)


def classified_points(
    landscape: Landscape,
    frame: np.ndarray,
    points: np.ndarray,
    params: Mapping[str, np.ndarray],
    smooth: np.ndarray,
    span: np.ndarray,
) -> CriticalPoints:
    """The critical points with their kinds: by the signs of the curvatures, or by the values around where these are 0.

    smooth: which points have a Hessian [S].
    """
    eigenvalues, directions = eigen(landscape.hessian(points, **params))
    eigenvalues = np.where(smooth[:, None], eigenvalues, np.nan)
    scale = np.abs(eigenvalues).max(axis=-1, initial=0.0, keepdims=True)
    decided = smooth & (np.abs(eigenvalues) > FLAT * scale).all(axis=-1)
    values = landscape.value(points, **params)
    up, down = decided & (eigenvalues > 0).all(axis=-1), decided & (eigenvalues < 0).all(axis=-1)
    unclear = np.flatnonzero(~decided)
    own = {name: array[unclear] for name, array in params.items()}
    higher = landscape.value(ring_around(points[unclear], span), **own) - values[unclear]
    up[unclear], down[unclear] = (higher > 0).all(axis=0), (higher < 0).all(axis=0)
    kind = np.where(up, MINIMUM, np.where(down, MAXIMUM, SADDLE))
    # A point in a flat region, or on its rim, is none of these: around a critical point there is a slope everywhere.
    unclear = np.flatnonzero(~(decided | up | down))
    own = {name: array[unclear] for name, array in params.items()}
    is_one = decided | up | down
    is_one[unclear] = (landscape.grad(ring_around(points[unclear], span), **own) != 0).any(axis=-1).all(axis=0)
    return CriticalPoints(frame, points, values, eigenvalues, directions, kind).take(np.flatnonzero(is_one))


def eigen(hessian: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues [..., 2], rising, and unit eigenvectors [..., 2, 2] in rows, of symmetric 2 x 2 matrices."""
    a, b, d = hessian[..., 0, 0], hessian[..., 0, 1], hessian[..., 1, 1]
    middle, radius = (a + d) / 2, np.hypot((a - d) / 2, b)
    angle = 0.5 * np.arctan2(2 * b, a - d)  # of the larger one
    larger = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    smaller = np.stack([-np.sin(angle), np.cos(angle)], axis=-1)
    return np.stack([middle - radius, middle + radius], axis=-1), np.stack([smaller, larger], axis=-2)


def with_convex_minima(
    landscape: Landscape,
    found: CriticalPoints,
    x: np.ndarray,
    y: np.ndarray,
    heights: np.ndarray,
    params: Mapping[str, np.ndarray],
) -> CriticalPoints:
    """The critical points found, and for frames without one the minimum, at a kink, of a convex landscape."""
    missing = np.setdiff1d(np.arange(len(heights)), found.frame)
    own = {name: np.asarray(values, dtype=np.float64)[missing] for name, values in params.items()}
    points = exact_zeros(convex_minima(landscape, own, len(missing)), np.array([np.ptp(x), np.ptp(y)]))
    inside = np.all((points > [x[0], y[0]]) & (points < [x[-1], y[-1]]), axis=-1)
    points, frame = points[inside], missing[inside]
    own = {name: values[inside] for name, values in own.items()}
    count = len(frame)
    nothing = np.full((count, 2), np.nan)
    more = CriticalPoints(
        frame, points, landscape.value(points, **own), nothing, np.full((count, 2, 2), np.nan), np.full(count, MINIMUM)
    )
    return CriticalPoints(*(np.concatenate([getattr(found, f.name), getattr(more, f.name)]) for f in fields(found)))


def convex_minima(landscape: Landscape, params: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """The minima [count, 2] of a convex landscape at these parameters [count], to 1e-9 of the window.

    A kink may hold a minimum, so this goes by subgradients alone. A landscape that has no minimum within twice the
    window gets a point far outside it.
    """

    def value_and_grad(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return landscape.value(points, **params), landscape.grad(points, **params)

    window = np.array(landscape.window)
    centre, radii = (np.tile(part, (count, 1)) for part in (window.mean(axis=1), 2.0 * np.ptp(window, axis=1)))
    return ellipsoid.minimise(value_and_grad, centre, radii, rounds=ROUNDS)[0]
