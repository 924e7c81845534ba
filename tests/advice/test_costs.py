"""What the experiments call a cost is the mean cost on new data."""

import numpy as np
import pytest
from scipy.special import logit

from core.advice import PREDICTIONS, boxes, classes, count, labels, masks, mistakes, number, two_classes
from core.advice.advice import Method, fixed
from core.losses import LOSSES, MASK_LOSSES
from core.numerics import sigmoid, softplus

NEW = 400_000  # examples


@pytest.mark.parametrize("data", number.LINE_DATA)
def test_the_targets_that_lines_are_judged_by_are_those_of_new_data(data):
    values = {factor.name: np.array([factor.start]) for factor in number.LINE_DATA[data].factors}
    random = np.random.default_rng(1)
    exact = number.exact_targets(data, values)[0]  # [places, quantiles]
    for place in (0, 6, 12):
        x = np.full(NEW, number.LINE_PLACES[place])
        new = number.targets(data, values, x, random.normal(size=NEW), np.ones(NEW))[0]  # no outliers
        assert np.median(new) == pytest.approx(np.median(exact[place]), rel=0.02)
        forecast = np.median(new) * 1.1
        expected = np.abs(forecast - new).mean()
        assert np.abs(forecast - exact[place]).mean() == pytest.approx(expected, rel=0.08)


def test_outliers_are_as_frequent_as_the_slider_says():
    values = {"outliers": np.array([0.2]), "noise": np.array([2.0])}
    random = np.random.default_rng(1)
    new = number.targets("outliers", values, np.zeros(NEW), random.normal(size=NEW), random.uniform(size=NEW))
    assert (new > number.INTERCEPT + number.SLIP / 2).mean() == pytest.approx(0.2, abs=0.005)


@pytest.mark.parametrize("cost", ["equal", "negative", "positive", "probability"])
def test_the_cost_of_decisions(cost):
    values = {"share": np.array([0.2]), "distance": np.array([1.5]), "ratio": np.array([4.0])}
    method = Method("binary_cross_entropy", threshold=fixed(0.3))
    for intercept, slope in ((-1.0, 1.4), (0.5, -0.7)):
        theta = np.array([[[intercept, slope]]])
        found = two_classes.mean_cost(method, theta, "rare", cost, values)[0, 0]
        random = np.random.default_rng(2)
        y = random.uniform(size=NEW) < 0.2
        x = random.normal(size=NEW) + 1.5 * (y - 0.5)
        score = intercept + slope * x
        is_positive = sigmoid(score) >= 0.3
        alarm, missed = {"equal": (1, 1), "negative": (1, 4), "positive": (4, 1)}.get(cost, (0, 0))
        expected = (alarm * (is_positive & ~y) + missed * (~is_positive & y)).mean()
        if cost == "probability":
            expected = np.where(y, softplus(-score), softplus(score)).mean()
        assert found == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("ratio", [1.0, 5.0, 50.0])
def test_no_threshold_is_cheaper_than_the_one_by_cost(ratio):
    """Of the true score, which for two normal distributions is linear: distance x + log-odds of the share."""
    share, distance = 0.1, 2.0
    values = {"share": np.array([share]), "distance": np.array([distance]), "ratio": np.array([ratio])}
    truth = np.array([[[logit(share), distance]]])
    for cost, threshold in (("negative", two_classes.missed_threshold), ("positive", two_classes.alarm_threshold)):
        best = two_classes.mean_cost(two_classes.decided(threshold), truth, "rare", cost, values)[0, 0]
        for other in np.linspace(0.005, 0.995, 199):
            method = Method("binary_cross_entropy", threshold=fixed(other))
            assert two_classes.mean_cost(method, truth, "rare", cost, values)[0, 0] >= best * (1 - 1e-9)


def test_wrong_labels_move_the_threshold_as_the_share_says():
    values = {"flipped": np.array([0.2]), "ratio": np.array([9.0])}
    method = two_classes.with_wrong_labels(two_classes.missed_threshold)
    assert method.decides_at(values)[0] == pytest.approx(0.2 + 0.6 * 0.1)


def test_the_labels_that_are_seen_are_wrong_as_often_as_the_slider_says():
    values = {"flipped": np.array([0.25]), "distance": np.array([0.0])}  # the places say nothing of the class
    chance = two_classes.chances("wrong", values)
    seen = two_classes.counts("wrong", values, chance)
    share = seen[..., 1, :].sum() / seen.sum()
    assert share == pytest.approx(two_classes.WRONG_SHARE * 0.75 + (1 - two_classes.WRONG_SHARE) * 0.25, abs=0.005)


def test_the_true_mean_of_counts_costs_nothing():
    truth = np.array([[[0.5, 1.0, 4.0]]])
    for cost in count.COUNT_COSTS:
        assert count.mean_cost(cost, truth, truth)[0, 0] == pytest.approx(0.0, abs=1e-12)
        assert count.mean_cost(cost, 1.2 * truth, truth)[0, 0] > 0
    off = np.array([[[1.0, 1.0, 4.0]]])
    poisson = LOSSES["poisson"]
    expected = (poisson.value(off, truth) - poisson.value(truth, truth)).mean()
    assert count.mean_cost("rate", off, truth)[0, 0] == pytest.approx(expected)


def test_the_cost_of_classes():
    chance = np.array([[[[0.3, 0.1], [0.1, 0.2], [0.1, 0.2]]]])  # of three classes at two places
    logs = np.log(np.array([[[[0.5, 0.2], [0.3, 0.7], [0.2, 0.1]]]]))
    assert classes.mean_cost("equal", logs, chance)[0, 0] == pytest.approx(1 - (0.3 + 0.2))
    assert classes.mean_cost("probability", logs, chance)[0, 0] == pytest.approx(-(chance * logs).sum())


