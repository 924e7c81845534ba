"""Two distributions over four outcomes as bars: cross-entropy as entropy and KL, and what distillation asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.models.distillation import HINTON, distillation_grad, distillation_loss, hot_limit, softened
from core.models.distributions import cross_entropy, entropy, js, kl, shares
from core.numerics import LOG_2
from core.sentences import number_text
from core.stage import Live, Slider, Stage, Sweep, Task, Text
from core.views.class_probabilities.divergence.shared import (
    BETWEEN_PANELS,
    DIVERGENCE_NAMES,
    LOWER,
    UPPER,
    P,
    Q,
    Steered,
    bar,
    divergence_cards,
)
from core.views.kit import theme
from core.views.kit.cards import citation
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke

OUTCOMES = ("A", "B", "C", "D")
PLACES = np.arange(len(OUTCOMES), dtype=float)
OUTCOME_AXIS: dict[str, Any] = {"tickvals": PLACES.tolist(), "ticktext": list(OUTCOMES), "showgrid": False}
OFF_MIDDLE = 0.19  # of a bar's middle, from the outcome that it shares with another one
FIRST_WEIGHTS = {"p": (6, 2, 1, 1), "q": (3, 3, 2, 2)}
WEIGHT_SLIDERS = tuple(
    Slider(name=f"{side}_{outcome}", label=f"Weight of {outcome} in {side}", values=np.arange(11.0), start=first,
           recomputed=True, colour=look.colour)
    for (side, weights), look in zip(FIRST_WEIGHTS.items(), (P, Q), strict=True)
    for outcome, first in zip(OUTCOMES, weights, strict=True)
)  # fmt: skip
MOST_NATS = 4.0  # on the axis
TEACHER = np.array([6.0, 2.0, -1.0, -7.0])  # scores; their mean is 0
TEMPERATURE = Slider(
    name="temperature", label="Temperature T", start=3,
    values=np.array([0.5, 1, 2, 4, 6, 8, 10, 15, 20, 30, 50, 100]),
)  # fmt: skip
STUDENT = tuple(
    Slider(name=f"score_{outcome}", label=f"Student's score of {outcome}", values=np.arange(-8, 8.1, 0.5), start=16,
           recomputed=True)
    for outcome in OUTCOMES
)  # fmt: skip
SUM = (
    "**Cross-entropy is entropy and KL.**\n\n$$H(p, q) = H(p) + KL(p, q): \\quad {h} + {kl} = {cross}$$\n\n$H(p)$ is "
    "what the outcomes cost if the model is right: no model can change it. So training with cross-entropy lowers "
    f"$KL(p, q)$, and both have the same gradient. One nat is {1 / LOG_2:.4g} bits. Weights that are all 0 count as "
    "equal."
)
SOFT = (
    f"**What distillation asks for.** Here the teacher has $v = ({', '.join(f'{v:g}' for v in TEACHER)})$, and both "
    "softmaxes divide scores by $T$. The loss and its gradient in the student's scores $z$ are\n\n$$L = T^2 \\, "
    "KL(p_T, q_T), \\quad \\frac{\\partial L}{\\partial z_k} = T \\, (q_k - p_k)$$\n\nFor a large $T$ the gradient "
    "tends to $(z_k - v_k)/K$, if both have mean 0: to match scores, also of outcomes that the teacher finds unlikely."
    f"\n\n**Source:** {citation(HINTON)}"
)


def draw_pairs(
    plot: Plot, panel: Panel, target: np.ndarray, model: np.ndarray, by: Steered, dragged: Mapping[str, Slider]
) -> None:
    """Bars of p and q [..., outcomes] side by side; a dot on top of each that is dragged, by its name in `dragged`."""
    for name, side, shown, look in (("p", -1, target, P), ("q", 1, model, Q)):
        for k, outcome in enumerate(OUTCOMES):
            top, place = shown[..., k], PLACES[k] + side * OFF_MIDDLE
            bar(plot, panel, f"{name} of {outcome}", place, 0 * top, top, by, look)
            if slider := dragged.get(f"{name}_{outcome}"):
                y = Live(top[..., None], by)
                mark = plot.dots(panel, f"{name} of {outcome}: drag", [place], y, look.colour, size=11)
                plot.drag(mark, y=slider)


class TwoBars:
    """Two distributions over four outcomes, and what each divergence of them adds up to."""

    sliders = WEIGHT_SLIDERS

    def stage(self, centre: Mapping[str, float]) -> Stage:
        sweep = Sweep(self.sliders, centre)
        weights = np.stack([sweep.values[slider.key] for slider in self.sliders], axis=-1)
        p, q = shares(weights[:, :4]), shares(weights[:, 4:])
        own, cross = entropy(p), cross_entropy(p, q)
        forward, reverse, both = kl(p, q), kl(q, p), js(p, q)
        tall = UPPER + BETWEEN_PANELS + LOWER
        left = Panel(
            axis(ends=(-0.5, 3.5), **OUTCOME_AXIS), axis(ends=(0, 1.05)), "Probability of each outcome", tall, 220
        )
        names = ("H(p, q)", "KL(q, p)", "JS")
        up = axis(ends=(2.5, -0.5), tickvals=[0, 1, 2], ticktext=list(names), showgrid=False)
        right = Panel(axis("nats", (0, MOST_NATS)), up, "Cross-entropy is entropy and KL", tall, 180)
        plot = Plot(rows([[left, right]], between=0.1), left=46)
        draw_pairs(plot, left, p, q, (sweep,), {slider.key: slider for slider in self.sliders})
        looks = [theme.look(key) for key in DIVERGENCE_NAMES]
        for name, at, low, high, look in (
            ("H(p)", 0, 0 * own, own, P), ("KL(p, q)", 0, own, cross, looks[0]),
            ("KL(q, p)", 1, 0 * own, reverse, looks[1]), ("JS", 2, 0 * own, both, looks[2]),
        ):  # fmt: skip
            bar(plot, right, name, at, low, np.minimum(high, 2 * MOST_NATS), (sweep,), look, up=False)
            value = high - low if name != "KL(p, q)" else forward
            plot.reading(name, look, *(Live(value / unit, sweep) for unit in (1, LOG_2)))
        plot.reading("H(p, q)", Q, *(Live(cross / unit, sweep) for unit in (1, LOG_2)))
        plot.explain("■ p", "target", P.colour)
        plot.explain("■ q", "model", Q.colour)
        plot.explain("●", "drag it to change a weight")
        live = {name: Live(one, sweep) for name, one in (("h", own), ("kl", forward), ("cross", cross))}
        return plot.stage(
            name="Two distributions over four outcomes",
            alt="Bars of two distributions, p and q, over four outcomes. Beside them lies the cross-entropy of q under "
            "p as a bar of two parts, the entropy of p and KL(p, q); under it are KL(q, p) and Jensen-Shannon.",
            sliders=self.sliders,
            task=Task(
                "Drag “Weight of D in q” to 0.",
                "KL(p, q) is infinite: the model says that D never happens, and it does. KL(q, p) is not.",
            ),
            summary=Text(
                "H(p, q) = H(p) + KL(p, q): {h} + {kl} = {cross} nats. The other way round KL(q, p) is {r}, and "
                "Jensen-Shannon is {j}.", **live, r=Live(reverse, sweep), j=Live(both, sweep),
            ),
            headings=("nats", "bits"),
            cards=divergence_cards(Text(SUM, **live)),
            centre=centre,
            table=self.table,
        )  # fmt: skip

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each outcome, with its part of each sum."""
        p, q = (shares(np.array([one.at(values) for one in part])) for part in (self.sliders[:4], self.sliders[4:]))
        parts = {"H(p)": entropy(p[:, None]), "H(p, q)": cross_entropy(p[:, None], q[:, None])}
        return {"outcome": np.array(OUTCOMES), "p": p, "q": q, **parts}


