"""The runs that a race shows are what a single descent with the same settings is, in every run of its sweeps."""

from dataclasses import replace

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.descent import Gaussian, MiniBatch, descend
from core.descent.outcome import Outcome
from core.kept import Store
from core.landscapes import LANDSCAPES
from core.landscapes.critical import grid
from core.landscapes.fitted import fitted_landscape
from core.landscapes.fitted_models import line_model
from core.losses import LOSSES
from core.models import fit_line
from core.optimizers import OPTIMIZERS, SCHEDULES, with_schedule, with_weight_decay
from core.stage import Words
from core.stage.encode import payload
from core.stage.payloads import Payloads
from core.stage.route import routes
from core.views import VIEWS, unknown
from core.views.gradient_descent.race_figure import LOSS_DECADES
from core.views.gradient_descent.sliders import RATES
from tests.views.gradient_descent.races import Shown, arrived

EVERYBODY = ",".join(OPTIMIZERS)
SEED = 1
# Addresses that together have every kind of landscape, of noise and of optimizer.
CASES = {
    "textbook": {"condition": "45", "noise": "0.2", "optimizers": "gradient_descent,nesterov,adagrad,lion"},
    "each its own rate": {"rates": "each", "adam.lr": "0.5", "rmsprop.lr": "0.01", "beta": "0.5"},
    "schedule and decay": {"landscape": "styblinski_tang", "schedule": "one_cycle", "decay": "0.1", "lr": "0.01",
                           "optimizers": "momentum,adamw,nadam,adamax", "steps": "100"},
    "line": {"view": "line", "batch": "16", "huber.delta": "2.05", "norm": "l2"},
    "classifier": {"view": "classifier", "loss": "focal", "batch": "8", "optimizers": "momentum,adadelta,amsgrad,radam",
                   "steps": "50"},
    "network": {"view": "network", "batch": "32", "optimizers": "momentum,adam", "x": "0.25"},
}  # fmt: skip
FINALS = {"textbook_race": "y3"}  # the axis of the final losses: where a model has a panel too, one further
cases = pytest.mark.parametrize("shown", [pytest.param(words, id=name) for name, words in CASES.items()], indirect=True)
ALL_AT_ONCE = [list(OPTIMIZERS)[first : first + 8] for first in (0, 5)]


@pytest.fixture
def shown(request) -> Shown:
    return arrived(**request.param)


def settings_of(shown, key):
    """The values of all sliders in each run of an optimizer: at the centre, and then along one slider after the
    other."""
    sliders = [slider for slider in shown.race.sliders if slider.recomputed]
    own = [
        slider for slider in sliders if "." not in slider.key or slider.key.split(".")[0] not in set(OPTIMIZERS) - {key}
    ]
    centre = {slider.key: slider.at(shown.values) for slider in sliders}
    return [centre, *(centre | {slider.key: float(value)} for slider in own for value in slider.values)]


def alone(shown, key, values, steps=None):
    """The run of one optimizer at these values of the sliders, made by itself."""
    choice, problem = shown.choice, shown.race.problem
    rule, steps = OPTIMIZERS[key], steps or int(choice["steps"])
    if float(choice["decay"]) and "weight_decay" not in rule.defaults:
        rule = with_weight_decay(rule, float(choice["decay"]))
    rule = with_schedule(rule, SCHEDULES[choice["schedule"]], int(choice["steps"]))
    params = {"lr": values.get(f"{key}.lr", values.get("lr"))}
    params |= {name: values["beta"] for name in ("momentum", "beta1") if name in rule.defaults}
    own = problem.params(values)
    if "batch" in values:
        noise = MiniBatch(int(values["batch"]), SEED)
    else:
        slopes = np.linalg.norm(problem.landscape.grad(grid(problem.landscape, 15)[2]), axis=-1)
        noise = Gaussian(values["noise"] * np.median(slopes), SEED)
    start = np.array([values["x"], values["y"]])
    return descend(rule, problem.landscape.at(**own), start, steps, noise=noise, **params)


