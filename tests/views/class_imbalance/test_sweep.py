"""What a stage shows along an arm of its sweep is what the stage around that place shows at its centre."""

import numpy as np
import pytest

from core.stage import Live, Stage
from tests.views.class_imbalance.shown import arrived

WORDS = {"points": "400", "share": "0.1"}
MOVES = {
    "share": ("share", 0.3),
    "weight": ("weighted_binary_cross_entropy.pos_weight", 32.0),
    "gamma": ("focal.gamma", 5.0),
    "alpha": ("focal.alpha", 0.75),
    "cost": ("cost", 0.1),
}


def every_row(stage: Stage, values):
    """All numbers that a person can see; which of several words a number picks is another in another stage."""
    drawn = [track.live for track in stage.tracks] + [cell.share for cell in stage.cells]
    texts = [slot for text in stage.texts for slot in text.slots.values() if isinstance(slot, Live)]
    return [(live.sweep and live.sweep.keys, live.row(values)) for live in [*drawn, *texts]]


def sentence(shown, values):
    """Every sentence: words are counted in another order in another stage."""
    return [shown.sentence(text, values) for text in shown.stage.texts if text.slots]


@pytest.mark.parametrize(
    ("show", "name"),
    [("decisions", name) for name in MOVES] + [("sources", name) for name in MOVES if MOVES[name][0] != "cost"],
)
def test_an_arm_and_the_stage_around_its_value_agree(show, name):
    key, value = MOVES[name]
    before, after = arrived(show, WORDS), arrived(show, WORDS | {key: f"{value:g}"})
    along = every_row(before.stage, dict(before.values) | {key: value})
    for (keys, arm), (other, middle) in zip(along, every_row(after.stage, after.values), strict=True):
        assert keys == other
        np.testing.assert_allclose(arm, middle, rtol=1e-9, atol=1e-12)
    assert sentence(before, {key: value}) == sentence(after, {})


def test_back_from_a_released_place_to_where_it_was():
    """Two sliders away from their start: the stage around both shows along the arm of one what the stage around one
    does."""
    weight, gamma = "weighted_binary_cross_entropy.pos_weight", "focal.gamma"
    both = arrived("decisions", WORDS | {weight: "32", gamma: "5"})
    one = arrived("decisions", WORDS | {gamma: "5"})
    back = dict(both.values) | {weight: 10.0}
    rows = zip(every_row(both.stage, back), every_row(one.stage, one.values), strict=True)
    for (_, here), (_, there) in rows:
        np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-12)
