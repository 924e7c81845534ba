"""Losses of masks: by hand, by differences, of each other, other libraries, far out, and with what is wrong."""

import json
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from core.looks import ALIKE
from core.losses import BOX_LOSSES, LOSSES, MASK_LOSSES
from core.losses.masks import distance_map
from tests.losses.cases import one_at_a_time

# All ends with all others are too many.
EACH = [(loss, params) for loss in MASK_LOSSES.values() for params in one_at_a_time(loss)]
REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "masks.json").read_text())
each = pytest.mark.parametrize(("loss", "params"), EACH, ids=str)
SURE = 800.0  # a score whose probability is 1


def sample(seed=0, count=6, share=0.3):
    random = np.random.default_rng(seed)
    return random.normal(0, 2, (count, 5, 7)), (random.random((count, 5, 7)) < share).astype(float)


@pytest.mark.parametrize("loss", MASK_LOSSES.values(), ids=str)
def test_by_hand(loss):
    assert loss.by_hand
    for (pred, target), value in loss.by_hand.items():
        assert loss.value(pred, target) == pytest.approx(value, rel=1e-12)


@each
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_gradient_is_the_slope(loss, params, share):
    pred, target = sample(share=share, count=2)
    step, grad = 1e-5, loss.grad(pred, target, **params)
    assert grad.shape == pred.shape
    for place in product(range(5), range(0, 7, 2)):
        moved = np.zeros(pred.shape)
        moved[(..., *place)] = step
        slope = (loss.value(pred + moved, target, **params) - loss.value(pred - moved, target, **params)) / (2 * step)
        np.testing.assert_allclose(grad[(..., *place)], slope, rtol=1e-5, atol=1e-9)


def test_the_means_of_pixels_are_those_of_the_binary_losses():
    pred, target = sample(seed=4)
    for key, of_pixels, params in (
        ("pixel_cross_entropy", "weighted_binary_cross_entropy", {"pos_weight": 7.0}),
        ("pixel_focal", "focal", {"gamma": 1.5, "alpha": 0.4}),
    ):
        mask, each_pixel = MASK_LOSSES[key], LOSSES[of_pixels]
        np.testing.assert_allclose(mask.value(pred, target, **params),
                                   each_pixel.value(pred, target, **params).mean(axis=(1, 2)), rtol=1e-14)  # fmt: skip
        np.testing.assert_allclose(mask.grad(pred, target, **params), each_pixel.grad(pred, target, **params) / 35)
    for weight, key in ((0, "dice"), (1, "pixel_cross_entropy")):
        both = MASK_LOSSES["cross_entropy_dice"].value(pred, target, weight=weight)
        np.testing.assert_allclose(both, MASK_LOSSES[key].value(pred, target), rtol=1e-14)


@pytest.mark.parametrize("losses", [BOX_LOSSES, MASK_LOSSES], ids=["box", "mask"])
def test_no_two_losses_of_a_picture_look_alike(losses):
    for one, other in combinations([loss.look for loss in losses.values()], 2):
        assert one.dash != other.dash or (one.hue != other.hue and {one.hue, other.hue} not in ALIKE)


def hard(seed=0):
    """Sure masks, and their Jaccard index and Dice coefficient."""
    random = np.random.default_rng(seed)
    found, target = (random.random((2, 40, 6, 6)) < 0.4).astype(float)
    both, either = (found * target).sum(axis=(1, 2)), np.maximum(found, target).sum(axis=(1, 2))
    return SURE * (2 * found - 1), target, both / either, 2 * both / (found.sum(axis=(1, 2)) + target.sum(axis=(1, 2)))


def test_of_sure_masks_they_are_one_minus_the_metrics():
    pred, target, index, coefficient = hard()
    np.testing.assert_allclose(1 - MASK_LOSSES["jaccard"].value(pred, target, smooth=0), index, atol=1e-14)
    np.testing.assert_allclose(1 - MASK_LOSSES["dice"].value(pred, target, smooth=0), coefficient, atol=1e-14)
    np.testing.assert_allclose(coefficient, 2 * index / (1 + index), atol=1e-14)


