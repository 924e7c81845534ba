"""The share of positives that is said is the share in the data, to whole examples."""

import re

import numpy as np
import pytest

from core.datasets import IMBALANCED_DATASETS
from core.models.imbalance.data import FEW_SHARES, SHARES, ImbalanceSettings
from core.views.class_imbalance.presets import PRESETS
from core.views.class_imbalance.settings import POINTS, share_slider
from tests.views.class_imbalance.shown import arrived

MADE = [key for key, dataset in IMBALANCED_DATASETS.items() if dataset.generated]
RATE = re.compile(r"([\d.]+) %")


@pytest.mark.parametrize("points", [int(option) for option in POINTS.options])
@pytest.mark.parametrize("data", MADE)
def test_the_share_in_the_data_is_that_of_the_slider_and_of_its_label(data, points):
    settings = ImbalanceSettings(data, "some", points, 1, "linear")
    slider = share_slider(settings.shares)
    for share, label in zip(slider.values, slider.labels, strict=True):
        assert float(label.removesuffix(" %")) == pytest.approx(100 * share)
        split = settings.split(float(share))
        for one in (split.train, split.test):
            exact = share * points / 2
            assert one.target.sum() == pytest.approx(exact) if points >= 1000 else abs(one.target.sum() - exact) < 1
        both = split.train.target.sum() + split.test.target.sum()
        assert abs(both - share * points) <= 0.5 + 1e-9


def test_the_few_shares_of_many_points_are_among_the_others():
    assert np.isin(FEW_SHARES, SHARES).all()
    assert FEW_SHARES[0] == SHARES[0] == 0.001
    assert 0.005 in SHARES


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_stands_at_exactly_the_share_that_it_says(name):
    preset = PRESETS[name]
    words = dict(preset.address)
    shown = arrived(words.pop("show", "decisions"), words)
    if "share" in words:
        assert shown.at("share", {}) == float(words["share"])
    if found := RATE.search(name):
        assert 100 * shown.at("share", {}) == pytest.approx(float(found[1]))
    assert ("in 1,000" in preset.shows or "in a thousand" in preset.shows) == (words.get("share") == "0.001")
