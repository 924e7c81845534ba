"""One task under several losses: each trained by itself agrees, and all are judged by one and the same metric."""

import csv
import io

import numpy as np
import pytest

from core.losses import LOSSES
from core.stage.table import csv as saved
from core.views.training_curves.settings import TASKS, fitting
from tests.views.training_curves.shown import FIT, LOSS, SECOND, arrived

SCENES = {
    "outliers": ("polynomial_losses", {"losses": "squared_error,absolute_error,huber,gaussian_nll"}),
    "moons": ("moons_losses", {}),
}
MOVES = {
    "outliers": [{}, {"outliers": 0.0}, {"outliers": 0.3}, {"lr": 0.001}, {"noise": 0.0}],
    "moons": [{}, {"level": 0.0}, {"level": 8.0}, {"lr": 0.01}, {"noise": 0.45}],
}
CASES = [(scene, moved) for scene, moves in MOVES.items() for moved in moves]
cases = pytest.mark.parametrize(("scene", "moved"), CASES, ids=lambda case: str(case).replace("'", ""))
METRIC, PULL = LOSS, SECOND  # panels
EPOCHS = (0.0, 50.0, 300.0)


def measured(shown, score, target):
    """The metric, by hand."""
    return np.mean((score > 0) == (target == 1)) if shown.task == "moons" else np.sqrt(np.mean((score - target) ** 2))


@cases
def test_each_loss_by_itself_has_the_same_metric_and_the_same_model(scene, moved):
    shown = arrived(*SCENES[scene])
    for number, key in enumerate(shown.choice["losses"]):
        alone, name = shown.alone(moved, key), LOSSES[key].short
        metric = shown.trace(name, METRIC, moved)
        np.testing.assert_array_equal(metric["x"], np.arange(301))
        np.testing.assert_allclose(metric["y"], alone.validation_metric[0], rtol=5e-3, atol=0.011)  # two points of 200
        for epoch in EPOCHS:
            values = moved | {"epoch": epoch}
            now = shown.traces("now", METRIC, values)[number]
            assert (now["x"].item(), now["y"].item()) == (epoch, metric["y"][int(epoch)])
            assert shown.numbers(shown.stage.readings[number].cells[0], values)["n"] == now["y"].item()
            count = len(shown.choice["losses"])
            if shown.task == "moons":
                line = shown.trace(f"{name} boundary", FIT, values)
                points = np.stack(np.meshgrid(line["x"], line["y"]), axis=-1).reshape(-1, 2)
                drawn, every = line["z"].ravel(), 2 * count
            else:
                line = shown.trace(f"{name} fit", FIT, values)
                points, drawn, every = line["x"][:, None], line["y"], count
            kept = int(epoch) // 5 // every * every  # the more losses, the fewer models are drawn
            wanted = alone.predict(0, points)[kept]
            np.testing.assert_allclose(drawn, wanted, rtol=5e-3, atol=2e-3 * np.abs(wanted).max())


@cases
def test_the_metric_is_one_for_all_and_of_the_clean_validation_set(scene, moved):
    """From each model itself: neither its loss nor its training examples have a say."""
    shown = arrived(*SCENES[scene])
    _, clean = shown.examples(moved | ({"outliers": 0.0} if scene == "outliers" else {}))
    for key in shown.choice["losses"]:
        models = shown.alone(moved, key).predict(0, clean.x)
        curve = shown.trace(LOSSES[key].short, METRIC, moved)["y"]
        for epoch in EPOCHS:
            own = measured(shown, models[int(epoch) // 5], clean.target)
            assert curve[int(epoch)] == pytest.approx(own, rel=5e-3, abs=0.011 if scene == "moons" else 1e-4)


def test_a_confident_wrong_answer_pulls_as_the_core_says():
    """Brier's slope at z is 2 (p - 1) p (1 - p): -0.0049 at -6; cross-entropy's is p - 1: -0.998."""
    shown = arrived("moons_losses")
    p = 1 / (1 + np.exp(6))
    by_hand = {"binary_cross_entropy": 1 - p, "brier": 2 * (1 - p) ** 2 * p}
    assert by_hand == pytest.approx({"binary_cross_entropy": 0.998, "brier": 0.0049}, rel=0.01)
    numbers = shown.numbers(shown.stage.summary, {"level": 6.0})
    assert numbers == pytest.approx({"z": -6.0, "g0": by_hand["binary_cross_entropy"], "g1": by_hand["brier"]})
    assert "the gradient has the size {g0} under BCE and {g1} under Brier" in shown.stage.summary.template


@cases
def test_pulls_are_the_sizes_of_the_losses_gradients(scene, moved):
    shown = arrived(*SCENES[scene])
    truth, at = (1.0, -shown.at("level", moved)) if scene == "moons" else (0.0, -6.0)
    told = shown.numbers(shown.stage.summary, moved)
    for number, key in enumerate(shown.choice["losses"]):
        loss = LOSSES[key]
        pull = shown.trace(f"{loss.short} gradient", PULL, moved)
        wanted = [abs(float(loss.grad(np.array(z), np.array(truth)))) for z in pull["x"]]
        np.testing.assert_allclose(pull["y"], wanted, rtol=1e-12)
        asked = shown.traces("asked", PULL, moved)[number]
        own = abs(float(loss.grad(np.array(at), np.array(truth))))
        assert (asked["x"].item(), asked["y"].item()) == (at, pytest.approx(own))
        assert told[f"g{number}"] == pytest.approx(own)
        assert shown.numbers(shown.stage.readings[number].cells[1], moved)["n"] == pytest.approx(own)


def test_outliers_hurt_the_square_and_hardly_the_others():
    """The claim of the picture: with a tenth of outliers the square ends far above, without any they are alike."""
    shown = arrived(*SCENES["outliers"])
    square, absolute, huber = (
        [shown.trace(LOSSES[key].short, METRIC, {"outliers": share})["y"][-1] for share in (0.0, 0.1)]
        for key in ("squared_error", "absolute_error", "huber")
    )
    assert square[1] > 1.5 * max(absolute[1], huber[1])
    assert max(square[0], absolute[0], huber[0]) < 1.2 * min(square[0], absolute[0], huber[0])


@pytest.mark.parametrize("scene", SCENES)
def test_the_file_holds_each_metric(scene):
    shown = arrived(*SCENES[scene])
    rows = list(csv.DictReader(io.StringIO(saved(shown.stage, {}))))
    assert list(rows[0]) == ["epoch", *shown.choice["losses"]]
    for key in shown.choice["losses"]:
        found = [float(row[key]) for row in rows]
        np.testing.assert_allclose(found, shown.trace(LOSSES[key].short, METRIC, {})["y"], rtol=1e-11)


@pytest.mark.parametrize("task", TASKS)
def test_every_loss_takes_every_target_that_its_task_has(task):
    shown = arrived(f"{task}_losses")
    halves = [half for noise in TASKS[task].data.noises for half in shown.examples({"noise": noise})]
    targets = np.unique(np.concatenate([half.target for half in halves]))
    assert targets[0] <= 0 < targets[-1]
    for key in fitting(TASKS[task].family):
        assert LOSSES[key].target_domain.holds(np.append(targets, 0.0)), key  # the pulls are drawn around 0
