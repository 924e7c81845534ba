"""/gradient-descent: its address is its save file, its cards follow the sliders, its links lead to what they say."""

import functools
from dataclasses import fields

import pytest

from core.descent import MINIMISERS, Minimiser
from core.descent.outcome import Outcome
from core.optimizers import OPTIMIZERS, SCHEDULES, Optimizer, Schedule
from core.record import Source
from core.stage.files import version
from core.views import VIEWS
from core.views.gradient_descent.presets import PRESETS
from core.views.gradient_descent.views import MAX_OPTIMIZERS
from tests.pages.site import assert_restored, cards, complaints, open_tab, opened, ran, reloaded, stages
from tests.views.gradient_descent.races import race_of

LINKS = {
    "race": {
        "landscape": "himmelblau", "optimizers": "gradient_descent,adam,lion", "schedule": "cosine", "decay": "0.1",
        "steps": "100", "scale": "linear", "lr": "0.01", "x": "-1.234", "y": "3.21", "step": "17", "noise": "0.2",
        "beta": "0.5", "code": "pytorch",
    },
    "race-line": {"data": "income", "loss": "squared_error", "norm": "l2", "batch": "8", "lr": "0.2", "step": "3"},
    "race-classifier": {"data": "blobs", "loss": "focal", "focal.gamma": "5", "optimizers": "momentum", "beta": "0.99"},
    "race-network": {"plane": "path", "optimizers": "adam", "batch": "32"},
    "step": {"landscape": "rosenbrock", "optimizer": "nadam", "lr": "0.01", "step": "7"},
    "starts": {"landscape": "beale", "runners": "adam,bfgs", "rate": "all"},
}  # fmt: skip


@pytest.mark.parametrize("place", LINKS)
def test_a_link_restores_every_choice(place):
    assert_restored(place, LINKS[place])


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_link_that_is_read_in_full(name):
    preset = PRESETS[name]
    site = opened("race", **preset.address)
    assert complaints(site) == []
    view = VIEWS["textbook_race"]
    usual = {param.name: param.write(param.default) for param in view.params}
    kept = {word: text for word, text in preset.address.items() if text != usual.get(word)}
    assert site.query_params == kept
    assert len(stages(site)) == 1


def test_what_is_released_is_in_the_address():
    site = reloaded(opened("race"), x=1.234, lr=0.02, step=40.0)
    assert site.query_params == {"lr": "0.02", "x": "1.234", "step": "40"}
    (stage,) = stages(site)
    assert stage["values"] == {"lr": 0.02, "x": 1.234, "step": 40.0}


def test_a_start_that_was_typed_stays_when_something_else_is_moved():
    """As the browser does: it sends all values that are not at their start."""
    site = reloaded(opened("race"), x=-2.3)
    site = reloaded(site, x=-2.3, lr=0.02)
    assert site.query_params == {"lr": "0.02", "x": "-2.3"}


