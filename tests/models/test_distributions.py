"""Divergences of discrete and of uniform distributions, against SciPy and against a fine grid."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy as scipy_entropy

from core.models.distributions import cross_entropy, entropy, js, kl, shares, uniform_divergences

P, Q = np.random.default_rng(3).dirichlet(np.full(4, 0.5), size=(2, 50))


def test_discrete_divergences_are_scipys():
    np.testing.assert_allclose(entropy(P), scipy_entropy(P, axis=-1), rtol=1e-12)
    np.testing.assert_allclose(kl(P, Q), scipy_entropy(P, Q, axis=-1), rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(js(P, Q), jensenshannon(P, Q, axis=-1) ** 2, rtol=1e-7, atol=1e-14)


def test_cross_entropy_is_entropy_plus_kl():
    np.testing.assert_allclose(cross_entropy(P, Q), entropy(P) + kl(P, Q), rtol=1e-12)


def test_js_is_at_most_log_2_and_kl_infinite_where_the_support_is_missed():
    apart, other = np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.1, 0.9])
    assert js(apart, other) == pytest.approx(np.log(2))
    assert (js(P, Q) < np.log(2)).all()
    assert kl(apart, other) == kl(other, apart) == cross_entropy(apart, other) == np.inf
    assert kl(apart, np.full(4, 0.25)) == pytest.approx(np.log(2))  # but not where p is 0


def test_shares_sum_to_1():
    np.testing.assert_allclose(shares(np.array([[1, 0, 3.0, 0], [0, 0, 0, 0]])), [[0.25, 0, 0.75, 0], [0.25] * 4])


@pytest.mark.parametrize(("position", "width"), [(0, 2), (0, 1), (0, 4), (1, 2), (-0.6, 1.5), (1.5, 3), (3, 1), (9, 2)])
def test_uniform_divergences_are_their_integrals(position, width):
    x, step = np.linspace(-12, 12, 240_000, endpoint=False, retstep=True)
    x = x + step / 2
    p = (np.abs(x) < 1) / 2
    q = (np.abs(x - position) < width / 2) / width
    found = uniform_divergences(2.0, position, width)
    expected = [kl(p, q) * step, kl(q, p) * step, js(p, q) * step]
    np.testing.assert_allclose(found[:3], expected, atol=1e-3)


def test_the_slope_of_js_is_its_derivative_and_0_without_overlap():
    position = np.array([-5.0, -2.7, -1.3, -0.2, 0.0, 0.9, 2.2, 2.6, 8.0])
    ahead, behind = (uniform_divergences(2.0, position + step, 3.0).js for step in (1e-6, -1e-6))
    slope = uniform_divergences(2.0, position, 3.0).slope
    np.testing.assert_allclose(slope, (ahead - behind) / 2e-6, atol=1e-8)
    assert (slope[[0, 1, -1]] == 0).all()
    assert (uniform_divergences(2.0, position[[0, 1, -1]], 3.0).js == np.log(2)).all()
