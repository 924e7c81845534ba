"""The rules, in the order in which they are asked: the first one that holds decides.

A loss's fall is the range of its smooth curve, its start included; its size is the first loss above the lowest possible
(above 0 where that is unknown), or the range of all its values where losses below that were met. The loss that is
judged is validation, if there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.diagnosis.measures import FLAT_FALL, MIN_VALUES, REGULAR
from core.diagnosis.rule import Rule
from core.diagnosis.verdict import VerdictKind

# Shares that several rules compare with.
RISEN = 0.03
SWING = 0.15
NOISE = 0.4
HALF = 0.5
TINY = 0.05  # of the size of the loss
DONE = 8  # validations (or training losses) from which on a run can be called done
MANY = 40  # or so many of both
FLAT_SHARE = 0.08  # of the run that has to be flat
_IN_ORDER = (
    Rule(
        "lost",
        VerdictKind.DIVERGING,
        "Not a number",
        "The last value or more ({lost:.0f} at least) is infinite or not a number.",
        at_least={"lost": 1},
    ),
    Rule(
        "too_short",
        VerdictKind.TOO_SHORT,
        "Too short",
        "There are at most {values:.0f} values.",
        at_most={"values": MIN_VALUES - 1},
    ),
    Rule(
        "zero",
        VerdictKind.NOT_JUDGED,
        "Zero throughout",
        "The losses are exactly 0, {zero:.0%} of them.",
        at_least={"zero": 1.0},
    ),
    Rule(
        "climbing",
        VerdictKind.DIVERGING,
        "Climbing",
        "The training loss has climbed from its lowest by at least {climb:.0%} of its fall, "
        "{climb_in_noise:.0f} times its noise and {climb_in_size:.0%} of its size. It ends {summit:.1f} times as high "
        "above its lowest as it was before the last quarter.",
        at_least={"climb": 0.2, "climb_in_noise": 5.0, "climb_in_size": TINY, "summit": 1.1},
    ),
    Rule(
        "growing_swings",
        VerdictKind.DIVERGING,
        "Growing swings",
        "The training loss swings regularly (each swing's correlation with the one before is {regular:.2f} above "
        "chance), by at least {swing:.0%} of its fall, and the later swings are {growth:.1f} times as wide.",
        at_least={"regular": REGULAR, "swing": HALF, "growth": 1.8},
    ),
    Rule(
        "thrown_out",
        VerdictKind.DIVERGING,
        "Jumped up and stayed",
        "Nine tenths of the last quarter lie above the lowest training loss by at least {stays:.0%} of its fall, "
        "{stays_in_noise:.0f} times its noise and {stays_in_size:.0%} of its size.",
        at_least={"stays": HALF, "stays_in_noise": 2.0, "stays_in_size": TINY},
    ),
    Rule(
        "wild",
        VerdictKind.DIVERGING,
        "Far above its start",
        "The median training loss of the second half lies above the first by at least {above:.0f} times its size.",
        at_least={"above": 3.0},
    ),
    Rule(
        "restarts_falling",
        VerdictKind.LEARNING,
        "Leaps up, ends lower",
        "The loss leapt up suddenly and came back {leaps:.0f} times or more, as where a learning rate restarts. It "
        "ends lower than before the last leap by at least {leaps_fall:.0%} of its fall; its noise is at most "
        "{noise:.0%} of that.",
        at_least={"leaps": 2, "leaps_fall": FLAT_FALL},
        at_most={"noise": NOISE},
    ),
    Rule(
        "restarts",
        VerdictKind.HEALTHY,
        "Leaps up, ends no lower",
        "The same, also of one leap ({leaps:.0f} or more, noise at most {noise:.0%}), but it ends no lower than before "
        "the last (by at most {leaps_fall:.0%} of its fall).",
        at_least={"leaps": 1},
        at_most={"noise": NOISE, "leaps_fall": FLAT_FALL},
    ),
    Rule(
        "swings",
        VerdictKind.OSCILLATING,
        "Regular swings",
        "The loss swings regularly (each swing's correlation with the one before is {regular:.2f} above "
        "chance), by at least {swing:.0%} of its fall, and the later swings are at least {growth:.1f} times as wide "
        "as the earlier.",
        at_least={"regular": REGULAR, "swing": SWING, "growth": 0.6},
    ),
    Rule(
        "noise",
        VerdictKind.NOISY,
        "Noise above trend",
        "The noise from value to value is at least {noise:.0%} of the whole fall and {noise_in_size:.0%} of the size "
        "of the loss, in training and in validation.",
        at_least={"noise": NOISE, "noise_in_size": 0.02},
    ),
    Rule(
        "slow_swing",
        VerdictKind.OSCILLATING,
        "Slow swings",
        "The judged loss fell, rose slowly and fell again to about where it was. It rose by at least {slow_swing:.0%} "
        "of its fall or of its end, whichever is less.",
        at_least={"slow_swing": 0.2},
    ),
    Rule(
        "rising",
        VerdictKind.DIVERGING,
        "Training rises",
        "The training loss ends above its lowest by at least {rising:.0%} of its fall and {rising_in_size:.0%} of its "
        "size, beyond its noise.",
        at_least={"rising": 0.08, "rising_in_size": RISEN},
    ),
    Rule(
        "turned",
        VerdictKind.OVERFITTING,
        "Validation turned",
        "The validation loss ends above its lowest by at least {turned:.0%} of the training loss's fall, beyond its "
        "noise. It falls no longer (at most {falling:.0%} in the second half, beyond its noise). The training loss "
        "has risen by at most {rising:.0%} of its own, beyond its noise.",
        at_least={"turned": RISEN},
        at_most={"falling": FLAT_FALL, "rising": 0.2},
    ),
    Rule(
        "parted",
        VerdictKind.OVERFITTING,
        "Validation rises, training falls",
        "The validation loss ends at least {risen:.0%} above its lowest, beyond its noise, and falls no longer (at "
        "most {falling:.0%} in the second half), while training fell by another {learned_since:.0%}.",
        at_least={"risen": 0.04, "learned_since": TINY},
        at_most={"falling": FLAT_FALL},
    ),
    Rule(
        "turned_alone",
        VerdictKind.VALIDATION_TURNED,
        "Validation turned, training unknown",
        "There is a validation loss alone. It ends above its lowest by at least {turned_alone:.0%} of its fall, beyond "
        "its noise, and falls no longer (at most {falling:.0%} in the second half).",
        at_least={"turned_alone": 0.05},
        at_most={"falling": FLAT_FALL},
    ),
    Rule(
        "rose_and_stayed",
        VerdictKind.STALLED,
        "Rose early, stays high",
        "In the first half the training loss rose by at least {early_rise:.0%} of its size, beyond its noise. At least "
        "{remains:.0%} of its first value (or of the baseline) remains, and it is flat (at most "
        "{falling_training:.0%} of the fall in the second half, beyond its noise).",
        at_least={"early_rise": 0.1, "remains": HALF},
        at_most={"falling_training": FLAT_FALL},
    ),
    Rule(
        "hardly_fell",
        VerdictKind.STALLED,
        "Hardly fell",
        "The loss ends within {moved:.0%} of its first value, at least {remains:.0%} of that (or of the baseline) "
        "remains, and it is flat (at most {falling_training:.0%} of the fall in the second half, beyond its noise).",
        at_least={"remains": HALF},
        at_most={"moved": TINY, "falling_training": FLAT_FALL},
    ),
    Rule(
        "motionless",
        VerdictKind.STALLED,
        "Motionless",
        "The loss has moved by at most {range:.0%} of its size, and is flat (at most {falling_training:.0%} "
        "of the fall in the second half, beyond its noise).",
        at_most={"range": 0.01, "falling_training": FLAT_FALL},
    ),
    Rule(
        "widening_gap",
        VerdictKind.OVERFITTING,
        "Widening gap",
        "At least {lag:.0%} of what training gained did not carry over to validation, the gap grew by {widening:.0%} "
        "in the second half, and validation falls no longer (at most {falling:.0%}).",
        at_least={"lag": 0.25, "widening": RISEN},
        at_most={"falling": FLAT_FALL},
    ),
    Rule(
        "wide_gap",
        VerdictKind.OVERFITTING,
        "Wide gap",
        "At least {lag:.0%} of what training gained did not carry over to validation, which falls no longer (at most "
        "{falling:.0%} in the second half, beyond its noise).",
        at_least={"lag": HALF},
        at_most={"falling": FLAT_FALL},
    ),
    Rule(
        "dropped",
        VerdictKind.HEALTHY,
        "Late drop, then flat",
        "The judged loss was flat and dropped by at least {dropped:.0%} of its fall within a small part of the run. "
        "It has been flat since (at most {falling_since:.0%} of the drop, beyond its noise), for {since_drop:.0%} of "
        "the "
        "run.",
        at_least={"dropped": FLAT_FALL, "since_drop": FLAT_SHARE},
        at_most={"falling_since": 0.1},
    ),
    Rule(
        "dropped_lately",
        VerdictKind.LEARNING,
        "Late drop",
        "The same drop, by at least {dropped:.0%} of the fall, and it still falls or too little of the run is left to "
        "tell.",
        at_least={"dropped": FLAT_FALL},
    ),
    Rule(
        "falling",
        VerdictKind.LEARNING,
        "Still falling",
        "The judged loss fell by at least {falling:.0%} of its (training's) fall in the second half, beyond its noise.",
        at_least={"falling": FLAT_FALL},
    ),
    Rule(
        "both_falling",
        VerdictKind.LEARNING,
        "Training falls, validation follows",
        "The training loss fell by at least {falling_training:.0%} of its whole fall in the second half, beyond its "
        "noise. The validation loss fell by {following:.1%}, which its own noise may hide.",
        at_least={"falling_training": FLAT_FALL, "following": FLAT_FALL / 2},
    ),
    Rule(
        "to_gain",
        VerdictKind.LEARNING,
        "More to gain",
        "Training for half as long again, at the pace of the end, would lower the judged loss by at least "
        "{to_gain:.0%}.",
        at_least={"to_gain": 0.02},
    ),
    Rule(
        "slowing",
        VerdictKind.LEARNING,
        "Few values, the last is lowest",
        "There are at most {values:.0f} values of the judged loss, and the last is the lowest "
        "({last_is_lowest:.0f} for yes).",
        at_least={"last_is_lowest": 1},
        at_most={"values": DONE - 1},
    ),
    Rule(
        "few",
        VerdictKind.TOO_SHORT,
        "Flat, but few values",
        "There are at most {values:.0f} values of the judged loss, {points:.0f} with those of training.",
        at_most={"values": DONE - 1, "points": MANY},
    ),
    Rule(
        "high",
        VerdictKind.UNDERFITTING,
        "Flat and high",
        "The lowest possible loss is known, the training loss is flat, and at least {left:.0%} of the baseline is "
        "left.",
        at_least={"left": HALF},
    ),
    Rule(
        "converged",
        VerdictKind.HEALTHY,
        "Flat and low",
        "No rule above holds, and the judged loss has been as it is now for at least {steady:.0%} of the run.",
        at_least={"steady": FLAT_SHARE},
    ),
    Rule(
        "unsettled",
        VerdictKind.LEARNING,
        "Neither falling nor flat",
        "No rule above holds: the judged loss has been as it is now for less of the run than that ({steady:.0%} or "
        "more).",
        at_least={"steady": 0.0},
    ),
)
RULES: Mapping[str, Rule] = MappingProxyType({rule.key: rule for rule in _IN_ORDER})
