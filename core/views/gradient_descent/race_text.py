"""The words about a race: a result for each optimizer, and the sentence under the picture."""

from __future__ import annotations

import numpy as np

from core.descent.outcome import Outcome, steps_text
from core.descent.theory import RATE_LIMITED, Component, ObservedContraction, observe_contraction
from core.optimizers import OPTIMIZERS
from core.sentences import join_words, number_text
from core.stage import Text, Words
from core.views.gradient_descent.race import Race
from core.views.gradient_descent.sliders import BETA, NOISE, RATE, momentum_param

BRIEF = {
    Outcome.CONVERGED: "converged at step {step}",
    Outcome.LOCAL_MINIMUM: "local minimum",
    Outcome.NOT_CONVERGED: "still moving",
    Outcome.NOISE_FLOOR: "at its noise floor",
    Outcome.OVERSHOOTING: "overshoots and swings",
    Outcome.SLOW: "very slow",
    Outcome.PLATEAU: "stuck on a plateau",
    Outcome.SADDLE: "stopped at a saddle",
    Outcome.SLOWED_AT_SADDLE: "slowed at a saddle",
    Outcome.MAXIMUM: "at a maximum",
    Outcome.OSCILLATING: "oscillating",
    Outcome.LEFT_WINDOW: "left the window",
    Outcome.UNDEFINED: "undefined",
    Outcome.DIVERGED: "diverged at step {step}",
}
# The order in which outcomes are worth a sentence: first what went wrong in the most instructive way.
TELLING = (
    Outcome.DIVERGED, Outcome.OSCILLATING, Outcome.LOCAL_MINIMUM, Outcome.SADDLE, Outcome.PLATEAU,
    Outcome.UNDEFINED, Outcome.MAXIMUM, Outcome.SLOWED_AT_SADDLE, Outcome.LEFT_WINDOW, Outcome.OVERSHOOTING,
    Outcome.SLOW, Outcome.NOISE_FLOOR, Outcome.NOT_CONVERGED, Outcome.CONVERGED,
)  # fmt: skip
# After these the contraction is a constant; in the others each direction still contracts at its own rate.
LINEAR = (Outcome.CONVERGED, Outcome.OSCILLATING, Outcome.DIVERGED, Outcome.SADDLE, Outcome.LEFT_WINDOW)
WITHOUT_END = (Outcome.DIVERGED, Outcome.UNDEFINED)  # the last height says nothing


def result(race: Race, key: str) -> Text:
    """The outcome of an optimizer, in a word or two."""
    number = race.optimizers.index(key)
    own = race.worded(race.sweeps[key])
    ends = zip(race.outcomes.code[number, : len(own)], race.outcomes.step[number], strict=False)
    return Text("{}", Words.each([BRIEF[Outcome(int(code))].format(step=step) for code, step in ends], own))


def note(race: Race, key: str) -> Text:
    """A note on the outcome of an optimizer, its reason, and the prediction of theory."""
    number, own = race.optimizers.index(key), race.worded(race.sweeps[key])
    parts = zip(best_rates(race, key, len(own)), contractions(race, key, len(own)), strict=True)
    sentences = [best + race.outcomes.sentence((number, run)) + theory for run, (best, theory) in enumerate(parts)]
    return Text("{}", Words.each(sentences, own))


def best_rates(race: Race, key: str, runs: int) -> list[str]:
    """For each of the first runs, where optimizers have learning rates of their own: whether it has the best of the
    sweep."""
    if not race.separate:
        return [""] * runs
    best = race.best(key)
    rates = race.settings[RATE][race.optimizers.index(key), :runs]
    return [f"At its best learning rate, {best:g}: " if rate == best else "" for rate in rates]


