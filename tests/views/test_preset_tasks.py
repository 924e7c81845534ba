"""The task of each preset: it names a control of its scene, and what it says to look for is there then, not before."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy.special import expit

from core.advice import SEEDS
from core.descent.outcome import Outcome
from core.diagnosis import VerdictKind
from core.models.imbalance.report import PLAIN
from core.models.simplex import Asks, cooled
from core.stage import Slider, Task
from core.views.gradient_descent.presets import PRESETS as RACES
from tests.views.boxes_and_masks import box_scenes, detection_scenes, mask_scenes
from tests.views.class_imbalance import shown as imbalance
from tests.views.class_probabilities import shown as probabilities
from tests.views.class_probabilities import train_scenes
from tests.views.gradient_descent import races
from tests.views.scenes import EVERY, PAGES, Moved, Scene, counts, losses, report, verdict
from tests.views.training_curves import shown as training
from tests.views.which_loss import shown as which

DO = re.compile(r"Drag “(?P<label>[^”]+)” to (?P<value>-?\d\S*)(?P<percent> %)?\.")


# --- races ---


def has_outcome(shown: races.Shown, key: str, outcome: Outcome, moved: Moved) -> bool:
    return shown.outcome(key, **moved) == outcome


def all_have(shown: races.Shown, outcome: Outcome, moved: Moved) -> bool:
    return all(has_outcome(shown, key, outcome, moved) for key in shown.race.optimizers)


def none_has(shown: races.Shown, outcome: Outcome, moved: Moved) -> bool:
    return not any(has_outcome(shown, key, outcome, moved) for key in shown.race.optimizers)


def stays_on_one_side_below_the_rate_that_the_text_names(shown: races.Shown, moved: Moved) -> bool:
    kappa, rate = shown.values["condition"], {**shown.values, **moved}["lr"]
    assert f"1 / κ = 1 / {kappa:g} ≈ {1 / kappa:.2g}." in RACES["Overshoot"].task.look_for
    across = shown.points("gradient_descent", **moved)[:, 1]
    stays = bool((across > 0).all())
    assert stays == (rate < 1 / kappa)
    return stays


def descent_diverges_and_adam_converges(shown: races.Shown, moved: Moved) -> bool:
    return has_outcome(shown, "gradient_descent", Outcome.DIVERGED, moved) and has_outcome(
        shown, "adam", Outcome.CONVERGED, moved
    )


def both_run_past_the_minimum_and_none_converges(shown: races.Shown, moved: Moved) -> bool:
    start, *_ = shown.points("momentum", **moved)
    past = [(shown.points(key, **moved) * np.sign(start))[:, 0].min() for key in ("momentum", "nesterov")]
    return max(past) < -0.1 and none_has(shown, Outcome.CONVERGED, moved)


def all_end_in_one_lower_local_minimum(shown: races.Shown, moved: Moved) -> bool:
    ends = np.array([shown.points(key, **moved)[-1] for key in shown.race.optimizers])
    assert all_have(shown, Outcome.LOCAL_MINIMUM, moved)
    assert np.ptp(ends, axis=0).max() < 0.02
    return all(shown.heights(key, **moved)[-1] < 0.6 * shown.heights(key)[-1] for key in shown.race.optimizers)


def descent_reaches_the_floor_and_adam_stays(shown: races.Shown, moved: Moved) -> bool:
    path, other = (shown.points(key, **moved) for key in ("gradient_descent", "adam"))
    heights = shown.heights("gradient_descent", **moved)
    low, high = np.array(shown.race.problem.landscape.window).T
    return (
        bool(((path >= low) & (path <= high)).all())
        and heights[-1] < heights[0] / 1000
        and np.linalg.norm(other - other[0], axis=1).max() < 0.05 * min(high - low)
        and shown.heights("adam", **moved)[-1] > 0.5 * heights[0]
    )


def descent_leaves_the_saddle_before_adam(shown: races.Shown, moved: Moved) -> bool:
    assert has_outcome(shown, "adam", Outcome.LEFT_WINDOW, moved)
    leaves = has_outcome(shown, "gradient_descent", Outcome.LEFT_WINDOW, moved)
    return leaves and shown.convergence_step("gradient_descent", **moved) < shown.convergence_step("adam", **moved)


def adagrad_does_not_converge(shown: races.Shown, moved: Moved) -> bool:
    assert shown.race.steps == 200
    return not has_outcome(shown, "adagrad", Outcome.CONVERGED, moved)


def all_stay_closer_and_none_converges(shown: races.Shown, moved: Moved) -> bool:
    def distance(key: str, values: Moved) -> float:
        """The mean distance from the minimum, which is at 0, in the last quarter."""
        return float(np.linalg.norm(shown.points(key, **values)[-50:], axis=1).mean())

    assert none_has(shown, Outcome.CONVERGED, moved)
    assert len(shown.race.optimizers) == 4
    return all(distance(key, moved) < 0.7 * distance(key, {}) for key in shown.race.optimizers)


def both_diverge_here_and_at_larger_rates(shown: races.Shown, moved: Moved) -> bool:
    rates = shown.race.rates[shown.race.rates >= {**shown.values, **moved}["lr"]]
    assert all_have(shown, Outcome.CONVERGED, {})
    return all(all_have(shown, Outcome.DIVERGED, {"lr": float(rate)}) for rate in rates)


RACE_CLAIMS: dict[str, Callable[[races.Shown, Moved], bool]] = {
    "Overshoot": stays_on_one_side_below_the_rate_that_the_text_names,
    "Learning rate too small": descent_diverges_and_adam_converges,
    "Ravine": both_run_past_the_minimum_and_none_converges,
    "Local minimum": all_end_in_one_lower_local_minimum,
    "Cliff": descent_reaches_the_floor_and_adam_stays,
    "Saddle escape": descent_leaves_the_saddle_before_adam,
    "Sparse gradients": adagrad_does_not_converge,
    "Noisy gradients": all_stay_closer_and_none_converges,
    "Warm-up helps": both_diverge_here_and_at_larger_rates,
}


# --- training runs ---


def ratios(shown: training.Shown, moved: Moved) -> list[float]:
    """The last training loss and the last validation loss, each as a multiple of what it is as the link opens."""
    return [float(new[-1] / old[-1]) for new, old in zip(losses(shown, moved), losses(shown, {}), strict=True)]


def best_epoch(shown: training.Shown, moved: Moved) -> int:
    return int(shown.trace("best epoch", training.LOSS, moved)["x"].item())


def converges_far_higher_and_above_the_noise(shown: training.Shown, moved: Moved) -> bool:
    _, validation = losses(shown, moved)
    assert verdict(shown, moved) is VerdictKind.HEALTHY
    assert validation[-1] > shown.at("noise", moved) ** 2  # the variance of the noise: no model gets below it
    return min(ratios(shown, moved)) > 5


def losses_are_less_than_half_without_underfitting(shown: training.Shown, moved: Moved) -> bool:
    return verdict(shown, moved) is not VerdictKind.UNDERFITTING and max(ratios(shown, moved)) < 1 / 2


def validation_does_not_rise_and_is_less_than_half(shown: training.Shown, moved: Moved) -> bool:
    _, validation = losses(shown, moved)
    rises = validation[-1] > 1.001 * validation.min() or verdict(shown, moved) is VerdictKind.OVERFITTING
    return not rises and ratios(shown, moved)[1] < 0.5


def losses_still_fall_at_the_last_epoch(shown: training.Shown, moved: Moved) -> bool:
    falls = all((np.diff(loss)[-50:] < 0).all() for loss in losses(shown, moved))
    return falls and verdict(shown, moved) is VerdictKind.LEARNING


def losses_shoot_far_above_their_start(shown: training.Shown, moved: Moved) -> bool:
    return all(loss.max() > 10 * loss[0] for loss in losses(shown, moved))


def overfits_sooner_and_more(shown: training.Shown, moved: Moved) -> bool:
    def rise(values: Moved) -> float:
        _, validation = losses(shown, values)
        return float(validation[-1] / validation.min())

    assert verdict(shown, moved) is VerdictKind.OVERFITTING
    return best_epoch(shown, moved) < 0.75 * best_epoch(shown, {}) and rise(moved) > 1.2 * rise({})


def overfits_with_a_validation_loss_five_times_as_high(shown: training.Shown, moved: Moved) -> bool:
    train, validation = ratios(shown, moved)
    return verdict(shown, moved) is VerdictKind.OVERFITTING and train < 1 and validation > 5


def brier_stays_at_one_half_and_cross_entropy_learns(shown: training.Shown, moved: Moved) -> bool:
    plain, brier = (shown.trace(name, training.LOSS, moved)["y"] for name in ("BCE", "Brier"))
    before = shown.trace("BCE", training.LOSS, {})["y"]
    starts = [int(np.argmax(accuracy > 0.7)) for accuracy in (before, plain)]  # epochs
    assert 0 < starts[0] <= starts[1] <= starts[0] + 3
    assert np.abs(plain - before)[starts[1] :].max() < 0.1
    assert plain[-1] > 0.9
    return bool(np.allclose(brier, 0.5))


RUN_CLAIMS: dict[str, Callable[[training.Shown, Moved], bool]] = {
    "Healthy": converges_far_higher_and_above_the_noise,
    "Underfit": losses_are_less_than_half_without_underfitting,
    "Overfit": validation_does_not_rise_and_is_less_than_half,
    "Learning rate too large": losses_still_fall_at_the_last_epoch,
    "Learning rate too small": losses_shoot_far_above_their_start,
    "Early stopping helps": overfits_sooner_and_more,
    "More data helps": overfits_with_a_validation_loss_five_times_as_high,
    "Slow start": brier_stays_at_one_half_and_cross_entropy_learns,
}


# --- class imbalance ---

WEIGHTED = "weighted_binary_cross_entropy"


def half_are_found_with_many_false_positives(shown: imbalance.Shown, moved: Moved) -> bool:
    found = counts(shown, WEIGHTED, moved)
    return found.recall == 0.5 and found.fp > 20 * found.tp


def cheapest_threshold_moves_up(shown: imbalance.Shown, moved: Moved) -> bool:
    now, before = (float(expit(report(shown, values).cheapest(PLAIN))) for values in (moved, {}))
    return now > before + 0.05 and report(shown, moved).cost < report(shown, {}).cost


def cheapest_threshold_is_about_one_half(shown: imbalance.Shown, moved: Moved) -> bool:
    one = report(shown, moved)
    return one.cost == 1 and 0.4 < expit(one.cheapest(PLAIN)) < 0.6


def all_are_found_and_most_negatives_are_false_positives(shown: imbalance.Shown, moved: Moved) -> bool:
    found = counts(shown, WEIGHTED, moved)
    return found.fn == 0 and found.fp > found.tn


def focal_finds_most_with_the_larger_weight(shown: imbalance.Shown, moved: Moved) -> bool:
    assert counts(shown, "focal", {}).tp == 0
    weight = dict(report(shown, moved).params("focal"))["alpha"]  # of a positive; a negative has 1 - weight
    return counts(shown, "focal", moved).recall > 0.5 and weight > 1 - weight


def bce_finds_the_positive_and_is_less_accurate(shown: imbalance.Shown, moved: Moved) -> bool:
    def percent(column: int) -> list[float]:
        """Of each model."""
        return [float(shown.sentence(one.cells[column], moved).removesuffix(" %")) for one in shown.stage.readings]

    accuracy, recall = percent(0), percent(1)
    assert (accuracy[0], recall[0]) == (99.9, 0)
    return recall[-1] == 100 and accuracy[-1] < accuracy[0]


CASE_CLAIMS: dict[str, Callable[[imbalance.Shown, Moved], bool]] = {
    "Accuracy lies": bce_finds_the_positive_and_is_less_accurate,
    "Fraud, 0.1 %": half_are_found_with_many_false_positives,
    "Screening": cheapest_threshold_moves_up,
    "Spam": cheapest_threshold_is_about_one_half,
    "Balanced": all_are_found_and_most_negatives_are_false_positives,
    "Real data: low life expectancy": focal_finds_most_with_the_larger_weight,
}


# --- class probabilities ---


def surprise_is_below_a_hundredth(shown: probabilities.Shown, moved: Moved) -> bool:
    return shown.surprise(moved) < 0.01


def surprise_is_less_than_half(shown: probabilities.Shown, moved: Moved) -> bool:
    return shown.surprise(moved) < shown.surprise({}) / 2


def perplexity_is_below_2(shown: probabilities.Shown, moved: Moved) -> bool:
    return float(np.exp(shown.surprise(moved))) < 2


def surprise_is_less_than_a_bit(shown: probabilities.Shown, moved: Moved) -> bool:
    return shown.surprise(moved) / np.log(2) < 0.99


def softmax_leaves_b_and_its_sigmoid_stays(shown: probabilities.Shown, moved: Moved) -> bool:
    softmax, sigmoid = (shown.chances(how, moved)[1] / shown.chances(how, {})[1] for how in ("softmax", "sigmoids"))
    assert sigmoid == 1
    return softmax < 0.2


def the_naive_softmax_is_right(shown: probabilities.Shown, moved: Moved) -> bool:
    return bool(np.allclose(shown.chances("naive_softmax", moved), shown.chances("softmax", moved), atol=1e-6))


def the_arrow_on_a_is_shorter_than_1(shown: probabilities.Shown, moved: Moved) -> bool:
    def length(values: Moved) -> float:
        return abs(float(shown.gradient("categorical_cross_entropy", values)[0]))

    assert f"{length({}):.3g}" == "10"
    return length(moved) < 1


def reverse_kl_finds_the_right_mode_and_forward_kl_stays(shown: probabilities.Shown, moved: Moved) -> bool:
    means = {name: one[shown.column("mean")] for name, one in shown.numbers(moved).items()}
    assert abs(means["Forward KL"]) < 0.1
    return means["Reverse KL"] > 2.9


def reverse_kl_leaves_out_the_left_mode(shown: probabilities.Shown, moved: Moved) -> bool:
    assert shown.summary(moved).startswith("Forward KL covers both modes, ")
    return "Reverse KL leaves out the left mode" in shown.summary(moved)


def all_cover_both_modes_with_a_mean_halfway(shown: probabilities.Shown, moved: Moved) -> bool:
    means = [one[shown.column("mean")] for one in shown.numbers(moved).values()]
    return shown.summary(moved).count("covers both modes") == 3 and max(np.abs(means)) < 0.05


def js_alone_is_finite_with_a_gradient(shown: probabilities.Shown, moved: Moved) -> bool:
    forward, reverse, js = shown.numbers(moved).values()
    assert forward[0] == reverse[0] == np.inf
    return bool(np.isfinite(js[0]) and js[1] != 0)


def gradients_on_wrong_classes_part(shown: probabilities.Shown, moved: Moved) -> bool:
    gradients = [one[shown.column("gradient")] for one in shown.numbers(moved).values()]
    assert gradients[0] < 0
    return bool(np.ptp(gradients[1:]) > 0.5)


def asks_for_the_truth_wherever_the_ring_is(shown: probabilities.Shown, moved: Moved) -> bool:
    return bool(shown.minimum(moved).asks[0] == Asks.PROPER)


def is_less_than_2_points_away(shown: probabilities.Shown, moved: Moved) -> bool:
    minimum = shown.minimum(moved)
    return bool(0 < minimum.off(minimum.asked)[0] < 2)


def the_divided_scores_give_the_truth_and_a_stays_first(shown: probabilities.Shown, moved: Moved) -> bool:
    minimum = shown.minimum(moved)
    q = cooled(minimum.best, np.array([shown.at("temperature", moved)]))
    assert q.argmax() == minimum.asked.argmax() == 0
    return bool(np.allclose(q, minimum.p))


def asks_for_the_truth_and_can_cost_nothing(shown: probabilities.Shown, moved: Moved) -> bool:
    return asks_for_the_truth_wherever_the_ring_is(shown, moved) and bool(shown.minimum(moved).least[0] < 1e-200)


def asks_for_b_alone(shown: probabilities.Shown, moved: Moved) -> bool:
    minimum = shown.minimum(moved)
    assert minimum.asks[0] == Asks.CORNER
    return bool(minimum.asked.argmax() == minimum.p.argmax() == 1)


def a_leads_by_1(shown: probabilities.Shown, moved: Moved) -> bool:
    minimum = shown.minimum(moved)
    a, *others = minimum.best[0]
    return bool(minimum.p[0, 0] > 0.5 and a - max(others) == 1 and minimum.asks[0] == Asks.LEAD)


PROBABILITY_CLAIMS: dict[str, Callable[[probabilities.Shown, Moved], bool]] = {
    "Confident and right": surprise_is_below_a_hundredth,
    "Confident and wrong": surprise_is_less_than_half,
    "Undecided": perplexity_is_below_2,
    "A tie": surprise_is_less_than_a_bit,
    "Two right answers": softmax_leaves_b_and_its_sigmoid_stays,
    "Scores of 1,000": the_naive_softmax_is_right,
    "Temperature 0.1 and 10": the_arrow_on_a_is_shorter_than_1,
    "Two far modes": reverse_kl_finds_the_right_mode_and_forward_kl_stays,
    "Near modes": reverse_kl_leaves_out_the_left_mode,
    "Uneven weights": all_cover_both_modes_with_a_mean_halfway,
    "Support missed": js_alone_is_finite_with_a_gradient,
    "Distillation": gradients_on_wrong_classes_part,
    "Focal is less confident": asks_for_the_truth_wherever_the_ring_is,
    "GCE is more confident": is_less_than_2_points_away,
    "A temperature corrects GCE": the_divided_scores_give_the_truth_and_a_stays_first,
    "Smoothed labels": asks_for_the_truth_and_can_cost_nothing,
    "Absolute error takes a corner": asks_for_b_alone,
    "No class has more than half": a_leads_by_1,
}


# --- advice ---


def thresholds(shown: which.Shown, moved: Moved) -> list[float]:
    """Of the advised way and of the other."""
    return [float(way.decides_at(shown.settings(moved))[0]) for way in (shown.advice.best, shown.advice.other)]


def other_wins_and_scatters_less(shown: which.Shown, moved: Moved) -> bool:
    found = shown.experiment(moved)
    return bool(found.losses[0] > found.wins[0] and found.scatter[0] > 1.1)


def the_median_loses(shown: which.Shown, moved: Moved) -> bool:
    found = shown.experiment(moved)
    return bool(found.losses[0] > found.wins[0]) and shown.advice.best.at(shown.settings(moved))["tau"][0] == 0.5


def wins_more_often_and_saves_more(shown: which.Shown, moved: Moved) -> bool:
    before, now = shown.experiment({}), shown.experiment(moved)
    return bool(now.wins[0] > before.wins[0] and now.saving[0] > before.saving[0])


def both_thresholds_are_a_half_and_cost_the_same(shown: which.Shown, moved: Moved) -> bool:
    found = shown.experiment(moved)
    return thresholds(shown, moved) == [0.5, 0.5] and not found.wins[0] and not found.losses[0]


def the_same_threshold_saves_nine_tenths(shown: which.Shown, moved: Moved) -> bool:
    return thresholds(shown, moved) == thresholds(shown, {}) and bool(shown.experiment(moved).saving[0] > 0.9)


def the_threshold_is_two_thirds_and_saves_less(shown: which.Shown, moved: Moved) -> bool:
    saves_less = shown.experiment(moved).saving[0] < shown.experiment({}).saving[0]
    return thresholds(shown, moved) == pytest.approx([2 / 3, 0.5]) and bool(saves_less)


def wins_in_nearly_every_seed(shown: which.Shown, moved: Moved) -> bool:
    return bool(shown.experiment(moved).wins[0] > 0.95 * SEEDS)


def both_ways_cost_the_same(shown: which.Shown, moved: Moved) -> bool:
    found = shown.experiment(moved)
    return not found.wins[0] and not found.losses[0]


def hardly_wins(shown: which.Shown, moved: Moved) -> bool:
    found = shown.experiment(moved)
    return bool(found.holds[0] and found.wins[0] < 0.6 * SEEDS)


def saves_less(shown: which.Shown, moved: Moved) -> bool:
    return bool(shown.experiment(moved).saving[0] < 0.6 * shown.experiment({}).saving[0])


ADVICE_CLAIMS: dict[str, Callable[[which.Shown, Moved], bool]] = {
    "Heavy tails": other_wins_and_scatters_less,
    "Too high costs 3 times": the_median_loses,
    "Too low costs 5 times": the_median_loses,
    "Large counts": wins_more_often_and_saves_more,
    "Fraud, 0.1 %": both_thresholds_are_a_half_and_cost_the_same,
    "Cancer screening": the_same_threshold_saves_nine_tenths,
    "Loan approval": the_threshold_is_two_thirds_and_saves_less,
    "Right labels": wins_in_nearly_every_seed,
    "Anchors that miss": hardly_wins,
    "Objects of all sizes": saves_less,
    "Lesion of 1 %": saves_less,
    "A missed pixel costs 20": saves_less,
    "A learning rate that is too small": both_ways_cost_the_same,
}


# Whether what `look_for` says is so, by the page and the name of the preset.
CLAIMS: dict[str, dict[str, Callable[..., bool]]] = {
    "gradient descent": RACE_CLAIMS,
    "training curves": RUN_CLAIMS,
    "class imbalance": CASE_CLAIMS,
    "class probabilities": PROBABILITY_CLAIMS | train_scenes.CLAIMS,
    "boxes and masks": box_scenes.CLAIMS | mask_scenes.CLAIMS | detection_scenes.CLAIMS,
    "which loss": ADVICE_CLAIMS,
}


@cache
def scene(page: str, name: str) -> Scene:
    return PAGES[page].open(PAGES[page].presets[name].address)


def task_of(page: str, name: str) -> Task:
    return PAGES[page].presets[name].task


def asked_for(page: str, name: str) -> tuple[Slider, float]:
    """The slider and the value that the task of a scene asks for."""
    do = task_of(page, name).do
    parts = DO.fullmatch(do)
    assert parts, do
    (slider,) = (slider for slider in scene(page, name).sliders.values() if slider.label == parts["label"])
    assert f"{float(parts['value']):g}" == parts["value"]
    return slider, float(parts["value"]) / (100 if parts["percent"] else 1)


@pytest.mark.parametrize("page", PAGES)
def test_every_preset_has_a_task_and_a_claim_that_is_checked(page):
    assert all(preset.task for preset in PAGES[page].presets.values())
    assert set(CLAIMS[page]) == set(PAGES[page].presets)


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_a_task_names_a_slider_of_its_scene_and_a_value_that_it_can_stand_at(page, name):
    shown = scene(page, name).shown
    slider, value = asked_for(page, name)
    frame = slider.frame(value)
    assert slider.values[frame] == pytest.approx(value, rel=1e-9, abs=1e-12)
    assert slider.nearest(value) != slider.nearest(slider.at(shown.values))  # it has to be moved
    if slider.labels:
        assert task_of(page, name).do.endswith(f" to {slider.labels[frame]}.")  # as the picture writes it


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_a_task_is_two_short_sentences(page, name):
    task = task_of(page, name)
    for sentence in (task.do, task.look_for):
        assert re.fullmatch(r"[A-Z][^?!]+\.", sentence)
        assert not re.search(r"\. [A-Z]", sentence)
        assert len(sentence) <= 90


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_what_a_task_says_to_look_for_is_there_when_it_is_done_and_not_before(page, name):
    shown, holds = scene(page, name).shown, CLAIMS[page][name]
    slider, value = asked_for(page, name)
    assert not holds(shown, {})
    assert holds(shown, {slider.key: value})
