"""The Murphy diagram: which model is best for every loss at once that asks for the mean, or for a quantile."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.evaluation.murphy import drawn_thresholds, elementary_mean, elementary_quantile
from core.evaluation.predictions import Predictions
from core.sentences import plain_name
from core.stage import Card, Live, Slider, Stage, Task, Text, Words
from core.views.kit.layout import Panel, axis, rows
from core.views.kit.own_words import strokes
from core.views.kit.plot import Plot
from core.views.your_data.settings import TAU, short_number

HEIGHT = 400
THRESHOLDS = 161
READING = (
    "#### How to read it\n\nSomebody acts if the number is above a threshold: order more, call an ambulance, sell. A "
    "prediction on the wrong side of the threshold costs something, one on the right side nothing. Every loss that "
    "asks for the mean is a mixture of such costs, over all thresholds (Ehm, Gneiting, Jordan, Krüger 2016). So is "
    "every loss that asks for a quantile. **A model that is below another one everywhere is better under all of these "
    "losses.** Where the curves cross, it depends on the loss. The area under a curve is half the mean squared error; "
    "for a quantile it is the mean quantile loss."
)


class MurphyPicture:
    """The diagram of every model: for the mean, or for the quantile that a slider chooses."""

    def __init__(self, predictions: Predictions, *, quantile: bool) -> None:
        self.predictions, self.quantile = predictions, quantile
        self.thresholds = drawn_thresholds(list(predictions.models.values()), predictions.target, THRESHOLDS)
        self.by = (TAU,) if quantile else ()
        self.curves = np.stack([self.curve(pred) for pred in predictions.models.values()])
        shown = self.curves[:, TAU.start] if quantile else self.curves
        labels = tuple(map(short_number, self.thresholds))
        self.threshold = Slider(  # at first where the costs are highest: at the ends of the truth they are 0
            name="threshold", label="Threshold", values=self.thresholds, start=int(shown.max(axis=0).argmax()),
            labels=labels,
        )  # fmt: skip

    def curve(self, pred: np.ndarray) -> np.ndarray:
        """A model's mean elementary loss, [thresholds], or [taus, thresholds]."""
        if self.quantile:
            return elementary_quantile(pred, self.predictions.target, self.thresholds, TAU.values)
        return elementary_mean(pred, self.predictions.target, self.thresholds)

    @property
    def sliders(self) -> tuple[Slider, ...]:
        return (self.threshold, *self.by)

    def stage(self, centre: Mapping[str, float]) -> Stage:
        x = axis("threshold", (self.thresholds[0], self.thresholds[-1]))
        y = axis(ends=(0.0, 1.08 * float(self.curves.max()) or 1.0))
        what = "the quantile" if self.quantile else "the mean"
        panel = Panel(x, y, f"What being on the wrong side of a threshold costs, for {what}", HEIGHT - 72, 260)
        plot = Plot(rows([[panel]]), left=52)
        for number, (name, look) in enumerate(strokes(self.predictions.names).items()):
            curve = self.curves[number]
            plot.line(panel, plain_name(name), self.thresholds, Live(curve, self.by), look, hovertemplate="%{y:.3~g}")
            here = Live(curve[..., None], (*self.by, self.threshold))
            plot.dots(
                panel, "here", Live(self.threshold.values[:, None], self.threshold), here, look.colour, hoverinfo="skip"
            )
            plot.reading(plain_name(name), look, Live(curve, (*self.by, self.threshold)))
        plot.upright("threshold", self.threshold, [panel])
        plot.explain("····", "the threshold that you choose")
        return plot.stage(
            name="Murphy diagram",
            alt=f"The mean elementary loss of {what}, of each model, over the threshold. A model whose curve is the "
            "lowest everywhere is best under every loss that asks for it.",
            sliders=self.sliders,
            task=Task(
                "Drag the dotted line across the picture.", "Where the lowest curve changes, the best model does."
            ),
            headings=("cost here",),
            summary=self.summary(what),
            cards=(Card(text=Text(READING), wide=True),),
            table=self.table,
            centre=centre,
        )

    def summary(self, what: str) -> Text:
        """Which model is below all others, and where."""
        curves = np.atleast_3d(self.curves.swapaxes(0, -1)).reshape(
            THRESHOLDS, -1, len(self.curves)
        )  # thresholds, taus, models
        sentences = [verdict(curves[:, tau], self.predictions.names, what) for tau in range(curves.shape[1])]
        return Text("{}", Words.each(sentences, TAU)) if self.quantile else Text(sentences[0])

    def table(self, values: Mapping[str, float]) -> dict[str, np.ndarray]:
        """The curves, at this τ."""
        frame = TAU.frame_at(values)
        found = {name: curve[frame] if self.quantile else curve
                 for name, curve in zip(self.predictions.names, self.curves, strict=True)}  # fmt: skip
        return {"threshold": self.thresholds, **found}


def verdict(curves: np.ndarray, names: list[str], what: str) -> str:
    """Which of the models, curves [thresholds, models], is lowest, as a sentence."""
    if len(names) == 1:
        return f"“{plain_name(names[0])}” is the only model here: choose a second column of predictions to compare."
    decided = curves.max(axis=1) > curves.min(axis=1)
    lowest = curves.argmin(axis=1)[decided]
    counts = np.bincount(lowest, minlength=len(names))
    best = int(counts.argmax())
    if not decided.any():
        return "All models cost the same at every threshold."
    if np.all(curves[:, best] <= curves.min(axis=1) + 1e-12 * curves.max()):
        name = plain_name(names[best])
        return f"“{name}” is lowest at every threshold here: it is best under the losses that ask for {what}."
    share = 100 * counts[best] / decided.sum()
    return (
        f"“{plain_name(names[best])}” is lowest at {share:.0f} % of the thresholds, but not at every one: "
        "the loss that you choose decides which model is best."
    )
