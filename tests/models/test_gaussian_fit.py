"""One Gaussian fitted to two: values against SciPy's quadrature, gradients against differences, known minimisers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import rel_entr
from scipy.stats import norm

from core.models.gaussian_fit import FIT_STEPS, FITTED, Mixture, fit_gaussians, integrand

CASES = [(s, w, mean, sd) for s in (0.0, 2.5, 6.0) for w in (0.1, 0.5, 0.8) for mean, sd in ((0.3, 1.0), (-2.0, 2.5))]
PARTS = {
    "kl_divergence": rel_entr,
    "reverse_kl_divergence": lambda p, q: rel_entr(q, p),
    "jensen_shannon": lambda p, q: (rel_entr(p, (p + q) / 2) + rel_entr(q, (p + q) / 2)) / 2,
}


def density(separation: float, weight: float, x: np.ndarray) -> np.ndarray:
    return (1 - weight) * norm.pdf(x, -separation / 2) + weight * norm.pdf(x, separation / 2)


@pytest.mark.parametrize("key", FITTED)
@pytest.mark.parametrize(("separation", "weight", "mean", "sd"), CASES)
def test_a_divergence_is_its_integral(key, separation, weight, mean, sd):
    def part(x: float) -> float:
        return PARTS[key](density(separation, weight, x), norm.pdf(x, mean, sd))

    exact, _ = quad(part, -20, 20, limit=400, points=[-3, 0, 3], epsabs=1e-12)
    target, gaussian = Mixture(separation, weight), np.array([mean, np.log(sd)])
    assert FITTED[key][0](target, gaussian) == pytest.approx(exact, abs=5e-5)
    x = np.linspace(-7, 7, 29)
    np.testing.assert_allclose(integrand(key, target, gaussian, x), [part(one) for one in x], rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("key", FITTED)
def test_a_gradient_is_the_slope(key):
    separation, weight, mean, sd = np.array(CASES).T
    target, gaussian = Mixture(separation, weight), np.stack([mean, np.log(sd)], axis=-1)
    value, grad = FITTED[key]
    for part in range(2):
        step = 1e-3 * np.eye(2)[part]
        ahead, behind = (
            (value(target, gaussian + far * step) - value(target, gaussian - far * step)) for far in (1, 2)
        )
        np.testing.assert_allclose(grad(target, gaussian)[:, part], (8 * ahead - behind) / 12e-3, atol=1e-5)


def test_forward_kl_is_least_at_the_moments_of_the_target():
    separation, weight = np.array([(s, w) for s, w, _, _ in CASES]).T
    target = Mixture(separation, weight)
    x = np.linspace(-15, 15, 6001)
    p = density(separation[:, None], weight[:, None], x)
    mean = (p * x).sum(axis=-1) / p.sum(axis=-1)
    variance = (p * (x - mean[:, None]) ** 2).sum(axis=-1) / p.sum(axis=-1)
    np.testing.assert_allclose([target.mean, target.variance], [mean, variance], rtol=1e-9, atol=1e-9)
    best = np.stack([mean, np.log(variance) / 2], axis=-1)
    value, grad = FITTED["kl_divergence"]
    np.testing.assert_allclose(grad(target, best), 0, atol=1e-9)
    for away in ([0.1, 0], [-0.1, 0], [0, 0.1], [0, -0.1]):
        assert (value(target, best + away) > value(target, best)).all()


def test_every_divergence_of_the_same_gaussian_is_0_and_js_never_above_log_2():
    same = Mixture(0.0, 0.3)
    for value, grad in FITTED.values():
        assert value(same, np.zeros(2)) == pytest.approx(0, abs=1e-9)
        np.testing.assert_allclose(grad(same, np.zeros(2)), 0, atol=1e-8)
    far = FITTED["jensen_shannon"][0](same, np.array([[30.0, 0.0], [-100.0, 1.0]]))
    np.testing.assert_allclose(far, np.log(2), rtol=1e-9)


def test_adam_ends_at_a_minimum_of_each():
    separation, weight, start = np.array([(2.0, 0.5, 1.0), (4.0, 0.1, 1.0), (6.0, 0.5, 1.0), (6.0, 0.5, -1.0)]).T
    target = Mixture(separation, weight)
    found = fit_gaussians(target, start)
    assert found["kl_divergence"].shape == (FIT_STEPS + 1, 4, 2)
    for key, path in found.items():
        assert np.abs(FITTED[key][1](target, path[-1])).max() < 0.02, key
        values = FITTED[key][0](target, path[[0, -1]])
        assert (values[1] < values[0]).all()
    np.testing.assert_allclose(found["kl_divergence"][-1, :, 0], target.mean, atol=0.05)
    np.testing.assert_allclose(np.exp(2 * found["kl_divergence"][-1, :, 1]), target.variance, rtol=0.02)
    np.testing.assert_allclose(found["reverse_kl_divergence"][-1, 2:, 0], [3, -3], atol=0.05)  # it seeks the nearer


def test_the_share_outside_is_that_of_each_part():
    target = Mixture(np.array([0.0, 4.0]), np.array([0.5, 0.2]))
    found = target.outside(np.array([-2.0, 0.0]), np.array([2.0, 4.0]))
    np.testing.assert_allclose(found, [[2 * norm.cdf(-2)] * 2, [norm.cdf(2) + norm.sf(6), 2 * norm.cdf(-2)]])
