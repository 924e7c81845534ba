"""A person's own logs: drawn as they are, spikes and all, smoothed as the core smooths; verdicts on the raw values."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core.diagnosis import diagnose_run
from core.logs import exponential_average, read_log
from core.logs.own_run import OwnRun
from core.stage.encode import payload
from core.stage.standalone import page
from core.stage.table import csv as saved
from core.views.kit import theme
from core.views.training_curves.own_figure import LEGEND, WEIGHTS, own_stage

EPOCHS = 40
FALL = 2.0 * np.exp(-np.arange(EPOCHS) / 8) + 0.3
TURN = FALL + 0.002 * np.maximum(0, np.arange(EPOCHS) - 15) ** 2


def written(columns, name="run.csv"):
    """The log of a CSV with these columns."""
    lines = [",".join(columns)]
    lines += [
        ",".join("" if cell is None else str(cell) for cell in row) for row in zip(*columns.values(), strict=True)
    ]
    return read_log(name, "\n".join(lines).encode())


def own(log, *asked, x=None):
    (run,) = log.runs
    return OwnRun(log.name, run.pick(x, *asked) if asked or x is not None else run)


def keras(name="run.csv", **more):
    return written({"epoch": range(EPOCHS), "loss": FALL, "val_loss": TURN} | more, name)


def jsonl():
    """As Lightning's or one's own logger writes it: training every ten steps, validation at some."""
    rows = [{"step": 10 * at, "train/loss": float(loss)} for at, loss in enumerate(FALL)]
    rows += [{"step": 10 * at, "val/loss": float(TURN[at])} for at in range(0, EPOCHS, 4)]
    return read_log("run.jsonl", "\n".join(map(json.dumps, rows)).encode())


def lines(stage, smoothing=0.0):
    """Each curve in its order: its name, x and y."""
    found = []
    for number, trace in enumerate(stage.figure.data):
        if trace.marker.symbol:  # evidence of the verdict
            continue
        own = {t.attribute: t.live.row({"smoothing": smoothing}) for t in stage.tracks if t.trace == number}
        found.append((trace.name, own["x"], own["y"]))
    return found


def test_curves_are_drawn_as_they_were_written():
    stage = own_stage([own(keras())], logarithmic=False)
    (train, x, y), _, (validation, _, other), _ = lines(stage)
    assert (train, validation) == ("loss", "val_loss")
    np.testing.assert_array_equal(x, np.arange(EPOCHS))
    np.testing.assert_array_equal(y, FALL)
    np.testing.assert_array_equal(other, TURN)
    assert stage.figure.layout.xaxis.title.text == "epoch"
    assert [cell.template for cell in stage.readings[1].cells] == [f"{TURN[-1]:.4g}", f"{TURN.min():.4g}"]


def test_lines_of_json_are_drawn_at_their_steps():
    stage = own_stage([own(jsonl())], logarithmic=False)
    (_, x, y), _, (_, there, other), _ = lines(stage)
    np.testing.assert_array_equal(x, 10 * np.arange(EPOCHS))
    np.testing.assert_array_equal(y, FALL)
    np.testing.assert_array_equal(there, 40 * np.arange(EPOCHS // 4))
    np.testing.assert_array_equal(other, TURN[::4])
    assert stage.figure.layout.xaxis.title.text == "step"


@pytest.mark.parametrize("weight", WEIGHTS[[0, 9, -1]])
def test_the_smoothed_curve_is_the_cores(weight):
    stage = own_stage([own(keras())], logarithmic=False)
    _, (name, x, y), *_ = lines(stage, weight)
    assert name == "loss, smoothed"
    np.testing.assert_array_equal(x, np.arange(EPOCHS))
    np.testing.assert_allclose(y, exponential_average(FALL, weight), rtol=1e-12)


def test_a_long_curve_is_thinned_and_every_spike_is_kept():
    count, spikes = 50_000, [17, 12_345, 49_990]
    values = 1 + 0.1 * np.sin(np.arange(count))
    values[spikes] = [9.0, 8.0, 0.01]
    log = written({"step": range(count), "loss": values})
    stage = own_stage([own(log)], logarithmic=False)
    (_, x, y), (_, smooth_x, smooth_y) = lines(stage, 0.9)
    assert len(x) <= 2000
    drawn = dict(zip(x, y, strict=True))
    assert [drawn[at] for at in spikes] == [9.0, 8.0, 0.01]
    low, high = stage.figure.layout.yaxis.range
    assert low < 0.01 < 9.0 < high
    assert (len(smooth_x), smooth_x[0], smooth_x[-1]) == (600, 0, count - 1)
    np.testing.assert_allclose(smooth_y, exponential_average(values, 0.9)[smooth_x.astype(int)])
    assert len(payload(stage)) < 200_000


def test_what_is_no_number_leaves_a_gap_and_is_the_verdict():
    values = FALL.copy()
    values[20], values[25], values[30:] = np.nan, np.inf, np.nan
    lost = np.append(TURN[:30], np.full(EPOCHS - 30, np.nan))
    stage = own_stage([own(keras(loss=values, val_loss=lost))], logarithmic=False)
    _, x, y = lines(stage)[0]
    np.testing.assert_array_equal(x[np.isnan(y)], [20, 25, *range(30, EPOCHS)])
    assert stage.summary.template.startswith("Diverging. The loss is infinite or not a number from epoch 30")
    assert [cell.template for cell in stage.readings[0].cells] == ["–", f"{FALL[29]:.4g}"]
    assert payload(stage)


def test_on_a_logarithmic_axis_there_is_nothing_below_nought():
    stage = own_stage([own(keras(loss=FALL - 0.5))], logarithmic=True)
    _, _, y = lines(stage)[0]
    np.testing.assert_array_equal(np.isnan(y), FALL <= 0.5)
    low, high = 10.0 ** np.array(stage.figure.layout.yaxis.range)
    assert 0 < low < np.nanmin(y) <= np.nanmax(y) < high


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("values", [[0.5], [0.0], [-1.0], [np.nan], [0.5, 0.5], [1e300, 1e-300], [-2.0, np.inf]])
def test_little_or_odd_is_still_a_picture(values, logarithmic):
    stage = own_stage([own(written({"epoch": range(len(values)), "loss": values}))], logarithmic=logarithmic)
    for axis in (stage.figure.layout.xaxis, stage.figure.layout.yaxis):
        low, high = axis.range
        assert np.isfinite([low, high]).all()
        assert low < high
    assert payload(stage)
    assert stage.summary.template.endswith(".")
    assert stage.figure.data[0].mode == ("markers" if np.isfinite(values).sum() < 2 else "lines")  # which takes two


def test_logs_that_count_different_things_stand_by_their_share_of_the_run():
    stage = own_stage([own(keras()), own(jsonl())], logarithmic=False)
    assert stage.figure.layout.xaxis.title.text == "share of the run, %"
    for _, x, _ in lines(stage):
        assert (x[0], x[-1]) == (0, 100)
    same = own_stage([own(keras()), own(keras("other.csv"))], logarithmic=False)
    assert same.figure.layout.xaxis.title.text == "epoch"
    assert len({reading.colour for reading in same.readings}) == 2  # a hue for each file


ODD_NAME = "{n} **loss** <b>$x$</b> [a](http://b) %{y}"


def test_a_name_of_the_file_is_text_and_nothing_else():
    log = written({"epoch": range(EPOCHS), ODD_NAME: FALL}, "<script>alert(1)</script>{x}.csv")
    one = own(log, ODD_NAME, "")
    stage = own_stage([one], logarithmic=False)
    row = stage.readings[0]
    assert not set("{}") & set(row.name + stage.summary.template)  # no slot of a sentence
    assert row.name == ODD_NAME.translate(str.maketrans("{}<>", "()‹›"))
    for trace in stage.figure.data:  # Plotly reads tags and %{...} in what it draws on the picture
        for text in (trace.name, trace.hovertemplate or ""):
            assert "<b>" not in text
            assert "%{y} at" not in text
    assert "<script>alert" not in page(stage, {})


def sentence(verdict):
    return verdict.text


def test_the_verdict_on_one_run_is_the_sentence_of_the_picture():
    for log, unit, (x, train), (there, validation) in (
        (keras(), "epoch", (np.arange(EPOCHS), FALL), (np.arange(EPOCHS), TURN)),
        (jsonl(), "step", (10 * np.arange(EPOCHS), FALL), (40 * np.arange(EPOCHS // 4), TURN[::4])),
    ):
        stage = own_stage([own(log)], logarithmic=False)
        expected = diagnose_run((x, train), (there, validation), unit=unit)
        assert stage.summary.template == sentence(expected)
        assert expected.kind == "overfitting"
        assert [reading.note for reading in stage.readings] == [None, None]


def test_of_several_runs_each_has_its_own_verdict_and_the_picture_its_legend():
    runs = [own(keras()), own(written({"epoch": range(EPOCHS), "loss": FALL}, "other.csv"))]
    stage = own_stage(runs, logarithmic=False)
    assert stage.summary.template == LEGEND
    assert [reading.note and reading.note.template for reading in stage.readings] == [
        sentence(runs[0].verdict), None, sentence(runs[1].verdict),
    ]  # fmt: skip


def test_a_verdict_counts_what_the_log_counts_and_points_along_any_other_column():
    log = written({"epoch": range(EPOCHS), "hours <spent>": np.arange(EPOCHS) / 4, "loss": FALL, "val_loss": TURN})
    for x, unit in (("epoch", "epoch"), ("", "row"), ("hours <spent>", "point")):
        assert f" {unit} " in own(log, x=x).verdict.sentence


def test_one_curve_that_is_lost_is_the_verdict_and_rows_between_are_not():
    since = np.where(np.arange(EPOCHS) < 30, 1.0, np.nan)
    for lost in ({"loss": FALL * since, "val_loss": FALL}, {"loss": FALL, "val_loss": FALL * since}):
        verdict = own(keras(**lost)).verdict
        assert (verdict.name, verdict.since_at) == ("Diverging", 30)
    odd = np.arange(EPOCHS) % 2 == 1  # as tools write it that log training and validation in rows of their own
    mixed = own(keras(loss=np.where(odd, np.nan, FALL), val_loss=np.where(odd, FALL, np.nan))).verdict
    assert mixed.name in ("Still learning", "Converged")


def marks(stage):
    """What is marked: the words on the picture, by the symbol's place."""
    found = {}
    for number, trace in enumerate(stage.figure.data):
        if trace.marker.symbol in ("star", "diamond"):
            own = {t.attribute: float(t.live.row()[0]) for t in stage.tracks if t.trace == number}
            found[trace.marker.symbol] = (trace.text, own["x"], own["y"])
    return found


