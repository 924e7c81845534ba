"""Losses of several classes: identities, what each asks for, values of other libraries, and scores of every size."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, softmax, xlogy

from core.losses import LOSSES, losses_of
from core.losses.link import SIGMOIDS, SOFTMAX
from tests.losses.cases import settings

REFERENCE = json.loads((Path(__file__).parent.parent / "reference" / "multi_class.json").read_text())
FAMILY = losses_of("multi-class")
RANDOM = np.random.default_rng(17)
Z = RANDOM.normal(0, 3, (200, 4))
LABELS = RANDOM.integers(0, 4, 200)
SHARES = RANDOM.dirichlet(np.ones(4), 200)
INNER = RANDOM.dirichlet(np.full(3, 2.0), 200).clip(0.01)
INNER /= INNER.sum(axis=1, keepdims=True)  # true probabilities of three classes
SIZES = np.array([0.0, 1e-8, 1.0, 40.0, 745.0, 1e4])


def entropy(p):
    return -xlogy(p, p).sum(axis=-1)


@pytest.mark.parametrize("block", REFERENCE, ids=lambda block: f"{block['key']}-{block['library']}-{block['batch']}")
def test_other_libraries_on_whole_batches(block):
    loss, pred, target = LOSSES[block["key"]], np.array(block["pred"]), np.array(block["target"])
    np.testing.assert_allclose(loss.value(pred, target, **block["params"]), block["value"], rtol=1e-10, atol=1e-13)
    if "grad" in block:
        grad = loss.grad(pred, target, **block["params"]) / len(pred)
        np.testing.assert_allclose(grad, block["grad"], rtol=1e-9, atol=1e-13)


def test_every_loss_has_reference_values_of_labels_and_of_probabilities():
    found = {(block["key"], np.ndim(block["target"])) for block in REFERENCE}
    assert set(FAMILY) <= {key for key, axes in found if axes == 2}
    assert {key for key in FAMILY if np.isfinite(LOSSES[key].value([0.0, 1.0], 0))} <= {
        key for key, axes in found if axes == 1
    }


@pytest.mark.parametrize("loss", FAMILY.values(), ids=str)
def test_a_label_is_the_probability_1_of_its_class(loss):
    for params in settings(loss):
        for f in (loss.value, loss.grad):
            np.testing.assert_array_equal(f(Z, LABELS, **params), f(Z, np.eye(4)[LABELS], **params))


@pytest.mark.parametrize("loss", [loss for loss in FAMILY.values() if loss.link is SOFTMAX], ids=str)
def test_a_shift_of_all_scores_changes_nothing_and_the_gradient_sums_to_0(loss):
    for params in settings(loss):
        np.testing.assert_allclose(loss.value(Z + 5, SHARES, **params), loss.value(Z, SHARES, **params), rtol=1e-12)
        np.testing.assert_allclose(loss.grad(Z, SHARES, **params).sum(axis=-1), 0, atol=1e-14)


@pytest.mark.parametrize("temperature", [0.1, 1.0, 10.0])
def test_cross_entropy_of_a_temperature(temperature):
    """The gradient in the scores is (softmax(z/T) - y)/T."""
    loss = LOSSES["categorical_cross_entropy"]
    expected = (softmax(Z / temperature, axis=-1) - np.eye(4)[LABELS]) / temperature
    np.testing.assert_allclose(loss.grad(Z / temperature, LABELS) / temperature, expected, atol=1e-13)


def test_cross_entropy_is_entropy_plus_kl():
    cross, kl = (LOSSES[key].value(Z, SHARES) for key in ("categorical_cross_entropy", "kl_divergence"))
    np.testing.assert_allclose(cross, entropy(SHARES) + kl, rtol=1e-13)
    np.testing.assert_allclose(
        LOSSES["kl_divergence"].grad(Z, SHARES), LOSSES["categorical_cross_entropy"].grad(Z, SHARES), atol=1e-15
    )


@pytest.mark.parametrize("key", ["kl_divergence", "reverse_kl_divergence", "jensen_shannon", "multiclass_brier"])
def test_a_divergence_is_0_only_where_both_are_alike(key):
    """Near there it keeps its digits: with d = log q - log t it is the sum of t d^2/2 but for the cube of d."""
    loss, z = LOSSES[key], np.log(SHARES)
    assert (loss.value(z, SHARES) < 1e-30).all()
    assert (loss.value(Z, SHARES) > 1e-4).all()
    tiny = 1e-7 * RANDOM.normal(size=z.shape)
    d = tiny - (SHARES * tiny).sum(axis=-1, keepdims=True)
    second = {"jensen_shannon": (SHARES * d**2).sum(axis=-1) / 8, "multiclass_brier": (SHARES**2 * d**2).sum(axis=-1)}
    expected = second.get(key, (SHARES * d**2).sum(axis=-1) / 2)
    np.testing.assert_allclose(loss.value(z + tiny, SHARES), expected, rtol=1e-5)


def test_jensen_shannon_is_symmetric_and_at_most_log_2():
    loss = LOSSES["jensen_shannon"]
    np.testing.assert_allclose(
        loss.value(np.log(SHARES), softmax(Z, axis=-1)), loss.value(Z, SHARES), rtol=1e-9, atol=1e-16
    )
    assert (loss.value(np.concatenate([Z, 100 * Z]), np.concatenate([SHARES, np.eye(4)[LABELS]])) <= np.log(2)).all()
    assert loss.value([1e4, 0.0], 1) == pytest.approx(np.log(2), rel=1e-15)


def test_reverse_kl_is_infinite_where_the_target_is_0():
    loss = LOSSES["reverse_kl_divergence"]
    assert loss.value([0.0, 1.0, 2.0], 1) == np.inf
    assert loss.grad([0.0, 1.0, 2.0], [0.5, 0.5, 0.0]).tolist() == [-np.inf, -np.inf, np.inf]
    assert loss.value([0.0, 1e4], 1) == 0  # all of the softmax is where the target is
    assert loss.grad([0.0, 1e4], 1).tolist() == [0, 0]
    assert LOSSES["kl_divergence"].value([0.0, -1e4], [0.5, 0.5]) == pytest.approx(5000 - np.log(2))


def test_softmax_of_two_classes_is_the_sigmoid_of_the_difference():
    z = Z[:, :2]
    np.testing.assert_allclose(SOFTMAX.probabilities(z)[:, 1], expit(z[:, 1] - z[:, 0]), rtol=1e-13)
    for several, binary, times in (("multiclass_brier", "brier", 2), ("categorical_cross_entropy",) * 2 + (1,)):
        other = LOSSES["binary_cross_entropy" if several == binary else binary]
        expected = times * other.value(z[:, 1] - z[:, 0], LABELS % 2)
        np.testing.assert_allclose(LOSSES[several].value(z, LABELS % 2), expected, rtol=1e-12)


@pytest.mark.parametrize("link", [SOFTMAX, SIGMOIDS], ids=lambda link: link.name)
def test_scores_lead_back_to_their_probabilities(link):
    np.testing.assert_allclose(link.probabilities(link.scores(SHARES)), SHARES, rtol=1e-12)
    assert np.isfinite(link.scores(np.eye(3))).all()


def test_ends_of_the_parameters():
    """Focal at 0 is cross-entropy; GCE is too as s goes to 0, and at 1 half the absolute error of the probabilities."""
    cross = LOSSES["categorical_cross_entropy"].value(Z, LABELS)
    np.testing.assert_allclose(LOSSES["multiclass_focal"].value(Z, LABELS, gamma=0), cross, rtol=1e-13)
    gce = LOSSES["generalized_cross_entropy"]
    np.testing.assert_allclose(gce.value(Z, LABELS, s=1e-9), cross, rtol=1e-7)
    error = np.abs(softmax(Z, axis=-1) - np.eye(4)[LABELS]).sum(axis=-1)
    np.testing.assert_allclose(gce.value(Z, LABELS, s=1), error / 2, rtol=1e-12)


@pytest.mark.parametrize("smoothing", [0.05, 0.1, 0.5])
@pytest.mark.parametrize("count", [2, 3, 10])
def test_what_smoothing_asks_for(smoothing, count):
    """Its least value is the entropy of the smoothed label; the true score leads by log(1 + K(1 - e)/e)."""
    loss = LOSSES["categorical_cross_entropy"]
    label = np.eye(count)[0]
    best = loss.estimates.best(label, label_smoothing=smoothing)
    smoothed = (1 - smoothing) * label + smoothing / count
    assert loss.value(best, 0, label_smoothing=smoothing) == pytest.approx(entropy(smoothed), rel=1e-13)
    assert best[0] - best[1] == pytest.approx(np.log(1 + count * (1 - smoothing) / smoothing), rel=1e-13)
    assert np.abs(loss.grad(best, 0, label_smoothing=smoothing)).max() < 1e-15


@pytest.mark.parametrize(
    ("key", "params", "asked"),
    [
        ("multiclass_focal", {"gamma": 2.0}, (0.489, 0.353, 0.158)),
        ("multiclass_focal", {"gamma": 1.0}, (0.533, 0.341, 0.126)),
        ("generalized_cross_entropy", {"s": 0.7}, (0.908, 0.090, 0.002)),
        ("generalized_cross_entropy", {"s": 1.0}, (1, 0, 0)),
        ("multiclass_brier", {}, (0.6, 0.3, 0.1)),
        ("categorical_cross_entropy", {"label_smoothing": 0.3}, (0.52, 0.31, 0.17)),
    ],
)
def test_published_minimisers(key, params, asked):
    loss = LOSSES[key]
    best = loss.link.probabilities(loss.estimates.best(np.array([0.6, 0.3, 0.1]), **params))
    np.testing.assert_allclose(best, asked, atol=6e-4)


def searched(loss, shares, params):
    """The prediction that a minimiser finds to cost least on labels drawn from the shares, from two starts."""

    def cost(z):
        return loss.value(np.tile(z, (3, 1)), np.arange(3), **params) @ shares

    def slope(z):
        return loss.grad(np.tile(z, (3, 1)), np.arange(3), **params).T @ shares

    starts = [np.zeros(3), loss.link.scores(shares)]
    found = min((minimize(cost, start, jac=slope, tol=1e-13) for start in starts), key=lambda one: one.fun)
    return loss.link.probabilities(found.x)


PROPER = ("categorical_cross_entropy", "kl_divergence", "multiclass_brier", "one_vs_rest_cross_entropy")
NOT_PROPER = (("categorical_cross_entropy", {"label_smoothing": 0.1}), ("multiclass_focal", {"gamma": 2.0}),
              ("generalized_cross_entropy", {"s": 0.5}), ("jensen_shannon", {}))  # fmt: skip


@pytest.mark.parametrize(("key", "params"), [*((key, {}) for key in PROPER), ("multiclass_focal", {"gamma": 0.0})])
def test_a_proper_loss_asks_for_the_probabilities_themselves(key, params):
    loss = LOSSES[key]
    for shares in INNER:
        asked = loss.link.probabilities(loss.estimates.best(shares, **(loss.defaults | params)))
        np.testing.assert_allclose(asked, shares, rtol=1e-9)
    for shares in INNER[:40]:
        np.testing.assert_allclose(searched(loss, shares, params), shares, atol=1e-5)


@pytest.mark.parametrize(("key", "params"), NOT_PROPER)
def test_the_others_ask_for_something_else(key, params):
    loss = LOSSES[key]
    for shares in INNER[:40]:
        asked = searched(loss, shares, params)
        if np.ptp(shares) > 0.1:
            assert np.abs(asked - shares).max() > 5e-3
        if loss.estimates.of_labels:
            best = loss.link.probabilities(loss.estimates.best(shares, **(loss.defaults | params)))
            np.testing.assert_allclose(asked, best, atol=2e-5)


def test_where_no_class_has_a_half_the_best_scores_of_a_hinge_name_none():
    loss = LOSSES["crammer_singer_hinge"]
    grid = np.stack(np.meshgrid(*[np.linspace(-3, 3, 25)] * 2, [0.0]), axis=-1).reshape(-1, 3)
    costs = loss.value(grid[:, None], np.arange(3))
    for shares in INNER:
        best = loss.estimates.best(shares)
        assert loss.value(np.tile(best, (3, 1)), np.arange(3)) @ shares <= (costs @ shares).min() + 1e-12
        assert np.ptp(best) == (1 if shares.max() > 0.5 else 0)


def test_a_distilled_gradient_of_a_high_temperature_compares_the_scores():
    """T^2 times the gradient of KL(softmax(v/T), softmax(z/T)) tends to (z - v)/K where the scores have mean 0."""
    z, v = (one - one.mean(axis=-1, keepdims=True) for one in (Z, RANDOM.normal(0, 2, Z.shape)))
    temperature = 1e4
    grad = LOSSES["kl_divergence"].grad(z / temperature, softmax(v / temperature, axis=-1)) / temperature
    np.testing.assert_allclose(grad * temperature**2, (z - v) / 4, atol=1e-3)


@pytest.mark.parametrize("loss", FAMILY.values(), ids=str)
def test_scores_of_every_size_with_probabilities(loss):
    """Finite, quiet, and within its bounds; a gradient of softmax terms is exact to the last digits."""
    ends = np.concatenate([-SIZES, SIZES])
    z = np.stack(np.meshgrid(ends, ends, [0.0]), axis=-1).reshape(-1, 3)
    targets = [np.array([0.2, 0.3, 0.5]), np.array([1 - 2e-9, 1e-9, 1e-9]), np.full(3, 1 / 3)]
    targets += [] if loss.key == "reverse_kl_divergence" else [np.array([0.5, 0.5, 0.0]), np.array([0.0, 0.0, 1.0])]
    with np.errstate(all="raise", under="ignore"):
        for target in targets:
            shares = np.broadcast_to(target, z.shape)
            for params in settings(loss):
                assert np.isfinite(loss.value(z, shares, **params)).all()
                assert (loss.value(z, shares, **params) >= -1e-15).all()
                assert np.isfinite(loss.grad(z, shares, **params)).all()
    sure = np.array([100.0, 0.0, 0.0])
    if loss.key not in ("reverse_kl_divergence", "crammer_singer_hinge", "one_vs_rest_cross_entropy"):
        plain = {param.name: param.neutral for param in loss.params if param.neutral is not None}
        assert 0 < loss.value(sure, 0, **plain) < 1e-40
        assert 0 > loss.grad(sure, 0, **plain)[0] > -1e-40


def test_a_sum_that_is_off_by_less_than_a_millionth_is_taken_as_it_is():
    """As it comes out of single precision: the gradient is that of the sum of t (-log q)."""
    target = np.array([[0.2, 0.3, 0.5000005]])
    z = Z[:1, :3]
    q = softmax(z, axis=-1)
    grad = LOSSES["categorical_cross_entropy"].grad(z, target)
    np.testing.assert_allclose(grad, q * target.sum() - target, rtol=1e-13)
    np.testing.assert_array_equal(LOSSES["kl_divergence"].grad(z, target), grad)


def test_one_vs_rest_takes_several_right_labels():
    """Then it is a binary cross-entropy for each class."""
    loss, binary = LOSSES["one_vs_rest_cross_entropy"], LOSSES["binary_cross_entropy"]
    right = np.array([[1, 1, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]])
    np.testing.assert_allclose(loss.value(Z[:3], right), binary.value(Z[:3], right).sum(axis=-1), rtol=1e-14)
    np.testing.assert_allclose(loss.grad(Z[:3], right), binary.grad(Z[:3], right), rtol=1e-14)
    with pytest.raises(ValueError, match="probabilities that sum to 1, got a sum of 2 at \\[0\\]"):
        LOSSES["multiclass_brier"].value(Z[:3], right)
