"""What the rules look at: numbers that do not change when all losses are multiplied or the run is sampled finer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.diagnosis.curve import LATE, Curve
from core.diagnosis.swings import Swings, swings

FEWEST = 5  # epochs below which nothing is judged
SMALL = 0.01  # of the loss's size: the least change that counts, for a curve that never moved by more
FIRST = 0.95  # of the whole fall: a first epoch that takes more is set aside where the rest still falls
CLEAR = 10.0  # times the noise: how much the rest must fall for that
EXACT = 1e-9  # of a loss: less may be rounding
SURE = 2.5  # standard errors taken off what a rule wants to be large
SURE_OF_TURN = 3.5  # the same where a least value was picked, which noise makes too low

MEASURES = {
    "epochs": "epochs with a loss",
    "lost": "epochs without a finite loss at the end",
    "climb": "rise of the training loss since its least, in falls",
    "climb_in_noise": "the same, in standard deviations of the noise",
    "climb_in_size": "the same, as a share of the size of the loss",
    "summit": "end of the training loss above its least, over all that it reached before the last quarter",
    "stays": "how far nine tenths of the last quarter lie above the least training loss, in falls",
    "stays_in_noise": "the same, in standard deviations of the noise",
    "stays_in_size": "the same, as a share of the size of the loss",
    "above": "how far the median of the second half lies above the first training loss, in sizes of the loss",
    "regular": "likeness of the training loss's swings to those a period before",
    "period": "period of the swings, in values",
    "swing": "width of the swings, in falls",
    "growth": "width of the later swings over that of the earlier",
    "noise": "noise of the training loss, as a share of its trend",
    "noise_in_size": "the same, as a share of the size of the loss",
    "moved": "distance of the end of the training loss from its first value, as a share of the size of the loss",
    "range": "range of the training loss, as a share of its size",
    "left": "end of the training loss, as a share of the baseline",
    "falling": "fall of the judged loss over the second half, in falls, less its error",
    "falling_training": "the same of the training loss",
    "following": "fall of the validation loss over the second half, in falls",
    "turned": "rise of the validation loss since its least, in falls of the training loss, less its error",
    "lag": "share of what training gained that validation did not",
    "widening": "growth of that share over the second half, less its error",
}


@dataclass(frozen=True, eq=False)
class Seen:
    """The curves and the measures of them. Losses are in the caller's unit divided by `unit`."""

    train: Curve | None
    validation: Curve | None
    name: str  # of the first: validation takes its place where training was not logged
    lost: int  # rows at the end without a finite loss
    unit: float
    yard: float  # the fall that others are measured in
    size: float
    baseline: float  # or what stands for it
    baseline_name: str
    swings: Swings
    measures: dict[str, float]


def see(
    train: np.ndarray, validation: np.ndarray | None, place: np.ndarray, baseline: float | None, floor: float | None
) -> Seen:
    """Measure the curves [n] at rising places [n] from 0 to 1."""
    lost = ending_lost(train, validation)
    curves = [train] if validation is None else [train, validation]
    finite = np.concatenate([np.abs(curve[np.isfinite(curve)]) for curve in curves])
    # So that no square overflows.
    unit = float(finite.max(initial=0.0)) or 1.0
    t = Curve.of(train / unit, place) if np.isfinite(train).any() else None
    v = Curve.of(validation / unit, place) if validation is not None and np.isfinite(validation).any() else None
    which = "training"
    if t is None and v is not None:
        t, v, which = v, None, "validation"
    measures = dict.fromkeys(MEASURES, np.nan) | {"epochs": float(len(t.rows) if t else 0), "lost": float(lost)}
    if t is None or len(t.rows) < FEWEST:
        return Seen(t, v, which, lost, unit, np.nan, np.nan, np.nan, "", swings(np.empty(0)), measures)
    first, fall = t.start, max(0.0, t.start - t.least)
    t, v = without_first(t, v)
    zero = np.nan if floor is None else floor / unit
    size = first - zero if min(curve.value.min() for curve in (t, v) if curve) >= zero and first > zero else np.nan
    # Where no zero is known a flat line has no size: its noise stands for it, and for a constant what rounding is not.
    reach = max(float(np.ptp(t.value)), EXACT * float(np.abs(t.value).max())) if np.isnan(size) else size
    reach = max(reach, np.finfo(float).tiny)
    span = max(t.start, float(t.smooth.max())) - t.least
    yard = max(span, SMALL * reach)
    level = np.nan if np.isnan(size) else first if baseline is None else baseline / unit
    swing = swings(t.value)
    measures |= of_training(t, swing, yard, reach)
    measures |= {
        "moved": abs(first - t.end) / size,
        "left": (t.end - zero) / (level - zero),
        "falling": measures["falling_training"],
    }
    if v is not None and len(v.rows) >= FEWEST:
        measures |= of_validation(t, v, yard, max(fall, yard), max(t.start - t.least, SMALL * reach))
    measures = {name: float(value) for name, value in measures.items()}
    stands = "its start" if baseline is None else "the baseline"
    return Seen(t, v, which, lost, unit, yard, reach, level, stands, swing, measures)