def test_the_evidence_is_marked_where_the_verdict_says():
    shown = own(keras())
    best = int(np.argmin(TURN))
    assert marks(own_stage([shown], logarithmic=False)) == {
        "star": ("lowest validation loss, rises after", best, TURN[best])
    }
    gap = own(keras(val_loss=np.maximum(FALL, 1.0)))
    found = marks(own_stage([gap], logarithmic=False))
    assert gap.verdict.kind == "overfitting"
    since = int(gap.verdict.since_at)
    assert found["diamond"] == ("no longer follows training", since, max(FALL[since], 1.0))
    flat = written({"epoch": range(200), "loss": 0.3 + 2 * np.exp(-np.arange(200) / 8)})
    shown = own(flat)
    found = marks(own_stage([shown], logarithmic=True))
    assert shown.verdict.kind == "healthy"
    assert found["diamond"][:2] == ("flat from here", shown.verdict.since_at)
    assert found["star"][0] == "lowest loss"


def test_many_runs_have_marks_without_words_that_would_hide_each_other():
    stage = own_stage([own(keras(f"{at}.csv")) for at in range(3)], logarithmic=False)
    marks = [trace for trace in stage.figure.data if trace.marker.symbol == "star"]
    assert [trace.mode for trace in marks] == ["markers"] * 3


