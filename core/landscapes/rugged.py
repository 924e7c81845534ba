"""Several minima: from four valleys of equal depth to a landscape that is bumpy all over."""

from __future__ import annotations

import numpy as np

from core.landscapes.landscape import Landscape
from core.landscapes.simple import SURVEY
from core.record import Source

himmelblau = Landscape.of(
    lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    name="Himmelblau",
    template=r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    window=((-5.5, 5.5), (-5.5, 5.5)),
    minima=(
        (3.0, 2.0),
        (3.58442834033049, -1.848126526964404),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.28318599128617),
    ),
    saddles=(
        (3.385154183607021, 0.07385187983774928),
        (0.08667750455539636, 2.8842547011747763),
        (-3.0730257507643897, -0.08135304428796751),
        (-0.12796134673068008, -1.9537149802445763),
    ),
    maxima=((-0.2708445906673476, -0.9230385564799815),),
    minimum_values=(0.0, 0.0, 0.0, 0.0),
    known_values={(0, 0): 170, (1, 1): 106},
    about="Four minima of equal depth: the start decides in which of them a descent ends.",
    source=Source("Himmelblau", 1972, "Applied Nonlinear Programming"),
)

styblinski_tang = Landscape.of(
    lambda x, y: (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
    name="Styblinski-Tang",
    template=r"\tfrac{1}{2} \left( x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y \right)",
    window=((-4.5, 4.5), (-4.5, 4.5)),
    minima=(
        (-2.903534027771177, -2.903534027771177),
        (2.746802770990837, -2.903534027771177),
        (-2.903534027771177, 2.746802770990837),
        (2.746802770990837, 2.746802770990837),
    ),
    saddles=(
        (0.1567312567803401, -2.903534027771177),
        (-2.903534027771177, 0.1567312567803401),
        (2.746802770990837, 0.1567312567803401),
        (0.1567312567803401, 2.746802770990837),
    ),
    maxima=((0.1567312567803401, 0.1567312567803401),),
    minimum_values=(2 * -39.16616570377142, -64.19561235905536, -64.19561235905536, -50.05889331056789),
    known_values={(0, 0): 0, (1, 1): -10, (2, 0): -19},
    about="Four valleys, only one of which is the deepest: from most starts a descent ends in another one.",
    source=Source(
        "Styblinski, Tang",
        1990,
        "Experiments in nonconvex optimization: stochastic approximation with function smoothing "
        "and simulated annealing",
        "doi:10.1016/0893-6080(90)90029-K",
    ),
)

three_hump_camel = Landscape.of(
    lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2,
    name="Three-hump camel",
    template=r"2x^2 - 1.05x^4 + \tfrac{1}{6}x^6 + xy + y^2",
    window=((-2.4, 2.4), (-2.4, 2.4)),
    minima=(
        (0.0, 0.0),
        (1.7475523458302895, -0.8737761729151448),
        (-1.7475523458302895, 0.8737761729151448),
    ),
    saddles=(
        (1.07054229182366, -0.53527114591183),
        (-1.07054229182366, 0.53527114591183),
    ),
    minimum_values=(0.0, 0.29863844223685982, 0.29863844223685982),
    known_values={(1, 1): 2 - 1.05 + 1 / 6 + 2, (2, 0): 8 - 16.8 + 64 / 6},
    about="A global minimum between two local ones, each behind a low pass.",
    source=SURVEY,
)

six_hump_camel = Landscape.of(
    lambda x, y: (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (4 * y**2 - 4) * y**2,
    name="Six-hump camel",
    template=r"\left(4 - 2.1x^2 + \tfrac{1}{3}x^4\right) x^2 + xy + (4y^2 - 4) y^2",
    window=((-2.0, 2.0), (-1.1, 1.1)),
    minima=(
        (0.08984201310031806, -0.7126564030207396),
        (-0.08984201310031806, 0.7126564030207396),
        (1.703606714969981, -0.7960835686726251),
        (-1.703606714969981, 0.7960835686726251),
        (1.6071047529201978, 0.5686514548841313),
        (-1.6071047529201978, -0.5686514548841313),
    ),
    saddles=(
        (0.0, 0.0),
        (1.1092053368047865, -0.7682680925095399),
        (-1.1092053368047865, 0.7682680925095399),
        (1.6380679841897787, 0.2286740690443941),
        (-1.6380679841897787, -0.2286740690443941),
        (1.296070267167109, 0.6050843880386585),
        (-1.296070267167109, -0.6050843880386585),
    ),
    maxima=(
        (1.2302298765166524, 0.16233458445899493),
        (-1.2302298765166524, -0.16233458445899493),
    ),
    minimum_values=(-1.031628453489877,) * 2 + (-0.21546382438371764,) * 2 + (2.1042503103112583,) * 2,
    known_values={(1, 1): 4 - 2.1 + 1 / 3 + 1, (0, 0.5): -0.75},
    about="Six minima, two of them global: the landscape is the same seen from either side.",
    source=Source("Dixon, Szegő", 1978, "Towards Global Optimisation 2"),
)

mccormick = Landscape.of(
    lambda x, y: np.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1,
    name="McCormick",
    template=r"\sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1",
    window=((-2.5, 4.5), (-3.5, 4.0)),
    minima=(
        (-0.5471975511965976, -1.5471975511965976),
        (2.5943951023931953, 1.5943951023931955),
    ),
    saddles=(
        (1.5471975511965976, 0.5471975511965976),
        (-1.5943951023931955, -2.5943951023931957),
    ),
    minimum_values=(-1.913222954981037, -1.913222954981037 + np.pi),
    bounds=((-1.5, 4.0), (-3.0, 4.0)),
    known_values={(0, 0): 1, (1, 0): np.sin(1) + 0.5},
    about="A wavy valley: its floor falls from one minimum to the next.",
    source=Source(
        "McCormick",
        1976,
        "Computability of global solutions to factorable nonconvex programs: Part I",
        "doi:10.1007/BF01580665",
    ),
)

goldstein_price = Landscape.of(
    lambda x, y: (
        (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2))
        * (30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2))
    ),
    name="Goldstein-Price",
    template=r"\begin{aligned}&\left[1 + (x+y+1)^2 (19 - 14x + 3x^2 - 14y + 6xy + 3y^2)\right] \\ \times &"
    r"\left[30 + (2x-3y)^2 (18 - 32x + 12x^2 + 48y - 36xy + 27y^2)\right]\end{aligned}",
    window=((-2.0, 2.0), (-2.2, 1.6)),
    start=(0.6, -0.4),
    minima=(
        (0.0, -1.0),
        (-0.6, -0.4),
        (1.8, 0.2),
        (1.2, 0.8),
    ),
    saddles=(
        (-0.4, -0.6),
        (1.2, -0.2),
        (1.4, 0.6),
        (0.6, 0.4),
    ),
    maxima=((0.8, 0.2),),
    minimum_values=(3.0, 30.0, 84.0, 840.0),
    known_values={(0, 0): 600, (1, 1): 1876},
    about="Four minima at the heights 3, 30, 84 and 840, behind walls of more than 400,000.",
    source=Source("Goldstein, Price", 1971, "On descent from local minima", "doi:10.1090/S0025-5718-1971-0312365-X"),
)

