"""What the lessons say: each number in a stop and in its answer is computed from the picture that the stop opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from core.descent.outcome import Outcome
from core.stage.encode import payload
from core.tours import Stop, tours
from core.views import VIEWS
from tests.pages.site import bars, complaints, opened_address, stages
from tests.views.gradient_descent import races
from tests.views.shown import Shown
from tests.views.texts import filled

LARGEST = 700_000  # bytes of a payload
DRAG = re.compile(r"Drag “(?P<label>[^”]+)”(?: to (?P<value>\d[\d.]*\d|\d)(?P<percent> %)?)?")
PICTURES = [(key, number) for key, tour in tours().items() for number in range(1, len(tour.stops) + 1)]


@dataclass(frozen=True, eq=False)
class Opened:
    """A stop, and the picture that somebody sees who arrives at it."""

    stop: Stop
    shown: Shown | None  # None where the page has no picture before a file is dropped

    @property
    def words(self) -> str:
        return f"{self.stop.text} {self.stop.question} {self.stop.answer}"

    def says(self, *numbers: str) -> None:
        for number in numbers:
            assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", self.words), (self.stop.heading, number)

    def summary(self, **moved: float) -> str:
        return filled(self.shown.stage.summary, {**self.shown.values, **moved})

    def cells(self, name: str, **moved: float) -> list[float]:
        """The numbers in the row of this name; NaN for what is none."""
        (reading,) = (reading for reading in self.shown.stage.readings if reading.name == name)
        return [number(filled(cell, {**self.shown.values, **moved})) for cell in reading.cells]

    def note(self, name: str, **moved: float) -> str:
        (reading,) = (reading for reading in self.shown.stage.readings if reading.name == name)
        return filled(reading.note, {**self.shown.values, **moved})

    def grid(self, name: str, **moved: float) -> dict[str, list[float]]:
        """The confusion matrix of a loss: a row for each class, predicted negative and predicted positive."""
        (grid,) = (grid for grid in self.shown.stage.grids if grid.name == name)
        at = {**self.shown.values, **moved}
        return {row: [number(filled(cell.number, at)) for cell in cells] for row, cells in grid.rows}

    @cached_property
    def race(self) -> races.Shown:
        assert self.shown
        return races.Shown(self.shown.view.choose(**self.shown.choice).around(self.shown.values), self.shown.values)


def number(text: str) -> float:
    try:
        return float(text.replace("−", "-").replace(",", ""))
    except ValueError:
        return np.nan


@cache
def opened(key: str, place: int) -> Opened:
    """As the site shows it: with the words of its address, each of them read."""
    tour = tours()[key]
    site = opened_address(tour.address(place))
    assert complaints(site) == []
    assert len(bars(site)) == 1
    stop, found = tour.stops[place - 1], stages(site)
    if not found:
        return Opened(stop, None)
    address = urlsplit(found[0]["payload"])
    query = dict(parse_qsl(address.query))
    query.pop("v")
    view = VIEWS[address.path.rpartition("/")[2]]
    return Opened(stop, Shown(view, view.read(query), found[0]["values"]))


# --- what is a loss ---


def losses_are_the_same_on_both_sides(one: Opened) -> None:
    for name in ("MSE", "MAE", "Huber"):
        loss = {guess: one.cells(name, guess=guess)[1] for guess in np.arange(0, 10.1, 0.5)}
        assert loss[2.0] == loss[8.0]
        assert [guess for guess, value in loss.items() if value == 0] == [5.0]


def squared_error_is_four_times_as_high(one: Opened) -> None:
    (before, _), (after, _) = one.cells("MSE"), one.cells("MSE", probe=6)
    assert (before, after) == (9, 36) == (3**2, 4 * before)


def both_losses_cross_at_one(one: Opened) -> None:
    losses = {r: [one.cells(name, probe=r)[0] for name in ("MSE", "MAE")] for r in (0.5, 1.0, 2.0)}
    assert losses == {0.5: [0.25, 0.5], 1.0: [1, 1], 2.0: [4, 2]}
    grid = one.shown.stage.slider("probe").values
    equal = [r for r in grid[grid > 0] if np.equal(*(one.cells(name, probe=r)[0] for name in ("MSE", "MAE")))]
    assert equal == [1]


def hubers_gradient_is_delta(one: Opened) -> None:
    assert one.shown.at("probe", {}) == 3
    assert one.cells("Huber", **{"huber.delta": 0.2})[1] == 0.2


def only_squared_error_follows_the_outliers(one: Opened) -> None:
    assert one.shown.at("outliers", {}) == 4
    moved = {name: one.cells(name, outlier=21)[0] - one.cells(name)[0] for name in ("MSE", "MAE", "Huber")}
    assert moved["MSE"] > 0.5
    assert abs(moved["MAE"]) < 1e-6
    assert abs(moved["Huber"]) < 0.001


def lowest_loss_rises(one: Opened) -> None:
    before, after = (one.cells("MSE", **moved)[1] for moved in ({}, {"outlier": 21}))
    one.says(f"{before:g}", f"{after:g}")
    assert after > before


def descent_finds_the_line_and_then_diverges(one: Opened) -> None:
    step = one.race.convergence_step("gradient_descent")
    one.says(f"{step} steps")
    assert one.race.outcome("gradient_descent") == Outcome.CONVERGED
    assert one.race.outcome("gradient_descent", lr=1.0) == Outcome.DIVERGED


# --- why the learning rate matters ---


def slow_and_then_converged(one: Opened) -> None:
    assert "3 % of the distance is done" in one.summary()
    one.says("3 %", f"step {one.race.convergence_step('gradient_descent', lr=0.05)}")
    assert one.race.outcome("gradient_descent", lr=0.05) == Outcome.CONVERGED


def one_rate_needs_the_fewest_steps(one: Opened) -> None:
    rates = one.race.race.rates
    codes, steps = one.race.by_rate("gradient_descent")
    best = min(np.flatnonzero(codes == Outcome.CONVERGED), key=lambda run: steps[run])
    one.says(f"{rates[best]:g}", f"{steps[best]} steps")
    one.says(f"{rates[best + 1]:g}")
    assert codes[best + 1] == Outcome.OSCILLATING


def diverges_above_the_limit(one: Opened) -> None:
    assert one.race.outcome("gradient_descent") != Outcome.DIVERGED
    assert one.race.outcome("gradient_descent", lr=0.05) == Outcome.DIVERGED
    one.says(f"{2 / one.shown.at('condition', {}):.3f}")
    points = one.race.points("gradient_descent", lr=0.05)[:20]
    one.says(f"{abs(points[11, 1] / points[10, 1]):.2f}")


def a_lower_curvature_converges(one: Opened) -> None:
    assert one.race.outcome("gradient_descent") == Outcome.DIVERGED
    assert "converged in 119 steps" in one.summary(condition=20)
    one.says("119 steps", f"{2 / 20:g}")


def no_rate_converges(one: Opened) -> None:
    codes, _ = one.race.by_rate("gradient_descent")
    rates = one.race.race.rates
    assert Outcome.CONVERGED not in codes
    assert set(codes[rates >= 0.02]) == {Outcome.OSCILLATING, Outcome.DIVERGED}
    assert not set(codes[rates < 0.02]) & {Outcome.OSCILLATING, Outcome.DIVERGED}


def momentum_needs_fewer_steps(one: Opened) -> None:
    assert one.race.outcome("gradient_descent") != Outcome.CONVERGED
    assert one.race.outcome("momentum", beta=0.8) == Outcome.CONVERGED
    one.says(f"{one.race.convergence_step('momentum')} steps")
    one.says(f"{one.race.convergence_step('momentum', beta=0.8)}")
    assert np.allclose(one.race.points("momentum", beta=0.0), one.race.points("gradient_descent"))


def warm_up_helps_up_to_a_rate(one: Opened) -> None:
    words = dict(parse_qsl(urlsplit(one.stop.address).query))
    plain = races.arrived(**{name: text for name, text in words.items() if name != "schedule"})
    for key in ("momentum", "nesterov"):
        assert one.race.outcome(key) == Outcome.CONVERGED
        assert one.race.outcome(key, lr=0.02) == Outcome.DIVERGED
        assert plain.outcome(key) == Outcome.DIVERGED
        first, at_once = (np.linalg.norm(np.diff(path.points(key)[:2], axis=0)) for path in (one.race, plain))
        assert first < at_once / 5


# --- accuracy lies ---


def always_negative_is_as_accurate_as_its_class_is_large(one: Opened) -> None:
    found = one.grid("BCE")
    assert sum(found["positive"]) == 20
    assert sum(found["positive"] + found["negative"]) == 20_000
    for share, accuracy in ((0.001, 99.9), (0.5, 50)):
        _, recall, right, _ = one.cells("Always negative", share=share)
        assert (recall, 100 * right) == (0, accuracy)
        one.says(f"{accuracy:g} %")


def accuracy_rises_where_positives_are_missed(one: Opened) -> None:
    found, others = (one.grid("BCE", **moved)["positive"] for moved in ({}, {"threshold": 0.5}))
    one.says(f"{found[1]:g} of the 20", f"{others[1]:g} of the 20")
    low, high = (100 * one.cells("BCE", **moved)[2] for moved in ({}, {"threshold": 0.5}))
    one.says(f"{low:.1f} %", f"{high:.1f} %")
    assert low < 100 * one.cells("Always negative")[2]


def confusion_matrix_has_these_counts(one: Opened) -> None:
    for moved in ({}, {"threshold": 0.1}):
        (missed, found), (_, wrong) = one.grid("BCE", **moved).values()
        assert missed + found == 60
        one.says(f"{missed:g}", f"{wrong:g}", *([] if moved else [f"{found:g}"]))


def threshold_trades_recall_for_precision(one: Opened) -> None:
    (missed, found), (_, wrong) = one.grid("BCE").values()
    precision, recall, *_ = one.cells("BCE")
    assert (precision, recall) == (pytest.approx(found / (found + wrong), 1e-3), pytest.approx(found / 60, 1e-3))
    assert missed + found == 60
    one.says(f"{found:g} of 60", f"{found:g} of {found + wrong:g}", f"{100 * precision:.0f} %", f"{100 * recall:.0f} %")
    after = one.cells("BCE", threshold=0.5)
    one.says(*(f"{100 * share:.0f} %" for share in after[:2]))
    assert after[0] > precision
    assert after[1] < recall


def accuracy_and_cost_rise_together(one: Opened) -> None:
    (*_, low, cheap), (*_, high, dear) = one.cells("BCE"), one.cells("BCE", threshold=0.5)
    one.says(f"{100 * low:.0f} %", f"{100 * high:.0f} %", f"{cheap:.2f}", f"{dear:.2f}")
    assert high > low
    assert dear > 3 * cheap
    report = one.shown.view.choose(**one.shown.choice).picture.report(one.shown.values)
    assert 1 / (1 + np.exp(-report.cheapest("binary_cross_entropy"))) < 0.1


def threshold_buys_what_the_weight_bought(one: Opened) -> None:
    assert one.shown.at("weighted_binary_cross_entropy.pos_weight", {}) == 10
    weighted, plain, lower = one.grid("Weighted BCE"), one.grid("BCE"), one.grid("BCE", threshold=0.1)
    for found in (weighted, plain, lower):
        one.says(f"{found['positive'][1]:g}", f"{found['negative'][1]:g}")
    assert abs(weighted["positive"][1] - lower["positive"][1]) <= 1
    assert lower["negative"][1] <= weighted["negative"][1]


def weight_makes_outputs_no_probabilities(one: Opened) -> None:
    asked = (("BCE", {}), ("Weighted BCE", {}), ("Weighted BCE", {"weighted_binary_cross_entropy.pos_weight": 1}))
    notes = [one.note(name, **moved) for name, moved in asked]
    sums = [float(re.search(r"add up to ([\d.]+) positives", note)[1]) for note in notes]
    one.says(*(f"{total:g}" for total in sums[:2]))
    assert abs(sums[0] - 60) < 8
    assert sums[1] > 3 * 60
    assert sums[2] == sums[0]


# --- reading training curves ---


def ends(one: Opened, **moved: float) -> list[float]:
    """The last training loss and the last validation loss."""
    return [one.cells(name, **moved)[0] for name in ("Training", "Validation")]


def text_has_ends(one: Opened, **moved: float) -> None:
    one.says(*(f"{loss:.2f}" for loss in ends(one, **moved)))


def noise_lifts_both(one: Opened) -> None:
    text_has_ends(one)
    text_has_ends(one, noise=0.8)
    assert all(verdict.startswith("Converged") for verdict in (one.summary(), one.summary(noise=0.8)))


def capacity_mends_underfitting(one: Opened) -> None:
    assert one.summary().startswith("Underfitting")
    text_has_ends(one)
    assert not one.summary(capacity=5).startswith("Underfitting")
    one.says(f"{ends(one, capacity=5)[1]:.2f}")


def penalty_mends_overfitting(one: Opened) -> None:
    verdict = one.summary()
    assert verdict.startswith("Overfitting")
    epoch, lowest = re.search(r"epoch (\d+) \(([\d.]+)\)", verdict).groups()
    one.says(f"epoch {epoch}", f"{float(lowest):.2f}", f"{ends(one)[1]:.2f}", f"{one.shown.at('examples', {}):g}")
    assert one.summary(penalty=0.01).startswith("Converged")
    one.says(f"{ends(one, penalty=0.01)[1]:.2f}")


def best_epoch_comes_sooner(one: Opened) -> None:
    epochs = [int(re.search(r"epoch (\d+)", one.summary(**moved))[1]) for moved in ({}, {"lr": 0.03})]
    one.says(*map(str, epochs))
    one.says(re.search(r"\d+ % (?=higher)", one.summary(lr=0.03))[0].strip())
    assert epochs[1] < epochs[0]


def fewer_examples_overfit(one: Opened) -> None:
    before, after = ends(one)[1], ends(one, examples=30)[1]
    one.says(f"{before:.2f}", f"{after:.2f}")
    assert after > 5 * before


def smaller_rate_converges(one: Opened) -> None:
    verdict = one.summary()
    assert verdict.startswith("Diverging")
    one.says(re.search(r"at epoch (\d+)", verdict)[1] + " epochs")
    assert one.summary(lr=0.3).startswith("Converged")
    text_has_ends(one, lr=0.3)


def larger_rate_converges(one: Opened) -> None:
    assert one.summary().startswith("Still learning")
    one.says(f"{ends(one)[1]:.2f}", f"{ends(one, lr=0.01)[1]:.2f}")
    assert one.summary(lr=0.01).startswith("Converged")


CLAIMS: dict[tuple[str, str], Callable[[Opened], None]] = {
    ("what-is-a-loss", "An error"): losses_are_the_same_on_both_sides,
    ("what-is-a-loss", "Squared error"): squared_error_is_four_times_as_high,
    ("what-is-a-loss", "Absolute error"): both_losses_cross_at_one,
    ("what-is-a-loss", "Huber"): hubers_gradient_is_delta,
    ("what-is-a-loss", "An outlier"): only_squared_error_follows_the_outliers,
    ("what-is-a-loss", "A landscape"): lowest_loss_rises,
    ("what-is-a-loss", "Descent"): descent_finds_the_line_and_then_diverges,
    ("why-the-learning-rate-matters", "Too small"): slow_and_then_converged,
    ("why-the-learning-rate-matters", "The best one"): one_rate_needs_the_fewest_steps,
    ("why-the-learning-rate-matters", "The limit"): diverges_above_the_limit,
    ("why-the-learning-rate-matters", "Divergence"): a_lower_curvature_converges,
    ("why-the-learning-rate-matters", "A ravine"): no_rate_converges,
    ("why-the-learning-rate-matters", "Momentum"): momentum_needs_fewer_steps,
    ("why-the-learning-rate-matters", "A schedule"): warm_up_helps_up_to_a_rate,
    ("accuracy-lies", "One in a thousand"): always_negative_is_as_accurate_as_its_class_is_large,
    ("accuracy-lies", "99.9 % accuracy"): accuracy_rises_where_positives_are_missed,
    ("accuracy-lies", "Confusion matrix"): confusion_matrix_has_these_counts,
    ("accuracy-lies", "Recall and precision"): threshold_trades_recall_for_precision,
    ("accuracy-lies", "Cost"): accuracy_and_cost_rise_together,
    ("accuracy-lies", "Weight or threshold"): threshold_buys_what_the_weight_bought,
    ("accuracy-lies", "Calibration"): weight_makes_outputs_no_probabilities,
    ("reading-training-curves", "Healthy"): noise_lifts_both,
    ("reading-training-curves", "Underfitting"): capacity_mends_underfitting,
    ("reading-training-curves", "Overfitting"): penalty_mends_overfitting,
    ("reading-training-curves", "Early stopping"): best_epoch_comes_sooner,
    ("reading-training-curves", "More data"): fewer_examples_overfit,
    ("reading-training-curves", "Learning rate too large"): smaller_rate_converges,
    ("reading-training-curves", "Learning rate too small"): larger_rate_converges,
}
WITHOUT = {("reading-training-curves", "Your own run")}  # a picture: it is of a person's own file


def test_every_stop_has_a_claim_that_is_checked() -> None:
    stops = {(key, stop.heading) for key, tour in tours().items() for stop in tour.stops}
    assert stops == set(CLAIMS) | WITHOUT


@pytest.mark.parametrize(("key", "place"), PICTURES)
def test_what_a_stop_says_is_what_its_picture_shows(key: str, place: int) -> None:
    one = opened(key, place)
    if (key, one.stop.heading) in WITHOUT:
        assert one.shown is None
        return
    assert len(payload(one.shown.stage)) <= LARGEST
    CLAIMS[key, one.stop.heading](one)


@pytest.mark.parametrize(("key", "place"), PICTURES)
def test_a_question_names_a_slider_of_the_picture_and_a_value_that_it_can_take(key: str, place: int) -> None:
    one = opened(key, place)
    if one.shown is None:
        return
    asked = DRAG.match(one.stop.question)
    assert asked, one.stop.question
    sliders = {slider.label: slider for slider in one.shown.stage.sliders}
    slider = sliders[asked["label"]]
    if asked["value"]:
        value = float(asked["value"]) / (100 if asked["percent"] else 1)
        assert slider.nearest(value) == pytest.approx(value)
        assert slider.nearest(value) != one.shown.at(slider.key, {})
