"""Why a descent ended as it did: computed from its path, its heights and the curvature where it matters.

Lengths are in windows, slopes and curvatures in heights a window, so that one set of thresholds serves every landscape
whatever its axes and heights. All descents of a batch are judged at once: a few passes over the paths, and Hessians at
two or three points of each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np

from core.landscapes.contract import Landscape
from core.landscapes.critical import MINIMUM, SADDLE, Critical, eigen

# Lengths, in windows.
REACHED = 1e-3  # this near a minimum is there: less than a pixel of a picture
SAME = 5e-3  # this near a known minimum is that one, though it was found by a single step of Newton's method
CLOSE = 0.05  # this near a saddle is beside it
NEWTON = 0.5  # farther ahead than this no quadratic is trusted
SLOW = 0.02  # what moved less in the last quarter stands still to the eye
AWAY = 0.55  # from the middle: outside the picture, and not just on its rim
SAFE = 1e6  # a height that is not finite nearer than this is undefined there, not too large
# Shares of curvatures and of slopes.
FLAT = 1e-7  # of the larger curvature: a smaller one is rounding, as in `critical`
BENT = 1e-3  # of the larger curvature: what the other, of the opposite sign, must be to make a saddle
TRUE = 0.1  # of the slope: what a step of Newton's method may leave of it if there is a critical point where it leads
LEVEL = 0.02  # of the height still to lose: what the slope would lose over a window. On convex ground that is over 0.7
ZERO = 1e-9  # of the steepest slope on the way: no slope
DIP = 0.1  # of the squared slope to come: with so much less of it a descent is being held up
# Shares of heights.
MATERIAL = 1e-8  # of the start's height, or of the curvature there: by so much is one minimum higher than another
BOTTOM = 1e-3  # of the start's height: there, where minima are not single points and a distance to one says nothing
GROWN = 1.01  # times the largest of the first half: what the whole last quarter exceeds if it diverges
GAINED = 0.2  # of slope times swing, so about of what is left: who turns and lost less in a quarter gets hardly nearer
# Shares of a path.
QUARTERS = 4
FEWEST = 8  # steps from which the shape of a path is judged
TURNING = 1 / 3  # of the length of the way made: who got no farther than this turns back on itself
HELD = 0.2  # of all steps: beside a saddle for longer is worth saying


class Fate(IntEnum):
    """How a descent ended, the good ends first."""

    CONVERGED = 0
    LOCAL_MINIMUM = 1
    ON_ITS_WAY = 2
    CRAWLING = 3
    PLATEAU = 4
    SADDLE = 5
    SLOWED = 6
    SUMMIT = 7
    OSCILLATING = 8
    LEFT = 9
    UNDEFINED = 10
    DIVERGED = 11

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Fate.CONVERGED: "converged",
    Fate.LOCAL_MINIMUM: "stuck in a local minimum",
    Fate.ON_ITS_WAY: "still on its way",
    Fate.CRAWLING: "crawling",
    Fate.PLATEAU: "stuck on a plateau",
    Fate.SADDLE: "stopped at a saddle",
    Fate.SLOWED: "slowed at a saddle",
    Fate.SUMMIT: "stopped on a summit",
    Fate.OSCILLATING: "oscillating",
    Fate.LEFT: "ran off downhill",
    Fate.UNDEFINED: "left the loss's domain",
    Fate.DIVERGED: "diverged",
}
SENTENCES = {
    Fate.CONVERGED: "Converged in {steps}.",
    Fate.LOCAL_MINIMUM: "Stuck after {steps} in a local minimum of height {height:.4g}; the lowest known is at "
    "{lowest:.4g}.",
    Fate.ON_ITS_WAY: "Still on its way.",
    Fate.CRAWLING: "Crawling: every step is short, and it is still far from a minimum.",
    Fate.PLATEAU: "Stuck on a plateau: at height {height:.4g} no slope is left.",
    Fate.SADDLE: "Stopped at a saddle: no slope, but the ground bends up one way ({high:.3g}) and down another "
    "({low:.3g}).",
    Fate.SLOWED: "Slowed at a saddle: it spent {halt} beside it.",
    Fate.SUMMIT: "Stopped on a summit: no slope, and every way leads down.",
    Fate.OSCILLATING: "Oscillating: it swings by ±{swing:.3g} and gets hardly any nearer.",
    Fate.LEFT: "Ran off downhill: out of the picture from step {step:d} on, and still falling.",
    Fate.UNDEFINED: "Left the loss's domain: at step {step:d} there is no loss.",
    Fate.DIVERGED: "Diverged: from step {step:d} on it is higher than its start.",
}
AHEAD = {
    Fate.ON_ITS_WAY: " At this pace it needs about {to_go} more.",
    Fate.CRAWLING: " At this pace it needs about {to_go} more; {share:.0%} of the way is done.",
}
TOO_FAST = " Its learning rate {rate:.3g} is above {limit:.3g} / (largest curvature {high:.3g}) = {bound:.3g}."
HELD_UP = " A saddle held it up for {halt}."


@dataclass(frozen=True, eq=False)
class Fates:
    """How each lane [...] ended, and the numbers that say why; NaN or -1 where a number has no meaning."""

    code: np.ndarray  # int: a Fate
    # The step at which it arrived, left the picture for good, or from which on it was above its start; else the last.
    step: np.ndarray  # int
    height: np.ndarray  # of the minimum it reached, else of its end
    lowest: np.ndarray  # the lowest known minimum, or the height reached if that is lower
    swing: np.ndarray  # half the width of the last quarter of the path, in the landscape's own units
    more: np.ndarray  # steps still to go, estimated; infinite when it does not move
    share: np.ndarray  # of the distance from the start to the minimum ahead: how much is done
    held: np.ndarray  # int: steps spent beside a saddle, 0 when few
    low: np.ndarray  # the smallest and largest curvature where it began, or lowest on the way if larger there;
    high: np.ndarray  # at a saddle, those of the saddle
    rate: np.ndarray
    limit: np.ndarray  # of rate times curvature: 2 for gradient descent

    @property
    def bound(self) -> np.ndarray:
        """The learning rate [...] above which steps grow; NaN where theory names none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.high > 0, self.limit / self.high, np.nan)

    @property
    def arrived(self) -> np.ndarray:
        """Whether each lane ended at a minimum, the lowest or not."""
        return self.code <= Fate.LOCAL_MINIMUM

    def sentence(self, at: Any = ()) -> str:
        """What happened to the lane at this index, in plain words."""
        fate = Fate(int(self.code[at]))
        numbers = {field.name: getattr(self, field.name)[at].item() for field in fields(self)}
        numbers["bound"] = bound = float(self.bound[at])
        words = {"steps": counted(numbers["step"]), "halt": counted(numbers["held"]), "to_go": counted(numbers["more"])}
        said = SENTENCES[fate]
        if fate == Fate.CONVERGED and numbers["step"] == 0:
            said = "Started at the minimum and stayed there."
        if np.isfinite(numbers["more"]):
            said += AHEAD.get(fate, "")
        if fate in (Fate.DIVERGED, Fate.OSCILLATING) and numbers["rate"] > bound:
            said += TOO_FAST
        if numbers["held"] and fate not in (Fate.SADDLE, Fate.SLOWED):
            said += HELD_UP
        return said.format(**numbers, **words)

    def sentences(self) -> np.ndarray:
        """All of them [...], str."""
        shape = self.code.shape
        return np.array([self.sentence(at) for at in np.ndindex(shape)], dtype=object).reshape(shape)


