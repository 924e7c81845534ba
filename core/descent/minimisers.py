"""SciPy's minimisers, to compare optimizers with.

They choose their own steps and evaluate the landscape as often as they need; each run counts the evaluations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult, minimize

from core.descent.run import Descent, Evaluations, divergence_step, surface_of
from core.landscapes.landscape import BoundLandscape
from core.optimizers.check import require, start_points, whole_number
from core.record import Documented, Look, Param, Source


@dataclass(frozen=True, kw_only=True)
class Minimiser(Documented):
    """One of the methods of `scipy.optimize.minimize`, with SciPy's own settings; `key` is the method's name."""

    key: str
    name: str
    short: str
    look: Look
    order: int  # of the derivatives that it uses, besides the value: 0, 1 or 2
    template: str  # LaTeX of one of its steps
    about: str
    when: str
    watch: str
    source: Source
    params: tuple[Param, ...] = ()

    def run(self, landscape: Any, start: Any, max_evaluations: int) -> Descent:
        """The Descent of one run from `start` [d], until the method ends or needs more evaluations than allowed.

        landscape: anything with `value`, `grad` and `hessian`.
        max_evaluations: each value, gradient and Hessian that the method asks for counts as one.

        The points are the method's own iterates, the start first. Values and gradients at them are computed afterwards
        and are not part of the evaluations. Raises ValueError for a start or a number that is not allowed.
        """
        surface = surface_of(landscape)
        start = start_points(start, surface.dimension)
        require("start", start, start.ndim == 1, "one point [d]")
        counting_surface = CountingSurface(surface, whole_number(max_evaluations, "max_evaluations"))
        with np.errstate(all="ignore"):
            points, counts = [start], [[0, 0, 0]]

            def record(intermediate_result: OptimizeResult) -> None:
                points.append(np.array(intermediate_result.x))
                counts.append(list(counting_surface.counts))

            derivatives = dict(
                zip(("jac", "hess"), (counting_surface.grad, counting_surface.hessian)[: self.order], strict=False)
            )
            # A ValueError or LinAlgError here is SciPy's, of numbers that have overflowed in its own arithmetic.
            with suppress(StopMinimiser, ValueError, np.linalg.LinAlgError):
                minimize(counting_surface.value, start, method=self.key, callback=record, **derivatives)
            path = np.array(points)
            values, gradients = surface.value(path), surface.grad(path)
            evaluations = Evaluations(*np.array(counts).T)
            return Descent(path, values, gradients, gradients[:-1], divergence_step(path, values), evaluations)

    @property
    def scipy(self) -> str:
        """Python code that calls it, for functions `value`, `grad` and `hessian` of a point `x`."""
        given = "".join((", jac=grad", ", hess=hessian")[: self.order])
        return f'scipy.optimize.minimize(value, x, method="{self.key}"{given})'


class StopMinimiser(Exception):
    """Ends a run: no evaluations are left, or there is no finite answer to give."""


class CountingSurface:
    """A surface that counts its evaluations and raises StopMinimiser when `limit` is reached."""

    def __init__(self, surface: BoundLandscape, limit: int) -> None:
        self.surface = surface
        self.limit = limit
        self.counts = [0, 0, 0]  # of values, gradients, Hessians

    def evaluate(self, kind: int, function: Callable[..., Any] | None, x: np.ndarray) -> Any:
        if sum(self.counts) == self.limit or function is None:
            raise StopMinimiser
        self.counts[kind] += 1
        return function(x)

    def value(self, x: np.ndarray) -> float:
        height = float(self.evaluate(0, self.surface.value, x))
        if self.counts[0] == 1 and not np.isfinite(height):
            raise StopMinimiser  # no method leaves such a start; later, methods take back a step that went too far
        return height

    def grad(self, x: np.ndarray) -> np.ndarray:
        return self.evaluate(1, self.surface.grad, x)

    def hessian(self, x: np.ndarray) -> np.ndarray:
        hessian = self.evaluate(2, self.surface.hessian, x)
        if not np.isfinite(hessian).all():
            raise StopMinimiser  # such as at the tip of a cone
        return hessian


def by_key(*minimisers: Minimiser) -> Mapping[str, Minimiser]:
    return MappingProxyType({one.key: one for one in minimisers})


MINIMISERS = by_key(
    Minimiser(
        key="nelder-mead",
        name="Nelder-Mead",
        short="Nelder-Mead",
        look=Look("slate"),
        order=0,
        template=r"\begin{aligned} x_{\text{worst}} &\leftarrow \bar x + \alpha (\bar x - x_{\text{worst}}) \\"
        r" \alpha &\in \{1, 2, \tfrac{1}{2}, -\tfrac{1}{2}\} \end{aligned}",
        about="Moves a triangle downhill: the corner with the highest value is reflected to the other side.",
        when="Where there is no gradient, and only a few dimensions.",
        watch="It needs many values, and on some smooth landscapes it stops at a point that is no minimum.",
        source=Source(
            "Nelder, Mead", 1965, "A simplex method for function minimization", "doi:10.1093/comjnl/7.4.308"
        ),
    ),
    Minimiser(
        key="cg",
        name="Conjugate gradients",
        short="CG",
        look=Look("slate", "dash"),
        order=1,
        template=r"\begin{aligned} d_t &= -g_t"
        r" + \max\left(0, \frac{g_t^\top (g_t - g_{t-1})}{g_{t-1}^\top g_{t-1}}\right) d_{t-1} \\"
        r" x_{t+1} &= x_t + \alpha_t d_t \end{aligned}",
        about="Each search direction is chosen so that it does not undo the ones before.",
        when="For many dimensions: it keeps a few vectors, no matrix. On a quadratic in d dimensions d exact searches "
        "would do.",
        watch="Every step is a search along a line, of several values and gradients, so noise misleads it.",
        source=Source(
            "Polak, Ribière", 1969, "Note sur la convergence de méthodes de directions conjuguées",
            "https://www.numdam.org/item/M2AN_1969__3_1_35_0/",
        ),
    ),
    Minimiser(
        key="bfgs",
        name="BFGS",
        short="BFGS",
        look=Look("slate", "dot"),
        order=1,
        template=r"\begin{aligned} x_{t+1} &= x_t - \alpha_t H_t\, g_t \\"
        r" H_{t+1} (g_{t+1} - g_t) &= x_{t+1} - x_t \end{aligned}",
        about="Estimates the curvature from how the gradient changes, and takes Newton steps with the estimate.",
        when="For smooth landscapes of up to some thousand dimensions and exact gradients: seldom beaten there.",
        watch="Its matrix has d² numbers, and noise in the gradient spoils the estimate.",
        source=Source("Fletcher", 1970, "A new approach to variable metric algorithms", "doi:10.1093/comjnl/13.3.317"),
    ),
    Minimiser(
        key="l-bfgs-b",
        name="L-BFGS-B",
        short="L-BFGS-B",
        look=Look("slate", "dashdot"),
        order=1,
        template=r"\begin{aligned} x_{t+1} &= x_t - \alpha_t H_t\, g_t \\"
        r" & H_t \text{ from the last 10 steps} \end{aligned}",
        about="BFGS that remembers its last ten steps in place of a matrix, and can keep within bounds.",
        when="For many dimensions and exact gradients.",
        watch="It knows no curvature at first: the first point that it tries is 1 away, whatever the scale of x.",
        source=Source(
            "Byrd et al.", 1995, "A limited memory algorithm for bound constrained optimization", "doi:10.1137/0916069"
        ),
    ),
    Minimiser(
        key="newton-cg",
        name="Newton-CG",
        short="Newton-CG",
        look=Look("red", "dot"),
        order=2,
        template=r"\begin{aligned} \nabla^2 f(x_t)\, d_t &\approx -g_t \\"
        r" x_{t+1} &= x_t + \alpha_t d_t \end{aligned}",
        about="Steps to the approximate minimum of the quadratic that fits the landscape at the current point.",
        when="Where the curvature is available: near a minimum every step gains more digits than the one before.",
        watch="Where the curvature is negative it stops computing the step early, and uses what it has.",
        source=Source("Nocedal, Wright", 2006, "Numerical Optimization", "doi:10.1007/978-0-387-40065-5"),
    ),
    Minimiser(
        key="trust-exact",
        name="Trust region",
        short="Trust region",
        look=Look("red", "dashdot"),
        order=2,
        template=r"\begin{aligned} d_t &= \arg\min_{\lVert d \rVert \le \Delta_t}"
        r" \left( g_t^\top d + \tfrac{1}{2} d^\top \nabla^2 f(x_t)\, d \right) \\"
        r" x_{t+1} &= x_t + d_t \end{aligned}",
        about="Goes to the lowest point of the fitted quadratic within a radius, which grows while the fit is good.",
        when="On hard landscapes of few dimensions: near a saddle it uses the negative curvature to leave.",
        watch="Each step solves equations with the whole Hessian, d³ operations; started on a saddle, it stays there.",
        source=Source("Moré, Sorensen", 1983, "Computing a trust region step", "doi:10.1137/0904038"),
    ),
)  # fmt: skip
