"""Data to fit with a line are what they say they are."""

import numpy as np
import pytest

from core.datasets import LINE_DATASETS
from core.datasets.dataset import GAPMINDER
from tests.datasets.cases import BAD_SEEDS, assert_complete, assert_seeded

EACH = pytest.mark.parametrize("dataset", LINE_DATASETS.values(), ids=str)
tips, income, made = (LINE_DATASETS[key].load for key in ("tips", "income", "made"))


@EACH
def test_the_points_are_complete_and_nobody_can_change_them(dataset):
    data = dataset.load(1)
    assert data.x.shape == data.target.shape == (len(data),)
    assert_complete(data, "x", "target")
    assert np.array_equal(data.inputs, data.x[:, None])
    assert (data.x_variable, data.target_variable) == dataset.variables
    assert np.ptp(data.x) > 0


@EACH
def test_a_seed_names_its_data(dataset):
    assert_seeded(dataset, dataset.load)
    assert np.array_equal(dataset.load().target, dataset.load(0).target)


@EACH
def test_the_outlier_is_no_point_of_the_data_and_starts_on_its_slider(dataset):
    outlier = dataset.outlier
    assert {outlier.default, outlier.starts_at} <= set(outlier.frames)
    assert dataset.load().x.min() <= dataset.outlier_x <= dataset.load().x.max()
    assert outlier.low < dataset.load().target.mean() < outlier.high


@EACH
@pytest.mark.parametrize("seed", BAD_SEEDS, ids=str)
def test_a_seed_out_of_range_is_refused(dataset, seed):
    if dataset.generated:
        dataset.load(7)
        with pytest.raises(ValueError, match="seed must be a whole number from 0 to 999, got"):
            dataset.load(seed)


def test_tips_are_the_244_bills():
    data = tips()
    assert len(data) == 244
    assert (data.x[0], data.target[0]) == (16.99, 1.01)
    assert data.target.mean() == pytest.approx(2.998279, abs=1e-6)  # the mean that R prints for reshape2::tips
    assert np.median(data.target) == 2.9
    assert (data.target.max(), data.x.max()) == (10.0, 50.81)
    assert str(data.target_variable) == "Tip ($)"


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
