"""The layout of a picture: its panels in rows on a wide page, and stacked on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

EDGE, FOOT = 28, 44  # pixels above the first row, and below the last with its numbers and title
GAP = 64  # pixels between two rows: room for an axis title and the next panel's title
PHONE_GAP = 58  # at most, on a phone
SEAM = 6  # pixels between two panels that belong together, such as a chart and the strip under it
BETWEEN = 0.08  # of the width, between two panels beside each other

Axis = dict[str, Any]  # Plotly's own settings of one axis. Panels that are given the same object share the axis.


def axis(title: str = "", ends: Sequence[float] | np.ndarray | None = None, **style: Any) -> Axis:
    """An axis with a title, from the first to the last of `ends` (on a logarithmic axis, `type="log"`, their powers of
    ten). `style` is Plotly's own, but for `matches`, another axis whose zoom it follows, and `phone`, its style there.
    """
    shown: Axis = {"zeroline": False, "nticks": 6}
    if title:
        shown["title"] = {"text": title}
    if ends is not None:
        shown["range"] = [float(ends[0]), float(ends[-1])]
    return shown | style


@dataclass(eq=False)
class Panel:
    """One plot area: its axes, its title, its height in pixels, and its width as a share among its neighbours."""

    x: Axis
    y: Axis
    title: str = ""
    height: int = 200
    phone: int = 0  # its height on a phone, where that is another
    width: float = 1.0
    equal: bool = False  # both axes have one unit, and it is as long on either: a circle is round


@dataclass(eq=False)
class Surface:
    """A plot area in three dimensions: Plotly's own settings of its scene, and the rest as a panel has it."""

    scene: dict[str, Any]
    title: str = ""
    height: int = 200
    phone: int = 0
    width: float = 1.0


@dataclass(eq=False)
class Rows:
    """Rows of panels from top to bottom; a cell is a panel, or rows of its own."""

    cells: Sequence[Sequence[Area]]
    gap: int = GAP  # pixels
    between: float = BETWEEN  # of the width
    width: float = 1.0
    foot: int = FOOT  # pixels below the last row: fewer where no axis has numbers
    phone: Literal["stack"] | Sequence[Sequence[Area]] = "stack"

    @property
    def panels(self) -> Iterator[Panel | Surface]:
        """Every panel, row by row."""
        for row in self.cells:
            for cell in row:
                yield from cell.panels if isinstance(cell, Rows) else (cell,)

    def narrow(self) -> Rows:
        """The rows on a phone: as `phone` says, or every panel below the one before."""
        gap = min(self.gap, PHONE_GAP)
        if self.phone != "stack":
            return Rows(self.phone, gap, self.between, foot=self.foot)
        return Rows([[part] for row in self.cells for cell in row for part in _stacked(cell)], gap, foot=self.foot)

    def height(self, *, phone: bool = False) -> int:
        """Pixels of the whole picture."""
        return EDGE + _height(self, phone) + self.foot


Area = Panel | Surface | Rows


def rows(cells: Sequence[Sequence[Area]], **how: Any) -> Rows:
    """A layout, such as `rows([[map, fit], [loss, sweep]], phone="stack")`; `how` are the other fields of `Rows`."""
    return Rows(cells, **how)


