"""Why a descent ended as it did: computed from its path, its heights and the curvature where it matters.

All descents of a batch are judged at once: a few passes over the paths, and Hessians at two or three points of each.
Lengths are in windows, slopes and curvatures in heights a window (see `lie`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.descent.local_quadratic import CLOSE, FLAT, Ground, Lie, after_last, length
from core.descent.outcome import Fate, Fates
from core.landscapes.critical import Critical
from core.landscapes.landscape import Landscape

# Lengths, in windows.
REACHED = 1e-3  # this near a minimum is there: less than a pixel of a picture
NEWTON = 0.5  # farther ahead than this no quadratic is trusted
SLOW = 0.02  # what moved less in the last quarter stands still to the eye
AWAY = 0.55  # from the middle: outside the picture, and not just on its rim
FAR = 100.0  # what is out there, and higher than it began, has diverged
SAFE = 1e6  # a height that is not finite nearer than this is undefined there, not too large
# Shares of curvatures and of slopes.
LEVEL = 0.02  # of the height still to lose: what the slope would lose over a window. On convex ground that is over 0.7
BEND = 1.0  # of the height still to lose: a curvature that large would have changed the slope by it over a window
ZERO = 1e-9  # of the steepest slope on the way: no slope
DIP = 0.1  # of the squared slope elsewhere on the path: what has no more of it is held up
# Shares of heights.
MATERIAL = 1e-7  # of the start's height, or of the curvature there: by so much is one minimum higher than another
BOTTOM = 1e-3  # of the start's height: there, where minima are not single points and a distance to one says nothing
GROWN = 1.01  # times the largest of the first half: what the whole last quarter exceeds if it diverges
GAINED = 0.2  # of slope times swing, so about of what is left: who turns and lost less in a quarter gets hardly nearer
# Shares of a path.
QUARTERS = 4
POWERS = (0.0, 3.0)  # of a distance that shrinks evenly: from shrinking by a factor, over by a length, to speeding up
FEWEST = 8  # steps from which the shape of a path is judged
TURNING = 1 / 3  # of the length of the way made: who got no farther than this turns back on itself
ONE_LINE = 1e-6  # of a step: what goes no farther aside goes straight on
HELD = 0.2  # of all steps: beside a saddle for longer is worth saying


def fates(
    points: np.ndarray,
    values: np.ndarray,
    gradients: np.ndarray,
    landscape: Landscape,
    *,
    rate: Any = np.nan,
    limit: Any = np.nan,
    critical: Critical | None = None,
    frame: Any = None,
    params: Mapping[str, Any] | None = None,
) -> Fates:
    """Judge the descents with these points [steps + 1, ..., 2], heights [steps + 1, ...] and exact gradients
    [steps + 1, ..., 2] on the landscape with its `params` (numbers or [...]).

    `rate` is the learning rate [...] and `limit` what its product with the curvature must not exceed (`stability` in
    `theory`), NaN for methods without such a bound; only the words depend on them. `critical` holds the known critical
    points: with them minima that are kinks or troughs are seen, and which minimum is the lowest. Where it holds several
    frames, `frame` [...] says which is each lane's. Paths that end in NaN or infinity are judged as all others.
    """
    lanes = values.shape[1:]
    size = math.prod(lanes)
    with np.errstate(all="ignore"):
        ground = Ground.of(landscape, lanes, critical, frame, params or {})
        # As rows of x, y, x, y ...: NumPy takes four times as long over a last axis of 2.
        middle, span, rows = np.tile(ground.middle, size), np.tile(ground.span, size), len(values)
        places = ((points.reshape(rows, 2 * size) - middle) / span).reshape(rows, size, 2)
        slopes = (gradients.reshape(rows, 2 * size) * span).reshape(rows, size, 2)
        found = judged(places, values.reshape(rows, size), slopes, ground)
    given = {"rate": rate, "limit": limit}
    return Fates(
        **{name: array.reshape(lanes) for name, array in found.items()},
        **{name: np.broadcast_to(np.float64(value), lanes) for name, value in given.items()},
    )


@dataclass(frozen=True, eq=False)
class Tail:
    """The last quarter of each path."""

    quarter: int  # steps in it
    last: np.ndarray  # length of the last step
    way: np.ndarray  # length of all its steps
    moved: np.ndarray  # how far it got
    away: np.ndarray  # of its beginning from the middle
    swing: np.ndarray  # half its width, in the landscape's own units
    least: np.ndarray  # its smallest height
    late: np.ndarray  # its mean height
    before: np.ndarray  # that of the quarter before
    worth: np.ndarray  # of height: half its width times its mean slope

    @classmethod
    def of(cls, q: np.ndarray, v: np.ndarray, squares: np.ndarray, span: np.ndarray) -> Tail:
        quarter = max(1, len(v) // QUARTERS)
        tail, late = q[-quarter - 1 :], v[-quarter:]
        steps = np.diff(q[-quarter - 1 :], axis=0, prepend=tail[:1])
        # Two points at either end, so that going to and fro once more or less makes no difference.
        moved = tail[-2:].mean(axis=0) - tail[:2].mean(axis=0)
        around = tail - (tail.max(axis=0) + tail.min(axis=0)) / 2
        return cls(
            quarter=quarter,
            last=length(steps[-1]),
            way=length(steps).sum(axis=0),
            moved=length(moved),
            away=length(tail[0]),
            swing=length(around * span).max(axis=0),
            least=late.min(axis=0),
            late=late.mean(axis=0),
            before=v[-2 * quarter :][:quarter].mean(axis=0),
            worth=np.sqrt(squares[-quarter:]).mean(axis=0) * length(around).max(axis=0),
        )


def judged(q: np.ndarray, v: np.ndarray, s: np.ndarray, ground: Ground) -> dict[str, np.ndarray]:
    """Every array of Fates but the given ones, from places [steps + 1, N, 2], heights and slopes."""
    steps, lanes = len(v) - 1, np.arange(v.shape[1])
    finite = np.isfinite(v + q[..., 0] + q[..., 1])
    lost = np.where(finite.all(axis=0), steps + 1, np.argmin(finite, axis=0))
    whole, end = lost > steps, np.maximum(lost - 1, 0)
    x, start, final, broke = q[end, lanes], v[0], v[end, lanes], v[np.minimum(lost, steps), lanes]
    lie = ground.lie(x, s[end, lanes], lanes)
    slope, squares = length(lie.slope), np.square(s[..., 0]) + np.square(s[..., 1])
    none = ZERO * np.sqrt(squares.max(axis=0))
    tail = Tail.of(q, v, squares, ground.span)
    shaped, still = whole & (steps >= FEWEST), whole & (tail.last <= 2 * REACHED)
    lowest = np.where(ground.minima.owned(lanes), ground.minima.heights, np.inf).min(axis=1)
    convex, known = ground.landscape.convex, np.isfinite(lowest)

    # Arrived: at a known minimum, or where Newton's method says that one is, or so low on ground without a curvature
    # (a kink, a trough, a plain) that a distance says nothing.
    near, which = ground.minima.nearest(x, lanes)
    there = still & ((near <= REACHED) | lie.bowl & (lie.reach <= REACHED))
    bottom = whole & ~there & ~lie.bowl
    bend, height_lost = np.abs(lie.curvature).max(axis=-1), start - lowest
    bottom &= known & (final - lowest <= BOTTOM * height_lost) & (convex | (bend <= BOTTOM * height_lost)) | (
        convex & (slope <= none)
    )
    target = np.where((near <= REACHED)[:, None], ground.minima.places[which], x + lie.newton)
    height = np.where(
        near <= REACHED, ground.minima.heights[which], final + np.sum(lie.slope * lie.newton, axis=-1) / 2
    )
    height = np.where(there, height, final)
    higher = there & (height - lowest > MATERIAL * np.fmax(start - lowest, lie.curvature[:, 1]))

    # Gone: to infinity, up, or out of the picture and down.
    away = length(x)
    undefined = ~whole & np.isnan(broke) & (away < SAFE)
    fell = ~whole & (final < start) & ((broke != np.inf) | (away > FAR))
    early, base = v[: steps // 2 + 1].max(axis=0), v.min(axis=0)
    grown = shaped & (final > start) & (tail.least - base > GROWN * (early - base))
    grown |= whole & (final > start) & (away > FAR)  # thrown out, though it may have come to rest there
    sure, (more, share) = np.zeros(len(lanes), dtype=bool), np.full((2, len(lanes)), np.nan)
    own = np.flatnonzero(shaped & ~there & ~bottom)
    sure[own], more[own], share[own] = ahead(q, lie.take(own), final[own], tail.quarter, ground, own)
    outside = (np.abs(x) > AWAY).any(axis=-1) & (away > tail.away)
    left = shaped & outside & ~sure & (tail.late < tail.before) & (final < start)
    left |= whole & (final < start) & (away > FAR)

    # Without a slope, turning back on itself, or slow.
    to_saddle, _ = ground.to_saddle(x, lie, lanes)
    summit = still & lie.summit & (lie.reach <= REACHED)
    above = final - lowest
    level = known & (slope <= LEVEL * above) & (bend <= BEND * above) | (slope <= none) & (bend <= none)
    plateau = whole & level & (tail.moved <= SLOW) & (not convex)
    turning = shaped & (tail.way > 0) & (tail.moved <= TURNING * tail.way)
    turning &= tail.before - tail.late < GAINED * tail.worth
    at_saddle = still & (to_saddle <= REACHED)
    beside = at_saddle | whole & (to_saddle <= CLOSE) & (np.square(slope) <= DIP * squares.max(axis=0))
    since, held, bends = held_up(q, s, squares, beside, ground)
    slowed = shaped & (held >= HELD * steps)
    crawling = shaped & np.where(np.isfinite(more), more > steps, tail.way <= SLOW)

    code = np.select(
        [there & ~higher | bottom, higher, undefined, fell, ~whole | grown, left, at_saddle, summit,
         slowed & beside, plateau, turning, slowed, crawling],
        [Fate.CONVERGED, Fate.LOCAL_MINIMUM, Fate.UNDEFINED, Fate.LEFT, Fate.DIVERGED, Fate.LEFT, Fate.SADDLE,
         Fate.SUMMIT, Fate.SLOWED, Fate.PLATEAU, Fate.OSCILLATING, Fate.SLOWED, Fate.CRAWLING],
        Fate.ON_ITS_WAY,
    )  # fmt: skip

    step = np.minimum(lost, steps)
    own = np.flatnonzero(there)
    step[own] = after_last(length(q[:, own] - target[own]) > REACHED)
    own = np.flatnonzero(bottom)
    least = np.minimum(lowest, final)[own]
    step[own] = after_last((v[:, own] - least > BOTTOM * (start[own] - least)) & (squares[:, own] > none[own] ** 2))
    own = np.flatnonzero(code == Fate.DIVERGED)
    step[own] = np.minimum(after_last(v[:, own] <= start[own]), lost[own])
    own = np.flatnonzero(code == Fate.LEFT)
    step[own] = after_last((np.abs(q[:, own]) <= AWAY).all(axis=-1))
    own = np.flatnonzero(((code == Fate.SADDLE) | (code == Fate.SLOWED)) & (since >= 0))
    step[own] = since[own]

    # The curvature that was too much: where it began, at its lowest point or at the minimum next to its start. One that
    # swings has long left its start; what counts is its lowest point, and the minimum that it swings about.
    along = np.zeros(len(lanes), dtype=bool)
    for fate, from_start in ((Fate.DIVERGED, True), (Fate.OSCILLATING, False)):
        own = np.flatnonzero(code == fate)
        deepest = np.where(np.isfinite(v[:, own]), v[:, own], np.inf).argmin(axis=0)
        places, bends[own] = [q[deepest, own]], np.nan
        begin = q[0, own] if from_start else places[0]
        room = np.inf if from_start else length(q[-tail.quarter :, own] - begin).max(axis=0)
        near, which = ground.minima.nearest(begin, own)
        places += [begin, np.where((np.isfinite(near) & (near <= room))[:, None], ground.minima.places[which], begin)]
        direction = straight(q[:, own] * ground.span)
        for place in places:
            found = ground.curvatures(place, own)
            met = ground.curvature_along(place, direction, own)
            less = met < found[:, 1] * (1 - FLAT)  # not where the path has no direction, NaN
            found[:, 1] = np.where(less, met, found[:, 1])
            more_so = (found[:, 1:] > bends[own, 1:]) | np.isnan(bends[own, 1:])  # at a kink there is none
            bends[own], along[own] = np.where(more_so, found, bends[own]), np.where(more_so[:, 0], less, along[own])
    return {
        "code": code, "step": step, "height": height, "lowest": np.minimum(lowest, height), "swing": tail.swing,
        "more": more, "share": share, "held": np.where(slowed, held, 0), "low": bends[:, 0], "high": bends[:, 1],
        "along": along,
    }  # fmt: skip


def straight(paths: np.ndarray) -> np.ndarray:
    """The direction [n, 2] of each path [steps + 1, n, 2] whose steps all lie on one line; NaN for the others.

    Such a path has no part in any other direction, and the curvature there is nothing to it.
    """
    steps = np.diff(paths, axis=0, append=paths[-1:])  # one of no length more, that there always is one
    size = np.hypot(steps[..., 0], steps[..., 1])
    counted = np.isfinite(size) & (size > 0)
    units = np.where(counted[..., None], steps / size[..., None], 0.0)
    first = units[counted.argmax(axis=0), np.arange(paths.shape[1])]
    across = units[..., 0] * first[:, 1] - units[..., 1] * first[:, 0]
    return np.where((np.abs(across).max(axis=0) <= ONE_LINE)[:, None], first, np.nan)


def held_up(
    q: np.ndarray, s: np.ndarray, squares: np.ndarray, beside: np.ndarray, ground: Ground
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The halt of each path [N] beside a saddle: the one where it ends, or else where it had the smallest share of the
    slope that was still to come. Its first step (-1 where there is none), its length in steps, and the saddle's
    curvatures [N, 2] in the landscape's own units."""
    steps, count = len(q) - 1, q.shape[1]
    since, held, bends = np.full(count, -1), np.zeros(count, dtype=int), np.full((count, 2), np.nan)
    share = squares / np.maximum.accumulate(squares[::-1], axis=0)[::-1]
    at = np.where(beside, steps, np.where(np.isnan(share), 1.0, share).argmin(axis=0))
    lanes = np.flatnonzero(beside | (share[at, np.arange(count)] <= DIP))
    x = q[at[lanes], lanes]
    near, place = ground.to_saddle(x, ground.lie(x, s[at[lanes], lanes], lanes), lanes)
    true = np.isfinite(near)
    lanes, place = lanes[true], place[true]
    valley = ground.minima.nearest(place, lanes)[0] / 3  # the halt ends before the path settles in a valley close by
    far = length(q[:, lanes] - place) > np.minimum(CLOSE, valley)
    number = np.arange(steps + 1)[:, None]
    first = np.where(far & (number <= at[lanes]), number, -1).max(axis=0, initial=-1) + 1
    last = np.where(far & (number > at[lanes]), number, steps + 1).min(axis=0, initial=steps + 1)
    since[lanes], held[lanes] = first, np.minimum(last, steps) - first
    bends[lanes] = ground.curvatures(place, lanes)
    return since, held, bends


