"""Losses whose answers are known, and places and numbers that follow from their formulas."""

import math
import re

import numpy as np
import pytest

from core.expression import parse
from core.expression.diagnosis import GROWTHS, diagnose_binary, diagnose_regression
from core.expression.examples import FORMULA_EXAMPLES
from core.losses import losses_of
from tests.expression.cases import TYPED_LOSSES, VARIABLES
from tests.expression.grammar import formulas

SMOOTH_ONCE = "smooth but for its curvature"
BETWEEN = "between linear and quadratic"
FASTER = "faster than quadratic"
AWAY, BOTTOM = "away from the bottom", "at the bottom"
ALIKE, APART = "treated alike", "treated apart"
LINK, NONE = "through another link", "tells no probability"
ELSEWHERE, VALLEYS = "there and elsewhere", "several valleys"
ALWAYS, OVERFLOWS, PARTLY = "everywhere", "until it overflows", "not everywhere"
QUESTIONS = (
    *("finite", "least", "convexity", "smoothness", "growth"),
    *("bounded below", "symmetry", "flatness", "steepness"),
)
REGRESSION = {  # the answers in the order of QUESTIONS, with symmetry as + or -
    "r^2": (ALWAYS, "yes", "convex", "smooth", "quadratic", "yes", "+", "nowhere", "grows"),
    "r^2/2 + 3": (ALWAYS, "yes", "convex", "smooth", "quadratic", "yes", "+", "nowhere", "grows"),
    "100 r^2": (ALWAYS, "yes", "convex", "smooth", "quadratic", "yes", "+", "nowhere", "grows"),
    "(p - y)^2": (ALWAYS, "yes", "convex", "smooth", "quadratic", "yes", "+", "nowhere", "grows"),
    "|r|": (ALWAYS, "yes", "convex", "corners", "linear", "yes", "+", "nowhere", "bounded"),
    "sqrt(r^2)": (ALWAYS, "yes", "convex", "corners", "linear", "yes", "+", "nowhere", "bounded"),
    "|r|^3": (ALWAYS, "yes", "convex", "smooth", FASTER, "yes", "+", "nowhere", "explodes"),
    "r^4": (ALWAYS, "yes", "convex", "smooth", FASTER, "yes", "+", None, "explodes"),
    "|r|^1.5": (ALWAYS, "yes", "convex", SMOOTH_ONCE, BETWEEN, "yes", "+", "nowhere", "grows"),
    "sqrt(|r|)": (ALWAYS, "yes", "quasi-convex", "corners", "redescending", "yes", "+", "nowhere", "explodes"),
    "where(r < 0, 2, 1) r^2": (ALWAYS, "yes", "convex", SMOOTH_ONCE, "quadratic", "yes", "-", "nowhere", "grows"),
    "max(0.9 r, -0.1 r)": (ALWAYS, "yes", "convex", "corners", "linear", "yes", "-", "nowhere", "bounded"),
    "max(0, |r| - 1)": (ALWAYS, ELSEWHERE, "convex", "corners", "linear", "yes", "+", BOTTOM, "bounded"),
    "max(0, |r| - 1)^2": (
        ALWAYS,
        ELSEWHERE,
        "convex",
        SMOOTH_ONCE,
        "quadratic",
        "yes",
        "+",
        BOTTOM,
        "grows",
    ),
    "min(r^2, 4)": (ALWAYS, "yes", "quasi-convex", "corners", "bounded", "yes", "+", AWAY, "bounded"),
    "min(|r|, 2)": (ALWAYS, "yes", "quasi-convex", "corners", "bounded", "yes", "+", AWAY, "bounded"),
    "where(|r| <= 1, r^2/2, |r| - 1/2)": (
        ALWAYS,
        "yes",
        "convex",
        SMOOTH_ONCE,
        "linear",
        "yes",
        "+",
        "nowhere",
        "bounded",
    ),
    "where(|r| <= 1, r^2, |r|)": (ALWAYS, "yes", "quasi-convex", "corners", "linear", "yes", "+", "nowhere", "bounded"),
    "where(|r| <= 1, r^2, 2)": (ALWAYS, "yes", "quasi-convex", "jumps", "bounded", "yes", "+", AWAY, "bounded"),
    "logaddexp(r, -r)": (ALWAYS, "yes", "convex", "smooth", "linear", "yes", "+", "nowhere", "bounded"),
    "sqrt(1 + r^2) - 1": (ALWAYS, "yes", "convex", "smooth", "linear", "yes", "+", "nowhere", "bounded"),
    "log(1 + r^2)": (ALWAYS, "yes", "quasi-convex", "smooth", "redescending", "yes", "+", "nowhere", "bounded"),
    "log(1 + |r|)": (ALWAYS, "yes", "quasi-convex", "corners", "redescending", "yes", "+", "nowhere", "bounded"),
    "r^2/(1 + r^2)": (ALWAYS, "yes", "quasi-convex", "smooth", "bounded", "yes", "+", "nowhere", "bounded"),
    "1 - exp(-r^2)": (ALWAYS, "yes", "quasi-convex", "smooth", "bounded", "yes", "+", AWAY, "bounded"),
    "tanh(r)^2": (ALWAYS, "yes", "quasi-convex", "smooth", "bounded", "yes", "+", AWAY, "bounded"),
    "arctan(r)^2": (ALWAYS, "yes", "quasi-convex", "smooth", "bounded", "yes", "+", "nowhere", "bounded"),
    "exp(r) - r - 1": (OVERFLOWS, "yes", "convex", "smooth", FASTER, "yes", "-", "nowhere", "explodes"),
    "exp(r) + exp(-r)": (OVERFLOWS, "yes", "convex", "smooth", FASTER, "yes", "+", "nowhere", "explodes"),
    "exp(r)": (OVERFLOWS, "no", "convex", "smooth", FASTER, "yes", "-", BOTTOM, "explodes"),
    "exp(r^2)": (OVERFLOWS, "yes", "convex", "smooth", FASTER, "yes", "+", None, "explodes"),
    "softplus(r)": (ALWAYS, "no", "convex", "smooth", "linear", "yes", "-", BOTTOM, "bounded"),
    "(r - 1)^2": (ALWAYS, "no", "convex", "smooth", "quadratic", "yes", "-", "nowhere", "grows"),
    "r^2 + |p|": (ALWAYS, "no", "convex", "corners", "quadratic", "yes", "-", "nowhere", "grows"),
    "r^4 - r^2": (ALWAYS, "no", VALLEYS, "smooth", FASTER, "yes", "+", "nowhere", "explodes"),
    "min((r - 3)^2, (r + 3)^2)": (
        ALWAYS,
        "no",
        VALLEYS,
        "corners",
        "quadratic",
        "yes",
        "+",
        "nowhere",
        "grows",
    ),
    "r^2 + 10 sin(r)^2": (ALWAYS, "yes", VALLEYS, "smooth", "quadratic", "yes", "+", "nowhere", "grows"),
    "1 - cos(r)": (
        ALWAYS,
        ELSEWHERE,
        VALLEYS,
        "smooth",
        "oscillating",
        "yes",
        "+",
        "nowhere",
        "bounded",
    ),
    "sin(r)": (ALWAYS, "no", VALLEYS, "smooth", "oscillating", "yes", "-", "nowhere", "bounded"),
    "r sin(r)": (ALWAYS, "nowhere", VALLEYS, "smooth", "oscillating", "no", "+", "nowhere", None),
    "r": (ALWAYS, "nowhere", "convex", "smooth", "linear", "no", "-", "nowhere", "bounded"),
    "-r^2": (ALWAYS, "nowhere", "no valley", "smooth", "falls", "no", "+", "nowhere", None),
    "r^3": (ALWAYS, "nowhere", "no valley", "smooth", FASTER, "no", "-", "nowhere", "explodes"),
    "log(|r|)": (PARTLY, "nowhere", "no valley", "poles", "redescending", "no", "+", "nowhere", "explodes"),
    "1/r": (PARTLY, "nowhere", "no valley", "poles", "bounded", "no", "-", AWAY, "explodes"),
    "1/r^2": (PARTLY, "no", "no valley", "poles", "bounded", "yes", "+", None, "explodes"),
    "p - y log(p)": (PARTLY, "yes", "convex", "smooth", "linear", "yes", "-", "nowhere", "explodes"),
    "(log(p) - log(y))^2": (PARTLY, "yes", "quasi-convex", "smooth", "redescending", "yes", "-", "nowhere", "explodes"),
    "sqrt(r)": (PARTLY, "yes", None, None, "redescending", "yes", "-", "nowhere", "explodes"),
    "3": (ALWAYS, ELSEWHERE, "convex", "smooth", "bounded", "yes", "+", "everywhere", "bounded"),
    "sign(r)": (ALWAYS, "no", "quasi-convex", "jumps", "bounded", "yes", "-", "everywhere", "bounded"),
}  # fmt: skip
# Convexity and growth along z for y = 1; whether both labels count alike; what the best score tells; whether it is
# calibrated; the threshold.
BINARY = {
    "softplus(-m)": ("convex", "linear", ALIKE, "proper", "calibrated", 0.5),
    "softplus(z) - y z": ("convex", "linear", ALIKE, "proper", "calibrated", 0.5),
    "-y log(p) - (1 - y) log(1 - p)": (None, None, ALIKE, "proper", "calibrated", 0.5),
    "10 y softplus(-z) + (1 - y) softplus(z)": ("convex", "linear", APART, LINK, "not calibrated", 1 / 11),
    "where(y, 1, 3) softplus(-m)": ("convex", "linear", APART, LINK, "not calibrated", 0.75),
    "(p - y)^2": ("quasi-convex", "bounded", ALIKE, "proper", "calibrated", 0.5),
    "|p - y|": ("quasi-convex", "bounded", ALIKE, NONE, "calibrated", 0.5),
    "max(0, 1 - m)": ("convex", "linear", ALIKE, NONE, "calibrated", 0.5),
    "where(y, 4, 1) max(0, 1 - m)": ("convex", "linear", APART, NONE, "not calibrated", 0.2),
    "max(0, 1 - m)^2": ("convex", "quadratic", ALIKE, LINK, "calibrated", 0.5),
    "(1 - m)^2": ("convex", "quadratic", ALIKE, LINK, "calibrated", 0.5),
    "exp(-m)": ("convex", FASTER, ALIKE, LINK, "calibrated", 0.5),
    "m <= 0": ("quasi-convex", "bounded", ALIKE, NONE, "calibrated", 0.5),
    "max(0, -m)": ("convex", "linear", ALIKE, NONE, "not calibrated", 0.5),
    "(1 - p)^2": ("quasi-convex", "bounded", APART, NONE, "not calibrated", None),
    "sigmoid(-m)^2 softplus(-m)": ("quasi-convex", "linear", ALIKE, LINK, "calibrated", 0.5),
    "cases(m >= 1, 0, m > 0, (1 - m)^2/2, 1/2 - m)": ("convex", "linear", ALIKE, None, "calibrated", 0.5),
    "softplus(1 - z)": ("convex", "linear", APART, NONE, "not calibrated", None),
}  # fmt: skip


