"""Outcomes of runs that are known by theory, or by running much longer."""

import re
from dataclasses import fields

import numpy as np
import pytest

from core.descent import Descent, Gaussian, descend
from core.descent.classify import BOTTOM, REACHED, classify
from core.descent.local_quadratic import CLOSE, ScaledLandscape
from core.descent.outcome import Outcome, Outcomes
from core.descent.theory import stability
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.critical import CriticalPoints, critical_points, grid
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import line_model, logistic_model
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.sentences import number_text

RAVINE = LANDSCAPES["ravine"]  # curvatures 1 and 20
START = (2.5, 1.0)


def known(landscape: Landscape, *settings: dict[str, float]) -> CriticalPoints:
    """Its critical points in the window, at one or several settings of its parameters."""
    frames = [landscape.defaults | setting for setting in settings or ({},)]
    x, y, points = grid(landscape, 61)
    params = {name: np.array([frame[name] for frame in frames]) for name in landscape.defaults}
    return critical_points(landscape, x, y, landscape.sweep(points, frames), params)


def run(
    landscape: Landscape, start, steps: int, *, optimizer: str = "gradient_descent", with_known: bool = True, **params
) -> tuple[Descent, Outcomes]:
    """A descent and its outcome; parameters as `descend` takes them. The bound is that of gradient descent."""
    descent = descend(OPTIMIZERS[optimizer], landscape, np.asarray(start, dtype=float), steps, **params)
    limit = 2.0 if optimizer == "gradient_descent" else np.nan
    critical = known(landscape) if with_known else None
    return descent, outcomes_of(descent, landscape, rate=params["lr"], limit=limit, critical=critical)


def outcomes_of(descent: Descent, landscape: Landscape, **given) -> Outcomes:
    return classify(descent.points, descent.values, descent.gradients, landscape, **given)


def outcome(*args, **kwargs) -> Outcome:
    return Outcome(int(run(*args, **kwargs)[1].code))


def windows(landscape: Landscape, points: np.ndarray) -> np.ndarray:
    """Lengths of differences of points, in windows."""
    return np.linalg.norm(points / np.ptp(np.array(landscape.window), axis=1), axis=-1)


def first_step_near(landscape: Landscape, points: np.ndarray, place) -> int:
    """From which step on a path stays within reach of the place."""
    far = np.flatnonzero(windows(landscape, points - np.asarray(place)) > REACHED)
    return int(far[-1]) + 1 if far.size else 0


# --- quadratics, where theory says everything: steps multiply the distance by 1 - rate x curvature ---


@pytest.mark.parametrize("with_known", [True, False])
@pytest.mark.parametrize(
    ("times", "steps", "expected"),
    [
        (0.5, 200, Outcome.CONVERGED),  # 1 / L
        (0.99, 600, Outcome.CONVERGED),  # bounces, but 0.98 times as far each step
        (0.99, 200, Outcome.NOT_CONVERGED),
        (0.9999, 200, Outcome.OSCILLATING),  # 0.9998 each step: no nearer in 200
        (1.0, 200, Outcome.OSCILLATING),  # for ever
        (1.0001, 200, Outcome.DIVERGED),
        (1.01, 200, Outcome.DIVERGED),
        (1.5, 200, Outcome.DIVERGED),
        (1.5, 3000, Outcome.DIVERGED),  # beyond float64
    ],
)
def test_a_quadratic_by_its_rate(times, steps, expected, with_known):
    assert outcome(RAVINE, (0.02, 1.0), steps, lr=times * 2 / 20, with_known=with_known) == expected


@pytest.mark.parametrize("with_known", [True, False])
def test_converged_in_the_steps_that_theory_predicts(with_known):
    """At 1 / L the steep direction is gone after one step, the other shrinks by 1 - 1/20 in each."""
    _, found = run(RAVINE, START, 300, lr=1 / 20, with_known=with_known)
    predicted = np.log(REACHED * 6 / START[0]) / np.log(1 - 1 / 20)  # the window is 6 wide
    assert found.code == Outcome.CONVERGED
    assert abs(found.step - predicted) <= 1
    assert found.sentence() == f"Converged in {found.step} steps."


def test_converged_from_the_last_time_it_was_outside():
    """A heavy ball runs through the minimum many times before it stays."""
    descent, found = run(RAVINE, START, 400, optimizer="momentum", lr=0.01, momentum=0.9)
    inside = windows(RAVINE, descent.points) <= REACHED
    assert found.code == Outcome.CONVERGED
    assert inside[found.step :].all()
    assert not inside[found.step - 1]
    assert np.flatnonzero(inside)[0] < found.step  # it had been there before


def test_running_through_a_minimum_is_not_arriving():
    points = np.linspace((2.0, 0.0), (0.0, 0.0), 21)
    bowl = LANDSCAPES["bowl"]
    found = classify(points, bowl.value(points), bowl.grad(points), bowl, critical=known(bowl))
    assert found.code == Outcome.NOT_CONVERGED