class Layout:
    """The panels of a picture with the numbers of their axes, and Plotly's layout of them.

    hover: Plotly's hovermode. left: pixels beside the first column.
    """

    def __init__(self, placed: Rows, *, hover: str = "closest", left: int = 56) -> None:
        self.rows, self.hover, self.left = placed, hover, left
        self.names: dict[int, str] = {}  # of axes and scenes, by identity
        self.labels: list[dict[str, Any]] = []
        for panel in placed.panels:
            parts = {"scene": panel} if isinstance(panel, Surface) else {"x": panel.x, "y": panel.y}
            for letter, part in parts.items():
                number = 1 + sum(name.startswith(letter) for name in self.names.values())
                self.names.setdefault(id(part), f"{letter}{number if number > 1 else ''}")

    def axes_of(self, panel: Panel | Surface) -> dict[str, str]:
        """The attributes that place a trace in a panel."""
        if isinstance(panel, Surface):
            return {"scene": self.names[id(panel)]}
        return {"xaxis": self.names[id(panel.x)], "yaxis": self.names[id(panel.y)]}

    def label(self, panel: Panel, text: str, x: float, y: float, **anchors: str) -> None:
        """Words in a panel, above a place in the units of its axes, or as Plotly's anchors say."""
        own = self.axes_of(panel)
        at = {"x": x, "y": y, "xref": own["xaxis"], "yref": own["yaxis"]}
        self.labels.append({"text": text, "xanchor": "left", "yanchor": "bottom", "showarrow": False} | at | anchors)

    def wide(self) -> dict[str, Any]:
        """Plotly's layout on a wide page."""
        return self._placed(self.rows, phone=False)

    def narrow(self) -> dict[str, Any]:
        """The settings that differ on a phone."""
        wide = self.wide()
        return {name: part for name, part in self._placed(self.rows.narrow(), phone=True).items() if part != wide[name]}

    def _placed(self, placed: Rows, *, phone: bool) -> dict[str, Any]:
        total, foot = placed.height(phone=phone), placed.foot
        layout: dict[str, Any] = {
            "height": total, "autosize": True, "showlegend": False, "hovermode": self.hover, "annotations": [],
            "margin": {"l": self.left, "r": 12, "t": EDGE, "b": foot}, "uirevision": self._revision(),
            "meta": {"gaps": _distinct(_gaps(placed, 0, total - EDGE - foot, phone))},
        }  # fmt: skip
        boxes = list(_boxes(placed, 0.0, 1.0, EDGE, total - foot, phone))
        for box in boxes:
            top, bottom = (
                min(1.0, max(0.0, 1 - (edge - EDGE) / (total - EDGE - foot))) for edge in (box.top, box.bottom)
            )
            domain = {"x": [box.left, min(1.0, box.right)], "y": [bottom, top]}
            if isinstance(box.panel, Surface):
                layout[self.names[id(box.panel)]] = box.panel.scene | {"domain": domain}
            else:
                # The x axis that several panels share stands under the last of them.
                sharing = [
                    other.panel for other in boxes if isinstance(other.panel, Panel) and other.panel.x is box.panel.x
                ]
                for letter, own, anchor in (("x", box.panel.x, sharing[-1].y), ("y", box.panel.y, box.panel.x)):
                    name = self.names[id(own)]
                    layout[f"{letter}axis{name[1:]}"] = self._linked(own, phone) | {
                        "domain": domain[letter], "anchor": self.names[id(anchor)],
                    } | self._equal(box.panel, letter, phone)  # fmt: skip
            if box.panel.title:
                layout["annotations"].append(
                    {"text": box.panel.title, "x": box.left, "y": top, "xref": "paper", "yref": "paper",
                     "xanchor": "left", "yanchor": "bottom", "xshift": 2, "showarrow": False}
                )  # fmt: skip
        layout["annotations"] += self.labels
        return layout

    def _equal(self, panel: Panel, letter: str, phone: bool) -> Axis:
        """What makes the axes of a panel equal."""
        if not panel.equal:
            return {}
        towards = "top" if letter == "y" else "center" if phone else "left"
        inside = {"constrain": "domain", "constraintoward": towards}
        return inside if letter == "x" or "matches" in panel.y else inside | {"scaleanchor": self.names[id(panel.x)]}

    def _linked(self, own: Axis, phone: bool) -> Axis:
        """The settings of an axis on either page, with the name of the axis whose zoom it follows."""
        shown = {name: part for name, part in own.items() if name != "phone"} | (own.get("phone", {}) if phone else {})
        return shown | {"matches": self.names[id(own["matches"])]} if "matches" in own else shown

    def _revision(self) -> str:
        """Changes with what the axes mean: a person's zoom outlives a new picture of the same."""
        panels = [panel for panel in self.rows.panels if isinstance(panel, Panel)]
        words = [word for panel in panels for word in (panel.title, *map(_meaning, (panel.x, panel.y)))]
        return " / ".join(dict.fromkeys(filter(None, words)))


@dataclass(frozen=True)
class _Box:
    """The place of a panel: shares of the width, and pixels from the top of the picture."""

    panel: Panel | Surface
    left: float
    right: float
    top: float
    bottom: float


def _height(cell: Area, phone: bool) -> int:
    if isinstance(cell, Rows):
        return sum(max(_height(part, phone) for part in row) for row in cell.cells) + cell.gap * (len(cell.cells) - 1)
    return cell.phone if phone and cell.phone else cell.height


def _stacked(cell: Area) -> list[Area]:
    """The parts of a cell that may be parted: not what stands together at a seam."""
    if isinstance(cell, Rows) and cell.gap != SEAM:
        return [part for row in cell.cells for inner in row for part in _stacked(inner)]
    return [cell]


def _boxes(placed: Rows, left: float, right: float, top: float, bottom: float, phone: bool) -> Iterator[_Box]:
    """The place of every panel of some rows in a given space. The first row takes the height that is left over."""
    spare = bottom - top - _height(placed, phone)
    between = placed.between * (right - left)
    for row in placed.cells:
        end = top + max(_height(cell, phone) for cell in row) + spare
        spare, start = 0.0, left
        share = (right - left - between * (len(row) - 1)) / sum(cell.width for cell in row)
        for cell in row:
            if isinstance(cell, Rows):
                yield from _boxes(cell, start, start + share * cell.width, top, end, phone)
            else:
                yield _Box(cell, start, start + share * cell.width, top, end)
            start += share * cell.width + between
        top = end + placed.gap


def _gaps(placed: Rows, top: float, bottom: float, phone: bool) -> Iterator[list[float]]:
    """The pixels from the top, first and last, of every gap between rows. A picture of another height keeps them."""
    spare = bottom - top - _height(placed, phone)
    for number, row in enumerate(placed.cells):
        end = top + max(_height(cell, phone) for cell in row) + spare
        spare = 0.0
        for cell in row:
            if isinstance(cell, Rows):
                yield from _gaps(cell, top, end, phone)
        if number < len(placed.cells) - 1:
            yield [end, end + placed.gap]
        top = end + placed.gap


def _distinct(gaps: Iterator[list[float]]) -> list[list[float]]:
    """The gaps from the top, each once: rows beside each other may have the same."""
    return [list(gap) for gap in sorted({tuple(gap) for gap in gaps})]


def _meaning(own: Mapping[str, Any]) -> str:
    """The title of an axis, and that it is logarithmic."""
    return f"{own.get('title', {}).get('text', '')} {own.get('type', '')}".strip()
