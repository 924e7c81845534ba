"""One run: what the picture shows at the sliders' values is what that run does when it is trained alone."""

import csv
import io
import re

import numpy as np
import pytest

from core.diagnosis import diagnose
from core.stage.table import csv as saved
from core.views import VIEWS
from core.views.training_curves.presets import PRESETS
from tests.views.training_curves.shown import FIT, GRADIENT, LOSS, METRIC, arrived

CHOICES = {
    "curve": ("wave_run", {"lr": "0.0001"}),
    "polynomial": ("polynomial_run", {}),
    "descent": (
        "polynomial_run",
        {"optimizer": "gradient_descent", "scale": "linear", "outliers": "0.2", "norm": "l1"},
    ),
    "moons": ("moons_run", {"examples": "30", "patience": "30"}),
}
MOVES = {
    "curve": [{}, {"capacity": 3.0}, {"lr": 0.003}, {"penalty": 0.03}, {"examples": 10.0}, {"noise": 0.8}],
    "polynomial": [{}, {"capacity": 0.0}, {"capacity": 20.0}, {"lr": 1.0}, {"penalty": 0.03}, {"examples": 200.0}],
    "descent": [{}, {"lr": 0.3}, {"penalty": 0.03}, {"lr": 1.0}, {"noise": 0.0}],
    "moons": [{}, {"capacity": 32.0}, {"lr": 0.1}, {"penalty": 0.01}, {"examples": 200.0}, {"noise": 0.45}],
}
CASES = [(case, moved) for case, moves in MOVES.items() for moved in moves]
cases = pytest.mark.parametrize(("case", "moved"), CASES, ids=lambda case: str(case).replace("'", ""))
EPOCHS = (0.0, 5.0, 35.0, 150.0)
# Where Adam's steps grow longer than the valley is wide, later than this, rounding decides which way a network leaps.
STEADY = 180


def shown_of(case):
    return arrived(*CHOICES[case])


def steady(case):
    """The epochs at which a run trained alone can be compared with one of a batch."""
    return slice(0, STEADY if case in ("curve", "moons") else None)


def assert_close(found, wanted, name):
    """To the precision of float32, of which little is left near 0; a logarithmic axis shows nothing at 0."""
    np.testing.assert_allclose(np.nan_to_num(found), wanted, rtol=2e-3, atol=2e-4 * wanted.max(), err_msg=name)


@cases
def test_the_curves_are_those_of_the_run_by_itself(case, moved):
    shown, part = shown_of(case), steady(case)
    alone = shown.alone(moved)
    for name, panel, wanted in (
        ("train", LOSS, alone.train),
        ("validation", LOSS, alone.validation),
        ("train", METRIC, alone.train_metric),
        ("validation", METRIC, alone.validation_metric),
        ("gradient", GRADIENT, alone.gradient),
    ):
        trace = shown.trace(name, panel, moved)
        np.testing.assert_array_equal(trace["x"], np.arange(301))
        assert_close(trace["y"][part], wanted[0][part], name)