def ahead(
    q: np.ndarray, lie: Lie, final: np.ndarray, quarter: int, ground: Ground, lanes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether a quadratic says where the minimum ahead of each path [n] is, the steps still to go until there, and the
    share of the distance from the start that is done.

    The minimum ahead is that of the quadratic which fits at the end, or the nearest known one below; NaN without. The
    distance to it is taken to go on shrinking as it did over the last half, its speed going as some power of it: where
    a quadratic fits in each direction of curvature by itself, which is exact for gradient descent.
    """
    x = q[-1, lanes]
    sure = lie.bowl & (lie.reach <= NEWTON)
    sure[sure] = ground.leads_there(x[sure], lie.take(sure), lanes[sure])
    apart = np.where(ground.minima.heights < final[:, None], ground.minima.apart(x, lanes), np.inf)
    target = np.where(sure[:, None], x + lie.newton, ground.minima.places[apart.argmin(axis=1)])
    near, which = ground.minima.nearest(target, lanes)
    target = np.where((near <= lie.reach / 2)[:, None], ground.minima.places[which], target)
    # Three times, a quarter apart; at each the larger of two steps in a row, for what swings through the minimum.
    before, then, now = (
        np.where(sure[:, None], np.abs(np.einsum("nij,tnj->tni", lie.directions, gap)), length(gap)[..., None]).max(0)
        for gap in (q[-2 - back * quarter :][:2, lanes] - target for back in (2, 1, 0))
    )
    # If the speed goes as the distance to the power 1 - e, the distance to the power e shrinks by the same each step.
    e = np.clip(1 - np.log((then - now) / (before - then)) / np.log((then + now) / (before + then)), *POWERS)
    even = ~(np.abs(e) > 0.01)
    quarters = np.where(even, np.log(now / REACHED) / np.log(then / now), (now**e - REACHED**e) / (then**e - now**e))
    more = np.where(now <= REACHED, 0.0, np.where(then > now, quarters * quarter, np.inf)).max(axis=-1)
    share = np.clip(1 - length(x - target) / length(q[0, lanes] - target), 0.0, 1.0)
    nowhere = ~np.isfinite(target).all(axis=-1)
    return sure, np.where(nowhere, np.nan, more), np.where(nowhere, np.nan, share)