def counted(steps: float) -> str:
    """So many steps in words; an estimate, which is not whole, to two digits."""
    if not math.isfinite(steps):
        return "no number of steps"
    whole = int(steps) if steps == int(steps) else round(float(f"{steps:.2g}"))
    return f"{whole:,} step{'s' if whole != 1 else ''}"


def fates(
    points: np.ndarray,
    values: np.ndarray,
    gradients: np.ndarray,
    landscape: Landscape,
    *,
    rate: Any = np.nan,
    limit: Any = np.nan,
    critical: Critical | None = None,
    params: Mapping[str, Any] | None = None,
) -> Fates:
    """Judge the descents with these points [steps + 1, ..., 2], heights [steps + 1, ...] and exact gradients
    [steps + 1, ..., 2] on the landscape with its `params` (numbers or [...]).

    `rate` is the learning rate [...] and `limit` what its product with the curvature must not exceed (`stability` in
    `theory`), NaN for methods without such a bound: what is said of it in words, and nothing else, depends on both.
    `critical` holds the known critical points of this landscape (one frame): with them, minima that are not single
    points, kinks and higher minima are told apart. Paths that end in NaN or infinities are judged as all others.
    """
    lanes = values.shape[1:]
    with np.errstate(all="ignore"):
        ground = Ground.of(landscape, critical, lanes, params or {})
        size = math.prod(lanes)
        p, v, g = (
            array.reshape(len(points), size, *array.shape[values.ndim :]) for array in (points, values, gradients)
        )
        found = {name: array.reshape(lanes) for name, array in judged(p, v, g, ground).items()}
    given = {"rate": rate, "limit": limit}
    return Fates(**found, **{name: np.broadcast_to(np.float64(value), lanes) for name, value in given.items()})


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of a landscape under N lanes, and its window as the unit of length."""

    landscape: Landscape
    params: Mapping[str, np.ndarray]  # each [N]
    middle: np.ndarray  # [2]
    span: np.ndarray  # [2]
    minima: np.ndarray  # [K, 2], in the landscape's own units
    heights: np.ndarray  # [K]
    saddles: np.ndarray  # [S, 2]

    @classmethod
    def of(
        cls, landscape: Landscape, critical: Critical | None, lanes: tuple[int, ...], params: Mapping[str, Any]
    ) -> Ground:
        low, high = np.array(landscape.window).T
        own = {name: np.broadcast_to(value, lanes).ravel() for name, value in params.items()}
        points, heights = (critical.points, critical.values) if critical else (np.empty((0, 2)), np.empty(0))
        kind = critical.kind if critical else np.empty(0, dtype=str)
        least = kind == MINIMUM
        return cls(landscape, own, (low + high) / 2, high - low, points[least], heights[least], points[kind == SADDLE])

    def distance(self, points: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """From each point [N, 2] to the nearest of the places [K, 2], in windows, and its number; infinite for none."""
        if not len(places):
            return np.full(len(points), np.inf), np.zeros(len(points), dtype=int)
        apart = length((points[:, None] - places) / self.span)
        return apart.min(axis=1, initial=np.inf), apart.argmin(axis=1)

    def slope(self, points: np.ndarray, lanes: np.ndarray) -> np.ndarray:
        """Slopes [n, 2] at the points [n, 2] of these lanes, in heights a window."""
        return self.landscape.grad(points, **{name: values[lanes] for name, values in self.params.items()}) * self.span

    def bend(self, points: np.ndarray, lanes: np.ndarray) -> np.ndarray:
        """Hessians [n, 2, 2] there, in the landscape's own units."""
        return self.landscape.hessian(points, **{name: values[lanes] for name, values in self.params.items()})

    def leads_there(self, points: np.ndarray, place: Place, lanes: np.ndarray) -> np.ndarray:
        """Whether a step of Newton's method from each point [n] leads to where hardly a slope is left."""
        left = self.slope(points + place.newton * self.span, lanes)
        return length(left) <= TRUE * length(place.slope)

    def beside(self, points: np.ndarray, place: Place, lanes: np.ndarray, reach: float) -> np.ndarray:
        """Whether each point [n] is so near a saddle: a known one, or one that a step of Newton's method leads to."""
        found = place.saddle & (place.reach <= reach)
        if found.any():
            own = np.flatnonzero(found)
            found[own] = self.leads_there(points[own], place.take(own), lanes[own])
        return found | ~place.bowl & (self.distance(points, self.saddles)[0] <= reach)

    def place(self, points: np.ndarray, gradients: np.ndarray, lanes: np.ndarray) -> Place:
        slope = gradients * self.span
        curvature, directions = eigen(self.bend(points, lanes) * self.span[:, None] * self.span)
        along = np.einsum("nij,nj->ni", directions, slope)
        return Place(slope, curvature, directions, -np.einsum("ni,nij->nj", along / curvature, directions))


