"""The run that a race shows, as a program for PyTorch to save."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.descent import Gaussian, MiniBatch
from core.descent.torch_script import ScriptRun, has_script, script
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.views.gradient_descent.race import SEED, Race
from core.views.gradient_descent.sliders import BATCH, BETA, NOISE, X, Y, kept


def script_of(race: Race) -> Callable[[Mapping[str, float]], str] | None:
    """From the released values to the program; nothing where PyTorch lacks what the race is made of."""
    if not has_script(race.arena.landscape, [OPTIMIZERS[key] for key in race.optimizers]):
        return None
    return lambda values: written(race, values)


def written(race: Race, values: Mapping[str, float]) -> str:
    at = {}
    for slider in race.sliders:
        value = values.get(slider.key, race.centre.get(slider.key, slider.values[slider.start]))
        at[slider.key] = float(slider.values[slider.frame(value)])
    noise = MiniBatch(int(at[BATCH]), SEED) if BATCH in at else Gaussian(at[NOISE] * race.typical, SEED)
    return script(
        race.arena.landscape,
        [entry(race, number, values, at) for number in range(len(race.optimizers))],
        start=(at[X], at[Y]),
        steps=race.steps,
        schedule=SCHEDULES[race.schedule],
        params={name: at[key] for key, name in race.arena.names.items()},
        decay=race.decay,
        noise=noise,
    )


def entry(race: Race, number: int, values: Mapping[str, float], at: Mapping[str, float]) -> ScriptRun:
    key = race.optimizers[number]
    own, lane = {"lr": at[race.rate_of(key)]}, race.lane(key, values)
    if kept(key):
        own[kept(key)] = at[BETA]
    return ScriptRun(
        OPTIMIZERS[key],
        own,
        end=race.run.points[-1, number, lane],
        height=float(race.run.values[-1, number, lane]),
        diverged_at=int(race.run.diverged_at[number, lane]),
    )