def test_there_are_enough():
    assert len(REGRESSION) + len(BINARY) >= 60


@pytest.mark.parametrize("formula", REGRESSION)
def test_a_regression_loss_of_which_the_answers_are_known(formula):
    found = diagnose_regression(parse(formula))
    assert tuple(found) == QUESTIONS
    answers = {key: one.answer for key, one in found.items()}
    for key, expected in zip(QUESTIONS, REGRESSION[formula], strict=True):
        if expected is not None:
            assert answers[key] == {"+": "symmetric", "-": "asymmetric"}.get(expected, expected), (key, found[key])


@pytest.mark.parametrize("formula", BINARY)
def test_a_binary_loss_of_which_the_answers_are_known(formula):
    found = diagnose_binary(parse(formula, VARIABLES["binary"]))
    *answers, threshold = BINARY[formula]
    for key, expected in zip(("convexity", "growth", "labels", "proper", "calibrated"), answers, strict=True):
        assert expected is None or found[key].answer == expected, found[key]
    if threshold is None:
        assert found["threshold"].answer == "none"
    else:
        assert found["threshold"].evidence["threshold"] == pytest.approx(threshold, abs=1e-3)


@pytest.mark.parametrize(("key", "family"), [(key, family) for family in VARIABLES for key in losses_of(family)])
def test_a_loss_of_the_catalogue_is_convex_if_its_record_says_so(key, family):
    loss = losses_of(family)[key]
    params = loss.starts
    diagnose = diagnose_binary if family == "binary" else diagnose_regression
    found = diagnose(parse(TYPED_LOSSES[key], VARIABLES[family]), **params)
    if key not in (
        "squared_log_error",
        "symmetric_absolute_percentage_error",
        "tweedie",
    ):  # in another scale, or in part
        assert (found["convexity"].answer == "convex") == loss.convex
    if family == "binary":
        assert (found["proper"].answer == "proper") == loss.proper
        tells = loss.log_odds is not None or key == "squared_hinge"
        assert (found["proper"].answer != "tells no probability") == tells
    elif loss.of_residual:
        corners = [
            place for kind in ("jump", "corner", "curvature") for place, *_ in found["smoothness"].evidence[kind]
        ]
        assert sorted(corners) == pytest.approx(sorted(loss.kinks(**params)) if key != "expectile" else [0.0], abs=1e-9)