rastrigin = Landscape.of(
    lambda x, y: 20 + x**2 - 10 * np.cos(2 * np.pi * x) + y**2 - 10 * np.cos(2 * np.pi * y),
    name="Rastrigin",
    template=r"20 + x^2 - 10\cos 2\pi x + y^2 - 10\cos 2\pi y",
    window=((-3.2, 3.2), (-3.2, 3.2)),
    minima=((0.0, 0.0),),
    minimum_values=(0.0,),
    known_values={(1, 1): 2, (0.5, 0.5): 40.5},
    about="Bumpy all over: a bowl under an egg box, with a local minimum near every whole number.",
    source=Source("Rastrigin", 1974, "Systems of Extremal Control"),
)

ackley = Landscape.of(
    lambda x, y: (
        20
        + np.e
        - 20 * np.exp(-0.2 * np.sqrt((x**2 + y**2) / 2))
        - np.exp((np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)) / 2)
    ),
    name="Ackley",
    template=r"20 + e - 20 e^{-0.2 \sqrt{(x^2 + y^2)/2}} - e^{(\cos 2\pi x + \cos 2\pi y)/2}",
    window=((-4.2, 4.2), (-4.2, 4.2)),
    minima=((0.0, 0.0),),
    degenerate=((0.0, 0.0),),
    minima_at_kinks=True,
    minimum_values=(0.0,),
    known_values={(1, 1): 20 - 20 * np.exp(-0.2)},
    about="A nearly flat, bumpy plain around a funnel, which ends in a point: there the slope jumps.",
    source=Source("Ackley", 1987, "A Connectionist Machine for Genetic Hillclimbing", "doi:10.1007/978-1-4613-1997-9"),
)

SHARP, WIDE = (-1.5, 0.3), (1.5, 1.2)  # place on the x axis, and width


def _hole(x, y, place, width):
    return -np.expm1(-((x - place) ** 2 + y**2) / (2 * width**2))


sharp_and_flat = Landscape.of(
    # A product, because a sum of two holes is not exactly as deep in both: each reaches into the other.
    lambda x, y: _hole(x, y, *SHARP) * _hole(x, y, *WIDE),
    name="Sharp and flat",
    template=r"\left(1 - e^{-((x + 1.5)^2 + y^2)/(2 \cdot 0.3^2)}\right)"
    r"\left(1 - e^{-((x - 1.5)^2 + y^2)/(2 \cdot 1.2^2)}\right)",
    window=((-4.0, 5.0), (-3.6, 3.6)),
    minima=(
        (-1.5, 0.0),
        (1.5, 0.0),
    ),
    saddles=((-0.73177595493045, 0.0),),
    minimum_values=(0.0, 0.0),
    known_values={(0, 0): (1 - np.exp(-12.5)) * (1 - np.exp(-0.78125))},
    about="Two minima of equal depth: a step that is safe in the wide one leaps out of the sharp one.",
    source=Source("Hochreiter, Schmidhuber", 1997, "Flat minima", "doi:10.1162/neco.1997.9.1.1"),
)
