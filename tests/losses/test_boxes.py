"""Losses of boxes: by hand, by differences, what does not change, other libraries, far out, and with what is wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.losses import BOX_LOSSES
from tests.losses.cases import settings

EACH = [(loss, params) for loss in BOX_LOSSES.values() for params in settings(loss)]
FAMILY = [loss for loss in BOX_LOSSES.values() if loss.scale_free]
UNIT, INSIDE, AWAY = (0.0, 0.0, 1.0, 1.0), (0.2, 0.3, 0.6, 0.8), (2.5, 0.0, 3.5, 1.0)
REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "boxes.json").read_text())
each = pytest.mark.parametrize(("loss", "params"), EACH, ids=str)
of_family = pytest.mark.parametrize("loss", FAMILY, ids=str)


def sample(count=200, seed=0):
    """Pairs of boxes that miss each other, overlap, or lie one inside the other."""
    random = np.random.default_rng(seed)
    corner, size = random.uniform(-3, 3, (2, count, 2)), random.uniform(0.1, 5, (2, count, 2))
    return np.concatenate([corner, corner + size], axis=-1)


@pytest.mark.parametrize("loss", BOX_LOSSES.values(), ids=str)
def test_by_hand(loss):
    assert loss.by_hand
    for (pred, target), value in loss.by_hand.items():
        assert loss.value(pred, target) == pytest.approx(value, rel=1e-14, abs=1e-15)


# The α of CIoU is held where its gradient is taken: see the next test.
@pytest.mark.parametrize(("loss", "params"), [one for one in EACH if one[0].key != "ciou"], ids=str)
def test_the_gradient_is_the_slope(loss, params):
    pred, target = sample()
    step = 1e-6
    grad = loss.grad(pred, target, **params)
    for edge in range(4):
        moved = step * np.eye(4)[edge]
        slope = (loss.value(pred + moved, target, **params) - loss.value(pred - moved, target, **params)) / (2 * step)
        np.testing.assert_allclose(grad[:, edge], slope, rtol=1e-6, atol=1e-7)


def test_alpha_of_ciou_carries_no_gradient():
    pred, target = sample(seed=1)
    ciou, diou, step = BOX_LOSSES["ciou"], BOX_LOSSES["diou"], 1e-6

    def aspect(boxes):
        angle = np.arctan2(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        true = np.arctan2(target[:, 2] - target[:, 0], target[:, 3] - target[:, 1])
        return 4 / np.pi**2 * (angle - true) ** 2

    v = aspect(pred)
    alpha = v / (BOX_LOSSES["iou"].value(pred, target) + v)
    np.testing.assert_allclose(ciou.value(pred, target) - diou.value(pred, target), alpha * v, atol=1e-14)
    for edge in range(4):
        moved = step * np.eye(4)[edge]
        slope = alpha * (aspect(pred + moved) - aspect(pred - moved)) / (2 * step)
        np.testing.assert_allclose((ciou.grad(pred, target) - diou.grad(pred, target))[:, edge], slope, atol=1e-7)


def test_without_overlap_iou_has_no_gradient_and_the_others_have():
    for target in (AWAY, (1.0, 0.0, 2.0, 1.0), (1.0, 1.0, 2.0, 2.0)):  # away, at one edge, at one corner
        assert BOX_LOSSES["iou"].value(UNIT, target) == 1
        assert (BOX_LOSSES["iou"].grad(UNIT, target) == 0).all()
        assert BOX_LOSSES["giou"].grad(UNIT, AWAY).any()


@pytest.mark.parametrize(("key", "x", "w"), [("giou", 0.163, -0.204), ("diou", 0.128, -0.125)])
def test_unit_boxes_that_are_two_and_a_half_apart_are_moved_and_widened(key, x, w):
    low, _, high, _ = BOX_LOSSES[key].grad(AWAY, UNIT)
    assert (low + high, (high - low) / 2) == pytest.approx((x, -w if key == "none" else w), abs=6e-4)


def test_giou_lies_between_minus_one_and_iou():
    pred, target = sample(1000)
    giou, iou = (1 - BOX_LOSSES[key].value(pred, target) for key in ("giou", "iou"))
    assert (giou > -1).all()
    assert (giou <= iou + 1e-15).all()


def test_of_a_box_inside_the_other_giou_is_iou():
    for pred, target in ((INSIDE, UNIT), (UNIT, INSIDE)):
        for method in ("value", "grad"):
            one, other = (getattr(BOX_LOSSES[key], method)(pred, target) for key in ("giou", "iou"))
            np.testing.assert_allclose(one, other, atol=1e-14)


def test_concentric_diou_is_iou_and_of_one_aspect_ciou_is_diou():
    pred, target = np.array([-1, -2, 1, 2.0]), np.array([-3, -1, 3, 1.0])
    assert BOX_LOSSES["diou"].value(pred, target) == pytest.approx(BOX_LOSSES["iou"].value(pred, target), abs=1e-15)
    target = np.array([4, 5, 6, 9.0])  # as wide for its height
    for method in ("value", "grad"):
        one, other = (getattr(BOX_LOSSES[key], method)(pred, target) for key in ("ciou", "diou"))
        np.testing.assert_allclose(one, other, atol=1e-15)


@of_family
@pytest.mark.parametrize("scale", [1e-150, 1e-3, 7.0, 1e150, 1e307])
def test_the_iou_family_does_not_change_when_everything_is_scaled(loss, scale):
    pred, target = sample(seed=2)
    np.testing.assert_allclose(
        loss.value(pred * scale, target * scale), loss.value(pred, target), rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(
        loss.grad(pred * scale, target * scale) * scale, loss.grad(pred, target), rtol=1e-8, atol=1e-9
    )


def test_l1_cares_for_size():
    pred, target = sample(seed=3)
    np.testing.assert_allclose(BOX_LOSSES["box_l1"].value(10 * pred, 10 * target),
                               10 * BOX_LOSSES["box_l1"].value(pred, target))  # fmt: skip


@each
def test_of_equal_boxes_it_is_least(loss, params):
    boxes = sample()[0]
    assert loss.value(boxes, boxes, **params) == pytest.approx(0, abs=1e-14)
    assert (loss.value(boxes, sample(seed=9)[0], **params) > 0).all()


@each
def test_boxes_without_an_area_have_numbers(loss, params):
    point, line, box = (1.0, 1.0, 1.0, 1.0), (0.0, 1.0, 2.0, 1.0), (0.0, 0.0, 2.0, 2.0)
    for pred in (point, line, box, (5.0, 5.0, 5.0, 5.0)):
        for target in (point, line, box):
            assert np.isfinite(loss.value(pred, target, **params))
            assert np.isfinite(loss.grad(pred, target, **params)).all()


@pytest.mark.parametrize("block", REFERENCE["cases"], ids=lambda block: f"{block['key']}-{block['library']}")
def test_value_and_gradient_are_those_of_other_libraries(block):
    loss = BOX_LOSSES[block["key"]]
    pred, target = np.array(block["pred"]), np.array(block["target"])
    np.testing.assert_allclose(loss.value(pred, target, **block["params"]), block["value"], **block["within"])
    np.testing.assert_allclose(loss.grad(pred, target, **block["params"]), block["grad"], **block["within"])


def test_boxes_broadcast_and_nothing_given_is_changed():
    pred, target = sample(6)
    before = pred.copy()
    found = BOX_LOSSES["giou"].grad(pred[:, None], target[None])
    assert found.shape == (6, 6, 4)
    np.testing.assert_array_equal(found[2, 3], BOX_LOSSES["giou"].grad(pred[2], target[3]))
    np.testing.assert_array_equal(pred, before)


@pytest.mark.parametrize(
    ("pred", "message"),
    [
        ((3, 0, 2, 1), r"pred must have x1 <= x2 and y1 <= y2, got \(3, 0, 2, 1\) \(giou\)"),
        ([UNIT, (0, 5, 1, 4)], r"got \(0, 5, 1, 4\) at \[1\]"),
        ((0, 0, 1), r"x1, y1, x2, y2 on its last axis, got shape \(3,\)"),
        (1.0, "got shape"),
        ((0, 0, np.nan, 1), "pred must be finite"),
        ("box", "pred must be"),
    ],
)
def test_what_is_no_box_is_named(pred, message):
    with pytest.raises(ValueError, match=message):
        BOX_LOSSES["giou"].value(pred, UNIT)
