"""Steps are pure: nothing given is changed, nothing is remembered, nothing depends on the neighbours in a batch."""

import numpy as np
import pytest

from core.descent import descend, update_terms
from core.landscapes import LANDSCAPES
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import line_model
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from tests.optimizers.cases import SAMPLE_LANDSCAPES, SETTINGS, START, Parabola, ends, fed, gradients, name_of

EACH = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=str)


def arrays(state):
    return [field for field in state if isinstance(field, np.ndarray)]


def frozen(array):
    array = np.array(array, dtype=float)
    array.flags.writeable = False
    return array


@EACH
def test_arguments_are_unchanged(optimizer):
    x, state = frozen(np.ones((4, 2))), optimizer.init(frozen(np.ones((4, 2))))
    params = {name: frozen(np.full(4, value)) for name, value in optimizer.defaults.items()}
    for grad in gradients(3, (4, 2)):
        kept = [array.copy() for array in arrays(state)]
        for array in arrays(state):
            array.flags.writeable = False
        after, made = optimizer.step(x, frozen(grad), state, **params)
        assert all(np.array_equal(array, old) for array, old in zip(arrays(state), kept, strict=True))
        assert not np.shares_memory(after, x)
        x, state = frozen(after), made


@EACH
def test_the_same_call_gives_the_same_answer(optimizer):
    sequence = gradients(20)
    assert np.array_equal(fed(optimizer, np.ones(2), sequence), fed(optimizer, np.ones(2), sequence))


@EACH
def test_a_run_takes_read_only_arrays(optimizer):
    start, rates = frozen([START] * 3), frozen([0.001, 0.01, 0.1])
    run = descend(optimizer, LANDSCAPES["rosenbrock"], start, 10, lr=rates)
    again = descend(optimizer, LANDSCAPES["rosenbrock"], start, 10, lr=rates)
    assert np.array_equal(run.points, again.points, equal_nan=True)
    assert np.array_equal(start, [START] * 3)
    assert np.array_equal(rates, [0.001, 0.01, 0.1])


@pytest.mark.parametrize(("optimizer", "params"), SETTINGS, ids=name_of)
def test_descend_takes_the_steps_of_the_record(optimizer, params):
    run = descend(optimizer, SAMPLE_LANDSCAPES[1], START, 30, **params)
    with np.errstate(all="ignore"):
        points = fed(optimizer, np.array(START), run.gradients[:-1], **params)
    assert np.array_equal(points, run.points, equal_nan=True)


@EACH
@pytest.mark.parametrize("landscape", SAMPLE_LANDSCAPES, ids=str)
def test_a_batch_equals_a_loop_over_its_runs(optimizer, landscape):
    rates = np.geomspace(1e-4, 10, 7)
    starts = np.random.default_rng(2).uniform(-1, 1, size=(3, 1, 2))
    run = descend(optimizer, landscape, starts, 40, lr=rates)
    assert run.points.shape == run.gradients.shape == (41, 3, 7, 2)
    assert run.noisy_gradients.shape == (40, 3, 7, 2)
    assert run.values.shape == (41, 3, 7)
    assert run.diverged_at.shape == (3, 7)
    for at, index in np.ndindex(3, 7):
        alone = descend(optimizer, landscape, starts[at, 0], 40, lr=rates[index])
        for name in ("points", "values", "gradients", "diverged_at"):
            whole, part = getattr(run, name), getattr(alone, name)
            part_of_whole = whole[at, index] if name == "diverged_at" else whole[:, at, index]
            # Powers of an array and of a number may differ in the last digit, and a path that blows up makes it grow.
            fine = np.s_[: alone.diverged_at if alone.diverged_at >= 0 else None] if name != "diverged_at" else ...
            np.testing.assert_allclose(np.asarray(part_of_whole)[fine], np.asarray(part)[fine], rtol=1e-9, atol=1e-12)


@EACH
def test_every_parameter_may_be_an_array(optimizer):
    settings = ends(optimizer)
    params = {name: np.array([one[name] for one in settings]) for name in optimizer.defaults}
    sequence = gradients(12)
    batch = fed(optimizer, np.ones((3, 2)), np.repeat(sequence[:, None], 3, axis=1), **params)
    for index, one in enumerate(settings):
        with np.errstate(invalid="ignore", divide="ignore"):
            alone = fed(optimizer, np.ones(2), sequence, **one)
        np.testing.assert_allclose(batch[:, index], alone, rtol=1e-12, atol=1e-13)


