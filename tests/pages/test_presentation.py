"""How a page is presented: in a lecture, and with controls left out, as its address says."""

import pytest

from core.views.gradient_descent.presets import PRESETS
from tests.pages.site import complaints, elements, opened, stages
from tests.places import PLACES


def widgets(site):
    return [box.label for kind in ("multiselect", "selectbox", "segmented_control") for box in getattr(site, kind, [])]


@pytest.mark.parametrize("place", PLACES)
def test_every_page_reads_both_words_and_keeps_them(place):
    site = opened(place, lecture="1", hide="lr,huber.delta")
    assert complaints(site) == []
    assert site.query_params["lecture"] == "1"
    assert site.query_params["hide"] == "lr,huber.delta"
    for stage in stages(site):
        assert (stage["lecture"], stage["hidden"]) == (True, ["lr", "huber.delta"])


def test_a_hidden_picker_is_not_drawn_and_its_choice_still_counts():
    site = opened("race", landscape="himmelblau", hide="landscape,optimizers")
    assert {"Landscape", "Optimizers"} & set(widgets(site)) == set()
    assert {"Landscape", "Optimizers"} <= set(widgets(opened("race")))
    (stage,) = stages(site)
    assert "landscape=himmelblau" in stage["payload"]
    assert site.query_params["landscape"] == "himmelblau"


def test_in_a_lecture_the_links_to_scenes_stay_in_it():
    for words, lecture in (({}, False), ({"lecture": "1"}, True)):
        site = opened("race", **words)
        links = [e.proto for e in elements(site.main) if getattr(e, "type", "") == "page_link"]
        assert len(links) == len(PRESETS)
        assert all(("lecture=1" in link.query_string) is lecture for link in links)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"lecture": "yes"}, 'lecture must be 1, got "yes"'),
        ({"hide": "<b>"}, "hide must be names of controls, such as hide=lr,optimizers"),
        ({"hide": ",".join(["lr"] * 21)}, "hide must be names of controls, such as hide=lr,optimizers"),
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(words, sentence):
    site = opened("race", **words)
    (complaint,) = complaints(site)
    assert complaint.startswith(sentence)
    (stage,) = stages(site)
    assert (stage["lecture"], stage["hidden"]) == (False, [])


def test_the_scenes_of_a_page_go_with_its_picture():
    (stage,) = stages(opened("race"))
    assert [scene["words"] for scene in stage["scenes"]] == [dict(preset.address) for preset in PRESETS.values()]
    assert [scene["shows"] for scene in stage["scenes"]] == [preset.shows for preset in PRESETS.values()]
