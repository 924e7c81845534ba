"""The views of /training-curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.stage import Stage
from core.views.kit.panels import EDGE, FOOT
from core.views.kit.view import View, listed, old_view
from core.views.training_curves.compared_losses import LOW as BELOW
from core.views.training_curves.compared_losses import Rivals
from core.views.training_curves.picture import GAP, HIGH, LOW, Training
from core.views.training_curves.runs import Runs
from core.views.training_curves.settings import EPOCHS, TASKS, params_of, rival_sliders, rivals_of, sliders_of
from core.views.training_curves.words import notice, readings

HEIGHT = EDGE + HIGH + GAP + LOW + FOOT


def runs_of(task: str, choice: Mapping[str, Any], centre: Mapping[str, float] | None = None) -> Runs:
    """What a choice shows around these released values."""
    return Runs(task, dict(choice), sliders_of(task), dict(centre or {}))


def training(task: str, choice: Mapping[str, Any], centre: Mapping[str, float] | None) -> Stage:
    """The picture of a training."""
    runs = runs_of(task, choice, centre)
    picture = Training(runs, logarithmic=choice["scale"] == "log")
    picture.draw()
    loss, optimizer = LOSSES[choice["loss"]].name, OPTIMIZERS[choice["optimizer"]].name
    return picture.stage(
        name=f"Training curves: {runs.own.name}",
        alt=f"{runs.own.name}, under {loss} with {optimizer}: the training loss and the validation loss by epoch, "
        f"with the best epoch marked; below them {runs.metric.lower()} and the gradient norm; beside them the "
        "prediction of the model at the epoch that is shown.",
        sliders=runs.sliders,
        centre=runs.centre,
        summary=notice(picture),
        headings=("loss", runs.own.metric.short),
        readings=readings(picture),
        table=lambda values: table(runs_of(task, choice, values)),
    )


def rivals(task: str, choice: Mapping[str, Any], centre: Mapping[str, float] | None) -> Stage:
    """The picture of one task under several losses."""
    runs = {
        key: Runs(task, dict(choice) | {"loss": key}, rival_sliders(task), dict(centre or {}))
        for key in choice["losses"]
    }
    picture = Rivals(runs)
    picture.draw()
    own = next(iter(runs.values()))
    names = listed([LOSSES[key].name for key in choice["losses"]])
    return picture.stage(
        name=f"Several losses: {own.own.name}",
        alt=f"{own.own.name}, under {names}: the same metric on the validation set for all, by epoch; the "
        "size of each loss's gradient against the error; and the prediction of each model.",
        sliders=own.sliders,
        centre=own.centre,
        summary=picture.notice(),
        headings=(own.own.metric.short, "gradient"),
        readings=picture.readings(),
        table=lambda values: columns({key: replace(one, centre=dict(values)) for key, one in runs.items()}),
    )


def columns(runs: Mapping[str, Runs]) -> dict[str, np.ndarray]:
    """A row for each epoch, a column for each loss's metric on the validation set."""
    return {"epoch": np.arange(EPOCHS + 1.0)} | {key: one.history.validation_metric[0] for key, one in runs.items()}


def table(runs: Runs) -> dict[str, np.ndarray]:
    """A row for each epoch of the run at the centre."""
    history = runs.history
    names = ("train", "validation", "train_metric", "validation_metric", "gradient")
    return {"epoch": np.arange(EPOCHS + 1.0)} | {name: getattr(history, name)[0] for name in names}


def view_of(task: str) -> View:
    return old_view(
        name=TASKS[task].name,
        params=params_of(task),
        sliders=lambda **_: sliders_of(task),
        stage=lambda *, centre=None, **choice: training(task, choice, centre),
        height=HEIGHT,
        recomputed=True,
        wait="Training the models",
    )


def rival_view(task: str) -> View:
    return old_view(
        name=TASKS[task].name,
        params=rivals_of(task),
        sliders=lambda **_: rival_sliders(task),
        stage=lambda *, centre=None, **choice: rivals(task, choice, centre),
        height=EDGE + HIGH + GAP + BELOW + FOOT,
        recomputed=True,
        wait="Training the models",
    )


VIEWS: Mapping[str, View] = {f"{task}_run": view_of(task) for task in TASKS} | {
    f"{task}_losses": rival_view(task) for task in TASKS
}
