"""Optimizers in parallel run as they do alone, and the landscape is evaluated once a step for all of them."""

import re

import numpy as np
import pytest

from core.descent import Gaussian, descend, in_parallel
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS, SCHEDULES, iterate, with_schedule
from tests.optimizers.cases import SAMPLE_LANDSCAPES, START, Parabola, fed, gradients

RATES = np.geomspace(1e-4, 1, 9)
EVERY = in_parallel(OPTIMIZERS)
SIX = in_parallel([OPTIMIZERS[key] for key in ("gradient_descent", "momentum", "adagrad", "rmsprop", "adam", "lion")])


@pytest.mark.parametrize("landscape", SAMPLE_LANDSCAPES, ids=str)
def test_in_parallel_they_run_as_alone(landscape):
    own = {key: {"lr": RATES} for key in OPTIMIZERS} | {"momentum": {"lr": RATES / 10, "momentum": 0.5}}
    run = descend(EVERY, landscape, START, 60, **own)
    assert run.points.shape == (61, len(OPTIMIZERS), 9, 2)
    assert run.diverged_at.shape == (len(OPTIMIZERS), 9)
    for number, (key, optimizer) in enumerate(OPTIMIZERS.items()):
        alone = descend(optimizer, landscape, START, 60, **own[key])
        assert np.array_equal(run.points[:, number], alone.points, equal_nan=True)
        assert np.array_equal(run.values[:, number], alone.values, equal_nan=True)
        assert np.array_equal(run.gradients[:, number], alone.gradients, equal_nan=True)
        assert np.array_equal(run.diverged_at[number], alone.diverged_at)


def test_the_landscape_is_evaluated_once_a_step():
    parabola = Parabola(np.ones(2))
    descend(SIX, parabola, [1.0, 2.0], 50, **{key: {"lr": RATES} for key in SIX.optimizers})
    assert parabola.calls[0] == (2,)  # to see what shape its answer has
    assert parabola.calls[1:] == [(6, 9, 2)] * 51


def test_missing_parameters_take_the_defaults_of_each_optimizer():
    run = descend(SIX, LANDSCAPES["bowl"], [1.0, 1.0], 5)
    for number, optimizer in enumerate(SIX.optimizers.values()):
        assert np.array_equal(run.points[:, number], descend(optimizer, LANDSCAPES["bowl"], [1.0, 1.0], 5).points)


def test_each_may_have_a_start_a_noise_and_a_landscape_of_its_own():
    two = in_parallel([OPTIMIZERS["momentum"], OPTIMIZERS["adam"]])
    starts = np.array([[[1.0, 1.0]], [[-1.0, 2.0]]])
    conditions, scale = np.array([[3.0], [9.0]]), np.array([[0.0], [0.5]])
    own = {"momentum": {"lr": [0.01, 0.02]}, "adam": {"lr": [0.1, 0.2]}}
    ravine = LANDSCAPES["ravine"]
    run = descend(two, ravine.at(condition=conditions), starts, 20, noise=Gaussian(scale, 3), **own)
    assert run.points.shape == (21, 2, 2, 2)
    for number, (key, optimizer) in enumerate(two.optimizers.items()):
        alone = descend(
            optimizer,
            ravine.at(condition=conditions[number, 0]),
            starts[number, 0],
            20,
            noise=Gaussian(scale[number, 0], 3),
            **own[key],
        )
        np.testing.assert_allclose(run.points[:, number], alone.points, rtol=1e-13)


def test_many_starts_go_behind_the_axis_of_the_optimizers():
    starts = np.random.default_rng(0).normal(size=(1, 10, 2))
    run = descend(SIX, LANDSCAPES["bowl"], starts, 3)
    assert run.points.shape == (4, 6, 10, 2)
    own = {key: {"lr": RATES} for key in SIX.optimizers}
    run = descend(SIX, LANDSCAPES["bowl"], starts[:, :, None], 3, **own)
    assert run.points.shape == (4, 6, 10, 9, 2)


def test_starts_that_are_not_one_for_each_optimizer_are_refused():
    with pytest.raises(ValueError, match=r"^axis 0 must be the 6 optimizers or 1, got runs of shape \(10,\)"):
        descend(SIX, LANDSCAPES["bowl"], np.ones((10, 2)), 3)


def test_optimizers_by_names_of_a_mapping():
    slow, fast = OPTIMIZERS["adam"], with_schedule(OPTIMIZERS["adam"], SCHEDULES["cosine"], 10)
    run = descend(in_parallel({"plain": slow, "falling": fast}), LANDSCAPES["bowl"], [1.0, 1.0], 10,
                  plain={"lr": 0.1}, falling={"lr": 0.1, "floor": 0.5})  # fmt: skip
    assert np.array_equal(run.points[:, 0], descend(slow, LANDSCAPES["bowl"], [1.0, 1.0], 10, lr=0.1).points)
    assert np.array_equal(run.points[:, 1], descend(fast, LANDSCAPES["bowl"], [1.0, 1.0], 10, lr=0.1, floor=0.5).points)


def test_it_iterates_like_an_optimizer():
    start, sequence = np.ones((6, 3, 2)), gradients(4, (6, 3, 2))
    *_, (points, states) = iterate(SIX, start, lambda number, _: sequence[number], 4, adam={"lr": 0.1})
    for number, (key, one) in enumerate(SIX.optimizers.items()):
        own = {"lr": 0.1} if key == "adam" else {}
        assert np.array_equal(points[number], fed(one, start[number], sequence[:, number], **own)[-1])
    assert len(states) == 6


def test_keys_must_be_given_and_differ():
    adam = OPTIMIZERS["adam"]
    with pytest.raises(ValueError, match=r"^optimizers must have a key each, got adam, adam$"):
        in_parallel([adam, adam])
    with pytest.raises(ValueError, match=r"^optimizers must have a key each, got none$"):
        in_parallel([])


def test_parameters_are_a_mapping_for_each():
    with pytest.raises(TypeError, match=r"^in parallel has no optimizer 'nadam'; it has gradient_descent, momentum, "):
        descend(SIX, LANDSCAPES["bowl"], START, 3, nadam={"lr": 0.1})
    with pytest.raises(TypeError, match=r"^adam must be a mapping of its parameters, got 0.1 \(in parallel\)$"):
        descend(SIX, LANDSCAPES["bowl"], START, 3, adam=0.1)
    with pytest.raises(TypeError, match=r"^adam has no parameter 'rho'; it takes lr, beta1, beta2, eps$"):
        descend(SIX, LANDSCAPES["bowl"], START, 3, adam={"rho": 0.1})
    with pytest.raises(ValueError, match=r"^lr must be finite, got nan \(adam\)$"):
        descend(SIX, LANDSCAPES["bowl"], START, 3, adam={"lr": np.nan})
    with pytest.raises(
        ValueError, match=re.escape("shapes must broadcast, got momentum (2,), adam (3,) (in parallel)")
    ):
        descend(SIX, LANDSCAPES["bowl"], START, 3, adam={"lr": [0.1] * 3}, momentum={"lr": [0.1] * 2})
