"""Two classes of the same size are what they say they are."""

import numpy as np
import pytest

from core.datasets import CLASS_DATASETS, SHAPE_DATASETS
from core.datasets.dataset import IRIS
from tests.datasets.cases import BAD_SEEDS, assert_complete, assert_seeded, parted

EACH = pytest.mark.parametrize("dataset", [*CLASS_DATASETS.values(), *SHAPE_DATASETS.values()], ids=str)
EACH_SHAPE = pytest.mark.parametrize("dataset", SHAPE_DATASETS.values(), ids=str)
iris_pair, blobs, separable = (CLASS_DATASETS[key].load for key in ("iris", "blobs", "separable"))
moons, circles, spirals = (SHAPE_DATASETS[key].load for key in ("moons", "circles", "spirals"))


@EACH
def test_classes_are_complete_and_balanced_and_nobody_can_change_them(dataset):
    data = dataset.load()
    assert data.features.shape == (len(data), 2)
    assert data.inputs is data.features
    assert_complete(data, "features", "target")
    assert np.sum(data.target == 0) == np.sum(data.target == 1) == len(data) / 2
    assert data.positive
    assert all(variable.name for variable in data.variables)


@EACH
def test_a_seed_names_its_classes(dataset):
    assert_seeded(dataset, dataset.load)
    assert np.array_equal(dataset.load().features, dataset.load(0).features)
    assert np.array_equal(dataset.load(7).target, dataset.load(8).target)


@EACH
@pytest.mark.parametrize("seed", BAD_SEEDS, ids=str)
def test_a_seed_out_of_range_is_refused_by_classes_too(dataset, seed):
    if dataset.generated:
        dataset.load(7)
        with pytest.raises(ValueError, match="seed must be a whole number from 0 to 999, got"):
            dataset.load(seed)


@EACH_SHAPE
def test_noise_around_a_shape_is_as_large_as_its_record_says(dataset):
    """What two seeds do not share is noise: twice its variance."""
    different = np.concatenate([dataset.load(2 * k).features - dataset.load(2 * k + 1).features for k in range(50)])
    assert different.std() / np.sqrt(2) == pytest.approx(dataset.noise, rel=0.03)
    assert different.mean() == pytest.approx(0, abs=dataset.noise / 10)


@EACH_SHAPE
def test_a_shape_goes_from_its_beginning_to_its_end_and_a_closed_one_on_from_there(dataset):
    ends, even = np.array([0.0, 1.0]), np.linspace(0, 1, 100)
    for label in (0.0, 1.0):
        begin, end = dataset.place(ends, np.full(2, label))
        assert (np.linalg.norm(end - begin) < 1e-9) == dataset.closed
        steps = np.linalg.norm(np.diff(dataset.place(even, np.full(100, label)), axis=0), axis=1)
        assert steps.max() < 0.2 < steps.sum()


@EACH_SHAPE
def test_the_frames_of_the_noise_rise(dataset):
    assert np.all(np.diff(dataset.noises) > 0)
    assert all(noise >= 0 for noise in dataset.noises)


@EACH_SHAPE
def test_no_straight_line_parts_a_shape(dataset):
    assert not any(parted(dataset.load(seed)) for seed in range(3))


def test_the_irises_are_the_two_kinds_that_are_hard_to_tell_apart():
    data = iris_pair()
    ours = IRIS[IRIS["species"] == "virginica"][["petal_length", "petal_width"]].to_numpy()
    assert np.array_equal(data.features[data.target == 1], ours)
    assert data.positive == "virginica"
    assert data.features[data.target == 0].mean(axis=0) == pytest.approx([4.26, 1.326])  # versicolor, as in R's iris
    assert data.features[data.target == 1].mean(axis=0) == pytest.approx([5.552, 2.026])


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


def test_one_moon_or_spiral_arm_is_the_other_turned_by_half_a_turn():
    for data, tolerance in ((moons, 0.1), (spirals, 0.05)):
        mean = np.mean([data(seed).features for seed in range(100)], axis=0)
        assert mean[:100] == pytest.approx(-mean[100:], abs=tolerance)


def test_a_spiral_arm_goes_outwards_in_less_than_one_turn():
    along, none = np.linspace(0, 1, 50), np.zeros(50)
    x, y = SHAPE_DATASETS["spirals"].place(along, none).T
    assert np.hypot(x, y) == pytest.approx(np.linspace(0.24, 1.6, 50))
    assert np.unwrap(np.arctan2(y, x)) == pytest.approx(np.linspace(0.3, 2, 50) * np.pi)
