"""The rules, in the order in which they are asked: the first one that holds decides.

A loss's fall is the range of its smooth curve, its start included; its size is the first loss above the floor, or the
range of all its values where no floor is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.diagnosis.measure import FEWEST
from core.diagnosis.verdict import Kind


@dataclass(frozen=True)
class Rule:
    """Holds where each measure named in `at_least` and `at_most` is on its side of the threshold; NaN never is."""

    key: str
    kind: Kind
    name: str
    template: str  # the sentence, with {a measure} where its threshold stands
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)

    @property
    def thresholds(self) -> dict[str, float]:
        """By the name of the measure (core.diagnosis.measure.MEASURES)."""
        return {**self.at_least, **self.at_most}

    @property
    def says(self) -> str:
        """The rule in one sentence with its thresholds in it, as shown on the page."""
        return self.template.format(**self.thresholds)

    def holds(self, measures: Mapping[str, float]) -> bool:
        return all(measures[name] >= limit for name, limit in self.at_least.items()) and all(
            measures[name] <= limit for name, limit in self.at_most.items()
        )


# Shares that several rules compare with.
FLAT = 0.05  # of the whole fall in the second half: less is flat
RISEN = 0.03
REGULAR = 0.45  # correlation beyond chance
HALF = 0.5
TINY = 0.05  # of the size of the loss

_ASKED = (
    Rule(
        "lost",
        Kind.DIVERGING,
        "Not a number",
        "The last {lost:.0f} or more epochs have a loss that is infinite or not a number.",
        at_least={"lost": 1},
    ),
    Rule(
        "too_short",
        Kind.TOO_SHORT,
        "Too short",
        "There are at most {epochs:.0f} epochs with a loss.",
        at_most={"epochs": FEWEST - 1},
    ),
    Rule(
        "climbing",
        Kind.DIVERGING,
        "Climbing",
        "The training loss has climbed from its least by at least {climb:.0%} of its fall, "
        "{climb_in_noise:.0f} times its noise and {climb_in_size:.0%} of its size, and ends {summit:.1f} times as high "
        "above its least as it was before the last quarter.",
        at_least={"climb": 0.2, "climb_in_noise": 5.0, "climb_in_size": TINY, "summit": 1.1},
    ),
    Rule(
        "growing_swings",
        Kind.DIVERGING,
        "Growing swings",
        "The training loss swings regularly (each swing's correlation with the one before is {regular:.2f} above "
        "chance), by at least {swing:.0%} of its fall, and the later swings are {growth:.1f} times as wide.",
        at_least={"regular": REGULAR, "swing": HALF, "growth": 1.8},
    ),
    Rule(
        "swings",
        Kind.OSCILLATING,
        "Regular swings",
        "The training loss swings regularly (each swing's correlation with the one before is {regular:.2f} above "
        "chance), by at least {swing:.0%} of its fall, and the later swings are at least {growth:.1f} times as wide "
        "as the earlier.",
        at_least={"regular": REGULAR, "swing": 0.15, "growth": 0.6},
    ),
    Rule(
        "thrown_out",
        Kind.DIVERGING,
        "Thrown out",
        "Nine tenths of the last quarter lie above the least training loss by at least {stays:.0%} of its fall, "
        "{stays_in_noise:.0f} times its noise and {stays_in_size:.0%} of its size.",
        at_least={"stays": HALF, "stays_in_noise": 2.0, "stays_in_size": TINY},
    ),
    Rule(
        "wild",
        Kind.DIVERGING,
        "Wild",
        "The median training loss of the second half lies above the first by at least {above:.0f} times its size.",
        at_least={"above": 3.0},
    ),
    Rule(
        "noise",
        Kind.NOISY,
        "Noise above trend",
        "The noise of the training loss from epoch to epoch is at least {noise:.0%} of its whole fall, and at least "
        "{noise_in_size:.0%} of its size.",
        at_least={"noise": 0.4, "noise_in_size": 0.02},
    ),
    Rule(
        "turned",
        Kind.OVERFITTING,
        "Validation turned",
        "The validation loss ends above its least by at least {turned:.0%} of the training loss's fall, beyond its "
        "noise, it falls no longer (at most {falling:.0%} in the second half, beyond its noise), and the training loss "
        "has climbed by at most {climb:.0%}.",
        at_least={"turned": RISEN},
        at_most={"falling": FLAT, "climb": 0.2},
    ),
    Rule(
        "hardly_fell",
        Kind.STALLED,
        "Hardly fell",
        "The training loss ends within {moved:.0%} of its first value, at least {left:.0%} of the baseline is "
        "left, and it is flat (at most {falling_training:.0%} of the fall in the second half, beyond its noise).",
        at_least={"left": HALF},
        at_most={"moved": TINY, "falling_training": FLAT},
    ),
    Rule(
        "motionless",
        Kind.STALLED,
        "Motionless",
        "The training loss has moved by at most {range:.0%} of its size, and is flat (at most {falling_training:.0%} "
        "of the fall in the second half, beyond its noise).",
        at_most={"range": 0.01, "falling_training": FLAT},
    ),
    Rule(
        "widening_gap",
        Kind.OVERFITTING,
        "Widening gap",
        "At least {lag:.0%} of what training gained did not carry over to validation, the gap grew by {widening:.0%} "
        "in the second half, and validation falls no longer (at most {falling:.0%}).",
        at_least={"lag": 0.25, "widening": RISEN},
        at_most={"falling": FLAT},
    ),
    Rule(
        "wide_gap",
        Kind.OVERFITTING,
        "Wide gap",
        "At least {lag:.0%} of what training gained did not carry over to validation, which falls no longer (at most "
        "{falling:.0%} in the second half, beyond its noise).",
        at_least={"lag": HALF},
        at_most={"falling": FLAT},
    ),
    Rule(
        "falling",
        Kind.LEARNING,
        "Still falling",
        "The loss (on validation, if there is one) fell by at least {falling:.0%} of training's fall in the second "
        "half, beyond its noise.",
        at_least={"falling": FLAT},
    ),
    Rule(
        "both_falling",
        Kind.LEARNING,
        "Training falls, validation follows",
        "The training loss fell by at least {falling_training:.0%} of its whole fall in the second half, beyond its "
        "noise, and the validation loss by {following:.1%}, which its own noise may hide.",
        at_least={"falling_training": FLAT, "following": FLAT / 2},
    ),
    Rule(
        "high",
        Kind.UNDERFITTING,
        "Flat and high",
        "The training loss is flat and at least {left:.0%} of the baseline is left.",
        at_least={"left": HALF},
    ),
    Rule(
        "converged",
        Kind.HEALTHY,
        "Flat and low",
        "No other rule holds: in the second half the loss fell by at most {falling:.0%} of training's fall.",
        at_most={"falling": FLAT},
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.key: rule for rule in _ASKED})
