"""Theory and measurement of convergence agree."""

import numpy as np
import pytest
from scipy.optimize import minimize, minimize_scalar

from core.descent import descend
from core.descent.theory import Component, Quadratic, contraction, observe_contraction, quadratic, stability
from core.landscapes import LANDSCAPES, Landscape
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import line_model
from core.losses import LOSSES, losses_of
from core.optimizers import OPTIMIZERS

RAVINE = LANDSCAPES["ravine"]
QUADRATIC = {"bowl": (2, 2), "ravine": (1, 20), "booth": (2, 18), "matyas": (0.04, 1), "saddle": (-2, 2)}
METHODS = {"gradient_descent": {}, "momentum": {"momentum": 0.5}, "nesterov": {"momentum": 0.5}}


def ravine(**params) -> Quadratic:
    found = quadratic(RAVINE, **params)
    assert found is not None
    return found


def theory_of(optimizer: str, found: Quadratic, rate, momentum=0.0):
    return found.contraction(rate, momentum, nesterov=optimizer == "nesterov")


# --- which landscapes are quadratic, and their numbers ---


@pytest.mark.parametrize("key", LANDSCAPES)
def test_quadratic_landscapes_are_found_with_their_curvatures(key):
    found = quadratic(LANDSCAPES[key])
    assert (found is not None) == (key in QUADRATIC)
    if found is not None:
        assert (found.low, found.high) == pytest.approx(QUADRATIC[key], rel=1e-9)
        np.testing.assert_allclose(found.centre, (LANDSCAPES[key].minima or LANDSCAPES[key].saddles)[0], atol=1e-9)
        hessian = found.directions.T @ np.diag([found.low, found.high]) @ found.directions
        np.testing.assert_allclose(hessian, LANDSCAPES[key].hessian(np.zeros(2)), atol=1e-9)


@pytest.mark.parametrize("condition", [1.0, 7.0, 100.0])
def test_the_ravine_is_as_steep_as_its_parameter_says(condition):
    assert ravine(condition=condition).condition == pytest.approx(condition)


def test_only_squares_make_a_line_fit_quadratic():
    found = {
        key for key, loss in losses_of("regression").items() if quadratic(fitted_landscape(line_model("tips"), loss))
    }
    assert found == {"squared_error", "gaussian_nll", "expectile"}  # at its default of 1/2 half the squared error
    assert quadratic(fitted_landscape(line_model("tips"), LOSSES["expectile"]), tau=0.9) is None


def test_a_loss_that_is_a_square_only_where_the_picture_is():
    """Huber's with every error of the picture below delta."""
    assert quadratic(fitted_landscape(line_model("tips"), LOSSES["huber"]), delta=60.0) is None


def test_a_line_fit_under_squared_error_is_the_normal_equations():
    model = line_model("made")
    found = quadratic(fitted_landscape(model, LOSSES["squared_error"]))
    assert found is not None
    basis = np.vstack([model.basis, np.tile(model.outlier_basis, (model.outlier_copies, 1))])
    target = np.append(model.target, np.full(model.outlier_copies, model.outlier.default))
    best, residual, _, _ = np.linalg.lstsq(basis, target, rcond=None)
    np.testing.assert_allclose(found.centre, best, rtol=1e-9)
    assert found.height == pytest.approx(residual[0] / len(target))
    np.testing.assert_allclose([found.low, found.high], np.linalg.eigvalsh(2 * basis.T @ basis / len(target)))


def test_a_kink_is_seen_in_the_gradients():
    loss = LOSSES["squared_error"]
    assert quadratic(fitted_landscape(line_model("tips"), loss, "l2"), penalty=0.5) is not None
    assert quadratic(fitted_landscape(line_model("tips"), loss, "l1"), penalty=0.5) is None
    assert quadratic(fitted_landscape(line_model("tips"), loss, "l1"), penalty=0.0) is not None


def test_a_trough_has_no_centre():
    made = LANDSCAPES["bowl"]
    trough = Landscape.of(
        lambda x, y: (x + y) ** 2, name="", template="", about="", window=made.window, source=made.source
    )
    assert quadratic(trough) is None


def test_a_saddle_has_no_best_rate():
    found = quadratic(LANDSCAPES["saddle"])
    assert found is not None
    assert not found.convex
    for name in ("condition", "best_rate", "best_contraction", "best_momentum", "best_momentum_rate"):
        assert np.isnan(getattr(found, name))
    assert (found.contraction(np.geomspace(1e-3, 1, 9)) > 1).all()  # whatever the rate, it leaves


# --- best rates: nothing else does better, found by search ---


@pytest.mark.parametrize("condition", [2.0, 20.0, 100.0])
def test_no_rate_is_better_than_the_best(condition):
    found = ravine(condition=condition)
    rates = np.linspace(0.01, 1, 4001) * found.stable_rate()
    assert found.contraction(found.best_rate) == pytest.approx(found.best_contraction, rel=1e-12)
    assert found.contraction(rates).min() >= found.best_contraction - 1e-12
    searched = minimize_scalar(found.contraction, bounds=(0, found.stable_rate()), method="bounded")
    assert searched.x == pytest.approx(found.best_rate, rel=1e-3)


