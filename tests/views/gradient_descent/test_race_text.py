"""The words about a race are true: which optimizer is first, the outcomes of the others, and the numbers."""

import re

import numpy as np
import pytest

from core.descent.outcome import Outcome
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from core.stage import Words
from core.views.gradient_descent.presets import PRESETS
from core.views.gradient_descent.race import RUNAWAY
from core.views.gradient_descent.race_text import BRIEF, TELLING
from tests.views.cases import number
from tests.views.gradient_descent.races import arrived, summary
from tests.views.texts import number_in

RACES = {
    **{f"on {key}": {"landscape": key} for key in LANDSCAPES},
    **{name: dict(preset.address) for name, preset in PRESETS.items()},
    "line": {"view": "line"},
    "classifier": {"view": "classifier"},
    "nowhere to arrive": {"view": "classifier", "data": "separable"},
    "each": {"rates": "each", "landscape": "beale"},
}
races = pytest.mark.parametrize("shown", [pytest.param(words, id=name) for name, words in RACES.items()], indirect=True)
FIRST = re.compile(r"^(.+?) converges? first, in ([\d,]+) steps?\.")
LOWEST = re.compile(r"^(.+?) (?:has|have) the lowest loss after (\d+) steps, (\S+?)(?: above the minimum)?\.(?: |$)")
LISTED = re.compile(r", | and ")
WITHOUT_END = (Outcome.DIVERGED, Outcome.UNDEFINED)


@pytest.fixture(scope="module")
def shown(request):
    return arrived(**request.param)


def places(shown):
    """Some values of the sliders: as they stand, and one of them moved."""
    race, random = shown.race, np.random.default_rng(3)
    yield {}
    for slider in race.sliders:
        if slider.recomputed:
            for value in random.choice(slider.values, 3):
                yield {slider.key: float(value)}


def outcomes_of(shown, moved):
    """What became of each optimizer, the step at which it did, and its height at the end, by the optimizers' names."""
    race, values = shown.race, shown.values | moved
    found = {}
    for key in race.optimizers:
        at = race.at(key, values)
        found[OPTIMIZERS[key].name] = (
            Outcome(int(race.outcomes.code[at])), int(race.outcomes.step[at]), float(race.heights[-1][at]),
            race.outcomes.sentence(at, OPTIMIZERS[key].name), race.outcomes.sentence(at),
        )  # fmt: skip
    return found, summary(shown.stage, values)


@races
def test_the_first_is_the_first_and_the_lowest_is_the_lowest(shown):
    for moved in places(shown):
        found, sentence = outcomes_of(shown, moved)
        if len(found) == 1:
            continue
        there = {name: step for name, (outcome, step, *_) in found.items() if outcome == Outcome.CONVERGED}
        known = {name: end for name, (outcome, _, end, *_) in found.items() if outcome not in WITHOUT_END}
        ends = {name: end for name, end in known.items() if np.isfinite(end)}
        endless = any(end < -RUNAWAY for end in known.values())
        if there:
            names, steps = FIRST.match(sentence).groups()
            assert int(steps) == min(there.values()), (moved, sentence)
            assert LISTED.split(names) == [name for name in there if there[name] == int(steps)], (moved, sentence)
        elif ends and not endless:
            names, steps, height = LOWEST.match(sentence).groups()
            assert int(steps) == shown.race.steps
            lowest = min(ends.values())
            assert LISTED.split(names) == [name for name in ends if ends[name] == lowest], (moved, sentence, ends)
            assert number_in(height) == pytest.approx(lowest, rel=6e-3)
        else:
            assert "first" not in sentence, (moved, sentence)
            assert "lowest loss" not in sentence, (moved, sentence)


@races
def test_what_went_wrong_is_said_whoever_it_happened_to(shown):
    """If not all are there, the sentence holds the reason of one who is not: the most telling."""
    for moved in places(shown):
        found, sentence = outcomes_of(shown, moved)
        failing = {name: about for name, about in found.items() if about[0] != Outcome.CONVERGED}
        if not failing:
            continue
        telling = min(TELLING.index(about[0]) for about in failing.values())
        reasons = [about[3] for about in failing.values() if TELLING.index(about[0]) == telling]
        assert any(reason in sentence for reason in reasons), (moved, sentence, reasons)