def test_parts_of_a_loss_stand_beside_it_and_accuracy_in_a_panel_of_its_own():
    log = written({"epoch": range(EPOCHS), "total_loss": FALL, "loss_box": FALL / 2, "loss_class": FALL / 3,
                   "val_accuracy": 1 - FALL / 4})  # fmt: skip
    shown = own(log)
    stage = own_stage([shown], logarithmic=False)
    axis = {trace.name: trace.yaxis for trace in stage.figure.data}
    assert {name for name, y in axis.items() if y == "y2"} == {"val_accuracy", "val_accuracy, smoothed"}
    assert {"total_loss", "loss_box", "loss_class"} <= set(axis)
    assert shown.verdict.best_at == EPOCHS - 1
    assert [reading.name for reading in stage.readings] == ["total_loss", "loss_box", "loss_class", "val_accuracy"]


def test_losses_that_need_not_fall_are_drawn_with_a_sentence_and_no_verdict():
    wave = 1 + 0.3 * np.sin(np.arange(EPOCHS))
    stage = own_stage([own(written({"epoch": range(EPOCHS), "loss_G": wave, "loss_D": 2 - wave}))], logarithmic=False)
    assert "has to fall" in stage.summary.template
    assert "learning rate" not in stage.summary.template
    assert marks(stage) == {} or "diamond" not in marks(stage)


