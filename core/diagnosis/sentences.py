"""The sentence and the advice of each rule, with slots for the values of a run."""

from __future__ import annotations

from collections.abc import Mapping

APART = "without a training loss, overfitting cannot be distinguished from divergence"
SENTENCES: Mapping[str, str] = {
    "lost": "The loss is infinite or not a number from {unit} {lost_from} on{after}.",
    "too_short": "{count}: too few to judge.",
    "zero": "The loss is 0 throughout: this says nothing about the model.",
    "climbing": "{Curve} loss was down to {low} at {unit} {low_at} and has climbed since to {last}.",
    "growing_swings": "{Curve} loss swings with a period of about {period}, and its later swings are {growth:.1f} "
    "times as wide as the earlier.",
    "restarts_falling": "{Curve} loss leaps up {leaps_many}, the last after {unit} {leap_at} ({leap_loss}), and comes "
    "down lower: {t_end} at the end. A learning rate that restarts looks like this.",
    "restarts": "{Curve} loss leaps up {leaps_many}, the last after {unit} {leap_at} ({leap_loss}), and ends no lower "
    "({t_end}). A learning rate that restarts looks like this.",
    "swings": "{Curve} loss swings by {width}, {swing} of its whole fall, with a period of about {period}, "
    "and the swings do not die out.",
    "thrown_out": "{Curve} loss rose from {low} at {unit} {since} and stays at about {end}.",
    "wild": "{Curve} loss began at {first} and jumps to values far above it: half of the later losses exceed {middle}.",
    "noise": "{Curve} loss jumps by about {noise} from one {unit} to the next, {noise_share} its whole trend.",
    "rising": "{Curve} loss rises again: lowest {low} at {unit} {low_at}, {last} at the end{validation_too}.",
    "turned": "Lowest validation loss: {unit} {best} ({best_loss}); {rise} at the end ({last}), while training loss "
    "{goes}.",
    "parted": "Lowest validation loss: {unit} {best} ({best_loss}); {rise} at the end ({last}), while training loss "
    "{goes}.",
    "turned_alone": f"Lowest validation loss: {{unit}} {{best}} ({{best_loss}}); {{rise}} at the end ({{last}}). "
    f"{APART.capitalize()}.",
    "rose_and_stayed": "{Curve} loss rose early, from {before_rise} at {unit} {before_rise_at} to {after_rise} at "
    "{unit} {after_rise_at}; it is flat since {unit} {since} at {t_end}.",
    "hardly_fell": "{Curve} loss is flat at {end}, within {moved} of its first value {first}.",
    "motionless": "{Curve} loss stays at {end}: it moves by no more than {range} of its size.",
    "widening_gap": "{lag:.0%} of what training gained did not carry over: validation stays at {v_end} since {unit} "
    "{since}, training is at {t_end}, and the gap widens.",
    "wide_gap": "{lag:.0%} of what training gained did not carry over: validation stays at {v_end} since {unit} "
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
    "Longer training will gain little. The curve alone cannot say whether a lower loss is possible: compare it with "
    "another model, or with a constant prediction."
)
ADVICE: Mapping[str, str] = {
    "lost": "Lower the learning rate tenfold, or clip the gradients; look for a logarithm or a division at zero.",
    "too_short": "Train for longer, or log more often.",
    "zero": "Check that it is the loss, that not every label is masked, and that it was not rounded.",
    "climbing": "Lower the learning rate, by a factor of 3 to 10, or clip the gradients.",
    "growing_swings": "Lower the learning rate: each step overshoots by more than the one before.",
    "restarts_falling": "Go on for another cycle, and compare the ends of cycles only.",
    "restarts": "Compare the ends of cycles only, and end the run at the end of one. If the learning rate does not "
    "restart, lower it.",
    "swings": "Lower the learning rate, by a factor of 2 to 5, or let it decay.",
    "thrown_out": "Lower the learning rate tenfold, warm it up, or clip the gradients; then start again.",
    "wild": "Lower the learning rate tenfold, use larger batches, or clip the gradients; then start again.",
    "noise": "Use larger batches or a lower learning rate, or average the loss over more examples before judging it.",
    "rising": "Keep the model of {unit} {best}, and lower the learning rate by a factor of 3 to 10 or clip the "
    "gradients.",
    "turned": "Keep the model of {unit} {best}; more data, regularisation or a smaller model may give a better one.",
    "parted": "Keep the model of {unit} {best}; more data, regularisation or a smaller model may give a better one.",
    "turned_alone": "Keep the checkpoint of {unit} {best}, and log the training loss too.",
    "rose_and_stayed": "Lower the learning rate, by a factor of 3 to 10, or warm it up: its first steps were too long.",
    "hardly_fell": "Raise the learning rate tenfold; if that does not help, look for saturated units, inputs that "
    "never change or a poor initialisation. A model that was trained before may have little left to gain.",
    "motionless": "Raise the learning rate tenfold; if that does not help, look for saturated units, inputs that "
    "never change or a poor initialisation.",
    "widening_gap": "Use regularisation, more data or a smaller model: longer training only widens the gap.",
    "wide_gap": "Use regularisation, more data or a smaller model.",
    "dropped": "If the learning rate was lowered there, try to lower it once more, and earlier next time. Longer "
    "training at this learning rate will gain little.",
    "dropped_lately": LONGER,
    "slow_swing": "Average over more examples, or lower the learning rate, by a factor of 2 to 5; judge by the lows.",
    "falling": "Go on training{pace}.",
    "both_falling": "Go on training{pace}.",
    "to_gain": "Go on training{pace}.",
    "slowing": LONGER,
    "few": "Go on training, or log more often: it is too early to call it done.",
    "high": "Give the model more capacity or better inputs, or less regularisation: more training will not help.",
    "converged": "{done}",
    "unsettled": LONGER,
}
# Validation alone gives no advice on the learning rate.
ADVICE_ON_VALIDATION_ALONE: Mapping[str, str] = {
    "lost": "Keep the checkpoint of {unit} {best}, look for a logarithm or a division at zero, and log the training "
    "loss too.",
    "swings": "Keep the checkpoint of {unit} {best}, average over more validation examples, and log the training loss "
    "too.",
    "noise": "Average over more validation examples, and log the training loss too.",
    "hardly_fell": "Log the training loss too: it says whether the model learns at all.",
    "motionless": "Log the training loss too: it says whether the model learns at all.",
    "dropped": "Keep the checkpoint of {unit} {best}; longer training like that at the end will gain little.",
    "slow_swing": "Keep the checkpoint of {unit} {best}, and log the training loss too.",
    "falling": "Go on training.",
    "to_gain": "Go on training.",
}
NOT_JUDGED = "Judge the model by a measure of its own: samples, returns, accuracy."
FLOOR_KNOWN = "Training is done. A lower loss needs another model, more data or a lower learning rate at the end."
