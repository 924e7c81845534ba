"""The losses of a person's own predictions: against other libraries, against their definitions, and the identities."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.evaluation.bootstrap import MOST_GROUPS, Bootstrap
from core.evaluation.comparison import compare, outside_domain
from core.evaluation.murphy import elementary_mean, elementary_quantile
from core.evaluation.predictions import Predictions
from core.evaluation.shifts import Shifts
from core.evaluation.worst_rows import carried
from core.losses import LOSSES, losses_of
from core.models.fit import fit_constant

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "predictions.json").read_text())
FILES = REFERENCE["files"]
LEVELS = np.array(REFERENCE["levels"])


def arrays(file):
    return np.array(file["target"]), np.array(file["pred"])


def test_losses_are_those_of_scikit_learn():
    """On 50 made files and 5 measured ones; a loss is refused exactly where scikit-learn has none."""
    assert len(FILES) == 55
    for file in FILES:
        target, pred = arrays(file)
        own = Predictions(target, {"model": pred})
        for name, value in file["losses"].items():
            key, _, level = name.partition(" ")
            loss = LOSSES[key]
            params = {"tau": np.array([float(level)])} if level else {}
            found = compare(loss, own, Bootstrap(len(target)), **params)
            perfect = (
                loss.value(np.where(target > 0, target, 1e-300), target).mean() if key in ("poisson", "tweedie") else 0
            )
            np.testing.assert_allclose(
                found.mean[0, 0] - perfect, value, rtol=1e-9, atol=1e-9, err_msg=f"{file['name']} {name}"
            )
        for key in ("absolute_percentage_error", "poisson"):
            assert (key in file["losses"]) == (outside_domain(LOSSES[key], own) == ""), (file["name"], key)


def test_murphy_diagrams_are_those_of_model_diagnostics():
    for file in FILES:
        target, pred = arrays(file)
        thresholds = np.array(file["murphy"]["thresholds"])
        if len(thresholds):
            size = 1e-12 * (1 + np.abs(target).max())
            np.testing.assert_allclose(
                elementary_mean(pred, target, thresholds), file["murphy"]["mean"], rtol=1e-9, atol=size
            )
            found = elementary_quantile(pred, target, thresholds, LEVELS)
            np.testing.assert_allclose(found, file["murphy"]["quantile"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("file", FILES[::9], ids=lambda file: file["name"])
def test_the_area_under_a_murphy_diagram_is_the_loss(file):
    """Between two neighbouring numbers of the file the mean's curve is a line, and a quantile's is level."""
    target, pred = arrays(file)
    edges = np.unique(np.concatenate([target, pred]))
    middle, width = (edges[:-1] + edges[1:]) / 2, np.diff(edges)
    area = (elementary_mean(pred, target, middle) * width).sum()
    np.testing.assert_allclose(area, 0.5 * np.mean((pred - target) ** 2), rtol=1e-8, atol=1e-12)
    for level in LEVELS:
        area = (elementary_quantile(pred, target, middle, level) * width).sum()
        np.testing.assert_allclose(
            area, LOSSES["quantile"].value(pred, target, tau=level).mean(), rtol=1e-8, atol=1e-12
        )


def made(count=400, seed=3):
    random = np.random.default_rng(seed)
    target = random.gamma(2.0, 5.0, count)
    return Predictions(target, {"a": target + random.normal(size=count), "b": target + random.standard_t(2, count),
                                "c": np.full(count, target.mean())})  # fmt: skip


def test_every_loss_is_compared_as_it_is_defined():
    own, bootstrap = made(), Bootstrap(400)
    for key, loss in losses_of("regression").items():
        if outside_domain(loss, own):
            continue
        settings = {
            param.name: np.array([param.default, param.low + 0.3 * (param.high - param.low)]) for param in loss.params
        }
        found = compare(loss, own, bootstrap, **settings)
        for at in range(2 if settings else 1):
            params = {name: values[at] for name, values in settings.items()}
            perfect = loss.value(own.target, own.target, **params).mean()
            means = np.array([loss.value(pred, own.target, **params).mean() for pred in own.models.values()])
            np.testing.assert_allclose(found.mean[at], means, rtol=1e-11, atol=1e-12, err_msg=key)
            above = means - perfect
            assert found.best[at] == above.argmin()
            np.testing.assert_allclose(found.ratio[at], above / above.min(), rtol=1e-9, err_msg=key)


def test_an_interval_holds_the_truth_as_often_as_it_says():
    """Two models that are equally good: in 200 files the interval of their ratio holds 1 about 95 times in 100."""
    holds = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        target = random.normal(size=120)
        own = Predictions(target, {name: target + random.normal(size=120) for name in "ab"})
        found = compare(LOSSES["squared_error"], own, Bootstrap(120))
        holds += bool(found.perhaps_best[0].all())
    assert 0.89 <= holds / 200 <= 0.99


def test_of_a_long_file_groups_are_drawn_and_the_interval_is_as_wide():
    count = 4 * MOST_GROUPS
    random = np.random.default_rng(0)
    target = np.sort(random.normal(size=count))  # sorted: neighbouring rows are alike
    own = Predictions(
        target, {"a": 0.9 * target + random.normal(size=count), "b": target + random.normal(0, 1.02, count)}
    )
    bootstrap = Bootstrap(count)
    assert bootstrap.groups == MOST_GROUPS
    assert bootstrap.sizes.sum() == count
    found = compare(LOSSES["squared_error"], own, bootstrap)
    squares = {name: (pred - target) ** 2 for name, pred in own.models.items()}
    draws = random.integers(0, count, (400, count))
    best = "ab"[found.best[0]]
    other = "ba"[found.best[0]]
    ratios = squares[other][draws].mean(axis=1) / squares[best][draws].mean(axis=1)
    width = np.subtract(*np.percentile(ratios, [97.5, 2.5]))
    number = own.names.index(other)
    np.testing.assert_allclose(found.high[0, number] - found.low[0, number], width, rtol=0.25)


def test_a_perfect_model_is_infinitely_better():
    own = Predictions(
        np.array([1.0, 2, 3, 4]), {"perfect": np.array([1.0, 2, 3, 4]), "other": np.array([1.0, 2, 3, 5])}
    )
    found = compare(LOSSES["squared_error"], own, Bootstrap(4))
    assert found.ratio.tolist() == [[1, np.inf]]
    assert not np.isnan(found.low).any()
    assert not np.isnan(found.high).any()


def test_what_the_worst_rows_carry():
    values = np.array([0.0, 1, 2, 3, 4])
    shares = np.array([0.0, 0.1, 0.2, 0.5, 1.0])
    np.testing.assert_allclose(carried(values, shares), [0, 0.2, 0.4, (4 + 3 + 0.5 * 2) / 10, 1])
    assert np.isnan(carried(np.zeros(3), shares)).all()


@pytest.mark.parametrize("offset", [0.0, 1e4, -3e6])
def test_shifts_against_their_definitions(offset):
    errors = np.random.default_rng(1).gamma(2.0, 3.0, 301) - 4 + offset
    one, shifts = Shifts(errors), np.array([-40.0, -3.5, 0.0, 0.2, 17.0]) - offset
    for level in (0.05, 0.5, 0.8):
        shifted = errors + shifts[:, None]
        rtol = 1e-8
        np.testing.assert_allclose(
            one.quantile(shifts, level), LOSSES["quantile"].value(shifted, 0.0, tau=level).mean(1), rtol=rtol
        )
        weighted = LOSSES["asymmetric_squared"].value(shifted, 0.0, under_weight=3.0, over_weight=level).mean(1)
        np.testing.assert_allclose(one.squares(shifts, 3.0, level), weighted, rtol=rtol)
        np.testing.assert_allclose(
            one.huber(shifts, level), LOSSES["huber"].value(shifted, 0.0, delta=level).mean(1), rtol=rtol
        )
        best = fit_constant(LOSSES["quantile"], -errors, tau=level)
        np.testing.assert_allclose(one.best_quantile(level), best, rtol=1e-9, atol=1e-9)
        best = fit_constant(LOSSES["asymmetric_squared"], -errors, under_weight=3.0, over_weight=level)
        np.testing.assert_allclose(one.best_squares(3.0, level), best, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(
            one.best_huber(level), fit_constant(LOSSES["huber"], -errors, delta=level), rtol=1e-9, atol=1e-8
        )


@pytest.mark.parametrize(
    ("target", "models", "says"),
    [
        ([1.0], {"a": [1.0]}, "at least 2 numbers"),
        ([1.0, 2.0], {}, "at least one model"),
        ([1.0, np.nan], {"a": [1.0, 2.0]}, r"target must be in .*, got nan at \[1\]"),
        ([1.0, 2.0], {"a": [1.0]}, "a prediction for each of 2 rows"),
        ([1.0, 2.0], {"a": [1.0, np.inf]}, r"predictions of a must be in .*, got inf at \[1\]"),
        ([1.0, -1e121], {"a": [1.0, 2.0]}, r"target must be in \[-1e\+120, 1e\+120\]"),
    ],
)
def test_bad_input_is_named(target, models, says):
    with pytest.raises(ValueError, match=says):
        Predictions(target, models)


def test_a_loss_that_cannot_be_computed_says_why():
    own = Predictions(np.array([0.0, 1, 2]), {"a": np.array([1.0, -2, 3])})
    assert (
        outside_domain(LOSSES["absolute_percentage_error"], own)
        == "needs every truth to be finite and not 0, and 1 row is not"
    )
    assert "prediction of a" in outside_domain(LOSSES["poisson"], own)
    with pytest.raises(ValueError, match="Poisson needs every prediction of a"):
        compare(LOSSES["poisson"], own, Bootstrap(3))
