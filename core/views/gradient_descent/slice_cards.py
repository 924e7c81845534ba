"""The card under gradient descent in one dimension: why a step multiplies the distance by a constant."""

from __future__ import annotations

import numpy as np

from core.descent.theory import GOH
from core.stage import Card, Live, Text
from core.views.gradient_descent.slice_runs import SliceRuns
from core.views.gradient_descent.sliders import RATE
from core.views.kit.cards import citation

SLICE = (
    "**What is drawn.** The landscape along one straight line: through its lowest minimum, in the direction of its "
    "largest curvature λmax. Gradient descent runs on this curve alone, with the slope along the line as its gradient."
)
QUADRATIC = " This landscape is quadratic: in this direction, gradient descent in the plane moves just as it does here."
FACTOR = (
    "**Why the jumps grow or shrink.** Where the curvature is λmax, the slope at a distance $t$ from the minimum is "
    "$\\lambda_{max}\\, t$. So a step with the learning rate η multiplies the distance by a constant:\n\n"
    "$$\nt_{new} = t - \\eta \\lambda_{max} t = (1 - {rate} \\cdot {curvature})\\, t\n$$\n\n"
    "The distance shrinks where $|1 - \\eta \\lambda_{max}| < 1$, and that is where η is below 2/λmax. "
)


def slice_cards(runs: SliceRuns) -> tuple[Card, ...]:
    """What the curve is, and where theory has it the factor of each step."""
    text = SLICE + (QUADRATIC if runs.exact else "")
    if not np.isfinite(runs.curvature).any():
        return (Card(text=Text(text), wide=True),)
    rate = runs.slider(RATE)
    slots = {"rate": Live(rate.values, rate), "curvature": Live(runs.curvature, runs.sweep)}
    where = "" if runs.exact else "Farther from the minimum the curvature of this landscape is another. "
    return (Card(text=Text(f"{text}\n\n{FACTOR}{where}**Source:** {citation(GOH)}", **slots), wide=True),)
