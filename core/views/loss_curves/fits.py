"""The fits of each loss, a constant and a line, to points with outliers that can be dragged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.expression.typed_loss import loss_of
from core.models.outlier_fits import COUNTS, MOST, OutlierData
from core.sentences import join_words
from core.stage import Live, Slider, Stage, Task, Text, Words
from core.views.kit import theme
from core.views.kit.cards import loss_cards
from core.views.kit.layout import Axis, Panel, axis, rows
from core.views.kit.plot import Plot
from core.views.kit.theme import Stroke
from core.views.loss_curves.fit_question import question
from core.views.loss_curves.outlier_fits import Fits, fits, needs_sweep, outlier_sliders, own_sliders

MAX_FITS = 5  # losses in one picture
NAMED = 3  # losses in the sentence under it
HEIGHT = 560  # pixels
GAP = 39  # pixels between the panels: the x axis is titled once, below them
FOLLOWS = "The squared error follows them furthest; a robust loss moves less."
TASK = Task("Drag the red crosses, or “Outlier value”, away from the points and back.", FOLLOWS)
OWN_TASK = Task("Drag “Number of outliers” to 8, and see how far your lines move.", FOLLOWS)
ADDED = ("No outliers", "One outlier", *(f"{count:g} outliers" for count in COUNTS[2:]))


@dataclass(frozen=True, eq=False)
class FittedLines:
    """The picture of what some losses fit to one data set."""

    data: OutlierData
    losses: Sequence[str]

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """The outliers' value and number, then each loss's own parameters."""
        recomputed = needs_sweep(self.losses)
        own = [slider for key in self.losses for slider in own_sliders(loss_of(key), recomputed=recomputed)]
        return (*outlier_sliders(self.data, recomputed=recomputed), *own)

    def fits(self, centre: Mapping[str, float]) -> dict[str, Fits]:
        """The fits of each loss, by key."""
        around = centre if needs_sweep(self.losses) else None
        return {key: fits(key, self.data, around) for key in self.losses}

    def stage(self, centre: Mapping[str, float]) -> Stage:
        data, found = self.data, self.fits(centre)
        points, variable = data.data, data.data.x_variable
        x = axis(str(variable), data.ends.tolist(), zeroline=True, nticks=None,
                 unifiedhovertitle={"text": f"{variable.name} = %{{x:.3~g}}"})  # fmt: skip
        title = f"{points.target_variable}: data and fitted lines"
        lines = Panel(x, upright((data.low, data.high)), title, height=269)
        ends = close_up(found.values())
        constants = Panel(x, upright(ends), "Best single prediction of each loss, enlarged", height=180)
        plot = Plot(rows([[lines], [constants]], gap=GAP), hover="x unified", left=52)
        for panel in (lines, constants):
            plot.dots(panel, "data", points.x, points.target, theme.NEUTRAL, size=5, opacity=0.6)
        for key, one in found.items():
            look, name = theme.look(key), loss_of(key).name
            for panel, found_by, before in (
                (lines, one.lines, one.lines_without),
                (constants, level(one.constants), level(one.constants - one.moved)),
            ):
                for which, fit, stroke, width in (
                    (f"{name} without outliers", before, Stroke(look.colour, "dot"), 1.25), (name, found_by, look, 2.5),
                ):  # fmt: skip
                    y = Live(fit[..., :1] + fit[..., 1:] * data.ends, one.by)
                    plot.line(panel, which, data.ends, y, stroke, width=width, hoverinfo="skip")
            numbers = (one.constants, one.lines[..., 0], one.lines[..., 1])
            plot.reading(loss_of(key).short, look, *(Live(number, one.by) for number in numbers))
        outlier, count = self.sliders[:2]
        places = Live(np.repeat(data.places[:, None], MOST, 1), outlier)
        shown = Live(np.where(np.arange(MOST) < COUNTS[:, None], data.outlier_xs, np.nan), count)
        for panel in (lines, constants):
            plot.drag(plot.dots(panel, "outliers", shown, places, theme.RED, size=9, symbol="x-thin"), y=outlier)
        plot.explain("●", "point of the data")
        plot.explain("✕", "outlier, added to them", theme.RED)
        plot.explain("····", "fit without the outliers")
        named = self.losses[:NAMED]
        moves = join_words([f"{{}} for {loss_of(key).short}" for key in named])
        return plot.stage(
            name="Fitted lines",
            alt=f"{points.about} Above, the straight line that each chosen loss fits to the points; below, the best "
            "single prediction of each loss. Red crosses are the outliers. The table beside the picture gives the "
            "single prediction, the intercept and the slope of each loss.",
            sliders=self.sliders,
            task=TASK if data.added else OWN_TASK,
            question=question(found, data, outlier) if data.added else None,
            cards=loss_cards(self.losses, self.sliders),
            headings=("single prediction", "intercept", "slope"),
            summary=Text(
                f"{{}} added: this moved the best single prediction by {moves}."
                if data.added
                else f"{{}} added. The best single prediction is {moves}.",
                Words(ADDED, count),
                *(Live(one.moved if data.added else one.constants, one.by) for one in map(found.__getitem__, named)),
            ),
            table=self.table,
            centre=centre,
        )

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """Points and outliers, and the value of each loss's line at every one of them."""
        data, points = self.data, self.data.data
        outlier, number = (slider.nearest(slider.at(values)) for slider in self.sliders[:2])
        count = int(number)
        x = np.concatenate([points.x, data.outlier_xs[:count]])
        columns = {
            str(points.x_variable): x,
            str(points.target_variable): np.concatenate([points.target, np.full(count, outlier)]),
            "outlier": np.concatenate([np.zeros(len(points)), np.ones(count)]),
        }
        for key, one in self.fits(values).items():
            at = one.at(values)
            intercept, slope = one.lines[at]
            columns[f"{key} constant"] = np.full(len(x), one.constants[at])
            columns[f"{key} line"] = intercept + slope * x
        return columns


def level(constants: np.ndarray) -> np.ndarray:
    """The constants as lines [..., 2], intercept and slope."""
    return np.stack([constants, np.zeros_like(constants)], axis=-1)


def upright(ends: tuple[float, float]) -> Axis:
    """The y axis of either panel."""
    return axis(ends=ends, zeroline=True, exponentformat="power")


def close_up(found: Collection[Fits]) -> tuple[float, float]:
    """The y axis of the constants, which beside the outliers would look all alike.

    It is as wide around every centre, unless what is shown there asks for more: a release should not move the axis.
    """
    usual = np.concatenate([one.spread for one in found])
    shown = np.concatenate([one.constants.ravel() for one in found])
    room = 0.25 * (np.ptp(usual) or 1.0)
    edge = 0.2 * room
    return min(usual.min() - room, shown.min() - edge), max(usual.max() + room, shown.max() + edge)
