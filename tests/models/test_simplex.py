"""What a loss asks for under true probabilities of three classes: against a search, and against published numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import rel_entr, xlogy

from core.losses import LOSSES, losses_of
from core.losses.link import SOFTMAX
from core.models import simplex
from core.models.simplex import Asks, LossMinimum
from tests.losses.cases import settings

CLASS_LOSSES = {key: loss for key, loss in losses_of("multi-class").items() if not loss.soft_targets}
CASES = [(key, params) for key, loss in CLASS_LOSSES.items() for params in settings(loss)]
P = simplex.interior()
TRUE = np.array([[0.6, 0.3, 0.1]])
PROPER = [
    ("categorical_cross_entropy", {"label_smoothing": 0.0}),
    ("multiclass_brier", {}),
    ("multiclass_focal", {"gamma": 0.0}),
    ("one_vs_rest_cross_entropy", {}),
]


def minimum(key, p=P, **params):
    return LossMinimum(LOSSES[key], p, **{name: np.full(len(p), value) for name, value in params.items()})


def expected(key, z, p, params):
    """The expected loss of scores [..., 3] under probabilities p [3], label by label."""
    return sum(p[label] * LOSSES[key].value(z, np.full(z.shape[:-1], label), **params) for label in range(3))


def test_the_grid_inside_the_triangle():
    assert len(P) == 210
    assert P.min() == pytest.approx(1 / 22)
    np.testing.assert_allclose(P.sum(axis=-1), 1, rtol=1e-15)
    assert len(np.unique(P, axis=0)) == len(P)


def test_the_corners_and_the_middle_have_their_places():
    x, y = simplex.place(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1 / 3] * 3]))
    np.testing.assert_allclose(x, [0.5, 1, 0, 0.5])
    np.testing.assert_allclose(y * simplex.HEIGHT, np.sqrt(3) / 2 * np.array([1, 0, 0, 1 / 3]))


def test_the_points_of_the_map_are_where_their_probabilities_are():
    x, y, inside, q = simplex.grid(24)
    assert inside.sum() == len(q) == (24 + 1) ** 2
    assert np.abs(q.sum(axis=-1) - 1).max() < 1e-12
    assert q.min() == 0
    across, up = np.meshgrid(x, y)
    np.testing.assert_allclose(simplex.place(q), [across[inside], up[inside]], atol=1e-12)


def test_every_pair_of_a_share_and_a_share_of_the_rest_is_a_distribution():
    first, share = np.meshgrid(np.linspace(0, 1, 11), np.linspace(0, 1, 11))
    p = simplex.probabilities(first, share)
    assert p.min() == 0
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-15)
    np.testing.assert_allclose(simplex.probabilities(0.6, 0.75), TRUE[0])


@pytest.mark.parametrize(("key", "params"), CASES)
def test_no_prediction_costs_less_than_the_one_that_is_asked_for(key, params):
    """On the whole grid of a map, and near it, for every p of the grid inside the triangle."""
    found = minimum(key, **params)
    *_, q = simplex.grid(24)
    assert (found.over(q) >= found.least[:, None] - 1e-12).all()
    steps = np.random.default_rng(0).normal(size=(200, 1, 3)) * np.geomspace(1e-4, 3, 200)[:, None, None]
    costs = simplex.costs(LOSSES[key], found.best + steps, **found.params)
    assert ((found.p * costs).sum(axis=-1) >= found.least - 1e-12).all()


@pytest.mark.parametrize(("key", "params"), [(key, params) for key, params in CASES if LOSSES[key].link is SOFTMAX])
def test_a_minimiser_of_another_library_finds_the_same(key, params):
    found = minimum(key, TRUE, **params)
    start = np.log(TRUE[0])  # a loss that is not convex has other flat places
    other = minimize(lambda z: float(expected(key, z, TRUE[0], params)), start, method="Nelder-Mead",
                     options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 4000})  # fmt: skip
    assert found.least[0] <= other.fun + 1e-12
    tolerance = 1e-4 if found.asked.max() < 0.99 else 1e-2  # towards a corner it is flat
    np.testing.assert_allclose(SOFTMAX.probabilities(other.x), found.asked[0], atol=tolerance)


@pytest.mark.parametrize(("key", "params"), CASES)
def test_a_loss_is_proper_exactly_where_p_itself_costs_least_for_every_p(key, params):
    """Against every other prediction of the grid, and against the one that is asked for."""
    loss, found = LOSSES[key], minimum(key, **params)
    costs = np.stack([expected(key, simplex.scores(loss, P), p, params) for p in P])  # [p, prediction]
    own = np.diag(costs)
    others = np.where(np.eye(len(P), dtype=bool), np.inf, costs)
    best = np.minimum(others.min(axis=-1), np.where(found.off(found.asked) > 1e-6, found.least, np.inf))
    assert simplex.is_proper(loss, **params).item() == (own < best).all() == ((key, params) in PROPER)


@pytest.mark.parametrize(("key", "params"), PROPER)
def test_a_proper_loss_asks_for_exactly_p(key, params):
    found = minimum(key, **params)
    np.testing.assert_allclose(found.asked, P, atol=1e-14)
    assert (found.asks == Asks.PROPER).all()
    assert found.off(found.asked).max() < 1e-11


@pytest.mark.parametrize(
    ("key", "params", "q"),
    [
        ("multiclass_focal", {"gamma": 2.0}, (0.489, 0.353, 0.158)),
        ("multiclass_focal", {"gamma": 1.0}, (0.533, 0.341, 0.126)),
        ("generalized_cross_entropy", {"s": 0.7}, (0.908, 0.090, 0.002)),
    ],
)
def test_published_minimisers(key, params, q):
    found = minimum(key, TRUE, **params)
    np.testing.assert_allclose(found.asked[0], q, atol=6e-4)
    assert found.asks[0] == Asks.OTHER


@pytest.mark.parametrize("smoothing", [0.01, 0.1, 0.5])
def test_smoothing_asks_for_the_smoothed_target_and_its_least_value_is_the_entropy_of_it(smoothing):
    found = minimum("categorical_cross_entropy", label_smoothing=smoothing)
    smoothed = (1 - smoothing) * P + smoothing / 3
    np.testing.assert_allclose(found.asked, smoothed, rtol=1e-13)
    np.testing.assert_allclose(found.least, -xlogy(smoothed, smoothed).sum(axis=-1), rtol=1e-13)
    one_label = minimum("categorical_cross_entropy", np.eye(3), label_smoothing=smoothing)
    gap = np.ptp(one_label.best, axis=-1)
    np.testing.assert_allclose(gap, np.log(1 + 3 * (1 - smoothing) / smoothing))
    middle = minimum("categorical_cross_entropy", np.full((1, 3), 1 / 3), label_smoothing=smoothing)
    assert middle.asks[0] == Asks.EXACT  # there, but not everywhere


def test_the_least_cross_entropy_above_its_entropy_is_kl():
    found, q = minimum("categorical_cross_entropy", label_smoothing=0.0), P[::-1]
    costs = (P * simplex.costs(found.loss, np.log(q), label_smoothing=np.zeros(len(P)))).sum(axis=-1)
    np.testing.assert_allclose(costs - found.least, rel_entr(P, q).sum(axis=-1), atol=1e-14)


def test_the_absolute_error_of_the_probability_asks_for_the_most_likely_class():
    found = minimum("generalized_cross_entropy", s=1.0)
    q = SOFTMAX.probabilities(np.random.default_rng(1).normal(size=(7, 3)))
    absolute = np.abs(q[:, None] - np.eye(3)).sum(axis=-1) / 2
    np.testing.assert_allclose(simplex.costs(found.loss, np.log(q), s=np.ones(7)), absolute)
    np.testing.assert_array_equal(found.asked.argmax(axis=-1), P.argmax(axis=-1))
    first, second = np.sort(P, axis=-1).T[:0:-1]
    np.testing.assert_array_equal(found.asks == Asks.MIX, np.isclose(first, second))
    assert set(found.asks) == {Asks.MIX, Asks.CORNER}


def test_where_several_classes_are_the_most_likely_the_absolute_error_of_every_mix_is_the_same():
    p = np.array([[0.4, 0.4, 0.2]])
    q = simplex.probabilities(np.linspace(0, 1, 9), 1.0)
    np.testing.assert_allclose(q @ p[0], minimum("generalized_cross_entropy", p, s=1.0).asked[0] @ p[0])


def test_crammer_singer_asks_for_a_lead_of_1_or_for_a_tie():
    found = minimum("crammer_singer_hinge")
    half = P.max(axis=-1) > 0.5
    np.testing.assert_array_equal(found.asks, np.where(half, Asks.LEAD, Asks.TIE))
    np.testing.assert_allclose(found.asked[~half], 1 / 3)
    np.testing.assert_allclose(np.ptp(found.best, axis=-1), half)
    np.testing.assert_allclose(found.least, np.where(half, 2 * (1 - P.max(axis=-1)), 1))


@pytest.mark.parametrize("s", [0.2, 0.5, 0.7])
def test_a_temperature_gives_back_what_gce_sharpens(s):
    found = minimum("generalized_cross_entropy", s=s)
    np.testing.assert_allclose(simplex.cooled(found.best, np.full(len(P), 1 / (1 - s))), P, rtol=1e-12)


@pytest.mark.parametrize("temperature", [0.1, 3.0])
@pytest.mark.parametrize("key", ["categorical_cross_entropy", "multiclass_focal", "generalized_cross_entropy"])
def test_a_temperature_keeps_the_first_class_and_in_training_only_scales_the_scores(key, temperature):
    params = LOSSES[key].starts
    found = minimum(key, **params)
    q = simplex.cooled(found.best, np.full(len(P), temperature))
    clear = np.diff(np.sort(P, axis=-1))[:, -1] > 1e-9
    np.testing.assert_array_equal(q.argmax(axis=-1)[clear], found.asked.argmax(axis=-1)[clear])
    steps = np.random.default_rng(2).normal(size=(50, 1, 3))
    z = (temperature * found.best + steps) / temperature  # what the loss sees
    costs = (P * simplex.costs(found.loss, z, **found.params)).sum(axis=-1)
    assert (costs >= found.least - 1e-12).all()


@pytest.mark.parametrize(("key", "params"), CASES)
def test_each_run_has_its_own_probabilities_and_parameters(key, params):
    """A batch gives what each of its runs gives alone."""
    p, q = P[::40], P[::55]
    many = {name: np.linspace(value, LOSSES[key].starts[name], len(p)) for name, value in params.items()}
    batch = LossMinimum(LOSSES[key], p, **many)
    for number in range(len(p)):
        own = {name: values[number] for name, values in many.items()}
        one = minimum(key, p[number : number + 1], **own)
        np.testing.assert_allclose(batch.asked[number], one.asked[0], rtol=1e-10)
        np.testing.assert_allclose(batch.over(q)[number], one.over(q)[0], rtol=1e-12)
        near = (q + simplex.LEAST) / (1 + 3 * simplex.LEAST)
        np.testing.assert_allclose(one.over(q)[0], expected(key, simplex.scores(one.loss, near), p[number], own))
        assert batch.asks[number] == one.asks[0]


@pytest.mark.parametrize(("key", "params"), CASES)
def test_at_a_corner_everything_is_finite(key, params):
    found = minimum(key, np.eye(3), **params)
    for numbers in (found.best, found.asked, found.least, found.over(np.eye(3))):
        assert np.isfinite(numbers).all()
    np.testing.assert_array_equal(found.asked.argmax(axis=-1), [0, 1, 2])