@cases
def test_every_run_is_the_one_that_it_says(shown):
    race, steps = shown.race, min(shown.race.steps, 40)
    random, span = np.random.default_rng(5), np.ptp(shown.race.problem.landscape.window, axis=1)
    for number, key in enumerate(race.optimizers):
        settings = settings_of(shown, key)
        assert race.descent.values.shape == (race.steps + 1, len(race.optimizers), len(settings))
        some = np.unique([0, len(settings) - 1, *random.integers(0, len(settings), 8)])
        for run in some:
            single = alone(shown, key, settings[run], steps=steps)
            near = np.abs(single.points / span).max(axis=-1) < 3  # outside, roundings are magnified with the path
            until = len(near) if near.all() else int(near.argmin())
            here = race.descent.points[:until, number, run]
            np.testing.assert_allclose(here / span, single.points[:until] / span, rtol=1e-6, atol=1e-8)
            np.testing.assert_allclose(race.descent.values[:until, number, run], single.values[:until], rtol=1e-5)


def finite(numbers):
    return np.where(np.isfinite(numbers), numbers, np.nan)


def path(shown, key, values):
    """The points of an optimizer's path as the map shows it: x and y [steps + 1]."""
    name = OPTIMIZERS[key].name
    return [shown.stage.drawn(name, axis, "y")[0].row(values) for axis in "xy"]


@cases
def test_a_sweep_is_laid_out_as_the_stage_reads_it(shown):
    race = shown.race
    names = {slider.key for slider in race.sliders if slider.recomputed}
    assert names == {key for sweep in race.sweeps.values() for key in sweep.keys}
    for number, key in enumerate(race.optimizers):
        settings, sweep = settings_of(shown, key), race.sweeps[key]
        assert len(sweep) == len(settings)
        assert race.at(key, shown.values) == (number, 0)
        for word, column in (("x", 0), ("y", 1)):
            np.testing.assert_array_equal(race.descent.points[0, number, :, column], [one[word] for one in settings])
        for slider in sweep.sliders:
            for frame, value in enumerate(slider.values):
                run = race.at(key, shown.values | {slider.key: float(value)})[1]
                assert settings[run] == settings[sweep.arm(slider.key).start + frame]
                assert run in (0, sweep.arm(slider.key).start + frame)
            values = shown.values | {slider.key: float(slider.values[1])}
            number, run = race.at(key, values)
            np.testing.assert_array_equal(path(shown, key, values), finite(race.descent.points[:, number, run].T))


@cases
def test_each_run_is_classified_on_its_own_landscape(shown):
    race = shown.race
    params = [race.problem.params(one) for one in settings_of(shown, race.optimizers[0])]
    assert [dict(race.grid.settings[setting]) for setting in race.setting] == params


@cases
def test_the_sentence_goes_by_the_run_of_each_optimizer(shown):
    race = shown.race
    (words,) = shown.stage.summary.slots.values()
    assert isinstance(words, Words)
    assert words.by.sweep.keys == race.sweep.keys
    for key in race.optimizers:
        found = race.sweep.runs_in(race.sweeps[key])
        settings = settings_of(shown, key)
        assert len(found) == len(race.sweep)
        for number, run in enumerate(found):
            own = {name: float(race.sweep.values[name][number]) for name in race.sweeps[key].keys}
            assert settings[run] == settings[race.at(key, own)[1]]


