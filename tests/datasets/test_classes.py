"""Two classes of the same size are what they say they are, and nobody can change them."""

import numpy as np
import pytest

from core.datasets import CLASSES, blobs, circles, iris_pair, moons, separable, spirals
from core.datasets.dataset import IRIS
from tests.datasets.cases import parted

SEEDED = (blobs, separable, moons, circles, spirals)


def of_seeds(test):
    return pytest.mark.parametrize("data", SEEDED, ids=("blobs", "separable", "moons", "circles", "spirals"))(test)


@pytest.mark.parametrize("key", CLASSES)
def test_classes_are_complete_balanced_and_read_only(key):
    data = CLASSES[key]()
    n = len(data)
    assert data.features.shape == (n, 2)
    assert data.target.shape == (n,)
    assert data.features.dtype == data.target.dtype == np.float64
    assert np.isfinite(data.features).all()
    assert np.sum(data.target == 0) == np.sum(data.target == 1) == n / 2
    assert n == (100 if key == "iris" else 200)
    assert all([data.name, data.about, data.positive, data.source.authors, data.source.title])
    assert all(axis.name for axis in data.axes)
    with pytest.raises(ValueError, match="read-only"):
        data.features[0, 0] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        data.target[0] = 0.0


def test_names_of_classes_differ():
    assert len({make().name for make in CLASSES.values()}) == len(CLASSES) == 6


def test_the_irises_are_the_two_kinds_that_are_hard_to_tell_apart():
    data = iris_pair()
    ours = IRIS[IRIS["species"] == "virginica"][["petal_length", "petal_width"]].to_numpy()
    assert np.array_equal(data.features[data.target == 1], ours)
    assert data.positive == "virginica"
    assert data.features[data.target == 0].mean(axis=0) == pytest.approx([4.26, 1.326])  # versicolor, as in R's iris
    assert data.features[data.target == 1].mean(axis=0) == pytest.approx([5.552, 2.026])


@of_seeds
def test_a_seed_names_its_classes(data):
    assert np.array_equal(data(7).features, data(np.int64(7)).features)
    assert not np.array_equal(data(7).features, data(8).features)
    assert np.array_equal(data().features, data(0).features)
    assert np.array_equal(data(7).target, data(8).target)
    assert "7" in data(7).source.title


@of_seeds
@pytest.mark.parametrize("seed", [-1, 1000, 1.5, 7.0, "3", None, float("nan"), [3]], ids=str)
def test_a_seed_out_of_range_is_refused_by_classes_too(data, seed):
    data(7)
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to 999, got"):
        data(seed)


@pytest.mark.parametrize("seed", range(20))
def test_a_straight_line_parts_the_separable_clouds_and_no_others(seed):
    assert parted(separable(seed))
    for data in (blobs, moons, circles, spirals):
        assert not parted(data(seed))


def test_no_straight_line_parts_the_irises():
    assert not parted(iris_pair())


def test_clouds_lie_as_far_apart_as_they_say():
    for data, distance in ((blobs, 2), (separable, 8)):
        clouds = [np.concatenate([data(seed).features[data(seed).target == y] for seed in range(50)]) for y in (0, 1)]
        assert np.linalg.norm(clouds[1].mean(axis=0) - clouds[0].mean(axis=0)) == pytest.approx(distance, abs=0.1)
        assert all(cloud.std(axis=0) == pytest.approx([1, 1], abs=0.05) for cloud in clouds)


def test_circles_are_a_ring_around_a_disc():
    radius = {y: [] for y in (0, 1)}
    for seed in range(50):
        data = circles(seed)
        for y in radius:
            radius[y].append(np.linalg.norm(data.features[data.target == y], axis=1))
    outer, inner = np.concatenate(radius[0]), np.concatenate(radius[1])
    assert (outer.mean(), inner.mean()) == pytest.approx((1.3, 0.5), abs=0.03)
    assert (outer.std(), inner.std()) == pytest.approx((0.12, 0.12), abs=0.01)


def test_noise_around_moons_and_spirals_is_as_large_as_they_say():
    """What two seeds do not share is noise: twice its variance."""
    for data, noise in ((moons, 0.15), (spirals, 0.05)):
        different = np.concatenate([data(2 * k).features - data(2 * k + 1).features for k in range(50)])
        assert different.std() / np.sqrt(2) == pytest.approx(noise, rel=0.03)
        assert different.mean() == pytest.approx(0, abs=0.01)


def test_one_moon_or_spiral_arm_is_the_other_turned_by_half_a_turn():
    for data, tolerance in ((moons, 0.1), (spirals, 0.05)):
        mean = np.mean([data(seed).features for seed in range(100)], axis=0)
        assert mean[:100] == pytest.approx(-mean[100:], abs=tolerance)
