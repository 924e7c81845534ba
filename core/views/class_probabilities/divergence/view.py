"""The view of two distributions: a Gaussian fitted to two modes by three divergences, and the other pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from core.losses.equivalents import LIBRARIES
from core.models.gaussian_fit import (
    BISHOP,
    FIT_MOMENTUM,
    FIT_RATE,
    FIT_STEPS,
    FITTED,
    Mixture,
    fit_gaussians,
    integrand,
    log_gaussian,
)
from core.stage import Live, Slider, Stage, Sweep, Task, Text, Words
from core.stage.parameters import OneOf
from core.views.class_probabilities.divergence.bars import Distillation, TwoBars
from core.views.class_probabilities.divergence.shared import DIVERGENCE_NAMES, HEIGHT, divergence_cards, two_panels
from core.views.class_probabilities.divergence.support import UniformSupports
from core.views.kit import theme
from core.views.kit.cards import citation
from core.views.kit.layout import axis
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.kit.view import Picture, View

FRAME_STEPS = 3  # between two frames
FIT_X = np.linspace(-7, 7, 71)
WIDTHS = (4.5, 3, 2)  # pixels of the three fits: where two are the same, both are seen
DECIMALS, LOWER_DECIMALS = 4, 3  # of what is drawn above and below: finer than a quarter of a pixel
FIT_STEP = Slider(
    name="step", label="Step", values=np.arange(0.0, FIT_STEPS + 1, FRAME_STEPS), start=FIT_STEPS // FRAME_STEPS,
    kind="timeline",
)  # fmt: skip
SEPARATION = Slider(
    name="separation", label="Separation of the modes", values=np.arange(0, 6.1, 0.5), start=12, recomputed=True
)
RIGHT_SHARE = Slider(
    name="share", label="Share of the right mode", values=np.round(np.arange(1, 10) / 10, 1), start=4, recomputed=True
)
FIRST_MEAN = Slider(name="start", label="Start of the mean", values=np.arange(-3.0, 4), start=4, recomputed=True)
COVERS = ("covers both modes", "leaves out the left mode", "leaves out the right mode", "covers neither mode")
MOMENTS = (
    "**Why forward KL covers.** $KL(p, q)$ weighs $\\log(p/q)$ by the target $p$: wherever the target is, the model "
    "must be. For a Gaussian its gradient is 0 exactly at the target's mean and variance, here "
    "{mean} and {variance}.\n\n**Why reverse KL seeks.** $KL(q, p)$ weighs $\\log(q/p)$ by the model $q$: it costs "
    "most to be where the target is not. Which mode it finds depends on the start.\n\nThe steps are Adam's, in the "
    f"mean and the logarithm of the standard deviation, with a learning rate of {FIT_RATE:g} and "
    f"$\\beta_1 = {FIT_MOMENTUM:g}$.\n\n**Source:** {citation(BISHOP)}"
)


TOGETHER = "The target has one peak alone: its two modes lie too close to each other. "


def has_one_peak(heights: np.ndarray) -> np.ndarray:
    """Whether each row [runs, x] of densities rises to one peak and falls from there."""
    falls = np.diff(heights) < 0
    return (falls[:, 1:] & ~falls[:, :-1]).sum(axis=1) == 1


class GaussianFits:
    """Two modes and the Gaussian that each divergence fits to them, step by step; under it each integrand."""

    sliders = (FIT_STEP, SEPARATION, RIGHT_SHARE, FIRST_MEAN)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        sweep = Sweep(self.sliders[1:], centre)
        by = (sweep, FIT_STEP)
        separation, share, start = (sweep.values[slider.key] for slider in sweep.sliders)
        target = Mixture(separation[:, None], share[:, None])
        heights = np.exp(target.log_density(FIT_X))[:, 0]  # [runs, x]
        upper, lower, placed = two_panels(
            axis(ends=FIT_X), "Density of the target and of each fit", (-0.035, 0.47),
            "What each divergence is the integral of", (-0.42, 0.85),
        )  # fmt: skip
        plot = Plot(placed, left=46)
        grey: dict[str, Any] = {"fill": "tozeroy", "fillcolor": theme.faint(theme.NEUTRAL)}
        plot.line(upper, "target", FIT_X, Live(np.round(heights, DECIMALS), sweep), Stroke(theme.NEUTRAL), **grey)
        covers: dict[str, Words] = {}
        between: dict[str, Live] = {}
        for number, (key, path) in enumerate(fit_gaussians(Mixture(separation, share), start).items()):
            fit, name, look = path[::FRAME_STEPS].swapaxes(0, 1), DIVERGENCE_NAMES[key], theme.look(key)
            curves = (np.exp(log_gaussian(fit, FIT_X)), integrand(key, target, fit, FIT_X))
            for panel, y, decimals in zip((upper, lower), curves, (DECIMALS, LOWER_DECIMALS), strict=True):
                plot.line(panel, name, FIT_X, Live(np.round(y, decimals), by), look, width=WIDTHS[number])
            mean, sd = fit[..., 0], np.exp(fit[..., 1])
            outside = target.outside(mean - 2 * sd, mean + 2 * sd)  # [runs, frames, mode]
            missed = 100 * ((1 - target.weight) * outside[..., 0] + target.weight * outside[..., 1])
            covers[f"c{number}"] = Words(COVERS, Live((outside > 0.5) @ np.array([1.0, 2.0]), by))
            between[f"d{number}"] = Live(np.round(np.exp(log_gaussian(fit, np.zeros(1)))[..., 0], DECIMALS), by)
            cells = (Live(np.round(number, 3) + 0.0, by) for number in (FITTED[key][0](target, fit), mean, sd))
            plot.reading(name, look, *cells, Text("{} %", Live(np.round(missed, 1), by)))
        peak = Live(np.exp(target.log_density(separation[:, None, None] / 2))[:, 0], sweep)
        right = Live(separation[:, None] / 2, sweep)
        plot.drag(plot.dots(upper, "right mode", right, peak, theme.NEUTRAL, size=12), x=SEPARATION)
        begin = plot.marks(upper, "start", Live(start[:, None], sweep), np.zeros(1), theme.START, hoverinfo="skip")
        plot.drag(begin, x=FIRST_MEAN)
        plot.explain("●", "right mode of the grey target: drag it", theme.NEUTRAL)
        plot.explain("◯", "mean from which each fit starts: drag it")
        plot.explain("outside", "of the target: beyond 2 sd of the fit")
        a, b, c = DIVERGENCE_NAMES.values()
        return plot.stage(
            name="A Gaussian fitted to two modes",
            alt="Above, a grey density with two modes. Over it lie the Gaussians that forward KL, reverse KL and "
            "Jensen-Shannon fit to it, step by step from one start. Below, the integrand of each divergence.",
            sliders=self.sliders,
            task=Task(
                "Press Play. Then drag “Start of the mean” to the left end.",
                "Of two modes far apart, reverse KL seeks one, and the start decides which. Forward KL covers both.",
            ),
            summary=Text(
                f"{a} {{c0}}, {b} {{c1}}, {c} {{c2}}. {{together}}Halfway between the modes the target's density is "
                f"{{d}}; that of {a} is {{d0}}, of {b} {{d1}} and of {c} {{d2}}.",
                together=Words.each([TOGETHER if one else "" for one in has_one_peak(heights)], sweep),
                d=Live(np.round(np.exp(target.log_density(np.zeros(1)))[:, 0, 0], DECIMALS), sweep),
                **covers, **between,
            ),
            headings=("value", "mean", "sd", "outside"),
            cards=divergence_cards(Text(
                MOMENTS, mean=Live(target.mean[:, 0], sweep), variance=Live(target.variance[:, 0], sweep)
            )),
            centre=centre,
            table=self.table,
        )  # fmt: skip

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each x: the target's density, and each fit's with its integrand."""
        step, separation, share, start = (slider.at(values) for slider in self.sliders)
        target = Mixture(separation, share)
        columns = {"x": FIT_X, "target": np.exp(target.log_density(FIT_X))}
        for key, path in fit_gaussians(target, np.array(start)).items():
            columns[f"{key} fit"] = np.exp(log_gaussian(path[int(step)], FIT_X))
            columns[f"{key} integrand"] = integrand(key, target, path[int(step)], FIT_X)
        return columns


PICTURES: Mapping[str, tuple[str, Callable[[], Picture]]] = {
    "gaussians": ("Two modes", GaussianFits),
    "support": ("Support missed", UniformSupports),
    "bars": ("Four outcomes", TwoBars),
    "distillation": ("Distillation", Distillation),
}
DISTRIBUTIONS = OneOf(
    name="of", label="Distributions", options={key: name for key, (name, _) in PICTURES.items()}, default="gaussians"
)
class_divergence = View(
    name="Two distributions",
    params=(DISTRIBUTIONS,),
    picture=lambda *, of: PICTURES[of][1](),
    height=HEIGHT,
    code=tuple(LIBRARIES),
)
