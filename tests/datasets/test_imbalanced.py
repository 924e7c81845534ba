"""A rare class is as rare as asked, in both sets; its points stay when only the share changes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import plotly.data
import pytest

from core.datasets import DISTANCES, IMBALANCED_DATASETS, ImbalancedDataset, TrainTest
from tests.datasets.cases import BAD_SEEDS, assert_complete, parted

clouds, ring, short_lives = (IMBALANCED_DATASETS[key].split for key in ("clouds", "ring", "short_lives"))
GENERATED = [dataset for dataset in IMBALANCED_DATASETS.values() if dataset.generated]
SHARES = (0.001, 0.0033, 0.01, 0.05, 0.123, 0.3, 0.5)
FAR = {"much": 1.5, "some": 2.5, "little": 4.0, "none": 10.0}


def each_generated(test):
    return pytest.mark.parametrize("data", [dataset.split for dataset in GENERATED], ids=map(str, GENERATED))(test)


def of(part, label):
    return part.features[part.target == label]


def rows(part, label):
    return set(map(tuple, of(part, label).tolist()))


def together(sets, label):
    return np.concatenate([of(sets.train, label), of(sets.test, label)])


def same(one, other):
    return all(
        np.array_equal(getattr(part, column), getattr(twin, column))
        for part, twin in ((one.train, other.train), (one.test, other.test))
        for column in ("features", "target")
    )


@pytest.mark.parametrize("dataset", IMBALANCED_DATASETS.values(), ids=str)
def test_both_sets_are_complete_and_nobody_can_change_them(dataset):
    sets = dataset.split()
    for part in (sets.train, sets.test):
        assert part.features.shape == (len(part), 2)
        assert part.target.shape == (len(part),)
        assert_complete(part, "features", "target")
        assert set(part.target) == {0, 1}
        assert part.positive
        assert all(variable.name for variable in part.variables)


def test_a_data_set_is_generated_or_measured():
    for given in ({}, {"rare": lambda *_: None, "rows": lambda: None}):
        with pytest.raises(ValueError, match="either rare or rows"):
            ImbalancedDataset(name="Odd", about="Odd.", **given)
    assert all((dataset.rows is None) == dataset.generated for dataset in IMBALANCED_DATASETS.values())


@each_generated
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("points", [400, 999, 4000])
def test_a_share_is_a_share_of_both_sets(data, share, points):
    sets = data(share=share, points=points)
    counts = {label: [np.sum(part.target == label) for part in (sets.train, sets.test)] for label in (0, 1)}
    assert sum(counts[0]) + sum(counts[1]) == points
    assert abs(sum(counts[1]) - share * points) <= 0.5
    for train, test in counts.values():
        assert train - test in (0, 1)
    assert sets.share == sum(counts[1]) / points


@each_generated
def test_no_positives_and_a_single_point(data):
    none = data(share=0)
    assert (len(none.train), len(none.test), none.share) == (2000, 2000, 0.0)
    assert not none.train.target.any()
    one = data(points=1)
    assert (len(one.train), len(one.test), one.share) == (1, 0, 0.0)
    assert one.test.features.shape == (0, 2)


def test_no_points_have_no_share():
    part = clouds(points=1).test
    with np.errstate(all="raise"):
        assert np.isnan(TrainTest(part, part).share)
    assert TrainTest(part, replace(part, features=[[0, 0], [1, 1]], target=[0, 1])).share == 0.5


@each_generated
def test_points_stay_when_the_share_changes(data):
    """And in their set: a training point never becomes a test point."""
    for less, more in pairwise(SHARES):
        rarer, other = data(share=less), data(share=more)
        for part in ("train", "test"):
            before, after = getattr(rarer, part), getattr(other, part)
            assert rows(before, 1) < rows(after, 1)
            assert rows(before, 0) > rows(after, 0)


@each_generated
def test_sets_and_classes_share_no_point(data):
    sets = data(share=0.5)
    found = [rows(part, label) for part in (sets.train, sets.test) for label in (0, 1)]
    assert len(set.union(*found)) == 4000


@each_generated
def test_a_seed_names_its_points(data):
    assert same(data(seed=7), data(seed=np.int64(7)))
    assert same(data(), data(share=0.01, overlap="some", seed=0, points=4000))
    assert not np.isin(data(seed=7).train.features, data(seed=8).train.features).any()
    assert "7" in data(seed=7).train.source.title


def test_the_classes_are_not_scattered_alike():
    sets = clouds(share=0.5, points=20_000)
    assert abs(np.corrcoef(of(sets.train, 0)[:, 0], of(sets.train, 1)[:, 0])[0, 1]) < 0.05


@pytest.mark.parametrize("overlap", DISTANCES)
def test_two_clouds_lie_as_far_apart_as_their_overlap_says(overlap):
    sets = clouds(share=0.5, overlap=overlap, points=100_000)
    common, rare = together(sets, 0), together(sets, 1)
    assert np.linalg.norm(rare.mean(axis=0) - common.mean(axis=0)) == pytest.approx(FAR[overlap], abs=0.03)
    for cloud in (common, rare):
        assert cloud.std(axis=0) == pytest.approx([1, 1], abs=0.02)
        assert np.corrcoef(cloud.T)[0, 1] == pytest.approx(0, abs=0.02)  # round
    assert common.mean(axis=0) == pytest.approx([0, 0], abs=0.02)


@pytest.mark.parametrize("overlap", DISTANCES)
def test_a_ring_is_as_wide_as_its_overlap_says_and_goes_all_round(overlap):
    sets = ring(share=0.5, overlap=overlap, points=100_000)
    common, around = together(sets, 0), together(sets, 1)
    radius = np.linalg.norm(around, axis=1)
    assert radius.mean() == pytest.approx(FAR[overlap] + 1, abs=0.06)  # noise to the sides adds a little
    assert radius.std() == pytest.approx(0.5, abs=0.02)
    assert np.histogram(np.arctan2(*around.T), 8, (-np.pi, np.pi))[0] == pytest.approx(50_000 / 8, rel=0.05)
    assert common.std(axis=0) == pytest.approx([1, 1], abs=0.02)
    assert common.mean(axis=0) == pytest.approx([0, 0], abs=0.02)


@pytest.mark.parametrize("seed", range(5))
def test_a_straight_line_parts_clouds_without_overlap_and_no_others(seed):
    for overlap in DISTANCES:
        sets = clouds(share=0.3, overlap=overlap, seed=seed)
        assert parted(sets.train) == parted(sets.test) == (overlap == "none")


def test_many_points_overlap_no_more_when_they_are_not_to():
    """At a distance of 9 this seed's do."""
    sets = clouds(share=0.5, overlap="none", seed=85, points=40_000)
    assert parted(sets.train)
    assert parted(sets.test)


