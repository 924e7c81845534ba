"""What stands around a race: ways into it, and what to know of the optimizers that run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from core.optimizers import MINIMISERS, OPTIMIZERS, SCHEDULES, Minimiser, Optimizer, Schedule
from core.optimizers.theory import GOH, POLYAK, quadratic
from core.ui.choose import pick
from core.ui.links import PAGE, cited, preset_links
from core.ui.stage import set_reels
from core.views import VIEWS
from core.views.arenas import KINDS, Arena
from core.views.contract import OneOf
from core.views.controls import BETA, RATE, kept
from core.views.descents import BUDGET, race_of, update_of
from core.views.presets import PRESETS
from core.views.update import update

LEGEND = (
    "◯ the start: drag it, click elsewhere or type it; ● minimum, ✕ saddle point, ▲ maximum. A coloured bar under the "
    "chart on the right spans the learning rates at which that optimizer does not end higher than it began. All start "
    "at one point and meet the same noise; nothing is clipped. Momentum is PyTorch's, v ← βv + g: the averaged form, "
    "v ← βv + (1 − β)g, takes a learning rate 1 / (1 − β) times as large for the same path. That form is Adam's, "
    "m ← β₁m + (1 − β₁)g, and one slider sets both."
)
FAIR = (
    "**How they are judged.** Each mark on the map is a start; its colour and shape say who reaches the lowest minimum "
    "first from there, a thin grey × that nobody does. ● minimum, ✕ saddle point, ▲ maximum. To reach the minimum is "
    "to stay lower than a hundred-thousandth of the starts' median height above it. Everybody has {budget} "
    "evaluations: an optimizer asks for one gradient a step, and of SciPy's minimisers every value, gradient and "
    "Hessian counts. Of several that arrive at once the first in the list is shown. There is no noise: SciPy's "
    "minimisers are made for exact values and gradients."
)
CODE = OneOf(name="code", label="Code to copy, for", options={"none": "None", "torch": "PyTorch"}, default="none")


def presets() -> None:
    """Links to races that each show one thing."""
    preset_links(PAGE, PRESETS)


def race_cards(kind: str, choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """What theory says of this ground, if it is quadratic; then a card for each optimizer, with the current numbers."""
    if choice["rates"] == "each":
        st.button("Set each to its best rate", on_click=set_best_rates, args=(kind, choice, values))
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
    race = race_of(kind, choice, view.centre(choice, values))
    set_reels(view, {race.rate_of(key): race.best(number) for number, key in enumerate(race.optimizers)})


def step_card(kind: str, choice: Mapping[str, Any], values: Mapping[str, float]) -> None:
    """The update that is shown, its formula with the numbers in it along each axis."""
    view = VIEWS[f"{kind}_step"]
    shown = update(update_of(kind, choice, view.centre(choice, values)))
    for axis, (column, name) in enumerate(zip(st.columns(2), shown.race.arena.landscape.axes, strict=True)):
        column.markdown(f"**Along {name}**\n\n$$\n{shown.worked(values, axis)}\n$$")
    own = optimizer_card(OPTIMIZERS[choice["optimizer"]], settings(choice["optimizer"], values), code=False)
    st.markdown(f"{own}\n\n{schedule_card(SCHEDULES[choice['schedule']])}")


def starts_cards(kind: str, choice: Mapping[str, Any], _: Mapping[str, float]) -> None:
    """How the starts are judged; then a card for each of those that run, in symbols."""
    st.markdown(FAIR.format(budget=BUDGET[kind]))
    two_abreast([runner_card(OPTIMIZERS.get(key) or MINIMISERS[key]) for key in choice["runners"]])


def settings(key: str, values: Mapping[str, float]) -> dict[str, float]:
    """The parameters of an optimizer that the reels set."""
    found = {RATE: values.get(f"{key}.{RATE}", values.get(RATE, 0.0))}
    return found | ({kept(key): values[BETA]} if kept(key) else {})


@lru_cache(maxsize=128)
def theory_card(arena: Arena, params: tuple[tuple[str, float], ...]) -> str:
    """The numbers of a quadratic landscape, in Markdown; nothing of another."""
    known = None if arena.costly else quadratic(arena.landscape, **dict(params))
    if known is None or not known.bowl:
        return ""
    low, high = f"{known.low:.4g}", f"{known.high:.4g}"
    return (
        f"**What theory says here.** This landscape is quadratic, with curvatures from {low} to {high}: a condition "
        f"number κ of {known.condition:.4g}. At a constant learning rate, without noise and without weight decay, from "
        f"a start with a part in both directions of curvature: gradient descent is stable up to the learning rate "
        f"2 / {high} = {known.stable_rate():.4g}, and fastest at 2 / ({low} + {high}) = {known.best_rate:.4g}, where "
        f"each step leaves {known.best_contraction:.4g} of the distance. Momentum is fastest at the learning rate "
        f"{known.best_momentum_rate:.4g} with β = {known.best_momentum:.4g}, and leaves "
        f"{known.best_momentum_contraction:.4g}. A start with a part in one direction alone has the bound of that "
        f"direction, 2 / (its curvature). **Sources:** {cited(POLYAK)}; {cited(GOH)}"
    )


def schedule_card(schedule: Schedule) -> str:
    """What a schedule does to the learning rate, in Markdown."""
    return (
        f"**Schedule: {schedule.name}.** {schedule.about} Step t of T takes η times "
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
        spelled = optimizer.torch_at(**params) if optimizer.torch else "# PyTorch has no such optimizer"
        lines.append(f"```python\n{spelled}\n```")
    return "\n\n".join(lines)
