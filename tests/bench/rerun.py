"""A warm re-run of a page on the server, against an empty Streamlit page's in the same run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.client import tab
from tests.bench.report import Row
from tests.bench.server import Server, bare, site

EMPTY = "import streamlit\n"
PAGE, QUERY = "loss-curves", "losses=squared_error,absolute_error,huber,log_cosh"
SCALE, SCALES = "regression_curves.scale", ("Normalised", "Log", "Raw")  # a picker, and what is picked in turn
WARM, RERUNS = 10, 200


def measure(quick: bool) -> Iterator[Row]:
    with site() as app, bare(EMPTY) as empty:
        page, nothing, size = asyncio.run(alternate(app, empty, RERUNS // 4 if quick else RERUNS))
    ours, theirs = median(page.seconds), median(nothing.seconds)
    yield Row("re-run: /loss-curves over an empty page", ours / theirs, "times", 4, "medians")
    yield Row("re-run: the same in processor time", page.busy / nothing.busy, "times", 4, "true on a busy machine too")
    yield Row("re-run: /loss-curves, median", 1000 * ours, "ms", note=f"{page.note}; {size:,} bytes")
    yield Row("re-run: empty page, median", 1000 * theirs, "ms", note=nothing.note)


@dataclass
class Runs:
    """The counted re-runs of one page."""

    seconds: list[float]
    busy: float  # seconds of the server's processor for one of them

    @property
    def note(self) -> str:
        return f"{1000 * self.busy:.1f} ms of processor time"


async def alternate(
    app: Server,
    bare_page: Server,
    times: int,
    path: str = PAGE,
    query: str = QUERY,
    picker: str = SCALE,
    options: Sequence[str] = SCALES,
) -> tuple[Runs, Runs, int]:
    """Re-runs of the page, each after the next of a picker's options was picked, in turn with those of the empty page;
    bytes of one answer."""
    page, nothing, size, shown = [], [], 0, set()
    async with tab(app.port, path, query) as full, tab(bare_page.port) as empty:
        first = await full.run()
        await empty.run()
        if not first.elements("bidi_component"):
            raise LookupError("the page shows no stage")
        for turn in range(WARM + times):
            if turn == WARM:
                before = app.busy, bare_page.busy
            full.set(picker, options[turn % len(options)])
            answer = await full.run()
            (stage,) = answer.elements("bidi_component")
            shown.add(json.loads(stage.json)["payload"])
            if answer.elements("exception"):
                raise RuntimeError("the page shows an exception")
            page.append(answer.seconds)
            nothing.append((await empty.run()).seconds)
            size = answer.size
        used = app.busy - before[0], bare_page.busy - before[1]
    if len(shown) != len(set(options)):
        raise LookupError(f"what was picked did not reach the stage: {shown}")
    return Runs(page[WARM:], used[0] / times), Runs(nothing[WARM:], used[1] / times), size
