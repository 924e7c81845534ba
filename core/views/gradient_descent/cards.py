"""The cards under a race, one step and a hundred starts: rules, theory, and what to know of each optimizer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.descent import MINIMISERS, Minimiser
from core.descent.multistart import Multistart
from core.descent.theory import GOH, POLYAK, Quadratic
from core.optimizers import OPTIMIZERS, SCHEDULES, Optimizer, Schedule
from core.optimizers.formula_with_numbers import formula_with_numbers
from core.optimizers.optimizer import literal
from core.stage import Action, Card, Live, Slider, Text, Words
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import BETA, RATE, STEP, momentum_param
from core.views.gradient_descent.update import Update
from core.views.kit.cards import citation, code_with, formula_with

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
THEORY = (
    "**What theory says here.** This landscape is quadratic, with curvatures from {low} to {high}: a condition number "
    "κ of {condition}. The following holds at a constant learning rate, without noise and weight decay, for a start "
    "with a component in both directions of curvature. Gradient descent is stable up to the learning rate "
    "2 / {high} = {stable}, and fastest at 2 / ({low} + {high}) = {rate}, where each step multiplies the distance by "
    "{contraction}. Momentum is fastest at the learning rate {momentum_rate} with β = {momentum}, where it multiplies "
    "the distance by {momentum_contraction}. For a start with a component in one direction alone, the bound is "
    f"2 / (the curvature in that direction). **Sources:** {citation(POLYAK)}; {citation(GOH)}"
)
TORCH = "PyTorch"  # the only library of which these cards have code


def race_cards(race: Race) -> tuple[Card, ...]:
    """The rules of the race, what theory predicts for this landscape, if it is quadratic; a card for each optimizer."""
    theory, slots = theory_text(race)
    text = "\n\n".join([RULES, *theory, schedule_text(SCHEDULES[race.schedule])])
    best = {race.rate(key).key: Live(race.best(key)) for key in race.optimizers} if race.separate else {}
    action = Action(label="Set each to its best learning rate", sets=best) if best else None
    own = (optimizer_card(race, key) for key in race.optimizers)
    return (Card(text=Text(text, **slots), action=action, wide=True), *own)


def step_cards(update: Update) -> tuple[Card, ...]:
    """The formula of the update that is shown, with its numbers in it, along each axis; then the optimizer's card."""
    axes = update.race.problem.landscape.axes
    numbers = (update_card(update, axis, name) for axis, name in enumerate(axes))
    schedule = Card(text=Text(schedule_text(SCHEDULES[update.race.schedule])))
    return (*numbers, optimizer_card(update.race, update.key, code=False), schedule)


def starts_cards(starts: Multistart) -> tuple[Card, ...]:
    """When a run counts as converged; then a card for each optimizer, in symbols."""
    own = (runner_card(OPTIMIZERS.get(key) or MINIMISERS[key]) for key in starts.runners)
    return (Card(text=Text(FAIR.format(budget=starts.budget)), wide=True), *own)


def theory_text(race: Race) -> tuple[list[str], dict[str, Live | Words]]:
    """What theory says of a quadratic landscape, its numbers those of the landscape's sliders; nothing of another."""
    convex = [known for known in race.quadratics if known and known.convex]
    if not convex:
        return [], {}
    found = [theory_numbers(known if known and known.convex else None) for known in race.quadratics]
    slots: dict[str, Live | Words] = {
        name: Live([numbers[name] for numbers in found], race.grid.sweep) for name in found[0]
    }
    if len(convex) == len(found):
        return [THEORY], slots
    there = Live([float(bool(known and known.convex)) for known in race.quadratics], race.grid.sweep)
    return ["{theory}"], slots | {"theory": Words(("", THEORY), there)}


def theory_numbers(known: Quadratic | None) -> dict[str, float]:
    """The numbers of a quadratic landscape by their slots; NaN of another."""
    return {
        "low": known.low if known else np.nan,
        "high": known.high if known else np.nan,
        "condition": known.condition if known else np.nan,
        "stable": known.stable_rate() if known else np.nan,
        "rate": known.best_rate if known else np.nan,
        "contraction": known.best_contraction if known else np.nan,
        "momentum_rate": known.best_momentum_rate if known else np.nan,
        "momentum": known.best_momentum if known else np.nan,
        "momentum_contraction": known.best_momentum_contraction if known else np.nan,
    }


