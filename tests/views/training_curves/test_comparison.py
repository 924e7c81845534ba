"""One task under several losses: each trained alone agrees, and one metric compares them all."""

import csv
import io

import numpy as np
import pytest

from core.losses import LOSSES
from core.stage.table import csv as saved
from core.training.tasks import TASKS
from core.views.training_curves.settings import losses_for
from tests.views.training_curves.shown import COMPARED, GRADIENT_SIZE, PREDICTION, arrived

CHOICES = {
    "outliers": ("polynomial_losses", {"losses": "squared_error,absolute_error,huber,gaussian_nll"}),
    "moons": ("moons_losses", {}),
}
MOVES = {
    "outliers": [{}, {"outliers": 0.0}, {"outliers": 0.3}, {"lr": 0.001}, {"noise": 0.0}],
    "moons": [{}, {"level": 0.0}, {"level": 8.0}, {"lr": 0.01}, {"noise": 0.45}],
}
CASES = [(case, moved) for case, moves in MOVES.items() for moved in moves]
cases = pytest.mark.parametrize(("case", "moved"), CASES, ids=lambda case: str(case).replace("'", ""))
EPOCHS = (0.0, 50.0, 300.0)


def measured(shown, score, target):
    """The metric, by hand."""
    return np.mean((score > 0) == (target == 1)) if shown.task == "moons" else np.sqrt(np.mean((score - target) ** 2))


@cases
def test_each_loss_by_itself_has_the_same_metric_and_the_same_model(case, moved):
    shown = arrived(*CHOICES[case])
    for number, key in enumerate(shown.choice["losses"]):
        alone, name = shown.alone(moved, key), LOSSES[key].short
        metric = shown.trace(name, COMPARED, moved)
        np.testing.assert_array_equal(metric["x"], np.arange(301))
        np.testing.assert_allclose(metric["y"], alone.validation_metric[0], rtol=5e-3, atol=0.011)  # two points of 200
        for epoch in EPOCHS:
            values = moved | {"epoch": epoch}
            now = shown.traces("now", COMPARED, values)[number]
            assert (now["x"].item(), now["y"].item()) == (epoch, metric["y"][int(epoch)])
            assert shown.numbers(shown.stage.readings[number].cells[0], values) == [now["y"].item()]
            count = len(shown.choice["losses"])
            if shown.task == "moons":
                line = shown.trace(f"{name} boundary", PREDICTION, values)
                points = np.stack(np.meshgrid(line["x"], line["y"]), axis=-1).reshape(-1, 2)
                drawn, every = line["z"].ravel(), 2 * count
            else:
                line = shown.trace(f"{name} fit", PREDICTION, values)
                points, drawn, every = line["x"][:, None], line["y"], count
            kept = int(epoch) // 5 // every * every  # the more losses, the fewer models are drawn
            wanted = alone.predict(0, points)[kept]
            np.testing.assert_allclose(drawn, wanted, rtol=5e-3, atol=2e-3 * np.abs(wanted).max())


@cases
def test_the_metric_is_one_for_all_and_of_the_clean_validation_set(case, moved):
    """Worked out from each model alone: neither its loss nor its training examples matter."""
    shown = arrived(*CHOICES[case])
    _, clean = shown.examples(moved | ({"outliers": 0.0} if case == "outliers" else {}))
    for key in shown.choice["losses"]:
        models = shown.alone(moved, key).predict(0, clean.x)
        curve = shown.trace(LOSSES[key].short, COMPARED, moved)["y"]
        for epoch in EPOCHS:
            own = measured(shown, models[int(epoch) // 5], clean.target)
            assert curve[int(epoch)] == pytest.approx(own, rel=5e-3, abs=0.011 if case == "moons" else 1e-4)


def test_the_gradient_of_a_confident_wrong_answer_is_the_one_worked_out_by_hand():
    """Brier's slope at z is 2 (p - 1) p (1 - p): -0.0049 at -6; cross-entropy's is p - 1: -0.998."""
    shown = arrived("moons_losses")
    p = 1 / (1 + np.exp(6))
    by_hand = {"binary_cross_entropy": 1 - p, "brier": 2 * (1 - p) ** 2 * p}
    assert by_hand == pytest.approx({"binary_cross_entropy": 0.998, "brier": 0.0049}, rel=0.01)
    numbers = shown.numbers(shown.stage.summary, {"level": 6.0})
    assert numbers == pytest.approx([-6.0, by_hand["binary_cross_entropy"], by_hand["brier"]])
    assert "the gradient has the size {1} under BCE and {2} under Brier" in shown.stage.summary.template


@cases
def test_the_curves_are_the_sizes_of_the_losses_gradients(case, moved):
    shown = arrived(*CHOICES[case])
    truth, at = (1.0, -shown.at("level", moved)) if case == "moons" else (0.0, -6.0)
    *_, text = np.split(shown.numbers(shown.stage.summary, moved), [-len(shown.choice["losses"])])
    for number, key in enumerate(shown.choice["losses"]):
        loss = LOSSES[key]
        size = shown.trace(f"{loss.short} gradient", GRADIENT_SIZE, moved)
        wanted = [abs(float(loss.grad(np.array(z), np.array(truth)))) for z in size["x"]]
        np.testing.assert_allclose(size["y"], wanted, rtol=1e-12)
        point = shown.traces("inspected", GRADIENT_SIZE, moved)[number]
        own = abs(float(loss.grad(np.array(at), np.array(truth))))
        assert (point["x"].item(), point["y"].item()) == (at, pytest.approx(own))
        assert text[number] == pytest.approx(own)
        assert shown.numbers(shown.stage.readings[number].cells[1], moved) == pytest.approx([own])


def test_outliers_hurt_the_square_and_hardly_the_others():
    """The claim of the picture: with a tenth of outliers the square ends far above, without any they are alike."""
    shown = arrived(*CHOICES["outliers"])
    square, absolute, huber = (
        [shown.trace(LOSSES[key].short, COMPARED, {"outliers": share})["y"][-1] for share in (0.0, 0.1)]
        for key in ("squared_error", "absolute_error", "huber")
    )
    assert square[1] > 1.5 * max(absolute[1], huber[1])
    assert max(square[0], absolute[0], huber[0]) < 1.2 * min(square[0], absolute[0], huber[0])


@pytest.mark.parametrize("case", CHOICES)
def test_the_file_holds_each_metric(case):
    shown = arrived(*CHOICES[case])
    rows = list(csv.DictReader(io.StringIO(saved(shown.stage, {}))))
    assert list(rows[0]) == ["epoch", *shown.choice["losses"]]
    for key in shown.choice["losses"]:
        found = [float(row[key]) for row in rows]
        np.testing.assert_allclose(found, shown.trace(LOSSES[key].short, COMPARED, {})["y"], rtol=1e-11)


@pytest.mark.parametrize("task", TASKS)
def test_every_loss_takes_every_target_that_its_task_has(task):
    shown = arrived(f"{task}_losses")
    parts = [part for noise in TASKS[task].data.noises for part in shown.examples({"noise": noise})]
    targets = np.unique(np.concatenate([part.target for part in parts]))
    assert targets[0] <= 0 < targets[-1]
    for key in losses_for(TASKS[task]):
        assert LOSSES[key].target_domain.holds(np.append(targets, 0.0)), key  # the gradients are drawn around 0
