"""Critical points of a landscape: found on a grid, refined by Newton's method, classified by their curvature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from core.landscapes.landscape import Landscape
from core.models import ellipsoid

STEPS = 60  # of Newton's method: near a degenerate point each one only halves the distance
REACH = 0.05  # of the window: the longest step, so that a seed finds the critical point it stands beside
STILL = 1e-9  # of the window: a step this short has arrived
LEVEL = 1e-6  # of the window's typical slope: what counts as level ground
SAME = 1e-4  # of the window: two points this near are one
FLAT = 1e-7  # of the larger curvature, or of the window's typical one: a curvature that decides nothing
RING = 2e-3  # of the window: how far away a point without a deciding curvature is looked at from
NEAR = 4.0  # cells of the grid: how far a minimum at a kink may be from where it was looked for
SMALLER, ZOOMS = 0.7, 60  # of a search around a kink
ROUNDS = 240  # of the ellipsoid method: each shrinks the radius by an eighth
MINIMUM, SADDLE, MAXIMUM = "minimum", "saddle", "maximum"


@dataclass(frozen=True)
class Critical:
    """K critical points of several frames of one landscape, the lowest of each frame first."""

    frame: np.ndarray  # int [K]
    points: np.ndarray  # float64 [K, 2]
    values: np.ndarray  # float64 [K]
    eigenvalues: np.ndarray  # float64 [K, 2], rising; NaN at a kink, where there is no Hessian
    directions: np.ndarray  # float64 [K, 2, 2]: the unit eigenvectors in the rows
    kind: np.ndarray  # str [K]: minimum, saddle or maximum

    def __len__(self) -> int:
        return len(self.frame)

    def take(self, index: np.ndarray) -> Critical:
        return Critical(*(getattr(self, field.name)[index] for field in fields(self)))

    def of(self, frame: int) -> Critical:
        return self.take(np.flatnonzero(self.frame == frame))


def grid(landscape: Landscape, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`size` values of x and of y over the window, and the points [size (y), size (x), 2]."""
    (x_low, x_high), (y_low, y_high) = landscape.window
    x, y = np.linspace(x_low, x_high, size), np.linspace(y_low, y_high, size)
    return x, y, np.stack(np.meshgrid(x, y), axis=-1)


def critical_points(
    landscape: Landscape, x: np.ndarray, y: np.ndarray, heights: np.ndarray, params: Mapping[str, np.ndarray]
) -> Critical:
    """The critical points inside the grid. `heights` [F, y, x] are its values in F frames, `params` [F] theirs.

    A pair of critical points closer than a cell of the grid can be missed.
    """
    frame, start = seeds(x, y, heights, thin=landscape.costly)
    own = {name: np.asarray(values, dtype=np.float64)[frame] for name, values in params.items()}
    span = np.array([np.ptp(x), np.ptp(y)])
    points, settled = refined(landscape, start, own, span)
    rise = np.nanmedian(np.abs(np.diff(heights, axis=-1))) / (x[1] - x[0])
    slopes = np.linalg.norm(landscape.grad(points, **own) * span, axis=-1)
    smooth = settled & (slopes <= LEVEL * rise * span[0])
    # Where the slope jumps Newton's method has nothing to settle on, and leaves for a smooth point elsewhere: a minimum
    # there is searched for by its height.
    if landscape.kinked:
        far = np.linalg.norm((points - start) / span, axis=-1) > NEAR / len(x)
        rest = np.flatnonzero(~smooth | far)
        there, tip = tips(landscape, start[rest], {name: values[rest] for name, values in own.items()}, span, x)
        points, frame = np.concatenate([points, there[tip]]), np.concatenate([frame, frame[rest[tip]]])
        own = {name: np.concatenate([values, values[rest[tip]]]) for name, values in own.items()}
        smooth = np.concatenate([smooth, np.zeros(tip.sum(), dtype=bool)])
        kept = np.concatenate([smooth[: len(start)], np.ones(tip.sum(), dtype=bool)])
    else:
        kept = smooth
    points = exact_zeros(points, span)
    inside = np.all((points >= [x[0], y[0]]) & (points <= [x[-1], y[-1]]), axis=-1)
    index = np.flatnonzero(kept & inside)
    index = index[distinct(frame[index], points[index] / span)]
    found = described(
        landscape, frame[index], points[index], {n: v[index] for n, v in own.items()}, smooth[index], span
    )
    if landscape.convex:
        found = found.take(np.flatnonzero(found.kind == MINIMUM))  # elsewhere level ground that rounding made wavy
        found = with_lowest(landscape, found, x, y, heights, params)
    return found.take(np.lexsort((found.values, found.frame)))


