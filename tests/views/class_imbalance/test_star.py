"""What a stage shows on a ray of its star is what the stage around that place shows in its middle."""

import numpy as np
import pytest

from core.stage import Stage
from tests.views.class_imbalance.shown import arrived

WORDS = {"points": "400", "share": "0.11"}
MOVES = {
    "share": ("share", 0.3),
    "weight": ("weighted_binary_cross_entropy.pos_weight", 32.0),
    "gamma": ("focal.gamma", 5.0),
    "alpha": ("focal.alpha", 0.75),
    "cost": ("cost", 0.1),
}


def every_row(stage: Stage, values):
    """All that a person can see: by what shows it."""
    picks = [track.live for track in stage.tracks] + [pick for text in stage.texts for pick in text.lives]
    return [(pick, pick.row(values)) for pick in [*picks, *(cell.share for cell in stage.cells)]]


def said(shown, values):
    """Every sentence: words are counted in another order in another stage."""
    return [shown.said(text, values) for text in shown.stage.texts if text.slots]


@pytest.mark.parametrize(
    ("show", "name"),
    [("decisions", name) for name in MOVES] + [("sources", name) for name in MOVES if MOVES[name][0] != "cost"],
)
def test_a_ray_and_the_stage_around_its_frame_agree(show, name):
    key, value = MOVES[name]
    before, after = arrived(show, WORDS), arrived(show, WORDS | {key: f"{value:g}"})
    on_the_ray = dict(before.values) | {key: value}
    for (pick, ray), (other, middle) in zip(
        every_row(before.stage, on_the_ray), every_row(after.stage, after.values), strict=True
    ):
        assert pick == other
        if not pick.array.endswith(" said"):
            np.testing.assert_allclose(ray, middle, rtol=1e-9, atol=1e-12, err_msg=pick.array)
    assert said(before, {key: value}) == said(after, {})


def test_back_from_a_released_place_to_where_it_was():
    """Two sliders away from their start: the stage around both shows on the ray of one what the stage around one
    does."""
    weight, gamma = "weighted_binary_cross_entropy.pos_weight", "focal.gamma"
    both = arrived("decisions", WORDS | {weight: "32", gamma: "5"})
    one = arrived("decisions", WORDS | {gamma: "5"})
    back = dict(both.values) | {weight: 10.0}
    rows = zip(every_row(both.stage, back), every_row(one.stage, one.values), strict=True)
    for (pick, here), (_, there) in rows:
        if not pick.array.endswith(" said"):
            np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-12, err_msg=pick.array)
