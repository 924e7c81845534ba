"""What the rules look at: numbers that do not change when all losses are multiplied or the run is sampled finer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.diagnosis.curve import LATE, Curve
from core.diagnosis.points import Points, averaged
from core.diagnosis.shapes import NO_DROP, NO_LEAPS, Drop, Leaps, drop, leaps, slow_swing
from core.diagnosis.swings import NONE, Swings, swings

FEWEST = 5  # values below which a curve is not judged
SMALL = 0.01  # of the loss's size: the least change that counts, for a curve that never moved by more
FIRST = 0.95  # of the whole fall: a first value that takes more is set aside where the rest still falls
CLEAR = 10.0  # times the noise: how much the rest must fall for that
EXACT = 1e-9  # of a loss: less may be rounding
FLAT = 0.05  # of the whole fall, and of the loss itself: less is flat
STILL = 0.02  # of both: within so much of its end a loss counts as flat since then
REGULAR = 0.45  # correlation of swings beyond chance
SUDDEN = 0.25  # of a period: a rise that takes no longer is a leap
SURE = 2.5  # standard errors taken off what a rule wants to be large
SURE_OF_TURN = 3.5  # the same where a least value was picked, which noise makes too low

MEASURES = {
    "values": "values of the judged loss (validation, if there is one)",
    "points": "values of both losses",
    "lost": "values at the end that are not finite",
    "zero": "share of the losses that are exactly 0",
    "climb": "rise of the training loss since its lowest, in falls",
    "climb_in_noise": "the same, in standard deviations of the noise",
    "climb_in_size": "the same, as a share of the size of the loss",
    "summit": "end of the training loss above its lowest, over all that it reached before the last quarter",
    "rising": "rise of the training loss since its lowest, less its error, in falls",
    "rising_in_size": "the same, as a share of the size of the loss",
    "stays": "how far nine tenths of the last quarter lie above the lowest training loss, in falls",
    "stays_in_noise": "the same, in standard deviations of the noise",
    "stays_in_size": "the same, as a share of the size of the loss",
    "above": "how far the median of the second half lies above the first training loss, in sizes of the loss",
    "regular": "likeness of the loss's swings to those a period before",
    "period": "period of the swings, in values",
    "swing": "width of the swings, in falls",
    "growth": "width of the later swings over that of the earlier",
    "leaps": "sudden rises of the loss from which it came back down",
    "leaps_fall": "how far the end lies below what the loss was before the last of them, in falls",
    "slow_swing": "rise of the judged loss between two falls, as a share of its fall or of its end, whichever is less",
    "noise": "noise of the loss, as a share of its trend",
    "noise_in_size": "the same, as a share of the size of the loss",
    "moved": "distance of the end of the loss from its first value, as a share of the size of the loss",
    "range": "range of the loss, as a share of its size",
    "remains": "end of the loss as a share of its first value, or of the baseline",
    "left": "end of the training loss above the lowest possible, as a share of the baseline's",
    "falling": "fall of the judged loss over the second half, in falls, less its error",
    "falling_training": "the same of the training loss, or of a validation loss that stands alone",
    "following": "fall of the validation loss over the second half, in falls",
    "to_gain": "share of the judged loss that half a run more would take away at today's pace, less its error",
    "dropped": "depth of a sudden late drop of the judged loss, in falls",
    "since_drop": "share of the run after it",
    "falling_since": "fall after the drop, in depths of it, less its error",
    "steady": "share of the run in which the judged loss stays as it is at the end",
    "last_is_lowest": "1 if the last value of the judged loss is its lowest, else 0",
    "turned": "rise of the validation loss since its lowest, in falls of the training loss, less its error",
    "risen": "the same, as a share of the validation loss at its lowest",
    "learned_since": "fall of the training loss since then, as a share of what it was, less its error",
    "turned_alone": "rise of a validation loss that stands alone since its lowest, in its own falls, less its error",
    "lag": "share of what training gained that validation did not",
    "widening": "growth of that share over the second half, less its error",
}


@dataclass(frozen=True, eq=False)
class Seen:
    """The curves and the measures of them. Losses are in the caller's unit divided by `unit`."""

    train: Curve | None  # with FEWEST values at least
    validation: Curve | None  # the same
    few: dict[str, Points]  # by "training" and "validation": curves with fewer finite values, or none but 0
    lost_at: tuple[int, float]  # row and place of the first value that is not finite, up to the end; (-1, NaN) if none
    unit: float
    yard: float  # the fall that others are measured in
    band: float  # about its end, within which the judged loss is flat
    baseline: float  # or what stands for it
    baseline_name: str
    swings: Swings
    drop: Drop
    leaps: Leaps
    measures: dict[str, float]

    @property
    def judged(self) -> Curve | None:
        return self.validation or self.train

    @property
    def first(self) -> Curve | None:
        """Whose own shape is judged: training, or validation that stands alone."""
        return self.train or self.validation

    @property
    def alone(self) -> bool:
        """True for a validation loss without a training loss."""
        return self.train is None and self.validation is not None


