"""Every path on every landscape is told from what lies under it, on both pages: WCAG's 3:1 for what is no text."""

from __future__ import annotations

import numpy as np
import pytest

from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from core.views import VIEWS
from core.views.kit import theme
from tests.views.cases import chosen
from tests.views.kit.test_theme import PAPER, contrast

ENOUGH = 3.0  # WCAG 2.2, 1.4.11
RACES = {key: ("textbook_race", {"landscape": key, "optimizers": ("adam",)}) for key in LANDSCAPES}
RACES |= {key: (key, {"optimizers": ("adam",)}) for key in ("line_race", "classifier_race", "network_race")}


def shown(key, **own):
    """The stage of a race or a step, of optimizers that no picker allows together, too."""
    return VIEWS[key].picture(**VIEWS[key].defaults | own).stage({})


def colours_under(stage, mode):
    """Every colour of a stage's maps, as the page shows through them: of each of the heights that a map has."""
    found = {PAPER[mode]}  # where the loss is undefined
    for number, trace in enumerate(stage.figure.data):
        if trace.type == "contour" and trace.colorscale is None:  # the theme's own: a landscape
            [heights] = [track.live.array for track in stage.tracks if (track.trace, track.attribute) == (number, "z")]
            share = np.unique(np.clip((heights - trace.zmin) / (trace.zmax - trace.zmin), 0, 1).round(2))
            ends, colours = zip(*stage.templates[mode]["data"]["contour"][0]["colorscale"], strict=True)
            scale = np.array([channels(colour) for colour in (*colours, PAPER[mode])])
            fill = np.stack([np.interp(share[share >= 0], ends, one) for one in scale[:-1].T], axis=-1)
            shown = scale[-1] + (1.0 if trace.opacity is None else trace.opacity) * (fill - scale[-1])
            found |= {f"#{''.join(f'{round(part):02x}' for part in one)}" for one in shown}
    return found


def channels(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def paths(stage):
    """(colour, its outline's colour by theme) of every line on a map that has an outline."""
    data, outlines = stage.figure.data, {mode: made["data"]["scatter"][0] for mode, made in stage.templates.items()}
    rows = {(track.trace, track.attribute): track.live.array for track in stage.tracks}
    for number, trace in enumerate(data):
        if (trace.name or "").endswith(": outline"):
            line = data[number + 1]
            for axis in "xy":
                np.testing.assert_array_equal(rows[number, axis], rows[number + 1, axis])
            assert (trace.line.color, trace.line.width, line.opacity) == (None, line.line.width + 2, None)
            yield line.line.color, {mode: outline["line"]["color"] for mode, outline in outlines.items()}


def indistinct(lines, stage):
    """Which of these lines cannot be told from the maps of a stage."""
    return [
        (colour, outlines[mode], under, mode)
        for colour, outlines in lines
        for mode in PAPER
        for under in colours_under(stage, mode)
        if contrast(colour, outlines[mode]) < ENOUGH
        or max(contrast(colour, under), contrast(outlines[mode], under)) < ENOUGH
    ]


@pytest.fixture(scope="module")
def every_path():
    """Of each optimizer: more than a picker allows in one picture."""
    found = list(paths(shown("textbook_race", optimizers=tuple(OPTIMIZERS))))
    assert [colour for colour, _ in found] == [theme.look(key).colour for key in OPTIMIZERS]
    return found


@pytest.mark.parametrize("name", RACES)
def test_every_optimizer_is_told_from_the_landscape(name, every_path):
    key, own = RACES[name]
    assert indistinct(every_path, shown(key, **own)) == []


def test_arrows_and_the_path_of_a_training_are_told_from_the_landscape():
    for stage, expected in ((shown("textbook_step"), 4), (chosen(VIEWS["network_landscape"], plane="path"), 1)):
        lines = list(paths(stage))  # of one step: the path, the step, the gradient and its average
        assert len(lines) == expected
        assert indistinct(lines, stage) == []
