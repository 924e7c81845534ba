"""The detector: its gradient by differences, who supplies it, what it finds, its training, and wrong input."""

from dataclasses import replace

import numpy as np
import pytest

from core.datasets import STRIP_DATASETS
from core.losses import BOX_LOSSES, LOSSES
from core.metrics.detection import COCO_THRESHOLDS, box_average_precision
from core.models.detector import (
    ANCHOR,
    DetectionProblem,
    Layers,
    anchor_inputs,
    anchors,
    detections,
    initial_detector,
    object_anchors,
)
from core.models.trained_detectors import RATE, DetectorSettings, included_anchors, train_detectors
from core.numerics import sigmoid

TRAIN, TEST = STRIP_DATASETS["strips"].split(0)
COUNT = 3  # strips: enough for a slope


def softsign(x):
    return x / (1 + np.abs(x))


def problem(loss="focal", box="giou", weight=(0.0, 2.0), **params):
    labels = object_anchors(TRAIN.boxes[:COUNT])
    included = included_anchors(labels, [5, 57], 0).reshape(2, -1)
    inputs = anchor_inputs(TRAIN.brightness[:COUNT]).reshape(-1, 10)
    columns = {name: np.array([[value], [value]]) for name, value in (LOSSES[loss].starts | params).items()}
    return DetectionProblem(
        LOSSES[loss], BOX_LOSSES[box], inputs, labels.ravel(), TRAIN.boxes[:COUNT], included, np.array(weight), columns
    )


def some_detectors(scale=1.0):
    theta = np.stack([initial_detector(0.2, seed) for seed in (1, 2)])
    return theta + scale * np.random.default_rng(5).normal(0, 0.1, theta.shape)


def descended(of, theta):
    classification, box = of.values(of.heads(theta))
    return classification + of.weight * box


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "focal", "weighted_binary_cross_entropy"])
@pytest.mark.parametrize("box", [key for key in BOX_LOSSES if key != "ciou"])  # its α counts as a number: see boxes
def test_the_gradient_is_the_slope(loss, box):
    of, theta, step = problem(loss, box), some_detectors(), 1e-6
    grad = of.grad(of.heads(theta))
    assert grad.shape == theta.shape
    for place in range(theta.shape[1]):
        moved = step * np.eye(theta.shape[1])[place]
        slope = (descended(of, theta + moved) - descended(of, theta - moved)) / (2 * step)
        np.testing.assert_allclose(grad[:, place], slope, rtol=2e-5, atol=1e-7)


def test_without_a_weight_the_box_has_no_gradient_and_no_share():
    of, theta = problem(weight=(0.0, 0.0)), some_detectors()
    grad = Layers.of(of.grad(of.heads(theta)))
    assert not grad.box.any()
    assert not grad.base.any()
    assert grad.score.all()
    assert (of.gradient_shares(of.heads(theta))[:, 3] == 0).all()


def test_shares_are_lengths_of_gradients_in_the_shared_activations():
    of, theta = problem("binary_cross_entropy"), np.stack([initial_detector(0.5, seed) for seed in (1, 2)])
    layers = Layers.of(theta)
    for run in range(2):
        active = softsign(layers.hidden[run] @ of.inputs.T)
        scores = layers.score[run] @ active + layers.bias[run]
        by_score = (sigmoid(scores) - of.labels) * of.included[run] / COUNT
        length = np.array([np.linalg.norm(one * layers.score[run]) for one in by_score])
        groups = [of.labels == 1, (of.labels == 0) & (scores >= 0), (of.labels == 0) & (scores < 0)]

        def box_loss(own, at, run=run):
            shift, log_width = layers.box[run] @ own + layers.base[run]
            middle, half = of.objects[at] % 64 + 0.5 + ANCHOR * shift, ANCHOR / 2 * np.exp(log_width)
            return of.box_loss.value([middle - half, 0, middle + half, 12.0], of.truths[at]) * of.weight[run] / COUNT

        from_box = 0.0
        for at, place in enumerate(of.objects):
            own, step = active[:, place], 1e-6 * np.eye(6)
            slope = [(box_loss(own + one, at) - box_loss(own - one, at)) / 2e-6 for one in step]
            from_box += np.linalg.norm(slope)
        parts = np.array([*(length[group].sum() for group in groups), from_box])
        np.testing.assert_allclose(of.gradient_shares(of.heads(theta))[run], parts / parts.sum(), rtol=1e-5, atol=1e-9)
        assert (parts[:3] > 0).all()