@pytest.mark.parametrize("overlap", DISTANCES)
def test_no_straight_line_parts_a_ring_from_what_it_is_around(overlap):
    for seed in range(3):
        sets = ring(overlap=overlap, seed=seed)
        assert not parted(sets.train)
        assert not parted(sets.test)


def test_a_circle_parts_a_ring_without_overlap():
    for seed in range(20):
        sets = ring(share=0.5, overlap="none", seed=seed)
        inner, outer = (np.linalg.norm(together(sets, label), axis=1) for label in (0, 1))
        assert inner.max() < outer.min()


def test_short_lives_are_those_of_the_table():
    table = plotly.data.gapminder()
    positives = int((table["lifeExp"] < 40).sum())
    sets = short_lives()
    assert [part.target.sum() for part in (sets.train, sets.test)] == [positives / 2] * 2
    assert sets.share == positives / 1704
    assert f"{100 * sets.share:.1f}" == "7.3"
    assert "1,704 years of 142 countries, 1952 to 2007" in sets.train.about
    assert (len(table), table["country"].nunique()) == (1704, 142)
    assert (table["year"].min(), table["year"].max()) == (1952, 2007)


@pytest.mark.parametrize("seed", [0, 1, 999])
def test_each_countrys_year_is_in_one_set_once(seed):
    sets, table = short_lives(seed=seed), plotly.data.gapminder()
    found = np.concatenate([np.column_stack([part.features, part.target]) for part in (sets.train, sets.test)])
    wanted = np.column_stack([np.log10(table["gdpPercap"]), table["year"], table["lifeExp"] < 40])
    assert len(np.unique(wanted, axis=0)) == 1704  # a row names its country and year
    found, wanted = (np.array(sorted(map(tuple, some))) for some in (found, wanted))
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_a_seed_names_its_sets_of_the_countries():
    assert same(short_lives(seed=7), short_lives(seed=np.int64(7)))
    assert rows(short_lives(seed=7).train, 1) != rows(short_lives(seed=8).train, 1)
    assert rows(short_lives(seed=7).train, 0) != rows(short_lives(seed=8).train, 0)


@each_generated
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


@pytest.mark.parametrize("seed", BAD_SEEDS, ids=str)
def test_a_seed_out_of_range_is_refused_by_the_countries_too(seed):
    with pytest.raises(ValueError, match=r"^seed must be a whole number from 0 to 999, got"):
        short_lives(seed=seed)