@EACH
@pytest.mark.parametrize("dimension", [1, 3, 10])
def test_points_may_have_any_number_of_coordinates(optimizer, dimension):
    parabola = Parabola(np.linspace(1, 4, dimension))
    run = descend(optimizer, parabola, np.ones((5, dimension)), 15, lr=np.full(5, 0.01))
    assert run.points.shape == (16, 5, dimension)
    assert np.array_equal(run.values, parabola.value(run.points))
    assert np.array_equal(run.gradients, parabola.grad(run.points))
    assert (run.values[-1] < run.values[0]).all()
    # Rules work in every coordinate by itself.
    one = descend(optimizer, Parabola(parabola.curvature[-1:]), [1.0], 15, lr=0.01)
    np.testing.assert_allclose(run.points[:, 0, -1], one.points[:, 0], rtol=1e-13)


@pytest.mark.parametrize(
    "landscape", [*LANDSCAPES.values(), fitted_landscape(line_model("tips"), LOSSES["huber"])], ids=str
)
def test_what_is_recorded_is_the_landscape_at_the_points(landscape):
    low, high = np.array(landscape.window).T
    starts = np.random.default_rng(0).uniform(low, high, size=(6, 2))
    run = descend(OPTIMIZERS["adam"], landscape, starts, 12, lr=0.05)
    assert np.array_equal(run.points[0], starts)
    np.testing.assert_allclose(run.values, landscape.value(run.points), rtol=1e-13)
    np.testing.assert_allclose(run.gradients, landscape.grad(run.points), rtol=1e-13, atol=1e-13)
    assert np.array_equal(run.noisy_gradients, run.gradients[:-1])
    assert run.steps == 12
    assert run.evaluations.gradients.tolist() == list(range(13))
    assert not run.evaluations.values.any()
    assert run.evaluations.total.tolist() == list(range(13))


def test_parameters_of_the_landscape_can_differ_by_run():
    ravine, conditions = LANDSCAPES["ravine"], np.array([1.0, 5.0, 25.0])
    run = descend(OPTIMIZERS["momentum"], ravine.at(condition=conditions), [1.0, 1.0], 20, lr=[[0.01], [0.03]])
    assert run.points.shape == (21, 2, 3, 2)
    for rate, condition in np.ndindex(2, 3):
        alone = descend(
            OPTIMIZERS["momentum"], ravine.at(condition=conditions[condition]), [1.0, 1.0], 20, lr=[0.01, 0.03][rate]
        )
        np.testing.assert_allclose(run.points[:, rate, condition], alone.points, rtol=1e-13)
        np.testing.assert_allclose(run.values[:, rate, condition], alone.values, rtol=1e-13)


@EACH
def test_no_steps_at_all_leave_the_start(optimizer):
    run = descend(optimizer, LANDSCAPES["bowl"], [1.0, 2.0], 0)
    assert run.points.tolist() == [[1.0, 2.0]]
    assert run.values.tolist() == [5.0]
    assert run.gradients.tolist() == [[2.0, 4.0]]
    assert run.noisy_gradients.shape == (0, 2)
    assert run.diverged_at == -1


def test_an_empty_batch():
    run = descend(OPTIMIZERS["adam"], LANDSCAPES["bowl"], np.empty((0, 2)), 3)
    assert run.points.shape == (4, 0, 2)
    assert run.diverged_at.shape == (0,)


@EACH
def test_update_terms_are_those_of_each_step(optimizer):
    run = descend(optimizer, SAMPLE_LANDSCAPES[0], START, 8, lr=0.001)
    parts = update_terms(optimizer, run.points, run.noisy_gradients, lr=0.001)
    assert list(parts) == ["g", *optimizer.symbols.values(), r"\Delta x"]
    assert all(part.shape == (8, 2) for part in parts.values())
    assert np.array_equal(parts["g"], run.gradients[:-1])
    np.testing.assert_allclose(parts[r"\Delta x"], np.diff(run.points, axis=0), rtol=1e-12, atol=1e-15)


def test_update_terms_of_some_of_the_runs():
    adam, rates = OPTIMIZERS["adam"], np.array([0.01, 0.1])
    run = descend(adam, SAMPLE_LANDSCAPES[0], START, 5, lr=rates)
    whole = update_terms(adam, run.points, run.noisy_gradients, lr=rates)
    part = update_terms(adam, run.points[:, 1], run.noisy_gradients[:, 1], lr=0.1)
    for name in whole:
        np.testing.assert_allclose(whole[name][:, 1], part[name], rtol=1e-13)
    assert update_terms(adam, run.points[:1], run.noisy_gradients[:0]) == {}
