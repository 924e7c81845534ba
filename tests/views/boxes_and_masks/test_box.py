"""What is drawn of a predicted box: arrows, overlap, descents and maps are those of the core."""

import numpy as np
import pytest

from core.losses import BOX_LOSSES
from core.models.box_descent import descend_box, edges_of, iou_of
from core.views.boxes_and_masks.box.descent import STEPS
from core.views.boxes_and_masks.box.gradients import LENGTH, LONGEST
from core.views.boxes_and_masks.box.plane import TRUE
from core.views.boxes_and_masks.box.texts import step_words
from tests.views.boxes_and_masks.shown import arrived
from tests.views.texts import filled

MOVES = [{}, {"x": 1.0}, {"width": 5.0}, {"true_height": 0.6}, {"y": 6.5}]


def box(values):
    """The predicted and the true box at these values of the sliders."""
    at = {"x": 4.25, "y": 2.75, "width": 2.4, "height": 2.6, "true_width": 3.0, "true_height": 2.0} | values
    pred = edges_of(np.array([at[name] for name in ("x", "y", "width", "height")]))
    return pred, edges_of(np.array([*TRUE[:2], at["true_width"], at["true_height"]]))


@pytest.mark.parametrize("moved", MOVES)
def test_values_and_gradients_are_those_of_the_losses(moved):
    shown = arrived({"losses": "iou,giou,ciou,box_l1"})
    pred, target = box(moved)
    for key in ("iou", "giou", "ciou", "box_l1"):
        loss = BOX_LOSSES[key]
        assert shown.number(loss.short, "loss", moved) == pytest.approx(loss.value(pred, target))
        size = np.linalg.norm(loss.grad(pred, target))
        assert shown.number(loss.short, "gradient size", moved) == pytest.approx(size, abs=1e-12)
        (row,) = (cells for name, cells in shown.stage.grids[0].rows if name == loss.short)
        grads = [float(shown.row(cell.number.slots["0"], moved)) for cell in row]
        np.testing.assert_allclose(grads, loss.grad(pred, target), atol=5.1e-5)


@pytest.mark.parametrize("moved", MOVES)
def test_an_arrow_stands_on_each_edge_against_the_gradient(moved):
    shown = arrived({"losses": "giou"})
    pred, target = box(moved)
    grad = BOX_LOSSES["giou"].grad(pred, target)
    (arrows,) = shown.traces("GIoU step", 0, moved)
    x, y = (arrows[name].reshape(4, 6)[:, 1:] for name in ("x", "y"))  # a gap before each
    for edge, along in enumerate((x, y, x, y)):
        tail, head = along[edge, :2]
        if abs(grad[edge]) < 1e-12:
            assert np.isnan(tail)
            continue
        assert tail == pytest.approx(pred[edge])
        assert head - tail == pytest.approx(np.clip(-LENGTH * grad[edge], -LONGEST, LONGEST))


def test_a_ring_stands_on_an_edge_without_a_gradient():
    shown = arrived({"losses": "iou"})
    (none,), (all_four,) = (shown.traces("IoU without gradient", 0, moved) for moved in ({}, {"x": 0.0}))
    still = BOX_LOSSES["iou"].grad(*box({})) == 0
    assert (np.isnan(none["x"]) == ~still).all()
    pred, _ = box({"x": 0.0})
    assert all_four["x"][[0, 2]] == pytest.approx(pred[[0, 2]])
    assert all_four["y"][[1, 3]] == pytest.approx(pred[[1, 3]])


def test_overlap_and_enclosing_box_are_drawn():
    shown = arrived({})
    (overlap,), (enclosing,) = (shown.traces(name, 0, {"x": 5.0}) for name in ("overlap", "enclosing box"))
    pred, target = box({"x": 5.0})
    assert np.nanmin(overlap["x"]) == pytest.approx(max(pred[0], target[0]))
    assert np.nanmax(overlap["y"]) == pytest.approx(min(pred[3], target[3]))
    assert np.nanmin(enclosing["y"]) == pytest.approx(min(pred[1], target[1]))
    (overlap,) = shown.traces("overlap", 0, {"x": 0.0})
    assert np.isnan(overlap["x"]).all()


def test_a_curve_is_the_loss_of_the_box_that_is_elsewhere():
    shown = arrived({"losses": "diou"})
    (curve,) = shown.traces("DIoU", 1, {"width": 3.0})
    for place in (0, 40, 120):
        pred, target = box({"width": 3.0, "x": curve["x"][place]})
        assert curve["y"][place] == pytest.approx(BOX_LOSSES["diou"].value(pred, target))


