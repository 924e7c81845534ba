"""Boxes and masks: how every panel follows a dragged slider, and how soon a released one has the next sweep."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.browser import browser
from tests.bench.classes import dragged
from tests.bench.report import Row
from tests.bench.server import site

PAGE = "boxes-and-masks"
SWEPT, TRAINED = 300, 3000  # ms until a released slider has the next sweep: without and with descents
FOLLOWED = {  # of each view the words of its address, what is dragged, and that bound
    "box": ("", "Width of the box", SWEPT),
    "descent": ("show=descent&step=100&losses=giou,diou,ciou,eiou,box_l1", "Learning rate", TRAINED),
    "mask": ("view=mask", "Shift of the prediction (pixels)", SWEPT),
    "detection": ("view=detection&step=60", "Weight λ of the box loss", TRAINED),
}


def measure(quick: bool) -> Iterator[Row]:
    with site() as server, browser() as opened:
        for view, (words, label, most_ms) in FOLLOWED.items():
            address = f"{server.address}/{PAGE}?{words}"
            yield from dragged(opened, address, f"boxes: {view}", label, 4 if quick else 1, most_ms)
