"""What is drawn on /loss-curves is the loss: value, gradient, curvature, tangents, kinks and the sentence."""

import numpy as np
import pytest

from core.losses import FAMILIES, LOSSES
from core.losses.sampled import KINK_OFFSET as OFFSET
from core.views import VIEWS
from tests.views.cases import chosen, drawn, losses_of, name_of, number, params_of, settings, text_slots

RULE = 2e-3  # error of the rule by which the view takes a mean from its few points, at a pole or a jump
REGRESSION, BINARY = VIEWS["regression_curves"], VIEWS["binary_curves"]
SIDES = [{"x": x, "truth": truth} for x in ("score", "probability") for truth in "10"]
LOSSES_ALONE = [(REGRESSION, loss, {}) for loss in losses_of(REGRESSION)]
LOSSES_ALONE += [(BINARY, loss, side) for loss in losses_of(BINARY) for side in SIDES]
each_loss = pytest.mark.parametrize(
    ("view", "loss", "side"), LOSSES_ALONE, ids=lambda case: name_of(case) if isinstance(case, dict) else case.key
)


def arguments(loss, x, side, values):
    """Prediction and truth at a place on the x axis."""
    if not FAMILIES[loss.family].classes:
        truth = values.get("target", 0.0 if loss.of_residual else 3.0)
        return truth + x, np.full_like(x, truth)
    z = x if side["x"] == "score" else np.log(x / (1 - x))
    return z, np.full_like(x, float(side["truth"]))


def exact(loss, method, x, side, values):
    """A loss's own answer along the x axis; NaN outside its domain."""
    pred, truth = arguments(loss, x, side, values)
    inside = loss.pred_domain.mask(pred)
    found = np.full(x.shape, np.nan)
    found[inside] = getattr(loss, method)(pred[inside], truth[inside], **params_of(loss, values))
    return found


def frames(loss, shown):
    """Settings of the loss's own sliders, and of the true value where it has one."""
    own = settings(loss, shown.sliders)
    if FAMILIES[loss.family].truths and not loss.of_residual:
        return [values | {"target": truth} for values in own for truth in (0.01, 0.5, 3.0, 10.0)]
    return own


@each_loss
def test_curves_are_the_loss_its_slope_and_its_curvature(view, loss, side):
    shown = chosen(view, losses=(loss.key,), curvature="on", **side)
    for values in frames(loss, shown):
        for panel, method in enumerate(["value", "grad", "curvature"]):
            x, y = drawn(shown, loss.name, panel, values)
            assert (np.diff(x) >= 0).all()
            # The two sides of a kink at 0 are written as 0, where the slope is neither side's.
            there = x != 0
            np.testing.assert_allclose(
                y[there], exact(loss, method, x, side, values)[there], rtol=1e-9, atol=2 * OFFSET
            )
        low, high = shown.figure.layout.xaxis.range
        assert min(x) <= low + 0.01
        assert max(x) >= high - 0.01


@each_loss
def test_on_log_axes_the_same_curves_with_sizes_of_slopes(view, loss, side):
    raw = chosen(view, losses=(loss.key,), **side)
    log = chosen(view, losses=(loss.key,), scale="log", **side)
    for values in frames(loss, raw):
        for panel, of in enumerate([np.asarray, np.abs]):
            _, plain = drawn(raw, loss.name, panel, values)
            _, shown = drawn(log, loss.name, panel, values)
            there = of(plain) > 2 * OFFSET  # what is less is written as 0 elsewhere, and lies below every log axis
            np.testing.assert_array_equal(shown[there], of(plain)[there])
            assert not (shown[~there] > 2 * OFFSET).any()
            assert not (shown <= 0).any()
    axes = [axis for axis in log.figure.layout if axis.startswith("yaxis")]
    assert [log.figure.layout[axis].type for axis in axes] == ["log"] * len(axes)


@each_loss
def test_normalised_curves_start_at_0_have_mean_1_and_keep_their_shape(view, loss, side):
    raw = chosen(view, losses=(loss.key,), **side)
    shown = chosen(view, losses=(loss.key,), scale="normalised", **side)
    for values in frames(loss, raw):
        x, y = drawn(shown, loss.name, 0, values)
        there = np.isfinite(y)
        assert y[there].min() == pytest.approx(0, abs=1e-12)
        _, plain = drawn(raw, loss.name, 0, values)
        _, slopes = drawn(shown, loss.name, 1, values)
        _, plain_slopes = drawn(raw, loss.name, 1, values)
        # One stretch for value and slope: what is steeper here is steeper there. What is below the kink offset is 0.
        seen = (np.abs(slopes) > 2 * OFFSET) & (np.abs(plain_slopes) > 2 * OFFSET)
        stretch = np.ptp(plain[there]) / np.ptp(y[there])
        if seen.any():
            steepest = np.argmax(np.where(seen, np.abs(slopes), 0.0))
            stretch = plain_slopes[steepest] / slopes[steepest]
        np.testing.assert_allclose(slopes[seen] * stretch, plain_slopes[seen], rtol=1e-9)
        np.testing.assert_allclose(
            y * stretch, plain - plain[there].min(), rtol=1e-9, atol=4 * OFFSET * max(1, stretch)
        )
        seen |= np.isnan(slopes) & np.isnan(plain_slopes)
        assert (np.minimum(np.abs(slopes[~seen]), np.abs(plain_slopes[~seen])) <= 2 * OFFSET).all()
        # The loss itself over the same part of the axis, much closer than it is drawn.
        close = np.linspace(x[there][0], x[there][-1], 400_001)
        mean = np.mean(exact(loss, "value", close, side, values))
        assert mean == pytest.approx(plain[there].min() + stretch, rel=RULE, abs=RULE * stretch)