@dataclass(frozen=True, eq=False)
class Place:
    """The ground at points [n], in windows."""

    slope: np.ndarray  # [n, 2]
    curvature: np.ndarray  # [n, 2], rising
    directions: np.ndarray  # [n, 2, 2], their unit vectors in the rows
    newton: np.ndarray  # [n, 2]: the step to the critical point of the quadratic that fits here

    def take(self, index: np.ndarray) -> Place:
        return Place(*(getattr(self, field.name)[index] for field in fields(self)))

    @property
    def reach(self) -> np.ndarray:
        return length(self.newton)

    @property
    def bowl(self) -> np.ndarray:
        return self.curvature[:, 0] > FLAT * self.curvature[:, 1]

    @property
    def saddle(self) -> np.ndarray:
        low, high = self.curvature.T
        return (low < 0) & (high > 0) & (np.minimum(-low, high) >= BENT * np.maximum(-low, high))

    @property
    def summit(self) -> np.ndarray:
        return self.curvature[:, 1] < FLAT * self.curvature[:, 0]


def length(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(vectors[..., 0]) + np.square(vectors[..., 1]))


def after_last(mask: np.ndarray) -> np.ndarray:
    """The step after the last at which it holds, 0 where it never does: [steps + 1, n] -> [n]."""
    return np.where(mask.any(axis=0), len(mask) - np.argmax(mask[::-1], axis=0), 0)


