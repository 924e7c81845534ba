"""The cards under a landscape: its formula with the sliders' numbers, how to read the picture, links to the race."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.expression.typed_loss import loss_of
from core.landscapes import Landscape
from core.landscapes.fitted import FittedModel, fitted_landscape
from core.landscapes.networks import COMPARED
from core.landscapes.slices import DINH, LI
from core.losses.loss import owner_of
from core.stage import Card, Link, Slider, Text
from core.stage.parameters import page_word
from core.views.gradient_descent.problems import KINDS
from core.views.kit.cards import citation, formula_with, loss_cards

COLUMNS = (
    "In the table *loss at slice* is the loss where the slices cross. *Minimum loss* is the loss at the lowest "
    "minimum in the window. *λ max* is the largest curvature there (the largest eigenvalue of the Hessian). *κ* is "
    "the curvature ratio (condition number): the largest curvature divided by the smallest."
)
SLICED = COLUMNS.replace("the largest curvature there", "the largest curvature in this plane at the end of training")
SLICE = """
#### What a slice can show, and what it cannot

A network has hundreds of parameters. This picture shows a plane of two directions through the point where training
ended. In a random plane, each part of a direction (a filter) is scaled to the length of the network's own weights.
Otherwise a network with large weights would look flat. No other plane holds more of the training path than that of
the training path.

A valley in this plane may be a slope in a direction outside it. Another plane shows another picture. A path projected
onto its own principal components looks smoother than it was. It is contested whether flat minima generalise better:
the same function can be written with other weights whose minimum is as sharp as one likes.
"""


def textbook_cards(landscape: Landscape, sliders: Sequence[Slider]) -> tuple[Card, ...]:
    """The formula of a textbook landscape, what to see, its source; a link to the race."""
    formula, slots = formula_with(landscape, {slider.name: slider for slider in sliders})
    lines = [
        COLUMNS,
        f"#### {landscape.name}",
        f"$$f(x, y) = {formula}$$",
        landscape.about,
        f"**Source:** {citation(landscape.source)}",
    ]
    race = race_link("textbook", {"landscape": landscape.key}, sliders, "Run optimizers on this landscape")
    return (Card(text=Text("\n\n".join(lines), **slots), links=(race,), wide=True),)


def fitted_cards(
    kind: str, model: FittedModel, chosen: Mapping[str, Any], sliders: Sequence[Slider]
) -> tuple[Card, ...]:
    """The formula of a fitted landscape (the mean of a loss over data, and a penalty), with a link to the race of this
    `kind` under each loss; then a card for each loss. `chosen`: data, losses and norm."""
    losses, norm = chosen["losses"], chosen["norm"]
    links = [
        race_link(
            kind,
            {"data": chosen["data"], "loss": key, "norm": norm},
            [slider for slider in sliders if slider.owner in ("", owner_of(key))],
            f"Run optimizers under {loss_of(key).name}",
        )
        for key in losses
    ]
    landscape = fitted_landscape(model, loss_of(losses[0]), norm)
    strength = {slider.name: slider for slider in sliders if not slider.owner and slider.name in landscape.defaults}
    formula, slots = formula_with(landscape, strength)
    penalised = [name for name, share in zip(model.axes, model.penalised, strict=True) if share]
    penalty = f" The penalty counts the {' and the '.join(penalised)}." if norm != "none" else ""
    copies = model.outlier_copies
    outliers = f" {copies} more points, all at the outlier's value, are added to the data." if copies else ""
    text = f"{COLUMNS}\n\n$${formula}$$\n\n{model.about}{outliers}{penalty} **Source:** {citation(model.source)}"
    return (Card(text=Text(text, **slots), links=tuple(links), wide=True), *loss_cards(losses, sliders))


def network_cards(chosen: Mapping[str, Any]) -> tuple[Card, ...]:
    """How to read a plane through a network's parameters, with links to the race on it."""
    links = [
        race_link("network", {**chosen, "network": network}, (), f"Run optimizers on this plane of the {name}")
        for name, network in COMPARED[chosen["compare"]].items()
    ]
    text = f"{SLICED}\n{SLICE}\n**Sources:** {citation(LI)}; {citation(DINH)}"
    return (Card(text=Text(text), links=tuple(links), wide=True),)


def race_link(kind: str, chosen: Mapping[str, Any], sliders: Sequence[Slider], label: str) -> Link:
    """A link to the race on the landscape of a choice, at the values that these sliders have here."""
    words = {param.name: page_word(param, chosen[param.name]) for param in KINDS[kind].params}
    return Link(
        label=label, page="gradient-descent", query={"view": kind} | words, sliders=tuple(one.key for one in sliders)
    )