@each_loss
@pytest.mark.parametrize("scale", ["raw", "normalised"])
def test_tangent_touches_the_curve_where_the_probe_stands(view, loss, side, scale):
    shown = chosen(view, losses=(loss.key,), scale=scale, **side)
    for values in frames(loss, shown):
        for place in (shown.slider("probe").values[k] for k in (1, 37, -2)):
            at = values | {"probe": place}
            (x,), (y,) = drawn(shown, f"{loss.name} probe", 0, at)
            (_,), (gradient,) = drawn(shown, f"{loss.name} probe", 1, at)
            ends, heights = drawn(shown, f"{loss.name} tangent", 0, at)
            assert x == place
            if np.isnan(y):
                continue
            assert np.mean(ends) == pytest.approx(place)
            assert np.mean(heights) == pytest.approx(y, rel=1e-9, abs=1e-9)
            # Value and slope at the probe, from the loss itself: on the probability axis by the chain rule.
            stretch = 1.0 if side.get("x") != "probability" else 1 / (place * (1 - place))
            slope = exact(loss, "grad", np.array([place]), side, at)[0]
            size = slope / gradient if scale == "normalised" and gradient else 1.0
            assert gradient * size == pytest.approx(slope)
            assert np.diff(heights)[0] / np.diff(ends)[0] * size == pytest.approx(slope * stretch, rel=1e-9, abs=1e-12)
            if scale == "raw":
                assert y == pytest.approx(exact(loss, "value", np.array([place]), side, at)[0])


@pytest.mark.parametrize("truth", "01")
@pytest.mark.parametrize("loss", losses_of(BINARY), ids=str)
def test_on_the_probability_axis_the_tangent_is_the_slope_of_the_drawn_curve(loss, truth):
    shown = chosen(BINARY, losses=(loss.key,), x="probability", truth=truth)
    x, y = drawn(shown, loss.name, 0, {})
    for place in (0.2, 0.6, 0.8):
        ends, heights = drawn(shown, f"{loss.name} tangent", 0, {"probe": place})
        near = np.abs(x - place).argmin()
        across = (y[near + 1] - y[near - 1]) / (x[near + 1] - x[near - 1])
        assert np.diff(heights)[0] / np.diff(ends)[0] == pytest.approx(across, rel=0.1, abs=0.05)


@each_loss
def test_each_curve_has_its_dot_in_each_panel(view, loss, side):
    """One that is beyond its panel is told by an arrow: assets/stage/edges.js."""
    shown = chosen(view, losses=(loss.key,), curvature="on", **side)
    for values in frames(loss, shown):
        for panel, method in enumerate(("value", "grad", "curvature")):
            x, y = drawn(shown, f"{loss.name} probe", panel, values)
            expected = exact(loss, method, x, side, values)
            assert y == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


def test_a_typed_loss_without_a_corner_has_none_in_the_legend():
    corner, smooth = (
        {entry.symbol for entry in chosen(REGRESSION, losses=(f"your_loss:{formula}",)).legend}
        for formula in ("|r|", "|r|^2")
    )
    assert corner - smooth == {"◇"}


