"""Descending boxes: the slope by differences, step by step, known facts, sizes, and what is wrong with the input."""

from itertools import pairwise

import numpy as np
import pytest

from core.losses import BOX_LOSSES
from core.models.box_descent import LEAST_SIZE, descend_box, edges_of, gradient, iou_of

UNIT = np.array([0.5, 0.5, 1.0, 1.0])  # placed: its middle and its size
TRUE = edges_of(np.array([6.0, 3.5, 3.0, 2.0]))
each = pytest.mark.parametrize("loss", BOX_LOSSES.values(), ids=str)


def starts(count=50, seed=0):
    random = np.random.default_rng(seed)
    return np.concatenate([random.uniform((0, 0), (12, 7), (count, 2)), random.uniform(0.3, 4, (count, 2))], axis=-1)


def test_edges_are_half_a_size_from_the_middle():
    assert edges_of(np.array([3.0, 2.0, 4.0, 1.0])).tolist() == [1.0, 1.5, 5.0, 2.5]


@pytest.mark.parametrize("loss", [one for one in BOX_LOSSES.values() if one.key != "ciou"], ids=str)  # α is held
def test_the_gradient_is_the_slope_in_place_and_size(loss):
    placed, step = starts(), 1e-6
    grad = gradient(loss, placed, TRUE)
    for part, moved in enumerate(step * np.eye(4)):
        ends = [loss.value(edges_of(placed + sign * moved), TRUE) for sign in (1, -1)]
        np.testing.assert_allclose(grad[:, part], (ends[0] - ends[1]) / (2 * step), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("key", "x", "w"), [("giou", 0.163, -0.204), ("diou", 0.128, -0.125)])
def test_unit_boxes_two_and_a_half_apart_are_moved_and_widened(key, x, w):
    away = UNIT + np.array([2.5, 0, 0, 0])
    found = gradient(BOX_LOSSES[key], away, edges_of(UNIT))
    assert found[[0, 2]] == pytest.approx((x, w), abs=6e-4)


@each
def test_each_step_goes_against_the_gradient(loss):
    path = descend_box(loss, starts(), TRUE, 20, rate=0.05)
    for before, after in pairwise(path):
        wanted = before - 0.05 * gradient(loss, before, TRUE)
        wanted[:, 2:] = np.maximum(wanted[:, 2:], LEAST_SIZE)
        np.testing.assert_allclose(after, wanted, rtol=1e-12, atol=1e-12)


@each
def test_a_mirrored_start_has_a_mirrored_gradient(loss):
    """So a quarter of the map of starts stands for all of it."""
    placed = starts()
    for mirrored, other in ((np.array([-1, 1, 1, 1]), np.array([12, 0, 0, 0])), (np.array([1, -1, 1, 1]),
                                                                                 np.array([0, 7, 0, 0]))):  # fmt: skip
        found = gradient(loss, placed * mirrored + other, TRUE)
        np.testing.assert_allclose(found, gradient(loss, placed, TRUE) * mirrored, rtol=1e-9, atol=1e-12)


@each
def test_many_at_once_are_what_each_is_alone(loss):
    rates = np.linspace(0.01, 1, 50)
    together = descend_box(loss, starts(), TRUE, 15, rate=rates)
    for number in (0, 17, 49):
        alone = descend_box(loss, starts()[number], TRUE, 15, rate=rates[number])
        np.testing.assert_allclose(together[:, number], alone, rtol=1e-12)


def test_without_overlap_iou_stays_where_it_is_and_the_others_arrive():
    start = np.array([1.0, 6.0, 1.0, 1.0])
    assert (descend_box(BOX_LOSSES["iou"], start, TRUE, 50, rate=1.0) == start).all()
    for key in ("giou", "diou", "ciou", "eiou", "box_l1", "box_smooth_l1"):
        path = descend_box(BOX_LOSSES[key], start, TRUE, 400, rate=0.1 if "l1" in key else 0.3)
        assert iou_of(edges_of(path), TRUE).max() > 0.8, key


def test_a_step_that_is_too_large_keeps_a_width_and_a_height():
    path = descend_box(BOX_LOSSES["box_l1"], np.array([6.0, 3.5, 6.0, 6.0]), TRUE, 5, rate=50.0)
    assert (path[..., 2:] >= LEAST_SIZE).all()
    assert (path[1:, 2:] == LEAST_SIZE).any()


def test_what_is_wrong_with_a_box_is_named():
    with pytest.raises(ValueError, match="x1 <= x2"):
        descend_box(BOX_LOSSES["giou"], UNIT, np.array([3.0, 0.0, 1.0, 1.0]), 3, rate=0.1)
    with pytest.raises(ValueError, match="last axis"):
        descend_box(BOX_LOSSES["giou"], UNIT, np.array([3.0, 0.0, 1.0]), 3, rate=0.1)
    with pytest.raises(ValueError, match="beta must be"):
        descend_box(BOX_LOSSES["box_smooth_l1"], UNIT, TRUE, 3, rate=0.1, beta=-1.0)