@pytest.mark.parametrize(("lr", "steps"), [(1e-3, 200), (2e-4, 2000), (0.01, 40)])
def test_slow_says_how_many_steps_are_left(lr, steps):
    """The gentle direction, curvature 1, shrinks by 1 - lr in each step."""
    _, found = run(RAVINE, START, steps, lr=lr)
    predicted = np.log(REACHED * 6 / START[0]) / np.log(1 - lr) - steps
    assert found.code == Outcome.SLOW
    assert found.steps_left == pytest.approx(predicted, rel=0.02)
    assert "0 steps more" in found.sentence()


@pytest.mark.parametrize(
    ("optimizer", "rate"), [("gradient_descent", 0.004), ("momentum", 0.0004), ("adagrad", 0.1), ("adam", 0.004)]
)
def test_the_steps_left_are_about_those_that_it_then_takes(optimizer, rate):
    _, early = run(RAVINE, START, 300, optimizer=optimizer, lr=rate)
    _, late = run(RAVINE, START, 9000, optimizer=optimizer, lr=rate)
    assert late.code == Outcome.CONVERGED
    assert early.steps_left == pytest.approx(float(late.step) - 300, rel=0.35)


def test_slow_has_more_steps_left_than_were_taken():
    rates = np.geomspace(1e-3, 0.03, 40)
    _, found = run(RAVINE, START, 200, lr=rates)
    assert np.array_equal(found.code == Outcome.SLOW, found.steps_left > 200)
    assert {Outcome.SLOW, Outcome.NOT_CONVERGED, Outcome.CONVERGED} == set(found.code.tolist())


def test_without_a_minimum_ahead_the_path_length_decides():
    saddle = LANDSCAPES["saddle"]
    assert outcome(saddle, (0.2, 1.0), 100, lr=3e-3) == Outcome.NOT_CONVERGED
    assert outcome(saddle, (0.2, 1.0), 100, lr=1e-5) == Outcome.SLOW


def test_the_share_of_the_distance_done():
    _, found = run(LANDSCAPES["bowl"], (2.0, 1.0), 100, lr=1e-3)
    assert found.share_done == pytest.approx(1 - (1 - 2e-3) ** 100, rel=1e-6)


def test_the_distance_left_is_that_to_a_known_minimum_where_a_quadratic_leads_close_to_it():
    landscape, minimum = LANDSCAPES["himmelblau"], np.array([3.0, 2.0])
    descent, found = run(landscape, (3.4, 2.5), 120, lr=5e-4)
    left, start = (
        np.linalg.norm((point - minimum) / np.ptp(landscape.window, axis=1)) for point in descent.points[[-1, 0]]
    )
    assert found.code == Outcome.NOT_CONVERGED
    assert found.share_done == pytest.approx(1 - left / start, rel=1e-12)


def test_a_rate_of_zero_is_slow_for_ever():
    _, found = run(RAVINE, START, 100, lr=0.0)
    assert found.code == Outcome.SLOW
    assert found.steps_left == np.inf
    assert "more" not in found.sentence()


def test_the_amplitude_of_a_constant_oscillation():
    _, found = run(RAVINE, (0.0, 0.7), 101, lr=0.1)  # 1 - 0.1 x 20 = -1
    assert found.code == Outcome.OSCILLATING
    assert found.amplitude == pytest.approx(0.7, rel=1e-9)
    assert "±0.7" in found.sentence()


def test_divergence_is_explained_by_the_numbers():
    descent, found = run(RAVINE, (2.5, 0.01), 200, lr=0.11)
    above = np.flatnonzero(descent.values > descent.values[0])
    assert found.code == Outcome.DIVERGED
    assert found.step == above[0] > 1  # the gentle direction falls first
    assert found.high_curvature == pytest.approx(20.0)
    assert found.bound == pytest.approx(0.1)
    assert found.sentence() == (
        f"Diverged at step {found.step}: from there on its loss is higher than at the start. "
        "Its learning rate 0.11 is above 2 / (largest curvature 20) = 0.1."
    )


def test_no_bound_is_named_where_theory_has_none():
    descent, found = run(RAVINE, START, 100, lr=0.11)
    unknown = outcomes_of(descent, RAVINE, rate=0.11)
    assert unknown.code == found.code
    assert np.isnan(unknown.bound)
    assert "learning rate" not in unknown.sentence()


def test_momentum_has_a_bound_of_its_own():
    heavy = stability(0.9)
    for times, expected in ((0.98, Outcome.CONVERGED), (1.02, Outcome.DIVERGED)):
        rate = times * heavy / 20
        descent = descend(OPTIMIZERS["momentum"], RAVINE, np.array(START), 600, lr=rate, momentum=0.9)
        found = outcomes_of(descent, RAVINE, rate=rate, limit=heavy, critical=known(RAVINE))
        assert found.code == expected
    assert "is above 3.8 / (largest curvature 20) = 0.19" in found.sentence()


def test_climbing_by_a_negative_rate_diverges_for_another_reason():
    _, found = run(RAVINE, START, 100, lr=-0.05)
    assert found.code == Outcome.DIVERGED
    assert "learning rate" not in found.sentence()


# --- minima ---


