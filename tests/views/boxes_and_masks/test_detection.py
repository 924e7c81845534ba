"""The picture of a detector in training: what stands on it is what the definitions say of detectors trained by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.special import expit

from core.datasets import STRIP_DATASETS
from core.losses import BOX_LOSSES, LOSSES
from core.metrics.detection import box_average_precision
from core.models.detector import DetectionProblem, anchor_inputs, detections, initial_detector, object_anchors
from core.models.trained_detectors import RATE, included_anchors
from core.stage.table import csv
from core.views.boxes_and_masks.detection.runs import STEP, THRESHOLD, TRAINING_STEPS
from tests.views.boxes_and_masks.shown import arrived
from tests.views.texts import filled

STRIP, SCORES, SHARE, LOSS, PRECISION = range(5)  # panels


def shown(**words):
    return arrived({"view": "detection", **words})


@cache
def trained(loss, box, probability, weight, negatives, steps, **params):
    """A detector [1, d] after so many steps of Adam, and its problem: by hand."""
    train = STRIP_DATASETS["strips"].split(0).train
    labels = object_anchors(train.boxes)
    of = DetectionProblem(
        LOSSES[loss], BOX_LOSSES[box], anchor_inputs(train.brightness).reshape(-1, 10), labels.ravel(), train.boxes,
        included_anchors(labels, [negatives], 0).reshape(1, -1), np.array([weight]), {**LOSSES[loss].starts, **params},
    )  # fmt: skip
    theta, m, v = initial_detector(probability, 0)[None], 0.0, 0.0
    for step in range(1, steps + 1):
        grad = of.grad(of.heads(theta))
        m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
        theta = theta - RATE * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return theta, of


@pytest.mark.parametrize(
    ("words", "moved", "name", "by_hand"),
    [
        ({}, {"step": 20.0}, "Focal", ("focal", "giou", 0.5, 1.0, 57, 20)),
        ({"box_loss": "box_l1", "probability": "0.01"}, {"weight": 3.0}, "BCE",
         ("binary_cross_entropy", "box_l1", 0.01, 3.0, 57, 40)),
        ({"negatives": "10"}, {"step": 60.0}, "BCE", ("binary_cross_entropy", "giou", 0.5, 1.0, 10, 60)),
    ],
)  # fmt: skip
def test_the_numbers_are_those_of_a_detector_trained_by_hand(words, moved, name, by_hand):
    page = shown(**words, strip="5")
    theta, of = trained(*by_hand)
    heads = of.heads(theta)
    (classification,), (box,) = of.values(heads)
    test = STRIP_DATASETS["strips"].split(0).test
    anchors, scores, boxes = detections(theta, test.brightness, most=6)
    expected = {"loss": classification + by_hand[3] * box, "box loss": box}
    expected["AP"] = box_average_precision(boxes, scores, test.boxes[:, None], 0.5)[0]
    expected["mean AP"] = box_average_precision(boxes, scores, test.boxes[:, None], THRESHOLD.values)[0].mean()
    for column, value in expected.items():
        assert page.number(name, column, moved) == pytest.approx(value, abs=6e-4 if "AP" in column else 1e-9), column
    (line,) = page.traces(f"{name}: scores", SCORES, moved)
    np.testing.assert_allclose(line["y"], expit(anchors[0, 4]), rtol=1e-9)
    best, _ = page.traces(f"{name}: boxes", STRIP, moved)
    np.testing.assert_allclose([np.nanmin(best["x"]), np.nanmax(best["x"])], boxes[0, 4, 0, [0, 2]], rtol=1e-9)
    (bars,) = page.traces(name, SHARE, moved)
    heights = np.nanmax(np.reshape(bars["y"], (4, 6)), axis=1)
    np.testing.assert_allclose(heights, of.gradient_shares(heads)[0], rtol=1e-9)
    assert heights.sum() == pytest.approx(1)


def test_curves_pass_through_their_points_and_stars_are_at_the_lowest_and_the_highest():
    page = shown()
    for name in ("BCE", "Focal"):
        for moved in ({}, {"threshold": 0.75}, {"weight": 10.0, "step": 80.0}):
            frame = STEP.frame(moved.get("step", STEP.default))
            for panel, best in ((LOSS, np.argmin), (PRECISION, np.argmax)):
                (curve,) = page.traces(name, panel, moved)
                (mark,) = page.traces(f"{name}: best", panel, moved)
                points = page.traces("now", panel, moved)
                at = best(curve["y"])
                assert (mark["x"][0], mark["y"][0]) == (curve["x"][at], curve["y"][at])
                assert curve["y"][frame] in [point["y"][0] for point in points]
                assert points[0]["x"][0] == STEP.values[frame]
            assert page.traces(name, LOSS, moved)[0]["y"][0] == 1
            (row,) = (one for one in page.stage.readings if one.name == name)
            at = [
                np.argmin(page.traces(name, LOSS, moved)[0]["y"]),
                np.argmax(page.traces(name, PRECISION, moved)[0]["y"]),
            ]
            lowest, highest = STEP.values[at]
            assert filled(row.note, moved) == (
                f"Of the steps shown, the loss is lowest at {lowest:g}, average precision is highest at {highest:g}."
            )


def test_the_summary_says_the_numbers_of_the_grid_and_of_the_key():
    page = shown()
    moved = {"step": 10.0, "threshold": 0.5}
    (grid,) = page.stage.grids
    easy = [filled(cells[2].number, moved) for _, cells in grid.rows]
    left = [
        100 * page.number(name, "loss", moved) / page.number(name, "loss", {"step": 0.0}) for name in ("BCE", "Focal")
    ]
    assert filled(page.stage.summary, moved) == (
        f"At step 10, easy negatives supply {easy[0]} of BCE’s and {easy[1]} of Focal’s gradient. The loss is at "
        f"{left[0]:.1f} % and {left[1]:.1f} % of its start; average precision at IoU 0.5 is 0 and 0."
    )


def test_suppressed_boxes_are_not_drawn_and_the_true_box_is_where_the_object_is():
    page = shown(strip="3")
    test = STRIP_DATASETS["strips"].split(0).test
    (truth,) = page.traces("true box", STRIP, {})
    assert [np.nanmin(truth["x"]), np.nanmax(truth["x"])] == test.boxes[2, [0, 2]].tolist()
    (seen,) = page.traces("brightness", STRIP, {})
    np.testing.assert_array_equal(seen["z"][0], test.brightness[2])
    drawn = set()
    for step in STEP.values:
        _, rest = page.traces("BCE: boxes", STRIP, {"step": step})
        drawn.add(np.isfinite(np.reshape(rest["x"], (2, 6))[:, 0]).sum())
    assert 0 in drawn


def test_other_box_losses_and_other_starts_are_other_trainings():
    losses = {box: shown(box_loss=box, losses="focal").number("Focal", "box loss", {}) for box in ("iou", "eiou")}
    assert losses["iou"] != losses["eiou"]
    assert shown(losses="focal", seed="1").number("Focal", "loss", {}) != shown(losses="focal").number(
        "Focal", "loss", {}
    )


def test_the_file_has_a_row_for_each_step():
    page = shown(losses="focal", weight="3")
    lines = csv(page.stage, page.values).splitlines()
    assert lines[0].startswith("step,focal classification loss,focal box loss,focal loss,")
    assert len(lines) == 2 + TRAINING_STEPS // 5
    first = dict(zip(lines[0].split(","), map(float, lines[1].split(",")), strict=True))
    assert first["focal loss"] == pytest.approx(first["focal classification loss"] + 3 * first["focal box loss"])
    assert sum(value for name, value in first.items() if "share" in name) == pytest.approx(1)
    assert first["focal average precision"] == pytest.approx(page.number("Focal", "AP", {"step": 0.0}), abs=6e-4)


@pytest.mark.parametrize("words", [{"losses": "hinge"}, {"box_loss": "dice"}, {"probability": "0"}, {"strip": "49"}])
def test_a_choice_that_there_is_not_is_refused(words):
    with pytest.raises(ValueError, match=next(iter(words))):
        shown(**words)