def test_tversky_holds_dice_and_jaccard():
    pred, target = sample(seed=3)
    for shares, key, smooth in (((0.5, 0.5), "dice", 2.0), ((1, 1), "jaccard", 1.0)):
        for method in ("value", "grad"):
            one = getattr(MASK_LOSSES["tversky"], method)(pred, target, alpha=shares[0], beta=shares[1])
            other = getattr(MASK_LOSSES[key], method)(pred, target, smooth=smooth)
            np.testing.assert_allclose(one, other, rtol=1e-13)
    focal, tversky = MASK_LOSSES["focal_tversky"], MASK_LOSSES["tversky"]
    np.testing.assert_allclose(focal.value(pred, target, gamma=0.75), tversky.value(pred, target) ** 0.75, rtol=1e-14)


def test_lovasz_of_errors_of_0_and_1_is_one_minus_the_index():
    found, target, index, _ = hard(seed=1)
    # A score at its margin has error 0; one at the other margin has error 2, twice that of a wrong pixel.
    score = np.where(found > 0, 1.0, -1.0)
    np.testing.assert_allclose(MASK_LOSSES["lovasz_hinge"].value(score, target), 2 * (1 - index), atol=1e-14)


def test_lovasz_is_convex_between_two_masks():
    one, target = sample(seed=5)
    other, _ = sample(seed=6)
    value = MASK_LOSSES["lovasz_hinge"].value
    assert (value((one + other) / 2, target) <= (value(one, target) + value(other, target)) / 2 + 1e-12).all()


def test_dice_of_the_small_object_is_hardly_heard():
    """A large object found and a small one missed cost about its share; alone it costs all."""
    target = np.zeros((1, 20, 20))
    target[0, 2:14, 2:14] = 1
    large = SURE * (2 * target - 1)
    target[0, 17:19, 17:19] = 1
    missed = MASK_LOSSES["dice"].value(large, target, smooth=0)[0]
    assert missed == pytest.approx(4 / (144 + 148), rel=1e-12)


def test_the_distance_map_is_below_0_inside_and_counts_pixels():
    target = np.zeros((5, 7))
    target[1:4, 2:5] = 1
    found = distance_map(target)
    assert found[2, 3] == -1
    assert found[1, 2] == 0
    assert found[2, 6] == 2
    assert (distance_map(np.zeros((3, 3))) == 0).all()


@each
@pytest.mark.parametrize("size", [1e4, 1e-300, 745.0])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_far_out_nothing_is_nan(loss, params, size, share):
    pred, target = sample(seed=2, share=share)
    value, grad = loss.value(size * np.sign(pred), target, **params), loss.grad(size * np.sign(pred), target, **params)
    assert np.isfinite(value).all()
    assert np.isfinite(grad).all()
    right = loss.value(1e4 * (2 * target - 1), target, **params)
    assert (right <= value + 1e-12).all()


@pytest.mark.parametrize("block", REFERENCE["cases"], ids=lambda block: f"{block['key']}-{block['library']}")
def test_value_and_gradient_are_those_of_other_libraries(block):
    loss = MASK_LOSSES[block["key"]]
    pred, target = np.array(block["pred"]), np.array(block["target"])
    np.testing.assert_allclose(loss.value(pred, target, **block["params"]), block["value"], **block["within"])
    np.testing.assert_allclose(loss.grad(pred, target, **block["params"]), block["grad"], **block["within"])


@pytest.mark.parametrize(
    ("pred", "target", "message"),
    [
        (np.zeros((3, 4)), np.zeros((4, 3)), "masks of one size|broadcast"),
        (np.zeros((3, 4)), np.zeros((3, 1)), "masks of one size"),
        (np.zeros(4), np.zeros(4), "masks of one size"),
        (np.zeros((0, 4)), np.zeros((0, 4)), "masks of one size"),
        (np.zeros((2, 2)), np.array([[0, 2], [1, 0]]), "target must be 0 or 1"),
        (np.array([[np.nan]]), np.array([[1]]), "pred must be finite"),
    ],
)
def test_what_is_no_mask_is_named(pred, target, message):
    with pytest.raises(ValueError, match=message):
        MASK_LOSSES["dice"].value(pred, target)