def answer(formula, key, family="regression", at=(), **given):
    """The answer to a question; `at` is the true value of a regression loss that looks at it."""
    diagnose = diagnose_binary if family == "binary" else diagnose_regression
    return diagnose(parse(formula, VARIABLES[family]), *at, **given)[key]


def test_the_place_and_the_term_where_it_is_not_finite():
    found = answer("r^2 + log(p)/p", "finite", at=[2.0])
    assert found.evidence["term"] == "log(p)"
    assert found.sentence == "It has no finite value for r up to −2: log(p) has none"
    assert answer("1/(r - 1)", "finite").evidence["regions"] == [(1.0, 1.0)]
    found = answer("exp(2 r)", "finite")
    assert found.evidence["place"] == pytest.approx(math.log(np.finfo(float).max) / 2)
    assert found.evidence["term"] == "exp(2*r)"


def test_where_it_is_least():
    assert answer("(r - 1.2345)^2", "least").evidence["place"] == pytest.approx(1.2345, abs=1e-6)
    found = answer("r^2 + λ |p|", "least", at=[3.0], lam=1.0)
    assert found.evidence["place"] == pytest.approx(-0.5, abs=1e-6)
    assert found.sentence == "It is least at r = −0.5, not at 0: there it is lower by 0.25"
    assert answer("max(0, |r| - ε)", "least", epsilon=2.0).evidence["regions"] == [(-2.0, 2.0)]


