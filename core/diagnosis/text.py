"""The sentence and the advice of a verdict, filled with the values of a run."""

from __future__ import annotations

import numpy as np

from core.diagnosis.amounts import (
    count_text,
    fall_text,
    loss_text,
    percent,
    percent_at_least,
    place_text,
    rise_text,
)
from core.diagnosis.loss_curve import LossCurve
from core.diagnosis.measured import Measured
from core.diagnosis.rule import Rule
from core.diagnosis.sentences import ADVICE, ADVICE_ON_VALIDATION_ALONE, FLOOR_KNOWN, SENTENCES, UNKNOWN
from core.sentences import number_text, space_percents

STEADY_FALL = 0.7  # of the third quarter's fall: a last quarter that falls by more falls steadily


def verdict_text(rule: Rule, measured: Measured, since: float, unit: str, comparable: bool) -> tuple[str, str]:
    """The sentence and the advice of a verdict. `unit`: what x counts. `since`: the x from which on it holds."""
    values = sentence_values(rule, measured, since, unit)
    advice = ADVICE_ON_VALIDATION_ALONE.get(rule.key, ADVICE[rule.key]) if measured.alone else ADVICE[rule.key]
    sentences = [space_percents(SENTENCES[rule.key].format(**values)), *omitted_curves_text(measured, unit)]
    if not comparable and measured.train and measured.validation:
        sentences.append("The two losses are not the same quantity: no gap between them is judged.")
    return " ".join(sentences), advice.format(**values)


def omitted_curves_text(measured: Measured, unit: str) -> list[str]:
    """A sentence for each curve that was not judged beside a better one."""
    if measured.judged is None:
        return []
    sentences = []
    for name, curve in measured.few.items():
        if not len(curve):
            sentences.append(f"{name.capitalize()} loss has no number.")
        elif not curve.value.any():
            sentences.append(f"{name.capitalize()} loss is 0 throughout and left out.")
        else:
            values = count_text(len(curve), f"{name} loss", "es")
            sentences.append(f"Only {values} ({lowest_text(measured, name, unit)}): too few to judge.")
    return sentences


def lowest_text(measured: Measured, name: str, unit: str) -> str:
    """The lowest value of a curve with few of them, as text."""
    curve = measured.few[name]
    at = int(np.argmin(curve.value))
    which = f"lowest {name} loss " if measured.judged is None else "lowest " if len(curve) > 1 else ""
    return f"{which}{loss_text(curve.value[at] * measured.unit)} at {unit} {place_text(curve.x[at])}"


