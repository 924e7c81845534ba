"""The story of the home page: what it asks for can be done, and what it says then is so."""

import numpy as np
import pytest

from core.views import VIEWS
from core.views.home.guess import SHOWN, STEPS, TRUTH
from core.views.home.story import FAR, WRONG
from tests.views.cases import chosen, drawn

STAGE = chosen(VIEWS["guess_the_number"])
FIND, PREDICT, PLAY, OUTLIER, GO = STAGE.story.steps


@pytest.mark.parametrize("step", STAGE.story.steps[:-1])
def test_a_step_waits_until_it_is_done(step):
    assert step.asks != (step.done is not None)
    if step.done:
        assert set(np.unique(step.done.array)) == {0, 1}
        assert not step.done.row({})  # at the start nothing is done yet


def test_the_sliders_that_the_words_name_are_there():
    assert "“Your guess”" in FIND.do
    assert STAGE.slider("guess").label == "Your guess"
    assert PREDICT.sets == {"guess": FAR, "outlier": TRUTH, "step": 0}
    assert f"{FAR:g}" in PREDICT.do
    assert OUTLIER.do.endswith(f"{WRONG:g}.")


def test_at_the_number_every_loss_is_0_and_nearer_is_warmer():
    assert FIND.done.row({"guess": TRUTH})
    assert not FIND.done.row({"guess": TRUTH + 0.1})
    for name in ("MSE", "MAE", "Huber"):
        assert drawn(STAGE, f"{name} guess", 0, {"guess": TRUTH})[1] == 0
    assert FIND.nearness.row({"guess": 4.0}) < FIND.nearness.row({"guess": 3.9}) < FIND.nearness.row({"guess": 6.2})


def test_near_the_number_squared_error_slows_down_and_absolute_error_hops():
    assert PLAY.done.row({"step": STEPS})
    lengths = {}
    for name in ("MSE", "MAE"):
        x, _ = drawn(STAGE, f"{name} steps", 0, {"guess": FAR, "step": float(STEPS)})
        lengths[name] = np.diff(x)[-6:]
    assert np.abs(lengths["MSE"]).max() < 0.01
    assert (np.sign(lengths["MAE"][1:]) == -np.sign(lengths["MAE"][:-1])).all()


def test_the_best_guess_of_squared_error_follows_the_wrong_value_and_that_of_absolute_error_stays():
    assert OUTLIER.done.row({"outlier": WRONG})
    squared, absolute = (drawn(STAGE, f"{name} best guess", 0, {"outlier": WRONG})[0].item() for name in ("MSE", "MAE"))
    assert squared == pytest.approx(TRUTH + (WRONG - TRUTH) / 5)
    assert absolute == TRUTH
    assert "squared_error" in SHOWN


def test_the_last_step_leads_on():
    from pages.site import PAGES

    paths = {page.path for page in PAGES}
    assert GO.links
    assert {link.page for link in GO.links} <= paths
