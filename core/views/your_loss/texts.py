"""The words beside a typed loss: what its gradient does, its formula with the current numbers, its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.expression.code import STYLES
from core.expression.diagnosis import diagnosis
from core.expression.error import ExpressionError
from core.expression.nearest import Nearest, nearest_losses
from core.expression.typed_loss import TypedLoss
from core.expression.usable import trainable
from core.losses import LOSSES
from core.losses.axis import LossAxis
from core.losses.loss import formula_in, owner_of
from core.models.typed_estimates import POINTS, Estimate, estimates
from core.sentences import join_words, number_text
from core.stage import Card, Link, Live, Slider, Text
from core.views.kit.cards import plain, typed_card

SEARCH_ERROR = 1e-6  # of the spread: what a search for the nearest parameters leaves
ALIKE = 1e-3  # two levels of an expectile
ESTIMATE_ROWS = {"best": "**best constant**", "mean": "mean", "median": "median", "quantile": "quantile level",
                 "expectile": "expectile level"}  # fmt: skip

PLACES = {  # by family: the words of a link, and the page that it opens with the loss chosen
    "regression": (
        ("The line that it fits, with outliers", "loss-curves", {"view": "fit", "losses": "squared_error,{}"}),
        ("Its landscape over the lines", "loss-landscapes", {"view": "line", "losses": "{}"}),
        ("A race of optimizers under it", "gradient-descent", {"view": "line", "loss": "{}"}),
        ("A network trained under it", "training-curves", {"loss": "{}"}),  # of the wave, the first task
    ),
    "binary": (
        ("What it makes of a rare class", "class-imbalance", {"losses": "binary_cross_entropy,{}"}),
        ("Its landscape over the classifiers", "loss-landscapes", {"view": "classifier", "losses": "{}"}),
        ("A race of optimizers under it", "gradient-descent", {"view": "classifier", "loss": "{}"}),
        ("A network trained under it", "training-curves", {"task": "moons", "loss": "{}"}),
    ),
}


def summary(x: LossAxis, probe: Slider, value: Live, gradient: Live) -> Text:
    """The loss where the probe stands, and what its gradient asks for."""
    return Text(
        f"At {x.symbol} = {{}} your loss is {{}} and its gradient {{}}. A positive gradient means that a step lowers "
        f"the {x.lowers}, a negative one that it raises it. The larger the gradient, the more this example counts.",
        Live(probe.values, probe),
        value,
        gradient,
    )


def cards(loss: TypedLoss, sliders: Sequence[Slider], centre: Mapping[str, float]) -> tuple[Card, ...]:
    """What the loss does and estimates where its sliders were released; its formula and code with their numbers."""
    values = {param.name: slider.at(centre) for param, slider in zip(loss.params, sliders, strict=False)}
    truth = [slider.at(centre) for slider in sliders[len(values) :]]
    at = [f"{param.symbol} = {number_text(values[param.name])}" for param in loss.params]
    where = f" at {join_words(at)}" if at else ""
    with_truth = [*at, *(f"y = {number_text(value)}" for value in truth)]
    here = f" at {join_words(with_truth)}" if with_truth else ""
    found = diagnosis(loss.typed, loss.family, tuple(values.items()), *truth)
    lines = [*(finding.sentence for finding in found.values()), *nearest_text(nearest_losses(loss, **values))]
    sentences = "\n".join(f"- {plain(line)}." for line in lines)
    own = [Card(text=Text(f"#### What it does{here}\n\n{sentences}"))]
    if loss.family == "regression":
        table = estimates_text(estimates(loss, **values))
        own.append(Card(text=Text(f"#### What it estimates{where}\n\n{table}")))
    mine = {param.name: slider for param, slider in zip(loss.params, sliders, strict=False)}
    return (*own, typed_card(loss, mine, {name: name for name in STYLES}), where_it_leads(loss))


def where_it_leads(loss: TypedLoss) -> Card:
    """Links to the pages on which models are trained under the loss, with it chosen there."""
    try:
        trainable(formula_in(loss.key), loss.family)
    except ExpressionError as error:
        return Card(text=Text(f"No model can be trained under it: {plain(str(error))}."))
    sliders = tuple(f"{owner_of(loss.key)}.{param.name}" for param in loss.params)
    links = []
    for label, page, words in PLACES[loss.family]:
        query = {name: text.format(loss.key) for name, text in words.items()}
        links.append(Link(label=label, page=page, query=query, sliders=sliders))
    return Card(text=Text("Each of these pages opens with your loss chosen."), links=tuple(links))


def nearest_text(found: Sequence[Nearest]) -> list[str]:
    """A sentence about the known losses that are nearest, if there are any."""
    if not found:
        return []
    each = [f"{known_name(one)} ({difference_text(one.difference)})" for one in found]
    return [f"Nearest known losses, after scaling and shifting: {join_words(each)}"]


def known_name(one: Nearest) -> str:
    loss = LOSSES[one.key]
    values = [f"{param.symbol} = {number_text(one.params[param.name])}" for param in loss.params]
    return f"{loss.short} with {join_words(values)}" if values else loss.short


def difference_text(difference: float) -> str:
    percent = number_text(100 * difference, 2)
    return "no difference" if difference < SEARCH_ERROR else f"differs by {percent} % of its spread"


def estimates_text(found: Mapping[str, Estimate]) -> str:
    """A table of the best constants, a column for each sample, and what they have in common."""
    lines = [f"| | {' | '.join(found)} |", f"|:--|{'--:|' * len(found)}"]
    for name, title in ESTIMATE_ROWS.items():
        numbers = (getattr(one, name) for one in found.values())
        cells = " | ".join(number_text(number) if np.isfinite(number) else "–" for number in numbers)
        lines.append(f"| {title} | {cells} |")
    what = "The last two rows give the levels of the quantile and the expectile that are the best constant."
    return "\n".join([*lines, "", f"{conclusion(list(found.values()))} {what}"])


def conclusion(found: Sequence[Estimate]) -> str:
    """What the best constants of all samples are, if that is one thing."""
    if not all(np.isfinite(one.best) for one in found):
        return "Some samples have no best constant: the loss still falls far from them."
    expectiles, quantiles = ([getattr(one, name) for one in found] for name in ("expectile", "quantile"))
    if np.ptp(expectiles) < ALIKE:
        name = "mean" if abs(expectiles[0] - 0.5) < ALIKE else f"expectile of level {number_text(expectiles[0], 3)}"
    elif np.ptp(quantiles) < 1.5 / POINTS:
        name = "median" if abs(quantiles[0] - 0.5) < 1 / POINTS else f"quantile of level {number_text(quantiles[0], 2)}"
    else:
        return "It estimates no quantile and no expectile of one level: the level depends on the data."
    return f"It estimates the {name}, whatever the data."
