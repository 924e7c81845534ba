"""A hundred starts: who reaches the minimum how often and how fast, all with as many evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.optimizers import MINIMISERS, OPTIMIZERS, descend, together
from core.stage import Pick, Reading, Reel, Stage, Text, Words
from core.views import theme
from core.views.arenas import Arena
from core.views.contract import listed
from core.views.controls import RATE, RATES
from core.views.ground import Ground
from core.views.panels import EDGE, FOOT, GAP, Box, laid_out
from core.views.relief import Picture
from core.views.shades import scales
from core.views.verdict import counted

SIDE = 10  # starts along each side of the picture
INSET = 0.05  # of the window: where the outermost of them stand
NEAR = 1e-5  # of the starts' median height above the lowest minimum: who is lower, and stays so, has reached it
ROW = 430  # pixels
EVERY = 5  # of the learning rates; where a gradient takes long, every tenth


@dataclass(frozen=True, eq=False)
class Starts:
    """Each optimizer from every start, at every learning rate; SciPy's minimisers from every start."""

    arena: Arena
    runners: tuple[str, ...]
    rate: str  # "all": one for all, live; "best": each optimizer's own best of them
    most: int  # evaluations

    @property
    def optimizers(self) -> list[str]:
        return [key for key in self.runners if key in OPTIMIZERS]

    @property
    def rates(self) -> np.ndarray:
        return RATES[:: EVERY * (2 if self.arena.landscape.examples else 1)]

    @cached_property
    def ground(self) -> Ground:
        return self.arena.ground([], {reel.key: float(reel.values[reel.start]) for reel in self.arena.reels})

    @cached_property
    def points(self) -> np.ndarray:
        """The starts [starts, 2], evenly over the picture."""
        low, high = np.array(self.arena.landscape.window).T
        share = np.linspace(INSET, 1 - INSET, SIDE)
        return low + np.stack(np.meshgrid(share, share), axis=-1).reshape(-1, 2) * (high - low)

    @cached_property
    def lowest(self) -> float:
        return float(self.ground.lowest()["lowest"][0])

    @cached_property
    def bound(self) -> float:
        """The height that counts as being there."""
        heights = self.arena.landscape.value(self.points) - self.lowest
        return self.lowest + NEAR * float(np.median(heights[np.isfinite(heights)]))

    @cached_property
    def reached(self) -> dict[str, np.ndarray]:
        """By runner: evaluations until it has reached the lowest minimum, infinite where it has not [rates, starts]."""
        found = {}
        if self.optimizers:
            team = together({key: OPTIMIZERS[key] for key in self.optimizers})
            rates: dict[str, Any] = {key: {RATE: self.rates[:, None]} for key in self.optimizers}
            run = descend(team, self.arena.landscape, self.points, self.most, **rates)
            for number, key in enumerate(self.optimizers):
                found[key] = self.arrival(run.values[:, number], np.arange(self.most + 1.0))
        for key in self.runners:
            if key in MINIMISERS:
                runs = [MINIMISERS[key].run(self.arena.landscape, start, self.most) for start in self.points]
                each = [self.arrival(run.values, run.evaluations.total.astype(float)) for run in runs]
                found[key] = np.broadcast_to(np.array(each), (len(self.rates), len(each)))
        return {key: found[key] for key in self.runners}

    def arrival(self, heights: np.ndarray, evaluations: np.ndarray) -> np.ndarray:
        """From when on heights [steps + 1, ...] stay at or below the bound, in evaluations [...]."""
        with np.errstate(invalid="ignore"):
            there = heights <= self.bound
        stays = np.logical_and.accumulate(there[::-1])[::-1]
        return np.where(stays.any(axis=0), evaluations[stays.argmax(axis=0)], np.inf)

    @cached_property
    def best(self) -> dict[str, int]:
        """The index of the rate at which each reaches it most often, then soonest."""
        chosen = {}
        for key, arrivals in self.reached.items():
            often = np.isfinite(arrivals).sum(axis=1)
            soon = np.where(np.isfinite(arrivals), arrivals, self.most + 1).mean(axis=1)
            chosen[key] = int(np.lexsort((soon, -often))[0])
        return chosen

    @cached_property
    def shown(self) -> dict[str, np.ndarray]:
        """`reached` as the picture has it [frames, starts]: at every rate, or in one frame at each one's best."""
        if self.rate == "all":
            return self.reached
        return {key: arrivals[[self.best[key]]] for key, arrivals in self.reached.items()}


