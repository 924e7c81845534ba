"""A disc that descends under losses of its mask: the chain rule by differences, and where it ends."""

import numpy as np
import pytest

from core.losses import MASK_LOSSES
from core.models.mask_descent import UNITS, SoftDisc, descend_mask
from core.models.mask_prediction import LAYOUTS, first_radius, inside
from core.optimizers import OPTIMIZERS

PARAMS = np.array([[27.3, 21.6, 6.2, 0.4], [30.0, 23.7, 3.0, 1.0], [22.9, 25.2, -1.5, -0.2], [24.5, 24.5, 9.07, 0.1]])
GRADIENT_DESCENT = OPTIMIZERS["gradient_descent"]


def picture(share, runs=1):
    radius = np.full(runs, first_radius(np.array(share), LAYOUTS["one"]))
    return (inside(np.full(runs, 24.0), np.full(runs, 24.0), radius) > 0).astype(float), radius


@pytest.mark.parametrize("loss", MASK_LOSSES.values(), ids=str)
def test_the_gradient_is_the_slope(loss):
    target, _ = picture(0.08, len(PARAMS))

    def value(params):
        return loss.value(SoftDisc(params).scores, target, **loss.starts)

    disc = SoftDisc(PARAMS)
    grad, step = disc.grad(loss.grad(disc.scores, target, **loss.starts)), 1e-6
    for number in range(4):
        moved = step * np.eye(4)[number]
        slope = (value(PARAMS + moved) - value(PARAMS - moved)) / (2 * step)
        middle = number < 2  # there the distance has a corner
        rows = slice(0, 3) if middle else slice(None)
        np.testing.assert_allclose(grad[rows, number], slope[rows], rtol=2e-4, atol=1e-8)


def test_a_pixel_in_the_middle_moves_nothing():
    of_scores = np.zeros((48, 48))
    of_scores[24, 24] = 1.0
    np.testing.assert_array_equal(SoftDisc(PARAMS[3]).grad(of_scores)[:2], 0)


def test_a_step_is_the_rule_of_the_optimizer():
    target, radius = picture(0.1, 2)
    start = np.array([[30.0, 22.0, radius[0], 1.5]] * 2)
    loss, rate = MASK_LOSSES["dice"], np.array([2.0, 8.0])
    found = descend_mask(loss, target, start, GRADIENT_DESCENT, 1, rate)
    np.testing.assert_allclose(found.discs[:, 0], start)
    disc = SoftDisc(np.append(start[0, :3], np.log(start[0, 3])))
    grad = disc.grad(loss.grad(disc.scores, target[0], **loss.starts))
    for run in range(2):
        after = np.append(start[run, :3], np.log(start[run, 3])) - rate[run] * UNITS**2 * grad
        np.testing.assert_allclose(found.discs[run, 1], np.append(after[:3], np.exp(after[3])))


def test_the_overlap_is_that_of_the_hard_mask():
    target, radius = picture(0.1)
    found = descend_mask(MASK_LOSSES["dice"], target, np.array([[30.0, 24, radius[0], 1.5]]), GRADIENT_DESCENT, 30,
                         np.array([10.0]))  # fmt: skip
    for step in (0, 10, 30):
        x, y, radius, _ = found.discs[0, step]
        hard = inside(x, y, radius) >= 0
        both, either = (hard & (target[0] == 1)).sum(), (hard | (target[0] == 1)).sum()
        assert found.iou[0, step] == pytest.approx(both / either)
    assert found.iou[0, -1] > 0.95


def test_a_rare_object_far_off_is_found_with_cross_entropy_alone():
    """Dice makes the prediction vanish: there is nothing but false positives that it hears."""
    target, radius = picture(0.01)
    start = np.array([[36.0, 20.0, radius[0], 1.5]])
    alone, summed = (descend_mask(MASK_LOSSES[key], target, start, OPTIMIZERS["adam"], 60, np.array([1.0]))
                     for key in ("dice", "cross_entropy_dice"))  # fmt: skip
    assert alone.iou[0, -1] == 0
    assert alone.discs[0, -1, 2] < 0
    assert summed.iou[0, -1] > 0.5


@pytest.mark.parametrize("loss", MASK_LOSSES.values(), ids=str)
def test_a_rate_that_is_far_too_large_diverges_without_a_warning(loss):
    target, radius = picture(0.1)
    found = descend_mask(loss, target, np.array([[30.0, 22.0, radius[0], 1.5]]), GRADIENT_DESCENT, 8, np.array([1e5]))
    assert np.isnan(found.discs[0, -1]).all()
    assert found.iou[0, -1] == 0
    assert np.isfinite(found.discs[0, 0]).all()