def exact_zeros(points: np.ndarray, span: np.ndarray) -> np.ndarray:
    """A coordinate that is zero but for the last digits of an iteration is zero."""
    return np.where(np.abs(points) <= STILL * span, 0.0, points)


def seeds(x: np.ndarray, y: np.ndarray, heights: np.ndarray, *, thin: bool) -> tuple[np.ndarray, np.ndarray]:
    """Frames [S] and places [S, 2] around which both slopes have both signs; with `thin`, of neighbours the one on the
    most level ground."""
    with np.errstate(invalid="ignore"):
        across, along = (np.diff(heights, axis=axis) for axis in (-1, -2))
        # Around each inner grid point, the slopes to its sides in its own row and in the two beside it.
        turns = both_signs(across, (3, 2)) & both_signs(along, (2, 3))
        turns &= blocks(across != 0, (3, 2), np.logical_or) | blocks(along != 0, (2, 3), np.logical_or)
        if thin:
            steep = np.square(across[:, 1:-1, 1:] + across[:, 1:-1, :-1])
            steep += np.square(along[:, 1:, 1:-1] + along[:, :-1, 1:-1])
            steep = np.pad(np.where(turns, steep, np.inf), ((0, 0), (1, 1), (1, 1)), constant_values=np.inf)
            turns &= steep[:, 1:-1, 1:-1] <= blocks(steep, (3, 3), np.minimum)
    frame, row, column = np.nonzero(turns)
    return frame, np.stack([x[column + 1], y[row + 1]], axis=-1)


def both_signs(slopes: np.ndarray, block: tuple[int, int]) -> np.ndarray:
    """Whether each block of the grid holds a slope of either sign, or a zero."""
    return blocks(slopes <= 0, block, np.logical_or) & blocks(slopes >= 0, block, np.logical_or)


def blocks(array: np.ndarray, block: tuple[int, int], joined: np.ufunc) -> np.ndarray:
    """What is in each block [F, y, x] of so many rows and columns, joined."""
    for axis, size in zip((1, 2), block, strict=True):
        length = array.shape[axis] - size + 1
        array = joined.reduce([array.take(range(at, at + length), axis=axis) for at in range(size)])
    return array


