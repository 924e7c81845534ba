"""The views of /class-imbalance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import logit

from core.models.objectives import OBJECTIVES
from core.numerics import sigmoid
from core.stage import Stage
from core.views.class_imbalance import sources
from core.views.class_imbalance.decisions import Decisions
from core.views.class_imbalance.experiment import Experiment
from core.views.class_imbalance.layout import HEIGHT
from core.views.class_imbalance.loss_shares import table
from core.views.class_imbalance.outputs import Says, says
from core.views.class_imbalance.report import Report
from core.views.class_imbalance.settings import PARAMS, ImbalanceSettings, sliders_of, trained_around
from core.views.class_imbalance.words import HEADINGS, grid, notice, readings
from core.views.kit.view import listed, old_view


def experiment_of(choice: Mapping[str, Any], centre: Mapping[str, float] | None = None) -> Experiment:
    """What a choice shows around these released values."""
    return Experiment(ImbalanceSettings.of(choice), choice["losses"], sliders_of(choice), dict(centre or {}))


def decisions(choice: Mapping[str, Any], centre: Mapping[str, float] | None) -> Stage:
    """The picture of what the losses' models decide."""
    experiment = experiment_of(choice, centre)
    picture = Decisions(experiment)
    picture.draw()
    names = listed([OBJECTIVES[key].name for key in experiment.losses])
    about = experiment.settings.split(experiment.shares[0]).test.about
    rows = readings(picture)
    return picture.stage(
        name="Decisions of models trained on a rare class",
        alt=f"{about} For {names}: the score of the trained model all over the picture, its boundary at the threshold "
        "and the points; the scores of both classes; the precision-recall curve, the ROC curve and the calibration "
        "curve, each with a point at the threshold; and the confusion matrix.",
        sliders=experiment.sliders,
        centre=experiment.centre,
        summary=notice(picture),
        headings=HEADINGS,
        readings=rows,
        grids=tuple(grid(picture, key) for key in experiment.losses),
        table=lambda values: predictions(choice, values),
    )


def predictions(choice: Mapping[str, Any], values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """A row for each point of the test set: what it is, and each model's score, probability and prediction.

    The probability is the corrected one, by Platt scaling where the score alone tells none.
    """
    report = Report(ImbalanceSettings.of(choice), choice["losses"], filled(choice, values))
    data = report.settings.split(report.share).test
    columns = {str(axis): data.features[:, at] for at, axis in enumerate(data.variables)} | {data.positive: data.target}
    for model in report.models:
        nothing = np.full(len(data), np.nan)
        raw, shown, log_odds = (
            nothing if part is None else part for part in (model.raw, model.test_scores, model.log_odds)
        )
        probability = "Platt-scaled probability" if says(model.key) is Says.ORDER else "probability"
        columns |= {f"{model.key} score": raw, f"{model.key} {probability}": sigmoid(log_odds)}
        columns[f"{model.key} predicted"] = np.where(np.isnan(shown), np.nan, shown >= logit(report.threshold))
    return columns


def filled(choice: Mapping[str, Any], values: Mapping[str, float]) -> dict[str, float]:
    """The values of all sliders, those at their start too."""
    return {slider.key: values.get(slider.key, float(slider.values[slider.start])) for slider in sliders_of(choice)}


def origins(choice: Mapping[str, Any], centre: Mapping[str, float] | None) -> Stage:
    """The picture of where the losses come from."""
    experiment = Experiment(ImbalanceSettings.of(choice), choice["losses"], trained_around(choice), dict(centre or {}))
    picture = sources.Sources(experiment)
    picture.draw()
    names = listed([OBJECTIVES[key].name for key in experiment.losses])
    return picture.stage(
        name="Where the loss comes from",
        alt=f"For {names}: bars of the shares that hard and easy positives and negatives have of the loss, and of its "
        "gradient, before training and after; and how much an example counts under each loss, as a multiple of what it "
        "counts under cross-entropy, over the sigmoid of its score for the true class.",
        sliders=experiment.sliders,
        centre=experiment.centre,
        summary=sources.notice(picture),
        headings=("before", "after", "gradient"),
        readings=sources.readings(picture),
        table=lambda values: table(replace(experiment, centre=dict(values))),
    )


imbalance_decisions = old_view(
    name="Decisions",
    params=PARAMS,
    sliders=lambda **choice: sliders_of(choice),
    stage=lambda *, centre=None, **choice: decisions(choice, centre),
    height=HEIGHT,
    recomputed=True,
    shares_state="imbalance",
    wait="Training the models",
)

imbalance_sources = old_view(
    name="Loss shares",
    params=PARAMS,
    sliders=lambda **choice: trained_around(choice),
    stage=lambda *, centre=None, **choice: origins(choice, centre),
    height=sources.EDGE + sources.ROW + sources.FOOT,
    recomputed=True,
    shares_state="imbalance",
    wait="Training the models",
)
