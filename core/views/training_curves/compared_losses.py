"""The picture of one task under several losses: the same metric for all, and how hard each loss pulls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.datasets.curves import OUTLIER
from core.losses import LOSSES
from core.losses.sampled import KINK_OFFSET
from core.stage import Reading, Slider
from core.stage.legacy import OldText as Text
from core.stage.legacy import OldWords as Words
from core.stage.legacy import Pick
from core.views.kit import theme
from core.views.kit.panels import EDGE, FOOT, Box, laid_out
from core.views.kit.view import listed
from core.views.training_curves.field import ALONG, FIT, SPARSE, Field, on
from core.views.training_curves.picture import GAP, HIGH, SEAM, TALL_FIT
from core.views.training_curves.runs import Runs
from core.views.training_curves.settings import EPOCH, EPOCHS, EVERY, LEVEL

METRIC, PULL = 0, 1  # the panels beside FIT
LOW = 150  # pixels
REACH = {"regression": 8.0, "binary": 10.0}  # how far from right the pulls are drawn


class Rivals(Field):
    """Validation metric of each loss against the epoch, its pull under it, and its model beside them."""

    def __init__(self, runs: Mapping[str, Runs]) -> None:
        super().__init__(next(iter(runs.values())))
        self.rivals = runs

    def draw(self) -> None:
        self.arrays |= {"epochs": np.arange(EPOCHS + 1.0), "epoch": np.arange(0.0, EPOCHS + 1, EVERY)[:, None]}
        self.arrays["epoch twice"] = np.repeat(self.arrays["epoch"], 2, axis=1)
        self.arrays["ends"] = np.array(self.extent)
        self.add(
            go.Scatter(name="epoch", mode="lines", line=theme.PROBE, hoverinfo="skip", **on(METRIC)),
            x=Pick("epoch twice", (EPOCH,)), y=Pick("ends"),
        )  # fmt: skip
        classes = self.runs.own.classes
        if classes:
            self.classes()
        else:
            self.examples()
        for key, runs in self.rivals.items():
            self.metric(key, runs)
            self.pull(key)
            (self.boundary if classes else self.curve)(key, runs)
        self.asked()
        self.place()

    def metric(self, key: str, runs: Runs) -> None:
        look, values = theme.look(key), runs.history.validation_metric
        shown = np.where(np.isfinite(values), values, np.nan)
        self.arrays |= {f"{key} metric": shown, f"{key} now": shown[:, ::EVERY]}
        line = {"color": look.colour, "dash": look.dash, "width": 2.25, "simplify": False}
        hover = "%{y:.4~g} at epoch %{x:.0f}<extra>" + LOSSES[key].short + "</extra>"
        self.add(
            go.Scatter(name=LOSSES[key].short, mode="lines", line=line, hovertemplate=hover, **on(METRIC)),
            x=Pick("epochs"), y=runs.of_lane(f"{key} metric"),
        )  # fmt: skip
        self.add(
            go.Scatter(name="now", mode="markers", marker=theme.head(look), hoverinfo="skip", **on(METRIC)),
            x=Pick("epoch", (EPOCH,)), y=runs.at_epoch(f"{key} now"),
        )  # fmt: skip

    def pull(self, key: str) -> None:
        """The size of the loss's gradient against how wrong a prediction is."""
        look, reach = theme.look(key), REACH[self.runs.own.family]
        loss = LOSSES[key]
        jumps = np.array(loss.kinks(**loss.starts))  # drawn from both sides, so that they stand upright
        even = np.linspace(-reach, reach, ALONG)
        wrong = np.sort(np.concatenate([even[np.abs(even) > KINK_OFFSET], jumps - KINK_OFFSET, jumps + KINK_OFFSET]))
        self.arrays |= {f"{key} wrong": wrong, f"{key} pull": np.abs(loss.grad(wrong, self.truth, **loss.starts))}
        line = {"color": look.colour, "dash": look.dash, "width": 2, "simplify": False}
        hover = "%{y:.3~g} at %{x:.3~g}<extra>" + LOSSES[key].short + "</extra>"
        self.add(
            go.Scatter(name=f"{LOSSES[key].short} gradient", mode="lines", line=line, hovertemplate=hover, **on(PULL)),
            x=Pick(f"{key} wrong"), y=Pick(f"{key} pull"),
        )  # fmt: skip

    @property
    def truth(self) -> float:
        """What the prediction of the panel of pulls should be: 0, or the class 1."""
        return float(self.runs.own.classes)

    @property
    def asked_at(self) -> np.ndarray:
        """Where on that panel the sliders stand: at an outlier, or at a confident wrong answer [frames]."""
        return -self.level.values if self.runs.own.classes else np.array([-OUTLIER])

    @property
    def level(self) -> Slider:
        return next(slider for slider in self.runs.sliders if slider.key == LEVEL)

    def asked(self) -> None:
        """A point on each pull: what an outlier, or a start that is surely wrong, feels."""
        self.arrays["asked"] = self.held(self.asked_at)
        for key in self.rivals:
            self.arrays[f"{key} asked"] = self.held(
                np.abs(LOSSES[key].grad(self.asked_at, self.truth, **LOSSES[key].starts))
            )
            head = theme.head(theme.look(key))
            self.add(
                go.Scatter(name="asked", mode="markers", marker=head, hoverinfo="skip", **on(PULL)),
                x=self.where("asked"), y=self.where(f"{key} asked"),
            )  # fmt: skip

    @property
    def moves(self) -> bool:
        """Whether what is asked of the pulls follows a slider."""
        return any(slider.key == LEVEL for slider in self.runs.sliders)

    def held(self, numbers: np.ndarray) -> np.ndarray:
        return numbers[:, None] if self.moves else numbers

    def where(self, array: str) -> Pick:
        return Pick(array, (LEVEL,)) if self.moves else Pick(array)

    def number(self, array: str) -> Pick:
        """The same as a number in a sentence."""
        self.arrays[f"{array} read"] = self.arrays[array][..., 0]
        return Pick(f"{array} read", (LEVEL,)) if self.moves else Pick(f"{array} read")

    def curve(self, key: str, runs: Runs) -> None:
        self.arrays[f"{key} fit"] = self.fitted(runs, self.every)
        look = theme.look(key)
        line = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False}
        hover = "%{y:.3~g}<extra>" + LOSSES[key].short + "</extra>"
        self.add(
            go.Scatter(name=f"{LOSSES[key].short} fit", mode="lines", line=line, hovertemplate=hover, **on(FIT)),
            x=Pick("along"), y=runs.at_epoch(f"{key} fit", self.every),
        )  # fmt: skip

    def boundary(self, key: str, runs: Runs) -> None:
        self.arrays[f"{key} score"] = self.scored(runs, self.every)
        self.line_at_zero(f"{LOSSES[key].short} boundary", theme.look(key), runs.at_epoch(f"{key} score", self.every))

    @property
    def every(self) -> int:
        """Kept models from one that is drawn to the next: the more losses, the fewer of each fit into a payload."""
        return len(self.rivals) * (SPARSE if self.runs.own.classes else 1)

    @property
    def extent(self) -> tuple[float, float]:
        if self.runs.own.metric.share:
            return 0.0, 1.02
        values = np.concatenate([runs.history.validation_metric.ravel() for runs in self.rivals.values()])
        start = np.median([runs.history.validation_metric[:, 0] for runs in self.rivals.values()])
        return 0.0, float(2 * start if np.isfinite(start) else np.nanmax(values))

    def place(self) -> None:
        reach = REACH[self.runs.own.family]
        unit = "error r = prediction − true value" if self.truth == 0 else "score of a positive example"
        (across, up), plain = self.sides(), {"zeroline": False, "nticks": 6}
        pulls = np.concatenate([self.arrays[f"{key} pull"] for key in self.rivals])
        axes: dict[int, dict[str, dict[str, Any]]] = {
            METRIC: {"x": plain | {"range": [0, EPOCHS], "title": {"text": "epoch"}},
                     "y": plain | {"range": list(self.extent)}},
            PULL: {"x": plain | {"range": [-reach, reach], "title": {"text": unit}},
                   "y": plain | {"range": [-0.05, 1.1 * min(float(pulls.max()), 2.5)], "nticks": 4}},
            FIT: {"x": plain | {"range": list(across)}, "y": plain | {"range": list(up)}},
        }  # fmt: skip
        titles = {METRIC: f"{self.runs.metric}, on the validation set", PULL: "Size of the gradient",
                  FIT: "Prediction of each model"}  # fmt: skip

        def boxed(panel: int, left: float, right: float, top: float, height: float) -> Box:
            return Box(panel + 1, panel + 1, left, right, top, top + height, titles[panel])

        below = EDGE + HIGH + GAP
        wide = [boxed(METRIC, 0.0, SEAM[0], EDGE, HIGH), boxed(PULL, 0.0, SEAM[0], below, LOW),
                boxed(FIT, SEAM[1], 1.0, EDGE, HIGH + GAP + LOW)]  # fmt: skip
        second = EDGE + TALL_FIT + GAP
        third = second + TALL_FIT + GAP
        tall = [boxed(METRIC, 0.0, 1.0, EDGE, TALL_FIT), boxed(FIT, 0.0, 1.0, second, TALL_FIT),
                boxed(PULL, 0.0, 1.0, third, LOW)]  # fmt: skip
        revision = f"rivals {self.runs.task}"
        self.layout, self.narrow = (
            laid_out(boxes, total, lambda box: axes[box.x - 1], revision)
            for boxes, total in ((wide, below + LOW + FOOT), (tall, third + LOW + FOOT))
        )

    # --- words ---

    def readings(self) -> tuple[Reading, ...]:
        rows = []
        for key, runs in self.rivals.items():
            look, picks = theme.look(key), (runs.at_epoch(f"{key} now"), self.number(f"{key} asked"))
            cells = tuple(Text(template="{n}", slots={"n": pick}) for pick in picks)
            rows.append(Reading(name=LOSSES[key].short, colour=look.colour, dash=look.dash, cells=cells))
        return tuple(rows)

    def notice(self) -> Text:
        """How hard each loss pulls where it matters, from the core."""
        slots: dict[str, Pick | Words] = {f"g{at}": self.number(f"{key} asked") for at, key in enumerate(self.rivals)}
        told = listed([f"{{g{at}}} under {LOSSES[key].short}" for at, key in enumerate(self.rivals)])
        if not self.moves:
            return Text(
                template=f"For an outlier that is {OUTLIER:g} too high, the gradient has the size {told}: the larger "
                f"it is, "
                "the more the outlier changes the fit. One metric compares all, on examples without outliers.",
                slots=slots,
            )
        return Text(
            template=f"For a positive example whose score is {{z}}, the gradient has the size {told}. Where it is near "
            f"0, "
            "training corrects a wrong answer slowly, however wrong it is.",
            slots=slots | {"z": self.number("asked")},
        )
