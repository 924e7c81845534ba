"""Every record is complete, and says of itself what is true."""

import re

import numpy as np
import pytest

from core.losses import LOSSES
from core.losses.equivalents import LIBRARIES
from tests.losses.cases import PAIRS, SCALAR, SCALAR_PAIRS, axis, name_of, settings, targets

KEYS = {
    "squared_error absolute_error huber smooth_l1 log_cosh quantile expectile asymmetric_squared epsilon_insensitive",
    "absolute_percentage_error squared_log_error poisson gaussian_nll cauchy welsch geman_mcclure tukey",
    "symmetric_absolute_percentage_error tweedie",
    "binary_cross_entropy weighted_binary_cross_entropy focal brier hinge squared_hinge exponential zero_one",
    "categorical_cross_entropy kl_divergence reverse_kl_divergence jensen_shannon multiclass_brier multiclass_focal",
    "generalized_cross_entropy one_vs_rest_cross_entropy crammer_singer_hinge",
}


def test_the_keys_are_the_ones_other_programs_use():
    assert set(" ".join(KEYS).split()) <= set(LOSSES)
    assert all(key == loss.key == str(loss) for key, loss in LOSSES.items())


def test_names_differ():
    for field in ("name", "short"):
        assert len({getattr(loss, field) for loss in LOSSES.values()}) == len(LOSSES)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_says_what_it_is_for(loss):
    assert loss.estimates.words
    assert not loss.estimates.words.endswith(".")
    for text in (loss.use_when, loss.watch_out):
        assert text.endswith(".")
        assert 1 <= len(re.findall(r"[.!?](?: |$)", text)) <= 4, text
    assert loss.source.authors
    assert 1700 < loss.source.year < 2030
    assert loss.source.url.startswith("https://") or loss.source.year < 1900
    assert len(loss.short) <= 16


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_sliders_start_on_a_frame(loss):
    for param in loss.params:
        assert param.default in param.frames
        assert (param.frames[0], param.frames[-1]) == (param.low, param.high)
        np.testing.assert_allclose(np.diff(param.frames), param.step, rtol=1e-9)
        assert param.domain.holds(param.frames)
        assert param.symbol
        assert param.latex
    frames = np.prod([len(param.frames) for param in loss.params])
    assert frames <= 300


@pytest.mark.parametrize(("loss", "params"), PAIRS, ids=name_of)
def test_formula_holds_the_parameters(loss, params):
    for formula in (loss.formula, loss.formula_at(**params)):
        assert "%(" not in formula
        assert formula.count("{") == formula.count("}")
        assert len(re.findall(r"\\left\b", formula)) == len(re.findall(r"\\right\b", formula))
    for param in loss.params:
        assert param.latex in loss.formula
        assert f"{params[param.name]:g}" in loss.formula_at(**params)
    assert not re.search(r"\{(\d[\d.]*) - \1\}", loss.formula_at(**params)), "it divides by 0"


@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_code_for_other_libraries_is_python(loss):
    assert set(loss.equivalents) <= set(LIBRARIES)
    for library in loss.equivalents:
        code = loss.code(library, **settings(loss)[-1])
        compile(code, library, "exec")
        assert "%(" not in code
        assert "loss = " in code


@pytest.mark.parametrize("loss", SCALAR, ids=str)
def test_convex_where_it_says_so(loss):
    """Convex: at every setting no value lies above its chord. Not convex: at the default one does."""
    pred, middle = axis(loss, 241), axis(loss, 241)[1:-1]

    def sag(params):
        return max(
            np.max(loss.value(middle, y, **params) - (value[:-2] + value[2:]) / 2)
            for y in targets(loss)
            for value in [loss.value(pred, y, **params)]
        )

    if loss.convex:
        assert max(map(sag, settings(loss))) < 1e-9
    else:
        assert sag(loss.defaults) > 1e-6


@pytest.mark.parametrize(("loss", "params"), SCALAR_PAIRS, ids=name_of)
def test_of_residual_means_that_only_the_difference_counts(loss, params):
    first, *others = targets(loss)
    r = axis(loss, 50) - first
    moved = [loss.value(y + r, y, **params) for y in others if loss.pred_domain.holds(y + r)]
    same = all(np.allclose(loss.value(first + r, first, **params), value, rtol=1e-9) for value in moved)
    assert same == loss.of_residual
