"""Average precision of boxes: pycocotools on whole batches, by hand, in batches of detectors, and wrong input."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.metrics.detection import COCO_THRESHOLDS, box_average_precision, box_overlap, right_detections

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "detection.json").read_text())
BOX = [0.0, 0.0, 10.0, 10.0]


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: case["name"])
def test_it_is_that_of_pycocotools(case):
    pictures = [[np.reshape(boxes, (-1, 4)), np.array(scores), np.reshape(true, (-1, 4))]
                for boxes, scores, true in case["pictures"]]  # fmt: skip
    most, many = (max(1, *(len(picture[at]) for picture in pictures)) for at in (1, 2))
    boxes, scores = np.zeros((len(pictures), most, 4)), np.full((len(pictures), most), -np.inf)
    truths, exists = np.zeros((len(pictures), many, 4)), np.zeros((len(pictures), many), bool)
    for row, (box, score, true) in enumerate(pictures):
        boxes[row, : len(box)], scores[row, : len(box)] = box, score
        truths[row, : len(true)], exists[row, : len(true)] = true, True
    found = box_average_precision(boxes, scores, truths, case["thresholds"], exists=exists)
    np.testing.assert_allclose(found, case["average_precision"], atol=1e-12)
    np.testing.assert_array_equal(case["thresholds"], COCO_THRESHOLDS)
    one = box_average_precision(boxes, scores, truths, COCO_THRESHOLDS[3], exists=exists)
    assert one.shape == ()
    assert one == found[3]


def test_the_reference_has_ties_duplicates_and_pictures_without_anything():
    names = {case["name"] for case in REFERENCE["cases"]}
    assert names >= {"tied scores", "duplicates", "pictures without an object", "no detection at all"}
    assert REFERENCE["library"]["pycocotools"]


def test_by_hand():
    """Right at 0.9, a duplicate at 0.8, and half of the second truth at 0.7: precision 1 up to recall 0.5, then 2/3."""
    boxes, scores = [[BOX, [0, 0, 10, 9], [20, 0, 25, 10]]], [[0.9, 0.8, 0.7]]
    truths = [[BOX, [20.0, 0, 30, 10]]]
    assert box_average_precision(boxes, scores, truths, 0.5) == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert box_average_precision(boxes, scores, truths, 0.55) == pytest.approx(51 / 101)


def test_each_detector_of_a_batch_is_measured_alone():
    random = np.random.default_rng(0)
    boxes = np.sort(random.uniform(0, 30, (2, 3, 5, 4, 2, 2)), axis=-2).reshape(2, 3, 5, 4, 4)
    scores, truths = random.normal(size=(2, 3, 5, 4)).round(1), boxes[0, 0, :, :1] + [0.0, 0.0, 1.0, 1.0]
    found = box_average_precision(boxes, scores, truths, [0.3, 0.5])
    assert found.shape == (2, 3, 2)
    alone = [[box_average_precision(boxes[i, j], scores[i, j], truths, [0.3, 0.5]) for j in range(3)] for i in range(2)]
    np.testing.assert_array_equal(found, alone)
    assert len(np.unique(found)) > 3


def test_without_truths_it_is_undefined_and_without_detections_0():
    assert np.isnan(box_average_precision([[BOX]], [[0.5]], [[BOX]], exists=[[False]]))
    assert box_average_precision(np.zeros((2, 0, 4)), np.zeros((2, 0)), [[BOX]] * 2) == 0
    assert box_average_precision([[BOX]], [[-np.inf]], [[BOX]]) == 0


def test_overlap_is_1_less_the_iou_loss_and_0_without_an_area():
    flat = [3.0, 3.0, 3.0, 3.0]
    boxes, truths = np.array([BOX, flat]), np.array([[5.0, 0, 15, 10], flat, BOX])
    np.testing.assert_allclose(box_overlap(boxes, truths), [[1 / 3, 0, 1], [0, 0, 0]])


def test_a_detection_takes_the_free_truth_that_it_overlaps_most():
    overlap = np.array([[0.6, 0.7], [0.9, 0.8], [0.9, 0.9]])
    np.testing.assert_array_equal(right_detections(overlap, 0.5), [True, True, False])
    np.testing.assert_array_equal(right_detections(overlap, 0.95), [False, False, False])


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (
            {"boxes": [[[5.0, 0, 4, 1]]]},
            r"boxes must have x1 <= x2 and y1 <= y2, got \(5, 0, 4, 1\) at \[0, 0\] \(AP\)",
        ),
        ({"truths": [[[0.0, 2, 4, 1]]]}, r"truths must have x1 <= x2 and y1 <= y2, got \(0, 2, 4, 1\)"),
        ({"scores": [[np.nan]]}, "scores must be numbers, or -inf"),
        ({"scores": [[np.inf]]}, "scores must be numbers, or -inf"),
        ({"scores": [[0.5, 0.4]]}, r"must fit, got \(1, 1, 4\), \(1, 2\) and \(1, 1, 4\)"),
        ({"truths": [BOX]}, "must fit"),
        ({"threshold": 0.0}, "threshold must be"),
        ({"threshold": "half"}, "threshold must be numbers"),
    ],
)
def test_what_is_wrong_is_named(given, error):
    right = {"boxes": [[BOX]], "scores": [[0.5]], "truths": [[BOX]]}
    with pytest.raises(ValueError, match=error):
        box_average_precision(**{**right, **given})