@cases
def test_the_final_losses_are_where_the_runs_end(shown):
    race = shown.race
    for key in race.optimizers:
        rate, (line, _) = race.rate(key), shown.stage.drawn(OPTIMIZERS[key].name, "y", FINALS.get(shown.view.key, "y4"))
        np.testing.assert_array_equal(rate.values, race.rates)
        ends, stable = line.row(), race.stable(key)
        for frame in (0, len(race.rates) // 2, len(race.rates) - 1):
            at = race.at(key, shown.values | {rate.key: float(race.rates[frame])})
            np.testing.assert_array_equal(ends[frame], finite(race.heights[-1][at]))
            rises = not race.heights[-1][at] <= race.heights[0][at]
            assert stable[frame] == (not rises and race.outcomes.code[at] != Outcome.DIVERGED)


def test_the_stable_range_of_gradient_descent_ends_where_theory_says():
    shown = arrived(optimizers="gradient_descent,momentum", condition="45", beta="0.5", steps="200")
    for key, bound in (("gradient_descent", 2 / 45), ("momentum", 2 * 1.5 / 45)):
        stable = shown.race.rates[shown.race.stable(key)]
        np.testing.assert_array_equal(stable, shown.race.rates[shown.race.rates < bound])


def lowest(shown, **params):
    """The height of the lowest minimum, by what the landscapes and fits know of it."""
    landscape = shown.race.problem.landscape
    if shown.choice.get("data") == "tips":
        model = line_model("tips")
        target = np.append(model.target, np.full(model.outlier_copies, params["outlier"]))
        u = np.append(model.basis[:, 1], np.full(model.outlier_copies, model.outlier_basis[1]))
        best = fit_line(LOSSES[shown.choice["loss"]], u, target)
        return float(fitted_landscape(model, LOSSES[shown.choice["loss"]]).value(best, **params))
    return min(float(landscape.value(point, **params)) for point in landscape.minima)


@pytest.mark.parametrize(
    "words",
    [{"landscape": key} for key in LANDSCAPES if LANDSCAPES[key].minima]
    + [{"view": "line", "loss": "squared_error"}, {"view": "line", "loss": "absolute_error"}],
    ids=lambda words: "-".join(words.values()),
)
def test_heights_are_counted_from_the_lowest_minimum(words):
    shown = arrived(**words, optimizers="gradient_descent,adam", steps="50")
    race, key = shown.race, "adam"
    assert race.above
    settings = settings_of(shown, key)
    for run in (0, len(settings) - 1):
        params = race.problem.params(settings[run])
        above = race.descent.values[:, 1, run] - lowest(shown, **params)
        scale = above[0]
        drawn = race.heights[:, 1, run]
        np.testing.assert_allclose(drawn, np.maximum(above, 0), rtol=1e-6, atol=1e-9 * scale)
        assert (drawn > 0).all()  # a logarithm can show it


def test_without_a_minimum_in_sight_heights_are_heights():
    for words in ({"landscape": "saddle"}, {"view": "classifier", "data": "separable"}):
        shown = arrived(**words)
        assert not shown.race.above
        np.testing.assert_array_equal(shown.race.heights, shown.race.descent.values)
        axis = "yaxis2" if "landscape" in words else "yaxis3"
        assert shown.stage.figure.layout[axis].type != "log"


@cases
def test_the_table_has_the_runs_at_the_released_values(shown):
    race = shown.race
    away = race.rate(race.optimizers[0])
    for moved in ({}, {away.key: float(away.values[3])}, {"y": float(race.slider("y").values[1])}):
        values = shown.values | moved
        columns = shown.stage.table(values)
        names = race.problem.landscape.axes
        assert list(columns) == ["optimizer", "step", *names, "height"]
        for key in race.optimizers:
            own = columns["optimizer"] == key
            number, run = race.at(key, values)
            np.testing.assert_array_equal(columns["step"][own], np.arange(race.steps + 1))
            points = np.stack([columns[name][own] for name in names], axis=-1)
            np.testing.assert_array_equal(points, race.descent.points[:, number, run])
            np.testing.assert_array_equal(columns["height"][own], race.descent.values[:, number, run])
    assert (columns["height"].size, set(columns["optimizer"])) == (
        len(race.optimizers) * (race.steps + 1), set(race.optimizers),
    )  # fmt: skip


def test_each_its_own_rate_moves_one_optimizer_alone():
    shown = arrived(rates="each", optimizers="gradient_descent,adam", steps="50")
    race = shown.race
    assert [slider.key for slider in race.sliders if slider.key.endswith("lr")] == ["gradient_descent.lr", "adam.lr"]
    assert "adam.lr" not in race.sweeps["gradient_descent"].keys
    before = shown.points("gradient_descent")
    np.testing.assert_array_equal(shown.points("gradient_descent", **{"adam.lr": 0.5}), before)
    for rate in (0.001, 0.5):
        expected = descend(OPTIMIZERS["adam"], race.problem.landscape, before[0], 50, lr=rate).points
        np.testing.assert_allclose(shown.points("adam", **{"adam.lr": rate}), expected, rtol=1e-12)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_schedule_is_the_rate_at_every_step(schedule):
    """Gradient descent's strides over the gradient are its rates."""
    shown = arrived(landscape="bowl", optimizers="gradient_descent", schedule=schedule, lr="0.05", steps="100")
    path = shown.points("gradient_descent")
    rates = (path[:-1, 0] - path[1:, 0]) / (2 * path[:-1, 0])
    expected = 0.05 * SCHEDULES[schedule].factor(np.arange(100), 100)
    np.testing.assert_allclose(rates, expected, rtol=1e-6, atol=1e-10)


def test_weight_decay_moves_all_but_those_that_have_their_own():
    plain = arrived(optimizers="gradient_descent,adamw", steps="50", lr="0.01")
    decayed = arrived(optimizers="gradient_descent,adamw", steps="50", lr="0.01", decay="1")
    np.testing.assert_array_equal(decayed.points("adamw"), plain.points("adamw"))
    first = plain.points("gradient_descent")[0]
    decayed = decayed.points("gradient_descent")[1] - plain.points("gradient_descent")[1]
    np.testing.assert_allclose(decayed, -0.01 * 1.0 * first, rtol=1e-9)


# --- starts anywhere ---

TYPED = {
    "between the frames": {"x": "-2.345", "y": "1.111"},
    "beside the first start": {"x": "-2.3", "y": "1.9"},
    "at the rim": {"x": "-3", "y": "3"},
    "beside the rim": {"x": "-2.95", "y": "2.97"},
    "at a minimum": {"x": "0", "y": "0"},
}


@pytest.mark.parametrize("place", TYPED)
def test_a_start_anywhere_is_where_the_runs_begin(place):
    shown = arrived(**TYPED[place])
    x, y = (float(text) for text in TYPED[place].values())
    for key in shown.race.optimizers:
        assert tuple(shown.points(key)[0]) == (x, y)
        assert tuple(shown.points(key, lr=0.001)[0]) == (x, y)
    handle = next(one for one in shown.stage.handles if (one.x, one.y) == ("x", "y"))
    mark = {
        track.attribute: float(np.squeeze(track.live.row(shown.values)))
        for track in shown.stage.tracks
        if track.trace == handle.trace
    }
    assert (mark["x"], mark["y"]) == (x, y)


@pytest.mark.parametrize("place", TYPED)
def test_around_any_start_all_places_can_still_be_reached_and_the_default_is_known(place):
    """The stage has its sliders with a frame at the start; the ends and where they start from must not move: the
    browser keeps to the ends, and leaves out of the address what is at its start."""
    shown = arrived(**TYPED[place])
    usual = {slider.key: slider for slider in shown.view.choose(**shown.choice).picture.sliders}
    for slider in shown.stage.sliders:
        own = usual[slider.key]
        assert (np.diff(slider.values) > 0).all()
        assert tuple(slider.values[[0, -1]]) == tuple(own.values[[0, -1]])
        assert slider.values[slider.start] == own.values[own.start]
        if slider.key in shown.values:
            assert shown.values[slider.key] in slider.values


@pytest.mark.parametrize("words", [{}, {"view": "line"}, {"view": "line", "data": "income"}, {"view": "classifier"},
                                   {"view": "line", "data": "made"}, {"view": "network"}], ids=str)  # fmt: skip
def test_the_mark_can_be_left_at_every_corner(words):
    """The browser keeps it within the ends and says where it is to four digits; that must be a place in the window."""
    view = VIEWS[f"{words.get('view', 'textbook')}_race"]
    choice = view.defaults | {name: word for name, word in words.items() if name != "view"}
    for slider in (slider for slider in view.choose(**choice).picture.sliders if slider.continuous):
        for end in slider.values[[0, -1]]:
            sent = float(f"{end:.4g}")
            assert slider.values[0] <= slider.read(f"{sent:g}") <= slider.values[-1]


@pytest.mark.parametrize(
    ("words", "outcomes"),
    [
        ({"landscape": "saddle", "x": "0", "y": "0"}, {Outcome.SADDLE}),
        ({"landscape": "bowl", "x": "0", "y": "0"}, {Outcome.CONVERGED}),
        ({"landscape": "himmelblau", "x": "3", "y": "2"}, {Outcome.CONVERGED}),
        ({"landscape": "styblinski_tang", "x": "-2.904", "y": "2.747"}, {Outcome.LOCAL_MINIMUM}),
        ({"landscape": "rastrigin", "x": "0", "y": "0"}, {Outcome.CONVERGED}),
    ],
)
def test_who_starts_at_a_critical_point_stays_and_is_told_so(words, outcomes):
    shown = arrived(**words, optimizers="gradient_descent,momentum", lr="0.001")
    assert set(shown.outcomes.values()) == outcomes
    assert len(payload(shown.stage)) < 700_000
    span = np.ptp(shown.race.problem.landscape.window, axis=1)
    for key in shown.race.optimizers:
        assert (np.ptp(shown.points(key), axis=0) < 0.01 * span).all()
    assert np.isfinite(shown.stage.figure.layout.yaxis2.range).all()


# --- rates at both ends, and what overflows ---


@pytest.mark.parametrize("rate", [RATES[0], RATES[-1]])
@pytest.mark.parametrize("words", [{}, {"view": "line"}, {"view": "classifier"}], ids=str)
def test_the_smallest_and_the_largest_rate(rate, words):
    shown = arrived(**words, lr=f"{rate:g}", optimizers="gradient_descent,momentum,adam", steps="100")
    assert shown.values == {"lr": rate}
    if rate < 1e-3:
        assert set(shown.outcomes.values()) <= {Outcome.SLOW, Outcome.NOT_CONVERGED}
    elif not words:
        assert shown.outcomes["gradient_descent"] == shown.outcomes["momentum"] == Outcome.DIVERGED
    assert len(payload(shown.stage)) < 700_000


@pytest.mark.parametrize("landscape", ["goldstein_price", "beale", "rosenbrock", "himmelblau"])
def test_where_it_overflows_the_finite_part_is_drawn_and_it_is_said(landscape):
    shown = arrived(landscape=landscape, lr="1", optimizers="gradient_descent,momentum,adam")
    stage = shown.stage
    for key in ("gradient_descent", "momentum"):
        assert shown.outcome(key) == Outcome.DIVERGED
        points = shown.points(key)
        assert not np.isfinite(points[-1]).all()
        known = np.isfinite(points).all(axis=1)
        count = int(known.argmin())
        assert count > 1
        drawn = np.stack(path(shown, key, shown.values), -1)
        np.testing.assert_array_equal(drawn[:count], points[:count])
        assert not np.isinf(drawn).any()
        assert np.isnan(drawn[count:]).any(axis=1).all()
        heights = stage.drawn(OPTIMIZERS[key].name, "y", "y2")[0].row(shown.values)
        assert not np.isinf(heights).any()
    assert "diverged" in shown.summary.lower()
    assert "learning rate 1 is above" in shown.summary
    for name in ("yaxis2", "yaxis3"):
        low, high = stage.figure.layout[name].range
        assert np.isfinite([low, high]).all()
        assert low < high
    assert len(payload(stage)) < 700_000
    values = stage.table(shown.values)
    assert len(values["height"]) == 3 * 201


# --- every kind of landscape, with as many as a picture holds ---


CROWDS = [{"landscape": key, "optimizers": ",".join(several)} for key in LANDSCAPES for several in ALL_AT_ONCE]
CROWDS.append({"condition": "34", "optimizers": "gradient_descent"})


@pytest.fixture(scope="module", params=CROWDS, ids=lambda words: "-".join(words.values())[:40])
def crowd(request) -> Shown:
    """As many as a picture holds, on each landscape."""
    return arrived(**request.param)


def test_eight_optimizers_make_a_picture(crowd):
    assert len(payload(crowd.stage)) <= 700_000
    assert crowd.summary.endswith(".")


def test_whoever_is_gone_is_never_said_to_be_there(crowd):
    """However far a path has gone, on any landscape, at any rate."""
    race = crowd.race
    with np.errstate(all="ignore"):
        away = np.linalg.norm(race.descent.points[-1] - race.descent.points[0], axis=-1)
    gone = ~(away < 1e8) | ~np.isfinite(race.descent.values[-1])
    good = np.isin(
        race.outcomes.code,
        (Outcome.CONVERGED, Outcome.LOCAL_MINIMUM, Outcome.NOT_CONVERGED, Outcome.SLOW, Outcome.PLATEAU),
    )
    wrong = np.argwhere(gone & good)
    assert not len(wrong), [
        (race.optimizers[n], float(race.settings["lr"][n, run]), race.outcomes.sentence((n, run)))
        for n, run in wrong[:5]
    ]


def test_whoever_is_said_to_be_there_is_there(crowd):
    """At a lowest minimum, to a hundredth of the window, or lower still, outside; whatever happened on the way."""
    race, found = crowd.race, crowd.race.problem.landscape
    there = race.outcomes.code == Outcome.CONVERGED
    if not found.minima:
        assert not there.any()
        return
    span = np.ptp(found.window, axis=1)
    ends = race.descent.points[-1][there]
    least = min(found.value(point) for point in found.minima)
    lowest = np.array([point for point in found.minima if found.value(point) < least + 1e-9])
    apart = np.linalg.norm((ends[:, None] - lowest) / span, axis=-1).min(axis=1)
    wrong = np.argwhere(there)[(apart > 0.01) & ~(race.descent.values[-1][there] < least)]
    assert not len(wrong), [
        (race.optimizers[n], float(race.settings["lr"][n, run]), race.descent.points[-1, n, run].tolist(),
         float(race.heights[0, n, run]), float(race.heights[-1, n, run]))
        for n, run in wrong[:5]
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        {"landscape": "rosenbrock"},
        {},
        {"view": "line", "loss": "asymmetric_squared"},
        {"view": "network"},
        {"view": "classifier", "loss": "focal"},
    ],
    ids=lambda words: "-".join(words.values()) or "ravine",
)
def test_six_optimizers_in_700_kilobytes(words):
    shown = arrived(**words, optimizers="gradient_descent,momentum,nesterov,adagrad,rmsprop,adam")
    assert len(payload(shown.stage)) <= 700_000


