"""Colours that can be told apart, on both pages, by everybody; and one look for one loss."""

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest

from core.descent import MINIMISERS
from core.looks import ALIKE, free_look
from core.losses import FAMILIES, losses_of
from core.models.objectives import OBJECTIVES
from core.optimizers import OPTIMIZERS
from core.record import DASHES, HUES, Look
from core.views.kit import theme

SETTINGS = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())["theme"]
PAPER = {mode: SETTINGS[mode]["backgroundColor"] for mode in ("light", "dark")}
modes = pytest.mark.parametrize("mode", PAPER)


def linear(colour):
    """sRGB "#rrggbb" as linear red, green and blue (WCAG 2.2, relative luminance)."""
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """WCAG 2.2 contrast ratio."""
    dark, light = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (a, b))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@modes
@pytest.mark.parametrize("hue", HUES)
def test_a_curve_stands_out_from_the_page(hue, mode):
    assert contrast(theme.COLOURS[hue], PAPER[mode]) >= 3


@modes
def test_writing_can_be_read(mode):
    for ink in (theme.INK, theme.QUIET):
        assert contrast(ink[mode], PAPER[mode]) >= 4.5
        assert contrast(ink[mode], theme.PAPER[mode]) >= 4.5


def colours(node):
    """Every colour that stands in a template."""
    if isinstance(node, dict):
        return itertools.chain.from_iterable(map(colours, node.values()))
    if isinstance(node, list):
        return itertools.chain.from_iterable(map(colours, node))
    return [node] if isinstance(node, str) and node.startswith(("#", "rgb")) else []


def test_templates_differ_in_colour_alone():
    light, dark = theme.template("light"), theme.template("dark")
    assert light != dark
    text = str(light)
    pairs = [(one["light"], one["dark"]) for one in (theme.INK, theme.QUIET, theme.GRID, theme.ZERO, theme.LINES)]
    pairs += zip(theme.HEIGHTS["light"], theme.HEIGHTS["dark"], strict=True)
    pairs += [(one["light"], one["dark"]) for one in (theme.PAPER, theme.OUTLINE)]
    for one, other in pairs:
        text = text.replace(one, other)
    assert text == str(dark)
    assert set(colours(light["layout"])) - set(theme.SERIES) <= {
        "rgba(0,0,0,0)", *(mode["light"] for mode in (theme.INK, theme.QUIET, theme.GRID, theme.ZERO, theme.PAPER))
    }  # fmt: skip


BY_FAMILY = {family: [*losses_of(family)] for family in FAMILIES}
PICTURES = {**BY_FAMILY, "objectives": [*OBJECTIVES], "runners": [*OPTIMIZERS, *MINIMISERS]}  # what can share one


@pytest.mark.parametrize("picture", PICTURES)
def test_no_two_records_of_one_picture_look_alike(picture):
    looks = [theme.look(key) for key in PICTURES[picture]]
    assert len(set(looks)) == len(looks)


def test_optimizers_are_not_blue():
    assert theme.BLUE not in {theme.look(key).colour for key in PICTURES["runners"]}


def test_a_record_without_a_look_gets_a_free_one():
    every = [Look(hue, dash) for hue in HUES for dash in DASHES]
    for spared in every:
        assert free_look("anything", HUES, set(every) - {spared}) == spared
    assert free_look("anything", HUES, every) in every  # none is free
    # As it was in every process before this one: Python's own hash of a name is another each time.
    free = free_look("fair", HUES, ())
    assert free == Look("green", "dash")
    assert free_look("fair", HUES, [free]) != free
    assert len({free_look(f"loss_{number}", HUES, ()) for number in range(100)}) > 20


def test_the_hues_of_records_are_those_of_the_theme():
    assert tuple(theme.COLOURS) == HUES
    assert set(theme.POINT_SYMBOLS) == set(DASHES)


# What the rare kinds of eye see of linear RGB (Machado, Oliveira & Fernandes 2009, table 1, severity 1.0).
EYES = {
    "ordinary": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(rgb):
    """CIE L*a*b* of linear RGB under D65."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one, other):
    """How far two hues lie from each other for the eye that tells them apart the least."""
    a, b = (linear(theme.COLOURS[hue]) for hue in (one, other))
    return min(np.linalg.norm(lab(eye @ a) - lab(eye @ b)) for eye in EYES.values())


def test_hues_are_told_apart():
    """By every eye, and with room: ten is some four times the difference that is just noticeable."""
    alike = [{one, other} for one, other in itertools.combinations(HUES, 2) if apart(one, other) < 10]
    assert sorted(map(sorted, alike)) == sorted(map(sorted, ALIKE))


@pytest.mark.parametrize("picture", [name for name in PICTURES if name != "runners"])
def test_what_shares_a_dash_is_told_apart_by_its_hue(picture):
    for one, other in itertools.combinations(PICTURES[picture], 2):
        a, b = theme.looks()[one], theme.looks()[other]
        assert a.dash != b.dash or {a.hue, b.hue} not in ALIKE, f"{one} and {other}"


def test_a_free_look_is_told_apart_too():
    assert free_look("one", ("amber", "teal"), [Look("orange", dash) for dash in DASHES]).hue == "teal"
    assert free_look("one", ("amber",), [Look("orange", dash) for dash in DASHES]).hue == "amber"
