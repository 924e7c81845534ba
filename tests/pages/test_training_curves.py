"""/training-curves: its address is its save file, its links lead to what they say, its rules stand on it, and a
person's own logs stay in the session."""

import json

import numpy as np
import pytest

from core.diagnosis import RULES, diagnose
from core.logs import read_log
from core.logs.own_run import OwnRun
from core.losses import LOSSES
from core.stage import bridge
from core.stage.files import version
from core.stage.standalone import base64_payload
from core.ui.own_runs import MAX_FILES
from core.views import VIEWS
from core.views.training_curves.cards import CLASS_MARKS, COMPARISON_MARKS, RULE_TABLE
from core.views.training_curves.own_figure import own_stage
from core.views.training_curves.presets import PRESETS
from tests.pages.site import assert_restored, cards, complaints, open_tab, opened, ran, stages

LINKS = {
    "training": {
        "loss": "huber", "optimizer": "rmsprop", "schedule": "cosine", "batch": "32", "patience": "30", "norm": "l1",
        "outliers": "0.2", "scale": "linear", "seed": "17", "epoch": "45", "capacity": "3", "lr": "0.1",
        "penalty": "0.001", "examples": "200", "noise": "0.8",
    },
    "training-polynomial": {"loss": "cauchy", "capacity": "20", "examples": "10", "epoch": "0"},
    "training-moons": {"loss": "hinge", "patience": "10", "noise": "0.45", "penalty": "0.03", "capacity": "32"},
    "training-losses": {"losses": "huber,log_cosh", "optimizer": "adam", "outliers": "0.3", "noise": "0", "lr": "1"},
    "training-losses-moons": {"losses": "focal,hinge", "batch": "8", "seed": "0", "level": "8", "epoch": "100"},
}  # fmt: skip


@pytest.mark.parametrize("place", LINKS)
def test_a_link_restores_every_choice(place):
    assert_restored(place, LINKS[place])


def test_defaults_are_left_out_of_the_address():
    view = VIEWS["wave_run"]
    usual = {param.name: param.write(param.default) for param in view.params}
    usual |= {slider.key: f"{slider.values[slider.start]:g}" for slider in view.choose().picture.sliders}
    site = opened("training", view="run", task="wave", **usual)
    assert complaints(site) == []
    assert site.query_params == {}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_link_that_is_read_in_full(name):
    address = dict(PRESETS[name].address)
    site = opened("training", **address)
    assert complaints(site) == []
    assert site.query_params == address
    (stage,) = stages(site)
    assert stage["payload"].startswith(f"/view/{address.get('task', 'wave')}_{address.get('view', 'run')}?")


BAD = {
    "rate nought": {"lr": "0"},
    "rate between two runs": {"lr": "nan"},
    "too many units": {"capacity": "1e9"},
    "no examples": {"examples": "0"},
    "negative penalty": {"penalty": "-1"},
    "epoch beyond the end": {"epoch": "301"},
    "a loss of another task": {"loss": "binary_cross_entropy"},
    "a loss that has no value at 0": {"loss": "absolute_percentage_error"},
    "optimizer that is none": {"optimizer": "sgdd"},
    "task that is none": {"task": "mnist"},
    "tab that is none": {"view": "all"},
    "a slider of the other tab": {"level": "3"},
}


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_read_falls_back_and_is_said_once(bad):
    site = opened("training", **BAD[bad])
    (complaint,) = complaints(site)
    assert len(complaint) < 700
    view = VIEWS["wave_run"]
    assert stages(site)[0]["payload"] == f"/view/{view.key}?{view.choose().address}&v={version()}"
    assert site.query_params == {}
    assert complaints(ran(site.run())) == []


def test_every_rule_of_the_verdict_stands_on_the_page_in_the_order_in_which_it_is_asked():
    text = cards(opened("training"))
    assert RULE_TABLE in text
    places = [text.index(f"| {number} | {rule.name} | {rule.text} |") for number, rule in enumerate(RULES.values(), 1)]
    assert places == sorted(places)
    assert not any("|" in rule.text + rule.name for rule in RULES.values())  # each is one row of the table


def test_the_cards_are_of_the_losses_that_are_shown():
    assert f"#### {LOSSES['cauchy'].name}\n" in cards(opened("training", loss="cauchy"))
    both = cards(opened("training-losses-moons"))
    assert all(f"#### {LOSSES[key].name}\n" in both for key in ("binary_cross_entropy", "brier"))


def test_every_mark_of_a_picture_is_explained_under_it():
    run, classes, several = (cards(opened(place)) for place in ("training", "training-moons", "training-losses"))
    assert all(mark in run for mark in "●★⊠")
    assert CLASS_MARKS in classes
    assert CLASS_MARKS not in run
    assert COMPARISON_MARKS in several


def test_another_task_and_another_tab_keep_what_was_chosen():
    site = opened("training", loss="huber", lr="0.1")
    for task, kept in (("moons", {"task": "moons"}), ("wave", {"loss": "huber", "lr": "0.1"})):
        site.segmented_control(key="view.task").set_value(task)
        ran(site.run())
        assert complaints(site) == []
        assert site.query_params == kept
    for label in ("Several losses", "Your run", "One run"):
        site.session_state["tab.view"] = label
        ran(site.run())
    assert site.query_params == {"loss": "huber", "lr": "0.1"}


# --- a person's own logs ---

FALL = 2.0 * np.exp(-np.arange(40) / 8) + 0.3
KERAS = ("run.csv", "epoch,loss,val_loss\n" + "\n".join(f"{at},{x},{x + 0.01}" for at, x in enumerate(FALL)))
LINES = ("run.jsonl", "\n".join(json.dumps({"step": at, "loss": x, "other": 1.0}) for at, x in enumerate(FALL)))