@pytest.mark.parametrize("condition", [2.0, 20.0, 100.0])
def test_no_momentum_is_better_than_the_best(condition):
    found = ravine(condition=condition)
    best = found.contraction(found.best_momentum_rate, found.best_momentum)
    assert best == pytest.approx(found.best_momentum_contraction, abs=1e-6)  # a double root: its digits are halved
    rates, betas = np.meshgrid(np.linspace(0.01, 4, 400) / found.high, np.linspace(0, 0.99, 300))
    assert found.contraction(rates, betas).min() >= found.best_momentum_contraction - 1e-12
    searched = minimize(lambda x: float(found.contraction(x[0] / found.high, x[1])), [1.5, 0.3], method="Nelder-Mead",
                        options={"xatol": 1e-9, "fatol": 1e-12})  # fmt: skip
    assert searched.fun == pytest.approx(found.best_momentum_contraction, abs=1e-3)
    assert found.best_momentum_contraction < found.best_contraction


def test_the_numbers_of_a_well_known_case():
    """Condition 100: gradient descent 99/101 a step, the heavy ball 9/11."""
    found = ravine(condition=100.0)
    assert found.stable_rate() == pytest.approx(0.02)
    assert found.best_rate == pytest.approx(2 / 101)
    assert found.best_contraction == pytest.approx(99 / 101)
    assert found.best_momentum == pytest.approx((9 / 11) ** 2)
    assert found.best_momentum_rate == pytest.approx(4 / 121)
    assert found.best_momentum_contraction == pytest.approx(9 / 11)


# --- the factor a step ---


@pytest.mark.parametrize("nesterov", [False, True])
def test_the_factor_is_the_largest_root_of_the_recurrence(nesterov):
    for product in np.linspace(0.05, 4.2, 40):
        for momentum in (0.0, 0.3, 0.9, 0.99):
            # One step of (x, v), as PyTorch writes it, for a gradient of product / rate times x, at rate 1.
            after = np.array([[product, momentum], [0, 0]])  # v in terms of x and v
            gradient = np.array([product, 0])
            step = gradient + momentum * after[0] if nesterov else after[0]
            matrix = np.array([np.array([1, 0]) - step, after[0]])
            expected = np.abs(np.linalg.eigvals(matrix)).max()
            assert contraction(product, momentum, nesterov=nesterov) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
def test_above_the_bound_it_grows_and_below_it_shrinks(nesterov, momentum):
    bound = stability(momentum, nesterov=nesterov)
    below, at, above = contraction(bound * np.array([0.999, 1.0, 1.001]), momentum, nesterov=nesterov)
    assert below < 1 < above
    assert at == pytest.approx(1.0)
    assert ravine().stable_rate(momentum, nesterov=nesterov) == pytest.approx(bound / 20)


def test_shapes_broadcast():
    found = ravine()
    rates, betas = np.geomspace(1e-3, 0.1, 7), np.linspace(0, 0.9, 5)[:, None]
    assert found.contraction(rates, betas).shape == (5, 7)
    assert found.stable_rate(betas).shape == (5, 1)
    one = found.contraction(rates[3], betas[2, 0], nesterov=True)
    assert found.contraction(rates, betas, nesterov=True)[2, 3] == one


# --- predicted and measured contractions ---


def test_measured_is_predicted_on_data():
    """Their minimum is at no round numbers: distances to it below its own rounding say nothing."""
    landscape = fitted_landscape(line_model("tips"), LOSSES["squared_error"])
    found = quadratic(landscape)
    assert found is not None
    for rate in (0.01, 0.1, 0.4, 0.8):
        descent = descend(OPTIMIZERS["gradient_descent"], landscape, found.centre + 1.0, 3000, lr=rate)
        observed = observe_contraction(descent.points, found, rate)
        assert observed.measured == pytest.approx(float(found.contraction(rate)), rel=1e-3)


def test_the_best_momentum_is_measured_and_beats_gradient_descent():
    found, steep = ravine(condition=100.0), RAVINE.at(condition=100.0)
    rate, beta = found.best_momentum_rate, found.best_momentum
    ball = descend(OPTIMIZERS["momentum"], steep, np.array([1.1, 0.7]), 300, lr=rate, momentum=beta)
    plain = descend(OPTIMIZERS["gradient_descent"], steep, np.array([1.1, 0.7]), 300, lr=found.best_rate)
    # A double root: its digits are halved.
    assert observe_contraction(ball.points, found, rate, beta).measured == pytest.approx(
        found.best_momentum_contraction, rel=1e-3
    )
    assert observe_contraction(plain.points, found, found.best_rate).measured == pytest.approx(
        found.best_contraction, rel=1e-6
    )