BAD = {
    "rate nought": {"lr": "0"},
    "rate negative": {"lr": "-1"},
    "rate huge": {"lr": "1e30"},
    "rate no number": {"lr": "nan"},
    "rate infinite": {"lr": "inf"},
    "start outside": {"x": "40"},
    "start nowhere": {"y": "nan"},
    "start far away": {"x": "-1e300"},
    "too many steps": {"steps": "5000"},
    "an optimizer that is none": {"optimizers": "sgd"},
    "a rate of its own where all share one": {"adam.lr": "0.1"},
    "a landscape that is none": {"landscape": "rosenbrok"},
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_read_falls_back_and_is_said_once(bad):
    site = opened("race", **BAD[bad])
    (complaint,) = complaints(site)
    assert len(complaint) < 700
    view = VIEWS["textbook_race"]
    assert stages(site)[0]["payload"] == f"/view/textbook_race?{view.choose().address}&v={version()}"
    assert stages(site)[0]["values"] == {}
    assert site.query_params == {}
    assert complaints(ran(site.run())) == []


@pytest.mark.parametrize("x", [float("nan"), 1e30, -3.2])
def test_a_start_that_no_mark_can_have_is_refused_quietly(x):
    site = reloaded(opened("race"), x=x)
    assert site.query_params == {}
    assert len(complaints(site)) == 1


def test_a_start_that_another_landscape_has_no_room_for_is_let_go():
    site = reloaded(opened("race", landscape="booth"), x=7.5, y=-1.0)
    site.selectbox(key="textbook_race.landscape").set_value("six_hump_camel")
    ran(site.run())
    assert site.query_params == {"landscape": "six_hump_camel", "y": "-1"}
    assert complaints(site) == []


def test_a_card_for_each_optimizer_with_the_numbers_of_the_sliders():
    site = opened("race", optimizers="momentum,adam", code="torch", lr="0.05", beta="0.5")
    for key, params in (("momentum", {"lr": 0.05, "momentum": 0.5}), ("adam", {"lr": 0.05, "beta1": 0.5})):
        optimizer = OPTIMIZERS[key]
        assert f"#### {optimizer.name}\n" in cards(site)
        assert optimizer.formula_at(**params) in cards(site)
        assert optimizer.torch_at(**params) in cards(site)
    released = reloaded(site, lr=0.2, beta=0.9)
    assert OPTIMIZERS["adam"].formula_at(lr=0.2, beta1=0.9) in cards(released)


@functools.cache
def everything():
    """What stands on the page, in all, wherever a record can be chosen; as the browser gets it, pictures aside."""
    shown = []
    for first in range(0, len(OPTIMIZERS), MAX_OPTIMIZERS):
        some = ",".join(list(OPTIMIZERS)[first : first + MAX_OPTIMIZERS])
        shown.append(cards(opened("race", optimizers=some, code="torch", steps="50")))
    shown += [cards(opened("race", schedule=key, optimizers="adam", steps="50")) for key in SCHEDULES]
    shown.append(cards(opened("starts", runners=",".join(MINIMISERS), rate="all")))
    return "\n".join(shown)


def texts(record):
    """Every text of a record that is meant to be read: its fields of words, and its source."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, str) and value and field.name not in ("key", "short", "template", "torch", "optax"):
            yield value
        elif isinstance(value, Source):
            yield str(value)
    if isinstance(record, Minimiser):
        yield from (record.formula, record.scipy)
    elif isinstance(record, Schedule):
        yield record.formula_at()


@pytest.mark.parametrize(
    "record",
    [*OPTIMIZERS.values(), *MINIMISERS.values(), *SCHEDULES.values()],
    ids=lambda one: f"{type(one).__name__}-{one}",
)
def test_every_text_of_every_record_is_shown_where_it_is_chosen(record):
    for text in texts(record):
        assert text in everything()
    if isinstance(record, Optimizer) and record.torch:
        assert f"torch.optim.{record.torch.removeprefix('torch.optim.').partition('(')[0]}([x]" in everything()


@pytest.mark.parametrize("key", MINIMISERS)
def test_the_name_in_the_table_is_the_records(key):
    stage = VIEWS["textbook_starts"].choose(**{"runners": (key,)}).stage
    assert [reading.name for reading in stage.readings] == [MINIMISERS[key].short]


def test_the_step_and_the_starts_have_cards_too():
    step = cards(opened("step", optimizer="nadam", schedule="cosine"))
    assert OPTIMIZERS["nadam"].watch in step
    assert SCHEDULES["cosine"].about in step
    starts = cards(opened("starts", runners="adam,bfgs"))
    assert OPTIMIZERS["adam"].formula in starts
    assert "#### BFGS (SciPy)" in starts
    assert MINIMISERS["cg"].about not in starts


def test_theory_stands_where_the_landscape_is_quadratic_and_follows_its_condition():
    text = cards(opened("race"))
    assert "a condition number κ of 20." in text
    assert "stable up to the learning rate 2 / 20 = 0.1," in text
    assert "fastest at 2 / (1 + 20) = 0.09524," in text
    assert "each step multiplies the distance by 0.9048" in text  # (20 - 1) / (20 + 1)
    # 4 / (1 + √20)², ((√20 - 1) / (√20 + 1))², its root
    assert "0.1336 with β = 0.4026, where it multiplies the distance by 0.6345" in text
    assert "κ of 100." in cards(opened("race", condition="100"))
    assert "condition number" not in cards(opened("race", landscape="rosenbrock"))


def soonest(race, key):
    """The rate of the sweep at which an optimizer converges first; each of these converges at some."""
    found = {}
    for rate in race.rates:
        at = race.at(key, {f"{key}.lr": rate})
        if race.outcomes.code[at] == Outcome.CONVERGED:
            found[rate] = race.outcomes.step[at]
    return next(rate for rate, step in found.items() if step == min(found.values()))


def test_each_at_its_best_rate_is_one_press_away():
    """The button is the stage's; a browser test presses it."""
    view = VIEWS["textbook_race"]
    choice = view.choose(rates="each", optimizers=("gradient_descent", "adam"))
    (action,) = [card.action for card in choice.stage.cards if card.action]
    race = race_of(choice)
    assert action.label == "Set each to its best learning rate"
    assert {key: live.row() for key, live in action.sets.items()} == {
        f"{key}.lr": soonest(race, key) for key in race.optimizers
    }
    assert not [card.action for card in view.choose().stage.cards if card.action]


def test_a_link_of_an_earlier_version_asks_for_code_in_its_own_word():
    assert opened("race", code="torch").query_params == {"code": "pytorch"}


def test_switching_tabs_and_what_is_shown_keeps_choices():
    site = reloaded(opened("race", optimizers="adam"), lr=0.02)
    open_tab(site, "A line")
    assert site.query_params == {"view": "line"}
    site.selectbox(key="line_race.loss").set_value("squared_error")
    ran(site.run())
    open_tab(site, "Textbook")
    assert site.query_params == {"optimizers": "adam", "lr": "0.02"}
    site.segmented_control(key="view.show").set_value("step")
    ran(site.run())
    assert site.query_params["show"] == "step"
    site.segmented_control(key="view.show").set_value("race")
    ran(site.run())
    assert site.query_params == {"optimizers": "adam", "lr": "0.02"}
    open_tab(site, "A line")
    assert site.query_params == {"view": "line", "loss": "squared_error"}


def test_another_optimizer_keeps_what_was_released():
    site = reloaded(opened("race"), lr=0.02, x=1.5)
    site.multiselect(key="textbook_race.optimizers").set_value(["adam", "lion"])
    ran(site.run())
    assert site.query_params == {"optimizers": "adam,lion", "lr": "0.02", "x": "1.5"}


def test_each_its_own_rate_and_back():
    site = opened("race", rates="each", optimizers="gradient_descent,adam", **{"adam.lr": "0.5"})
    assert complaints(site) == []
    site.segmented_control(key="textbook_race.rates").set_value("all")
    ran(site.run())
    assert site.query_params == {"optimizers": "gradient_descent,adam"}
    assert complaints(site) == []
