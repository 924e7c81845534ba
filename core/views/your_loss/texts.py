"""The words beside a typed loss: what its gradient does, its formula with the current numbers, its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from core.expression.code import STYLES
from core.expression.diagnosis import diagnose_binary, diagnose_regression
from core.expression.nearest import Nearest, nearest_losses
from core.expression.typed_loss import TypedLoss
from core.losses import LOSSES
from core.losses.axis import LossAxis
from core.losses.equivalents import code_number
from core.models.typed_estimates import POINTS, Estimate, estimates
from core.sentences import join_words
from core.stage import Card, Live, Slider, Text
from core.views.kit.cards import code_with, formula_with

SAME = 1e-9  # of the spread: rounding
ALIKE = 1e-3  # two levels of an expectile
ESTIMATE_ROWS = {"best": "**best constant**", "mean": "mean", "median": "median", "quantile": "quantile level",
                 "expectile": "expectile level"}  # fmt: skip
DIAGNOSES = {"regression": diagnose_regression, "binary": diagnose_binary}  # by family


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
    at = [f"{param.symbol} = {values[param.name]:.4g}" for param in loss.params]
    where = f" at {join_words(at)}" if at else ""
    found = DIAGNOSES[loss.family](loss.typed, *truth, **values)
    lines = [*(finding.sentence for finding in found.values()), *nearest_text(nearest_losses(loss, **values))]
    sentences = "\n".join(f"- {plain(line)}." for line in lines)
    own = [Card(text=Text(f"#### What it does{where}\n\n{sentences}"))]
    if loss.family == "regression":
        table = estimates_text(estimates(loss, **values))
        own.append(Card(text=Text(f"#### What it estimates{where}\n\n{table}")))
    return (*own, formula_card(loss, sliders))


def nearest_text(found: Sequence[Nearest]) -> list[str]:
    """A sentence about the known losses that are nearest, if there are any."""
    if not found:
        return []
    each = [f"{known_name(one)} ({difference_text(one.difference)})" for one in found]
    return [f"Nearest known losses, after scaling and shifting: {join_words(each)}"]


def known_name(one: Nearest) -> str:
    loss = LOSSES[one.key]
    values = [f"{param.symbol} = {one.params[param.name]:.4g}" for param in loss.params]
    return f"{loss.short} with {join_words(values)}" if values else loss.short


def difference_text(difference: float) -> str:
    return "no difference" if difference < SAME else f"differs by {100 * difference:.2g} % of its spread"


def estimates_text(found: Mapping[str, Estimate]) -> str:
    """A table of the best constants, a column for each sample, and what they have in common."""
    lines = [f"| | {' | '.join(found)} |", f"|:--|{'--:|' * len(found)}"]
    for name, title in ESTIMATE_ROWS.items():
        numbers = (getattr(one, name) for one in found.values())
        cells = " | ".join(f"{number:.3g}" if np.isfinite(number) else "–" for number in numbers)
        lines.append(f"| {title} | {cells} |")
    what = "The last two rows give the levels of the quantile and the expectile that are the best constant."
    return "\n".join([*lines, "", f"{conclusion(list(found.values()))} {what}"])


def conclusion(found: Sequence[Estimate]) -> str:
    """What the best constants of all samples are, if that is one thing."""
    if not all(np.isfinite(one.best) for one in found):
        return "Some samples have no best constant: the loss still falls far from them."
    expectiles, quantiles = ([getattr(one, name) for one in found] for name in ("expectile", "quantile"))
    if np.ptp(expectiles) < ALIKE:
        name = "mean" if abs(expectiles[0] - 0.5) < ALIKE else f"expectile of level {expectiles[0]:.3g}"
    elif np.ptp(quantiles) < 1.5 / POINTS:
        name = "median" if abs(quantiles[0] - 0.5) < 1 / POINTS else f"quantile of level {quantiles[0]:.2g}"
    else:
        return "It estimates no quantile and no expectile of one level: the level depends on the data."
    return f"It estimates the {name}, whatever the data."


def formula_card(loss: TypedLoss, sliders: Sequence[Slider]) -> Card:
    """The formula with the numbers of the sliders, how it was read, and its code."""
    own = {param.name: slider for param, slider in zip(loss.params, sliders, strict=False)}
    formula, slots = formula_with(loss, own)
    lines = ["#### Your loss", f"$$L = {formula}$$"]
    if loss.typed.corrections:
        lines.append(f"**How it was read:** {plain('; '.join(loss.typed.corrections))}.")
    if loss.params:
        names = join_words([param.symbol for param in loss.params])
        lines.append(f"Every name that is no variable is a parameter with a slider: here {names}.")
    code = {name: code_with(partial(loss.code, name), own, lambda _, value: code_number(value)) for name in STYLES}
    return Card(text=Text("\n\n".join(lines), **slots), code=code)


def plain(text: str) -> str:
    """Text in which * is no Markdown."""
    return text.replace("*", r"\*")