LINE_LOSSES, SCORE_LOSSES = (list(VIEWS[view].param("loss").options) for view in ("line_race", "classifier_race"))
FITTED = [
    *({"view": "line", "loss": loss} for loss in LINE_LOSSES),
    *({"view": "classifier", "loss": loss} for loss in SCORE_LOSSES),
    {"view": "line", "data": "made", "norm": "l1"},
    {"view": "line", "data": "income", "norm": "l2"},
    {"view": "classifier", "data": "separable"},
    {"view": "classifier", "data": "blobs", "norm": "l1"},
]


@pytest.mark.parametrize("words", FITTED, ids=lambda words: "-".join(words.values()))
def test_every_loss_makes_a_race(words):
    shown = arrived(**words, optimizers="gradient_descent,adam", steps="50")
    assert len(payload(shown.stage)) < 700_000
    assert shown.summary.endswith(".")


def test_the_race_itself_is_one_batch():
    """One call of the landscape's gradient a step, for all optimizers, rates and starts."""
    shown = arrived(optimizers="gradient_descent,momentum,nesterov,adagrad,rmsprop,adam", landscape="rosenbrock")
    race, called = shown.race, []
    landscape = race.problem.landscape
    bare = landscape.at()

    def grad(points):
        called.append(points.shape)
        return bare.grad(points)

    surface = replace(bare, grad=grad)
    watched = replace(race, problem=replace(race.problem, landscape=Watched(surface)))
    watched.__dict__["settings"], watched.__dict__["typical"] = race.settings, race.typical
    points = watched.descent.points
    np.testing.assert_array_equal(points, race.descent.points)
    assert len(called) <= race.steps + 2
    assert called[-1] == points.shape[1:]


