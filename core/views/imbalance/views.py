"""The views of /class-imbalance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.models.objectives import OBJECTIVES
from core.stage import Pick, Reading, Stage, Text
from core.views import theme
from core.views.contract import View, listed
from core.views.imbalance.decisions import Decisions
from core.views.imbalance.scene import PARAMS, Scene, reels_of
from core.views.imbalance.trial import Trial


def trial_of(choice: Mapping[str, Any], centre: Mapping[str, float] | None = None) -> Trial:
    """What a choice shows around these released values."""
    return Trial(Scene.of(choice), choice["losses"], reels_of(choice), dict(centre or {}))


def decisions(choice: Mapping[str, Any], centre: Mapping[str, float] | None) -> Stage:
    trial = trial_of(choice, centre)
    picture = Decisions(trial)
    picture.draw()
    rows = []
    for key in trial.losses:
        look = theme.look(key)
        cells = tuple(
            Text(template="{n}", slots={"n": picture.at_threshold(key, name)}) for name in ("precision", "recall", "accuracy")
        )
        rows.append(Reading(name=OBJECTIVES[key].short, colour=look.colour, dash=look.dash, cells=cells))
    names = listed([OBJECTIVES[key].name for key in trial.losses])
    return picture.stage(
        name="Decisions under a rare class",
        alt=f"{names}.",
        reels=trial.reels,
        centre=trial.centre,
        notice=Text(template="hm"),
        headings=("precision", "recall", "accuracy"),
        readings=tuple(rows),
        grids=tuple(picture.grid(key) for key in trial.losses),
    )


imbalance_decisions = View(
    name="Decisions",
    params=PARAMS,
    reels=lambda **choice: reels_of(choice),
    stage=lambda *, centre=None, **choice: decisions(choice, centre),
    height=780,
    central=True,
    wait="Training the models",
)