@races
def test_the_word_in_the_table_and_the_note_agree_with_the_outcome(shown):
    stage, race = shown.stage, shown.race
    for moved in places(shown):
        found, _ = outcomes_of(shown, moved)
        for reading, key in zip(stage.readings, race.optimizers, strict=True):
            outcome, step, _, _, sentence = found[OPTIMIZERS[key].name]
            own = shown.values | moved
            brief, note = (written(text, own) for text in (reading.cells[1], reading.note))
            assert sentence in note
            if outcome == Outcome.CONVERGED:
                assert brief == f"converged at step {step}"
            else:
                assert (brief == f"diverged at step {step}") == (outcome == Outcome.DIVERGED)
            expected = race.heights[-1][race.at(key, own)]
            value = number(reading.cells[0], own)
            start = max(1.0, abs(race.heights[0][race.at(key, own)]))
            assert value == expected or (np.isnan(value) and not abs(expected) < RUNAWAY * start)


def written(text, values):
    (slot,) = text.slots.values()
    assert isinstance(slot, Words)
    return slot.strings[int(slot.by.row(values))]


def test_without_momentum_the_three_are_one_and_all_are_there_first():
    shown = arrived(optimizers="gradient_descent,momentum,nesterov", beta="0", lr="0.08")
    assert shown.summary == "Gradient descent, Momentum and Nesterov momentum converge first, in 72 steps."


def test_of_one_alone_its_own_end_is_told():
    shown = arrived(optimizers="gradient_descent", lr="0.08")
    assert shown.summary == f"Gradient descent converged in {shown.convergence_step('gradient_descent')} steps."
    assert shown.summary == "Gradient descent converged in 72 steps."  # 2.28 / 6 · 0.92^72 < 0.001 of the window


def test_above_the_bound_the_sentence_has_the_bound():
    shown = arrived(optimizers="gradient_descent,adam", condition="45", lr="0.1")
    assert "Its learning rate 0.1 is above 2 / (largest curvature 45) = 0.0444." in shown.summary
    shown = arrived(optimizers="momentum", condition="45", lr="0.1", beta="0.5")
    assert "is above 3 / (largest curvature 45) = 0.0667." in shown.summary


# --- theory ---

CONTRACTION = re.compile(r"Each step multiplies the distance by (\S+); theory says (\S+)\.$")
QUADRATIC = {"ravine": (1.0, 20.0), "bowl": (2.0, 2.0), "ravine-100": (1.0, 100.0), "booth": (2.0, 18.0)}


def slowest(rate, beta, curvatures, nesterov):
    """The largest modulus of the update's eigenvalues in any direction, and how far from double those there are."""
    moduli, apart = [], []
    for curvature in curvatures:
        keeps = beta * (1 - rate * curvature) if nesterov else beta
        update = np.array([[1 + keeps - rate * curvature, -keeps], [1.0, 0.0]])
        roots = np.linalg.eigvals(update)
        moduli.append(np.abs(roots).max())
        apart.append(np.abs(roots[0] - roots[1]))
    largest = max(moduli)
    return largest, min(gap for modulus, gap in zip(moduli, apart, strict=True) if modulus >= 0.99 * largest)


@pytest.mark.parametrize("landscape", QUADRATIC)
@pytest.mark.parametrize("key", ["gradient_descent", "momentum", "nesterov"])
def test_the_measured_contraction_is_what_theory_says(landscape, key):
    """To one percent at every rate; but where the two roots of momentum are nearly one, which it comes to slowly."""
    name, _, condition = landscape.partition("-")
    words = {"condition": condition} if condition else {}
    shown = arrived(landscape=name, optimizers=key, **words)
    race, note = shown.race, shown.stage.readings[0].note
    found = 0
    for rate in race.rates:
        text = written(note, shown.values | {"lr": float(rate)})
        match = CONTRACTION.search(text)
        if not match:
            continue
        found += 1
        measured, predicted = map(number_in, match.groups())
        beta = 0.0 if key == "gradient_descent" else 0.9
        expected, apart = slowest(rate, beta, QUADRATIC[landscape], key == "nesterov")
        assert predicted == pytest.approx(expected, rel=1e-3)
        if key == "gradient_descent" or apart > 0.05:
            assert measured == pytest.approx(predicted, rel=0.01), rate
    assert found > 20  # those that have settled


@pytest.mark.parametrize(
    "words",
    [{"noise": "0.5"}, {"schedule": "cosine"}, {"decay": "0.1"}, {"landscape": "rosenbrock"}, {"x": "0", "y": "0"}],
    ids=str,
)
def test_theory_is_silent_where_it_does_not_hold(words):
    shown = arrived(**words, optimizers="gradient_descent,momentum,adam")
    for reading in shown.stage.readings:
        assert "theory" not in written(reading.note, shown.values)
    adam = arrived(optimizers="adam").stage.readings[0]
    assert not any("theory" in string for slot in adam.note.slots.values() for string in slot.strings)


