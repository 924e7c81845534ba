"""The tick on a learning rate's slider: below it a run converges, above it the run diverges."""

import numpy as np
import pytest

from core.descent import descend
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from core.views import VIEWS
from tests.views.cases import chosen
from tests.views.shown import asked

STEPS = 1500


def ticks_of(view: str = "textbook_race", **choice):
    """The value of each tick by its slider, and its words, as the sliders stand."""
    view, picked, values = asked(view, {name: str(value) for name, value in choice.items()})
    stage = view.choose(**picked).around(values).stage
    return {tick.slider: (float(tick.at.row(values)), tick.text.template) for tick in stage.ticks}, stage, values


def distance(optimizer: str, landscape: str, start, minimum, rate: float, params, **how) -> float:
    """How far a run ends from the minimum, over how far it began."""
    surface = LANDSCAPES[landscape].at(**params)
    with np.errstate(all="ignore"):
        points = descend(OPTIMIZERS[optimizer], surface, np.array(start), STEPS, lr=rate, **how).points
    ends = np.hypot(*(points[[0, -1]] - minimum).T)
    return float(ends[1] / ends[0]) if np.isfinite(ends[1]) else np.inf


@pytest.mark.parametrize(
    ("landscape", "minimum", "words"),
    [
        ("bowl", (0, 0), {}),
        ("booth", (1, 3), {}),
        ("matyas", (0, 0), {}),
        *(("ravine", (0, 0), {"condition": condition}) for condition in (1, 3, 20, 45, 100)),
        *(("ravine", (0, 0), {"optimizers": "momentum", "beta": beta, "condition": 30}) for beta in (0.0, 0.5, 0.8)),
        *(("ravine", (0, 0), {"optimizers": "nesterov", "beta": beta}) for beta in (0.5, 0.8)),
    ],
)
def test_below_the_tick_a_run_converges_and_above_it_diverges(landscape, minimum, words):
    ticks, _, _ = ticks_of(landscape=landscape, **words)
    (bound, text) = ticks["lr"]
    optimizer = words.get("optimizers", "gradient_descent")
    assert text.startswith(f"{OPTIMIZERS[optimizer].name} is stable below 2")
    params = {"condition": words["condition"]} if "condition" in words else {}
    how = {"momentum": words["beta"]} if "beta" in words else {}
    start = np.add(minimum, (0.7, 0.4))
    below, above = (
        distance(optimizer, landscape, start, minimum, share * bound, params, **how) for share in (0.98, 1.02)
    )
    assert below < 1e-4
    assert above > 1e4


@pytest.mark.parametrize("landscape", ["rosenbrock", "himmelblau", "rastrigin", "goldstein_price"])
def test_on_another_landscape_it_holds_near_the_lowest_minimum(landscape):
    ticks, _, _ = ticks_of(landscape=landscape)
    bound, text = ticks["lr"]
    assert text.startswith("Near the lowest minimum, gradient descent is stable below 2/λmax")
    # It does not stay within 1e-3 of any of the minima that are as low.
    near = []
    for minimum in LANDSCAPES[landscape].minima:
        below, above = (
            distance("gradient_descent", landscape, np.add(minimum, 1e-6), minimum, share * bound, {})
            for share in (0.98, 1.02)
        )
        near.append(below < 1 and above > 1e2)
    assert any(near)


def test_it_moves_with_the_landscape_and_the_momentum():
    ticks, stage, _ = ticks_of(rates="each")
    assert set(ticks) == {"gradient_descent.lr", "momentum.lr"}
    plain, momentum = stage.ticks
    assert float(plain.at.row({"condition": 40.0})) == pytest.approx(2 / 40, rel=0.2)  # of the nearest frame
    assert float(momentum.at.row({"beta": 0.5})) == pytest.approx(2 * 1.5 / 20)
    assert momentum.text.template == "Momentum is stable below 2(1 + β)/λmax = {0}"


def test_of_several_optimizers_with_one_rate_gradient_descent_is_named():
    ticks, _, _ = ticks_of(optimizers="momentum,gradient_descent,adam")
    assert list(ticks.values()) == [(pytest.approx(0.1), "Gradient descent is stable below 2/λmax = {0}")]


@pytest.mark.parametrize(
    ("view", "choice"),
    [
        ("textbook_race", {"landscape": "saddle"}),
        ("textbook_race", {"optimizers": "adam,rmsprop"}),
        ("textbook_race", {"schedule": "cosine"}),
        ("textbook_race", {"decay": "0.1"}),
        ("textbook_step", {"optimizer": "adam"}),
        ("line_race", {"loss": "absolute_error"}),
        ("classifier_race", {"loss": "hinge"}),
    ],
)
def test_where_theory_has_no_bound_there_is_no_tick(view, choice):
    assert ticks_of(view, **choice)[0] == {}


def test_a_mini_batch_has_no_bound():
    _, stage, _ = ticks_of("line_race", loss="squared_error")
    (tick,) = stage.ticks
    assert np.isfinite(tick.at.row({}))
    assert np.isnan(tick.at.row({"batch": 8.0}))


def test_one_step_has_it_too():
    assert [tick.slider for tick in chosen(VIEWS["textbook_step"], optimizer="gradient_descent").ticks] == ["lr"]
