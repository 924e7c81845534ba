"""What losses ask for under true probabilities of three classes: a triangle of all predictions for each loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.losses import LOSSES, losses_of
from core.losses.equivalents import LIBRARIES
from core.losses.link import SOFTMAX
from core.models import simplex
from core.models.simplex import LossMinimum
from core.sentences import join_words
from core.stage import Live, Slider, Stage, Sweep, Task, Text
from core.stage.parameters import SomeOf
from core.views.class_probabilities.simplex.texts import DIGITS, HEADINGS, THEORY, cells, note, summary
from core.views.kit import theme
from core.views.kit.cards import loss_cards
from core.views.kit.layout import EDGE, Panel, axis, rows
from core.views.kit.loss_pickers import labels
from core.views.kit.loss_sliders import loss_sliders
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.kit.view import View

ROWS, PHONE = {1: 340, 2: 320, 3: 250}, {1: 230, 2: 172, 3: 172}  # pixels, by the number of triangles
CURVE = 150  # pixels on a phone
CORNERS_FOOT = 8  # pixels below triangles: they have no axis
STEPS = 24  # of the map's grid, to a side of the triangle
LEVELS = 10  # of colour
FADE = 0.85  # opacity of the map under its marks
FRAMES = np.round(np.linspace(0, 1, 21), 10)
CURVE_X = (1 - np.cos(np.linspace(0, np.pi, 61))) / 2  # finer at the ends, where focal is steep
TEMPERATURES = np.array([0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0])
FIRST = Slider(name="p_a", label="Probability of A", values=FRAMES, start=12, recomputed=True, continuous=True)
SHARE = Slider(name="b_of_rest", label="Share of B in the rest", values=FRAMES, start=15, recomputed=True,
               continuous=True)  # fmt: skip
TEMPERATURE = Slider(name="temperature", label="Temperature T", values=TEMPERATURES, start=5, recomputed=True)
DRAG = "true probabilities: drag them, or click elsewhere<extra></extra>"
TASK = Task("Drag the ring ◯, or “Probability of A”.", "Which ★ stays in the ring? That loss asks for the truth.")
# So far off that a ring in a corner does not cover its letter.
CORNERS = {"A": (0.5, 1.04, "center", "bottom"), "B": (1.02, -0.03, "left", "top"), "C": (-0.02, -0.03, "right", "top")}


@dataclass(frozen=True, eq=False)
class SimplexPicture:
    """The triangles of some losses."""

    losses: Sequence[str]

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """The true probabilities, each loss's own parameters, and the temperature where there is a softmax."""
        own = [slider for key in self.losses for slider in loss_sliders(LOSSES[key], recomputed=True)]
        return (FIRST, SHARE, *own, *([TEMPERATURE] if any(map(is_softmax, self.losses)) else []))

    def stage(self, centre: Mapping[str, float], *, draft: bool = False) -> Stage:
        return SimplexFigure(self, centre, draft=draft).stage()

    def draft(self, centre: Mapping[str, float]) -> Stage:
        return self.stage(centre, draft=True)


