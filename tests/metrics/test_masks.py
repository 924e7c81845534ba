"""Metrics of masks: by hand, by every distance there is, of each other, of empty masks, and with what is wrong."""

import numpy as np
import pytest

from core.metrics.masks import (
    dice_coefficient,
    edge,
    edge_distances,
    jaccard_index,
    mask_confusion,
)


def square(left, top, side=4, size=12):
    mask = np.zeros((size, size))
    mask[top : top + side, left : left + side] = 1
    return mask


def masks(seed=0, count=12):
    """Pairs of masks of all kinds, two empty and two full ones among them."""
    random = np.random.default_rng(seed)
    found, target = (random.random((2, count, 7, 9)) < random.random((2, count, 1, 1))).astype(float)
    found[0] = target[1] = 0
    found[2] = target[3] = 1
    return found, target


def distances(one, other):
    """From each pixel of either edge to the nearest one of the other, one by one."""
    a, b = np.argwhere(edge(one == 1)), np.argwhere(edge(other == 1))
    apart = np.hypot(*(a[:, None] - b).transpose(2, 0, 1))
    return np.concatenate([apart.min(axis=1), apart.min(axis=0)])


def test_by_hand():
    """A square, and one that is two pixels further right: 8 of 24 pixels in common; edges of 12 pixels each."""
    one, other = square(1, 1), square(3, 1)
    counts = mask_confusion(one, other)
    assert (counts.tp, counts.fp, counts.fn, counts.tn) == (8, 8, 8, 120)
    assert jaccard_index(counts) == pytest.approx(8 / 24)
    assert dice_coefficient(counts) == pytest.approx(16 / 32)
    mean, largest = edge_distances(one, other)
    assert largest == 2
    # Of each edge: a side at 2 (4 pixels), the two beside it at 1 (2), all others on the other edge but the near side's
    # two inner ones, which lie inside of it at 1.
    assert mean == pytest.approx((4 * 2 + 2 * 1 + 2 * 1) / 12)


def test_an_edge_has_a_neighbour_outside():
    mask = square(0, 1, side=3, size=5) == 1
    assert edge(mask).sum() == 8
    assert not edge(mask)[2, 1]
    assert edge(np.ones((3, 3), bool)).sum() == 8  # outside of the picture there is no object


def test_dice_of_hard_masks_follows_from_jaccard():
    counts = mask_confusion(*masks())
    index = jaccard_index(counts)
    np.testing.assert_allclose(dice_coefficient(counts), 2 * index / (1 + index), rtol=1e-14)


def test_edge_distances_are_those_of_all_pairs_of_pixels():
    found, target = masks()
    defined = found.any(axis=(1, 2)) & target.any(axis=(1, 2))
    assert 0 < defined.sum() < len(defined)
    pairs = list(zip(zip(found, target, strict=True), defined, strict=True))
    for which, summary in enumerate((np.mean, np.max)):
        expected = [summary(distances(*pair)) if there else np.nan for pair, there in pairs]
        np.testing.assert_allclose(edge_distances(found, target)[which], expected)
        np.testing.assert_allclose(edge_distances(target, found)[which], expected)
        assert edge_distances(target[4], target[4])[which] == 0


def test_of_two_empty_masks_overlap_is_undefined():
    empty = np.zeros((3, 4))
    counts = mask_confusion(empty, empty)
    assert np.isnan([jaccard_index(counts), dice_coefficient(counts)]).all()
    assert np.isnan(edge_distances(empty, empty)).all()
    assert counts.tn == 12


def test_masks_broadcast():
    found, target = masks()
    counts = mask_confusion(found, target[4])
    assert counts.tp.shape == (len(found),)
    assert edge_distances(found[:, None], target[4:6])[1].shape == (len(found), 2)


@pytest.mark.parametrize(
    ("found", "target", "message"),
    [
        (np.zeros((3, 4)), np.zeros((4, 3)), r"masks of one size .* \(3, 4\) and \(4, 3\)"),
        (np.zeros(4), np.zeros(4), "masks of one size"),
        (np.zeros((0, 4)), np.zeros((0, 4)), "masks of one size"),
        (np.full((3, 4), 0.5), np.zeros((3, 4)), r"found must be 0 or 1, got 0.5"),
        (np.zeros((3, 4)), np.full((3, 4), 2), r"target must be 0 or 1, got 2"),
    ],
)
def test_bad_masks_are_named(found, target, message):
    for metric in (mask_confusion, edge_distances):
        with pytest.raises(ValueError, match=message):
            metric(found, target)
