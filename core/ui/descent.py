"""What stands around a race: ways into it, and what to know of the optimizers that run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from core.descent import MINIMISERS, Minimiser
from core.descent.theory import GOH, POLYAK, quadratic
from core.optimizers import OPTIMIZERS, SCHEDULES, Optimizer, Schedule
from core.ui.choose import pick
from core.ui.links import PAGE, cited, preset_links
from core.ui.stage import set_sliders
from core.views import VIEWS
from core.views.gradient_descent.presets import PRESETS
from core.views.gradient_descent.problems import KINDS, Arena
from core.views.gradient_descent.sliders import BETA, RATE, kept
from core.views.gradient_descent.update import update
from core.views.gradient_descent.views import BUDGET, race_of, update_of
from core.views.kit.view import OneOf

LEGEND = (
    "◯ the start: drag it, click elsewhere or type it; ● minimum, ✕ saddle point, ▲ maximum. The coloured bars under "
    "the "
    "chart on the right show the stable learning rates of each optimizer: those at which the final loss is not above "
    "the initial loss. All optimizers begin at the same point and get the same noise; no gradient is clipped. Momentum "
    "has PyTorch's form, v ← βv + g. The averaged form, v ← βv + (1 − β)g, needs a learning rate 1 / (1 − β) times as "
    "large for the same path. Adam uses the averaged form, m ← β₁m + (1 − β₁)g. One slider sets β and β₁."
)
FAIR = (
    "**How to read it.** Each mark on the map is a start; its colour and shape show which optimizer converges first "
    "from "
    "there. A thin grey × means that none does. ● minimum, ✕ saddle point, ▲ maximum. An optimizer has converged when "
    "its loss above the lowest minimum stays below 1/100,000 of the median of all starts. Each has {budget} "
    "evaluations: an optimizer uses one gradient a step; for SciPy's minimisers each value, gradient and Hessian "
    "counts. If several converge at the same time, the first in the list is shown. There is no noise, because SciPy's "
    "minimisers need exact values and gradients."
)
CODE = OneOf(name="code", label="Code to copy, for", options={"none": "None", "torch": "PyTorch"}, default="none")


def presets() -> None:
    """Links to races that each show one thing."""
    preset_links(PAGE, PRESETS)


def race_cards(kind: str, choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """What theory says of this ground, if it is quadratic; then a card for each optimizer, with the current numbers."""
    if choice["rates"] == "each":
        st.button("Set each to its best learning rate", on_click=set_best_rates, args=(kind, choice, values))
    arena = KINDS[kind].of(choice)
    own = tuple((name, values[key]) for key, name in arena.names.items())
    st.markdown(f"{LEGEND}\n\n{theory_card(arena, own)}\n\n{schedule_card(SCHEDULES[choice['schedule']])}")
    code = pick(CODE, prefix="race") == "torch"
    two_abreast([optimizer_card(OPTIMIZERS[key], settings(key, values), code=code) for key in choice["optimizers"]])


def two_abreast(cards: Sequence[str]) -> None:
    """One element a column: each costs the server time and every visitor a message on every re-run."""
    for column, mine in zip(st.columns(2, gap="large"), (cards[::2], cards[1::2]), strict=True):
        column.markdown("\n\n".join(mine))


def set_best_rates(kind: str, choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """Each optimizer's learning rate to the one of the sweep from which it ends lowest."""
    view = VIEWS[f"{kind}_race"]
    race = race_of(kind, choice, view.choose(**choice).around(values).centre)
    set_sliders(view, {race.rate_of(key): race.best(number) for number, key in enumerate(race.optimizers)})


def step_card(kind: str, choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """The update that is shown, its formula with the numbers in it along each axis."""
    view = VIEWS[f"{kind}_step"]
    shown = update(update_of(kind, choice, view.choose(**choice).around(values).centre))
    for axis, (column, name) in enumerate(zip(st.columns(2), shown.race.arena.landscape.axes, strict=True)):
        column.markdown(f"**Along {name}**\n\n$$\n{shown.formula_with_numbers(values, axis)}\n$$")
    own = optimizer_card(OPTIMIZERS[choice["optimizer"]], settings(choice["optimizer"], values), code=False)
    st.markdown(f"{own}\n\n{schedule_card(SCHEDULES[choice['schedule']])}")


def starts_cards(kind: str, choice: Mapping[str, Any], _: Mapping[str, float]) -> None:
    """How the starts are judged; then a card for each of those that run, in symbols."""
    st.markdown(FAIR.format(budget=BUDGET[kind]))
    two_abreast([runner_card(OPTIMIZERS.get(key) or MINIMISERS[key]) for key in choice["runners"]])


def settings(key: str, values: Mapping[str, float]) -> dict[str, float]:
    """The parameters of an optimizer that the sliders set."""
    found = {RATE: values.get(f"{key}.{RATE}", values.get(RATE, 0.0))}
    return found | ({kept(key): values[BETA]} if kept(key) else {})


@lru_cache(maxsize=128)
def theory_card(arena: Arena, params: tuple[tuple[str, float], ...]) -> str:
    """The numbers of a quadratic landscape, in Markdown; nothing of another."""
    known = None if arena.costly else quadratic(arena.landscape, **dict(params))
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
        f"bound is 2 / (the curvature in that direction). **Sources:** {cited(POLYAK)}; {cited(GOH)}"
    )


def schedule_card(schedule: Schedule) -> str:
    """What a schedule does to the learning rate, in Markdown."""
    return (
        f"**Schedule: {schedule.name}.** {schedule.about} The learning rate at step t of T is η times "
        f"${schedule.formula_at()}$, where η is the learning rate of the slider. **Source:** {cited(schedule.source)}"
    )


def runner_card(one: Optimizer | Minimiser) -> str:
    """What to know of one that runs from a hundred starts, in Markdown."""
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
        f"**Source:** {cited(one.source)}",
    ]


def optimizer_card(optimizer: Optimizer, params: Mapping[str, float], *, code: bool) -> str:
    lines = [
        f"#### {optimizer.name}",
        f"$$\n{optimizer.formula_at(**params)}\n$$",
        *advice(optimizer),
    ]
    if code:
        program = optimizer.torch_at(**params) if optimizer.torch else "# PyTorch has no such optimizer"
        lines.append(f"```python\n{program}\n```")
    return "\n\n".join(lines)
