"""What is said of a race: a word in the table for each optimizer, and the one sentence under the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.descent.outcome import Outcome, Outcomes, steps_text
from core.descent.theory import Component, ObservedContraction, observe_contraction
from core.optimizers import OPTIMIZERS
from core.stage import Reading
from core.stage.legacy import OldText as Text
from core.stage.legacy import OldWords as Words
from core.stage.legacy import Pick
from core.views.gradient_descent.race import THEORY, Race
from core.views.gradient_descent.sliders import BETA, NOISE, RATE, kept
from core.views.kit import theme
from core.views.kit.view import listed

BRIEF = {
    Outcome.CONVERGED: "converged at step {step}",
    Outcome.LOCAL_MINIMUM: "local minimum",
    Outcome.NOT_CONVERGED: "still moving",
    Outcome.SLOW: "very slow",
    Outcome.PLATEAU: "stuck on a plateau",
    Outcome.SADDLE: "stopped at a saddle",
    Outcome.SLOWED_AT_SADDLE: "slowed at a saddle",
    Outcome.MAXIMUM: "at a maximum",
    Outcome.OSCILLATING: "oscillating",
    Outcome.LEFT_WINDOW: "left the window",
    Outcome.UNDEFINED: "undefined",
    Outcome.DIVERGED: "diverged",
}
# Which of several outcomes is told of first: what went wrong in the most instructive way.
TELLING = (
    Outcome.DIVERGED, Outcome.OSCILLATING, Outcome.LOCAL_MINIMUM, Outcome.SADDLE, Outcome.PLATEAU,
    Outcome.UNDEFINED, Outcome.MAXIMUM, Outcome.SLOWED_AT_SADDLE, Outcome.LEFT_WINDOW, Outcome.SLOW,
    Outcome.NOT_CONVERGED, Outcome.CONVERGED,
)  # fmt: skip
# Past what the start alone decides; at a saddle, and down from it, each direction goes its own way from the first step.
SETTLED = (Outcome.CONVERGED, Outcome.OSCILLATING, Outcome.DIVERGED, Outcome.SADDLE, Outcome.LEFT_WINDOW)
GONE = (Outcome.DIVERGED, Outcome.UNDEFINED)  # whose last height is no place to be


def readings(race: Race) -> tuple[tuple[Reading, ...], dict[str, np.ndarray]]:
    """A row for each optimizer: its height at the step that is shown, and how it ends. With the arrays for it."""
    rows, arrays = [], {}
    for number, key in enumerate(race.optimizers):
        look = theme.look(key)
        brief = [BRIEF[Outcome(int(code))].format(step=step) for code, step in zip(
            race.outcomes.code[number], race.outcomes.step[number], strict=True)]  # fmt: skip
        words, arrays[f"{key} outcome"] = counted(brief)
        said = zip(best_rate(race, number), beside_theory(race, number), strict=True)
        why, arrays[f"{key} why"] = counted(
            [best + race.outcomes.sentence((number, lane)) + theory for lane, (best, theory) in enumerate(said)]
        )
        cells = (
            Text(template="{n}", slots={"n": race.at_step(key, f"{key} height")}),
            Text(template="{outcome}", slots={"outcome": Words(words, pick=race.of_lane(key, f"{key} outcome"))}),
        )
        remark = Text(template="{why}", slots={"why": Words(why, pick=race.of_lane(key, f"{key} why"))})
        rows.append(Reading(name=OPTIMIZERS[key].short, colour=look.colour, dash=look.dash, cells=cells, note=remark))
    return tuple(rows), arrays


def best_rate(race: Race, number: int) -> list[str]:
    """Where each has a rate of its own: whether this is the best of the sweep, in each lane."""
    lanes = race.run.values.shape[2]
    if race.rate_of(race.optimizers[number]) == RATE:
        return [""] * lanes
    best = race.best(number)
    return [f"At its best learning rate, {best:g}: " if rate == best else "" for rate in race.settings[RATE][number]]


def beside_theory(race: Race, number: int) -> list[str]:
    """What each lane's steps leave of the distance, measured and predicted; nothing where theory does not say."""
    key, lanes = race.optimizers[number], race.run.values.shape[2]
    if key not in THEORY or not race.plain:
        return [""] * lanes
    rates, betas = race.settings[RATE][number], race.settings.get(BETA, np.zeros(lanes))
    noise = race.settings.get(NOISE, np.zeros(lanes))
    found = []
    for lane, setting in enumerate(race.setting):
        known = race.quadratics[setting]
        settled = Outcome(int(race.outcomes.code[number, lane])) in SETTLED
        if known is None or noise[lane] > 0 or race.sampled[lane] or not settled:
            found.append("")
            continue
        beta = betas[lane] if kept(key) else 0.0
        seen = observe_contraction(
            race.run.points[:, number, lane], known, rates[lane], beta, nesterov=key == "nesterov"
        )
        found.append(compared(seen, "distance" if known.convex else "distance to the saddle") if seen else "")
    return found


