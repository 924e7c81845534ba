"""The measures of one curve and of two, by their names in MEASURES.

`t` is the training loss, `v` the validation loss. `fall_unit` is the fall in which rises and falls are measured, `size`
the size of the loss, and `zero` the value that it counts from; NaN where that is unknown.
"""

from __future__ import annotations

import numpy as np

from core.diagnosis.loss_curve import LATE, LossCurve
from core.diagnosis.measures import FLAT_FALL, MIN_VALUES, SMALL, SURE, SURE_OF_TURN
from core.diagnosis.patterns import Drop, slow_swing_height
from core.diagnosis.raw_curve import RawCurve, interval_means
from core.diagnosis.swings import Swings

EARLY_NOISE = 5.0  # standard deviations of the noise taken off a rise: of two extremes noise has up to so many


def total_fall(curve: LossCurve) -> float:
    """Range of the smooth curve, its start included."""
    return max(curve.start, float(curve.smooth.max())) - curve.least


def shape_measures(curve: LossCurve, swing: Swings, fall_unit: float, size: float) -> dict[str, float]:
    """The measures of the shape of any loss."""
    return {
        "regular": swing.regular,
        "period": swing.period,
        "swing": swing.width / fall_unit,
        "growth": swing.growth,
        "noise": curve.noise / max(curve.trend, SMALL * size),
        "noise_in_size": curve.noise / size,
        "falling_training": (curve.drop - SURE * curve.drop_error) / fall_unit,
        "range": max(curve.start - curve.least, float(curve.smooth.max()) - curve.least) / size,
    }


def training_measures(t: LossCurve, size: float) -> dict[str, float]:
    """The further measures of a training loss."""
    climb = t.last - t.least
    # Never less than a quarter of the run, so that of regular swings a crest is in it.
    before = t.value[min(t.turn, len(t.value) // 2) : len(t.value) * 3 // 4]
    stays = float(np.quantile(t.value[-max(MIN_VALUES, len(t.value) // 4) :], 0.1)) - t.least
    fallen = max(t.start - t.least, SMALL * size)
    top = float(before.max(initial=t.least)) - t.least
    rising = t.rise(SURE_OF_TURN)
    return {
        "climb": climb / fallen,
        "climb_in_noise": in_deviations(climb, t.noise),
        "climb_in_size": climb / size,
        "summit": climb / max(top, np.finfo(float).tiny),
        "rising": rising / fallen,
        "rising_in_size": rising / size,
        "early_rise": max(0.0, largest_rise(t.value[: len(t.value) // 2]) - EARLY_NOISE * t.noise) / size,
        "stays": stays / fallen,
        "stays_in_noise": in_deviations(stays, t.noise),
        "stays_in_size": stays / size,
        "above": (float(np.median(t.value[len(t.value) // 2 :])) - t.start) / size,
    }


def largest_rise(value: np.ndarray) -> float:
    """The largest rise of the values [m] above the lowest of those before."""
    return float((value - np.minimum.accumulate(value)).max(initial=0.0))


def in_deviations(change: float, noise: float) -> float:
    """The change in standard deviations of the noise; 0 for no change, infinite where there is no noise."""
    return change / noise if noise else float(np.copysign(np.inf, change)) if change else 0.0


def judged_measures(judged: LossCurve, fall_unit: float, zero: float, found: Drop) -> dict[str, float]:
    """The measures of whether the judged loss still falls."""
    level = fall_unit if np.isnan(zero) else min(fall_unit, max(judged.end - zero, np.finfo(float).tiny))
    swing = slow_swing_height(judged)
    return {
        "values": len(judged.value),
        "falling": (judged.drop - SURE * judged.drop_error) / fall_unit,
        "to_gain": judged.pace(zero, SURE),
        "slow_swing": swing / level if swing > FLAT_FALL * fall_unit else 0.0,
        "dropped": found.depth / fall_unit,
        "since_drop": found.after,
        "falling_since": found.falling,
        "last_is_lowest": float(judged.best == len(judged.value) - 1),
    }


def pair_measures(t: LossCurve, v: LossCurve, fall_unit: float, zero: float, fallen: float) -> dict[str, float]:
    """The measures of validation against training."""
    rise = max(v.rise(SURE_OF_TURN), v.last_rise(SURE_OF_TURN))
    then = t.at(float(v.place[v.turn]))
    return {
        "following": v.drop / fall_unit,
        "turned": rise / fallen,
        "risen": rise / (v.least - zero) if v.least > zero else np.nan,
        "learned_since": (then - t.end - SURE * t.level_error) / (then - zero) if then > zero else np.nan,
    }


def gap_measures(
    whole: dict[str, RawCurve], curves: dict[str, LossCurve], t: LossCurve, fallen: float
) -> dict[str, float]:
    """The gap between validation and training; the denser curve is averaged up to each point of the sparser one."""
    own, other = curves["training"], curves["validation"]
    if not np.array_equal(own.x, other.x):
        sparse = min(whole, key=lambda name: (len(whole[name]), name == "training"))
        (dense,) = whole.keys() - {sparse}
        mean = interval_means(whole[dense], whole[sparse])
        if len(mean) < MIN_VALUES:
            return {}
        pair = {sparse: curves[sparse], dense: LossCurve.of(mean, relative_places(mean.x, whole))}
        own, other = pair["training"], pair["validation"]
    if t.x[0] > own.x[0] and (own.x >= t.x[0]).sum() >= MIN_VALUES <= (other.x >= t.x[0]).sum():
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


def relative_places(x: np.ndarray, whole: dict[str, RawCurve]) -> np.ndarray:
    """Places x, float64 [n], as shares of the run from 0 to 1."""
    low = min(curve.x[0] for curve in whole.values()) / 2  # the difference of two numbers may be none
    high = max(curve.x[-1] for curve in whole.values()) / 2
    return (x / 2 - low) / (high - low)
