"""One shape each: a bowl, a ravine, two saddles, a plateau, a curved valley."""

from __future__ import annotations

import numpy as np

from core.landscapes.landscape import Landscape
from core.record import Interval, Param, Source

SURVEY = Source(
    "Jamil, Yang",
    2013,
    "A literature survey of benchmark functions for global optimisation problems",
    "arxiv:1308.4008",
)

bowl = Landscape.of(
    lambda x, y: x**2 + y**2,
    name="Bowl",
    template=r"x^2 + y^2",
    window=((-3.0, 3.0), (-3.0, 3.0)),
    convex=True,
    minima=((0.0, 0.0),),
    minimum_values=(0.0,),
    known_values={(1, 2): 5},
    about="One clear valley, equally steep on every side: from anywhere, downhill points straight at the minimum.",
    source=Source("Cauchy", 1847, "Méthode générale pour la résolution des systèmes d'équations simultanées"),
)

ravine = Landscape.of(
    lambda x, y, *, condition: (x**2 + condition * y**2) / 2,
    name="Ravine",
    template=r"\tfrac{1}{2} \left( x^2 + %(condition)s\, y^2 \right)",
    params=(
        Param(
            "condition", symbol="κ", latex=r"\kappa", default=20.0, low=1.0, high=100.0, step=1.0,
            domain=Interval(low=0.0, low_open=True),
        ),
    ),
    window=((-3.0, 3.0), (-3.0, 3.0)),
    convex=True,
    minima=((0.0, 0.0),),
    minimum_values=(0.0,),
    known_values={(1, 2): 40.5},
    about="Steep across and gentle along: the larger the condition number κ (the ratio of the two curvatures), the "
    "longer descent zigzags.",
    source=Source(
        "Polyak", 1964, "Some methods of speeding up the convergence of iteration methods",
        "doi:10.1016/0041-5553(64)90137-5",
    ),
)  # fmt: skip

booth = Landscape.of(
    lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    name="Booth",
    template=r"(x + 2y - 7)^2 + (2x + y - 5)^2",
    window=((-6.0, 8.0), (-4.0, 10.0)),
    convex=True,
    minima=((1.0, 3.0),),
    minimum_values=(0.0,),
    known_values={(0, 0): 74, (1, 0): 45},
    about="A slanted bowl: convex, but downhill does not point at the minimum unless you start on one of its axes.",
    source=SURVEY,
)

matyas = Landscape.of(
    lambda x, y: 0.26 * (x**2 + y**2) - 0.48 * x * y,
    name="Matyas",
    template=r"0.26 (x^2 + y^2) - 0.48\, x y",
    window=((-10.0, 10.0), (-10.0, 10.0)),
    convex=True,
    minima=((0.0, 0.0),),
    minimum_values=(0.0,),
    known_values={(1, 0): 0.26, (1, 1): 0.04},
    about="A long diagonal valley: the curvature is 25 times as large across as along.",
    source=SURVEY,
)

saddle = Landscape.of(
    lambda x, y: x**2 - y**2,
    name="Saddle",
    template=r"x^2 - y^2",
    window=((-3.0, 3.0), (-3.0, 3.0)),
    start=(-2.0, 0.0005),  # hardly off the ridge: it leads to the saddle, and away from it later
    rate=0.05,
    saddles=((0.0, 0.0),),
    known_values={(2, 1): 3},
    about="A minimum along x and a maximum along y at once: the gradient is zero, yet there is a way down.",
    source=Source(
        "Dauphin et al.",
        2014,
        "Identifying and attacking the saddle point problem in high-dimensional non-convex optimization",
        "arxiv:1406.2572",
    ),
)

monkey_saddle = Landscape.of(
    lambda x, y: x**3 - 3 * x * y**2,
    name="Monkey saddle",
    template=r"x^3 - 3 x y^2",
    window=((-2.0, 2.0), (-2.0, 2.0)),
    start=(1.5, 0.0005),
    rate=0.05,
    saddles=((0.0, 0.0),),
    degenerate=((0.0, 0.0),),
    known_values={(1, 1): -2, (1, 2): -11},
    about="Three ways down and three ways up (one for the tail): even the curvature is zero at the centre.",
    source=Source("Hilbert, Cohn-Vossen", 1932, "Anschauliche Geometrie"),
)

plateau = Landscape.of(
    lambda x, y: -np.expm1(-(x**2 + y**2) / 2),
    name="Plateau",
    template=r"1 - e^{-(x^2 + y^2)/2}",
    window=((-5.0, 5.0), (-5.0, 5.0)),
    minima=((0.0, 0.0),),
    minimum_values=(0.0,),
    known_values={(1, 1): 1 - np.exp(-1)},
    about="A hole in a flat plain: at a distance of 3 the gradient is nearly zero, and descent hardly moves.",
    source=Source(
        "Fukumizu, Amari",
        2000,
        "Local minima and plateaus in hierarchical structures of multilayer perceptrons",
        "doi:10.1016/S0893-6080(00)00009-5",
    ),
)

rosenbrock = Landscape.of(
    lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    name="Rosenbrock",
    template=r"(1 - x)^2 + 100 (y - x^2)^2",
    window=((-2.0, 2.0), (-1.0, 3.0)),
    minima=((1.0, 1.0),),
    minimum_values=(0.0,),
    known_values={(-1.2, 1): 24.2, (0, 0): 1},
    about="A curved valley: finding its floor is easy, following it to the minimum is slow.",
    source=Source(
        "Rosenbrock",
        1960,
        "An automatic method for finding the greatest or least value of a function",
        "doi:10.1093/comjnl/3.3.175",
    ),
)

beale = Landscape.of(
    lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    name="Beale",
    template=r"(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    window=((-4.5, 4.5), (-4.5, 4.5)),
    start=(1.0, 1.5),
    minima=((3.0, 0.5),),
    saddles=((0.0, 1.0), (0.1005379373241584, -2.6445135850231245)),
    minimum_values=(0.0,),
    known_values={(0, 0): 14.203125, (2, 1): 14.203125, (1, 0): 0.25 + 1.5625 + 2.640625},
    about="Cliffs at the corners and a flat cross between them; the minimum lies in one arm of the cross.",
    source=Source(
        "Beale", 1958, "On an iterative method for finding a local minimum of a function of several variables"
    ),
)
