"""What is fitted, beside the map: the line, the boundary and the decisions of the weights that the paths are at."""

import numpy as np
import pytest

from core.datasets import DATASETS
from core.losses import LOSSES
from core.models import fit_line
from core.numerics import sigmoid
from core.optimizers import OPTIMIZERS
from core.training.network import scores
from tests.views.cases import tracks
from tests.views.gradient_descent.races import arrived

PANEL = "y2"
WEIGHTS = {  # of the sliders: as they stand, at the first step, half way, with one of them moved
    "at the end": {},
    "at the start": {"step": 0.0},
    "half way": {"step": 23.0},
    "another rate": {"lr": 0.001, "step": 40.0},
    "another start": {"x": "last", "step": 7.0},
}
at = pytest.mark.parametrize("moved", WEIGHTS.values(), ids=WEIGHTS)


def drawn(shown, name, values):
    """The rows of a trace in the model's panel, by attribute."""
    (number,) = [
        i
        for i, trace in enumerate(shown.stage.figure.data)
        if (trace.name, getattr(trace, "yaxis", "")) == (name, PANEL)
    ]
    return {track.attribute: np.atleast_1d(track.live.row(values)) for track in tracks(shown.stage, number)}


def stand(shown, moved):
    """The values of the sliders, and the weights of an optimizer there."""
    values = dict(shown.values)
    for key, value in moved.items():
        values[key] = float(shown.race.slider(key).values[-1]) if value == "last" else value
    step = int(values.get("step", shown.race.steps))
    own = {key: value for key, value in values.items() if key != "step"}
    return values, {key: shown.points(key, **own)[step] for key in shown.race.optimizers}


def extent(shown):
    layout = shown.stage.figure.layout
    return layout.xaxis2.range, layout.yaxis2.range


@at
@pytest.mark.parametrize("data", ["tips", "income", "made"])
def test_the_line_is_what_its_weights_predict(data, moved):
    shown = arrived(view="line", data=data, optimizers="gradient_descent,adam")
    model = shown.race.problem.model
    values, weights = stand(shown, moved)
    for key in shown.race.optimizers:
        line = drawn(shown, OPTIMIZERS[key].name, values)
        (left, right), (begin, end) = line["x"], line["y"]
        slope = (end - begin) / (right - left)
        predicted = model.basis @ weights[key]
        np.testing.assert_allclose(begin + slope * (model.data.x - left), predicted, rtol=1e-9, atol=1e-9)
        if model.outlier:
            mark = drawn(shown, "outlier", values)
            height = model.outlier_basis @ weights[key]
            assert begin + slope * (mark["x"][0] - left) == pytest.approx(height, rel=1e-9)


def test_the_line_comes_to_the_fit_and_all_data_are_in_sight():
    shown = arrived(view="line", loss="squared_error", optimizers="gradient_descent")
    model, fit = shown.race.problem.model, drawn(shown, "Gradient descent", {})
    for outlier in shown.race.slider("outlier").values[[0, 4, -1]]:
        values = {"outlier": float(outlier)}
        fit, mark, data = (drawn(shown, name, values) for name in ("Gradient descent", "outlier", "data"))
        assert mark["y"] == outlier
        x = np.append(data["x"], np.full(model.outlier_copies, mark["x"]))
        slope, intercept = fit_line(
            LOSSES["squared_error"], x, np.append(data["y"], np.full(model.outlier_copies, outlier))
        )[..., [1, 0]]
        np.testing.assert_allclose(fit["y"], intercept + slope * fit["x"], rtol=1e-4)
        np.testing.assert_allclose(
            slope, np.polyfit(x, np.append(data["y"], np.full(model.outlier_copies, outlier)), 1)[0]
        )
        (left, right), (low, high) = extent(shown)
        for name in (data, mark):
            assert (left <= name["x"]).all()
            assert (name["x"] <= right).all()
        assert low <= data["y"].min()
        assert data["y"].max() <= high
        assert tuple(fit["x"]) == (left, right)


@at
@pytest.mark.parametrize("data", ["iris", "blobs", "separable"])
def test_the_boundary_is_where_the_score_is_0(data, moved):
    shown = arrived(view="classifier", data=data, optimizers="gradient_descent,adam")
    model = shown.race.problem.model
    features = model.data.features
    values, weights = stand(shown, moved)
    for key in shown.race.optimizers:
        line = drawn(shown, OPTIMIZERS[key].name, values)
        ends = np.stack([line["x"], line["y"]], axis=-1)
        standard = (ends - features.mean(axis=0)) / features.std(axis=0)
        scale = np.linalg.norm(weights[key]) * np.linalg.norm(standard, axis=1)
        np.testing.assert_allclose(standard @ weights[key] / scale, 0, atol=1e-9)
        ahead = ends[1] - ends[0]
        side = ahead[0] * (features[:, 1] - ends[0, 1]) - ahead[1] * (features[:, 0] - ends[0, 0])
        score = model.basis @ weights[key]
        assert len(np.unique(np.sign(side * score))) == 1  # those with a positive score lie on one side
        (left, right), (low, high) = extent(shown)
        inside = (left < ends[:, 0]) & (ends[:, 0] < right) & (low < ends[:, 1]) & (ends[:, 1] < high)
        assert not inside.any()  # it goes through the whole panel


def test_both_classes_are_drawn_once_and_in_sight():
    for words in ({"view": "classifier"}, {"view": "network"}):
        shown = arrived(**words, optimizers="gradient_descent")
        points = []
        for label in (0, 1):
            dots = drawn(shown, f"class {label}", {})
            points.append(np.stack([dots["x"], dots["y"]], axis=-1))
        data = DATASETS["moons"].load(1) if words["view"] == "network" else shown.race.problem.model.data
        for label in (0, 1):
            np.testing.assert_array_equal(points[label], data.features[data.target == label])
        (left, right), (low, high) = extent(shown)
        joined = np.concatenate(points)
        assert (joined > [left, low]).all()
        assert (joined < [right, high]).all()


def test_no_weights_no_boundary():
    """At the origin the score is 0 everywhere: nothing is drawn, and nothing warns."""
    shown = arrived(view="classifier", optimizers="gradient_descent", x="0", y="0")
    line = drawn(shown, "Gradient descent", shown.values | {"step": 0.0})
    assert np.isnan(line["x"]).all()
    assert np.isfinite(drawn(shown, "Gradient descent", shown.values | {"step": 5.0})["x"]).all()


@pytest.mark.parametrize("plane", ["random", "path"])
def test_the_decisions_are_the_networks(plane):
    shown = arrived(view="network", plane=plane, optimizers="gradient_descent,adam")
    own, first = shown.race.problem.model, shown.race.optimizers[0]
    for step, moved in ((50, {}), (0, {}), (23, {"lr": 0.01})):
        values = {"step": float(step), **moved}
        map_ = drawn(shown, "decision", values)
        every = (step // 5) * 5
        point = shown.points(first, **moved)[every]
        theta = own.plane.centre + point[0] * own.plane.first + point[1] * own.plane.second
        places = np.stack(np.meshgrid(map_["x"], map_["y"]), axis=-1)
        expected = sigmoid(scores(theta, places.reshape(-1, 2), own.network.recipe.sizes)).reshape(places.shape[:2])
        np.testing.assert_allclose(map_["z"], expected, atol=2e-4)


def test_a_textbook_landscape_stands_for_nothing_but_itself():
    figure = arrived().stage.figure
    assert not {"data", "outlier", "class 0", "class 1", "decision"} & {trace.name for trace in figure.data}
    assert figure.layout.yaxis4.domain
    assert "yaxis5" not in figure.layout
