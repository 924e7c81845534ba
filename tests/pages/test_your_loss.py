"""A typed loss in the pickers of every page: it is in the address, and it is there on the next page."""

import pytest

from core.expression.examples import FORMULA_EXAMPLES
from core.views.kit.loss_pickers import FIRST
from tests.pages.site import assert_restored, complaints, opened, ran, stages

STOCK = "where(r < 0, 2, 1) r^2"
CANCER = "10 y softplus(-z) + (1 - y) softplus(z)"
LINKS = {
    "compare": {"losses": f"huber,your_loss:{STOCK}", "huber.delta": "2.5"},
    "compare-binary": {"losses": "focal,your_binary_loss:a max(0, 1 - m)", "your_binary_loss.a": "2"},
    "fit": {"losses": "your_loss:min(r^2, cap)", "your_loss.cap": "5"},
    "ground-line": {"losses": f"absolute_error,your_loss:{STOCK}"},
    "ground-classifier": {"losses": f"your_binary_loss:{CANCER}"},
    "race-line": {"loss": f"your_loss:{STOCK}"},
    "race-classifier": {"loss": f"your_binary_loss:{CANCER}"},
    "rare": {"losses": f"binary_cross_entropy,your_binary_loss:{CANCER}"},
    "training-moons": {"loss": f"your_binary_loss:{CANCER}"},
}


def box(site):
    """The picker of losses."""
    return next(one for one in (*site.multiselect, *site.selectbox) if one.label in ("Losses", "Loss"))


def fields(site):
    return [one for one in site.text_input if one.label == "Formula of your loss"]


@pytest.mark.parametrize("place", LINKS)
def test_a_link_restores_a_typed_loss(place):
    assert_restored(place, LINKS[place])
    site = opened(place, **LINKS[place])
    (field,) = fields(site)
    assert field.value == (LINKS[place].get("loss") or LINKS[place]["losses"]).rpartition(":")[2]
    assert stages(site)[0]["payload"].partition("?")[2]


def test_chosen_in_a_picker_it_has_a_field_that_counts_while_it_is_typed():
    site = opened("compare")
    assert fields(site) == []
    ran(box(site).set_value(["huber", "your_loss"]).run())
    (field,) = fields(site)
    assert field.value == FIRST["regression"]
    ran(field.set_value("|r|^3").run())
    assert site.query_params["losses"] == "huber,your_loss:|r|^3"
    ran(fields(site)[0].set_value("|r").run())
    assert any("is not closed" in text.value for text in site.markdown)
    assert site.query_params["losses"] == "huber,your_loss:|r|^3"
    ran(box(site).set_value(["huber"]).run())
    assert fields(site) == []
    assert site.query_params == {"losses": "huber"}


def test_what_was_typed_on_one_page_is_there_on_the_next():
    site = opened("typed", formula=STOCK)
    site.switch_page("loss_curves.py")
    site.query_params = {"view": "fit"}
    ran(site.run())
    ran(box(site).set_value(["squared_error", "your_loss"]).run())
    assert fields(site)[0].value == STOCK
    assert site.query_params["losses"] == f"squared_error,your_loss:{STOCK}"


@pytest.mark.parametrize(
    ("place", "losses", "why"),
    [
        ("compare", "your_loss:2 (r + 1", "the bracket opened at 3 is not closed"),
        ("fit", "your_loss:log(r)", "it has no finite value"),
        ("ground-line", "your_loss:-r^2", "it has no lower bound"),
        ("rare", "your_binary_loss:3", "its gradient is 0 everywhere"),
        ("compare", "your_binary_loss:m", 'unknown losses "your_binary_loss:m"'),
        ("compare", "your_loss:" + "r + " * 60 + "r", "characters"),
    ],
)
def test_a_formula_that_cannot_be_used_there_is_told_and_the_default_shown(place, losses, why):
    site = opened(place, losses=losses)
    (complaint,) = complaints(site)
    assert why in complaint
    assert site.query_params == opened(place).query_params


@pytest.mark.parametrize("example", FORMULA_EXAMPLES, ids=lambda example: example.title)
def test_each_example_can_be_compared_with_known_losses(example):
    place, word = {"regression": ("compare", "your_loss"), "binary": ("compare-binary", "your_binary_loss")}[
        example.family
    ]
    site = opened(place, losses=f"{word}:{example.formula}")
    assert complaints(site) == []
