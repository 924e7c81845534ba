"""Training sets are nested and as noisy as asked; validation sets have no outliers and no wrong labels."""

import numpy as np
import pytest

from core.datasets import CURVE_DATASETS, SHAPE_DATASETS

CURVES, SHAPES = CURVE_DATASETS.values(), SHAPE_DATASETS.values()
EACH = pytest.mark.parametrize("dataset", [*CURVES, *SHAPES], ids=str)
EACH_CURVE = pytest.mark.parametrize("dataset", CURVES, ids=str)
EACH_SHAPE = pytest.mark.parametrize("dataset", SHAPES, ids=str)


@EACH
def test_fewer_points_are_the_first_of_more(dataset):
    few, many = dataset.split(17, 0.2, 3).train, dataset.split(300, 0.2, 3).train
    assert (len(few), len(many)) == (17, 300)
    assert np.array_equal(few.inputs, many.inputs[:17])
    assert np.array_equal(few.target, many.target[:17])


@EACH
def test_noise_scales_the_same_draws(dataset):
    none, some, twice = (dataset.split(50, noise, 3) for noise in (0.0, 0.2, 0.4))

    def values(split):
        return split.train.target if dataset in CURVES else split.train.features

    assert values(twice) - values(none) == pytest.approx(2 * (values(some) - values(none)), abs=1e-12)
    assert not np.array_equal(values(some), values(none))


@EACH
def test_the_validation_set_is_the_same_200_points_whatever_the_training_set(dataset):
    few, many = dataset.split(5, 0.2, 3, 0.5).validation, dataset.split(300, 0.2, 3).validation
    assert len(few) == 200
    assert np.array_equal(few.inputs, many.inputs)
    assert np.array_equal(few.target, many.target)
    assert not np.isin(few.inputs, dataset.split(300, 0.2, 3).train.inputs).any()
    assert not few.target.flags.writeable


@EACH
def test_a_seed_names_its_points(dataset):
    assert np.array_equal(dataset.split(20, 0.1, 7).train.inputs, dataset.split(20, 0.1, 7).train.inputs)
    assert not np.array_equal(dataset.split(20, 0.1, 7).train.inputs, dataset.split(20, 0.1, 8).train.inputs)


@EACH_CURVE
def test_both_sets_have_the_noise_that_is_asked_for_each_its_own(dataset):
    for noise in (0.1, 1.0):
        train, validation = dataset.split(1000, noise, 5)
        assert (train.target - dataset.truth(train.x)).std() == pytest.approx(noise, rel=0.1)
        unseen = (validation.target - dataset.truth(validation.x)) / noise
        assert unseen.std() == pytest.approx(1, rel=0.15)
        assert abs(np.corrcoef(unseen, (train.target - dataset.truth(train.x))[:200])[0, 1]) < 0.2
    assert np.abs(train.x).max() <= 3
    assert validation.x == pytest.approx(np.linspace(-3, 3, 200))


def test_the_wave_is_a_rising_sine():
    x = np.linspace(-3, 3, 50)
    assert CURVE_DATASETS["wave"].split(seed=1, noise=0).validation.target[:1] == pytest.approx(np.sin(-6) - 1.5)
    assert CURVE_DATASETS["wave"].truth(x) == pytest.approx(np.sin(2 * x) + x / 2)


@EACH
def test_the_noise_is_the_record_s_own_unless_one_is_asked_for(dataset):
    assert np.array_equal(dataset.split().train.inputs, dataset.split(noise=dataset.noise).train.inputs)
    assert np.array_equal(dataset.split().train.target, dataset.split(noise=dataset.noise).train.target)
    assert not np.array_equal(dataset.split().validation, dataset.split(noise=2 * dataset.noise).validation)


@EACH_CURVE
def test_outliers_are_6_too_high_and_some_of_more(dataset):
    clean = dataset.split(500, 0.3, 1).train.target
    few, many = (dataset.split(500, 0.3, 1, share).train.target - clean for share in (0.05, 0.2))
    assert set(np.round(many, 9)) == {0.0, 6.0}
    assert ((few > 0) <= (many > 0)).all()
    assert (np.mean(few > 0), np.mean(many > 0)) == pytest.approx((0.05, 0.2), abs=0.03)


@EACH_SHAPE
def test_flipped_labels_are_wrong_in_the_examples_alone(dataset):
    clean, wrong = dataset.split(400, 0.1, 2), dataset.split(400, 0.1, 2, 0.25)
    assert np.array_equal(clean.train.features, wrong.train.features)
    assert np.mean(clean.train.target != wrong.train.target) == pytest.approx(0.25, abs=0.06)
    assert clean.train.target[:4].tolist() == [0, 1, 0, 1]
    assert np.mean(dataset.split(10, 0.1, 2).validation.target) == 0.5


def test_moons_and_circles_are_what_they_are_called():
    moons, circles = (SHAPE_DATASETS[key].split(1000, 0.0).train for key in ("moons", "circles"))
    upper = moons.features[moons.target == 0] + [0.5, 0.25]
    assert np.linalg.norm(upper, axis=1) == pytest.approx(1)
    assert upper[:, 1].min() >= 0
    lower = moons.features[moons.target == 1] + [0.5, 0.25] - [1.0, 0.5]
    assert np.linalg.norm(lower, axis=1) == pytest.approx(1)
    assert lower[:, 1].max() <= 0
    assert np.linalg.norm(circles.features, axis=1) == pytest.approx(np.where(circles.target, 0.5, 1.3))


@EACH
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"points": 0}, "points must be a whole number from 1 to 1000, got 0"),
        ({"points": 2.5}, r"points must be a whole number from 1 to 1000, got 2\.5"),
        ({"noise": -1.0}, "noise must be at least 0, got -1"),
        ({"noise": float("nan")}, "noise must be at least 0, got nan"),
        ({"noise": [1.0]}, "noise must be one number"),
        ({"seed": 1000}, "seed must be a whole number from 0 to 999"),
    ],
)
def test_what_cannot_be_is_refused(dataset, arguments, message):
    with pytest.raises(ValueError, match=message):
        dataset.split(**arguments)


@EACH
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_a_share_lies_between_0_and_1(dataset, value):
    with pytest.raises(ValueError, match=r"corrupted must be in \[0, 1\], got"):
        dataset.split(corrupted=value)