def test_an_anchor_sees_nine_cells_around_its_column():
    brightness = np.zeros(64)
    brightness[20:23] = [3.0, 6.0, 9.0]
    seen = anchor_inputs(brightness)
    np.testing.assert_allclose(seen[21], [0, 0, 0, 0, 6, 0, 0, 0, 0, 1])
    np.testing.assert_allclose(seen[22, 3:6], [1, 5, 0])
    np.testing.assert_allclose(seen[0, -1], 1)
    assert anchors()[5].tolist() == [-0.5, 0, 11.5, 12]


def test_the_object_is_the_nearest_anchor_and_of_two_the_first():
    labels = object_anchors([[10.0, 0, 20, 12], [10.4, 0, 21, 12]])
    assert labels.argmax(axis=1).tolist() == [14, 15]
    assert labels.sum(axis=1).tolist() == [1, 1]


def test_negatives_are_drawn_for_each_object_and_more_of_them_are_the_same_and_others():
    labels = object_anchors(TRAIN.boxes)
    few, many, every = included_anchors(labels, [1, 30, 57], 4)
    assert (few.sum(axis=1) == 2).all()
    assert (many.sum(axis=1) == 31).all()
    assert (few <= many).all()
    assert (few[labels == 1] == 1).all()
    for row, label in zip(every, labels, strict=True):  # beside the object's anchor, three columns are neither
        place = label.argmax()
        assert np.flatnonzero(row == 0).tolist() == [place + off for off in (-3, -2, -1, 1, 2, 3)]


def test_a_box_that_overlaps_a_better_one_is_suppressed():
    theta = some_detectors()
    scores, best, found = detections(theta, TEST.brightness[:4], most=6)
    for run in range(2):
        layers = Layers.of(theta[run : run + 1])
        for strip in range(4):
            active = softsign(layers.hidden[0] @ anchor_inputs(TEST.brightness[strip]).T)
            np.testing.assert_allclose(scores[run, strip], layers.score[0] @ active + layers.bias[0], rtol=1e-9)
            order, kept = np.argsort(-scores[run, strip], kind="stable")[:6], []
            boxes = layers.boxes(active[None], np.arange(64))[0]
            for column, score, box in zip(order, best[run, strip], found[run, strip], strict=True):
                np.testing.assert_allclose(box, boxes[column], rtol=1e-9)
                alike = [1 - float(BOX_LOSSES["iou"].value(box, other)) > 0.5 for other in kept]
                assert (score == -np.inf) == any(alike)
                if not any(alike):
                    kept.append(box)
                    assert score == scores[run, strip, column]


def test_training_is_adam_on_the_descended_loss():
    settings = DetectorSettings(0.1, "diou", 0)
    run = (("weight", 3.0), ("negatives", 57.0), ("gamma", 2.0), ("alpha", 0.25))
    found = train_detectors(settings, "focal", (run, run), 6, 3)
    of = problem("focal", "diou", (3.0,))
    labels = object_anchors(TRAIN.boxes)
    of = replace(of, inputs=anchor_inputs(TRAIN.brightness).reshape(-1, 10), labels=labels.ravel(), truths=TRAIN.boxes,
                 included=included_anchors(labels, [57], 0).reshape(1, -1), weight=np.array([3.0]))  # fmt: skip
    of = replace(of, params={"gamma": 2.0, "alpha": 0.25})
    theta, m, v = initial_detector(0.1, 0)[None], 0.0, 0.0
    for step in range(7):
        if step % 3 == 0:
            np.testing.assert_allclose(found.theta[0, step // 3], theta[0], atol=1e-9)
            np.testing.assert_allclose(found.loss[1, step // 3], descended(of, theta)[0], rtol=1e-9)
        grad = of.grad(of.heads(theta))
        m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
        theta = theta - RATE * (m / (1 - 0.9 ** (step + 1))) / (np.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-8)
    _, scores, boxes = detections(found.theta[0], TEST.brightness, most=6)
    np.testing.assert_array_equal(
        found.precision[0], box_average_precision(boxes, scores, TEST.boxes[:, None], COCO_THRESHOLDS)
    )


def test_a_score_of_nothing_has_the_probability_that_training_begins_with():
    layers = Layers.of(initial_detector(0.01)[None])
    assert sigmoid(layers.scores(np.zeros((1, 6, 3)))) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"labels": np.full(192, 2.0)}, r"labels must be 0 or 1, got 2 at \[0\] \(detector\)"),
        ({"labels": np.zeros(192)}, "0 objects and 3 boxes"),
        ({"truths": np.array([[5.0, 0, 4, 1]] * 3)}, r"truths must have x1 <= x2 and y1 <= y2, got \(5, 0, 4, 1\)"),
        ({"weight": np.array([-1.0])}, "weight must be"),
    ],
)
def test_what_is_wrong_is_named(change, error):
    with pytest.raises(ValueError, match=error):
        replace(problem(), **change)
    with pytest.raises(ValueError, match="x1 <= x2"):
        object_anchors([[5.0, 0, 4, 1]])
