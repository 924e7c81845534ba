"""/loss-curves: its address is its save file, its text follows the sliders, its tabs keep what was chosen."""

import pytest

from core.losses import LOSSES
from core.losses.equivalents import LIBRARIES
from tests.pages.site import assert_restored, cards, complaints, open_tab, opened, ran, reloaded, stages

LINKS = {
    "compare": {
        "losses": "quantile,huber,tukey", "scale": "normalised", "curvature": "on", "huber.delta": "2.5",
        "quantile.tau": "0.25", "probe": "-1.5", "code": "optax",
    },
    "compare-binary": {
        "losses": "focal,hinge", "x": "probability", "truth": "0", "scale": "log", "focal.gamma": "5", "probe": "0.25",
        "code": "keras",
    },
    "fit": {
        "losses": "absolute_error,huber", "outlier": "5", "outliers": "4", "huber.delta": "0.85",
        "code": "scikit-learn",
    },
    "fit-made": {"losses": "squared_error", "seed": "17", "outlier": "-9", "outliers": "1"},
}  # fmt: skip


@pytest.mark.parametrize("place", LINKS)
def test_a_link_restores_every_choice(place):
    assert_restored(place, LINKS[place])


def test_defaults_are_left_out_of_the_address():
    site = opened("compare", losses="squared_error,absolute_error,huber", scale="raw", probe="3", view="compare",
                  family="regression", code="none", **{"huber.delta": "1"})  # fmt: skip
    assert complaints(site) == []
    assert site.query_params == {}


def test_losses_come_in_their_own_order_however_the_link_names_them():
    site = opened("compare", losses="huber,squared_error")
    assert site.query_params == {"losses": "squared_error,huber"}


def test_a_value_between_two_frames_becomes_the_nearest():
    site = opened("compare", **{"huber.delta": "2.51"})
    assert site.query_params == {"huber.delta": "2.5"}
    assert complaints(site) == []


@pytest.mark.parametrize("delta", [0.05, 0.35, 2.5, 5.0])
def test_a_release_is_in_the_address_the_formula_and_the_code(delta):
    site = reloaded(opened("compare", code="pytorch"), **{"huber.delta": delta})
    assert site.query_params == {"huber.delta": f"{delta:g}", "code": "pytorch"}
    assert f"$$L = {LOSSES['huber'].formula_at(delta=delta)}$$" in cards(site)
    assert LOSSES["huber"].code("PyTorch", delta=delta) in cards(site)


def test_a_release_at_the_start_leaves_the_address():
    site = reloaded(opened("compare", **{"huber.delta": "2"}), probe=-1.0)
    assert site.query_params == {"probe": "-1"}  # the browser says what is not at its start: delta has gone back


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 500.0, 1e300])
def test_a_release_that_no_slider_can_make_is_refused_quietly(value):
    site = reloaded(opened("compare"), **{"huber.delta": value, "nonsense": 1.0})
    assert site.query_params == {}
    assert len(complaints(site)) == 1


def test_python_moves_the_browsers_sliders_only_when_somebody_arrives():
    site = opened("compare", **{"huber.delta": "2"})
    navigation = stages(site)[0]["navigation"]
    site.segmented_control(key="regression_curves.scale").set_value("log")
    ran(site.run())
    assert stages(site)[0]["navigation"] == navigation
    site.query_params = {"huber.delta": "4"}  # the Back button, or a link
    ran(site.run())
    assert stages(site)[0]["values"] == {"huber.delta": 4.0}
    assert stages(site)[0]["navigation"] == navigation + 1
    assert site.query_params == {"huber.delta": "4"}


def test_adding_a_loss_keeps_what_was_released():
    site = reloaded(opened("compare"), **{"huber.delta": 2.0, "probe": -1.0})
    site.multiselect(key="regression_curves.losses").set_value(["squared_error", "huber", "quantile"])
    ran(site.run())
    assert site.query_params == {"losses": "squared_error,quantile,huber", "huber.delta": "2", "probe": "-1"}
    assert stages(site)[0]["values"] == {"huber.delta": 2.0, "probe": -1.0}


def test_a_loss_that_is_taken_away_takes_its_slider_along():
    site = reloaded(opened("compare"), **{"huber.delta": 2.0})
    site.multiselect(key="regression_curves.losses").set_value(["squared_error"])
    ran(site.run())
    assert site.query_params == {"losses": "squared_error"}
    assert complaints(site) == []


def test_switching_tabs_and_families_keeps_choices():
    site = reloaded(opened("compare", scale="log"), **{"huber.delta": 2.0})
    site.segmented_control(key="view.family").set_value("binary")
    ran(site.run())
    assert site.query_params == {"family": "binary"}
    open_tab(site, "Fitted lines")
    assert site.query_params == {"view": "fit"}
    site.multiselect(key="tips_fit.losses").set_value(["huber"])
    reloaded(ran(site.run()), outlier=5.0)
    assert site.query_params == {"view": "fit", "losses": "huber", "outlier": "5"}
    open_tab(site, "Worked examples")
    assert site.query_params == {"view": "examples"}
    assert stages(site) == []
    open_tab(site, "Compare")
    assert site.query_params == {"family": "binary"}
    site.segmented_control(key="view.family").set_value("regression")
    ran(site.run())
    assert site.query_params == {"scale": "log", "huber.delta": "2"}
    open_tab(site, "Fitted lines")
    assert site.query_params == {"view": "fit", "losses": "huber", "outlier": "5"}
    assert complaints(site) == []


def test_leaving_for_another_page_and_coming_back_by_the_menu_starts_anew():
    site = opened("compare", scale="log")
    site.switch_page("home.py")
    site.query_params = {}
    ran(site.run())
    site.switch_page("loss_curves.py")
    ran(site.run())
    assert site.query_params == {}
    assert "scale=raw" in stages(site)[0]["payload"]


@pytest.mark.parametrize("place", ["compare", "compare-binary", "fit", "fit-made"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_a_card_for_each_loss_and_code_or_a_word_about_it(place, library):
    site = opened(place, code=library.lower())
    losses = [LOSSES[key] for key in stages(site)[0]["payload"].partition("losses=")[2].partition("&")[0].split(",")]
    for loss in losses:
        assert f"#### {loss.name}\n" in cards(site)
        assert (f"# {library} has no such loss." in cards(site)) >= (library not in loss.equivalents)
    assert cards(site).count("```python") == len(losses)
    assert "```python" not in cards(opened(place))


def test_worked_examples_are_all_there():
    text = cards(opened("examples"))
    for title in ("Three houses", "Four predictions", "Four classified", "Errors from −3 to 3"):
        assert f"#### {title}\n" in text
    assert "MSE = 1,000,000,000**; some articles wrongly print 1,033,333,333" in text


def test_all_at_once_is_offered_only_where_all_fit_and_nothing_chosen_is_said():
    site = opened("compare")
    (box,) = site.multiselect
    assert 0 < box.proto.max_selections < len(box.options)
    assert box.proto.select_all < 2  # Streamlit would take the first of them, and not say so
    before = stages(site)[0]["payload"]
    ran(box.set_value([]).run())
    assert stages(site)[0]["payload"] == before
    assert box.proto.placeholder == "None chosen: the last ones stay"