BESIDE = re.compile(
    r"Each step multiplies the distance(?: to the saddle)? by (?P<seen>\S+); theory says (?P<predicted>[\d.e-]+?)"
    r"(?: where the curvature is (?P<where>[\d.e-]+?))?\.(?: (?P<more>.+))?$"
)
AXES = {  # starts with no part, or next to none, in a direction: the words, and the curvatures of the parts they have
    "along the ravine": ({"x": "-2.6", "y": "0"}, {1.0}),
    "across the ravine": ({"x": "0", "y": "1.5"}, {20.0}),
    "in both": ({"x": "-2.6", "y": "1.5"}, {1.0, 20.0}),
    "a bowl's axis": ({"landscape": "bowl", "x": "0", "y": "2"}, {2.0}),
    "a saddle's ridge": ({"landscape": "saddle", "x": "2", "y": "0"}, {2.0}),
    "down from a saddle": ({"landscape": "saddle", "x": "0", "y": "1"}, {-2.0}),
    "beside a saddle's ridge": ({"landscape": "saddle", "x": "2", "y": "1e-06"}, {2.0, -2.0}),
    "a slanted axis": ({"landscape": "booth", "x": "3", "y": "1"}, {2.0}),
    "the other one": ({"landscape": "booth", "x": "3", "y": "5"}, {18.0}),
    "a diagonal trough": ({"landscape": "matyas", "x": "5", "y": "5"}, {0.04}),
}


@pytest.mark.parametrize("start", AXES)
@pytest.mark.parametrize("beta", ["0", "0.9"])
def test_theory_is_of_the_direction_that_the_run_is_in(start, beta):
    """At every learning rate: what is printed as measured is what is printed as theory, and both are of the run."""
    words, curvatures = AXES[start]
    shown = arrived(**words, optimizers="gradient_descent,momentum,nesterov", beta=beta)
    found = 0
    for reading, key in zip(shown.stage.readings, shown.race.optimizers, strict=True):
        for rate in shown.race.rates:
            text = written(reading.note, shown.values | {"lr": float(rate)})
            assert ("theory says" in text) == bool(BESIDE.search(text)), text
            if not (match := BESIDE.search(text)):
                continue
            found += 1
            seen, predicted, more = number_in(match["seen"]), number_in(match["predicted"]), match["more"] or ""
            assert seen == pytest.approx(predicted, rel=2e-3, abs=1e-4), text
            points = shown.points(key, lr=float(rate))
            points = points[np.isfinite(points).all(axis=-1)]
            if "Rounding errors moved it" in more:
                assert "axis" in start or "trough" in start or start == "the other one"
                continue
            momentum = 0.0 if key == "gradient_descent" else float(beta)
            factors = {c: slowest(rate, momentum, [c], key == "nesterov")[0] for c in curvatures}
            assert any(predicted == pytest.approx(factor, rel=1e-3, abs=1e-4) for factor in factors.values()), text
            if "has no component in" in more:
                assert (np.ptp(points, axis=0) == 0).any()
                assert number_in(match["where"]) in curvatures
            if not more and len(curvatures) == 2:  # then the slowest decides
                assert predicted == pytest.approx(max(factors.values()), rel=1e-3)
    assert found > 20


def test_a_direction_that_a_run_never_enters_is_no_reason():
    """Along the ravine the steep side is nothing to it: the bound is that of the curvature along its path."""
    along = arrived(x="-2.6", y="0", optimizers="gradient_descent")
    stable = along.race.rates[along.race.rates <= 1.6]
    for rate in stable[stable > 0.1]:
        assert along.outcome("gradient_descent", lr=float(rate)) in (Outcome.CONVERGED, Outcome.NOT_CONVERGED)
    assert along.race.outcomes.sentence(along.at("gradient_descent", lr=2.5)).endswith(
        "Its learning rate 2.5 is above 2 / (curvature 1 along its straight path) = 2."
    )
    both = arrived(x="-2.6", y="1.5", lr="2.5", optimizers="gradient_descent")
    assert both.race.outcomes.sentence(both.at("gradient_descent")).endswith("(largest curvature 20) = 0.1.")


def test_every_outcome_has_a_word_in_the_table_and_a_rank_in_the_sentence():
    assert set(BRIEF) == set(Outcome)
    assert sorted(TELLING) == sorted(Outcome)
    assert all(BRIEF.values())
