"""The views of /class-imbalance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from core.losses.equivalents import LIBRARIES
from core.models.imbalance.data import ImbalanceSettings
from core.models.imbalance.loss_shares import share_table
from core.models.imbalance.report import Report, predictions
from core.models.imbalance.sample import POINTS
from core.models.objectives import objective_of
from core.sentences import join_words
from core.stage import Card, Slider, Stage, Sweep, Task
from core.views.class_imbalance import decision_texts
from core.views.class_imbalance.accuracy_figure import HEIGHT as ACCURACY_HEIGHT
from core.views.class_imbalance.accuracy_figure import METRICS, SLIDERS, AccuracyFigure
from core.views.class_imbalance.cards import accuracy_cards, decision_cards, source_cards
from core.views.class_imbalance.decision_figure import HEIGHT, DecisionFigure
from core.views.class_imbalance.decision_question import question
from core.views.class_imbalance.experiment import Experiment
from core.views.class_imbalance.loss_share_figure import HEIGHT as SHARES_HEIGHT
from core.views.class_imbalance.loss_share_figure import LossShareFigure
from core.views.class_imbalance.settings import COST_SLIDER, OVERLAP, PARAMS, SEED, THRESHOLD_SLIDER, trained_around
from core.views.kit.view import View


@dataclass(frozen=True, eq=False)
class LossSharePicture:
    """The picture of where the losses come from."""

    choice: Mapping[str, Any]

    @cached_property
    def settings(self) -> ImbalanceSettings:
        return ImbalanceSettings.of(self.choice)

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """Those for whose values there are models of their own."""
        return trained_around(self.settings, self.choice["losses"])

    def experiment(self, centre: Mapping[str, float]) -> Experiment:
        """Every model around these released values."""
        return Experiment(self.settings, self.choice["losses"], self.sliders, centre)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        experiment = self.experiment(centre)
        return LossShareFigure(experiment).stage(
            sliders=self.sliders,
            cards=source_cards(experiment.losses, self.sliders),
            centre=centre,
            table=lambda values: share_table(self.settings, replace(experiment, centre=dict(values)).first_runs),
        )


class Decisions(LossSharePicture):
    """The picture of what the losses' models decide at a threshold."""

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        return (THRESHOLD_SLIDER, *super().sliders, COST_SLIDER)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        experiment = self.experiment(centre)
        figure = DecisionFigure(experiment)
        decision_texts.add_readings(figure)
        names = join_words([objective_of(key).name for key in experiment.losses])
        about = self.settings.split(experiment.shares[0]).test.about
        return figure.plot.stage(
            task=Task(
                "Drag “Decision threshold”, or a dashed line, to the left.",
                "Recall rises, and precision usually falls: a threshold trades one for the other.",
            ),
            name="Decisions of models trained on a rare class",
            alt=f"{about} For {names}: the score of the trained model all over the picture, its boundary at the "
            "threshold and the points; the scores of both classes; the precision-recall curve, the ROC curve and the "
            "calibration curve, each with a point at the threshold; and the confusion matrix.",
            sliders=self.sliders,
            cards=self.cards(centre),
            centre=centre,
            question=question(experiment),
            summary=decision_texts.summary(figure),
            headings=decision_texts.HEADINGS,
            grids=tuple(decision_texts.grid(figure, key) for key in experiment.losses),
            table=lambda values: predictions(self.report(values)),
        )

    def cards(self, centre: Mapping[str, float]) -> tuple[Card, ...]:
        """What stands under the picture, in each run of a sweep of all sliders, the threshold too."""
        sweep = Sweep(self.sliders, centre)
        runs = {key: values.tolist() for key, values in sweep.values.items()}

        def report(run: int) -> Report:
            return self.report({key: values[run] for key, values in runs.items()})

        return decision_cards(self.choice["losses"], sweep, report)

    def report(self, values: Mapping[str, float]) -> Report:
        """The models at these values of the sliders, by key."""
        at = {slider.key: slider.at(values) for slider in self.sliders}
        return Report(self.settings, self.choice["losses"], at)


@dataclass(frozen=True, eq=False)
class AccuracyPicture:
    """The picture of what accuracy says of a rare class."""

    overlap: str
    seed: int
    sliders: tuple[Slider, ...] = SLIDERS

    def stage(self, centre: Mapping[str, float]) -> Stage:
        settings = ImbalanceSettings("clouds", self.overlap, POINTS, self.seed, "linear")
        return AccuracyFigure(settings, centre).stage(cards=accuracy_cards(METRICS))


imbalance_decisions = View(
    name="Decisions",
    params=PARAMS,
    picture=lambda **choice: Decisions(choice),
    height=HEIGHT,
    shares_state="imbalance",
    wait="Training the models",
)

imbalance_accuracy = View(
    name="Accuracy",
    params=(OVERLAP, SEED),
    picture=AccuracyPicture,
    height=ACCURACY_HEIGHT,
    shares_state="imbalance",
    wait="Training the models",
)

imbalance_sources = View(
    name="Loss shares",
    params=PARAMS,
    picture=lambda **choice: LossSharePicture(choice),
    height=SHARES_HEIGHT,
    code=tuple(LIBRARIES),
    shares_state="imbalance",
    wait="Training the models",
)