def test_the_cost_of_labels():
    truth = np.array([[[[0.9], [0.2], [0.4]]]])  # of three labels at one place
    pred = np.array([[[[0.6], [0.1], [0.7]]]])
    right = np.array([0.9, 0.8, 0.4])
    assert labels.mean_cost("each", pred, truth)[0, 0] == pytest.approx(1 - right.mean())
    assert labels.mean_cost("all", pred, truth)[0, 0] == pytest.approx(1 - right.prod())
    y, p = truth[0, 0, :, 0], pred[0, 0, :, 0]
    expected = -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()
    assert labels.mean_cost("probability", pred, truth)[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize("key", ["binary_cross_entropy", "brier", "absolute_error"])
def test_the_gradient_of_a_score(key):
    gradient, loss = mistakes.score_gradient(Method(key)), LOSSES[key]
    z, step = np.linspace(-3.0, 3.0, 7), 1e-5

    def value(score, y):
        return loss.value(score if loss.family == "binary" else sigmoid(score), y)

    for y in (0.0, 1.0):
        expected = (value(z + step, y) - value(z - step, y)) / (2 * step)
        np.testing.assert_allclose(gradient(z, np.array(y)), expected, rtol=1e-5, atol=1e-9)


def test_gradient_descent_comes_to_the_exact_fit():
    world = {"distance": np.array([mistakes.CLASSES_APART])}
    seen = two_classes.counts("even", world, two_classes.chances("even", world))
    exact = two_classes.fit(two_classes.PROBABILITY, seen[:, :20].repeat(10, axis=1), world)[0, ::10]
    weights = seen[0, :20] / seen[0, :20].sum(axis=(1, 2), keepdims=True)
    arguments = (np.zeros(1), np.full(1, 2.0), np.full(1, 400))
    reached = mistakes.trained(mistakes.score_gradient(two_classes.PROBABILITY), weights, *arguments)[0]
    np.testing.assert_allclose(reached, exact, atol=0.02)
    short = mistakes.trained(mistakes.score_gradient(two_classes.PROBABILITY), weights, np.zeros(1), np.full(1, 2.0),
                             np.full(1, 5))[0]  # fmt: skip
    assert (mistakes.mean_loss(short[None], weights) > mistakes.mean_loss(reached[None], weights)).all()


@pytest.mark.parametrize("key", ["eiou", "iou", "box_smooth_l1"])
def test_what_a_detector_learns_goes_down_its_mean_loss(key):
    """The slope of the shift and the stretch is that of the loss; more steps cost less of it."""
    values, method, step = {"ratio": np.array([5.0])}, boxes.of(key), 1e-6
    anchors, target = (one[:, :3] for one in boxes.objects("overlap", values, 0, (3, boxes.OBJECTS)))

    def loss(learned):
        return method.loss.value(boxes.edges_of(boxes.moved(learned, anchors)), target).mean(axis=-1)

    at = np.random.default_rng(1).normal(0, 0.1, (1, 3, 4))
    found = boxes.slope_of(method, anchors, target)(0, at)
    for place in range(4):
        moved = step * np.eye(4)[place]
        slope = (loss(at + moved) - loss(at - moved)) / (2 * step)
        np.testing.assert_allclose(found[..., place], slope, rtol=1e-5, atol=1e-7)
    path = boxes.learn(method, anchors, target)
    assert (loss(path[-1]) < loss(path[0])).all()


def test_the_cost_of_boxes():
    placed, target = np.array([[0.5, 0.5, 1.0, 1.0]]), np.array([[0.0, 0.0, 2.0, 1.0]])
    assert boxes.mean_cost("iou", placed, target) == pytest.approx(0.5)
    assert boxes.mean_cost("pixels", placed, target) == pytest.approx(0.25)


@pytest.mark.parametrize("cost", masks.MASK_COSTS)
def test_the_cost_of_masks(cost):
    values = {"share": np.array([0.1]), "distance": np.array([1.5]), "ratio": np.array([4.0])}
    found = masks.mean_cost(masks.DICE, np.array([[[-1.0, 1.4]]]), cost, values)[0, 0]
    random = np.random.default_rng(2)
    y = random.uniform(size=NEW) < 0.1
    predicted = -1.0 + 1.4 * (random.normal(size=NEW) + 1.5 * (y - 0.5)) >= 0
    false, missed = (predicted & ~y).mean(), (~predicted & y).mean()
    expected = {
        "iou": (false + missed) / (predicted | y).mean(),
        "missed": false + 4 * missed,
        "pixels": false + missed,
    }
    assert found == pytest.approx(expected[cost], rel=0.02)


def test_counts_of_pixels_are_as_good_as_the_pixels():
    """The gradient of Dice by label and place, and of a picture whose every pixel is drawn."""
    random, dice = np.random.default_rng(3), MASK_LOSSES["dice"]
    seen = random.integers(0, 4, (2, len(masks.BINARY_PLACES)))
    score = random.normal(size=len(masks.BINARY_PLACES))
    found = masks.of_counts(dice, score[None, None, None], seen[None, None], {"smooth": np.array(1.0)})[0, 0]
    flat, target = np.repeat(np.tile(score, (2, 1)), seen.ravel()), np.repeat([0.0, 1.0], seen.sum(axis=1))
    grad = dice.grad(flat[None], target[None])[0]
    ends = np.cumsum(seen.ravel())
    sums = [grad[end - count : end].sum() for end, count in zip(ends, seen.ravel(), strict=True)]
    np.testing.assert_allclose(found.ravel(), sums, atol=1e-14)


def test_every_prediction_is_tested_here():
    assert set(PREDICTIONS) == {
        "number", "count", "two_classes", "classes", "labels", "boxes", "masks", "mistakes",
    }  # fmt: skip
