"""Two uniform distributions: what the divergences come to where one misses a part of the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.models.distributions import uniform_divergences
from core.numerics import LOG_2
from core.stage import Live, Slider, Stage, Task, Text, Words
from core.views.class_probabilities.divergence.shared import DIVERGENCE_NAMES, P, Q, divergence_cards, two_panels
from core.views.kit import theme
from core.views.kit.layout import axis
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

TARGET_WIDTH = 2.0
POSITION = Slider(name="position", label="Position of the model", values=np.round(np.arange(-40, 41) / 10, 1), start=10)
WIDTH = Slider(name="width", label="Width of the model", values=np.arange(1, 4.1, 0.25), start=8)
CASES = (
    "The two have nothing in common, so no gradient says which way to go",
    "Each misses a part of the other: only Jensen-Shannon is finite",
    "The model covers all of the target: forward KL is finite",
    "The model lies within the target: reverse KL is finite",
    "The two are equal",
)
MISSED = (
    "**Infinite, or flat.** $KL(p, q)$ is infinite where the model gives probability 0 to something that happens. "
    "$KL(q, p)$ is infinite where the model reaches beyond the target. Jensen-Shannon compares each with the mean of "
    "both, which misses nothing: it is at most $\\log 2$. Here it is $\\log 2$ less a constant times the overlap. "
    "Without an overlap it is $\\log 2$ everywhere, and its gradient is 0."
)


class UniformSupports:
    """A uniform target, a uniform model that can be moved and widened, and the divergences over its position."""

    sliders = (POSITION, WIDTH)

    def stage(self, _: Mapping[str, float]) -> Stage:
        place, width = POSITION.values[:, None], WIDTH.values
        found = uniform_divergences(TARGET_WIDTH, place, width)  # [positions, widths]
        upper, lower, placed = two_panels(
            axis(ends=(-5, 5)), "Density of the target and of the model", (-0.04, 1.1),
            "Each divergence, over the position of the model", (-0.06, 0.82),
        )  # fmt: skip
        plot = Plot(placed, left=46)
        low, high = place - width / 2, place + width / 2
        edge, height = TARGET_WIDTH / 2, 1 / TARGET_WIDTH
        model = np.broadcast_to(1 / width, low.shape)
        x = Live(np.stack([low, low, high, high], axis=-1), self.sliders)
        y = Live(np.stack([0 * model, model, model, 0 * model], axis=-1), self.sliders)
        outlines: dict[str, tuple[Any, Any, Stroke]] = {
            "target": ([-edge, -edge, edge, edge], [0, height, height, 0], P), "model": (x, y, Q),
        }  # fmt: skip
        for name, (right, up, look) in outlines.items():
            fill = theme.faint(look.colour)
            plot.line(upper, name, right, up, look, fill="toself", fillcolor=fill, hoverinfo="skip")
        across = Live(place, POSITION)
        plot.drag(plot.dots(upper, "middle of the model", across, Live(1 / width[:, None], WIDTH), Q.colour, size=12),
                  x=POSITION)  # fmt: skip
        plot.explain("■", f"target: uniform from −{edge:g} to {edge:g}", P.colour)
        plot.explain("●", "middle of the model: drag it", Q.colour)
        plot.upright("position", POSITION, [lower])
        for (key, name), value in zip(DIVERGENCE_NAMES.items(), found, strict=False):
            look, finite = theme.look(key), np.where(np.isfinite(value), value, np.nan)
            plot.line(lower, name, POSITION.values, Live(finite.T, WIDTH), look)
            plot.dots(lower, name, across, Live(finite[..., None], self.sliders), look.colour)
            slope = Live(np.where(np.isfinite(value), found.slope if value is found.js else 0.0, np.nan), self.sliders)
            plot.reading(name, look, Live(value, self.sliders), slope)
        plot.thin(lower, "log 2", [-5, 5], [LOG_2, LOG_2], Stroke(theme.NEUTRAL, "dot"))
        plot.label(lower, "log 2", -4.9, LOG_2)
        covers, within = np.isfinite(found.forward_kl), np.isfinite(found.reverse_kl)
        case = np.select([covers & within, within, covers, found.js < LOG_2], [4, 3, 2, 1])
        return plot.stage(
            name="A model that misses the target",
            alt="Above, a uniform target and a uniform model beside or over it. Below, forward KL, reverse KL and "
            "Jensen-Shannon over the position of the model: a curve is missing where its divergence is infinite.",
            sliders=self.sliders,
            task=Task(
                "Drag the model's dot, or “Position of the model”, from the target away and back.",
                "Where the two do not touch, both KLs are infinite and Jensen-Shannon is flat at log 2.",
            ),
            summary=Text(
                f"{{case}}. Forward KL is {{f}}, reverse KL {{r}}, Jensen-Shannon {{j}} (at most {LOG_2:.4g}), with a "
                "gradient of {slope} in the position.",
                case=Words(CASES, Live(case, self.sliders)),
                **{name: Live(one, self.sliders) for name, one in zip(("f", "r", "j", "slope"), found, strict=True)},
            ),
            headings=("divergence", "gradient"),
            cards=divergence_cards(Text(MISSED)),
            table=lambda values: {"position": POSITION.values} | {
                name: one[:, WIDTH.frame_at(values)] for name, one in found._asdict().items()
            },
        )  # fmt: skip