def update_card(update: Update, axis: int, name: str) -> Card:
    """The formula of an update with its numbers in it, along one axis."""
    race = update.race
    formula, slots = formula_with(race.optimizer(update.key), sliders_of(race, update.key))
    points = race.descent.points[:, 0, :, axis].T  # [runs, steps + 1]
    now = {symbol: terms[..., axis] for symbol, terms in update.terms.items()} | {"x": points[:, 1:]}
    before = {symbol: np.pad(terms, ((0, 0), (1, 0)))[:, :-1] for symbol, terms in now.items()} | {"x": points[:, :-1]}
    timeline = race.slider(STEP)
    texts: dict[str, dict[str, str]] = {"before": {}, "now": {}}
    found: dict[str, Live | Words] = {"step_number": Live(timeline.values + 1, timeline)}
    for when, terms in (("before", before), ("now", now)):
        for number, (symbol, values) in enumerate(terms.items()):
            found[f"{when}_{number}"] = Live(values[:, : len(timeline.values)], (race.shared, timeline))
            texts[when][symbol] = f"{{{when}_{number}}}"
    numbers = formula_with_numbers(formula, texts["before"], texts["now"], "{step_number}")
    text = f"**Along {name}**\n\n$$\n{numbers}\n$$"
    return Card(text=Text(text, **{slot: one for slot, one in (found | slots).items() if f"{{{slot}}}" in text}))


def optimizer_card(race: Race, key: str, *, code: bool = True) -> Card:
    """The card of an optimizer, with the sliders' numbers in its formula."""
    optimizer, sliders = OPTIMIZERS[key], sliders_of(race, key)
    formula, slots = formula_with(optimizer, sliders)
    lines = [f"#### {optimizer.name}", f"$$\n{formula}\n$$", *advice(optimizer)]
    return Card(text=Text("\n\n".join(lines), **slots), code={TORCH: program(optimizer, sliders)} if code else {})


def sliders_of(race: Race, key: str) -> dict[str, Slider]:
    """The sliders of an optimizer's parameters, by parameter."""
    momentum = momentum_param(key)
    return {RATE: race.rate(key)} | ({momentum: race.slider(BETA)} if momentum else {})


def program(optimizer: Optimizer, sliders: Mapping[str, Slider]) -> Text:
    """An optimizer in PyTorch, its numbers those of the sliders."""
    if not optimizer.torch:
        return Text("# PyTorch has no such optimizer")

    def number(name: str, value: float) -> str:
        return literal(optimizer.param(name), value)

    usual = code_with(optimizer.torch_at, sliders, number)
    for name, slider in sliders.items():
        if name in optimizer.torch_zero and 0 in slider.values:  # there PyTorch wants to be called in another way
            others = {other: one for other, one in sliders.items() if other != name}
            zero = code_with(lambda **texts: optimizer.torch_at(**texts, **{name: 0.0}), others, number)  # noqa: B023
            codes = Words([zero.template if value == 0 else usual.template for value in slider.values], slider)
            return Text("{program}", program=codes, **zero.slots | usual.slots)
    return usual


def schedule_text(schedule: Schedule) -> str:
    """A schedule's formula and what it does to the learning rate, in Markdown."""
    return (
        f"**Schedule: {schedule.name}.** {schedule.about} The learning rate at step t of T is η times "
        f"${schedule.formula_at()}$, where η is the learning rate of the slider. "
        f"**Source:** {citation(schedule.source)}"
    )


def runner_card(one: Optimizer | Minimiser) -> Card:
    """The card of an optimizer or minimiser that runs from a hundred starts."""
    lines = [f"#### {one.name}{'' if isinstance(one, Optimizer) else ' (SciPy)'}", f"$$\n{one.formula}\n$$"]
    lines += advice(one)
    if isinstance(one, Minimiser):
        lines.append(f"```python\n{one.scipy}\n```")
    return Card(text=Text("\n\n".join(lines)))


def advice(one: Optimizer | Minimiser) -> list[str]:
    return [
        one.about,
        f"**Use it:** {one.when}",
        f"**Watch out:** {one.watch}",
        f"**Source:** {citation(one.source)}",
    ]
