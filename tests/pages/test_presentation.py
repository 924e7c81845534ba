"""How a page is presented: in a lecture, and with controls left out, as its address says."""

from urllib.parse import parse_qsl

import pytest

from core.ui.presentation import MOST_HIDDEN
from core.views.class_imbalance.presets import PRESETS as CASES
from core.views.gradient_descent.presets import PRESETS as RACES
from core.views.training_curves.presets import PRESETS as RUNS
from tests.pages.site import complaints, elements, opened, ran, stages
from tests.places import PLACES, STAGES

KINDS = ("multiselect", "selectbox", "segmented_control", "number_input", "text_input")
SCENES = {"race": RACES, "rare": CASES, "training": RUNS}


def widgets(site):
    return [box.label for kind in KINDS for box in getattr(site, kind, [])]


@pytest.mark.parametrize("place", PLACES)
def test_every_page_reads_these_words_and_keeps_them(place):
    site = opened(place, lecture="1", question="1", hide="lr,huber.delta")
    controls = [{*stage["pickers"], *stage["sliders"]} for stage in stages(site)]
    assert len(complaints(site)) == sum(not own & {"lr", "huber.delta"} for own in controls)
    assert site.query_params["question"] == "1"
    assert site.query_params["lecture"] == "1"
    assert site.query_params["hide"] == "lr,huber.delta"
    for stage in stages(site):
        assert (stage["lecture"], stage["question"], stage["hidden"]) == (True, "1", ["lr", "huber.delta"])


def test_a_hidden_picker_is_not_drawn_and_its_choice_still_counts():
    site = opened("race", landscape="himmelblau", hide="landscape,optimizers")
    assert {"Landscape", "Optimizers"} & set(widgets(site)) == set()
    assert {"Landscape", "Optimizers"} <= set(widgets(opened("race")))
    (stage,) = stages(site)
    assert "landscape=himmelblau" in stage["payload"]
    assert site.query_params["landscape"] == "himmelblau"


def links(site):
    """The words of each link to a scene, by what is written on it."""
    found = [e.proto for e in elements(site.main) if getattr(e, "type", "") == "page_link"]
    return {link.label: dict(parse_qsl(link.query_string)) for link in found}


@pytest.mark.parametrize("place", SCENES)
def test_a_page_links_to_every_scene_and_its_picture_knows_their_stories(place):
    site, presets = opened(place), SCENES[place]
    assert links(site) == {name: dict(preset.address) for name, preset in presets.items()}
    (stage,) = stages(site)
    stories = [(scene["words"], scene["shows"], scene["task"]["do"]) for scene in stage["scenes"]]
    assert stories == [(dict(preset.address), preset.shows, preset.task.do) for preset in presets.values()]


def test_in_a_lecture_the_links_to_scenes_stay_in_it():
    assert all(words["lecture"] == "1" for words in links(opened("race", lecture="1")).values())


def test_where_questions_are_asked_the_links_to_scenes_ask_them_too():
    assert all(words["question"] == "1" for words in links(opened("race", question="1")).values())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"lecture": "yes"}, 'lecture must be 1, got "yes"'),
        ({"question": "yes"}, 'question must be 0 or 1, got "yes"'),
        ({"hide": "everything"}, 'hide names no control of this picture: "everything"'),
        ({"hide": "<b>"}, "hide must be names of controls, such as hide=lr,optimizers"),
        ({"hide": ",".join(["lr"] * (MOST_HIDDEN + 1))}, "hide must be names of controls, such as hide=lr,optimizers"),
    ],
)
def test_what_cannot_be_read_is_said_and_changes_nothing(words, sentence):
    site = opened("race", **words)
    (complaint,) = complaints(site)
    assert complaint.startswith(sentence)
    (stage,) = stages(site)
    assert (stage["lecture"], stage["question"]) == (False, "")
    assert stage["hidden"] in ([], ["everything"])


@pytest.mark.parametrize("place", STAGES)
def test_every_control_that_can_be_shared_can_be_left_out(place):
    site = opened(place)
    (usual,) = stages(site)
    site.session_state["more"] = True
    assert sorted(usual["pickers"].values()) == sorted(widgets(ran(site.run())))
    names = [*usual["pickers"], *usual["sliders"]]
    site = opened(place, hide=",".join(names))
    assert complaints(site) == []
    assert widgets(site) == []
    assert not [e for e in elements(site.main) if getattr(e, "type", "") == "popover"]
    (stage,) = stages(site)
    assert stage["hidden"] == names
    assert stage["payload"] == usual["payload"]