def ending_lost(train: np.ndarray, validation: np.ndarray | None) -> int:
    """Rows at the end that hold an infinity, or no number in any curve."""
    bad = np.isnan(train) if validation is None else np.isnan(train) & np.isnan(validation)
    bad |= np.isinf(train) if validation is None else np.isinf(train) | np.isinf(validation)
    return len(bad) if bad.all() else int(np.argmin(bad[::-1]))


def without_first(t: Curve, v: Curve | None) -> tuple[Curve, Curve | None]:
    """The curves without the first epoch, if it took nearly all of the fall and hides what the others do."""
    rest = t.value[1:]
    whole, further = t.start - t.least, rest[0] - t.least
    if len(rest) < FEWEST or rest[0] > t.start - FIRST * whole or further <= max(CLEAR * t.noise, EXACT * whole):
        return t, v
    return later(t, t.rows[1]), later(v, t.rows[1]) if v is not None and v.rows[-1] >= t.rows[1] else v


def later(curve: Curve, row: int) -> Curve:
    """The curve from a row on."""
    keep = curve.rows >= row
    return replace(Curve.of(curve.value[keep], curve.place[keep]), rows=curve.rows[keep])


def of_training(t: Curve, swing: Swings, yard: float, size: float) -> dict[str, float]:
    """What the training loss alone says."""
    climb = t.last - t.least
    # Never less than a quarter of the run, so that of regular swings a crest is in it.
    before = t.value[min(t.turn, len(t.value) // 2) : len(t.value) * 3 // 4]
    stays = float(np.quantile(t.value[-max(FEWEST, len(t.value) // 4) :], 0.1)) - t.least
    fallen = max(t.start - t.least, SMALL * size)
    top = float(before.max(initial=t.least)) - t.least
    return {
        "climb": climb / fallen,
        "climb_in_noise": times(climb, t.noise),
        "climb_in_size": climb / size,
        "summit": climb / max(top, np.finfo(float).tiny),
        "stays": stays / fallen,
        "stays_in_noise": times(stays, t.noise),
        "stays_in_size": stays / size,
        "above": (float(np.median(t.value[len(t.value) // 2 :])) - t.start) / size,
        "regular": swing.regular,
        "period": swing.period,
        "swing": swing.width / yard,
        "growth": swing.growth,
        "noise": t.noise / max(t.trend, SMALL * size),
        "noise_in_size": t.noise / size,
        "range": max(t.start - t.least, float(t.smooth.max()) - t.least) / size,
        "falling_training": (t.drop - SURE * t.drop_error) / yard,
    }


def times(change: float, noise: float) -> float:
    """The change in standard deviations of the noise; none is 0 of them, whatever the noise."""
    return change / noise if noise else float(np.copysign(np.inf, change)) if change else 0.0


def of_validation(t: Curve, v: Curve, yard: float, whole: float, fallen: float) -> dict[str, float]:
    """What the validation loss says beside it. `whole` is the fall of the training loss with its first epoch."""
    late = 1 - 1 / LATE
    now, then = v.end - t.end, v.at(late) - t.at(late)
    error = float(np.hypot(v.level_error, t.level_error))
    return {
        "falling": (v.drop - SURE * v.drop_error) / yard,
        "following": v.drop / yard,
        "turned": (v.end - v.least - SURE_OF_TURN * v.level_error) / fallen,
        # A validation set that is harder from the first epoch on is no lag, nor is a first training loss that was
        # averaged over an epoch of learning.
        "lag": min(now, now - (v.start - t.start)) / whole,
        "widening": (now - then - SURE * error) / whole,
    }
