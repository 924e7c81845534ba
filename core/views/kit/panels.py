"""Where the panels of a picture stand: on a wide page beside each other, on a phone one below the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EDGE, FOOT, GAP = 28, 44, 64  # pixels above the first row, below the last, and between two


@dataclass(frozen=True)
class Box:
    """A panel: the numbers of its axes, its title, and its place: of the width, and in pixels from the top."""

    x: int
    y: int
    left: float
    right: float
    top: float
    bottom: float
    title: str = ""
    under: int = 0  # the y axis below which the x axis stands, where it is another panel's


def pair(
    titles: tuple[str, str], heights: tuple[int, int, int], seam: tuple[float, float]
) -> tuple[tuple[list[Box], float], tuple[list[Box], float]]:
    """Two panels and the height of the whole, on a wide page and on a phone: beside each other, parted at the shares
    `seam` of the width, or one below the other. The heights are that of both beside each other, and of each alone."""
    both, first, second = heights
    bottom, below = EDGE + both, EDGE + first + GAP
    wide = [Box(1, 1, 0.0, seam[0], EDGE, bottom, titles[0]), Box(2, 2, seam[1], 1.0, EDGE, bottom, titles[1])]
    tall = [
        Box(1, 1, 0.0, 1.0, EDGE, EDGE + first, titles[0]),
        Box(2, 2, 0.0, 1.0, below, below + second, titles[1]),
    ]
    return (wide, bottom + FOOT), (tall, below + second + FOOT)


def laid_out(
    boxes: Sequence[Box], total: float, axes_of: Callable[[Box], Mapping[str, Mapping[str, Any]]], revision: str
) -> dict[str, Any]:
    """A Plotly layout `total` pixels high; `axes_of` says what else is to be known of a panel's x and y axis.

    A zoom is kept from one picture to the next as long as the `revision` is the same.
    """
    inside = total - EDGE - FOOT
    layout: dict[str, Any] = {
        "height": total, "autosize": True, "margin": {"l": 56, "r": 12, "t": EDGE, "b": FOOT}, "showlegend": False,
        "hovermode": "closest", "annotations": [], "uirevision": revision,
    }  # fmt: skip
    for box in boxes:
        place = [min(1.0, max(0.0, 1 - (edge - EDGE) / inside)) for edge in (box.bottom, box.top)]
        own = axes_of(box)
        layout[named("xaxis", box.x)] = {
            **own["x"], "domain": [box.left, box.right], "anchor": named("y", box.under or box.y),
        }  # fmt: skip
        layout[named("yaxis", box.y)] = {**own["y"], "domain": place, "anchor": named("x", box.x)}
        if box.title:
            layout["annotations"].append(
                {"text": box.title, "x": box.left, "y": place[1], "xref": "paper", "yref": "paper", "xanchor": "left",
                 "yanchor": "bottom", "xshift": 2, "showarrow": False}
            )  # fmt: skip
    return layout


def named(letter: str, number: int) -> str:
    return f"{letter}{number if number > 1 else ''}"
