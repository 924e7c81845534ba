"""Objects on a picture and a prediction of them: each number does what it says."""

import numpy as np
import pytest

from core.losses import MASK_LOSSES
from core.models.mask_prediction import LAYOUTS, SIZE, MaskPrediction, first_radius, inside, share_on
from core.numerics import sigmoid

USUAL = {"share": 0.1, "shift": 0.0, "size": 1.0, "blur": 1.0, "confidence": 4.0, "found": 1.0, "leak": 0.0}


def predicted(layout="one", **changed):
    """A prediction in one run for each of the values that are given as lists."""
    runs = max((len(np.atleast_1d(value)) for value in changed.values()), default=1)
    return MaskPrediction(layout, **{name: np.broadcast_to(np.asarray(value, float), runs)
                                     for name, value in (USUAL | changed).items()})  # fmt: skip


@pytest.mark.parametrize("layout", ["one", "two"])
def test_the_objects_cover_their_share(layout):
    shares = np.array([0.005, 0.02, 0.1, 0.3])
    shown = predicted(layout, share=shares)
    np.testing.assert_allclose(shown.target.mean(axis=(1, 2)), shares, rtol=0.2)
    areas = shown.objects.sum(axis=(2, 3))
    assert (areas > 0).all()
    assert (areas.sum(axis=0) == shown.target.sum(axis=(1, 2))).all()  # they do not overlap
    if layout == "two":
        np.testing.assert_allclose(areas[1, -1] / areas[0, -1], 1 / 16, rtol=0.2)
    border = shown.target.copy()
    border[:, 1:-1, 1:-1] = 0
    assert not border.any()  # they lie within the picture


def test_an_empty_mask_has_no_object_and_a_prediction():
    shown = predicted("empty")
    assert not shown.target.any()
    assert shown.objects.shape == (0, 1, SIZE, SIZE)
    assert shown.hard.any()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_a_fault_the_hard_prediction_is_the_object(layout):
    shown = predicted(layout, share=[0.005, 0.05, 0.3])
    if layout != "empty":
        assert (shown.hard == (shown.target == 1)).all()


def test_shift_and_size():
    shown, radius = predicted(shift=[5.0], size=[1.5]), first_radius(0.1, LAYOUTS["one"])
    wanted = inside(np.array([29.0]), np.array([24.0]), np.array([1.5 * radius])) > 0
    assert (shown.hard == wanted).all()
    assert not predicted(size=[0.0]).hard.any()


def test_confidence_is_the_largest_score_and_blur_the_width_of_the_edge():
    shown = predicted(confidence=[1.0, 8.0], blur=0.2)
    np.testing.assert_allclose(np.abs(shown.logits).max(axis=(1, 2)), [1, 8], rtol=1e-3)
    unsure = [((one > 0.1) & (one < 0.9)).sum() for one in predicted(blur=[0.5, 2.0, 6.0]).probability]
    assert unsure == sorted(unsure)
    assert unsure[0] < unsure[-1]


def test_a_leak_is_a_probability_of_its_own():
    """1 - p is (1 - leak) times what it was, in every pixel."""
    before, after = predicted().probability, predicted(leak=0.3).probability
    np.testing.assert_allclose(1 - after, 0.7 * (1 - before), rtol=1e-12)
    np.testing.assert_allclose(predicted(leak=0.3).probability, sigmoid(predicted(leak=0.3).logits), rtol=1e-12)


def test_the_second_object_is_found_or_not():
    small = predicted("two").objects[1, 0]
    missed, found = predicted("two", found=[0.0, 1.0]).probability
    np.testing.assert_allclose(missed[small], sigmoid(-4.0), rtol=1e-6)
    assert (found[small] > 0.5).all()
    np.testing.assert_array_equal(missed[24:, :32], found[24:, :32])


def test_the_share_of_a_gradient():
    mask = np.zeros((2, 3))
    mask[0, 0] = 1
    assert share_on(np.array([[-3.0, 1, 0], [0, 0, -2]]), mask) == pytest.approx(0.5)
    assert np.isnan(share_on(np.zeros((2, 3)), mask))


def test_dice_is_deaf_to_a_confidently_missed_object_and_the_gradient_vanishes_for_an_empty_mask():
    """Its gradient in p is the same on every missed pixel, but p(1 - p) is not; without smoothing an empty mask has no
    slope at all."""
    missed = predicted("two", found=0.0, confidence=[2.0, 8.0])
    grad = np.abs(missed.grad(MASK_LOSSES["dice"], smooth=np.ones(2)) * missed.objects[1]).sum(axis=(1, 2))
    assert grad[1] < 0.01 * grad[0]
    empty = predicted("empty", leak=[0.0, 0.2])
    assert not empty.grad(MASK_LOSSES["dice"], smooth=np.zeros(2)).any()
    assert (empty.grad(MASK_LOSSES["dice"], smooth=np.ones(2)) > 0).all()
