"""The sentence and the advice of a verdict, with its numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.diagnosis.curve import Curve
from core.diagnosis.measure import Seen
from core.diagnosis.rules import Rule

SENTENCES: Mapping[str, str] = {
    "lost": "The loss is infinite or not a number from {unit} {lost_from} on{after}.",
    "too_short": "{count} with a loss: too few to judge.",
    "climbing": "{Curve} loss was down to {least} and has climbed since {unit} {since} to {end}.",
    "growing_swings": "{Curve} loss swings with a period of about {period} {unit}s, and its later swings are "
    "{growth:.1f} times as wide as the earlier.",
    "swings": "{Curve} loss swings by {width}, {swing} of its whole fall, with a period of about {period} {unit}s, "
    "and the swings do not die out.",
    "thrown_out": "{Curve} loss left {least} at {unit} {since} and stays above, at about {end}.",
    "wild": "{Curve} loss began at {first} and leaps about far above it: half of the later losses exceed {middle}.",
    "noise": "From {unit} to {unit} the {curve} loss jumps by about {noise}, {noise_share} its whole trend.",
    "turned": "Validation loss is least about {unit} {since} ({bottom}) and {rise} at the end, while training "
    "loss {goes}.",
    "widening_gap": "Of what training gained, {lag:.0%} did not carry over: validation stays at {v_end} since {unit} "
    "{since}, training is at {end}, and the gap widens.",
    "wide_gap": "Of what training gained, {lag:.0%} did not carry over: validation stays at {v_end} since {unit} "
    "{since}, training is at {end}.",
    "falling": "{Judged} loss still falls: by {drop} in the second half of the run, {drop_share} of its whole fall.",
    "both_falling": "{Curve} loss still falls, by {drop} in the second half of the run, and validation loss with it.",
    "hardly_fell": "{Curve} loss is flat at {end}, within {moved} of its first value {first}.",
    "motionless": "{Curve} loss stays at {end}: it moves by no more than {range} of its size.",
    "high": "{Curve} loss is flat since {unit} {since} at {end}, {left} of {baseline_name} {baseline}{and_validation}.",
    "converged": "{Curve} loss is flat since {unit} {since} at {end}{and_validation}.",
}
ADVICE: Mapping[str, str] = {
    "lost": "Lower the learning rate tenfold, or clip the gradients; look for a logarithm or a division at zero.",
    "too_short": "Train for longer, or log more often.",
    "climbing": "Lower the learning rate, by a factor of 3 to 10, or clip the gradients.",
    "growing_swings": "Lower the learning rate: each step overshoots by more than the one before.",
    "swings": "Lower the learning rate, by a factor of 2 to 5, or let it decay.",
    "thrown_out": "Lower the learning rate tenfold, warm it up, or clip the gradients; then start again.",
    "wild": "Lower the learning rate tenfold, use larger batches, or clip the gradients; then start again.",
    "noise": "Use larger batches or a lower rate, or average the loss over more examples before judging it.",
    "turned": "Keep the model of {unit} {best}, the lowest of all; a better one takes a penalty, more data or less "
    "capacity.",
    "widening_gap": "Add a penalty or data, or take capacity away: longer training only widens the gap.",
    "wide_gap": "Add a penalty or data, or take capacity away.",
    "falling": "Go on training{pace}.",
    "both_falling": "Go on training{pace}.",
    "hardly_fell": "Raise the learning rate tenfold; if that does not help, look for saturated units, dead inputs or "
    "a poor start.",
    "motionless": "Raise the learning rate tenfold; if that does not help, look for saturated units, dead inputs or "
    "a poor start.",
    "high": "Give the model more capacity or better inputs, or lower its penalty: more training or data will not help.",
    "converged": "Done; a lower loss takes another model, more data or a smaller rate at the end.",
}
STEADY = 0.7  # of the third quarter's fall: a last quarter that falls by more falls steadily


def told(rule: Rule, seen: Seen, since: int, epochs: np.ndarray, unit: str) -> tuple[str, str]:
    """What is seen, and what to try; `unit` is what `epochs` counts."""
    words = vocabulary(rule, seen, since, epochs, unit)
    return SENTENCES[rule.key].format(**words), ADVICE[rule.key].format(**words)


def vocabulary(rule: Rule, seen: Seen, since: int, epochs: np.ndarray, unit: str) -> dict[str, str | float]:
    """Every word that a sentence may use."""
    t, v = seen.train, seen.validation
    words: dict[str, str | float] = dict(seen.measures) | {"unit": unit}

    def epoch(at: int) -> str:
        return f"{epochs[min(at, len(epochs) - 1)]:g}"

    def loss(value: float) -> str:
        return f"{value * seen.unit:.3g}"

    words["lost_from"] = epoch(len(epochs) - seen.lost) if len(epochs) else ""
    words["since"] = epoch(since) if since >= 0 else ""
    finite = 0 if t is None else len(t.rows)
    words["count"] = f"{finite or 'No'} {unit}{'s' if finite != 1 else ''}"
    words["after"] = ""
    if t is None:
        return words
    # Fewer validation losses than a rule looks at say nothing but which was least.
    v = v if np.isfinite(seen.measures["following"]) else None
    judged = v or t
    words["after"] = f", after a least of {loss(t.value.min())} at {unit} {epoch(t.best)}"
    words |= {
        "least": loss(t.least),
        "first": loss(t.start),
        "end": loss(t.end),
        "middle": loss(float(np.median(t.value[len(t.value) // 2 :]))),
        "noise": loss(t.noise),
        "noise_share": "more than" if seen.measures["noise"] > 1 else share(seen.measures["noise"]) + " of",
        "best": epoch((seen.validation or t).best),
        "curve": seen.name,
        "Curve": seen.name.capitalize(),
        "Judged": "Validation" if v else seen.name.capitalize(),
        "drop": loss(t.drop if rule.key == "both_falling" or v is None else v.drop),
        "drop_share": share(judged.drop / (judged.start - judged.least)) if judged.start > judged.least else "part",
        "pace": pace(t if rule.key == "both_falling" else judged),
        "moved": share(seen.measures["moved"]),
        "range": share(seen.measures["range"]),
        "left": share(seen.measures["left"]),
        "baseline": loss(seen.baseline),
        "baseline_name": seen.baseline_name,
        "goes": "still falls" if seen.measures["falling_training"] > 0 else "does not rise",
        "and_validation": "",
        "width": loss(seen.swings.width),
        "swing": share(seen.measures["swing"]),
    }
    if np.isfinite(seen.swings.period):
        step = (epochs[-1] - epochs[0]) / max(len(epochs) - 1, 1)
        words["period"] = f"{seen.swings.period * step:.2g}"
    if v is not None:
        rise = v.end - v.least
        positive = v.least > 0 and seen.measures["left"] >= 0
        words |= {
            "bottom": loss(v.least),
            "rise": higher(rise, v.least) if positive else f"{loss(rise)} higher",
            "v_end": loss(v.end),
            "and_validation": f", and validation at {loss(v.end)}",
        }
    return words


def higher(rise: float, least: float) -> str:
    """The rise of a positive loss in words."""
    return f"{rise / least:.0%} higher" if rise < least else f"{(rise + least) / least:.1f} times as high"


def share(part: float) -> str:
    """A share as a percentage with one digit where it is small."""
    return f"{part:.0%}" if abs(part) >= 0.1 else f"{part:.1%}"


def pace(curve: Curve) -> str:
    """Whether the fall is so even that the rate may be too small."""
    # Of a line the quarters fall alike.
    before, after = curve.at(0.5) - curve.at(0.75), curve.at(0.75) - curve.at(1.0)
    return ", and raise the learning rate: the fall has hardly slowed" if after > STEADY * before else ""