@each_loss
def test_kinks_are_marked_on_the_curve(view, loss, side):
    shown = chosen(view, losses=(loss.key,), **side)
    for values in frames(loss, shown):
        places = np.array(loss.kinks(**params_of(loss, values)), dtype=float)
        if FAMILIES[loss.family].classes:
            places *= 2 * int(side["truth"]) - 1
            places = 1 / (1 + np.exp(-places)) if side["x"] == "probability" else places
        if not any(trace.name == f"{loss.name} kink" for trace in shown.figure.data):
            assert not len(places)
            continue
        x, y = drawn(shown, f"{loss.name} kink", 0, values)
        marked = np.isfinite(x)
        np.testing.assert_allclose(np.sort(x[marked]), np.sort(places), rtol=1e-12)
        np.testing.assert_allclose(y[marked], exact(loss, "value", x[marked], side, values), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("loss", [LOSSES["zero_one"], LOSSES["absolute_error"], LOSSES["quantile"]], ids=str)
def test_a_jump_is_drawn_upright(loss):
    """Where a curve jumps, its last point before and its first point after lie within the kink offset."""
    view, panel = (BINARY, 0) if FAMILIES[loss.family].classes else (REGRESSION, 1)
    x, y = drawn(chosen(view, losses=(loss.key,)), loss.name, panel, {})
    jump = np.abs(np.diff(y)).argmax()
    assert abs(np.diff(y)[jump]) > 0.5
    assert np.diff(x)[jump] < 1e-5


def test_the_sentence_reads_the_gradients_at_the_probe():
    shown = chosen(REGRESSION, losses=("squared_error", "absolute_error", "huber"))
    for r, delta in [(3.0, 1.0), (-2.5, 2.0), (0.0, 1.0)]:
        values = {"probe": r, "huber.delta": delta}
        slots = text_slots(shown, "At r = {}, the gradient is {} for MSE, {} for MAE and {} for Huber", values)
        assert slots == pytest.approx([r, 2 * r, np.sign(r), np.clip(r, -delta, delta)])


def test_normalised_readings_are_exact():
    shown = chosen(REGRESSION, losses=("squared_error",), scale="normalised")
    (row,) = shown.readings  # r^2 has the mean 12 from -6 to 6: 9 / 12 and 6 / 12
    read = [number(cell, {"probe": 3.0}) for cell in row.cells]
    assert read == pytest.approx([0.75, 0.5], rel=1e-12)


@pytest.mark.parametrize("truth", "01")
def test_gradients_are_what_the_sentence_says(truth):
    losses = ("binary_cross_entropy", "brier", "hinge")
    shown = chosen(BINARY, losses=losses, truth=truth)
    for z in (-6.0, -3.0, 0.5, 6.0):
        slots = text_slots(shown, "At z = {}, ", {"probe": z})
        expected = [
            z,
            *(
                LOSSES[key].grad(z, int(truth))
                for key in (key for key in BINARY.param("losses").options if key in losses)
            ),
        ]
        assert slots == pytest.approx(expected)


def test_saturation_of_the_brier_score():
    """A claim of the explainers: at z = -6, y = 1 its gradient is -0.0049, cross-entropy's -0.998."""
    shown = chosen(BINARY, losses=("binary_cross_entropy", "brier"))
    slots = text_slots(shown, "At z = {}, ", {"probe": -6.0})
    assert (round(slots[1], 3), round(slots[2], 4)) == (-0.998, -0.0049)


@each_loss
def test_the_key_reads_the_curve_at_the_probe(view, loss, side):
    shown = chosen(view, losses=(loss.key,), **side)
    (row,) = shown.readings
    assert row.name == loss.short
    for values in frames(loss, shown)[:3]:
        at = values | {"probe": float(shown.slider("probe").values[30])}
        value, gradient = (number(cell, at) for cell in row.cells)
        place = np.array([at["probe"]])
        assert [value] == pytest.approx(exact(loss, "value", place, side, at), nan_ok=True)
        assert [gradient] == pytest.approx(exact(loss, "grad", place, side, at), nan_ok=True)


@each_loss
def test_table_holds_the_curves_at_the_sliders_values(view, loss, side):
    shown = chosen(view, losses=(loss.key,), **side)
    for values in frames(loss, shown):
        x, value, grad = shown.table(values).values()
        np.testing.assert_allclose(value, exact(loss, "value", x, side, values), rtol=1e-12)
        np.testing.assert_allclose(grad, exact(loss, "grad", x, side, values), rtol=1e-12)


def test_a_percentage_error_grows_without_limit_as_the_true_value_nears_0():
    """Seen in the picture, whose axes stay those of ordinary true values, and read at the probe."""
    shown = chosen(REGRESSION, losses=("absolute_percentage_error",))
    slider = shown.slider("target")
    assert slider.values[0] == 0.01
    assert slider.values[slider.start] == 3
    np.testing.assert_array_equal(
        slider.values[5:], np.arange(0.5, 10.01, 0.5)
    )  # addresses of old stand where they did
    low, high = shown.figure.layout.yaxis.range
    assert low <= 0 < 2 < high <= 12  # at y = 3 and r = 6 it is 2, at y = 0.5 it is 12
    leaves = []
    for truth in (3.0, 0.5, 0.1, 0.01):
        x, y = drawn(shown, LOSSES["absolute_percentage_error"].name, 0, {"target": truth})
        np.testing.assert_allclose(y[np.abs(x) > 1e-5], np.abs(x)[np.abs(x) > 1e-5] / truth, rtol=1e-9)
        leaves.append(np.abs(x[y > high]).min(initial=np.inf))
    assert leaves[0] == np.inf  # at 3 all of it is in the window
    assert leaves[2] < 0.6  # at 0.1 it leaves the picture near the truth,
    assert leaves[3] < 0.15  # and at 0.01 it is a wall
    slots = text_slots(shown, "At r = {}, the gradient is {} for MAPE", {"target": 0.01, "probe": 3.0})
    assert slots[1] == pytest.approx(100)
