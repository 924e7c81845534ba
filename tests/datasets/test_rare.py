"""A rare class is as rare as asked, in both halves; its points stay when only the share changes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import plotly.data
import pytest

from core.datasets import DISTANCES, RARE, Halves, clouds, ring, short_lives
from tests.datasets.cases import parted

MADE = (clouds, ring)
SHARES = (0.001, 0.0033, 0.01, 0.05, 0.123, 0.3, 0.5)
FAR = {"much": 1.5, "some": 2.5, "little": 4.0, "none": 10.0}


def of_both(test):
    return pytest.mark.parametrize("data", MADE, ids=("clouds", "ring"))(test)


def of(half, label):
    return half.features[half.target == label]


def rows(half, label):
    return set(map(tuple, of(half, label).tolist()))


def together(halves, label):
    return np.concatenate([of(halves.train, label), of(halves.test, label)])


def same(one, other):
    return all(
        np.array_equal(getattr(half, part), getattr(twin, part))
        for half, twin in ((one.train, other.train), (one.test, other.test))
        for part in ("features", "target")
    )


@pytest.mark.parametrize("key", RARE)
def test_both_halves_are_complete_and_read_only(key):
    halves = RARE[key]()
    for half in (halves.train, halves.test):
        assert half.features.shape == (len(half), 2)
        assert half.target.shape == (len(half),)
        assert half.features.dtype == half.target.dtype == np.float64
        assert np.isfinite(half.features).all()
        assert set(half.target) == {0, 1}
        assert all([half.name, half.about, half.positive, half.source.authors, half.source.title])
        assert all(axis.name for axis in half.axes)
        with pytest.raises(ValueError, match="read-only"):
            half.features[0, 0] = 0.0
        with pytest.raises(ValueError, match="read-only"):
            half.target[0] = 0.0


def test_names_differ():
    assert len({make().train.name for make in RARE.values()}) == len(RARE) == 3


@of_both
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("points", [400, 999, 4000])
def test_a_share_is_a_share_of_both_halves(data, share, points):
    halves = data(share=share, points=points)
    counts = {label: [np.sum(half.target == label) for half in (halves.train, halves.test)] for label in (0, 1)}
    assert sum(counts[0]) + sum(counts[1]) == points
    assert abs(sum(counts[1]) - share * points) <= 0.5
    for learned, judged in counts.values():
        assert learned - judged in (0, 1)
    assert halves.share == sum(counts[1]) / points


@of_both
def test_no_positives_and_a_single_point(data):
    none = data(share=0)
    assert (len(none.train), len(none.test), none.share) == (2000, 2000, 0.0)
    assert not none.train.target.any()
    one = data(points=1)
    assert (len(one.train), len(one.test), one.share) == (1, 0, 0.0)
    assert one.test.features.shape == (0, 2)


def test_no_points_have_no_share():
    half = clouds(points=1).test
    with np.errstate(all="raise"):
        assert np.isnan(Halves(half, half).share)
    assert Halves(half, replace(half, features=[[0, 0], [1, 1]], target=[0, 1])).share == 0.5


@of_both
def test_points_stay_when_the_share_changes(data):
    """And on their side: what was learned from never comes to judge."""
    for less, more in pairwise(SHARES):
        rarer, other = data(share=less), data(share=more)
        for half in ("train", "test"):
            before, after = getattr(rarer, half), getattr(other, half)
            assert rows(before, 1) < rows(after, 1)
            assert rows(before, 0) > rows(after, 0)


@of_both
def test_halves_and_classes_share_no_point(data):
    halves = data(share=0.5)
    found = [rows(half, label) for half in (halves.train, halves.test) for label in (0, 1)]
    assert len(set.union(*found)) == 4000


@of_both
def test_a_seed_names_its_points(data):
    assert same(data(seed=7), data(seed=np.int64(7)))
    assert same(data(), data(share=0.01, overlap="some", seed=0, points=4000))
    assert not np.isin(data(seed=7).train.features, data(seed=8).train.features).any()
    assert "7" in data(seed=7).train.source.title


def test_the_classes_are_not_scattered_alike():
    halves = clouds(share=0.5, points=20_000)
    assert abs(np.corrcoef(of(halves.train, 0)[:, 0], of(halves.train, 1)[:, 0])[0, 1]) < 0.05


@pytest.mark.parametrize("overlap", DISTANCES)
def test_two_clouds_lie_as_far_apart_as_their_overlap_says(overlap):
    halves = clouds(share=0.5, overlap=overlap, points=100_000)
    common, rare = together(halves, 0), together(halves, 1)
    assert np.linalg.norm(rare.mean(axis=0) - common.mean(axis=0)) == pytest.approx(FAR[overlap], abs=0.03)
    for cloud in (common, rare):
        assert cloud.std(axis=0) == pytest.approx([1, 1], abs=0.02)
        assert np.corrcoef(cloud.T)[0, 1] == pytest.approx(0, abs=0.02)  # round
    assert common.mean(axis=0) == pytest.approx([0, 0], abs=0.02)


@pytest.mark.parametrize("overlap", DISTANCES)
def test_a_ring_is_as_wide_as_its_overlap_says_and_goes_all_round(overlap):
    halves = ring(share=0.5, overlap=overlap, points=100_000)
    common, around = together(halves, 0), together(halves, 1)
    radius = np.linalg.norm(around, axis=1)
    assert radius.mean() == pytest.approx(FAR[overlap] + 1, abs=0.06)  # noise to the sides adds a little
    assert radius.std() == pytest.approx(0.5, abs=0.02)
    assert np.histogram(np.arctan2(*around.T), 8, (-np.pi, np.pi))[0] == pytest.approx(50_000 / 8, rel=0.05)
    assert common.std(axis=0) == pytest.approx([1, 1], abs=0.02)
    assert common.mean(axis=0) == pytest.approx([0, 0], abs=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_a_straight_line_parts_clouds_without_overlap_and_no_others(seed):
    for overlap in DISTANCES:
        halves = clouds(share=0.3, overlap=overlap, seed=seed)
        assert parted(halves.train) == parted(halves.test) == (overlap == "none")


def test_many_points_overlap_no_more_when_they_are_not_to():
    """At a distance of 9 this seed's do."""
    halves = clouds(share=0.5, overlap="none", seed=85, points=40_000)
    assert parted(halves.train)
    assert parted(halves.test)