class SimplexFigure:
    """A triangle for each loss: its expected loss as colours, the true probabilities, and what it asks for."""

    def __init__(self, picture: SimplexPicture, centre: Mapping[str, float], *, draft: bool) -> None:
        self.centre, self.draft = centre, draft
        self.sliders = tuple(one.around(one.at(centre)) if one.continuous else one for one in picture.sliders)
        self.found = {key: self.minimum(key) for key in picture.losses}
        self.panels = [self.panel(key) for key in picture.losses]
        if len(self.panels) == 1:
            share = axis("true probability of A", (-0.02, 1.02))
            title = "What the loss asks for A" if LOSSES[picture.losses[0]].link else "A in the softmax of its scores"
            self.curve = Panel(share, axis(ends=(-0.02, 1.02)), title, ROWS[1], CURVE)
            placed, left = rows([[*self.panels, self.curve]], between=0.06), 34
        else:
            two = rows([self.panels[:2]], between=0.13)  # B of the one is apart from C of the other
            placed = rows([self.panels], between=0.04, phone=[[two], *([one] for one in self.panels[2:])],
                          foot=CORNERS_FOOT)  # fmt: skip
            left = 12
        self.plot = Plot(placed, left=left, draft=draft)

    def panel(self, key: str) -> Panel:
        """The place of a triangle: higher where there are few beside it."""
        below_title = {"range": [-0.12, 1.2]}  # room for the letter A under the title
        y = axis("", (-0.1, 1.09), visible=False, scaleratio=simplex.HEIGHT, phone=below_title)
        many = len(self.found)
        return Panel(axis("", (-0.04, 1.04), visible=False), y, LOSSES[key].short, ROWS[many], PHONE[many], equal=True)

    def sweep(self, *owners: str, temperature: bool = False) -> Sweep:
        """The sweep of the true probabilities, of some losses' parameters and perhaps of the temperature."""
        own = [*self.sliders[:2], *(one for one in self.sliders if one.owner and one.owner in owners)]
        own += [one for one in self.sliders if temperature and one.name == TEMPERATURE.name]
        return Sweep(own, self.centre, [one.key for one in own] if self.draft else ())

    def minimum(self, key: str) -> tuple[LossMinimum, Sweep]:
        """What a loss asks for, in each run of a sweep."""
        sweep = self.sweep(key)
        params = {one.name: sweep.values[one.key] for one in sweep.sliders[2:]}
        return LossMinimum(LOSSES[key], self.true(sweep), **params), sweep

    def true(self, sweep: Sweep) -> np.ndarray:
        """The true probabilities in each run, [runs, 3]."""
        return simplex.probabilities(*(sweep.values[one.key] for one in self.sliders[:2]))

    def stage(self) -> Stage:
        numbers = (Live(column, self.sweep()) for column in np.round(self.true(self.sweep()), DIGITS).T)
        self.plot.reading("True probabilities", Stroke(theme.NEUTRAL, "none"), *numbers, Text("–"))
        for panel, (key, (minimum, sweep)) in zip(self.panels, self.found.items(), strict=True):
            self.draw_map(panel, minimum, sweep)
            cooled, hot = self.cooled(key)
            self.draw_marks(panel, key, [(sweep, minimum.asked), (hot, cooled)])
            if len(self.panels) == 1:
                self.draw_curve(key)
            text = note(minimum, sweep, cooled, hot)
            self.plot.reading(LOSSES[key].short, theme.look(key), *cells(minimum, sweep), note=text)
        self.plot.explain("■", "low expected loss; each map has its own scale", theme.BLUE)
        self.plot.explain("◯", "true probabilities: drag them, or click elsewhere")
        self.plot.explain("★", "what the loss asks for: least expected loss")
        if len(self.panels) == 1:
            self.plot.explain("····", "exactly the true probability")
        if any(map(is_softmax, self.found)):
            self.plot.explain("◇", "the same scores divided by T")
        return self.plot.stage(
            name="What a loss asks for",
            alt="Every point of a triangle is a prediction for three classes; a corner gives all probability to one. "
            "Colours show the expected loss under the true probabilities, a ring. The mark ★ is where it is least. "
            "The table beside the picture gives what each loss asks for: "
            f"{join_words([LOSSES[key].name for key in self.found])}.",
            sliders=self.sliders,
            task=TASK,
            cards=() if self.draft else (*loss_cards(tuple(self.found), self.sliders), THEORY),
            summary=summary({LOSSES[key].short: own for key, own in self.found.items()}),
            headings=HEADINGS,
            table=self.table,
            centre=self.centre,
        )

    def cooled(self, key: str) -> tuple[np.ndarray, Sweep]:
        """The prediction of the best scores divided by the temperature, [runs, 3]: NaN at T = 1 and without softmax."""
        (minimum, sweep), hot = self.found[key], self.sweep(key, temperature=is_softmax(key))
        t = hot.values.get(TEMPERATURE.key, np.ones(len(hot)))
        q = simplex.cooled(minimum.best[hot.runs_in(sweep)], t)
        return np.where(t[:, None] == 1, np.nan, q), hot

    def draw_map(self, panel: Panel, minimum: LossMinimum, sweep: Sweep) -> None:
        """The root of the expected loss above its least value, as a share of the highest: it grows with distance."""
        x, y, inside, q = simplex.grid(STEPS)
        above = np.maximum(minimum.over(q) - minimum.least[:, None], 0.0)
        heights = np.full((len(above), *inside.shape), np.nan)
        heights[:, inside] = np.sqrt(above / above.max(axis=1, keepdims=True))
        levels = {"start": 0.0, "end": 1.0, "size": 1 / LEVELS, "coloring": "fill", "showlines": False}
        trace = {
            "type": "contour", "name": "expected loss", "contours": levels, "autocontour": False, "zmin": 0.0,
            "zmax": 1.0, "showscale": False, "opacity": FADE, "hoverinfo": "skip",
        }  # fmt: skip
        self.plot.add(panel, trace, x=x, y=y, z=Live(heights, sweep))

    def draw_marks(self, panel: Panel, key: str, asked: Sequence[tuple[Sweep, np.ndarray]]) -> None:
        """The sides of the triangle, the true probabilities, and what the loss asks for in runs of a sweep."""
        for name, (right, high, across, up) in CORNERS.items():
            self.plot.label(panel, name, right, high, xanchor=across, yanchor=up)
        self.plot.line(panel, "side", [0, 1, 0.5, 0], [0, 0, 1, 0], Stroke(theme.NEUTRAL), width=1.25, hoverinfo="skip")
        sweep, colour = self.sweep(), theme.look(key).colour
        x, y = (Live(part[:, None], sweep) for part in simplex.place(self.true(sweep)))
        ring = self.plot.marks(panel, "true", x, y, theme.START, hovertemplate=DRAG)
        self.plot.drag(ring, x=self.sliders[1], y=self.sliders[0], shares=True)
        markers = (theme.best(colour), theme.open_diamond(colour))
        for name, (sweep, q), marker in zip(("asked", "after T"), asked, markers, strict=True):
            x, y = (Live(part[:, None], sweep) for part in simplex.place(q))
            self.plot.marks(panel, f"{LOSSES[key].short} {name}", x, y, marker, hoverinfo="skip")

    def draw_curve(self, key: str) -> None:
        """What a loss asks for A at every true probability of A, where B keeps its share in the rest."""
        (minimum, sweep), look = self.found[key], theme.look(key)
        own = Sweep(sweep.sliders[1:], self.centre, [one.key for one in sweep.sliders[1:]] if self.draft else ())
        p = simplex.probabilities(CURVE_X, own.values[SHARE.key][:, None])
        params = {one.name: own.values[one.key][:, None] for one in own.sliders[1:]}
        asked = LossMinimum(LOSSES[key], p, **params).asked[..., 0]
        self.plot.line(self.curve, "true", [0.0, 1.0], [0.0, 1.0], Stroke(theme.NEUTRAL, "dot"), width=1.5,
                       hoverinfo="skip")  # fmt: skip
        self.plot.line(self.curve, f"{LOSSES[key].short} asks", CURVE_X, Live(asked, own), look)
        x, y = (Live(part[:, :1], sweep) for part in (minimum.p, minimum.asked))
        here = self.plot.marks(self.curve, "asked here", x, y, theme.best(look.colour), hoverinfo="skip")
        self.plot.drag(here, x=self.sliders[0])

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The predictions of the grid, and the expected loss of each loss there."""
        *_, q = simplex.grid(STEPS)
        found = SimplexFigure(SimplexPicture(tuple(self.found)), values, draft=True).found
        return dict(zip("ABC", q.T, strict=True)) | {key: one.over(q)[0] for key, (one, _) in found.items()}


def is_softmax(key: str) -> bool:
    """Whether the scores of a loss go through a softmax."""
    return LOSSES[key].link is SOFTMAX


class_simplex = View(
    name="What a loss wants",
    params=(
        SomeOf(
            name="losses",
            label="Losses",
            options=labels({key: loss for key, loss in losses_of("multi-class").items() if not loss.soft_targets}),
            default=("categorical_cross_entropy", "multiclass_focal", "generalized_cross_entropy"),
            most=max(ROWS),
        ),
    ),
    picture=SimplexPicture,
    height=EDGE + ROWS[max(ROWS)] + CORNERS_FOOT,
    code=tuple(LIBRARIES),
)
