"""The data are what they say they are, and nobody can change them."""

import numpy as np
import pytest
from scipy.optimize import linprog

from core.datasets import (
    CLASSES,
    DATASETS,
    blobs,
    circles,
    income,
    iris_pair,
    made,
    moons,
    separable,
    spirals,
    tips,
)
from core.datasets.contract import GAPMINDER, IRIS


@pytest.mark.parametrize("key", DATASETS)
def test_a_dataset_is_complete_and_read_only(key):
    data = DATASETS[key]()
    assert data.x.shape == data.target.shape == (len(data),)
    assert data.x.dtype == data.target.dtype == np.float64
    assert np.isfinite(data.x).all()
    assert np.isfinite(data.target).all()
    assert all([data.name, data.about, data.x_axis.name, data.target_axis.name, data.source.authors, data.source.title])
    with pytest.raises(ValueError, match="read-only"):
        data.x[0] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        data.target[0] = 0.0


def test_tips_are_the_244_bills():
    data = tips()
    assert len(data) == 244
    assert (data.x[0], data.target[0]) == (16.99, 1.01)
    assert data.target.mean() == pytest.approx(2.998279, abs=1e-6)  # the mean that R prints for reshape2::tips
    assert np.median(data.target) == 2.9
    assert (data.target.max(), data.x.max()) == (10.0, 50.81)
    assert str(data.target_axis) == "Tip ($)"


def test_tips_hold_real_outliers():
    data = tips()
    intercept, slope = np.linalg.lstsq(np.stack([np.ones(244), data.x], 1), data.target)[0]
    errors = np.abs(data.target - intercept - slope * data.x)
    assert np.sum(errors > 3 * errors.std()) >= 3


def test_made_data_are_a_line_with_noise_of_deviation_one():
    noise = np.concatenate([made(seed).target - 2 - 0.8 * made(seed).x for seed in range(100)])
    assert len(made()) == 40
    assert abs(noise.mean()) < 0.05
    assert noise.std() == pytest.approx(1, abs=0.05)


def test_a_seed_names_its_data():
    assert np.array_equal(made(7).target, made(np.int64(7)).target)
    assert not np.array_equal(made(7).target, made(8).target)
    assert np.array_equal(made().target, made(0).target)
    assert "7" in made(7).source.title


@pytest.mark.parametrize("seed", [-1, 1000, 1.5, "3", None, float("nan")])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to 999, got"):
        made(seed)


SEEDED = (blobs, separable, moons, circles, spirals)


def of_seeds(test):
    return pytest.mark.parametrize("data", SEEDED, ids=("blobs", "separable", "moons", "circles", "spirals"))(test)


def test_income_is_that_of_142_countries():
    data = income()
    assert len(data) == 142
    assert (data.x > 0).all()
    assert (data.target > 0).all()
    rows = GAPMINDER[GAPMINDER["year"] == 2007]
    assert np.array_equal(data.target, rows["lifeExp"])
    assert 10**data.x == pytest.approx(rows["gdpPercap"].to_numpy())
    assert data.target.mean() == pytest.approx(67.00742, abs=1e-5)  # as R prints it for gapminder::gapminder, 2007
    assert (data.target.min(), data.target.max()) == (39.613, 82.603)  # Swaziland and Japan


def test_in_a_few_countries_people_die_far_younger_than_income_suggests():
    data = income()
    slope, intercept = np.polyfit(data.x, data.target, 1)
    errors = data.target - intercept - slope * data.x
    far = errors < -2 * errors.std()
    assert 3 <= far.sum() <= 10
    assert not (errors > 2 * errors.std()).any()
    rows = GAPMINDER[GAPMINDER["year"] == 2007]
    assert {"Swaziland", "Botswana", "South Africa"} <= set(rows["country"][far])


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


def parted(data):
    """Whether a straight line parts the classes: whether s (w . x + b) >= 1 can be met at every point."""
    sign = 2 * data.target[:, None] - 1
    rows = -sign * np.column_stack([data.features, np.ones(len(data))])
    answer = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(data)), bounds=[(None, None)] * 3, method="highs")
    assert answer.status in (0, 2)  # solved, or shown to have no solution
    return answer.status == 0


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