class Distillation:
    """A teacher's probabilities at a temperature, a student's, and what the gradient asks of the student's scores."""

    sliders = (TEMPERATURE, *STUDENT)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        sweep = Sweep(STUDENT, centre)
        by = (sweep, TEMPERATURE)
        student = np.stack([sweep.values[slider.key] for slider in STUDENT], axis=-1)[:, None]  # [runs, 1, K]
        heat = TEMPERATURE.values
        p, q = np.broadcast_arrays(softened(TEACHER, heat), softened(student, heat))  # [runs, temperatures, K]
        grad, limit = distillation_grad(student, TEACHER, heat), hot_limit(student, TEACHER)[:, 0]
        scored = OUTCOME_AXIS | {
            "ticktext": [f"{k}: v = {number_text(v)}" for k, v in zip(OUTCOMES, TEACHER, strict=True)]
        }
        upper = Panel(axis(ends=(-0.5, 3.5), **scored), axis(ends=(0, 1.05)), "Probabilities at T, teacher's scores v",
                      UPPER, 190)  # fmt: skip
        beside = Panel(axis(ends=(-0.5, 3.5), **OUTCOME_AXIS), axis(ends=(-3.8, 3.8), zeroline=True),
                       "Gradient on each score of the student", UPPER, 190)  # fmt: skip
        under = Panel(axis("temperature T", np.log10(heat[[0, -1]]), type="log", tickvals=heat[::2].tolist()),
                      axis(ends=(-3.8, 3.8), zeroline=True), "The same gradients over T", LOWER, 150)  # fmt: skip
        plot = Plot(rows([[upper, beside], [under]], gap=BETWEEN_PANELS), left=46)
        draw_pairs(plot, upper, p, q, by, {f"q_{k}": one for k, one in zip(OUTCOMES, STUDENT, strict=True)})
        plot.upright("temperature", TEMPERATURE, [under])
        for k, outcome in enumerate(OUTCOMES):
            look = Stroke(theme.SERIES[k])
            bar(plot, beside, f"gradient on {outcome}", PLACES[k], 0 * grad[..., k], grad[..., k], by, look)
            plot.dots(beside, f"(z − v)/K of {outcome}", [PLACES[k]], Live(limit[:, k : k + 1], sweep), look.colour,
                      symbol="diamond-open", size=11)  # fmt: skip
            plot.line(under, f"gradient on {outcome}", heat, Live(grad[..., k], sweep), look)
            shown = (Live(p[..., k], by), Live(q[..., k], by), Live(grad[..., k], by), Live(limit[:, k], sweep))
            plot.reading(outcome, look, *shown)
        plot.explain("■ p", "teacher", P.colour)
        plot.explain("■ q", "student: drag its dots", Q.colour)
        plot.explain("◇", "limit of the gradient for a large T: (z − v)/K, each with mean 0")
        percent = {f"p{k}": Live(np.round(100 * p[..., k], 1), by) for k in range(len(OUTCOMES))}
        return plot.stage(
            name="Distillation",
            alt="Bars of a teacher's and a student's probabilities of four classes at a temperature. Beside them, the "
            "gradient of the loss on each score of the student; below, the same gradients over the temperature.",
            sliders=self.sliders,
            task=Task(
                "Drag “Temperature T” to the right end.",
                "The teacher's probabilities become alike, and the gradient tends to the difference of the scores ◇.",
            ),
            summary=Text(
                "At T = {t} the teacher gives A {p0} %, B {p1} %, C {p2} % and D {p3} %. The loss T² KL is {loss}; its "
                "gradient on D is {d}, and tends to {limit} as T grows.", t=Live(heat, TEMPERATURE), **percent,
                loss=Live(distillation_loss(student, TEACHER, heat), by), d=Live(grad[..., 3], by),
                limit=Live(limit[:, 3], sweep),
            ),
            headings=("teacher", "student", "gradient", "limit"),
            cards=divergence_cards(Text(SOFT)),
            centre=centre,
            table=self.table,
        )  # fmt: skip

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """A row for each class."""
        z, heat = np.array([slider.at(values) for slider in STUDENT]), TEMPERATURE.at(values)
        return {
            "class": np.array(OUTCOMES), "teacher score": TEACHER, "student score": z,
            "teacher": softened(TEACHER, heat), "student": softened(z, heat),
            "gradient": distillation_grad(z, TEACHER, heat), "limit": hot_limit(z, TEACHER),
        }  # fmt: skip