def starts_reels(arena: Arena, rate: str) -> tuple[Reel, ...]:
    if rate != "all":
        return ()
    rates = Starts(arena, (), rate, 0).rates
    return (Reel(key=RATE, label="Learning rate", values=rates, start=int(np.abs(np.log(rates / 0.01)).argmin())),)


def from_everywhere(starts: Starts) -> Stage:
    """The stage: a map of who is there first from where, and the share that has arrived, by evaluations."""
    (scale,), _ = scales([starts.ground], "auto", comparable=True)
    picture = Picture([scale], "map")
    picture.sides()
    axes = {"xaxis": "x", "yaxis": "y"}
    picture.contour(scale, axes, 0.75)
    reels = starts_reels(starts.arena, starts.rate)
    frames = tuple(reel.key for reel in reels)
    arrivals = np.stack(list(starts.shown.values()))  # [runners, frames, starts]
    first = np.where(np.isfinite(arrivals).any(axis=0), arrivals.argmin(axis=0), -1)
    budget = np.arange(starts.most + 1.0)
    picture.arrays |= {"evaluations": budget}

    def keep(name: str, array: np.ndarray) -> Pick:
        picture.arrays[name] = array if frames else array[0]
        return Pick(name, frames)

    for number, key in enumerate((*starts.runners, "nobody")):
        own = first == (number if key != "nobody" else -1)
        look = theme.look(key) if key != "nobody" else theme.Look(theme.NEUTRAL)
        mark = {"color": look.colour, "size": 11 if key != "nobody" else 8}
        mark |= {"symbol": theme.SYMBOLS[look.dash] if key != "nobody" else "x-thin-open"}
        picks = {
            letter: keep(f"{key} {letter}", np.where(own, starts.points[:, axis], np.nan))
            for axis, letter in enumerate("xy")
        }
        label = f"{named(key)} is there first" if key != "nobody" else "nobody gets there"
        hover = "from (%{x:.3~g}, %{y:.3~g})<extra>" + label + "</extra>"
        picture.add(go.Scatter(name=label, mode="markers", marker=mark, hovertemplate=hover, **axes), **picks)
    picture.marks(starts.ground, axes)
    readings = []
    for key, own in starts.shown.items():
        look = theme.look(key)
        share = np.stack([(own <= count).mean(axis=1) for count in budget], axis=1)
        line = {"color": look.colour, "dash": look.dash, "width": 2.5, "simplify": False, "shape": "hv"}
        picture.add(
            go.Scatter(name=named(key), mode="lines", line=line, xaxis="x2", yaxis="y2",
                       hovertemplate="%{y:.0%} after %{x:.0f}<extra>" + named(key) + "</extra>"),
            x=Pick("evaluations"), y=keep(f"{key} share", share),
        )  # fmt: skip
        arrived = np.isfinite(own)
        with np.errstate(invalid="ignore"):
            median = np.array([np.median(row[there]) if there.any() else np.nan
                               for row, there in zip(own, arrived, strict=True)])  # fmt: skip
        cells = [keep(f"{key} often", 100.0 * arrived.mean(axis=1)), keep(f"{key} median", median)]
        texts = [Text(template="{n} %", slots={"n": cells[0]}), Text(template="{n}", slots={"n": cells[1]})]
        if starts.rate != "all":
            rate = starts.rates[starts.best[key]] if key in OPTIMIZERS else None
            texts.append(Text(template="its own" if rate is None else f"{rate:g}"))
        readings.append(Reading(name=short(key), colour=look.colour, dash=look.dash, cells=tuple(texts)))
    arrange(picture, starts)
    words, which = counted([sentence(starts, frame) for frame in range(arrivals.shape[1])])
    told = Words(words, pick=keep("told", which))
    names = listed([named(key) for key in starts.runners])
    return Stage(
        name=f"{len(starts.points)} starts on {starts.arena.landscape.name}",
        alt=f"{starts.arena.about} From each of {len(starts.points)} places on the map, who of {names} reaches the "
        "lowest minimum first; beside it the share of starts from which each has arrived, by evaluations made.",
        figure=go.Figure(picture.traces, picture.layout, skip_invalid=False),
        templates={shade: theme.template(shade) for shade in ("light", "dark")},
        tracks=tuple(picture.tracks),
        arrays=picture.arrays,
        reels=reels,
        notice=Text(template="{told}", slots={"told": told}),
        headings=("reached", "median", *(("rate",) if starts.rate != "all" else ())),
        readings=tuple(readings),
        table=lambda values: table(starts, reels, values),
        narrow={part: own for part, own in picture.narrow.items() if own != picture.layout.get(part)},
    )