def see(
    train: Points | None,
    validation: Points | None,
    *,
    baseline: float | None,
    floor: float | None,
    comparable: bool,
) -> Seen:
    """Measure the curves."""
    given = {"training": train, "validation": validation}
    points = {name: curve.finite for name, curve in given.items() if curve is not None}
    lost, lost_at = ending_lost([curve for curve in given.values() if curve is not None])
    # So that no square overflows.
    unit = float(max((np.abs(curve.value).max(initial=0.0) for curve in points.values()), default=0.0)) or 1.0
    points = {name: Points(curve.x, curve.value / unit, curve.row) for name, curve in points.items()}
    zeros = [float(np.mean(curve.value == 0)) for curve in points.values() if len(curve)]
    few = {name: curve for name, curve in points.items() if len(curve) < FEWEST or not curve.value.any()}
    whole = {name: curve for name, curve in points.items() if name not in few}
    measures = dict.fromkeys(MEASURES, np.nan)
    measures |= {"lost": float(lost), "zero": min(zeros, default=np.nan)}
    counted = whole or {name: curve for name, curve in few.items() if curve.value.any()} or points
    measures["values"] = float(max(map(len, counted.values()), default=0))
    if not whole:
        return Seen(None, None, few, lost_at, unit, np.nan, np.nan, np.nan, "", NONE, NO_DROP, NO_LEAPS, measures)
    curves = {name: Curve.of(curve, share(curve.x, whole)) for name, curve in whole.items()}
    t, v = curves.get("training"), curves.get("validation")
    head = t or v
    assert head is not None
    first, fall = head.start, max(0.0, head.start - head.least)
    head, cut = without_first(head)
    if cut is not None and t is not None and v is not None and v.x[-1] >= cut and (v.x >= cut).sum() >= FEWEST:
        v = v.after(cut)
    t, v = (head, v) if t is not None else (None, head)
    judged = v or head

    # Where the loss counts from: what it can reach at best, or 0 for one that is never negative.
    lowest = min(float(curve.value.min()) for curve in (t, v) if curve is not None)
    zero = 0.0 if floor is None else floor / unit
    zero = zero if lowest >= zero and first > zero else np.nan
    size = first - zero
    # Where no zero is known a flat line has no size: its noise stands for it, and for a constant what rounding is not.
    reach = max(float(np.ptp(head.value)), EXACT * float(np.abs(head.value).max())) if np.isnan(size) else size
    reach = max(reach, np.finfo(float).tiny)
    yard = max(fall_of(head), SMALL * reach)
    own = yard if comparable or v is None else max(fall_of(v), SMALL * reach)
    level = first if baseline is None else baseline / unit
    swing = swings(head.value)
    measures |= of_shape(head, swing, yard, reach)
    if t is None:
        measures["growth"] = min(swing.growth, 1.0)  # no divergence without a training loss
        fallen = max(head.start - head.least, SMALL * reach)
        measures["turned_alone"] = max(head.rise(SURE_OF_TURN), head.last_rise(SURE_OF_TURN)) / fallen
    else:
        measures |= of_training(t, reach)
        measures["left"] = np.nan if floor is None else (t.end - zero) / (level - zero)
    measures["range"] = max(measures["range"], fall / reach)
    measures["moved"] = abs(first - head.end) / size
    measures["remains"] = (head.end - zero) / (level - zero)
    measures["points"] = sum(map(len, whole.values()))
    found = drop(judged, SURE)
    if found.depth and np.isnan(found.falling) and t is not None and (fell := drop(t, SURE)).depth:
        found = found._replace(after=fell.after, falling=fell.falling)  # too few validations since then
    measures |= of_judged(judged, own, zero, found)
    # A rise between two validations is seen in training alone.
    leapt = leaps(max(head, judged, key=lambda curve: len(curve.value)), yard)
    if swing.regular >= REGULAR and swing.sudden > SUDDEN:
        leapt = NO_LEAPS  # a swing that rises as slowly as it falls
    measures |= {"leaps": leapt.times, "leaps_fall": leapt.fall / yard}
    if t is not None and v is not None:
        measures |= of_both(t, v, own, zero, max(t.start - t.least, SMALL * reach))
        if comparable:
            measures |= gaps(whole, curves, t, max(fall, yard))
        if v.noise / max(v.trend, SMALL * reach) < measures["noise"]:
            # A noisy training loss is read at each validation, where it is averaged.
            measures["noise"] = v.noise / max(v.trend, SMALL * reach)
    band = STILL * own if np.isnan(zero) else STILL * min(own, abs(judged.end - zero))
    band = max(band, 4 * judged.level_error)
    flat = judged.last_outside(band)
    measures["steady"] = 1 - float(judged.place[flat])
    measures = {name: float(value) for name, value in measures.items()}
    stands = "its start" if baseline is None else "the baseline"
    return Seen(t, v, few, lost_at, unit, yard, band, level, stands, swing, found, leapt, measures)