def refined(
    landscape: Landscape, start: np.ndarray, params: Mapping[str, np.ndarray], span: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Newton's method on the gradient from each start [S, 2]: where it ended, and whether it settled there [S]."""
    here, settled = start.copy(), np.zeros(len(start), dtype=bool)
    moving = np.arange(len(start))
    for _ in range(STEPS):
        if not moving.size:
            break
        own = {name: values[moving] for name, values in params.items()}
        slope, bend = landscape.grad(here[moving], **own), landscape.hessian(here[moving], **own)
        determinant = bend[:, 0, 0] * bend[:, 1, 1] - bend[:, 0, 1] ** 2
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = np.stack(
                [
                    bend[:, 1, 1] * slope[:, 0] - bend[:, 0, 1] * slope[:, 1],
                    bend[:, 0, 0] * slope[:, 1] - bend[:, 0, 1] * slope[:, 0],
                ],
                axis=-1,
            ) / determinant[:, None]  # fmt: skip
        level = (slope == 0).all(axis=-1)
        step[level] = 0.0  # already there, whatever the curvature
        length = np.linalg.norm(step / span, axis=-1)
        lost = ~np.isfinite(length)
        step[lost] = 0.0
        step *= np.minimum(1.0, REACH / np.where(length > REACH, length, REACH))[:, None]
        here[moving] -= step
        settled[moving] = length <= STILL
        moving = moving[~lost & (length > STILL)]
    return here, settled


def tips(
    landscape: Landscape, start: np.ndarray, params: Mapping[str, np.ndarray], span: np.ndarray, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The lowest point beside each start [S, 2], and whether all around is higher [S]: a minimum without a Hessian."""
    here, size = start.copy(), 2.0 / len(x)
    offsets = np.stack(np.meshgrid(*[np.linspace(-1.0, 1.0, 5)] * 2), axis=-1).reshape(-1, 1, 2)
    each = np.arange(len(start))
    for _ in range(ZOOMS if len(start) else 0):
        around = here + size * span * offsets
        heights = landscape.value(around, **params)
        here = around[np.argmin(np.where(np.isnan(heights), np.inf, heights), axis=0), each]
        size *= SMALLER
    near = np.linalg.norm((here - start) / span, axis=-1) <= NEAR / len(x)
    return here, near & (landscape.value(circle(here, span), **params) > landscape.value(here, **params)).all(axis=0)


def circle(points: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Places [24, S, 2] all around each point [S, 2]."""
    angle = np.arange(24)[:, None] * (2 * np.pi / 24)
    return points + RING * span * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def distinct(frame: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The index of the first of each group of points that are one. `places` [S, 2] in units of the window."""
    kept: list[int] = []
    for number in np.unique(frame):
        own = np.flatnonzero(frame == number)
        while own.size:
            kept.append(int(own[0]))
            own = own[np.linalg.norm(places[own] - places[own[0]], axis=-1) > SAME]
    return np.array(kept, dtype=int)


def described(
    landscape: Landscape,
    frame: np.ndarray,
    points: np.ndarray,
    params: Mapping[str, np.ndarray],
    smooth: np.ndarray,
    span: np.ndarray,
) -> Critical:
    """What kind of point each is: by the signs of the curvatures, or where they decide nothing by what lies around."""
    eigenvalues, directions = eigen(landscape.hessian(points, **params))
    eigenvalues = np.where(smooth[:, None], eigenvalues, np.nan)
    scale = np.abs(eigenvalues).max(axis=-1, initial=0.0, keepdims=True)
    decided = smooth & (np.abs(eigenvalues) > FLAT * scale).all(axis=-1)
    around = circle(points, span)
    higher = landscape.value(around, **params) - landscape.value(points, **params)
    up, down = (higher > 0).all(axis=0), (higher < 0).all(axis=0)
    up = np.where(decided, (eigenvalues > 0).all(axis=-1), up)
    down = np.where(decided, (eigenvalues < 0).all(axis=-1), down)
    kind = np.where(up, MINIMUM, np.where(down, MAXIMUM, SADDLE))
    # A point on level ground, or on its rim, is none of these: around a critical point there is a slope everywhere.
    sloping = (landscape.grad(around, **params) != 0).any(axis=-1).all(axis=0)
    found = Critical(frame, points, landscape.value(points, **params), eigenvalues, directions, kind)
    return found.take(np.flatnonzero(decided | up | down | sloping))


def eigen(hessian: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues [..., 2], rising, and unit eigenvectors [..., 2, 2] in rows, of symmetric 2 x 2 matrices."""
    a, b, d = hessian[..., 0, 0], hessian[..., 0, 1], hessian[..., 1, 1]
    middle, radius = (a + d) / 2, np.hypot((a - d) / 2, b)
    angle = 0.5 * np.arctan2(2 * b, a - d)  # of the larger one
    larger = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    smaller = np.stack([-np.sin(angle), np.cos(angle)], axis=-1)
    return np.stack([middle - radius, middle + radius], axis=-1), np.stack([smaller, larger], axis=-2)


def with_lowest(
    landscape: Landscape,
    found: Critical,
    x: np.ndarray,
    y: np.ndarray,
    heights: np.ndarray,
    params: Mapping[str, np.ndarray],
) -> Critical:
    """The minimum of a convex landscape, in the frames where no critical point was found: one at a kink."""
    missing = np.setdiff1d(np.arange(len(heights)), found.frame)
    own = {name: np.asarray(values, dtype=np.float64)[missing] for name, values in params.items()}
    points = exact_zeros(lowest(landscape, own, len(missing)), np.array([np.ptp(x), np.ptp(y)]))
    inside = np.all((points > [x[0], y[0]]) & (points < [x[-1], y[-1]]), axis=-1)
    points, frame = points[inside], missing[inside]
    own = {name: values[inside] for name, values in own.items()}
    count = len(frame)
    nothing = np.full((count, 2), np.nan)
    more = Critical(
        frame, points, landscape.value(points, **own), nothing, np.full((count, 2, 2), np.nan), np.full(count, MINIMUM)
    )
    return Critical(*(np.concatenate([getattr(found, f.name), getattr(more, f.name)]) for f in fields(found)))


def lowest(landscape: Landscape, params: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """The minima [count, 2] of a convex landscape at these parameters [count], to 1e-9 of the window.

    A kink may hold a minimum, so this goes by subgradients alone. A landscape that has no minimum within twice the
    window gets a point far outside it.
    """

    def value_and_grad(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return landscape.value(points, **params), landscape.grad(points, **params)

    window = np.array(landscape.window)
    centre, radii = (np.tile(part, (count, 1)) for part in (window.mean(axis=1), 2.0 * np.ptp(window, axis=1)))
    return ellipsoid.minimise(value_and_grad, centre, radii, rounds=ROUNDS)[0]
