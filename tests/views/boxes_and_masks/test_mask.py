"""What is drawn of a predicted mask, and of its descents, is what its words say."""

import numpy as np
import pytest

from core.losses import MASK_LOSSES
from core.models.mask_descent import MaskPaths
from core.models.mask_prediction import LAYOUTS, SIZE, MaskPrediction
from core.stage import Sweep
from core.views.boxes_and_masks.mask.descent import EVERY, STEPS
from core.views.boxes_and_masks.mask.gradients import LEVELS
from core.views.boxes_and_masks.mask.runs import EACH_PIXEL, slider
from core.views.boxes_and_masks.mask.texts import first_to_goal, outcome_note
from tests.views.boxes_and_masks.mask_scenes import metric
from tests.views.boxes_and_masks.shown import arrived
from tests.views.texts import filled

USUAL = {"share": 3.0, "shift": 4.0, "size": 1.0, "blur": 2.0, "confidence": 4.0, "leak": 0.0, "found": 0.0}
MOVES = [{}, {"share": 0.5}, {"shift": -8.0}, {"size": 1.5}, {"blur": 6.0}, {"confidence": 8.0}, {"leak": 0.2}]
LOSS = {"pixel_cross_entropy": "Pixel BCE", "dice": "Dice", "lovasz_hinge": "Lovász"}


def predicted(layout, moved):
    """The one prediction at these values of the sliders, computed anew."""
    values = {name: np.array([value]) for name, value in (USUAL | moved).items()}
    return MaskPrediction(layout, **values | {"share": values["share"] / 100})


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("moved", MOVES, ids=str)
def test_maps_show_probabilities_and_the_steps_of_each_loss(layout, moved):
    shown, made = (
        arrived({"view": "mask", **({"objects": layout} if layout != "one" else {})}),
        predicted(layout, moved),
    )
    (drawn,) = shown.traces("probability", 0, moved)
    np.testing.assert_allclose(drawn["z"], made.probability[0], atol=1 / LEVELS)
    for panel, (key, name) in enumerate(LOSS.items(), 1):
        grad = MASK_LOSSES[key].grad(made.logits, made.target, **MASK_LOSSES[key].starts)[0]
        (drawn,) = shown.traces(name, panel, moved)
        np.testing.assert_allclose(drawn["z"], -grad / np.abs(grad).max(), atol=1 / LEVELS)
        assert shown.number(name, "largest", moved) == pytest.approx(np.abs(grad).max())
        value = MASK_LOSSES[key].value(made.logits, made.target, **MASK_LOSSES[key].starts)[0]
        assert shown.number(name, "loss", moved) == pytest.approx(value)
        pixels = {"one": made.target[0] == 1, "two": made.objects[-1:, 0].any(axis=0), "empty": made.hard[0]}[layout]
        share = 100 * np.abs(grad)[pixels].sum() / np.abs(grad).sum()
        assert shown.number(name, shown.stage.headings[1], moved) == pytest.approx(share, abs=0.051)


def test_a_parameter_of_a_loss_moves_its_map_alone():
    words, moved = {"view": "mask", "losses": "dice,tversky"}, {"tversky.alpha": 0.1}
    shown, made = arrived(words), predicted("one", {})
    params = MASK_LOSSES["tversky"].starts | {"alpha": 0.1}
    grad = MASK_LOSSES["tversky"].grad(made.logits, made.target, **params)[0]
    np.testing.assert_allclose(shown.traces("Tversky", 2, moved)[0]["z"], -grad / np.abs(grad).max(), atol=1 / LEVELS)
    np.testing.assert_array_equal(shown.traces("Dice", 1, moved)[0]["z"], shown.traces("Dice", 1, {})[0]["z"])


@pytest.mark.parametrize("key", EACH_PIXEL)
def test_the_mean_of_the_loss_of_each_pixel_is_the_loss(key):
    shown = arrived({"view": "mask", "losses": key, "map": "loss"})
    (drawn,) = shown.traces(MASK_LOSSES[key].short, 1, {})
    made = predicted("one", {})
    alone = MASK_LOSSES[key].value(made.logits[0, ..., None, None], made.target[0, ..., None, None],
                                   **MASK_LOSSES[key].starts)  # fmt: skip
    assert alone.mean() == pytest.approx(shown.number(MASK_LOSSES[key].short, "loss", {}))
    np.testing.assert_allclose(drawn["z"], alone / alone.max(), atol=1 / LEVELS)


def test_a_loss_of_all_pixels_together_says_that_it_has_none_of_each():
    both = arrived({"view": "mask", "losses": "pixel_cross_entropy,dice", "map": "loss"}).stage.readings
    assert [bool(one.note) for one in both] == [False, True]
    assert not any(one.note for one in arrived({"view": "mask"}).stage.readings)


def area(points):
    """The pixels within closed lines with NaN between them, by the shoelace formula."""
    x, y = points["x"], points["y"]
    steps = x[:-1] * y[1:] - x[1:] * y[:-1]
    return abs(np.nansum(steps)) / 2


