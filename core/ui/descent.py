"""Cards under a race, one step and a hundred starts: links, theory, and a card for each optimizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import streamlit as st

from core.descent import MINIMISERS, Minimiser
from core.descent.theory import GOH, POLYAK, quadratic
from core.optimizers import OPTIMIZERS, SCHEDULES, Optimizer, Schedule
from core.stage.parameters import OneOf
from core.ui.choose import pick
from core.ui.links import PAGE, citation, preset_links
from core.ui.stage import set_sliders
from core.views.gradient_descent.multistart_figure import MultistartPicture
from core.views.gradient_descent.presets import PRESETS
from core.views.gradient_descent.problems import DescentProblem
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import BETA, momentum_param
from core.views.gradient_descent.step_figure import StepPicture
from core.views.gradient_descent.update import Update
from core.views.gradient_descent.views import race_of
from core.views.kit.view import Choice

RULES = (
    "All optimizers begin at the same point and get the same noise; no gradient is clipped. Momentum has PyTorch's "
    "form, v ← βv + g. The averaged form, v ← βv + (1 − β)g, needs a learning rate 1 / (1 − β) times as large for the "
    "same path. Adam uses the averaged form, m ← β₁m + (1 − β₁)g. One slider sets β and β₁."
)
FAIR = (
    "**How to read it.** Each coloured mark on the map is a start; its colour and shape show which optimizer converges "
    "first from there. An optimizer has converged when its loss above the lowest minimum stays below 1/100,000 of the "
    "median of all starts. Each has {budget} evaluations: an optimizer uses one gradient a step; for SciPy's "
    "minimisers each value, gradient and Hessian counts. If several converge at the same time, the first in the list "
    "is shown. There is no noise, because SciPy's minimisers need exact values and gradients."
)
CODE = OneOf(name="code", label="Code to copy, for", options={"none": "None", "torch": "PyTorch"}, default="none")


def presets() -> None:
    """Writes links to races that each show one thing."""
    preset_links(PAGE, PRESETS)


def cards(choice: Choice, values: Mapping[str, float]) -> None:
    """Writes the cards for a choice, with the released values of its sliders."""
    if isinstance(choice.picture, MultistartPicture):
        starts_cards(choice.picture)
    elif isinstance(choice.picture, StepPicture):
        step_card(race_of(choice.around(values)), values)
    else:
        if choice.params["rates"] == "each":
            st.button("Set each to its best learning rate", on_click=set_best_rates, args=(choice.around(values),))
        race_cards(race_of(choice), values)


def race_cards(race: Race, values: Mapping[str, float]) -> None:
    """Writes what theory predicts for this landscape, if it is quadratic; then a card for each optimizer."""
    theory = theory_card(race.problem, tuple(race.problem.params(values).items()))
    st.markdown(f"{RULES}\n\n{theory}\n\n{schedule_card(SCHEDULES[race.schedule])}")
    code = pick(CODE, prefix="race") == "torch"
    two_abreast([optimizer_card(race, key, values, code=code) for key in race.optimizers])


def set_best_rates(choice: Choice) -> None:
    """Sets each optimizer's learning rate to the best of its sweep."""
    race = race_of(choice)
    set_sliders(choice.view, {race.rate(key).key: race.best(key) for key in race.optimizers})


def step_card(race: Race, values: Mapping[str, float]) -> None:
    """The formula of the update that is shown, with its numbers in it, along each axis."""
    update = Update(race)
    for axis, (column, name) in enumerate(zip(st.columns(2), race.problem.landscape.axes, strict=True)):
        column.markdown(f"**Along {name}**\n\n$$\n{update.formula_with_numbers(values, axis)}\n$$")
    own = optimizer_card(race, update.key, values, code=False)
    st.markdown(f"{own}\n\n{schedule_card(SCHEDULES[race.schedule])}")


def starts_cards(picture: MultistartPicture) -> None:
    """Writes when a run counts as converged; then a card for each optimizer, in symbols."""
    st.markdown(FAIR.format(budget=picture.starts.budget))
    two_abreast([runner_card(OPTIMIZERS.get(key) or MINIMISERS[key]) for key in picture.starts.runners])


def two_abreast(cards: Sequence[str]) -> None:
    """One element a column: each costs the server time and every visitor a message on every re-run."""
    for column, mine in zip(st.columns(2, gap="large"), (cards[::2], cards[1::2]), strict=True):
        column.markdown("\n\n".join(mine))


@lru_cache(maxsize=128)
def theory_card(problem: DescentProblem, params: tuple[tuple[str, float], ...]) -> str:
    """The numbers of a quadratic landscape, in Markdown; "" for another."""
    known = None if problem.costly else quadratic(problem.landscape, **dict(params))
    if known is None or not known.convex:
        return ""
    low, high = f"{known.low:.4g}", f"{known.high:.4g}"
    return (
        f"**What theory says here.** This landscape is quadratic, with curvatures from {low} to {high}: a condition "
        f"number κ of {known.condition:.4g}. The following holds at a constant learning rate, without noise and weight "
        f"decay, for a start with a component in both directions of curvature. Gradient descent is stable up to the "
        f"learning rate "
        f"2 / {high} = {known.stable_rate():.4g}, and fastest at 2 / ({low} + {high}) = {known.best_rate:.4g}, where "
        f"each step multiplies the distance by {known.best_contraction:.4g}. Momentum is fastest at the learning rate "
        f"{known.best_momentum_rate:.4g} with β = {known.best_momentum:.4g}, where it "
        f"multiplies the distance by {known.best_momentum_contraction:.4g}. For a start with a component in one "
        f"direction alone, the "
        f"bound is 2 / (the curvature in that direction). **Sources:** {citation(POLYAK)}; {citation(GOH)}"
    )


def schedule_card(schedule: Schedule) -> str:
    """The card of a schedule, in Markdown: its formula and what it does to the learning rate."""
    return (
        f"**Schedule: {schedule.name}.** {schedule.about} The learning rate at step t of T is η times "
        f"${schedule.formula_at()}$, where η is the learning rate of the slider. "
        f"**Source:** {citation(schedule.source)}"
    )


def optimizer_card(race: Race, key: str, values: Mapping[str, float], *, code: bool) -> str:
    """The card of an optimizer, in Markdown, with the sliders' numbers in its formula."""
    optimizer, name = OPTIMIZERS[key], momentum_param(key)
    params = {"lr": values[race.rate(key).key]} | ({name: values[BETA]} if name else {})
    lines = [f"#### {optimizer.name}", f"$$\n{optimizer.formula_at(**params)}\n$$", *advice(optimizer)]
    if code:
        program = optimizer.torch_at(**params) if optimizer.torch else "# PyTorch has no such optimizer"
        lines.append(f"```python\n{program}\n```")
    return "\n\n".join(lines)


def runner_card(one: Optimizer | Minimiser) -> str:
    """The card of an optimizer or minimiser that runs from a hundred starts, in Markdown."""
    lines = [f"#### {one.name}{'' if isinstance(one, Optimizer) else ' (SciPy)'}", f"$$\n{one.formula}\n$$"]
    lines += advice(one)
    if isinstance(one, Minimiser):
        lines.append(f"```python\n{one.scipy}\n```")
    return "\n\n".join(lines)


def advice(one: Optimizer | Minimiser) -> list[str]:
    return [
        one.about,
        f"**Use it:** {one.when}",
        f"**Watch out:** {one.watch}",
        f"**Source:** {citation(one.source)}",
    ]
