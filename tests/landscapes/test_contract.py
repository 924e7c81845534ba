"""Every record is complete, and says of itself what is true."""

import re
from types import MappingProxyType

import numpy as np
import pytest

from core.landscapes import LANDSCAPES
from core.landscapes.critical import grid
from tests.landscapes.cases import PAIRS, declared, inside, name_of

KEYS = (
    "bowl ravine saddle monkey_saddle plateau rosenbrock himmelblau beale booth matyas styblinski_tang rastrigin",
    "ackley six_hump_camel three_hump_camel mccormick goldstein_price sharp_and_flat",
)

each_landscape = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=str)


def test_the_keys_are_the_ones_other_programs_use():
    assert set(LANDSCAPES) >= set(" ".join(KEYS).split())
    assert all(key == landscape.key == str(landscape) for key, landscape in LANDSCAPES.items())
    assert isinstance(LANDSCAPES, MappingProxyType)


def test_names_differ():
    assert len({landscape.name for landscape in LANDSCAPES.values()}) == len(LANDSCAPES)


@each_landscape
def test_says_what_to_see(landscape):
    assert landscape.name
    assert len(landscape.axes) == 2
    assert all(landscape.axes)
    assert re.fullmatch(r"[A-Z0-9][^!?]*[^.]\.", landscape.about), "one sentence"
    assert len(re.findall(r"\.(?: |$)", landscape.about)) == 1, "one sentence"
    assert landscape.source.authors
    assert landscape.source.title
    assert 1700 < landscape.source.year < 2030
    assert landscape.source.url.startswith("https://") or not landscape.source.link


@each_landscape
def test_the_window_is_a_rectangle(landscape):
    (x_low, x_high), (y_low, y_high) = landscape.window
    assert np.isfinite(landscape.window).all()
    assert x_low < x_high
    assert y_low < y_high
    assert np.isfinite(landscape.value(grid(landscape, 21)[2])).all()


@each_landscape
def test_sliders_start_on_a_frame(landscape):
    for param in landscape.params:
        assert param.low <= param.default <= param.high
        assert param.default in param.frames
        assert (param.frames[0], param.frames[-1]) == (param.low, param.high)
        assert param.domain.holds(param.frames)
        assert param.symbol
        assert param.latex
    assert landscape.defaults == {param.name: param.default for param in landscape.params}


@pytest.mark.parametrize(("landscape", "params"), PAIRS, ids=name_of)
def test_formula_holds_the_parameters(landscape, params):
    for formula in (landscape.formula, landscape.formula_at(**params)):
        assert "%(" not in formula
        assert formula.count("{") == formula.count("}")
        assert len(re.findall(r"\\left\b", formula)) == len(re.findall(r"\\right\b", formula))
        assert len(re.findall(r"\\begin\b", formula)) == len(re.findall(r"\\end\b", formula))
    for param in landscape.params:
        assert param.latex in landscape.formula
        assert f"{params[param.name]:g}" in landscape.formula_at(**params)
        assert f"{param.default:g}" in landscape.formula_at()


@each_landscape
def test_declared_points_lie_in_the_window_and_are_named_once(landscape):
    points = [point for point, _ in declared(landscape)]
    low, high = np.array(landscape.window).T
    assert points, "something is known of every shape"
    assert all((low < point).all() and (point < high).all() for point in points)
    assert len(set(points)) == len(points)
    assert set(landscape.degenerate) <= set(points)


@each_landscape
def test_kinked_means_a_slope_that_is_not_known_somewhere(landscape):
    undefined = [np.isnan(landscape.hessian(point)).any() for point in landscape.degenerate]
    assert any(undefined) == landscape.minima_at_kinks


@each_landscape
def test_convex_where_it_says_so(landscape):
    """Not saying so claims nothing."""
    ends = inside(landscape, 2000).reshape(2, -1, 2)
    chord = landscape.value(ends).mean(axis=0)
    if landscape.convex:
        assert (landscape.value(ends.mean(axis=0)) <= chord + 1e-9 * np.abs(chord)).all()
        assert not landscape.saddles
        assert not landscape.maxima
    elif landscape.saddles or landscape.maxima or len(landscape.minima) > 1:
        assert (landscape.value(ends.mean(axis=0)) > chord).any()
