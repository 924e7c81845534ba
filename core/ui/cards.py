"""Cards under a picture: the formula of a loss or a landscape with its numbers in it, advice, source, code to copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from core.landscapes import LANDSCAPES
from core.landscapes.fitted import FittedModel, fitted_landscape
from core.landscapes.fitted_models import LINE_MODELS, LOGISTIC_MODELS
from core.landscapes.networks import COMPARED
from core.landscapes.slices import DINH, LI
from core.losses import LOSSES, Loss
from core.losses.equivalents import LIBRARIES
from core.models.objectives import OBJECTIVES, Objective
from core.stage.parameters import OneOf
from core.ui.choose import pick
from core.ui.links import citation, race_link
from core.views.kit.view import Choice

# Nobody has asked for code yet when a page opens, and its highlighter alone is a fifth of a first load.
LIBRARY = OneOf(
    name="code",
    label="Code to copy, for",
    options={"none": "None"} | {name.lower(): name for name in LIBRARIES},
    default="none",
)


def loss_cards(losses: Sequence[str], values: Mapping[str, float]) -> None:
    """Writes a card for each loss, two abreast. `values`: those of the sliders, by key, such as "huber.delta"."""
    library = LIBRARY.options[pick(LIBRARY, prefix="cards")]
    cards = []
    for key in losses:
        loss = LOSSES.get(key) or OBJECTIVES[key]
        params = {param.name: values.get(f"{key}.{param.name}", param.starts_at) for param in loss.params}
        cards.append(advice(loss, params) + code(loss, library, params))
    # One element a column: each costs the server time and every visitor a message on every re-run.
    for column, own in zip(st.columns(2, gap="large"), (cards[::2], cards[1::2]), strict=True):
        column.markdown("\n\n".join(own))


def landscape_card(choice: Choice, values: Mapping[str, float]) -> None:
    """Writes the formula of a textbook landscape with its numbers, what to see, its source; a link to the race."""
    landscape = LANDSCAPES[choice.params["landscape"]]
    params = {param.name: values[param.name] for param in landscape.params}
    lines = [
        COLUMNS,
        f"#### {landscape.name}",
        f"$$f(x, y) = {landscape.formula_at(**params)}$$",
        landscape.about,
        f"**Source:** {citation(landscape.source)}",
    ]
    race_link("textbook", choice.params, values, "Run optimizers on this landscape")
    st.markdown("\n\n".join(lines))


COLUMNS = (
    "In the table: *loss at slice*, the loss where the slices cross; *minimum loss*, the loss at the lowest minimum in "
    "the window; *λ max*, the largest curvature there (the largest eigenvalue of the Hessian); *κ*, the curvature "
    "ratio (condition number): the largest curvature divided by the smallest."
)
SLICED = COLUMNS.replace("the largest curvature there", "the largest curvature in this plane at the end of training")
SLICE = """
#### What a slice can show, and what it cannot

A network has hundreds of parameters. This picture shows a plane of two directions through the point where training
ended. In a random plane, each part of a direction (a filter) is scaled to the length of the network's own weights, so
that a network does not look flat only because its weights are large. The plane of the training path holds as much of
that path as a plane can.

A valley in this plane may be a slope in a direction outside it, and another plane shows another picture. A path
projected onto its own principal components looks smoother than it was. Whether flat minima generalise better is
contested: the same function can be written with other weights whose minimum is as sharp as one likes.
"""


def slice_card(choice: Choice, values: Mapping[str, float]) -> None:
    """Writes how to read a plane through a network's parameters, with links to the race on it."""
    for name, network in COMPARED[choice.params["compare"]].items():
        chosen = {**choice.params, "network": network}
        race_link("network", chosen, values, f"Run optimizers on this plane of the {name}")
    st.markdown(f"{SLICED}\n{SLICE}\n**Sources:** {citation(LI)}; {citation(DINH)}")


def line_cards(choice: Choice, values: Mapping[str, float]) -> None:
    """Writes what to know of the landscapes of a line, and of their losses."""
    fitted_cards("line", LINE_MODELS, choice, values)


def classifier_cards(choice: Choice, values: Mapping[str, float]) -> None:
    """Writes what to know of the landscapes of a classifier, and of their losses."""
    fitted_cards("classifier", LOGISTIC_MODELS, choice, values)


def fitted_cards(
    kind: str, models: Mapping[str, Callable[[], FittedModel]], choice: Choice, values: Mapping[str, float]
) -> None:
    """Writes the formula of a fitted landscape (the mean of a loss over data, and a penalty), links to the races, which
    are of this `kind`, and a card for each loss."""
    chosen = choice.params
    for key in chosen["losses"]:
        race_link(kind, {**chosen, "loss": key}, values, f"Run optimizers under {LOSSES[key].name}")
    model = models[chosen["data"]]()
    landscape = fitted_landscape(model, LOSSES[chosen["losses"][0]], chosen["norm"])
    strength = {name: values[name] for name in landscape.defaults if name in values}
    penalised = [name for name, share in zip(model.axes, model.penalised, strict=True) if share]
    penalty = f" The penalty counts the {' and the '.join(penalised)}." if chosen["norm"] != "none" else ""
    copies = model.outlier_copies
    outliers = f" {copies} more points, all at the outlier's value, are added to the data." if copies else ""
    st.markdown(
        f"{COLUMNS}\n\n$${landscape.formula_at(**strength)}$$\n\n{model.about}{outliers}{penalty} "
        f"**Source:** {citation(model.source)}"
    )
    loss_cards(chosen["losses"], values)


def advice(loss: Loss | Objective, params: Mapping[str, float]) -> str:
    """The formula and the advice, in Markdown."""
    jump = loss.subgradient if isinstance(loss, Loss) else ""
    kink = f" We use the subgradient {jump}." if jump else ""
    lines = [
        f"#### {loss.name}",
        f"$$L = {loss.formula_at(**params)}$$",
        f"**Estimates** {loss.estimates}.",
        f"**Use it when:** {loss.use_when}",
        f"**Watch out:** {loss.watch_out}{kink}",
        f"**Source:** {citation(loss.source)}",
    ]
    return "\n\n".join(lines)


def code(loss: Loss | Objective, library: str, params: Mapping[str, float]) -> str:
    """The loss in another library, in Markdown; nothing, as long as no library is asked for."""
    if library not in LIBRARIES:
        return ""
    if library not in loss.equivalents:
        return f"\n\n{library} has no such loss."
    return f"\n\n```python\n{loss.code(library, **params)}\n```\n\n{loss.equivalents[library].note}"
