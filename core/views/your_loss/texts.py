"""The words beside a typed loss: what its gradient does, its formula with the current numbers, its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.expression.code import STYLES
from core.expression.diagnosis import diagnose_binary, diagnose_regression
from core.expression.typed_loss import TypedLoss
from core.losses.axis import LossAxis
from core.losses.equivalents import code_number
from core.sentences import join_words
from core.stage import Card, Live, Slider, Text
from core.views.kit.cards import code_with, formula_with

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
    """What the loss does where its sliders were released, and its formula and code with their numbers."""
    return (diagnosis_card(loss, sliders, centre), formula_card(loss, sliders))


def diagnosis_card(loss: TypedLoss, sliders: Sequence[Slider], centre: Mapping[str, float]) -> Card:
    """A sentence for each answer of the diagnosis, at the released values."""
    values = {slider.name: slider.at(centre) for slider in sliders}
    at = [f"{param.symbol} = {values[param.name]:.4g}" for param in loss.params]
    if "target" in values:
        at.append(f"y = {values['target']:.4g}")
        values["truth"] = values.pop("target")
    found = DIAGNOSES[loss.family](loss.typed, **values)
    heading = f"#### What it does{' at ' if at else ''}{join_words(at)}"
    lines = [f"- {plain(finding.sentence)}." for finding in found.values()]
    return Card(text=Text("\n".join([heading, "", *lines])))


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
    code = {name: code_with(lambda name=name, **texts: loss.code(name, **texts), own, lambda _, one: code_number(one))
            for name in STYLES}  # fmt: skip
    return Card(text=Text("\n\n".join(lines), **slots), code=code)


def plain(text: str) -> str:
    """Text in which * is no Markdown."""
    return text.replace("*", r"\*")