@pytest.mark.parametrize("overlap", DISTANCES)
def test_no_straight_line_parts_a_ring_from_what_it_is_around(overlap):
    for seed in range(3):
        halves = ring(overlap=overlap, seed=seed)
        assert not parted(halves.train)
        assert not parted(halves.test)


def test_a_circle_parts_a_ring_without_overlap():
    for seed in range(20):
        halves = ring(share=0.5, overlap="none", seed=seed)
        inner, outer = (np.linalg.norm(together(halves, label), axis=1) for label in (0, 1))
        assert inner.max() < outer.min()


def test_short_lives_are_those_of_the_table():
    table = plotly.data.gapminder()
    positives = int((table["lifeExp"] < 40).sum())
    halves = short_lives()
    assert [half.target.sum() for half in (halves.train, halves.test)] == [positives / 2] * 2
    assert halves.share == positives / 1704
    assert f"{100 * halves.share:.1f}" == "7.3"
    assert "1,704 years of 142 countries, 1952 to 2007" in halves.train.about
    assert (len(table), table["country"].nunique()) == (1704, 142)
    assert (table["year"].min(), table["year"].max()) == (1952, 2007)


@pytest.mark.parametrize("seed", [0, 1, 999])
def test_each_countrys_year_is_in_one_half_once(seed):
    halves, table = short_lives(seed), plotly.data.gapminder()
    found = np.concatenate([np.column_stack([half.features, half.target]) for half in (halves.train, halves.test)])
    wanted = np.column_stack([np.log10(table["gdpPercap"]), table["year"], table["lifeExp"] < 40])
    assert len(np.unique(wanted, axis=0)) == 1704  # a row names its country and year
    found, wanted = (np.array(sorted(map(tuple, some))) for some in (found, wanted))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_a_seed_names_its_halves_of_the_countries():
    assert same(short_lives(7), short_lives(np.int64(7)))
    assert rows(short_lives(7).train, 1) != rows(short_lives(8).train, 1)
    assert rows(short_lives(7).train, 0) != rows(short_lives(8).train, 0)


@of_both
@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"share": -0.1}, r"share must be in \[0, 0\.5\], got -0\.1"),
        ({"share": 0.6}, r"share must be in \[0, 0\.5\], got 0\.6"),
        ({"share": float("nan")}, r"share must be in \[0, 0\.5\], got nan"),
        ({"share": "many"}, "share must be numbers, got 'many'"),
        ({"share": None}, "share must be numbers, got None"),
        ({"share": [0.1, 0.2]}, r"share must be one number, got shape \(2,\)"),
        ({"overlap": "most"}, "overlap must be one of much, some, little, none, got 'most'"),
        ({"overlap": None}, "overlap must be one of much, some, little, none, got None"),
        ({"overlap": ["some"]}, r"overlap must be one of much, some, little, none, got \['some'\]"),
        ({"points": 0}, "points must be a whole number from 1 to 100000, got 0"),
        ({"points": 10**9}, "points must be a whole number from 1 to 100000, got 1000000000"),
        ({"points": 400.0}, r"points must be a whole number from 1 to 100000, got 400\.0"),
        ({"points": "400"}, "points must be a whole number from 1 to 100000, got '400'"),
        ({"points": [4, 5]}, r"points must be a whole number from 1 to 100000, got \[4, 5\]"),
        ({"points": np.array([4, 5])}, r"points must be a whole number from 1 to 100000, got array\(\[4, 5\]\)"),
        ({"seed": 1000}, "seed must be a whole number from 0 to 999, got 1000"),
        ({"seed": 1.5}, r"seed must be a whole number from 0 to 999, got 1\.5"),
    ],
    ids=str,
)
def test_one_sentence_says_what_is_wrong(data, bad, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        data(**bad)


@pytest.mark.parametrize("seed", [-1, 1000, 1.5, "3", None])
def test_a_seed_out_of_range_is_refused_by_the_countries_too(seed):
    with pytest.raises(ValueError, match=r"^seed must be a whole number from 0 to 999, got"):
        short_lives(seed)