@pytest.mark.parametrize("key", [key for key, one in LANDSCAPES.items() if one.minima])
@pytest.mark.parametrize("steps", [0, 1, 50])
def test_a_start_at_the_lowest_minimum_has_converged(key, steps):
    low = min(LANDSCAPES[key].minima, key=lambda place: float(LANDSCAPES[key].value(np.array(place))))
    _, found = run(LANDSCAPES[key], low, steps, lr=1e-9)
    assert (found.code, found.step) == (Outcome.CONVERGED, 0)
    assert found.sentence() == "Started at the minimum and stayed there."


@pytest.mark.parametrize(
    ("key", "start", "lr", "minimum", "expected"),
    [
        ("styblinski_tang", (3.0, 3.0), 0.01, (2.746802770990837, 2.746802770990837), Outcome.LOCAL_MINIMUM),
        ("styblinski_tang", (-3.0, 3.0), 0.01, (-2.903534027771177, 2.746802770990837), Outcome.LOCAL_MINIMUM),
        ("styblinski_tang", (-3.0, -3.2), 0.01, (-2.903534027771177, -2.903534027771177), Outcome.CONVERGED),
        ("himmelblau", (3.3, 2.4), 0.01, (3.0, 2.0), Outcome.CONVERGED),  # all four are equally deep
        ("himmelblau", (-4.0, -3.0), 0.01, (-3.779310253377747, -3.28318599128617), Outcome.CONVERGED),
        ("rastrigin", (1.1, 1.9), 0.001, (0.9949586376, 1.9899122336), Outcome.LOCAL_MINIMUM),
        ("rastrigin", (0.2, -0.1), 0.001, (0.0, 0.0), Outcome.CONVERGED),
        ("goldstein_price", (1.75, 0.25), 1e-5, (1.8, 0.2), Outcome.LOCAL_MINIMUM),  # 84 against 3, under walls of 1e6
        ("sharp_and_flat", (-1.6, 0.05), 0.05, (-1.5, 0.0), Outcome.CONVERGED),
    ],
)
def test_the_basin_decides_in_which_minimum_it_ends(key, start, lr, minimum, expected):
    landscape = LANDSCAPES[key]
    descent, found = run(landscape, start, 2000, lr=lr)
    lowest = min(landscape.value(np.array(landscape.minima)))
    assert found.code == expected
    assert found.step == first_step_near(landscape, descent.points, minimum)
    assert found.height == pytest.approx(float(landscape.value(np.array(minimum))), abs=1e-7)
    assert found.lowest == pytest.approx(lowest, abs=1e-7)
    if expected == Outcome.LOCAL_MINIMUM:
        assert number_text(found.height) in found.sentence()
        assert number_text(found.lowest) in found.sentence()