@pytest.mark.parametrize(
    ("moved", "sentence"),
    [
        ({"x": 0.0}, "Without overlap the IoU loss is 1 wherever the box is: it has no gradient."),
        ({"x": 6.0, "y": 3.5, "width": 3.0, "height": 2.0}, "Both boxes are the same."),
        ({"x": 6.0, "y": 3.5, "width": 1.0, "height": 1.0}, "One lies inside the other, with one middle"),
        ({"x": 6.2, "y": 3.5, "width": 1.0, "height": 1.0}, "One lies inside the other: there GIoU"),
        ({"x": 6.0, "y": 3.5, "width": 5.0, "height": 1.0}, "Both have one middle"),
        ({"x": 4.0, "y": 3.5, "width": 3.6, "height": 2.4}, "Both have the same aspect ratio"),
        ({}, "IoU is overlap divided by union"),
    ],
)
def test_the_sentence_says_which_losses_are_one(moved, sentence):
    shown = arrived({name: f"{value:g}" for name, value in moved.items() if value})  # 0 is no address word here
    if moved.get("x") == 0.0:
        shown, moved = arrived({}), {"x": 0.0}
    assert filled(shown.stage.summary, {**shown.values, **moved}).startswith(sentence)


def test_a_step_is_told_in_words():
    assert step_words(0.1, -0.2, 0.3, 0.0) == "moves the box right and down and makes it wider"
    assert step_words(0.0, 0.0, 0.0, 0.0) == "changes nothing"
    assert step_words(0.0, 0.0, -0.1, -0.1) == "makes it narrower and shorter"


@pytest.mark.parametrize("moved", [{}, {"rate": 1.0}, {"x": 9.0}, {"height": 3.0}])
def test_a_descent_is_the_one_of_the_core(moved):
    shown = arrived({"show": "descent", "losses": "giou,box_l1"})
    at = {key: shown.at(key, moved) for key in ("x", "y", "width", "height", "rate")}
    start = np.array([at[name] for name in ("x", "y", "width", "height")])
    for panel, key in enumerate(("giou", "box_l1")):
        path = edges_of(descend_box(BOX_LOSSES[key], start, edges_of(TRUE), STEPS, rate=at["rate"]))
        for step in (0.0, 40.0, float(STEPS)):
            (drawn,) = shown.traces("predicted box", panel, {**moved, "step": step})
            edges = [*(np.nanmin(drawn[name]) for name in "xy"), *(np.nanmax(drawn[name]) for name in "xy")]
            np.testing.assert_allclose(edges, path[int(step)], rtol=1e-9)
        (curve,) = shown.traces(BOX_LOSSES[key].short, 2, moved)
        np.testing.assert_allclose(curve["y"], iou_of(path, edges_of(TRUE)), rtol=1e-9, atol=1e-12)


def test_the_first_step_at_which_a_box_is_found_is_said():
    shown = arrived({"show": "descent", "losses": "iou,giou"})
    start = np.array([shown.at(name, {}) for name in ("x", "y", "width", "height")])
    path = descend_box(BOX_LOSSES["giou"], start, edges_of(TRUE), STEPS, rate=shown.at("rate", {}))
    first = int((iou_of(edges_of(path), edges_of(TRUE)) >= 0.9).argmax())
    assert shown.cells("GIoU", {})[2] == f"{first}"
    assert shown.cells("IoU", {})[2] == "never"
    assert filled(shown.stage.summary, {}) == (
        f"GIoU is first at an IoU of 0.9, at step {first}; under IoU the box never moves."
    )


@pytest.mark.parametrize("moved", [{}, {"steps": 40.0}, {"rate": 1.0}, {"size": 4.0}])
def test_a_map_of_starts_is_the_error_of_the_descent_from_each(moved):
    shown = arrived({"show": "starts"})
    at = {key: shown.at(key, moved) for key in ("steps", "rate", "size")}
    random = np.random.default_rng(0)
    for panel, key in enumerate(("iou", "giou", "box_l1")):
        (drawn,) = shown.traces("error", panel, moved)
        for row, column in random.integers(0, 31, (6, 2)):  # of a quarter: the others mirror it
            start = np.array([drawn["x"][column], drawn["y"][row], at["size"], at["size"]])
            path = descend_box(BOX_LOSSES[key], start, edges_of(TRUE), int(at["steps"]), rate=at["rate"])
            error = 1 - iou_of(edges_of(path[-1]), edges_of(TRUE))
            assert drawn["z"][row, column] == pytest.approx(error, abs=1e-6)
            here = {**moved, "x": drawn["x"][column], "y": drawn["y"][row]}
            assert shown.number(BOX_LOSSES[key].short, "error from here", here) == pytest.approx(error, abs=1e-6)
        assert (drawn["z"] == drawn["z"][::-1]).all()
        assert (drawn["z"] == drawn["z"][:, ::-1]).all()
        share = 100 * (drawn["z"] <= 0.5).mean()
        assert shown.number(BOX_LOSSES[key].short, "starts to IoU 0.5", moved) == pytest.approx(share, abs=0.051)