@cases
def test_at_each_epoch_the_points_the_numbers_and_the_model_are_of_that_epoch(case, moved):
    shown, alone = shown_of(case), shown_of(case).alone(moved)
    for epoch in EPOCHS:
        values, at = moved | {"epoch": epoch}, int(epoch)
        for name, row in zip(("train", "validation"), shown.stage.readings, strict=False):
            own = shown.trace(f"{name} now", LOSS, values)
            curve = shown.trace(name, LOSS, values)["y"]
            assert (own["x"].item(), own["y"].item()) == (epoch, curve[at])
            (loss,), (metric,), norm, (now,) = (shown.numbers(cell, values) for cell in row.cells)
            assert now == epoch
            assert loss == pytest.approx(getattr(alone, name)[0, at], rel=2e-3)
            assert metric == pytest.approx(getattr(alone, f"{name}_metric")[0, at], rel=2e-3)
            under_norm = [alone.gradient[0, at]] if name == "train" else []  # of the gradient that training follows
            assert norm == pytest.approx(under_norm, rel=1e-2, abs=1e-4)
        assert shown.stage.headings == ("loss", shown.stage.headings[1], "gradient norm", "epoch")
        if shown.task == "moons":
            score = shown.trace("score", FIT, values)
            points = np.stack(np.meshgrid(score["x"], score["y"]), axis=-1).reshape(-1, 2)
            kept = at // 10 * 2  # every second kept model is drawn, and stays until the next
            wanted = alone.predict(0, points)[kept].reshape(score["z"].shape)
            np.testing.assert_allclose(score["z"], wanted, rtol=5e-3, atol=5e-3)
            np.testing.assert_array_equal(shown.trace("boundary", FIT, values)["z"], score["z"])
        else:
            fit = shown.trace("fit", FIT, values)
            wanted = alone.predict(0, fit["x"][:, None])[at // 5]
            np.testing.assert_allclose(fit["y"], wanted, rtol=2e-3, atol=2e-3)


@cases
def test_the_points_are_the_examples(case, moved):
    shown = shown_of(case)
    train, validation = shown.examples(moved)
    if shown.task == "moons":
        drawn = {f"class {label}": train.x[train.target == label] for label in (0, 1)}
    else:
        drawn = {
            name: np.stack([part.x[:, 0], part.target], axis=-1)
            for name, part in (("train", train), ("validation", validation))
        }
    for name, points in drawn.items():
        trace = shown.trace(name, FIT, moved)
        found = np.stack([trace["x"], trace["y"]], axis=-1)
        np.testing.assert_array_equal(found[np.isfinite(found).all(axis=-1)], points)


@cases
def test_the_verdict_is_that_on_the_curves(case, moved):
    shown = shown_of(case)
    curves = [shown.trace(name, LOSS, moved)["y"] for name in ("train", "validation")]
    verdict = diagnose(*curves, floor=0.0)  # no loss here is below 0
    assert shown.verdict_text(moved) == verdict.text


@cases
def test_the_best_epoch_is_at_the_least_validation_loss_and_the_stop_where_patience_ran_out(case, moved):
    shown = shown_of(case)
    losses = shown.trace("validation", LOSS, moved)["y"]
    best, stop = (shown.trace(name, LOSS, moved) for name in ("best epoch", "stopped early"))
    assert best["x"].item() == np.nanargmin(losses)
    assert best["y"].item() == np.nanmin(losses)
    (row,) = (row for row in shown.stage.readings if row.name == "Lowest validation")
    (loss,), (metric,), _, (epoch,) = (shown.numbers(cell, moved) for cell in row.cells)
    assert (loss, epoch) == (np.nanmin(losses), np.nanargmin(losses))
    assert metric == shown.trace("validation", METRIC, moved)["y"][int(epoch)]
    patience, least, since = int(shown.choice.get("patience", 0)), np.inf, 0
    for epoch, loss in enumerate(losses):
        least, since = (loss, epoch) if loss < least else (least, since)
        if patience and epoch - since == patience:
            assert (stop["x"].item(), stop["y"].item()) == (epoch, loss)
            return
    assert np.isnan([stop["x"].item(), stop["y"].item()]).all()


@pytest.mark.parametrize("case", CHOICES)
def test_the_file_holds_the_curves(case):
    shown = shown_of(case)
    rows = list(csv.DictReader(io.StringIO(saved(shown.stage, shown.values))))
    assert [int(row["epoch"]) for row in rows] == list(range(301))
    for column, name, panel in (
        ("train", "train", LOSS),
        ("validation", "validation", LOSS),
        ("train_metric", "train", METRIC),
        ("validation_metric", "validation", METRIC),
        ("gradient", "gradient", GRADIENT),
    ):
        found = np.array([float(row[column] or "nan") for row in rows])
        np.testing.assert_allclose(found, shown.trace(name, panel, {})["y"], rtol=1e-11, err_msg=column)


RELEASED = [("curve", {"noise": 0.8}), ("polynomial", {"capacity": 20.0}), ("polynomial", {"lr": 1.0})]


@pytest.mark.parametrize(("case", "moved"), RELEASED, ids=lambda case: str(case).replace("'", ""))
def test_an_arm_and_the_stage_around_its_frame_agree(case, moved):
    view, words = CHOICES[case]
    before = shown_of(case)
    after = arrived(view, words | {key: f"{value:g}" for key, value in moved.items()})
    assert before.verdict_text(moved) == after.verdict_text({})
    steady_epochs = steady(case)
    for epoch in EPOCHS:
        for there, here in zip(before.stage.tracks, after.stage.tracks, strict=True):
            name = before.places[there.trace][0]
            assert (there.trace, there.attribute, name) == (here.trace, here.attribute, after.places[here.trace][0])
            if (name, there.attribute) == ("epoch", "y"):
                continue  # an axis fits all runs of its own sweep
            arm, centre = before.row(there.live, moved | {"epoch": epoch}), after.row(here.live, {"epoch": epoch})
            arm, centre = (row[np.isfinite(row)] for row in map(np.atleast_1d, (arm, centre)))
            if len(arm) == 301:
                arm, centre = arm[steady_epochs], centre[steady_epochs]
            np.testing.assert_allclose(arm, centre, rtol=2e-3, atol=2e-3, err_msg=f"{name} {there.attribute}")


@pytest.mark.parametrize(("scale", "kind"), [("linear", None), ("log", "log")])
def test_the_scale_is_of_the_losses_and_changes_no_number(scale, kind):
    shown, usual = arrived("polynomial_run", {"scale": scale}), shown_of("polynomial")
    layout = shown.stage.figure.layout
    assert layout.yaxis.type == kind
    assert layout.yaxis2.type is None  # the metric's
    assert layout.yaxis3.type == "log"  # the gradient's
    for name in ("train", "validation"):
        np.testing.assert_array_equal(shown.trace(name, LOSS, {})["y"], usual.trace(name, LOSS, {})["y"])
    low, high = layout.yaxis.range if scale == "linear" else 10.0 ** np.array(layout.yaxis.range)
    curve = shown.trace("validation", LOSS, {})["y"]
    assert (low > 0) == (scale == "log")
    assert low < curve.min() < curve[0] < high


NESTEROV = {"optimizer": "nesterov"}


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_run_that_diverges_leaves_the_picture_and_flattens_no_other(scale):
    shown = arrived("polynomial_run", NESTEROV | {"scale": scale})
    off = {"lr": 1.0}
    alone = shown.alone(off)
    assert not np.isfinite(alone.train[0]).all()
    curve = shown.trace("train", LOSS, off)["y"]
    assert not np.isinf(curve).any()
    assert np.isnan(curve[-1])
    _, high = shown.stage.figure.layout.yaxis.range
    high = 10**high if scale == "log" else high
    assert np.nanmax(curve) > 10 * high
    assert high < 10 * shown.trace("train", LOSS, {})["y"][0]
    assert np.isnan(shown.numbers(shown.stage.readings[0].cells[0], off)).all()
    best, seen = shown.trace("best epoch", LOSS, off), shown.trace("validation", LOSS, off)["y"]
    assert best["x"].item() == np.nanargmin(seen)
    assert shown.verdict_text(off).startswith("Diverging. The loss is infinite or not a number from epoch ")
    assert VIEWS["polynomial_run"].name in shown.stage.name


@pytest.mark.parametrize(
    ("key", "words", "kind"),
    [
        ("wave_run", {}, None),
        ("polynomial_run", {"capacity": "20"}, None),
        ("moons_run", {}, None),
        ("moons_run", {"noise": "0.05", "lr": "0.1"}, "log"),
    ],
)
def test_by_itself_the_loss_axis_is_logarithmic_where_the_loss_falls_by_two_decades(key, words, kind):
    shown = arrived(key, words)
    curves = [shown.trace(name, LOSS, {})["y"] for name in ("train", "validation")]
    shown_losses = np.concatenate(curves)
    assert (np.nanmax(shown_losses) >= 100 * np.nanmin(shown_losses)) == (kind == "log")
    assert shown.stage.figure.layout.yaxis.type == kind


def test_a_validation_loss_that_rises_by_a_fifth_looks_so():
    shown = arrived("polynomial_run", {"capacity": "20"})
    low, high = shown.stage.figure.layout.yaxis.range
    curve = shown.trace("validation", LOSS, {})["y"]
    assert curve[-1] > 1.2 * curve.min()
    assert curve[-1] - curve.min() > 0.06 * (high - low)


@pytest.mark.parametrize("seed", [1, 2, 4, 5, 6])
def test_a_rise_by_a_fifth_takes_a_sixth_of_the_axis_and_the_best_epoch_is_named_once(seed):
    words = dict(PRESETS["Overfit"].address) | {"seed": str(seed)}
    shown = arrived(f"{words.pop('task')}_run", words)
    validation = shown.trace("validation", LOSS, {})["y"]
    lowest, end = validation.min(), validation[-1]
    bottom, top = shown.stage.figure.layout.yaxis.range
    assert end > 1.2 * lowest
    assert bottom < lowest < end < top
    assert (end - lowest) / (top - bottom) > 1 / 6
    assert bottom < shown.trace("train", LOSS, {})["y"].min()
    text = shown.verdict_text({})
    assert len(re.findall(rf"\b{validation.argmin()}\b", text)) == 1
    assert f"Lowest validation loss: epoch {validation.argmin()} (" in text
    assert "Keep that model;" in text