@pytest.mark.parametrize("factor", [1e-6, 1e9])
def test_the_scale_of_the_heights_does_not_matter(factor):
    """Heights times a factor, rates over it: the same path, so the same outcomes."""
    plain = LANDSCAPES["styblinski_tang"]
    scaled = Landscape.of(
        lambda x, y: factor * (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
        name="", template="", about="", window=plain.window, source=plain.source,
    )  # fmt: skip
    starts = np.random.default_rng(0).uniform(-4.5, 4.5, size=(200, 2))
    rates = np.geomspace(1e-4, 0.1, 200)
    _, ours = run(plain, starts, 200, lr=rates)
    _, theirs = run(scaled, starts, 200, lr=rates / factor)
    assert np.mean(ours.code == theirs.code) > 0.99  # chaotic runs differ by rounding
    assert len(set(ours.code.tolist())) >= 5


# --- saddles, plateaus, maxima ---


@pytest.mark.parametrize(("key", "point"), [(key, point) for key, one in LANDSCAPES.items() for point in one.saddles])
@pytest.mark.parametrize("steps", [0, 30])
def test_a_start_at_a_saddle_stops_there(key, point, steps):
    _, found = run(LANDSCAPES[key], point, steps, lr=1e-6)
    assert found.code == Outcome.SADDLE
    eigenvalues = np.linalg.eigvalsh(LANDSCAPES[key].hessian(np.array(point)))
    np.testing.assert_allclose([found.low_curvature, found.high_curvature], eigenvalues, rtol=1e-4, atol=1e-9)
    if key == "monkey_saddle":
        assert found.sentence() == (
            "Stopped at a saddle point: the gradient vanishes, and no direction of negative curvature leads down."
        )
    else:
        assert f"({number_text(found.low_curvature, 3)})" in found.sentence()


def test_a_path_along_the_ridge_ends_at_the_saddle():
    descent, found = run(LANDSCAPES["saddle"], (2.0, 0.0), 200, lr=0.1)
    assert found.code == Outcome.SADDLE
    assert found.step == np.flatnonzero(descent.points[:, 0] > 0.05 * 6)[-1] + 1
    assert np.abs(descent.points[-1]).max() < 1e-9


def test_a_saddle_without_known_points():
    assert outcome(LANDSCAPES["saddle"], (2.0, 0.0), 200, lr=0.1, with_known=False) == Outcome.SADDLE
    assert outcome(
        LANDSCAPES["himmelblau"], (3.385154183607021, 0.07385187983774928), 50, lr=1e-3, with_known=False
    ) == (Outcome.SADDLE)


@pytest.mark.parametrize("with_known", [True, False])
def test_near_the_ridge_a_saddle_slows_it(with_known):
    """Along x the distance shrinks by 0.8 a step, along y it grows by 1.2: how long it is near follows."""
    saddle, offset, near = LANDSCAPES["saddle"], 1e-6, 0.05 * 6
    comes = np.log(near / 2.0) / np.log(0.8)
    goes = np.log(near / offset) / np.log(1.2)
    _, ended = run(saddle, (2.0, offset), 60, lr=0.1, with_known=with_known)
    assert ended.code == Outcome.SLOWED_AT_SADDLE
    assert ended.steps_at_saddle == pytest.approx(60 - comes, abs=1.5)
    assert f"{ended.steps_at_saddle} steps" in ended.sentence()
    _, passed = run(saddle, (2.0, offset), 150, lr=0.1, with_known=with_known)
    assert passed.code == Outcome.LEFT_WINDOW
    assert passed.steps_at_saddle == pytest.approx(goes - comes, abs=1.5)
    assert passed.sentence().endswith(f"It spent {passed.steps_at_saddle} steps near a saddle point.")


def test_no_saddle_is_near_where_the_landscape_is_convex():
    bowl, x, runs = LANDSCAPES["bowl"], np.zeros((1, 2)), np.zeros(1, dtype=int)
    saddle = CriticalPoints(
        frame=np.zeros(1, dtype=int), points=np.full((1, 2), 0.01), values=np.zeros(1),
        eigenvalues=np.array([[-1.0, 1.0]]), directions=np.eye(2)[None], kind=np.array(["saddle"]),
    )  # fmt: skip
    scaled = ScaledLandscape.of(bowl, (1,), saddle, None, {})
    assert scaled.saddles.nearest(x, runs)[0] < CLOSE
    distance, _ = scaled.nearest_saddle(x, scaled.quadratic(x, scaled.gradient(x, runs), runs), runs)
    assert distance == np.inf


def test_a_path_that_passes_a_saddle_and_arrives_says_both():
    start = (0.1567312567803401 + 1e-7, 2.0)  # all but on the pass between two valleys
    _, found = run(LANDSCAPES["styblinski_tang"], start, 300, lr=0.005)
    assert found.code == Outcome.LOCAL_MINIMUM
    assert found.steps_at_saddle > 60
    assert found.sentence().endswith(f"It spent {found.steps_at_saddle} steps near a saddle point.")


def test_a_small_rate_near_a_saddle_is_slow():
    _, found = run(LANDSCAPES["saddle"], (0.2, 0.1), 200, lr=1e-6)
    assert found.code == Outcome.SLOW
    assert found.steps_at_saddle == 0


def test_a_landscape_without_saddles_has_no_outcome_at_one():
    starts = np.random.default_rng(1).uniform((-2, -1), (2, 3), size=(400, 2))
    for optimizer in ("gradient_descent", "adam", "momentum"):
        _, found = run(LANDSCAPES["rosenbrock"], starts, 200, optimizer=optimizer, lr=np.geomspace(1e-5, 0.1, 400))
        assert not found.steps_at_saddle.any()
        assert not np.isin(found.code, (Outcome.SADDLE, Outcome.SLOWED_AT_SADDLE)).any()


@pytest.mark.parametrize("key", ["rastrigin", "ackley", "six_hump_camel"])
def test_an_arrived_run_is_not_slowed_by_the_saddle_nearby(key):
    landscape = LANDSCAPES[key]
    low, high = np.array(landscape.window).T
    starts = np.random.default_rng(5).uniform(low, high, size=(300, 2))
    for optimizer, rate in (("adam", 0.05), ("gradient_descent", 1e-3)):
        _, found = run(landscape, starts, 300, optimizer=optimizer, lr=rate)
        arrived = found.code <= Outcome.LOCAL_MINIMUM
        assert arrived.sum() > 30
        assert (found.steps_at_saddle <= found.step)[arrived].all()


def test_the_monkey_saddle_has_no_curvature():
    monkey = LANDSCAPES["monkey_saddle"]
    assert outcome(monkey, (0.0, 0.0), 100, lr=0.05) == Outcome.SADDLE
    _, found = run(monkey, (1.0, 0.0), 200, lr=0.05)  # x <- x - 0.15 x²: about 1 / (0.15 k) away after k steps
    assert found.code == Outcome.SLOWED_AT_SADDLE
    assert found.steps_at_saddle == pytest.approx(200 - 1 / (0.15 * 0.05 * 4), abs=25)
    assert outcome(monkey, (1.0, 1e-3), 400, lr=0.05) == Outcome.LEFT_WINDOW


def test_a_path_that_leaves_a_saddle_and_overflows_was_slowed_all_the_same():
    """From the monkey saddle a path falls without bounds: its loss overflows within 200 steps."""
    monkey = LANDSCAPES["monkey_saddle"]
    descent, found = run(monkey, (1.5, 5e-4), 200, lr=0.05)
    assert not np.isfinite(descent.values[-1])
    near = np.hypot(*descent.points.T) < 0.05 * 4
    assert found.code == Outcome.LEFT_WINDOW
    assert found.steps_at_saddle == near.sum() > 60
    assert found.sentence().endswith(f"It spent {found.steps_at_saddle} steps near a saddle point.")


def test_stuck_on_a_plateau():
    plateau = LANDSCAPES["plateau"]
    _, found = run(plateau, [(4.0, 3.0), (4.9, 0.0), (3.4, 0.0), (1.0, 1.0)], 200, lr=0.1)
    assert found.code.tolist() == [Outcome.PLATEAU, Outcome.PLATEAU, Outcome.SLOW, Outcome.CONVERGED]
    assert found.height[0] == pytest.approx(1.0, abs=1e-4)
    assert "plateau" in found.sentence(0)
    # Adam's steps do not shrink with the gradient: it crosses the plateau and arrives.
    assert outcome(plateau, (4.4, 4.4), 32, optimizer="adam", lr=0.05) == Outcome.NOT_CONVERGED
    assert outcome(plateau, (4.0, 3.0), 200, optimizer="adam", lr=0.1) == Outcome.CONVERGED


def test_no_plateau_close_to_a_minimum():
    """The gradient is small there, but the curvature is not."""
    _, found = run(LANDSCAPES["six_hump_camel"], (1.96, 0.94), 200, lr=np.geomspace(2e-3, 4e-3, 20))
    assert {Outcome.NOT_CONVERGED, Outcome.LOCAL_MINIMUM} == set(found.code.tolist())


@pytest.mark.parametrize("with_known", [True, False])
def test_where_there_is_no_gradient_at_all(with_known):
    """Zero-one loss is a plateau wherever something is still wrong; hinge is convex, and level only at its bottom."""
    steps, hinge = (fitted_landscape(logistic_model("separable"), LOSSES[key]) for key in ("zero_one", "hinge"))
    assert outcome(steps, (-3.0, -3.0), 300, lr=1.0, with_known=with_known) == Outcome.PLATEAU
    descent, found = run(hinge, (-3.0, -3.0), 300, lr=1.0, with_known=with_known)
    assert descent.values[-1] == 0
    assert found.code == Outcome.CONVERGED
    assert found.step == np.flatnonzero(descent.values > BOTTOM * descent.values[0])[-1] + 1


def test_no_plateau_on_a_convex_landscape():
    """Slow is not flat: on a convex landscape the gradient is never small far from the minimum."""
    for key in ("bowl", "ravine", "booth", "matyas"):
        low, high = np.array(LANDSCAPES[key].window).T
        starts = np.random.default_rng(2).uniform(low, high, size=(200, 2))
        _, found = run(LANDSCAPES[key], starts, 100, lr=np.geomspace(1e-9, 1e-2, 200))
        assert set(found.code.tolist()) <= {Outcome.SLOW, Outcome.NOT_CONVERGED, Outcome.CONVERGED}


@pytest.mark.parametrize("key", [key for key, one in LANDSCAPES.items() if one.maxima])
def test_a_start_at_a_maximum_stays_there(key):
    assert outcome(LANDSCAPES[key], LANDSCAPES[key].maxima[0], 20, lr=1e-6) == Outcome.MAXIMUM


# --- kinks, noise, edges ---


def trough(**record) -> tuple[Landscape, CriticalPoints]:
    """|x|: a kink along y, and one of its minima. There is no curvature anywhere."""
    landscape = Landscape(
        value_of=lambda points: np.abs(points[..., 0]),
        grad_of=lambda points: np.sign(points) * [1.0, 0.0],
        hessian_of=lambda points: np.zeros((*points.shape, 2)),
        name="", template="", about="", window=RAVINE.window, source=RAVINE.source, **record,
    )  # fmt: skip
    lowest = CriticalPoints(
        frame=np.array([0]), points=np.zeros((1, 2)), values=np.zeros(1), kind=np.array(["minimum"]),
        eigenvalues=np.full((1, 2), np.nan), directions=np.full((1, 2, 2), np.nan),
    )  # fmt: skip
    return landscape, lowest


@pytest.mark.parametrize("along", [0.0, 2.0])
def test_a_constant_rate_oscillates_about_a_kink(along):
    """Every step is as long as the rate, to either side for ever; one too short to see has arrived, wherever along the
    trough."""
    landscape, lowest = trough(convex=True)
    rates = np.array([1.0, 0.1, 0.05, 0.001])
    descent = descend(OPTIMIZERS["gradient_descent"], landscape, np.array([0.9304, along]), 2000, lr=rates)
    found = outcomes_of(descent, landscape, rate=rates, limit=2.0, critical=lowest)
    assert found.code.tolist() == [Outcome.OSCILLATING] * 3 + [Outcome.CONVERGED]
    np.testing.assert_allclose(found.amplitude, rates / 2, rtol=1e-9)
    within = 6 * REACHED if along == 0 else 0.9304 * BOTTOM
    assert abs(found.step[3] - (0.9304 - within) / 0.001) <= 1
    assert "learning rate" not in found.sentence(0)  # there is no curvature to bound it


def test_a_constant_slope_is_no_plateau():
    landscape, lowest = trough()
    descent = descend(OPTIMIZERS["gradient_descent"], landscape, np.array([2.9, 0.0]), 50, lr=1e-6)
    assert outcomes_of(descent, landscape, critical=lowest).code == Outcome.SLOW


def test_absolute_error_oscillates_about_its_kinks():
    landscape = fitted_landscape(line_model("made"), LOSSES["absolute_error"])
    _, found = run(landscape, np.array(landscape.window)[:, 0] + 0.1, 2000, lr=np.array([10.0, 2.0, 0.04]))
    assert found.code.tolist() == [Outcome.OSCILLATING, Outcome.OSCILLATING, Outcome.CONVERGED]


def test_noise_keeps_it_from_settling():
    descent = descend(
        OPTIMIZERS["gradient_descent"], LANDSCAPES["bowl"], np.array([2.0, 1.0]), 400, lr=0.1, noise=Gaussian(3.0)
    )
    found = outcomes_of(descent, LANDSCAPES["bowl"], rate=0.1, limit=2.0, critical=known(LANDSCAPES["bowl"]))
    assert found.code == Outcome.OSCILLATING
    # The variance of x where decay and noise balance: rate² σ² / (1 - (1 - 2 rate)²) in each coordinate.
    deviation = 0.1 * 3.0 / np.sqrt(1 - 0.8**2)
    assert deviation < found.amplitude < 5 * deviation


def balance(rate: float, deviation: float) -> float:
    """The mean loss on the bowl where decay and noise balance: two coordinates, each of the variance above."""
    return 2 * (rate * deviation) ** 2 / (1 - (1 - 2 * rate) ** 2)


@pytest.mark.parametrize(("rate", "deviation"), [(0.02, 1.0), (0.02, 5.0), (0.1, 3.0), (0.3, 0.1), (0.45, 3.0)])
def test_a_run_at_its_noise_floor_is_not_slow(rate, deviation):
    """Its mean loss is that of theory, whatever it did on the way; without noise it converges."""
    bowl, start = LANDSCAPES["bowl"], np.array([2.0, 1.0])
    quiet, plain = run(bowl, start, 2000, lr=rate)
    descent = descend(OPTIMIZERS["gradient_descent"], bowl, start, 2000, lr=rate, noise=Gaussian(deviation))
    found = outcomes_of(descent, bowl, rate=rate, limit=2.0, critical=known(bowl), quiet=quiet.values)
    assert (plain.code, found.code) == (Outcome.CONVERGED, Outcome.NOISE_FLOOR)
    assert found.height == pytest.approx(balance(rate, deviation), rel=0.35)
    assert f"keeps its loss near {number_text(found.height)}" in found.sentence()


def test_noise_that_is_not_what_keeps_it_up_is_no_floor():
    """A slow run under a little noise is slow, and one whose learning rate is at the edge oscillates."""
    bowl, start = LANDSCAPES["bowl"], np.array([2.0, 1.0])
    for rate, expected in ((0.0005, Outcome.SLOW), (1.0, Outcome.OSCILLATING)):
        quiet, _ = run(bowl, start, 200, lr=rate)
        descent = descend(OPTIMIZERS["gradient_descent"], bowl, start, 200, lr=rate, noise=Gaussian(0.02))
        found = outcomes_of(descent, bowl, rate=rate, limit=2.0, critical=known(bowl), quiet=quiet.values)
        assert found.code == expected, rate


def test_a_start_at_the_minimum_climbs_to_its_noise_floor():
    bowl = LANDSCAPES["bowl"]
    for rate in (0.001, 0.1):
        descent = descend(OPTIMIZERS["gradient_descent"], bowl, np.zeros(2), 400, lr=rate, noise=Gaussian(3.0))
        found = outcomes_of(descent, bowl, rate=rate, critical=known(bowl), quiet=np.zeros(401))
        assert found.code == Outcome.NOISE_FLOOR, rate


@pytest.mark.parametrize("beta", [0.95, 0.98, 0.99])
def test_a_heavy_ball_that_swings_takes_no_short_steps(beta):
    """Near β = 1 it runs through the minimum and back: its loss rises again and again, whatever its learning rate."""
    rates = np.geomspace(1e-5, 0.1, 60)
    descent, found = run(RAVINE, START, 200, optimizer="momentum", lr=rates, momentum=beta)
    late = descent.values[100:]
    rises = (np.diff(late, axis=0) > 0).sum(axis=0)
    slow, swings = found.code == Outcome.SLOW, found.code == Outcome.OVERSHOOTING
    assert swings.sum() >= 2
    assert (rises[swings] > 0).all()
    # What is called slow does not rise by a third of what it is.
    climb = (late - np.minimum.accumulate(late, axis=0)).max(axis=0) / late.max(axis=0)
    assert (climb[slow] < 0.35).all()
    at = int(np.flatnonzero(swings)[0])
    assert f"swings by ±{number_text(found.amplitude[at], 3)}" in found.sentence(at)


def test_edge_of_stability_is_bounded_and_explained():
    """Above 2 / curvature at the minimum, but less of it farther out: it oscillates for ever."""
    _, found = run(LANDSCAPES["plateau"], (0.5, 0.0), 300, lr=2.3)
    assert found.code == Outcome.OSCILLATING
    assert found.sentence().endswith("Its learning rate 2.3 is above 2 / (largest curvature 1) = 2.")


# --- lost ---


@pytest.mark.parametrize("steps", [10, 200, 2000])
def test_an_overflow_is_a_divergence(steps):
    descent, found = run(LANDSCAPES["rosenbrock"], (-1.5, 2.0), steps, lr=0.05)
    assert not np.isfinite(descent.values[-1])
    assert (found.code, found.step) == (Outcome.DIVERGED, 1)
    largest = np.linalg.eigvalsh(LANDSCAPES["rosenbrock"].hessian(np.array([-1.5, 2.0])))[-1]
    assert found.high_curvature == pytest.approx(largest)
    assert f"= {number_text(2 / largest, 3)}." in found.sentence()


def test_an_overflow_from_below_the_start_is_a_divergence():
    points = np.array([[1.0, 1.0], [0.5, 0.5], [1e200, 1e200], [np.nan, np.nan]])
    values, gradients = np.array([5.0, 3.0, np.inf, np.nan]), points * 0 + 1.0
    found = classify(points, values, gradients, LANDSCAPES["bowl"])
    assert (found.code, found.step) == (Outcome.DIVERGED, 2)
    at_once = classify(points[2:], values[2:], gradients[2:], LANDSCAPES["bowl"])
    assert at_once.sentence() == "Started where the loss is too large to be computed."
    values[2] = -np.inf
    assert classify(points, values, gradients, LANDSCAPES["bowl"]).code == Outcome.LEFT_WINDOW


def test_the_limiting_curvature_is_the_largest_where_it_began():
    """That of the start, or of the minimum next to it: there too the rate must be small enough to stay."""
    landscape = LANDSCAPES["himmelblau"]
    starts = np.random.default_rng(6).uniform(-5.5, 5.5, size=(300, 2))
    _, found = run(landscape, starts, 100, lr=np.geomspace(0.005, 0.1, 300))
    up = found.code == Outcome.DIVERGED
    assert up.sum() > 50
    own = np.linalg.eigvalsh(landscape.hessian(starts))[:, 1]
    minima = np.array(landscape.minima)
    next_to = minima[np.linalg.norm(starts[:, None] - minima, axis=-1).argmin(axis=1)]
    there = np.linalg.eigvalsh(landscape.hessian(next_to))[:, 1]
    assert (found.high_curvature >= np.maximum(own, there) * (1 - 1e-9))[up].all()
    assert (found.high_curvature > there * (1 + 1e-9))[up].any()


def test_a_kink_next_to_the_start_has_no_curvature_to_name():
    """Ackley's lowest point has none, and the start's is named as everywhere."""
    landscape, start = LANDSCAPES["ackley"], np.array([0.3, 0.2])
    points = start * np.array([1.0, 1.5, 2.0, 1e200])[:, None]
    points[1, 0] += 0.1  # a path on one line would meet the curvature along it alone
    values = np.array([1.0, 2.0, 3.0, np.inf])
    found = classify(points, values, points, landscape, rate=1.0, limit=2.0, critical=known(landscape))
    assert found.code == Outcome.DIVERGED
    assert np.isnan(landscape.hessian(np.zeros(2))).any()
    assert found.high_curvature == pytest.approx(np.linalg.eigvalsh(landscape.hessian(start))[1])


def test_on_the_way_back_into_the_window_is_not_left():
    """Outside the picture and falling, but inwards."""
    assert outcome(LANDSCAPES["saddle"], (6.0, 1e-3), 50, lr=0.005) != Outcome.LEFT_WINDOW
    assert outcome(LANDSCAPES["saddle"], (1e-3, 6.0), 50, lr=0.005) == Outcome.LEFT_WINDOW


def test_leaving_the_window_downhill_is_no_divergence():
    saddle = LANDSCAPES["saddle"]
    descent, found = run(saddle, (1.0, 0.5), 200, lr=0.1)
    assert found.code == Outcome.LEFT_WINDOW
    inside = (np.abs(descent.points) <= 0.55 * 6).all(axis=-1)
    assert found.step == np.flatnonzero(inside)[-1] + 1
    assert f"from step {found.step} on" in found.sentence()
    assert outcome(saddle, (1.0, 0.5), 3000, lr=1.0) == Outcome.LEFT_WINDOW  # to minus infinity, and then NaN


def test_outside_the_window_on_the_way_to_a_minimum_is_not_left():
    bowl = LANDSCAPES["bowl"]
    shifted = Landscape.of(
        lambda x, y: (x - 9) ** 2 + y**2, name="", template="", about="", window=bowl.window, source=bowl.source
    )
    assert outcome(shifted, (0.0, 0.0), 60, lr=0.04) == Outcome.NOT_CONVERGED
    assert outcome(shifted, (0.0, 0.0), 600, lr=0.04) == Outcome.CONVERGED


def test_separable_data_has_no_minimum_to_arrive_at():
    """The loss falls for ever as the weights grow, slower and slower."""
    landscape = fitted_landscape(logistic_model("separable"), LOSSES["binary_cross_entropy"])
    _, found = run(landscape, (-2.0, -2.0), 300, lr=np.array([1.0, 300.0]))
    assert found.code[0] == Outcome.SLOW
    assert np.isnan(found.steps_left[0])
    assert "more" not in found.sentence(0)


def test_a_step_out_of_the_domain_of_the_loss():
    """A squared log error has no value below -1: undefined, not an overflow."""
    landscape = fitted_landscape(line_model("tips"), LOSSES["squared_log_error"])
    minimum = known(landscape).points[0]
    descent, found = run(landscape, minimum + 0.5, 50, lr=1000.0)
    assert np.isnan(descent.values[-1])
    assert (found.code, found.step) == (Outcome.UNDEFINED, 1)
    corner = np.array(landscape.window)[:, 0]
    _, outside = run(landscape, corner, 5, lr=0.1)
    assert (outside.code, outside.sentence()) == (Outcome.UNDEFINED, "Started where the loss is undefined.")


def test_nothing_is_warned_of(recwarn):
    with np.errstate(all="raise"):
        for key, landscape in LANDSCAPES.items():
            low, high = np.array(landscape.window).T
            starts = np.concatenate([np.random.default_rng(3).uniform(low, high, size=(58, 2)), [low, high]])
            for optimizer in ("gradient_descent", "adam"):
                rates = np.concatenate([[0.0, 1e30, -1.0], np.geomspace(1e-8, 1e3, 57)])
                _, found = run(landscape, starts, 60, optimizer=optimizer, lr=rates)
                assert all(found.sentence(at) for at in range(60)), key
    assert not recwarn.list


# --- batches ---


def assert_same(one: Outcomes, other: Outcomes, at) -> None:
    for field in fields(Outcomes):
        np.testing.assert_allclose(getattr(one, field.name), getattr(other, field.name)[at], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("key", ["himmelblau", "saddle", "plateau", "rosenbrock"])
def test_a_batch_equals_its_runs_alone(key):
    landscape = LANDSCAPES[key]
    low, high = np.array(landscape.window).T
    starts = np.random.default_rng(4).uniform(low, high, size=(3, 8, 2))
    starts[0, 0] = (landscape.saddles or landscape.minima)[0]
    rates = np.geomspace(1e-4, 3.0, 8)
    descent, batch = run(landscape, starts, 120, lr=rates)
    critical = known(landscape)
    for at in np.ndindex(3, 8):
        own = (slice(None), *at)
        alone = classify(
            descent.points[own], descent.values[own], descent.gradients[own], landscape,
            rate=rates[at[1]], limit=2.0, critical=critical,
        )  # fmt: skip
        assert alone.code.shape == ()
        assert_same(alone, batch, at)
        assert alone.sentence() == batch.sentence(at)


def test_frames_and_parameters_can_differ_by_run():
    """Runs on ravines of different condition, each classified by its own curvature and minima."""
    conditions = np.array([5.0, 20.0, 80.0])
    critical = known(RAVINE, *({"condition": condition} for condition in conditions))
    descent = descend(OPTIMIZERS["gradient_descent"], RAVINE.at(condition=conditions), np.array(START), 300, lr=0.05)
    found = outcomes_of(
        descent, RAVINE, rate=0.05, limit=2.0, critical=critical, frame=np.arange(3), params={"condition": conditions}
    )
    assert found.code.tolist() == [Outcome.CONVERGED, Outcome.CONVERGED, Outcome.DIVERGED]
    assert found.high_curvature[2] == pytest.approx(80.0)


def test_the_lowest_minimum_is_that_of_its_own_frame():
    landscape = fitted_landscape(line_model("tips"), LOSSES["absolute_error"])
    values = [{"outlier": value} for value in (2.0, 20.0)]
    critical = known(landscape, *values)
    assert critical.of(0).values.min() < critical.of(1).values.min() - 0.01
    ends = np.stack([critical.of(frame).points[0] for frame in (0, 1)])
    params = {"outlier": np.array([2.0, 20.0])}
    descent = descend(OPTIMIZERS["gradient_descent"], landscape.at(**params), ends, 10, lr=1e-9)
    found = outcomes_of(descent, landscape, rate=1e-9, critical=critical, frame=np.arange(2), params=params)
    assert found.code.tolist() == [Outcome.CONVERGED, Outcome.CONVERGED]
    np.testing.assert_allclose(found.lowest, found.height)


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 2)])
def test_an_empty_batch(shape):
    _, found = run(RAVINE, np.zeros((*shape, 2)), 20, lr=0.1)
    assert found.code.shape == found.bound.shape == shape


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 7])
def test_a_few_steps_are_not_classified_by_their_shape(steps):
    _, found = run(RAVINE, START, steps, lr=0.001)
    assert found.code == Outcome.NOT_CONVERGED
    assert found.sentence() == "Not converged yet."


def test_every_outcome_has_a_sentence():
    for one in Outcome:
        filled = Outcomes(
            *(
                np.array(1.5 if field.name not in ("code", "step", "steps_at_saddle") else 3)
                for field in fields(Outcomes)
            )
        )
        object.__setattr__(filled, "code", np.array(int(one)))
        assert re.fullmatch(r"[A-Z].*\.", filled.sentence())
        assert "nan" not in filled.sentence()