def compared(seen: ObservedContraction, distance: str) -> str:
    """Measurement beside theory, and of which direction both are where that is not the slowest of all."""
    said = f" Each step multiplies the {distance} by {seen.measured:.4g}; theory says {seen.predicted:.4g}"
    if seen.start == Component.ROUNDING:
        return f"{said} where the curvature is {seen.curvature:.4g}. Rounding errors moved it into this direction."
    if seen.slowest:
        return f"{said}."
    other = f"the other direction, of curvature {seen.other_curvature:.4g}"
    if seen.other_start == Component.NONE:
        beside = f"The path has no component in {other}."
    elif seen.other_start == Component.SOME:
        beside = f"Its component in {other}, is smaller so far; theory says {seen.other:.4g} there."
    elif seen.other > 1:
        beside = f"Rounding errors will add {other}; theory says {seen.other:.4g} there."
    else:
        beside = f"The path has almost no component in {other}."
    return f"{said} where the curvature is {seen.curvature:.4g}. {beside}"


def notice(race: Race) -> tuple[Text, dict[str, np.ndarray]]:
    """Who is there first or ends lowest, and what became of another; in each lane of the star of all sliders."""
    star = tuple(slider.key for slider in race.sliders if slider.recomputed)
    lanes = np.stack([own_lanes(race, star, key) for key in race.optimizers])
    words, told = counted([sentence(race, lanes[:, lane]) for lane in range(lanes.shape[1])])
    return Text(template="{told}", slots={"told": Words(words, pick=Pick("told", star=star))}), {"told": told}


def own_lanes(race: Race, star: Sequence[str], key: str) -> np.ndarray:
    """For each lane of the star of all sliders, that of the optimizer's own star: its centre, where nothing moves
    it."""
    own = race.star_of(key)
    found = [np.zeros(1, dtype=int)]
    for name in star:
        frames = len(race.slider(name).values)
        ray = race.ray(own, name) if name in own else None
        found.append(np.arange(ray.start, ray.stop) if ray else np.zeros(frames, dtype=int))
    return np.concatenate(found)


def sentence(race: Race, lanes: np.ndarray) -> str:
    """Of one lane for each optimizer."""
    each = range(len(race.optimizers))
    ends = np.array([race.heights[-1, number, lanes[number]] for number in each])
    codes = [Outcome(int(race.outcomes.code[number, lanes[number]])) for number in each]
    telling = min(each, key=lambda number: TELLING.index(codes[number]))
    if len(ends) == 1:
        return f"{name(race, 0)}: {decapitalised(race.outcomes.sentence((0, lanes[0])))}"
    good = [number for number in each if np.isfinite(ends[number]) and codes[number] not in GONE]
    ranks = {number: rank(codes[number], arrived(race.outcomes, number, lanes), ends[number]) for number in good}
    first = [number for number in good if ranks[number] == min(ranks.values())]
    said = ""
    if first:
        names, several = listed([name(race, number) for number in first]), len(first) > 1
        above = " above the minimum" if race.above else ""
        quickly = (
            f"{'converge' if several else 'converges'} first, in {steps_text(arrived(race.outcomes, first[0], lanes))}"
            if there(codes[first[0]])
            else f"{'have' if several else 'has'} the lowest loss after {race.steps} steps, {ends[first[0]]:.3g}{above}"
        )
        said = f"{names} {quickly}. "
    if there(codes[telling]):
        return said.strip()
    return f"{said}{name(race, telling)}: {decapitalised(race.outcomes.sentence((telling, lanes[telling])))}"


def rank(outcome: Outcome, step: int, end: float) -> tuple[bool, float]:
    """Who is there comes first, the sooner the better; then the lower."""
    return (False, step) if there(outcome) else (True, end)


def there(outcome: Outcome) -> bool:
    return outcome == Outcome.CONVERGED


def arrived(outcomes: Outcomes, number: int, lanes: np.ndarray) -> int:
    """The step at which it arrived, if it did."""
    return int(outcomes.step[number, lanes[number]])


def name(race: Race, number: int) -> str:
    return OPTIMIZERS[race.optimizers[number]].name


def decapitalised(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def counted(strings: Sequence[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """The different strings, and which each one is: the words of a picked number."""
    known: dict[str, int] = {}
    which = [known.setdefault(string, len(known)) for string in strings]
    return tuple(known), np.array(which, dtype=float)
