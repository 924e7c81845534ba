"""A warm re-run of a page on the server, against an empty Streamlit page's in the same run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from tests.bench.client import tab
from tests.bench.report import Row
from tests.bench.server import Server, bare, site

EMPTY = "import streamlit\n"
MOST = 3  # times an empty page's
# Seconds between two runs: what Streamlit still does after one is not to count for the next.
PAUSE = 0.012


class Picks(NamedTuple):
    """A page, a picker on it, and what is picked in turn."""

    page: str
    query: str
    picker: str
    options: tuple[str, ...]


PAGES = (
    Picks(
        "loss-curves",
        "losses=squared_error,absolute_error,huber,log_cosh",
        "regression_curves.scale",
        ("Normalised", "Log", "Raw"),
    ),
    Picks("loss-landscapes", "view=line", "line_landscape.picture", ("Map", "Surface", "Both")),
    Picks("gradient-descent", "view=line", "line_race.rates", ("Separate", "Same for all")),
    Picks("class-imbalance", "", "imbalance.features", ("Quadratic", "Linear")),
    Picks("class-probabilities", "", "class_example.classes", ("4", "3")),
    Picks("training-curves", "", "wave_run.optimizer", ("Momentum", "Adam")),
)
WARM, RERUNS = 10, 200


def measure(quick: bool) -> Iterator[Row]:
    with site() as app, bare(EMPTY) as empty:
        for picks in PAGES:
            page, nothing, size = asyncio.run(alternate(app, empty, RERUNS // 4 if quick else RERUNS, picks))
            ours, theirs = median(page.seconds), median(nothing.seconds)
            note = f"{1000 * ours:.1f} and {1000 * theirs:.1f} ms, medians; {size:,} bytes"
            yield Row(f"re-run: /{picks.page} over an empty page", ours / theirs, "times", MOST, note)
            note = f"{page.note} and {nothing.note}"
            yield Row(f"re-run: /{picks.page} in processor time", page.busy / nothing.busy, "times", MOST, note)


@dataclass
class Runs:
    """The counted re-runs of one page."""

    seconds: list[float]
    busy: float  # seconds of the server's processor for one of them

    @property
    def note(self) -> str:
        return f"{1000 * self.busy:.1f} ms"


async def alternate(
    app: Server,
    bare_page: Server,
    times: int,
    picks: Picks,
) -> tuple[Runs, Runs, int]:
    """Re-runs of the page, each after the next of a picker's options was picked, in turn with those of the empty page;
    bytes of one answer."""
    page, nothing, size, shown = [], [], 0, set()
    async with tab(app.port, picks.page, picks.query) as full, tab(bare_page.port) as empty:
        first = await full.run()
        await empty.run()
        if not first.elements("bidi_component"):
            raise LookupError("the page shows no stage")
        for turn in range(WARM + times):
            if turn == WARM:
                before = app.busy, bare_page.busy
            await asyncio.sleep(PAUSE)
            full.set(picks.picker, picks.options[turn % len(picks.options)])
            answer = await full.run()
            (stage,) = answer.elements("bidi_component")
            shown.add(json.loads(stage.json)[0]["payload"])
            if answer.elements("exception"):
                raise RuntimeError("the page shows an exception")
            page.append(answer.seconds)
            await asyncio.sleep(PAUSE)
            nothing.append((await empty.run()).seconds)
            size = answer.size
        used = app.busy - before[0], bare_page.busy - before[1]
    if len(shown) != len(set(picks.options)):
        raise LookupError(f"what was picked did not reach the stage: {shown}")
    return Runs(page[WARM:], used[0] / times), Runs(nothing[WARM:], used[1] / times), size
