"""The measures that the rules compare with thresholds: their names and what each is.

No measure changes when all losses are multiplied by one number, or when the run is sampled more finely.
"""

from __future__ import annotations

MIN_VALUES = 5  # values below which a curve is not judged
SMALL = 0.01  # of the loss's size: the least change that counts, for a curve that never moved by more
FLAT_FALL = 0.05  # of the whole fall, and of the loss itself: less is flat
SURE = 2.5  # standard errors taken off what a rule wants to be large
SURE_OF_TURN = 3.5  # the same where a least value was picked, which noise makes too low
REGULAR = 0.45  # correlation of swings beyond chance
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
    "early_rise": "largest rise of the training loss in the first half, beyond its noise, as a share of its size",
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
    "to_gain": "share of the judged loss that half a run more would take away at the pace of the end, less its error",
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