def judged(p: np.ndarray, v: np.ndarray, g: np.ndarray, ground: Ground) -> dict[str, np.ndarray]:
    """Every array of Fates but the given ones, from points [steps + 1, N, 2], heights and gradients."""
    steps, lanes = len(v) - 1, np.arange(v.shape[1])
    finite = np.isfinite(v + p[..., 0] + p[..., 1])
    lost = np.where(finite.all(axis=0), steps + 1, np.argmin(finite, axis=0))
    whole = lost > steps
    start, final = v[0], v[np.maximum(lost - 1, 0), lanes]
    x = np.where(whole[:, None], p[-1], p[0])  # of those that are lost, a place where there is a slope
    here = ground.place(x, np.where(whole[:, None], g[-1], g[0]), lanes)
    lowest = ground.heights.min(initial=np.inf)
    squares = np.square(g[..., 0] * ground.span[0]) + np.square(g[..., 1] * ground.span[1])
    none = ZERO * np.sqrt(squares.max(axis=0))
    slope = length(here.slope)
    path = Tail.of(p, v, squares, ground)
    shaped, still = whole & (steps >= FEWEST), whole & (path.last <= 2 * REACHED)

    # Arrived: at a known minimum, or where Newton's method says that one is, or so low on ground without a curvature
    # (a kink, a trough, a plain) that a distance says nothing.
    near, which = ground.distance(x, ground.minima)
    there = still & ((near <= REACHED) | here.bowl & (here.reach <= REACHED))
    known = math.isfinite(lowest)
    bottom = whole & ~there & ~here.bowl & known & (final - lowest <= BOTTOM * (start - lowest))
    bottom |= whole & ~there & ground.landscape.convex & (slope <= none)
    target, height = x + here.newton * ground.span, final + np.where(there, np.sum(here.slope * here.newton, -1) / 2, 0)
    if len(ground.minima):
        target = np.where((near <= REACHED)[:, None], ground.minima[which], target)
        height = np.where(there & (near <= SAME), ground.heights[which], height)
    higher = there & (height - lowest > MATERIAL * np.maximum(start - lowest, here.curvature[:, 1]))

    # Gone: to infinity, up, or out of the picture and down.
    broke = v[np.minimum(lost, steps), lanes]
    away = length((p[np.maximum(lost - 1, 0), lanes] - ground.middle) / ground.span)
    undefined = ~whole & np.isnan(broke) & (away < SAFE)
    early, base = v[: steps // 2 + 1].max(axis=0), v.min(axis=0)
    grown = shaped & (final > start) & (path.least - base > GROWN * (early - base))
    outside = (np.abs(x - ground.middle) > AWAY * ground.span).any(axis=-1) & (away > path.away)
    left = shaped & outside & (path.late < path.before) & (final < start)
    left |= ~whole & (final < start) & (broke != np.inf)

    # Without a slope, or turning back on itself.
    at_saddle = still & ground.beside(x, here, lanes, REACHED)
    summit = still & here.summit & (here.reach <= REACHED)
    level = known & (slope <= LEVEL * (final - lowest))
    level |= (slope <= none) & (np.abs(here.curvature).max(axis=-1) <= none)
    plateau = whole & level & (path.moved <= SLOW) & (not ground.landscape.convex)
    turning = shaped & (path.way > 0) & (path.moved <= TURNING * path.way) & (path.gained < GAINED * path.worth)
    beside, since, held, saddles = held_up(p, g, squares, x, here, whole, ground)
    slowed = shaped & (held >= HELD * steps)
    more, share = ahead(p, x, here, final, path, ground, lanes)
    crawling = shaped & np.where(np.isfinite(more), more > steps, path.way <= SLOW)

    code = np.select(
        [there & ~higher | bottom, higher, undefined, left & ~whole, ~whole | grown, left, at_saddle, summit,
         slowed & beside, plateau, turning, slowed, crawling],
        [Fate.CONVERGED, Fate.LOCAL_MINIMUM, Fate.UNDEFINED, Fate.LEFT, Fate.DIVERGED, Fate.LEFT, Fate.SADDLE,
         Fate.SUMMIT, Fate.SLOWED, Fate.PLATEAU, Fate.OSCILLATING, Fate.SLOWED, Fate.CRAWLING],
        Fate.ON_ITS_WAY,
    )  # fmt: skip

    step = np.where(whole, steps, lost)
    arrived = np.flatnonzero(there)
    step[arrived] = after_last(length((p[:, arrived] - target[arrived]) / ground.span) > REACHED)
    low = np.flatnonzero(bottom)
    ends = np.minimum(lowest, final[low])
    step[low] = after_last((v[:, low] - ends > BOTTOM * (start[low] - ends)) & (squares[:, low] > none[low] ** 2))
    up = np.flatnonzero(code == Fate.DIVERGED)
    step[up] = np.minimum(after_last(v[:, up] <= start[up]), lost[up])
    off = np.flatnonzero(code == Fate.LEFT)
    step[off] = after_last((np.abs(p[:, off] - ground.middle) <= AWAY * ground.span).all(axis=-1))
    slow = np.isin(code, (Fate.SADDLE, Fate.SLOWED)) & (since >= 0)
    step[slow] = since[slow]

    # The curvature that it could not stand: where it began, or at the lowest point of its way. One that swings has
    # long left its start.
    bends = saddles
    for fate, places in ((Fate.DIVERGED, ("start", "lowest")), (Fate.OSCILLATING, ("lowest",))):
        own = np.flatnonzero(code == fate)
        for place in places:
            at = 0 if place == "start" else np.where(np.isfinite(v[:, own]), v[:, own], np.inf).argmin(axis=0)
            found = eigen(ground.bend(p[at, own], own))[0]
            bends[own] = np.where((found[:, 1] > bends[own, 1])[:, None] | np.isnan(bends[own]), found, bends[own])
    return {
        "code": code, "step": step, "height": height, "lowest": np.minimum(lowest, height), "swing": path.swing,
        "more": more, "share": share, "held": np.where(slowed, held, 0), "low": bends[:, 0], "high": bends[:, 1],
    }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Tail:
    """The last quarter of each path, lengths in windows."""

    quarter: int  # steps in it
    last: np.ndarray  # length of the last step
    way: np.ndarray  # length of all its steps
    moved: np.ndarray  # how far it got
    away: np.ndarray  # of its beginning from the middle of the window
    swing: np.ndarray  # half its width, in the landscape's own units
    least: np.ndarray  # its smallest height
    late: np.ndarray  # its mean height
    before: np.ndarray  # that of the quarter before
    worth: np.ndarray  # of height: half its width times its mean slope

    @property
    def gained(self) -> np.ndarray:
        return self.before - self.late

    @classmethod
    def of(cls, p: np.ndarray, v: np.ndarray, squares: np.ndarray, ground: Ground) -> Tail:
        quarter = max(1, len(v) // QUARTERS)
        tail = p[-quarter - 1 :]
        # Two points at either end, so that going to and fro once more or less makes no difference.
        moved = tail[-2:].mean(axis=0) - tail[:2].mean(axis=0)
        around = tail - (tail.max(axis=0) + tail.min(axis=0)) / 2
        late = v[-quarter:]
        return cls(
            quarter=quarter,
            last=length((tail[-1] - tail[-2:][0]) / ground.span),
            way=length(np.diff(tail, axis=0) / ground.span).sum(axis=0),
            moved=length(moved / ground.span),
            away=length((tail[0] - ground.middle) / ground.span),
            swing=length(around).max(axis=0),
            least=late.min(axis=0),
            late=late.mean(axis=0),
            before=v[-2 * quarter :][:quarter].mean(axis=0),
            worth=np.sqrt(squares[-quarter:]).mean(axis=0) * length(around / ground.span).max(axis=0),
        )


def held_up(
    p: np.ndarray, g: np.ndarray, squares: np.ndarray, x: np.ndarray, here: Place, whole: np.ndarray, ground: Ground
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Whether each path [N] ends beside a saddle, and of its longest halt beside one, there or on the way: its first
    step (-1 if there is none), its length in steps, and the saddle's curvatures [N, 2] in the landscape's own units."""
    steps, count = len(p) - 1, len(x)
    lanes = np.arange(count)
    beside = whole & ground.beside(x, here, lanes, CLOSE)
    # On the way: where the slope is smallest beside the steepest still to come.
    to_come = np.maximum.accumulate(squares[::-1], axis=0)[::-1]
    share = squares / to_come
    dip = np.where(beside, steps, np.nan_to_num(share, nan=1.0).argmin(axis=0))
    chosen = np.flatnonzero(beside | (share[dip, lanes] <= DIP))
    since, held, curvatures = np.full(count, -1), np.zeros(count, dtype=int), np.full((count, 2), np.nan)
    places = p[dip[chosen], chosen]
    ground_there = ground.place(places, g[dip[chosen], chosen], chosen)
    true = ground.beside(places, ground_there, chosen, CLOSE)
    chosen, places = chosen[true], places[true]
    centre = places + ground_there.newton[true] * ground.span
    near, which = ground.distance(places, ground.saddles)
    if len(ground.saddles):
        centre = np.where((near <= CLOSE)[:, None], ground.saddles[which], centre)
    radius = np.minimum(CLOSE, ground.distance(centre, ground.minima)[0] / 3)  # not as far as into the valley beside it
    far = length((p[:, chosen] - centre) / ground.span) > radius
    at = np.arange(steps + 1)[:, None]
    begin = np.where(far & (at < dip[chosen]), at, -1).max(axis=0, initial=-1) + 1
    end = np.where(far & (at > dip[chosen]), at, steps + 1).min(axis=0, initial=steps + 1)
    since[chosen], held[chosen] = begin, np.maximum(end - begin - 1, 0)
    curvatures[chosen] = eigen(ground.bend(centre, chosen))[0]
    return beside, since, held, curvatures


def ahead(
    p: np.ndarray, x: np.ndarray, here: Place, final: np.ndarray, path: Tail, ground: Ground, lanes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Steps until each path [N] reaches the minimum ahead of it, and the share of the distance from its start done.

    The minimum ahead is that of the quadratic which fits at the end, or the nearest known one below. The distance to it
    is taken to go on shrinking as it did over the last quarter: where a quadratic fits, in each direction of curvature
    by itself, which is exact for gradient descent; elsewhere as a whole, which is right to a factor of two or so.
    """
    sure = here.bowl & (here.reach <= NEWTON)
    sure[sure] = ground.leads_there(x[sure], here.take(sure), lanes[sure])
    target = np.where(sure[:, None], x + here.newton * ground.span, np.nan)
    if len(ground.minima):
        apart = length((x[:, None] - ground.minima) / ground.span)
        below = np.where(ground.heights < final[:, None], apart, np.inf)
        nearest = ground.minima[below.argmin(axis=1)]
        gap, which = ground.distance(np.where(np.isnan(target), np.inf, target), ground.minima)
        target = np.where((gap <= here.reach / 2)[:, None], ground.minima[which], target)
        target = np.where(np.isnan(target) & np.isfinite(below.min(axis=1))[:, None], nearest, target)
    # The larger of two steps in a row, for what swings through the minimum.
    gaps = [(part - target) / ground.span for part in (p[-2:], p[-path.quarter - 1 :][:2])]
    now, then = (
        np.where(sure[:, None], np.abs(np.einsum("nij,tnj->tni", here.directions, gap)), length(gap)[..., None]).max(
            axis=0
        )
        for gap in gaps
    )
    shrinking = np.log(then / now) / path.quarter
    each = np.where(now <= REACHED, 0.0, np.where(shrinking > 0, np.log(now / REACHED) / shrinking, np.inf))
    done = 1 - length((x - target) / ground.span) / length((p[0] - target) / ground.span)
    gone = np.isnan(target).any(axis=-1)
    return np.where(gone, np.nan, each.max(axis=-1)), np.where(gone, np.nan, np.clip(done, 0.0, 1.0))
