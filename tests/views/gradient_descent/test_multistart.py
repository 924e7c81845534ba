"""A hundred starts: who converges when, from one run at a time."""

import numpy as np
import pytest

from core.descent import MINIMISERS, descend
from core.descent.multistart import LIVE, NEAR, runner
from core.landscapes import LANDSCAPES
from core.optimizers import OPTIMIZERS
from core.views import VIEWS
from core.views.gradient_descent.multistart_figure import multistart
from core.views.gradient_descent.problems import KINDS
from core.views.gradient_descent.sliders import RATE
from tests.views.cases import number

MOST = 60
RUNNERS = ("gradient_descent", "adam", "bfgs", "nelder-mead")


def starts(landscape="styblinski_tang", runners=RUNNERS, rate=LIVE, kind="textbook", **choice):
    words = {"landscape": landscape} if kind == "textbook" else choice
    return multistart(KINDS[kind].problem(words), runners, rate, MOST).starts


@pytest.fixture(scope="module")
def tang():
    return starts()


def test_starts_stand_evenly_over_the_picture(tang):
    assert tang.points.shape == (100, 2)
    for axis, (low, high) in enumerate(LANDSCAPES["styblinski_tang"].window):
        places = np.unique(np.round(tang.points[:, axis], 9))
        assert len(places) == 10
        assert low < places[0] < places[-1] < high
        np.testing.assert_allclose(np.diff(places), np.diff(places)[0])


def test_there_is_near_the_lowest_of_several_minima(tang):
    landscape = LANDSCAPES["styblinski_tang"]
    heights = landscape.value(np.array(landscape.minima))
    assert tang.lowest == pytest.approx(heights.min())
    above = np.median(landscape.value(tang.points)) - tang.lowest
    assert tang.bound == pytest.approx(tang.lowest + NEAR * above)
    assert sorted(heights)[1] > tang.bound  # no other minimum counts


@pytest.mark.parametrize("key", ["gradient_descent", "adam"])
@pytest.mark.parametrize("place", [0, 37, 99])
def test_an_optimizer_arrives_when_its_own_run_does(tang, key, place):
    for frame, rate in enumerate(tang.rates):
        run = descend(OPTIMIZERS[key], LANDSCAPES["styblinski_tang"], tang.points[place], MOST, lr=float(rate))
        below = [value <= tang.bound for value in run.values]
        expected = next((step for step in range(MOST + 1) if all(below[step:])), np.inf)
        assert tang.reached[key][frame, place] == expected


@pytest.mark.parametrize("key", ["bfgs", "nelder-mead"])
@pytest.mark.parametrize("place", [0, 37, 99])
def test_a_minimiser_arrives_after_all_that_it_has_asked(tang, key, place):
    run = MINIMISERS[key].run(LANDSCAPES["styblinski_tang"], tang.points[place], MOST)
    below = [value <= tang.bound for value in run.values]
    first = next((step for step in range(len(below)) if all(below[step:])), None)
    expected = np.inf if first is None else run.evaluations.total[first]
    assert (tang.reached[key][:, place] == expected).all()  # a learning rate is nothing to it


def test_the_best_rate_arrives_most_often_and_then_soonest(tang):
    for key in ("gradient_descent", "adam"):
        often = np.isfinite(tang.reached[key]).sum(axis=1)
        assert often[tang.best[key]] == often.max()
    best = starts(rate="best")
    np.testing.assert_array_equal(best.shown["adam"], tang.reached["adam"][[tang.best["adam"]]])


def test_the_sentence_counts_right(tang):
    frame = tang.best["gradient_descent"]
    counts = {key: int(np.isfinite(own[frame]).sum()) for key, own in tang.reached.items()}
    assert f"from {max(counts.values())} of 100 starts" in tang.sentence(frame)
    slow = starts(runners=("gradient_descent",))
    assert slow.sentence(0) == f"No optimizer converges within {MOST} evaluations at this learning rate."


def test_nobody_is_said_to_fail_at_a_rate_that_it_does_not_have():
    problem = KINDS["textbook"].problem({"landscape": "rosenbrock"})
    slow, rateless = (multistart(problem, (key,), "best", 3).starts for key in ("adam", "nelder-mead"))
    assert slow.sentence(0) == "No optimizer converges within 3 evaluations at any of the learning rates tried."
    assert rateless.sentence(0) == "No optimizer converges within 3 evaluations."


def test_who_is_fastest_at_once_is_named_together():
    """From every start of the quadratic bowl a Newton step is exact, for both."""
    both = starts("bowl", runners=("newton-cg", "trust-exact", "gradient_descent"), rate="best")
    medians = {key: np.median(own[0]) for key, own in both.shown.items()}
    names = [runner(key).name for key, median in medians.items() if median == min(medians.values())]
    assert f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'} the fastest" in both.sentence(0)


def test_where_there_is_no_minimum_nobody_arrives():
    flat = starts("saddle")
    assert not any(np.isfinite(own).any() for own in flat.reached.values())
    assert flat.sentence(0) == "There is no minimum in this window, so no optimizer can reach one."


@pytest.mark.parametrize("rate", [LIVE, "best"])
def test_the_picture_shows_each_start_once(rate):
    view = VIEWS["textbook_starts"]
    choice = view.choose(rate=rate)
    stage = choice.stage
    labels = [f"{runner(key).name} converges first" for key in choice.params["runners"]] + ["none converges"]
    marks = [live for label in labels for live in stage.drawn(label, "x")]
    assert len(marks) == len(labels)
    for value in stage.slider(RATE).values if rate == LIVE else [None]:
        values = {} if value is None else {RATE: float(value)}
        shown = np.stack([live.row(values) for live in marks])
        assert (np.isfinite(shown).sum(axis=0) == 1).all()


def test_shares_rise_to_what_the_table_says():
    view = VIEWS["textbook_starts"]
    stage = view.choose().stage
    for key, reading in zip(view.defaults["runners"], stage.readings, strict=True):
        (line,) = stage.drawn(runner(key).name, "y", "y2")
        share = line.row()
        assert (np.diff(share) >= 0).all()
        assert 100 * share[-1] == pytest.approx(number(reading.cells[0]))
        converged = stage.table({})[f"{key} evaluations"]
        assert np.isfinite(converged).mean() == pytest.approx(share[-1])
        if np.isfinite(converged).any():
            assert np.nanmedian(converged) == number(reading.cells[1])


def test_data_have_starts_too():
    fitted = starts(kind="line", data="tips", loss="squared_error", norm="none", runners=("gradient_descent", "bfgs"))
    assert np.isfinite(fitted.reached["bfgs"]).all()
    assert np.isfinite(fitted.reached["gradient_descent"][fitted.best["gradient_descent"]]).all()