STARTS = 40  # of each landscape and method, at random; and as many again on its axes or close by
BALLS = [("gradient_descent", 0.0)] + [(key, beta) for key in ("momentum", "nesterov") for beta in (0.0, 0.5, 0.9)]


@pytest.mark.parametrize("key", QUADRATIC)
@pytest.mark.parametrize(("optimizer", "momentum"), BALLS)
def test_measured_is_predicted_in_the_direction_of_the_path(key, optimizer, momentum):
    """From random starts, from starts on an axis, and from starts a millionth off an axis."""
    found, random, nesterov = quadratic(LANDSCAPES[key]), np.random.default_rng(7), optimizer == "nesterov"
    parts = random.normal(size=(4, STARTS, 2))
    parts[1, ::2, 0], parts[1, 1::2, 1] = 0.0, 0.0
    parts[2, ::2, 0] *= 1e-6
    parts[2, 1::2, 1] *= 1e-6
    parts = parts.reshape(-1, 2)
    rates = random.uniform(0.01, 1.5, len(parts)) * abs(found.stable_rate(momentum, nesterov=nesterov))
    params = {"momentum": momentum} if optimizer != "gradient_descent" else {}
    run = descend(OPTIMIZERS[optimizer], LANDSCAPES[key], found.centre + parts @ found.directions, 200, lr=rates,
                  **params)  # fmt: skip
    compared = 0
    for index, rate in enumerate(rates):
        observed = observe_contraction(run.points[:, index], found, rate, momentum, nesterov=nesterov)
        low, high = (float(contraction(rate * c, momentum, nesterov=nesterov)) for c in (found.low, found.high))
        if observed is None:  # there within five steps
            assert min(low, high) < 0.01
            continue
        assert {(observed.curvature, observed.predicted), (observed.other_curvature, observed.other)} == {
            (found.low, low), (found.high, high),
        }  # fmt: skip
        if not parts[index].all() and key in ("bowl", "ravine", "saddle"):  # whose axes are those of the plane
            assert observed.other_start == Component.NONE
            assert observed.curvature == (found.high if parts[index, 0] == 0 else found.low)
        assert observed.measured == pytest.approx(observed.predicted, rel=1e-3), (rate, parts[index])
        compared += 1
    assert compared > 0.9 * len(rates)


def test_rounding_errors_add_a_missing_component():
    """Beside the axis of a slanted bowl, above the bound: rounding alone brings the other direction in."""
    found, booth = quadratic(LANDSCAPES["booth"]), LANDSCAPES["booth"]
    low, _ = found.directions
    run = descend(OPTIMIZERS["gradient_descent"], booth, found.centre + 2 * low, 400, lr=0.15)
    early, late = (observe_contraction(run.points[:steps], found, 0.15) for steps in (20, 401))
    assert (early.curvature, early.other_start, early.slowest) == (found.low, Component.ROUNDING, False)
    assert early.measured == pytest.approx(1 - 0.15 * 2, rel=1e-3)
    assert early.other == pytest.approx(0.15 * 18 - 1)
    assert (late.curvature, late.start) == (found.high, Component.ROUNDING)
    assert late.measured == pytest.approx(late.predicted, rel=1e-3)


def test_an_exact_axis_is_never_left():
    found = ravine()
    run = descend(OPTIMIZERS["gradient_descent"], RAVINE, np.array([2.0, 0.0]), 3000, lr=0.15)
    assert not run.points[:, 1].any()
    observed = observe_contraction(run.points, found, 0.15)
    assert (observed.other_start, observed.curvature, observed.other) == (Component.NONE, 1.0, pytest.approx(2.0))
    assert observed.measured == pytest.approx(0.85) == observed.predicted


def test_a_path_without_steps_to_measure_has_no_contraction():
    assert observe_contraction(np.zeros((50, 2)), ravine(), 0.1) is None
    assert observe_contraction(np.ones((3, 2)), ravine(), 0.1) is None
    assert observe_contraction(np.full((50, 2), np.nan), ravine(), 0.1) is None
    assert observe_contraction(np.empty((0, 2)), ravine(), 0.1) is None


def test_a_path_that_overflows_is_measured_until_then():
    descent = descend(OPTIMIZERS["gradient_descent"], RAVINE, np.array([1.1, 0.7]), 2000, lr=0.3)
    assert not np.isfinite(descent.values[-1])
    with np.errstate(all="raise", under="ignore"):
        assert observe_contraction(descent.points, ravine(), 0.3).measured == pytest.approx(5.0, rel=1e-9)


def test_rounding_is_not_measured():
    """Once a path is at its minimum but for the last digits, there is nothing more to read."""
    found, steps = quadratic(LANDSCAPES["booth"]), np.arange(400)[:, None]
    points = found.centre + 0.8**steps * found.directions[0] + 1e-15 * np.sin(steps)
    observed = observe_contraction(points, found, 0.1)
    assert observed.measured == pytest.approx(0.8, rel=1e-4)
    assert (observed.predicted, observed.other_start) == (pytest.approx(0.8), Component.ROUNDING)
