"""A weight of the positives is a threshold in disguise, where the model can say what is so: within which bounds.

Of two clouds the log-odds are linear, so plain cross-entropy estimates them and a weight w adds log w to all of them:
0.5 under the weight is 1/(1 + w) without. What is left is chance, which shrinks with the points, and the penalty.
"""

import re

import numpy as np
import pytest
from scipy.special import expit

from core.datasets import DATASETS
from core.models.classifier import fit_classifier
from core.models.objectives import OBJECTIVES
from tests.views.class_imbalance.shown import PLAIN, arrived, columns

WEIGHTED = "weighted_binary_cross_entropy"
SEEDS = (1, 2, 3)
MANY = 40_000


def differing(w, share, overlap, seed, points=MANY, penalty=1e-4):
    """The share of points that the weighted model predicts otherwise than the plain one: at 1/(1 + w), and at 0.5.

    Without a w it is the ratio of the classes.
    """
    split = DATASETS["clouds"].split(share=share, overlap=overlap, seed=seed, points=points)
    y, seen = split.train.target, split.train.features
    w = w or np.sum(y == 0) / np.sum(y == 1)
    basis, test_scores = (columns(data.features, seen, "linear") for data in (split.train, split.test))
    plain = fit_classifier(OBJECTIVES[PLAIN], basis, y, penalty=penalty)
    weighted = fit_classifier(OBJECTIVES[WEIGHTED], basis, y, penalty=penalty, pos_weight=w)
    assert plain.converged
    assert weighted.converged
    p, called = expit(test_scores @ plain.weights), test_scores @ weighted.weights >= 0
    return np.mean(called != (p >= 1 / (1 + w))), np.mean(called != (p >= 0.5))


@pytest.mark.parametrize("overlap", ["much", "some", "little"])
@pytest.mark.parametrize("share", [0.01, 0.1, 0.3])
@pytest.mark.parametrize(("w", "most"), [(10.0, 0.006), (None, 0.02)], ids=["ten", "balanced"])
def test_a_weight_and_a_moved_threshold_decide_alike(w, most, share, overlap):
    """On 99.4 % of the points for a weight of ten, on 98 % for balanced weights, and far more than if left at 0.5."""
    found = np.array([differing(w, share, overlap, seed) for seed in SEEDS])
    assert found[:, 0].max() <= most
    if overlap != "little":  # there the two classes are nearly parted, and every threshold is much the same
        assert (found[:, 1] > 5 * found[:, 0]).all()


@pytest.mark.parametrize("overlap", ["much", "some"])
@pytest.mark.parametrize("share", [0.01, 0.1])
def test_what_is_left_is_chance_and_shrinks_with_the_points(overlap, share):
    """With ten times as many, to a third: the square root."""
    few, many = (
        np.mean([differing(None, share, overlap, seed, points)[0] for seed in range(6)])
        for points in (MANY // 10, MANY)
    )
    assert many < 0.6 * few


def test_what_is_left_of_classes_that_are_nearly_parted_is_the_penalty_too():
    """It shortens the plain weights more than the weighted ones, whose loss is larger."""
    held, free = (
        np.mean([differing(None, 0.01, "little", seed, penalty=penalty)[0] for seed in SEEDS])
        for penalty in (1e-4, 0.0)
    )
    assert free < 0.75 * held


@pytest.mark.parametrize("share", ["0.02", "0.1", "0.25"])
@pytest.mark.parametrize("w", [2.5, 10.0, 40.0])
def test_the_page_says_so_from_its_numbers(share, w):
    """It moves the threshold to as many positives: nearly 1/(1 + w), and nearly all of them are the same."""
    words = {"points": str(MANY), "share": share, "losses": f"{PLAIN},{WEIGHTED}", f"{WEIGHTED}.pos_weight": f"{w:g}"}
    shown = arrived(words=words)
    (*_, sentence) = shown.report.sentences()
    match = re.match(
        r"\*\*Weighted BCE\*\* predicts ([\d,]+) points positive at 0.5; BCE predicts as many at about ([\d.]+), "
        r"([\d,]+) of them the same: "
        r"moving the threshold has nearly the same effect\. It ranks the points as well as BCE: ",
        sentence,
    )
    assert match, sentence
    count, same = (float(match[place].replace(",", "")) for place in (1, 3))
    assert same >= 0.95 * count
    odds = float(match[2]) / (1 - float(match[2]))
    assert 0.85 < odds * w < 1.15
