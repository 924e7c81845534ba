"""The task of each preset: it names a control of its scene, and what it says to look for is there then, not before."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.special import expit

from core.descent.outcome import Outcome
from core.diagnosis import NAMES, VerdictKind
from core.models.imbalance.report import PLAIN, Report, predictions
from core.stage import Slider
from core.views.class_imbalance.presets import PRESETS as CASES
from core.views.gradient_descent.presets import PRESETS as RACES
from core.views.kit.view import Preset
from core.views.training_curves.presets import PRESETS as RUNS
from tests.views.class_imbalance import shown as imbalance
from tests.views.gradient_descent import races
from tests.views.training_curves import shown as training

Moved = Mapping[str, float]  # slider values by key; without one the scene is as its link opens it
DO = re.compile(r"Drag “(?P<label>[^”]+)” to (?P<value>-?\d\S*)\.")


class Scene(NamedTuple):
    """A preset, and what its link shows."""

    preset: Preset
    shown: Any
    sliders: Mapping[str, Slider]


def opened_race(preset: Preset) -> Scene:
    shown = races.arrived(**preset.address)
    return Scene(preset, shown, shown.chosen.sliders)


def opened_run(preset: Preset) -> Scene:
    words = dict(preset.address)
    shown = training.arrived(f"{words.pop('task', 'wave')}_{words.pop('view', 'run')}", words)
    return Scene(preset, shown, shown.view.choose(**shown.choice).sliders)


def opened_case(preset: Preset) -> Scene:
    words = dict(preset.address)
    shown = imbalance.arrived(words.pop("show", "decisions"), words)
    return Scene(preset, shown, shown.view.choose(**shown.choice).sliders)


# --- races ---


def has_outcome(shown: races.Shown, key: str, outcome: Outcome, moved: Moved) -> bool:
    return shown.outcome(key, **moved) == outcome


def all_have(shown: races.Shown, outcome: Outcome, moved: Moved) -> bool:
    return all(has_outcome(shown, key, outcome, moved) for key in shown.race.optimizers)


def none_has(shown: races.Shown, outcome: Outcome, moved: Moved) -> bool:
    return not any(has_outcome(shown, key, outcome, moved) for key in shown.race.optimizers)


def rate_is_above_the_stable_one_that_the_text_names(shown: races.Shown, moved: Moved) -> bool:
    kappa = shown.values["condition"]
    assert f"2 / κ = 2 / {kappa:g} ≈ {2 / kappa:.2g}." in RACES["Overshoot"].task.look_for
    rate = {**shown.values, **moved}["lr"]
    if diverges := has_outcome(shown, "gradient_descent", Outcome.DIVERGED, moved):
        assert shown.race.outcomes.bound[shown.at("gradient_descent", **moved)] == pytest.approx(2 / kappa)
        assert rate > 2 / kappa > shown.values["lr"]
    return diverges


def all_take_one_path_and_none_arrives(shown: races.Shown, moved: Moved) -> bool:
    first, *others = (shown.points(key, **moved) for key in shown.race.optimizers)
    assert len(others) == 2
    return all(np.allclose(first, other) for other in others) and none_has(shown, Outcome.CONVERGED, moved)


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


def descent_diverges_and_converges_at_no_smaller_rate(shown: races.Shown, moved: Moved) -> bool:
    rate = {**shown.values, **moved}["gradient_descent.lr"]
    codes, _ = shown.by_rate("gradient_descent")
    assert shown.race.steps == 200
    assert Outcome.CONVERGED not in codes[shown.race.rates < rate]
    return has_outcome(shown, "gradient_descent", Outcome.DIVERGED, moved)


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
    "Overshoot": rate_is_above_the_stable_one_that_the_text_names,
    "Learning rate too small": lambda shown, moved: all_have(shown, Outcome.CONVERGED, moved),
    "Ravine": all_take_one_path_and_none_arrives,
    "Local minimum": all_end_in_one_lower_local_minimum,
    "Cliff": descent_reaches_the_floor_and_adam_stays,
    "Saddle escape": descent_leaves_the_saddle_before_adam,
    "Sparse gradients": descent_diverges_and_converges_at_no_smaller_rate,
    "Noisy gradients": all_stay_closer_and_none_converges,
    "Warm-up helps": both_diverge_here_and_at_larger_rates,
}


# --- training runs ---


def verdict(shown: training.Shown, moved: Moved) -> VerdictKind:
    text = shown.verdict_text(moved).partition(".")[0]
    return next(kind for kind, known in NAMES.items() if known == text)


def losses(shown: training.Shown, moved: Moved) -> list[np.ndarray]:
    """The training loss and the validation loss by epoch."""
    return [shown.trace(name, training.LOSS, moved)["y"] for name in ("train", "validation")]


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


def losses_are_a_third_without_underfitting(shown: training.Shown, moved: Moved) -> bool:
    return verdict(shown, moved) is not VerdictKind.UNDERFITTING and max(ratios(shown, moved)) < 1 / 3


def validation_does_not_rise_and_is_less_than_half(shown: training.Shown, moved: Moved) -> bool:
    _, validation = losses(shown, moved)
    rises = validation[-1] > 1.001 * validation.min() or verdict(shown, moved) is VerdictKind.OVERFITTING
    return not rises and ratios(shown, moved)[1] < 0.5


def losses_only_fall_and_flatten(shown: training.Shown, moved: Moved) -> bool:
    falls = all((np.diff(loss) < 1e-6).all() for loss in losses(shown, moved))
    return falls and verdict(shown, moved) is VerdictKind.HEALTHY


def losses_are_a_third_and_training_converges(shown: training.Shown, moved: Moved) -> bool:
    return verdict(shown, moved) is VerdictKind.HEALTHY and max(ratios(shown, moved)) < 1 / 3


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
    "Underfit": losses_are_a_third_without_underfitting,
    "Overfit": validation_does_not_rise_and_is_less_than_half,
    "Learning rate too large": losses_only_fall_and_flatten,
    "Learning rate too small": losses_are_a_third_and_training_converges,
    "Early stopping helps": overfits_sooner_and_more,
    "More data helps": overfits_with_a_validation_loss_five_times_as_high,
    "Slow start": brier_stays_at_one_half_and_cross_entropy_learns,
}


# --- class imbalance ---

WEIGHTED = "weighted_binary_cross_entropy"


def report(shown: imbalance.Shown, moved: Moved) -> Report:
    """What the page says in numbers."""
    return shown.view.choose(**shown.choice).picture.report({**shown.values, **moved})


def counts(shown: imbalance.Shown, key: str, moved: Moved) -> imbalance.Counts:
    """The confusion matrix of a loss on the test set."""
    one = report(shown, moved)
    return imbalance.Counts.of(one.target, predictions(one)[f"{key} predicted"] == 1)


def most_are_found_with_many_false_positives(shown: imbalance.Shown, moved: Moved) -> bool:
    found = counts(shown, PLAIN, moved)
    return found.recall > 0.5 and found.fp > 20 * found.tp


def most_are_missed_and_cost_triples(shown: imbalance.Shown, moved: Moved) -> bool:
    now, before = (counts(shown, PLAIN, values) for values in (moved, {}))
    cost = shown.values["cost"]
    return now.recall < 0.5 and now.cost(cost) > 3 * before.cost(cost)


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
    "Fraud, 0.1 %": most_are_found_with_many_false_positives,
    "Screening": most_are_missed_and_cost_triples,
    "Spam": cheapest_threshold_is_about_one_half,
    "Balanced": all_are_found_and_most_negatives_are_false_positives,
    "Real data: low life expectancy": focal_finds_most_with_the_larger_weight,
}


class Page(NamedTuple):
    presets: Mapping[str, Preset]
    opened: Callable[[Preset], Scene]
    claims: Mapping[str, Callable[..., bool]]  # whether what `look_for` says is so, by the name of the preset


PAGES = {
    "gradient descent": Page(RACES, opened_race, RACE_CLAIMS),
    "training curves": Page(RUNS, opened_run, RUN_CLAIMS),
    "class imbalance": Page(CASES, opened_case, CASE_CLAIMS),
}
EVERY = [(page, name) for page, (presets, *_) in PAGES.items() for name in presets]


@cache
def scene(page: str, name: str) -> Scene:
    return PAGES[page].opened(PAGES[page].presets[name])


def asked_for(one: Scene) -> tuple[Slider, float]:
    """The slider and the value that the task of a scene asks for."""
    parts = DO.fullmatch(one.preset.task.do)
    assert parts, one.preset.task.do
    (slider,) = (slider for slider in one.sliders.values() if slider.label == parts["label"])
    assert f"{float(parts['value']):g}" == parts["value"]
    return slider, float(parts["value"])


@pytest.mark.parametrize("page", PAGES)
def test_every_preset_has_a_task_and_a_claim_that_is_checked(page):
    assert all(preset.task for preset in PAGES[page].presets.values())
    assert set(PAGES[page].claims) == set(PAGES[page].presets)


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_a_task_names_a_slider_of_its_scene_and_a_value_that_it_can_stand_at(page, name):
    one = scene(page, name)
    slider, value = asked_for(one)
    frame = slider.frame(value)
    assert slider.values[frame] == pytest.approx(value, rel=1e-9, abs=1e-12)
    assert slider.nearest(value) != slider.nearest(slider.at(one.shown.values))  # it has to be moved
    if slider.labels:
        assert slider.labels[frame] == f"{value:g}"  # as the picture writes it


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_a_task_is_two_short_sentences(page, name):
    task = PAGES[page].presets[name].task
    for sentence in (task.do, task.look_for):
        assert re.fullmatch(r"[A-Z][^?!]+\.", sentence)
        assert not re.search(r"\. [A-Z]", sentence)
        assert len(sentence) <= 90


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_what_a_task_says_to_look_for_is_there_when_it_is_done_and_not_before(page, name):
    one, holds = scene(page, name), PAGES[page].claims[name]
    slider, value = asked_for(one)
    assert not holds(one.shown, {})
    assert holds(one.shown, {slider.key: value})
