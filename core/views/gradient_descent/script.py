"""The runs that a race shows, as a program for PyTorch to save."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.descent import Gaussian, MiniBatch
from core.descent.torch_script import ScriptRun, has_script, script
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.views.gradient_descent.race import SEED, Race
from core.views.gradient_descent.sliders import BATCH, BETA, NOISE, X, Y, momentum_param


def script_of(race: Race) -> Callable[[Mapping[str, float]], str] | None:
    """The program at given values of the sliders; None where PyTorch lacks what the race is made of."""
    if not has_script(race.problem.landscape, [OPTIMIZERS[key] for key in race.optimizers]):
        return None
    return lambda values: program(race, race.centre | dict(values))


def program(race: Race, values: Mapping[str, float]) -> str:
    at = {slider.key: float(slider.values[slider.frame_at(values)]) for slider in race.sliders}
    noise = MiniBatch(int(at[BATCH]), SEED) if BATCH in at else Gaussian(at[NOISE] * race.typical, SEED)
    return script(
        race.problem.landscape,
        [script_run(race, key, at) for key in race.optimizers],
        start=(at[X], at[Y]),
        steps=race.steps,
        schedule=SCHEDULES[race.schedule],
        params=race.problem.params(at),
        decay=race.decay,
        noise=noise,
    )


def script_run(race: Race, key: str, at: Mapping[str, float]) -> ScriptRun:
    """An optimizer with its parameters, and how its run ends."""
    (number, run), name = race.at(key, at), momentum_param(key)
    params = {"lr": at[race.rate(key).key]} | ({name: at[BETA]} if name else {})
    return ScriptRun(
        OPTIMIZERS[key],
        params,
        end=race.descent.points[-1, number, run],
        height=float(race.descent.values[-1, number, run]),
        diverged_at=int(race.descent.diverged_at[number, run]),
    )
