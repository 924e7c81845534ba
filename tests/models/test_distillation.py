"""The loss of distillation: its gradient against differences, its limit, and the textbook's softmax."""

from __future__ import annotations

import numpy as np
from scipy.special import rel_entr, softmax

from core.models.distillation import distillation_grad, distillation_loss, hot_limit, softened

STUDENT, TEACHER = np.random.default_rng(5).normal(scale=4, size=(2, 30, 5))


def test_the_loss_is_kl_of_the_softened_probabilities_times_the_square_of_the_temperature():
    for temperature in (0.5, 1.0, 4.0):
        p, q = (softmax(scores / temperature, axis=-1) for scores in (TEACHER, STUDENT))
        np.testing.assert_allclose(softened(TEACHER, temperature), p, rtol=1e-12)
        expected = temperature**2 * rel_entr(p, q).sum(axis=-1)
        np.testing.assert_allclose(distillation_loss(STUDENT, TEACHER, temperature), expected, rtol=1e-9)


def test_the_gradient_is_the_slope_of_the_loss():
    temperature = np.linspace(0.5, 8, 30)
    grad = distillation_grad(STUDENT, TEACHER, temperature)
    for k in range(5):
        step = 1e-3 * np.eye(5)[k]
        one, two = (
            distillation_loss(STUDENT + far * step, TEACHER, temperature)
            - distillation_loss(STUDENT - far * step, TEACHER, temperature)
            for far in (1, 2)
        )
        np.testing.assert_allclose(grad[:, k], (8 * one - two) / 12e-3, atol=1e-9)


def test_for_a_large_temperature_the_gradient_tends_to_the_difference_of_scores_over_their_number():
    for shift in (0.0, 3.0):  # a constant added to all scores changes nothing
        far = distillation_grad(STUDENT + shift, TEACHER, 1e5)
        np.testing.assert_allclose(far, hot_limit(STUDENT + shift, TEACHER), atol=1e-3)
    z, v = (scores - scores.mean(axis=-1, keepdims=True) for scores in (STUDENT, TEACHER))
    np.testing.assert_allclose(hot_limit(z, v), (z - v) / 5, atol=1e-12)
