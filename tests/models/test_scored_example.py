"""One example of several classes: its probabilities, what a loss says of them, and the softmax that overflows."""

import math

import numpy as np
import pytest

from core.losses import LOSSES, losses_of
from core.models.scored_example import ScoredExample, bits, perplexity, smoothed

CROSS_ENTROPY, ONE_VS_REST = LOSSES["categorical_cross_entropy"], LOSSES["one_vs_rest_cross_entropy"]
SMOOTH = [key for key in losses_of("multi-class") if key not in ("reverse_kl_divergence", "crammer_singer_hinge")]


def example(scores, right, temperature=1.0):
    scores = np.array(scores, dtype=float)
    return ScoredExample(
        scores, np.broadcast_to(np.array(right, float), scores.shape), np.full(scores.shape[:-1], temperature)
    )


def test_the_surprise_of_a_probability_of_nine_tenths_and_of_one_tenth():
    one = example([math.log(18), 0, 0], [1, 0, 0])
    assert one.softmax[0] == pytest.approx(0.9)
    assert one.cross_entropy == pytest.approx(-math.log(0.9)) == pytest.approx(0.105, abs=5e-4)
    assert (
        example([0, math.log(9)], [1, 0]).cross_entropy
        == pytest.approx(math.log(10))
        == pytest.approx(2.3026, abs=1e-4)
    )


def test_equal_scores_have_as_many_bits_and_as_much_perplexity_as_there_are_classes():
    for classes in (2, 3, 8):
        nats = example(np.zeros(classes), np.eye(classes)[0]).cross_entropy
        assert bits(nats) == pytest.approx(math.log2(classes))
        assert perplexity(nats) == pytest.approx(classes)
    assert perplexity(np.array(1e4)) == np.inf


@pytest.mark.parametrize("temperature", [0.1, 1.0, 10.0])
def test_the_gradient_of_cross_entropy_is_softmax_less_target_divided_by_the_temperature(temperature):
    z = np.random.default_rng(1).normal(size=(50, 4)) * 3
    one = example(z, [0.6, 0.3, 0.1, 0], temperature)
    powers = np.exp(z / temperature)
    by_hand = (powers / powers.sum(axis=-1, keepdims=True) - [0.6, 0.3, 0.1, 0]) / temperature
    np.testing.assert_allclose(one.grad(CROSS_ENTROPY), by_hand, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("key", SMOOTH)
def test_a_gradient_is_the_slope_in_each_score_at_any_temperature(key):
    z, h = np.array([0.5, -0.2, 1.1]), 1e-6
    for right in ([1, 0, 0], [1, 1, 0], [0.6, 0.3, 0.1]):
        grad = example(z, right, 0.7).grad(LOSSES[key])
        ends = [example(z + sign * h * np.eye(3), right, 0.7).value(LOSSES[key]) for sign in (1, -1)]
        np.testing.assert_allclose(grad, (ends[0] - ends[1]) / (2 * h), rtol=1e-5, atol=1e-8)


def test_a_step_goes_against_the_gradient():
    one = example([[0.0, 1.0, 2.0]], [1, 0, 0], 2.0)
    after = one.after_step(CROSS_ENTROPY, np.array([3.0]))
    np.testing.assert_allclose(after.scores, one.scores - 3 * one.grad(CROSS_ENTROPY))
    assert after.cross_entropy < one.cross_entropy


def test_an_infinite_gradient_takes_scores_far_away_and_leaves_numbers():
    one = example([[0.0, 1.0, 2.0]], [1, 0, 0])
    loss = LOSSES["reverse_kl_divergence"]
    assert np.isinf(one.grad(loss)).any()
    after = one.after_step(loss, np.array([1.0]))
    np.testing.assert_allclose(after.softmax, [[1, 0, 0]])


def test_two_right_answers_share_a_softmax_and_not_sigmoids():
    one = example([30.0, 30.0, -30.0], [1, 1, 0])
    np.testing.assert_allclose(one.softmax, [0.5, 0.5, 0], atol=1e-12)
    assert one.value(CROSS_ENTROPY) == pytest.approx(one.entropy) == pytest.approx(math.log(2))
    assert one.value(ONE_VS_REST) == pytest.approx(0, abs=1e-12)  # a label of its own for each class
    binary = LOSSES["binary_cross_entropy"]
    other = example([0.3, -1.0, 2.0], [1, 1, 0])
    assert other.value(ONE_VS_REST) == pytest.approx(binary.value(other.scores, [1, 1, 0]).sum())
    np.testing.assert_allclose(other.grad(ONE_VS_REST), binary.grad(other.scores, [1, 1, 0]))


def test_smoothing_the_target_is_smoothing_the_loss():
    z = np.array([[0.3, -1.0, 2.0], [5.0, 1.0, 0.0]])
    right = smoothed(np.eye(3)[[2, 2]], np.array([0.1, 0.5]))
    np.testing.assert_allclose(right[0], [0.1 / 3, 0.1 / 3, 0.9 + 0.1 / 3])
    one = ScoredExample(z, right, np.ones(2))
    expected = CROSS_ENTROPY.value(z, [2, 2], label_smoothing=np.array([0.1, 0.5]))
    np.testing.assert_allclose(one.value(CROSS_ENTROPY), expected)
    assert smoothed(np.array([[1.0, 1.0, 0.0]]), np.array([0.5])).sum() == pytest.approx(2)


def test_the_softmax_as_written_overflows_in_float32_and_the_stable_one_does_not():
    one = example([[1000.0, 0.0, 0.0], [60.0, 0.0, 0.0], [-1000.0, -1000.0, -1001.0]], [1, 0, 0])
    assert one.naive_softmax.dtype == np.float32
    assert np.isnan(one.naive_softmax[0, 0])
    assert np.isnan(one.naive_cross_entropy[[0, 2]]).all()
    np.testing.assert_allclose(one.naive_softmax[1], one.softmax[1], atol=1e-6)
    np.testing.assert_allclose(one.softmax[[0, 2], 0], [1, 1 / (2 + math.exp(-1))])
    far = example([[0.0, 200.0]], [1, 0], 1.0)
    assert (far.cross_entropy, example([[0.0, 80.0]], [1, 0], 0.5).cross_entropy) == (200, 160)
    underflow = example([[-60.0, 60.0]], [1, 0])
    assert underflow.naive_cross_entropy == np.inf
    assert underflow.cross_entropy == pytest.approx(120)