def ending_lost(curves: list[Points]) -> tuple[int, tuple[int, float]]:
    """The most values at the end of a curve that are not finite; row and place of the first of all those."""
    lost = [curve for curve in curves if curve.lost]
    if not lost:
        return 0, (-1, np.nan)
    first = min(lost, key=lambda curve: curve.x[-curve.lost])
    return max(curve.lost for curve in lost), (int(first.row[-first.lost]), float(first.x[-first.lost]))


def share(x: np.ndarray, whole: dict[str, Points]) -> np.ndarray:
    """Places on the way of the run from 0 to 1."""
    low = min(curve.x[0] for curve in whole.values()) / 2  # the difference of two numbers may be none
    high = max(curve.x[-1] for curve in whole.values()) / 2
    return (x / 2 - low) / (high - low)


def fall_of(curve: Curve) -> float:
    """Range of the smooth curve, its start included."""
    return max(curve.start, float(curve.smooth.max())) - curve.least


def without_first(curve: Curve) -> tuple[Curve, float | None]:
    """The curve without its first value, if that took nearly all of the fall and hides the rest; and from where."""
    rest = curve.value[1:]
    whole, further = curve.start - curve.least, rest[0] - curve.least
    if (
        len(rest) < FEWEST
        or rest[0] > curve.start - FIRST * whole
        or further <= max(CLEAR * curve.noise, EXACT * whole)
    ):
        return curve, None
    return curve.after(curve.x[1]), float(curve.x[1])


def of_shape(curve: Curve, swing: Swings, yard: float, size: float) -> dict[str, float]:
    """What any loss says of itself."""
    return {
        "regular": swing.regular,
        "period": swing.period,
        "swing": swing.width / yard,
        "growth": swing.growth,
        "noise": curve.noise / max(curve.trend, SMALL * size),
        "noise_in_size": curve.noise / size,
        "falling_training": (curve.drop - SURE * curve.drop_error) / yard,
        "range": max(curve.start - curve.least, float(curve.smooth.max()) - curve.least) / size,
    }


