"""What is said beside the picture of decisions: live numbers, confusion matrices, and the sentence under it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.models.objectives import OBJECTIVES
from core.models.platt import Platt
from core.stage import Cell, Grid, Reading
from core.stage.legacy import OldText as Text
from core.stage.legacy import OldWords as Words
from core.stage.legacy import Pick
from core.views.class_imbalance.decisions import Decisions
from core.views.class_imbalance.experiment import CUTS, Measured
from core.views.class_imbalance.outputs import Says, says
from core.views.class_imbalance.report import BASELINE
from core.views.class_imbalance.settings import COST, THRESHOLD, THRESHOLDS
from core.views.gradient_descent.race_text import counted
from core.views.kit import theme

HEADINGS = ("precision", "recall", "accuracy", "cost")
PREDICTED = ("predicted negative", "predicted positive")
ROWS = {"positive": ("fn", "tp"), "negative": ("tn", "fp")}  # in the order of PREDICTED
BARS = {"tp": "recall", "fn": "missed", "tn": "kept", "fp": "false positive rate"}  # the share of its row
RIGHT = ("tp", "tn")
NO_PLATT = Platt(np.nan, np.nan)


def grid(picture: Decisions, key: str) -> Grid:
    """The confusion matrix of a loss at the threshold."""

    def cell(name: str) -> Cell:
        number = Text(template="{n}", slots={"n": picture.at_threshold(key, name)})
        return Cell(number, picture.at_threshold(key, BARS[name]), theme.RIGHT if name in RIGHT else theme.WRONG)

    look = theme.look(key)
    return Grid(
        name=OBJECTIVES[key].short,
        colour=look.colour,
        dash=look.dash,
        columns=PREDICTED,
        rows=tuple((row, tuple(map(cell, cells))) for row, cells in ROWS.items()),
    )


def readings(picture: Decisions) -> tuple[Reading, ...]:
    """A row for each loss, and for predicting everything negative; under the picture, what its model is."""
    rows = []
    for key in picture.experiment.losses:
        look, star = theme.look(key), picture.experiment.star_of(key)
        picks = [picture.at_threshold(key, name) for name in HEADINGS[:-1]]
        picks.append(Pick(f"{key} cost", (THRESHOLD,), star=(*star, COST)))
        rows.append(
            Reading(
                name=OBJECTIVES[key].short,
                colour=look.colour,
                dash=look.dash,
                cells=tuple(Text(template="{n}", slots={"n": pick}) for pick in picks),
                note=remark(picture, key),
            )
        )
    right, dear = Pick("baseline accuracy", star=picture.star), Pick("baseline cost", star=(*picture.star, COST))
    cells = (Text(template="–"), Text(template="0"), Text(template="{n}", slots={"n": right}),
             Text(template="{n}", slots={"n": dear}))  # fmt: skip
    return (*rows, Reading(name=BASELINE, colour=theme.NEUTRAL, dash="dot", cells=cells))


OUTPUTS = "add up to {total} positives ({all} in the test set); calibration error {error} %, log loss {loss}."
CORRECTED = "calibration error {right_error} %, log loss {right_loss}."
LIVE = {  # the sentences about probabilities, by what the score says
    "log-odds": f" Its probabilities {OUTPUTS}",
    "link": f" Its score estimates {{estimates}}. Its probabilities {OUTPUTS}",
    "weight": f" Its outputs p {OUTPUTS} Without the weight, logit p′ = logit p − log {{w}} or "
    f"p′ = p / (p + {{w}} (1 − p)), they add up to {{right}}; {CORRECTED}",
    "inverse": f" Its outputs {OUTPUTS} After inverting the relation between score and probability for this loss, they "
    f"add up to {{right}}; "
    f"{CORRECTED}",
    "platt": " Its score is not a probability. Platt scaling on the training set turns it into p = σ({slope} × score "
    "{sign} "
    "{level}). These add up to {right} positives ({all} in the test set); " + CORRECTED,
}


def remark(picture: Decisions, key: str) -> Text:
    """How a model was trained, and what its probabilities are; live with everything that it was trained with."""
    models, star = picture.experiment.models[key], picture.experiment.star_of(key)
    words, which = counted([f"{model.summary}." for model in models])
    sentence = LIVE[kind(key, models)].replace("{estimates}", str(OBJECTIVES[key].estimates))
    before, after = [model.quality for model in models], [model.corrected_quality for model in models]
    numbers = {
        "total": [quality.total for quality in before],
        "error": [100 * quality.calibration_error for quality in before],
        "loss": [quality.log_loss for quality in before],
        "right": [quality.total for quality in after],
        "right_error": [100 * quality.calibration_error for quality in after],
        "right_loss": [quality.log_loss for quality in after],
        "w": [model.correction.weight if model.correction else np.nan for model in models],
    }
    platt = [model.correction.platt if model.correction and model.correction.platt else NO_PLATT for model in models]
    numbers |= {"slope": [way.slope for way in platt], "level": [abs(way.intercept) for way in platt]}
    slots: dict[str, Pick | Words] = {
        name: picture.keep(f"{key} {name}", np.array(values), star)
        for name, values in numbers.items()
        if f"{{{name}}}" in sentence
    }
    if "{all}" in sentence:
        slots["all"] = Pick("positives", star=picture.star)
    if "{sign}" in sentence:
        sign = picture.keep(f"{key} sign", np.array([float(way.intercept < 0) for way in platt]), star)
        slots["sign"] = Words(("+", "−"), pick=sign)
    untrained = np.array([float(not model.trained) for model in models])
    slots |= {
        "trained": Words(words, pick=picture.keep(f"{key} said", which, star)),
        "probabilities": Words((sentence, ""), pick=picture.keep(f"{key} untrained", untrained, star)),
    }
    return Text(template="{trained}{probabilities}", slots=slots)


def kind(key: str, models: Sequence[Measured]) -> str:
    """Which of LIVE."""
    match says(key):
        case Says.PROBABILITY:
            return "log-odds" if OBJECTIVES[key].proper else "link"
        case Says.SHIFTED:
            weights = [model.correction.weight for model in models if model.correction]
            return "inverse" if np.isnan(weights).all() else "weight"
        case Says.ORDER:
            return "platt"


def notice(picture: Decisions) -> Text:
    """What each loss finds at the threshold, and what predicting everything negative would."""
    slots: dict[str, Pick | Words] = {
        "t": Words(tuple(f"{threshold:g}" for threshold in THRESHOLDS), slider=THRESHOLD),
        "all": Pick("positives", star=picture.star),
        "right": Pick("baseline percent", star=picture.star),
    }
    told = []
    for number, key in enumerate(picture.experiment.losses):
        name, star = OBJECTIVES[key].short, picture.experiment.star_of(key)
        where = ""
        if says(key) is Says.ORDER:
            where = ", at a score of {cut},"
            slots["cut"] = Words(tuple(f"{cut:.3g}".replace("-", "−") for cut in CUTS), slider=THRESHOLD)
        slots |= {
            f"found{number}": picture.at_threshold(key, "tp"),
            f"false{number}": picture.at_threshold(key, "fp"),
            f"told{number}": Words(
                (f"{name}{where} finds {{found{number}}} of {{all}} positives (false positives: {{false{number}}})",
                 f"{name} has nothing to learn from"),
                pick=Pick(f"{key} untrained", star=star),
            ),
        }  # fmt: skip
        told.append(f"{{told{number}}}")
    return Text(
        template=f"At a threshold of {{t}}, {'; '.join(told)}. Predicting everything negative finds none, "
        "and has an accuracy of {right} %.",
        slots=slots,
    )
