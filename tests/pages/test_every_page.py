"""Every page runs: as it is, with each control at its extremes, and with any address at all."""

import pytest

from core.stage.files import version
from core.stage.parameters import OwnOrExample, SomeOf
from core.ui.stage import FILES
from core.views import VIEWS
from core.views.gradient_descent.views import BY_KIND
from tests.pages.site import complaints, opened, opened_address, ran, reloaded, stages
from tests.places import PLACES, STAGES

places = pytest.mark.parametrize("place", PLACES)


@places
def test_a_page_at_its_defaults(place):
    site = opened(place)
    assert len(site.title) == 1
    assert complaints(site) == []
    assert site.query_params == PLACES[place].query
    views = [STAGES[place]] if place in STAGES else []  # only the open tab runs
    assert [stage["payload"].partition("?")[0] for stage in stages(site)] == [f"/view/{key}" for key in views]


@pytest.mark.parametrize("place", STAGES)
def test_a_stage_is_told_addresses_and_no_numbers_of_its_curves(place):
    view = VIEWS[STAGES[place]]
    (stage,) = stages(opened(place))
    query = view.choose().address
    assert stage["payload"] == f"/view/{view.key}?{query}&v={version()}"
    assert stage["saves"] == {FILES[kind]: f"/save/{view.key}.{kind}?{query}" for kind in view.saves}
    assert {"HTML", "CSV"} <= set(stage["saves"])
    assert stage["values"] == {}
    scenes = stage.pop("scenes")  # the page's words, whatever is chosen
    assert len(str(stage)) < 2000
    assert len(str(scenes)) < 6500


def widgets(site):
    return {
        widget.key: widget
        for kind in (site.segmented_control, site.multiselect, site.selectbox, site.number_input, site.text_input)
        for widget in kind
    }


def in_widget(param, value):
    """What stands in the widget of a parameter: a typed option as its word, with a field of its own for the text."""
    typed = getattr(param, "typed", None)
    if isinstance(param, SomeOf):
        return [typed.word if typed and typed.holds(one) else one for one in value]
    return typed.word if typed and typed.holds(value) else value


@pytest.mark.parametrize("place", STAGES)
def test_every_control_at_its_extremes(place):
    view = VIEWS[STAGES[place]]
    params = [param for param in view.params if not isinstance(param, OwnOrExample)]  # which has no widget
    site = opened(place)
    closed = set(widgets(site))
    assert {f"{view.state}.{param.name}" for param in params if not param.advanced} <= closed
    assert not closed & {f"{view.state}.{param.name}" for param in view.params if param.advanced}
    if any(param.advanced for param in view.params):
        site.session_state["more"] = True
        ran(site.run())
    assert {f"{view.state}.{param.name}" for param in params} <= set(widgets(site))
    for param in params:
        for value in param.extremes():
            key = f"{view.state}.{param.name}"
            widgets(site)[key].set_value(in_widget(param, value))
            ran(site.run())
            choice = view.defaults | {param.name: value}
            assert stages(site)[0]["payload"] == f"/view/{view.key}?{view.choose(**choice).address}&v={version()}"
            in_address = {} if value == param.default else {param.name: param.write(value)}
            assert site.query_params == PLACES[place].query | in_address
        widgets(site)[key].set_value(list(param.default) if isinstance(param, SomeOf) else param.default)
        ran(site.run())
    assert site.query_params == PLACES[place].query


def test_taking_every_loss_away_shows_the_default_ones():
    site = opened("compare")
    widgets(site)["regression_curves.losses"].set_value([])
    ran(site.run())
    assert "losses=squared_error,absolute_error,huber&" in stages(site)[0]["payload"]
    assert site.query_params == {}