class Watched:
    """A landscape whose surface is this one."""

    def __init__(self, surface):
        self.surface = surface
        self.examples = 0

    def at(self, **_):
        return self.surface


# --- bad input ---


@pytest.fixture(scope="module")
def client():
    with TestClient(Starlette(routes=routes(VIEWS, unknown, Payloads(Store(2**22))))) as opened:
        yield opened


BAD = {
    "lr": ["0", "-1", "1e30", "nan", "inf", "-inf", "9", "1e-6", "", "fast", "0.1,0.2", "9" * 300],
    "x": ["-3.01", "40", "1e30", "nan", "-1e300", "left"],
    "y": ["3.5", "nan"],
    "beta": ["1", "-0.1", "nan"],
    "noise": ["-1", "2"],
    "condition": ["0", "1e9"],
    "step": ["-1", "201", "nan"],
    "adam.lr": ["0.1"],  # here all have one rate
    "optimizers": ["", "sgd", "adam,adam", EVERYBODY],
    "steps": ["0", "1000", "-1"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_a_bad_word_is_answered_with_one_sentence(client, name, text):
    view = VIEWS["textbook_race"]
    query = dict(pair.split("=") for pair in view.choose().address.split("&")) | {name: text}
    for address in ("/view/textbook_race", "/save/textbook_race.csv"):
        answer = client.get(address, params=query)
        assert answer.status_code == 400
        assert answer.text.startswith("400: ")
        assert name in answer.text
        assert "\n" not in answer.text
        assert len(answer.text) < 700


def test_the_same_words_are_the_same_bytes_and_a_place_of_their_own(client):
    view = VIEWS["textbook_race"]
    query = dict(pair.split("=") for pair in view.choose().address.split("&"))
    around = {"x": "-2.345", "lr": "0.05"}
    one, other = (client.get("/view/textbook_race", params=query | words) for words in (around, {}))
    assert one.status_code == other.status_code == 200
    assert one.content != other.content
    assert client.get("/view/textbook_race", params=query | around | {"x": "-2.3450"}).content == one.content


@pytest.mark.parametrize("words", [{}, {"condition": "45", "optimizers": "gradient_descent", "lr": "8", "y": "1.2"}])
def test_the_axis_of_final_losses_reaches_down_to_the_lowest_of_all_rates(words):
    """Also where the run at the centre diverges: its own losses fill the other panel alone."""
    shown = arrived(**words)
    finals = np.concatenate([shown.final_losses(key) for key in shown.race.optimizers])
    lowest = max(finals[np.isfinite(finals) & (finals > 0)].min(), shown.race.heights[0, 0, 0] * 10.0**-LOSS_DECADES)
    low, high = shown.stage.figure.layout.yaxis3.range
    assert low < np.log10(lowest) < high
    assert low < np.log10(shown.race.heights[0, 0, 0]) < high