def dropped(*files, **query):
    site = opened("training-own", **query)
    (uploader,) = site.file_uploader
    uploader.set_value([(name, content if isinstance(content, bytes) else content.encode(), "text/plain")
                        for name, content in files])  # fmt: skip
    return ran(site.run())


def notes(site):
    return [text.value for text in site.text]


def test_a_dropped_log_is_drawn_with_its_verdict_and_nothing_of_it_is_an_address():
    site = dropped(KERAS)
    (stage,) = stages(site)
    log = read_log(KERAS[0], KERAS[1].encode())
    picture = own_stage([OwnRun(log.name, log.runs[0])], logarithmic=False)
    assert stage["payload"] == bridge.PACKED + base64_payload(picture)
    assert picture.summary.template.startswith(f"{diagnose(FALL, FALL + 0.01).name}. ")
    assert site.query_params == {"view": "own"}
    assert notes(site) == ["loss: the training loss; val_loss: the validation loss."]
    assert RULE_TABLE in cards(site)


def test_several_logs_of_several_kinds_are_compared():
    site = dropped(KERAS, LINES)
    assert len(stages(site)) == 1
    assert [box.label for box in site.selectbox] == ["Along", "Training", "Validation"] * 2
    assert [box.value for box in site.selectbox[3:]] == ["(recognised)", "loss", "(none)"]


def test_other_columns_can_be_picked():
    site = dropped(LINES)
    (before,) = stages(site)
    site.selectbox[1].set_value("other")
    ran(site.run())
    (after,) = stages(site)
    assert after["payload"] != before["payload"]
    for box in list(site.selectbox)[1:]:
        box.set_value("(none)")
    assert stages(ran(site.run())) == []  # nothing to draw, and no exception


def test_a_file_that_cannot_be_read_says_why_and_the_others_are_drawn():
    site = dropped(KERAS, ("empty.csv", ""), ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(100)))
    assert len(stages(site)) == 1
    assert notes(site)[1:] == ["The file is empty.", "The file is a PNG picture."]
    assert stages(dropped(("words.csv", "a,b\nx,y\n"))) == []


def test_the_name_of_a_file_is_text():
    site = dropped(("**bold** [x](http://y) <b>$z$.csv", KERAS[1]))
    (label,) = [box.label for box in site.expander if "bold" in box.label]
    assert not set(label) & set("*[]<>$`")


def test_more_files_than_can_be_told_apart_are_left_out_and_it_is_said():
    site = dropped(*[(f"run{at}.csv", KERAS[1]) for at in range(MAX_FILES + 1)])
    assert len(site.selectbox) == 3 * MAX_FILES
    assert f"{MAX_FILES + 1} files are too many to tell apart; the first {MAX_FILES} are shown." in cards(site)


def test_another_file_of_the_same_name_starts_from_its_own_columns():
    site = dropped(("run.csv", KERAS[1]))
    site.selectbox[2].set_value("loss")
    ran(site.run())
    site.file_uploader[0].set_value([("run.csv", b"step,error\n1,2\n2,1\n3,0.5\n", "text/csv")])
    ran(site.run())
    assert [box.value for box in site.selectbox][1:] in (["error", "(none)"], ["(none)", "(none)"])


def test_another_session_sees_nothing_of_it():
    dropped(KERAS)
    assert stages(opened("training-own")) == []


def test_the_choice_of_columns_is_in_the_address_and_comes_back_with_the_file():
    site = dropped(LINES)
    site.selectbox[0].set_value("(row)")
    site.selectbox[1].set_value("other")
    ran(site.run())
    assert site.query_params == {"view": "own", "x": "(row)", "train": "other"}
    (before,) = stages(site)
    again = dropped(LINES, x="(row)", train="other")
    assert [box.value for box in again.selectbox] == ["(row)", "other", "(none)"]
    assert stages(again)[0]["payload"] == before["payload"]
    again.selectbox[1].set_value("loss")
    assert ran(again.run()).query_params == {"view": "own", "x": "(row)"}


def test_a_column_of_a_link_that_the_file_does_not_have_is_said():
    site = dropped(KERAS, train="los")
    assert 'The link asks for the column "los", which is not in this file.' in notes(site)
    assert [box.value for box in site.selectbox] == ["(recognised)", "loss", "val_loss"]


def test_what_was_dropped_stays_for_the_session_until_it_is_removed():
    site = dropped(KERAS)
    (stage,) = stages(site)
    open_tab(site, "One run")
    open_tab(site, "Your run")
    assert stages(site)[0]["payload"] == stage["payload"]  # though the uploader has forgotten it
    (remove,) = [button for button in site.button if button.label.startswith("Remove")]
    remove.click()
    assert stages(ran(site.run())) == []
    assert stages(ran(site.run())) == []


FOLDS = ("folds.csv", "fold,epoch,loss\n" + "\n".join(f"{fold},{at},{x + fold / 10}" for fold in (1, 2, 3)
                                                       for at, x in enumerate(FALL)))  # fmt: skip


def test_of_several_runs_in_a_file_those_that_are_picked_are_drawn():
    site = dropped(FOLDS)
    (runs,) = site.multiselect
    assert runs.value == [0, 1, 2]
    (before,) = stages(site)
    runs.set_value([0, 2])
    ran(site.run())
    assert site.query_params == {"view": "own", "runs": "1,3"}
    (after,) = stages(site)
    assert after["payload"] != before["payload"]
    linked = dropped(FOLDS, runs="1,3")
    assert stages(linked)[0]["payload"] == after["payload"]
    assert stages(dropped(FOLDS, runs="9,x,,1e3"))[0]["payload"] == before["payload"]