def test_corners_are_found_where_they_are():
    found = answer("|r - 1/3| + max(0, r + sqrt(2)) + min(r^2, c)", "smoothness", c=4.0)
    places = [place for place, _, _ in found.evidence["corner"]]
    assert places == pytest.approx([-2.0, -math.sqrt(2), 1 / 3, 2.0], abs=1e-9)
    ((place, left, right),) = answer("max(-τ r, (1 - τ) r)", "smoothness", tau=0.9).evidence["corner"]
    assert (place, left, right) == pytest.approx((0.0, -0.9, 0.1), abs=1e-9)
    ((place, left, right),) = answer("where(r < 2, r, 5)", "smoothness").evidence["jump"]
    assert (place, left, right) == pytest.approx((2.0, 2.0, 5.0), abs=1e-9)


def test_what_may_be_a_corner_and_is_none_is_not_reported():
    assert answer("where(|r| <= 1, r^2, 2 |r| - 1)", "smoothness").answer == SMOOTH_ONCE
    assert answer("|r|^2 + |r| - |r|", "smoothness").answer == "smooth"
    assert answer("max(r, r) + r^2", "smoothness").answer == "smooth"


def test_growth_is_that_of_each_side():
    sides = answer("where(r < 0, -r, r^2)", "growth").evidence
    assert sides["left"] == {"growth": "linear", "exponent": pytest.approx(1.0)}
    assert sides["right"] == {"growth": "quadratic", "exponent": pytest.approx(2.0)}
    assert answer("|r|^q", "growth", q=1.3).evidence["right"]["exponent"] == pytest.approx(1.3)
    assert answer("|r|^q", "growth", q=0.5).answer == "redescending"


def test_flat_regions_have_their_ends():
    found = answer("min(r^2, cap)", "flatness", cap=9.0)
    assert found.evidence["stalling"] == [(-10.0, pytest.approx(-3.0, abs=1e-4)), (pytest.approx(3.0, abs=1e-4), 10.0)]
    assert found.sentence == "It is nearly flat for r up to −3 and r from 3 on: there training stalls"


def test_asymmetry_has_a_ratio():
    assert answer("where(r < 0, 2, 1) |r|", "symmetry").sentence.endswith(
        "by 1 too low costs 2 times as much as by 1 too high"
    )


def test_the_best_scores_are_those_of_theory():
    found = answer("exp(-m)", "proper", "binary").evidence
    rates = np.array(found["probabilities"])
    np.testing.assert_allclose(found["best scores"], np.log(rates / (1 - rates)) / 2, atol=1e-6)
    found = answer("max(0, 1 - m)", "proper", "binary").evidence
    np.testing.assert_allclose(found["best scores"], np.where(rates > 0.5, 1.0, -1.0), atol=1e-6)
    found = answer("w y softplus(-z) + (1 - y) softplus(z)", "threshold", "binary", w=9.0)
    assert found.evidence["threshold"] == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize(
    "typed", [*REGRESSION, *(example.formula for example in FORMULA_EXAMPLES if example.family == "regression")]
)
def test_every_finding_is_a_sentence(typed):
    for one in diagnose_regression(parse(typed)).values():
        assert re.match(r"(It|Its|Far) .*[^. ]$", one.sentence), one
        assert "nan" not in one.sentence
        assert one.key != "growth" or one.answer in GROWTHS


def test_whatever_is_typed_is_diagnosed():
    for at, (typed, _) in enumerate(formulas(seed=21, count=40)):
        family = "binary" if at % 4 == 0 else "regression"
        diagnose = diagnose_binary if family == "binary" else diagnose_regression
        found = diagnose(parse(typed, VARIABLES[family]))
        assert all(one.answer and one.sentence for one in found.values())
    found = diagnose_binary(parse("log(y - 1)", VARIABLES["binary"]))
    assert {found[key].answer for key in ("labels", "proper", "calibrated", "threshold")} == {"not defined"}


def test_a_loss_without_a_value_anywhere_is_diagnosed():
    found = diagnose_regression(parse("log(-1 - r^2)"))
    assert found["finite"].answer == PARTLY
    assert found["convexity"].answer == found["growth"].answer == "not defined"