def test_the_file_of_the_picture_holds_every_number():
    rows = saved(own_stage([own(keras())], logarithmic=True), {}).splitlines()
    assert rows[0] == "run,curve,at,value"
    assert len(rows) == 1 + 2 * EPOCHS
    assert rows[1] == f"run.csv,loss,0,{FALL[0]:.12g}"


def test_without_a_curve_there_is_no_picture():
    nothing = replace(own(keras(), "", "").run, parts=())
    with pytest.raises(ValueError, match=r"^none of the runs has a curve to draw$"):
        own_stage([OwnRun("run.csv", nothing)], logarithmic=False)
    assert own_stage([OwnRun("run.csv", nothing), own(keras())], logarithmic=False).readings


def test_every_hue_tells_one_run():
    stage = own_stage([own(keras(f"{at}.csv")) for at in range(8)], logarithmic=False)
    assert len({reading.colour for reading in stage.readings}) == 8 == len(theme.SERIES)


def worded(stage):
    """The marks of the evidence: their words, and on which side of them these stand."""
    return [(trace.text, trace.textposition) for trace in stage.figure.data if trace.marker.symbol]


def test_the_words_at_a_mark_stand_on_the_side_where_the_picture_goes_on():
    falls = own_stage([own(written({"epoch": range(EPOCHS), "loss": FALL}))], logarithmic=False)
    assert ("lowest loss", "bottom left") in worded(falls)
    rises = own_stage([own(written({"epoch": range(EPOCHS), "loss": FALL[::-1]}))], logarithmic=False)
    assert ("lowest loss", "bottom right") in worded(rises)
    middle = own_stage([own(keras())], logarithmic=False)
    assert worded(middle) == [("lowest validation loss, rises after", "bottom center")]


@pytest.mark.parametrize("logarithmic", [False, True])
def test_there_is_room_for_words_under_the_lowest_point(logarithmic):
    axis = own_stage([own(keras())], logarithmic=logarithmic).figure.layout.yaxis
    low = np.log10(FALL.min()) if logarithmic else FALL.min()
    assert low - axis.range[0] > 0.09 * (axis.range[1] - axis.range[0])


def test_what_is_not_judged_has_no_worded():
    rises = [2 - loss for loss in FALL]
    log = written({"step": range(EPOCHS), "train/loss_critic": FALL, "train/loss_actor": FALL, "return": rises})
    assert worded(own_stage([own(log)], logarithmic=False)) == []


def test_accuracies_alone_begin_the_picture():
    stage = own_stage([own(written({"epoch": range(EPOCHS), "accuracy": 2 - FALL}))], logarithmic=False)
    assert [note.text for note in stage.figure.layout.annotations] == ["Higher is better (not judged)"]
    assert stage.figure.layout.yaxis.domain == (0, 1)


def test_a_run_that_its_curves_name_too_is_named_once():
    log = written({"Step": range(EPOCHS), "old - loss": FALL, "new - loss": TURN})
    stage = own_stage([OwnRun(run.name, run) for run in log.runs], logarithmic=False)
    assert [row.name for row in stage.readings] == ["old: loss", "new: loss"]


def test_a_zoom_outlives_a_new_column_and_not_another_x_axis():
    def zooms(log, *asked, logarithmic=False):
        layout = own_stage([own(log, *asked)], logarithmic=logarithmic).figure.layout
        return layout.xaxis.uirevision, layout.yaxis.uirevision

    assert zooms(keras()) == zooms(keras(), "loss", "")
    longer = written({"epoch": range(200), "loss": np.linspace(1, 0, 200)})
    assert len({zooms(keras()), zooms(longer), zooms(keras(), logarithmic=True)}) == 3