def of_training(t: Curve, size: float) -> dict[str, float]:
    """What the training loss says beside that."""
    climb = t.last - t.least
    # Never less than a quarter of the run, so that of regular swings a crest is in it.
    before = t.value[min(t.turn, len(t.value) // 2) : len(t.value) * 3 // 4]
    stays = float(np.quantile(t.value[-max(FEWEST, len(t.value) // 4) :], 0.1)) - t.least
    fallen = max(t.start - t.least, SMALL * size)
    top = float(before.max(initial=t.least)) - t.least
    rising = t.rise(SURE_OF_TURN)
    return {
        "climb": climb / fallen,
        "climb_in_noise": times(climb, t.noise),
        "climb_in_size": climb / size,
        "summit": climb / max(top, np.finfo(float).tiny),
        "rising": rising / fallen,
        "rising_in_size": rising / size,
        "stays": stays / fallen,
        "stays_in_noise": times(stays, t.noise),
        "stays_in_size": stays / size,
        "above": (float(np.median(t.value[len(t.value) // 2 :])) - t.start) / size,
    }


def times(change: float, noise: float) -> float:
    """The change in standard deviations of the noise; none is 0 of them, whatever the noise."""
    return change / noise if noise else float(np.copysign(np.inf, change)) if change else 0.0


def of_judged(judged: Curve, yard: float, zero: float, found: Drop) -> dict[str, float]:
    """Whether the loss that is judged still falls."""
    level = yard if np.isnan(zero) else min(yard, max(judged.end - zero, np.finfo(float).tiny))
    swing = slow_swing(judged)
    return {
        "values": len(judged.value),
        "falling": (judged.drop - SURE * judged.drop_error) / yard,
        "to_gain": judged.pace(zero, SURE),
        "slow_swing": swing / level if swing > FLAT * yard else 0.0,
        "dropped": found.depth / yard,
        "since_drop": found.after,
        "falling_since": found.falling,
        "last_is_lowest": float(judged.best == len(judged.value) - 1),
    }


def of_both(t: Curve, v: Curve, yard: float, zero: float, fallen: float) -> dict[str, float]:
    """What validation does while training goes on."""
    rise = max(v.rise(SURE_OF_TURN), v.last_rise(SURE_OF_TURN))
    then = t.at(float(v.place[v.turn]))
    return {
        "following": v.drop / yard,
        "turned": rise / fallen,
        "risen": rise / (v.least - zero) if v.least > zero else np.nan,
        "learned_since": (then - t.end - SURE * t.level_error) / (then - zero) if then > zero else np.nan,
    }


def gaps(whole: dict[str, Points], curves: dict[str, Curve], t: Curve, fallen: float) -> dict[str, float]:
    """How far validation lags behind training that is averaged up to each validation (or the other way round)."""
    own, other = curves["training"], curves["validation"]
    if not np.array_equal(own.x, other.x):
        sparse = min(whole, key=lambda name: (len(whole[name]), name == "training"))
        (dense,) = whole.keys() - {sparse}
        mean = averaged(whole[dense], whole[sparse])
        if len(mean) < FEWEST:
            return {}
        pair = {sparse: curves[sparse], dense: Curve.of(mean, share(mean.x, whole))}
        own, other = pair["training"], pair["validation"]
    if t.x[0] > own.x[0] and (own.x >= t.x[0]).sum() >= FEWEST <= (other.x >= t.x[0]).sum():
        own, other = own.after(t.x[0]), other.after(t.x[0])
    late = 1 - 1 / LATE
    now, then = other.end - own.end, other.at(late) - own.at(late)
    error = float(np.hypot(other.level_error, own.level_error))
    return {
        # A validation set that is harder from the first epoch on is no lag, nor is a first training loss that was
        # averaged over an epoch of learning.
        "lag": min(now, now - (other.start - own.start)) / fallen,
        "widening": (now - then - SURE * error) / fallen,
    }