def contractions(race: Race, key: str, runs: int) -> list[str]:
    """For each of the first runs, by what each step multiplies the distance, measured and predicted; "" where theory
    is silent."""
    number = race.optimizers.index(key)
    if key not in RATE_LIMITED or not race.plain:
        return [""] * runs
    rates, noise = race.settings[RATE][number], race.settings.get(NOISE, np.zeros(runs))
    betas = race.settings[BETA] if momentum_param(key) else np.zeros(runs)
    found = []
    for run, setting in enumerate(race.setting[:runs]):
        known, points = race.quadratics[setting], race.descent.points[:, number, run]
        is_linear = Outcome(int(race.outcomes.code[number, run])) in LINEAR
        seen = None
        if known and is_linear and not noise[run] and not race.sampled[run]:
            seen = observe_contraction(points, known, rates[run], betas[run], nesterov=key == "nesterov")
        found.append(contraction(seen, known.convex) if known and seen else "")
    return found


def contraction(seen: ObservedContraction, convex: bool) -> str:
    """Measurement beside theory, and in which direction where that is not the slowest of all."""
    distance = "distance" if convex else "distance to the saddle"
    measured, predicted, curvature = map(number_text, (seen.measured, seen.predicted, seen.curvature))
    found = f" Each step multiplies the {distance} by {measured}; theory says {predicted}"
    if seen.start == Component.ROUNDING:
        return f"{found} where the curvature is {curvature}. Rounding errors moved it into this direction."
    if seen.slowest:
        return f"{found}."
    other = f"the other direction, of curvature {number_text(seen.other_curvature)}"
    if seen.other_start == Component.NONE:
        beside = f"The path has no component in {other}."
    elif seen.other_start == Component.SOME:
        beside = f"Its component in {other}, is smaller so far; theory says {number_text(seen.other)} there."
    elif seen.other > 1:
        beside = f"Rounding errors will add {other}; theory says {number_text(seen.other)} there."
    else:
        beside = f"The path has almost no component in {other}."
    return f"{found} where the curvature is {curvature}. {beside}"


def summary(race: Race) -> Text:
    """The summary: which optimizer converges first or ends lowest, and the outcome of another."""
    own = race.worded(race.sweep)
    runs = np.stack([race.sweep.runs_in(race.sweeps[key]) for key in race.optimizers], axis=1)
    return Text("{}", Words.each([sentence(race, each) for each in runs[: len(own)]], own))


def sentence(race: Race, runs: np.ndarray) -> str:
    """The summary of one run of each optimizer, int [optimizers]."""
    at = list(enumerate(runs))
    codes = [Outcome(int(race.outcomes.code[one])) for one in at]
    ends = [float(race.readable[-1][one]) for one in at]
    steps = [int(race.outcomes.step[one]) for one in at]
    telling = min(range(len(at)), key=lambda number: TELLING.index(codes[number]))
    why = race.outcomes.sentence(at[telling], name(race, telling))
    if len(at) == 1:
        return why
    # Those that converge come first, the sooner the better; then the lower ones.
    ranks = {
        number: (False, steps[number]) if code == Outcome.CONVERGED else (True, ends[number])
        for number, code in enumerate(codes)
        if np.isfinite(ends[number]) and code not in WITHOUT_END
    }
    first = [number for number, rank in ranks.items() if rank == min(ranks.values())]
    # Where one falls without end, nobody's loss is the lowest.
    endless = any(np.isnan(ends[number]) and race.heights[-1][one] < 0 for number, one in enumerate(at))
    if not first or (endless and codes[first[0]] != Outcome.CONVERGED):
        return why
    names, several = join_words([name(race, number) for number in first]), len(first) > 1
    if codes[first[0]] == Outcome.CONVERGED:
        best = f"{names} {'converge' if several else 'converges'} first, in {steps_text(steps[first[0]])}."
    else:
        above = " above the minimum" if race.above else ""
        lowest = f"the lowest loss after {race.steps} steps, {number_text(ends[first[0]])}{above}"
        best = f"{names} {'have' if several else 'has'} {lowest}."
    return best if codes[telling] == Outcome.CONVERGED else f"{best} {why}"


def name(race: Race, number: int) -> str:
    return OPTIMIZERS[race.optimizers[number]].name
