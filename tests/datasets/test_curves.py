"""Data to learn from: nested, as noisy as asked, and judged by others without outliers or wrong labels."""

import numpy as np
import pytest

from core.datasets import noisy_circles, noisy_moons, wave

MADE = pytest.mark.parametrize("make", [wave, noisy_moons, noisy_circles])


def truth(x):
    return np.sin(2 * x) + x / 2


def features(data):
    return data.x if hasattr(data, "x") else data.features


@MADE
def test_fewer_points_are_the_first_of_more(make):
    few, many = make(17, 0.2, 3).train, make(300, 0.2, 3).train
    assert (len(few), len(many)) == (17, 300)
    assert np.array_equal(features(few), features(many)[:17])
    assert np.array_equal(few.target, many.target[:17])


@MADE
def test_noise_scales_the_same_draws(make):
    none, some, twice = (make(50, noise, 3) for noise in (0.0, 0.2, 0.4))

    def values(lesson):
        return lesson.train.target if make is wave else lesson.train.features

    assert values(twice) - values(none) == pytest.approx(2 * (values(some) - values(none)), abs=1e-12)
    assert not np.array_equal(values(some), values(none))


@MADE
def test_there_are_200_others_to_judge_by_whatever_the_examples(make):
    few, many = make(5, 0.2, 3, 0.5).validation, make(300, 0.2, 3).validation
    assert len(few) == 200
    assert np.array_equal(features(few), features(many))
    assert np.array_equal(few.target, many.target)
    assert not np.isin(features(few), features(make(300, 0.2, 3).train)).any()
    assert not few.target.flags.writeable


@MADE
def test_a_seed_names_its_points(make):
    assert np.array_equal(features(make(20, 0.1, 7).train), features(make(20, 0.1, 7).train))
    assert not np.array_equal(features(make(20, 0.1, 7).train), features(make(20, 0.1, 8).train))


def test_a_wave_has_the_noise_it_says_in_both_halves_each_its_own():
    for noise in (0.1, 1.0):
        train, validation = wave(1000, noise, 5)
        assert (train.target - truth(train.x)).std() == pytest.approx(noise, rel=0.1)
        unseen = (validation.target - truth(validation.x)) / noise
        assert unseen.std() == pytest.approx(1, rel=0.15)
        assert abs(np.corrcoef(unseen, (train.target - truth(train.x))[:200])[0, 1]) < 0.2
    assert np.abs(train.x).max() <= 3
    assert validation.x == pytest.approx(np.linspace(-3, 3, 200))


def test_outliers_are_6_too_high_and_some_of_more():
    clean = wave(500, 0.3, 1).train.target
    few, many = (wave(500, 0.3, 1, share).train.target - clean for share in (0.05, 0.2))
    assert set(np.round(many, 9)) == {0.0, 6.0}
    assert ((few > 0) <= (many > 0)).all()
    assert (np.mean(few > 0), np.mean(many > 0)) == pytest.approx((0.05, 0.2), abs=0.03)


@pytest.mark.parametrize("make", [noisy_moons, noisy_circles])
def test_flipped_labels_are_wrong_in_the_examples_alone(make):
    clean, wrong = make(400, 0.1, 2), make(400, 0.1, 2, 0.25)
    assert np.array_equal(clean.train.features, wrong.train.features)
    assert np.mean(clean.train.target != wrong.train.target) == pytest.approx(0.25, abs=0.06)
    assert clean.train.target[:4].tolist() == [0, 1, 0, 1]
    assert np.mean(make(10, 0.1, 2).validation.target) == 0.5


def test_moons_and_circles_are_what_they_are_called():
    moons, circles = noisy_moons(1000, 0.0).train, noisy_circles(1000, 0.0).train
    upper = moons.features[moons.target == 0] + [0.5, 0.25]
    assert np.linalg.norm(upper, axis=1) == pytest.approx(1)
    assert upper[:, 1].min() >= 0
    lower = moons.features[moons.target == 1] + [0.5, 0.25] - [1.0, 0.5]
    assert np.linalg.norm(lower, axis=1) == pytest.approx(1)
    assert lower[:, 1].max() <= 0
    assert np.linalg.norm(circles.features, axis=1) == pytest.approx(np.where(circles.target, 0.5, 1.3))


@MADE
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
def test_what_cannot_be_is_refused(make, arguments, message):
    with pytest.raises(ValueError, match=message):
        make(**arguments)


@pytest.mark.parametrize(("make", "name"), [(wave, "outliers"), (noisy_moons, "flipped"), (noisy_circles, "flipped")])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_a_share_lies_between_0_and_1(make, name, value):
    with pytest.raises(ValueError, match=rf"{name} must be in \[0, 1\], got"):
        make(**{name: value})