BAD = {
    "unknown": {"colour": "red"},
    "empty name": {"": "1"},
    "payload's version": {"v": "123456"},
    "misspelt": {"losses": "squared_eror"},
    "empty": {"losses": ""},
    "other family's": {"losses": "hinge"},
    "not an option": {"scale": "cubic"},
    "slider out of range": {"huber.delta": "500"},
    "slider negative": {"huber.delta": "-1"},
    "slider not a number": {"huber.delta": "nan"},
    "slider infinite": {"huber.delta": "inf"},
    "slider no number": {"huber.delta": "two"},
    "slider empty": {"huber.delta": ""},
    "slider huge": {"huber.delta": "9" * 5000},
    "slider of a loss that is not shown": {"quantile.tau": "0.3"},
    "slider of another page": {"guess": "3"},
    "huge": {"losses": "x" * 20_000},
    "huge name": {"x" * 20_000: "1"},
    "markdown": {"scale": "**[x](javascript:alert(1))** $x$ :red[x] <script>alert(1)</script>"},
    "markdown name": {"[x](http://example.com)": "1"},
    "control characters": {"scale": "raw\n\n# big\0\x1b"},
    "right to left": {"scale": "\u202eraw"},
    "given twice": {"scale": ["log", "normalised"]},
    "good one given twice": {"huber.delta": ["2", "2"]},
    "unknown tab": {"view": "everything"},
    "unknown family": {"family": "ternary"},
    "unknown library": {"code": "theano"},
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_read_falls_back_and_is_said_once(bad):
    site = opened("compare", **BAD[bad])
    (complaint,) = complaints(site)
    assert len(complaint) < 700
    assert not set(complaint) & set("<>[]*$`#\n\0\x1b\u202e")
    assert "(and" not in complaint
    view = VIEWS["regression_curves"]
    assert stages(site)[0]["payload"] == f"/view/{view.key}?{view.choose().address}&v={version()}"
    assert stages(site)[0]["values"] == {}
    assert site.query_params == {}
    assert complaints(ran(site.run())) == []  # said once, and not again


def options_of(view: str, name: str, *, most: bool = False) -> str:
    """All options of a choice of several, or as many as it takes."""
    param = VIEWS[view].param(name)
    return ",".join(list(param.options)[: param.most if most else None])


PARTLY = {  # place, what is given of a choice of several, and what of it is shown
    "one unknown": ("compare", "losses", "mse,huber,log_cosh", "huber,log_cosh"),
    "another family's": ("compare", "losses", "hinge,huber", "huber"),
    "repeated": ("compare", "losses", "huber,huber", "huber"),
    "a formula that is none": ("compare", "losses", "huber,your_loss:r+", "huber"),
    **{
        f"too many {name} of {view}": (place, name, options_of(view, name), options_of(view, name, most=True))
        for place, view, name in (
            ("compare", "regression_curves", "losses"), ("rare", "imbalance_decisions", "losses"),
            ("race", "textbook_race", "optimizers"),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("partly", PARTLY)
def test_of_a_list_what_can_be_read_counts(partly):
    place, name, given, read = PARTLY[partly]
    site = opened(place, **{name: given})
    assert len(complaints(site)) == 1
    assert f"{name}={read}&" in stages(site)[0]["payload"]
    assert site.query_params == {**PLACES[place].query, name: read}


@places
def test_many_bad_words_make_one_line_and_the_good_ones_count(place):
    site = opened(place, nonsense="1", more="2", **{"scale.": "x"})
    (complaint,) = complaints(site)
    assert complaint.endswith("2 more of its words could not be read.")
    assert site.query_params == PLACES[place].query


@pytest.mark.parametrize("seed", ["-1", "1000", "1.5", "nan", "1e2", "9" * 300, "", "٣"])
def test_a_bad_seed(seed):
    site = opened("fit-made", seed=seed)
    assert len(complaints(site)) == 1
    assert site.number_input(key="made_fit.seed").value == 1
    assert site.query_params == PLACES["fit-made"].query


def test_a_point_that_another_landscape_has_no_room_for_is_let_go():
    far = float(VIEWS["textbook_landscape"].choose(landscape="booth").picture.sliders[0].values[-3])
    site = reloaded(opened("ground", landscape="booth"), x=far)
    assert site.query_params == {"landscape": "booth", "x": f"{far:g}"}
    widgets(site)["textbook_landscape.landscape"].set_value("rosenbrock")
    ran(site.run())
    assert "x" not in site.query_params
    assert complaints(site) == []


PICTURES = [
    *(f"/gradient-descent?show={name}" for name in BY_KIND["textbook"]),
    *(f"/boxes-and-masks?show={name}" for name in ("descent", "starts")),
    "/boxes-and-masks?view=mask&show=descent",
]


@pytest.mark.parametrize("address", PICTURES)
def test_another_tab_opens_whatever_picture_was_chosen_in_this_one(address):
    """Not every picture is in every tab: the first one is shown then."""
    site = opened_address(address)
    tabs = [tab.label for tab in site.tabs]
    for label in (*tabs, *reversed(tabs)):
        site.session_state["tab.view"] = label
        ran(site.run())
        (stage,) = stages(site)
        assert site.query_params.get("show", "") in ("", stage["payload"].split("?")[0].rpartition("_")[2])
