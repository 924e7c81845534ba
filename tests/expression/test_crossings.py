"""Where functions change their sign, each run with its own."""

import numpy as np

from core.expression.crossings import crossings

GRID = np.linspace(-5, 5, 101)


def places(found):
    return [[place for place in row if not np.isnan(place)] for row in found.tolist()]


def test_each_run_has_its_own_places():
    shift = np.array([[0.123], [2.0], [9.0]])
    found = places(crossings(lambda x: np.abs(x - shift) - 1.5, GRID))
    np.testing.assert_allclose(found[0], [-1.377, 1.623], atol=1e-13)
    np.testing.assert_allclose(found[1], [0.5, 3.5], atol=1e-13)
    assert found[2] == []


def test_a_place_on_the_grid_is_found_once():
    (found,) = places(crossings(lambda x: x - 1.0, GRID))
    np.testing.assert_allclose(found, [1.0], atol=1e-13)


def test_a_function_that_is_zero_all_along_has_no_place():
    assert places(crossings(np.zeros_like, GRID)) == [[]]


def test_undefined_on_one_side():
    with np.errstate(invalid="ignore"):
        (found,) = places(crossings(lambda x: np.sqrt(x) - 1.1, GRID))
    np.testing.assert_allclose(found, [1.21], atol=1e-13)


def test_both_ends_of_a_stretch_of_zeros_are_places():
    (found,) = places(crossings(lambda x: np.clip(np.abs(x - 0.5) - 1.23, 0, None), GRID))
    np.testing.assert_allclose(found, [-0.73, 1.73], atol=1e-13)
