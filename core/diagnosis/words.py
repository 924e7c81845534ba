"""The sentence and the advice of a verdict. Every loss in them is a value of the curve as it was given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.diagnosis.curve import Curve
from core.diagnosis.measure import Seen
from core.diagnosis.rules import Rule

APART = "without a training loss, overfitting and divergence cannot be told apart"
SENTENCES: Mapping[str, str] = {
    "lost": "The loss is infinite or not a number from {unit} {lost_from} on{after}.",
    "too_short": "{count}: too few to judge.",
    "zero": "The loss is 0 throughout: this says nothing of the model.",
    "climbing": "{Curve} loss was down to {low} at {unit} {low_at} and has climbed since to {last}.",
    "growing_swings": "{Curve} loss swings with a period of about {period}, and its later swings are {growth:.1f} "
    "times as wide as the earlier.",
    "restarts_falling": "{Curve} loss leaps up {leaps_many}, the last after {unit} {leap_at} ({leap_loss}), as where a "
    "learning rate restarts, and comes down lower: {t_end} at the end.",
    "restarts": "{Curve} loss leaps up {leaps_many}, the last after {unit} {leap_at} ({leap_loss}), as where a "
    "learning rate restarts, and ends no lower ({t_end}).",
    "swings": "{Curve} loss swings by {width}, {swing} of its whole fall, with a period of about {period}, "
    "and the swings do not die out.",
    "thrown_out": "{Curve} loss left {low} at {unit} {since} and stays above, at about {end}.",
    "wild": "{Curve} loss began at {first} and leaps about far above it: half of the later losses exceed {middle}.",
    "noise": "From {unit} to {unit} the {curve} loss jumps by about {noise}, {noise_share} its whole trend.",
    "rising": "{Curve} loss rises again: lowest {low} at {unit} {low_at}, {last} at the end{validation_too}.",
    "turned": "Lowest validation loss: {unit} {best} ({best_loss}); {rise} at the end ({last}), while training loss "
    "{goes}.",
    "parted": "Lowest validation loss: {unit} {best} ({best_loss}); {rise} at the end ({last}), while training loss "
    "{goes}.",
    "turned_alone": f"Lowest validation loss: {{unit}} {{best}} ({{best_loss}}); {{rise}} at the end ({{last}}). "
    f"{APART.capitalize()}.",
    "hardly_fell": "{Curve} loss is flat at {end}, within {moved} of its first value {first}.",
    "motionless": "{Curve} loss stays at {end}: it moves by no more than {range} of its size.",
    "widening_gap": "Of what training gained, {lag:.0%} did not carry over: validation stays at {v_end} since {unit} "
    "{since}, training is at {t_end}, and the gap widens.",
    "wide_gap": "Of what training gained, {lag:.0%} did not carry over: validation stays at {v_end} since {unit} "
    "{since}, training is at {t_end}.",
    "dropped": "{Judged} loss dropped after {unit} {before} from {before_loss} to {end}, {drop_share} of its whole "
    "fall, and is flat since {unit} {since}.",
    "dropped_lately": "{Judged} loss dropped after {unit} {before} from {before_loss} to {end}, {drop_share} of its "
    "whole fall; {after_drop}.",
    "slow_swing": "{Judged} loss goes slowly up and down: {low} at {unit} {low_at}, {high} at {unit} {high_at}, {last} "
    "at the end.",
    "falling": "{Judged} loss still falls: from {mid} at {unit} {mid_at} to {last} at the end, {fall_share} of its "
    "whole fall.",
    "both_falling": "{Curve} loss still falls, from {t_mid} at {unit} {t_mid_at} to {t_last} at the end, and "
    "validation loss with it.",
    "to_gain": "{Judged} loss still falls: from {mid} at {unit} {mid_at} to {last} at the end, {less}.",
    "slowing": "{Judged} loss is lowest at the end ({last}), but {count_judged}{slows}.",
    "few": "{Judged} loss is {last} at the end, lowest {best_loss} at {unit} {best}, but {count_judged}.",
    "high": "{Curve} loss is flat since {unit} {since} at {t_end}, {left} of {baseline_name} {baseline}"
    "{and_validation}.",
    "converged": "{Judged} loss is flat since {unit} {since} at {end}{and_training}.",
    "unsettled": "{Judged} loss no longer falls clearly and is not flat yet: between {quarter_low} and {quarter_high} "
    "in the last quarter, {last} at the end.",
}
LONGER = "Go on training: it is too early to call it done."
UNKNOWN = (
    "Longer training will gain little. Whether a lower loss is possible the curve alone cannot say: compare it with "
    "another model, or with a constant prediction."
)
ADVICE: Mapping[str, str] = {
    "lost": "Lower the learning rate tenfold, or clip the gradients; look for a logarithm or a division at zero.",
    "too_short": "Train for longer, or log more often.",
    "zero": "Look whether it is the loss, whether every label is masked, and whether it was rounded.",
    "climbing": "Lower the learning rate, by a factor of 3 to 10, or clip the gradients.",
    "growing_swings": "Lower the learning rate: each step overshoots by more than the one before.",
    "restarts_falling": "Go on for another cycle, and compare the ends of cycles only.",
    "restarts": "Compare the ends of cycles only, and end the run at the end of one.",
    "swings": "Lower the learning rate, by a factor of 2 to 5, or let it decay.",
    "thrown_out": "Lower the learning rate tenfold, warm it up, or clip the gradients; then start again.",
    "wild": "Lower the learning rate tenfold, use larger batches, or clip the gradients; then start again.",
    "noise": "Use larger batches or a lower rate, or average the loss over more examples before judging it.",
    "rising": "Keep the model of {unit} {best}, and lower the learning rate by a factor of 3 to 10 or clip the "
    "gradients.",
    "turned": "Keep the model of {unit} {best}; more data, regularisation or a smaller model may give a better one.",
    "parted": "Keep the model of {unit} {best}; more data, regularisation or a smaller model may give a better one.",
    "turned_alone": "Keep the checkpoint of {unit} {best}, and log the training loss too.",
    "hardly_fell": "Raise the learning rate tenfold; if that does not help, look for saturated units, dead inputs or "
    "a poor start. A model that was trained before may have little left to gain.",
    "motionless": "Raise the learning rate tenfold; if that does not help, look for saturated units, dead inputs or "
    "a poor start.",
    "widening_gap": "Use regularisation, more data or a smaller model: longer training only widens the gap.",
    "wide_gap": "Use regularisation, more data or a smaller model.",
    "dropped": "If the learning rate was lowered there, lowering it once more is worth a try, and earlier next time. "
    "At this rate longer training will gain little.",
    "dropped_lately": LONGER,
    "slow_swing": "Average over more examples, or lower the learning rate, by a factor of 2 to 5; judge by the lows.",
    "falling": "Go on training{pace}.",
    "both_falling": "Go on training{pace}.",
    "to_gain": "Go on training{pace}.",
    "slowing": LONGER,
    "few": "Go on training, or log more often, before calling it done.",
    "high": "Give the model more capacity or better inputs, or less regularisation: more training will not help.",
    "converged": "{done}",
    "unsettled": LONGER,
}
# Where validation stands alone nothing is said of the learning rate.
ALONE: Mapping[str, str] = {
    "lost": "Keep the checkpoint of {unit} {best}, look for a logarithm or a division at zero, and log the training "
    "loss too.",
    "swings": "Keep the checkpoint of {unit} {best}, average over more validation examples, and log the training loss "
    "too.",
    "noise": "Average over more validation examples, and log the training loss too.",
    "hardly_fell": "Log the training loss too: it says whether the model learns at all.",
    "motionless": "Log the training loss too: it says whether the model learns at all.",
    "dropped": "Keep the checkpoint of {unit} {best}; longer training as at the end will gain little.",
    "slow_swing": "Keep the checkpoint of {unit} {best}, and log the training loss too.",
    "falling": "Go on training.",
    "to_gain": "Go on training.",
}
NOT_JUDGED = "Judge the model by a measure of its own: samples, returns, accuracy."
FLOOR_KNOWN = "Done; a lower loss takes another model, more data or a lower rate at the end."
STEADY = 0.7  # of the third quarter's fall: a last quarter that falls by more falls steadily
LONGEST = 200  # letters


def told(rule: Rule, seen: Seen, since: float, unit: str, comparable: bool) -> tuple[str, str]:
    """What is seen, and what to try; `unit` is what x counts, `since` a place on it."""
    words = vocabulary(rule, seen, since, unit)
    advice = ALONE.get(rule.key, ADVICE[rule.key]) if seen.alone else ADVICE[rule.key]
    said = [SENTENCES[rule.key].format(**words), *left_out(seen, unit)]
    if not comparable and seen.train and seen.validation:
        said.append("The two losses are not the same quantity: no gap between them is judged.")
    return " ".join(said), advice.format(**words)


def left_out(seen: Seen, unit: str) -> list[str]:
    """A sentence for each curve that was not judged beside a better one."""
    if seen.judged is None:
        return []
    said = []
    for name, curve in seen.few.items():
        if not len(curve):
            said.append(f"{name.capitalize()} loss has no number.")
        elif not curve.value.any():
            said.append(f"{name.capitalize()} loss is 0 throughout and left out.")
        else:
            values = counted(len(curve), f"{name} loss", "es")
            said.append(f"Only {values} ({lowest_of(seen, name, unit)}): too few to judge.")
    return said


def lowest_of(seen: Seen, name: str, unit: str) -> str:
    """The lowest of a few values, or the only one."""
    curve = seen.few[name]
    at = int(np.argmin(curve.value))
    which = f"lowest {name} loss " if seen.judged is None else "lowest " if len(curve) > 1 else ""
    return f"{which}{number(curve.value[at] * seen.unit)} at {unit} {place(curve.x[at])}"


def vocabulary(rule: Rule, seen: Seen, since: float, unit: str) -> dict[str, str | float]:
    """Every word that a sentence may use."""
    measures = seen.measures
    words: dict[str, str | float] = dict(measures) | {"unit": unit, "after": "", "best": "", "done": UNKNOWN}
    words["since"], words["lost_from"] = place(since), place(seen.lost_at[1])
    count = max(map(len, seen.few.values()), default=0)
    words["count"] = f"{counted(count, unit)} with a loss" if count else f"No {unit}s with a loss"
    if count > 1:
        name = "validation" if len(seen.few.get("validation", ())) > 1 else "training"
        words["count"] = f"{words['count']} ({lowest_of(seen, name, unit)})"
    judged, first, t, v = seen.judged, seen.first, seen.train, seen.validation
    if judged is None or first is None:
        return words

    def loss(value: float) -> str:
        return number(value * seen.unit)

    at = first.best
    words["after"] = f", after its lowest value {loss(first.value[at])} at {unit} {place(first.x[at])}"
    middle = int(np.searchsorted(judged.place, 0.5))
    fall = typical(judged, middle) - judged.end
    change = judged.end - judged.least
    last = ending(judged, max(abs(change), abs(fall)))
    lowest = judged.value[judged.best]
    whole = max(judged.start, float(judged.smooth.max())) - lowest
    mid = typical(judged, middle)
    t_middle = int(np.searchsorted(first.place, 0.5))
    t_mid = typical(first, t_middle)
    name = "validation" if seen.alone else "training"
    shape = judged if rule.key == "slow_swing" else first
    half = judged.place >= 0.5
    high = int(np.flatnonzero(half)[np.argmax(judged.value[half])]) if half.any() else 0
    words |= {
        "curve": name,
        "Curve": name.capitalize(),
        "Judged": "Validation" if v else "Training",
        "low": loss(shape.value[shape.best]),
        "low_at": place(shape.x[shape.best]),
        "high": loss(judged.value[high]),
        "high_at": place(judged.x[high]),
        "quarter_low": loss(float(judged.value[-(len(judged.value) // 4) :].min())),
        "quarter_high": loss(float(judged.value[-(len(judged.value) // 4) :].max())),
        "first": loss(first.start),
        "last": loss(last if rule.key not in ("climbing", "rising") else ending(first, first.end - first.least)),
        "end": loss(typical(judged if rule.kind == "healthy" else first, -1)),
        "t_end": loss(typical(first, -1)),
        "t_last": loss(ending(first, abs(t_mid - first.end))),
        "t_mid": loss(t_mid),
        "t_mid_at": place(first.x[min(t_middle, len(first.x) - 1)]),
        "v_end": loss(typical(judged, -1)),
        "middle": loss(float(np.median(first.value[len(first.value) // 2 :]))),
        "noise": loss(first.noise),
        "noise_share": "more than" if measures["noise"] > 1 else share(measures["noise"]) + " of",
        "best": place(judged.x[judged.best]),
        "best_loss": loss(lowest),
        "mid": loss(mid),
        "mid_at": place(judged.x[min(middle, len(judged.x) - 1)]),
        "fall_share": share(min(1.0, max(0.0, mid - last) / whole)) if whole > 0 else "part",
        "less": lower(mid, last) if mid > 0 else f"{loss(mid - last)} less",
        "pace": "" if seen.alone else pace(first if rule.key == "both_falling" else judged),
        "moved": at_most(measures["moved"]),
        "range": at_most(measures["range"]),
        "left": share(measures["left"]),
        "baseline": loss(seen.baseline),
        "baseline_name": seen.baseline_name,
        "goes": goes(first, judged),
        "validation_too": ", and validation loss rises too" if measures["turned"] >= 0.03 else "",
        "width": loss(seen.swings.width),
        "swing": share(measures["swing"]),
        "rise": higher(last - lowest, lowest, loss(last - lowest)),
        "count_judged": f"{counted(len(judged.value), 'value')} are too few to call it done",
        "slows": ", and falls more slowly now" if fall > 0 and judged.at(0.75) - judged.end < 0.4 * fall else "",
        "and_validation": f", and validation at {loss(typical(v, -1))}" if v else "",
        "and_training": f", and training at {loss(typical(t, -1))}" if t and v else "",
        "done": FLOOR_KNOWN if np.isfinite(measures["left"]) else UNKNOWN,
    }
    if seen.drop.depth:
        before = seen.drop.before
        depth = judged.value[before] - judged.end
        words |= {
            "before": place(judged.x[before]),
            "before_loss": loss(judged.value[before]),
            "end": loss(typical(judged, -1)),
            "drop_share": share(min(1.0, depth / whole)) if whole > 0 else "part",
            "after_drop": "it still falls"
            if measures["falling_since"] > 0
            else "too little of the run is left to tell",
        }
    if seen.leaps.times:
        leapt = max(first, judged, key=lambda curve: len(curve.value))
        words |= {"Curve": "Training" if leapt is t else "Validation", "t_end": loss(typical(leapt, -1))}
        words["leaps_many"] = "once" if seen.leaps.times == 1 else f"{seen.leaps.times} times"
        words["leap_at"] = place(leapt.x[seen.leaps.last])
        words["leap_loss"] = loss(leapt.value[seen.leaps.last])
    if np.isfinite(seen.swings.period):
        step = (first.x[-1] - first.x[0]) / max(len(first.x) - 1, 1)
        period = seen.swings.period * step
        words["period"] = f"{period:.2g} {unit}s" if period != 1 else f"1 {unit}"
    return words


def counted(count: int, what: str, plural: str = "s") -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}{plural}"


def place(x: float) -> str:
    """A place on x as a file writes it."""
    if np.isnan(x):
        return ""
    return f"{x:.0f}" if x == round(x) and abs(x) < 1e15 else f"{x:.4g}" if abs(x) < 1e4 else f"{x:.10g}"


def number(value: float) -> str:
    """A loss with four digits, five where those are all it has, or all before the point."""
    if 1e4 <= abs(value) < 1e7:
        return f"{value:.0f}"
    five = f"{value:.5g}"
    return five if abs(float(five) - value) <= 1e-9 * abs(value) else f"{value:.4g}"


def typical(curve: Curve, at: int) -> float:
    """The median of the values around one, an odd number of them: a value of the curve itself. -1 is the end."""
    count = len(curve.value)
    width = max(1, min(curve.ending, count) // 2 * 2 - 1)
    if at < 0:
        return float(np.median(curve.value[-width:]))
    at = min(at, count - 1)
    half = min(width // 2, at, count - 1 - at)
    return float(np.median(curve.value[at - half : at + half + 1]))


def ending(curve: Curve, change: float) -> float:
    """The last value, unless it strays from the others at the end by as much as half the change that is told."""
    last = float(curve.value[-1])
    return last if abs(last - curve.end) <= change / 2 else typical(curve, -1)


def goes(t: Curve, v: Curve) -> str:
    """What training does after validation turned."""
    change = t.at(float(v.place[v.turn])) - t.end
    if abs(change) <= max(2 * t.level_error, 1e-9 * abs(t.end)):
        return "is flat"
    return "still falls" if change > 0 else "rises too"


def higher(rise: float, lowest: float, loss: str) -> str:
    """The rise of a loss in words: as a share of one above 0."""
    if lowest <= 0:
        return f"{loss} higher"
    return f"{rise / lowest:.0%} higher" if rise < lowest else f"{(rise + lowest) / lowest:.1f} times as high"


def lower(before: float, after: float) -> str:
    """The fall of a positive loss in words: where it spans decades, as a factor."""
    if 0 < after < before / 20:
        return f"a factor of {before / after:,.0f}"
    return f"{share(max(0.0, before - after) / before)} less"


def share(part: float) -> str:
    """A share as a percentage with one digit where it is small."""
    return f"{part:.0%}" if abs(part) >= 0.1 else f"{part:.1%}"


def at_most(part: float) -> str:
    """A share that another is no larger than."""
    return share(max(part, 0.001))


def pace(curve: Curve) -> str:
    """Whether the fall is so even that the rate may be too small."""
    # Of a line the quarters fall alike, and of the last quarter both halves.
    before, after = curve.at(0.5) - curve.at(0.75), curve.at(0.75) - curve.at(1.0)
    late = curve.at(0.875) - curve.at(1.0)
    steady = after > STEADY * before and 0.25 * after < late < 0.75 * after
    return ", and raise the learning rate: the fall has hardly slowed" if steady else ""