def sentence_values(rule: Rule, measured: Measured, since: float, unit: str) -> dict[str, str | float]:
    """The values for all slots of SENTENCES and ADVICE, by the names of the slots."""
    measures = measured.measures
    words: dict[str, str | float] = dict(measures) | {"unit": unit, "after": "", "best": "", "done": UNKNOWN}
    words["since"], words["lost_from"] = place_text(since), place_text(measured.lost_at[1])
    count = max(map(len, measured.few.values()), default=0)
    words["count"] = f"{count_text(count, unit)} with a loss" if count else f"No {unit}s with a loss"
    if count > 1:
        name = "validation" if len(measured.few.get("validation", ())) > 1 else "training"
        words["count"] = f"{words['count']} ({lowest_text(measured, name, unit)})"
    judged, first, t, v = measured.judged, measured.first, measured.train, measured.validation
    if judged is None or first is None:
        return words

    def loss(value: float) -> str:
        return loss_text(value * measured.unit)

    def at_end(curve: LossCurve, value: float) -> str:
        """A value for the end of a curve: "about" where the last value, which stands elsewhere, is another."""
        text = loss(value)
        return text if text == loss(curve.value[-1]) else f"about {text}"

    at = first.best
    words["after"] = f", after its lowest value {loss(first.value[at])} at {unit} {place_text(first.x[at])}"
    middle = int(np.searchsorted(judged.place, 0.5))
    fall = median_around(judged, middle) - judged.end
    change = judged.end - judged.least
    last = last_or_typical(judged, max(abs(change), abs(fall)))
    lowest = judged.value[judged.best]
    whole = max(judged.start, float(judged.smooth.max())) - lowest
    mid = median_around(judged, middle)
    t_middle = int(np.searchsorted(first.place, 0.5))
    t_mid = median_around(first, t_middle)
    name = "validation" if measured.alone else "training"
    shape = judged if rule.key == "slow_swing" else first
    half = judged.place >= 0.5
    high = int(np.flatnonzero(half)[np.argmax(judged.value[half])]) if half.any() else 0
    top, bottom = largest_early_rise(first)
    words |= {
        "curve": name,
        "Curve": name.capitalize(),
        "Judged": "Validation" if v else "Training",
        "before_rise": loss(first.value[bottom]),
        "before_rise_at": place_text(first.x[bottom]),
        "after_rise": loss(first.value[top]),
        "after_rise_at": place_text(first.x[top]),
        "low": loss(shape.value[shape.best]),
        "low_at": place_text(shape.x[shape.best]),
        "high": loss(judged.value[high]),
        "high_at": place_text(judged.x[high]),
        "quarter_low": loss(float(judged.value[-(len(judged.value) // 4) :].min())),
        "quarter_high": loss(float(judged.value[-(len(judged.value) // 4) :].max())),
        "first": loss(first.start),
        "last": at_end(judged, last)
        if rule.key not in ("climbing", "rising")
        else at_end(first, last_or_typical(first, first.end - first.least)),
        "end": loss(median_around(judged if rule.kind == "healthy" else first, -1)),
        "t_end": loss(median_around(first, -1)),
        "t_last": at_end(first, last_or_typical(first, abs(t_mid - first.end))),
        "t_mid": loss(t_mid),
        "t_mid_at": place_text(first.x[min(t_middle, len(first.x) - 1)]),
        "v_end": loss(median_around(judged, -1)),
        "middle": loss(float(np.median(first.value[len(first.value) // 2 :]))),
        "noise": loss(first.noise),
        "noise_share": "more than" if measures["noise"] > 1 else percent(measures["noise"]) + " of",
        "best": place_text(judged.x[judged.best]),
        "best_loss": loss(lowest),
        "mid": loss(mid),
        "mid_at": place_text(judged.x[min(middle, len(judged.x) - 1)]),
        "fall_share": percent(min(1.0, max(0.0, mid - last) / whole)) if whole > 0 else "part",
        "less": fall_text(mid, last) if mid > 0 else f"{loss(mid - last)} less",
        "pace": "" if measured.alone else pace_advice(first if rule.key == "both_falling" else judged),
        "moved": percent_at_least(measures["moved"]),
        "range": percent_at_least(measures["range"]),
        "left": percent(measures["left"]),
        "baseline": loss(measured.baseline),
        "baseline_name": measured.baseline_name,
        "goes": training_trend(first, judged),
        "validation_too": ", and validation loss rises too" if measures["turned"] >= 0.03 else "",
        "width": loss(measured.swings.width),
        "swing": percent(measures["swing"]),
        "rise": rise_text(last - lowest, lowest, loss(last - lowest)),
        "count_judged": f"{count_text(len(judged.value), 'value')} are too few to call it done",
        "slows": ", and falls more slowly now" if fall > 0 and judged.at(0.75) - judged.end < 0.4 * fall else "",
        "and_validation": f", and validation at {loss(median_around(v, -1))}" if v else "",
        "and_training": f", and training at {loss(median_around(t, -1))}" if t and v else "",
        "done": FLOOR_KNOWN if np.isfinite(measures["left"]) else UNKNOWN,
    }
    if measured.drop.depth:
        before = measured.drop.before
        depth = judged.value[before] - judged.end
        words |= {
            "before": place_text(judged.x[before]),
            "before_loss": loss(judged.value[before]),
            "end": loss(median_around(judged, -1)),
            "drop_share": percent(min(1.0, depth / whole)) if whole > 0 else "part",
            "after_drop": "it still falls"
            if measures["falling_since"] > 0
            else "too little of the run is left to tell",
        }
    if measured.leaps.times:
        leapt = max(first, judged, key=lambda curve: len(curve.value))
        words |= {"Curve": "Training" if leapt is t else "Validation", "t_end": at_end(leapt, median_around(leapt, -1))}
        words["leaps_many"] = "once" if measured.leaps.times == 1 else f"{measured.leaps.times} times"
        words["leap_at"] = place_text(leapt.x[measured.leaps.last])
        words["leap_loss"] = loss(leapt.value[measured.leaps.last])
    if np.isfinite(measured.swings.period):
        step = (first.x[-1] - first.x[0]) / max(len(first.x) - 1, 1)
        period = measured.swings.period * step
        words["period"] = f"{number_text(period, 2)} {unit}s" if period != 1 else f"1 {unit}"
    return words


def largest_early_rise(curve: LossCurve) -> tuple[int, int]:
    """The numbers of the values at the top and at the bottom of the largest rise in the first half."""
    early = curve.value[: max(1, len(curve.value) // 2)]
    top = int(np.argmax(early - np.minimum.accumulate(early)))
    return top, int(np.argmin(early[: top + 1]))


def median_around(curve: LossCurve, at: int) -> float:
    """The median of an odd number of values around value `at`: a value of the curve itself. -1 is the end."""
    count = len(curve.value)
    width = max(1, min(curve.ending, count) // 2 * 2 - 1)
    if at < 0:
        return float(np.median(curve.value[-width:]))
    at = min(at, count - 1)
    half = min(width // 2, at, count - 1 - at)
    return float(np.median(curve.value[at - half : at + half + 1]))


def last_or_typical(curve: LossCurve, change: float) -> float:
    """The last value; the median at the end where the last differs from it by more than half the stated change.

    Where each value at the end is above the one before, or each below, the last is where the curve was going.
    """
    last, steps = float(curve.value[-1]), np.diff(curve.value[-curve.ending :])
    steady = curve.ending > 2 and ((steps > 0).all() or (steps < 0).all())
    return last if steady or abs(last - curve.end) <= change / 2 else median_around(curve, -1)


def training_trend(t: LossCurve, v: LossCurve) -> str:
    """The words for the training loss after the lowest validation loss: "is flat", "still falls" or "rises too"."""
    change = t.at(float(v.place[v.turn])) - t.end
    if abs(change) <= max(2 * t.level_error, 1e-9 * abs(t.end)):
        return "is flat"
    return "still falls" if change > 0 else "rises too"


def pace_advice(curve: LossCurve) -> str:
    """The advice on the learning rate where the fall has hardly slowed; "" for any other curve."""
    # On a line all quarters fall alike, and so do the two parts of the last quarter.
    before, after = curve.at(0.5) - curve.at(0.75), curve.at(0.75) - curve.at(1.0)
    late = curve.at(0.875) - curve.at(1.0)
    steady = after > STEADY_FALL * before and 0.25 * after < late < 0.75 * after
    return ", and raise the learning rate: the fall has hardly slowed" if steady else ""