@pytest.mark.parametrize("layout", ["one", "two"])
@pytest.mark.parametrize("moved", [{}, {"share": 20.0}, {"size": 0.0}], ids=str)
def test_outlines_hold_the_pixels_of_their_masks(layout, moved):
    shown, made = (
        arrived({"view": "mask", **({"objects": layout} if layout != "one" else {})}),
        predicted(layout, moved),
    )
    for panel in range(4):
        assert area(shown.traces("true mask", panel, moved)[0]) == made.target.sum()
    assert area(shown.traces("predicted mask", 0, moved)[0]) == made.hard.sum()


def test_the_summary_says_what_accuracy_hides():
    shown = arrived({"view": "mask"})
    text = filled(shown.stage.summary, {"size": 0.0})
    share = 100 * predicted("one", {}).target.mean()
    assert text.startswith(f"Pixel accuracy is {100 - share:.2f} %, IoU 0; a prediction without any object is ")
    assert f"{100 - share:.2f} % accurate" in text
    assert np.isnan(metric(shown, "mean edge distance", {"size": 0.0}))
    assert metric(shown, "largest edge distance", {}) >= metric(shown, "mean edge distance", {}) > 0


def test_the_table_has_a_row_for_each_pixel():
    shown = arrived({"view": "mask", "objects": "two"})
    made = predicted("two", {"found": 0.5})
    table = shown.stage.table({"found": 0.5})
    np.testing.assert_allclose(table["probability"].reshape(SIZE, SIZE), made.probability[0])
    grad = MASK_LOSSES["dice"].grad(made.logits, made.target)[0]
    np.testing.assert_allclose(table["dice gradient"].reshape(SIZE, SIZE), grad)


# --- descents ---


def test_the_disc_is_drawn_where_the_numbers_say():
    shown = arrived({"view": "mask", "show": "descent", "losses": "dice"})
    for step in (0.0, 10.0, float(STEPS)):
        (ring,) = shown.traces("Dice", 0, {"step": step})
        row = shown.stage.table({"step": step})
        x, y, radius = (row[f"dice {name}"][int(step)] for name in ("x", "y", "radius"))
        np.testing.assert_allclose(np.hypot(ring["x"] - x, ring["y"] - y), radius, atol=0.02)
        assert shown.number("Dice", "IoU", {"step": step}) == pytest.approx(row["dice IoU"][int(step)], abs=0.005)
    way = shown.traces("Dice middle", 0, {"step": 10.0})[0]
    assert len(way["x"]) == 10 // EVERY + 1


def paths(iou, radius=5.0):
    """Descents of these IoUs, [runs, steps + 1]; one that is NaN has diverged."""
    iou = np.array(iou)
    discs = np.where(np.isnan(iou)[..., None], np.nan, np.array([24.0, 24.0, radius, 1.0]))
    return MaskPaths(discs, np.nan_to_num(iou))


SWEEP = Sweep([slider("rate", "Learning rate", [1, 2, 3], 1)])


def test_the_summary_names_who_is_first_and_who_never_is():
    some, none = [0.1, 0.2, 0.4], [0.0, 0.0, 0.0]
    found = {
        "dice": paths([[0.1, 0.5, 0.95], none, [0.1, 0.2, 0.3], none]),
        "jaccard": paths([[0.1, 0.95, 0.5], none, some, none]),
        "boundary": paths([[0.1, 0.1, 0.1], none, some, none]),
    }
    first, second, third = (filled(first_to_goal(found, SWEEP), {"rate": rate}) for rate in (1.0, 2.0, 3.0))
    assert first == "IoU 0.9 is reached first under Jaccard, at step 1, and never under Boundary."
    assert second == "No loss reaches IoU 0.9 in 2 steps; the highest at the end is 0.40, under Jaccard and Boundary."
    assert third == "No loss reaches IoU 0.9 in 2 steps."


def test_a_note_says_what_became_of_a_descent():
    for iou, radius, words in (
        ([0.1, 0.95, 0.5], 5, "IoU 0.9 at step 1, and falls to 0.50 again."),
        ([0.1, 0.5, 0.95], 5, "IoU 0.9 at step 2."),
        ([0.1, 0.2, 0.3], 5, "IoU 0.30 after 2 steps."),
        ([0.1, 0.0, 0.0], -1, "Its mask has become empty: no pixel is predicted any more."),
        ([0.1, 0.0, np.nan], 5, "It diverges: the learning rate is too large."),
    ):
        assert filled(outcome_note(paths([iou] * 4, radius), SWEEP), {}) == words


@pytest.mark.parametrize("count", [1, 3, 6])
def test_each_loss_has_a_map_of_its_own(count):
    losses = tuple(MASK_LOSSES)[:count]
    shown = arrived({"view": "mask", "show": "descent", "losses": ",".join(losses), "optimizer": "adam"})
    for panel, key in enumerate(losses):
        (start,) = shown.traces("start", panel, {})
        assert start["x"] == pytest.approx([36])
        assert len(shown.traces(MASK_LOSSES[key].short, panel, {})) == 1
    assert len(shown.stage.readings) == count