def named(key: str) -> str:
    return (OPTIMIZERS.get(key) or MINIMISERS[key]).name


def short(key: str) -> str:
    return (OPTIMIZERS.get(key) or MINIMISERS[key]).short


def sentence(starts: Starts, frame: int) -> str:
    """Who gets there most often, and who is fastest of those that do get there."""
    if not np.isfinite(starts.lowest):
        return "There is no minimum in sight, so nobody can reach it."
    counts = {key: int(np.isfinite(own[frame]).sum()) for key, own in starts.shown.items()}
    total, top = len(starts.points), max(counts.values())
    if top == 0:
        return f"Nobody gets there within {starts.most} evaluations at this learning rate."
    often = [key for key, count in counts.items() if count == top]
    verb = "reach" if len(often) > 1 else "reaches"
    said = f"{listed([named(key) for key in often])} {verb} the lowest minimum from {top} of {total} starts"
    arrived = {key: own[frame][np.isfinite(own[frame])] for key, own in starts.shown.items() if counts[key]}
    soon = {key: float(np.median(evaluations)) for key, evaluations in arrived.items()}
    fastest = min(soon, key=lambda key: soon[key])
    alike = "and is the fastest too" if often == [fastest] else f"and {named(fastest)} is the fastest"
    return f"{said}, {alike}: half of those that arrive do so within {soon[fastest]:.0f} evaluations."


def table(starts: Starts, reels: tuple[Reel, ...], values: Mapping[str, float]) -> dict[str, np.ndarray]:
    """A row for each start: where it is, and after how many evaluations each has arrived; empty where never."""
    frame = reels[0].frame(values.get(RATE, reels[0].values[reels[0].start])) if reels else 0
    columns = dict(zip(starts.arena.landscape.axes, starts.points.T, strict=True))
    for key, own in starts.shown.items():
        columns[f"{key} evaluations"] = np.where(np.isfinite(own[frame]), own[frame], np.nan)
    return columns


def arrange(picture: Picture, starts: Starts) -> None:
    landscape = starts.arena.landscape
    plain: dict[str, Any] = {"zeroline": False, "nticks": 6}
    axes: dict[int, dict[str, dict[str, Any]]] = {
        1: {
            letter: plain | {"title": {"text": name}, "range": list(ends), "showgrid": False}
            for letter, name, ends in zip("xy", landscape.axes, landscape.window, strict=True)
        },
        2: {
            "x": plain | {"title": {"text": "evaluations"}, "range": [0, starts.most]},
            "y": plain | {"range": [-0.02, 1.02], "tickformat": ".0%"},
        },
    }
    titles = f"{landscape.name}: who is there first, from where", "Share of the starts that has arrived"

    def arranged(boxes: list[Box], total: float) -> dict[str, Any]:
        return laid_out(boxes, total, lambda box: axes[box.x], " / ".join([landscape.name, *landscape.axes]))

    picture.layout = arranged(
        [Box(1, 1, 0.0, 0.54, EDGE, EDGE + ROW, titles[0]), Box(2, 2, 0.62, 1.0, EDGE, EDGE + ROW, titles[1])],
        EDGE + ROW + FOOT,
    )
    top = EDGE + 300 + GAP
    picture.narrow = arranged(
        [Box(1, 1, 0.0, 1.0, EDGE, EDGE + 300, titles[0]), Box(2, 2, 0.0, 1.0, top, top + 200, titles[1])],
        top + 200 + FOOT,
    )
