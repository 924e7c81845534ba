"""The files of files/cases, one fault each, read by `python -m core.logs`; their README gives the right answers."""

import json
from typing import NamedTuple

import pytest

from core.logs import read_log
from core.logs.__main__ import answers
from tests.logs.cases import CASES


class Case(NamedTuple):
    """What has to be read: the axis and what it counts, each curve's column and points, a part of each note."""

    format: str
    x: tuple[str, str]
    train: tuple[str, int] | None
    validation: tuple[str, int] | None
    notes: tuple[str, ...] = ()
    runs: tuple[str, ...] = ("",)
    judged: bool = True


EPOCH, STEP, ROW = ("epoch", "epoch"), ("step", "step"), ("row", "row")
FOLDS = tuple(f"fold {number}" for number in range(1, 6))
READING = {
    "k01a_lightning_default_steps.csv": Case("Lightning metrics.csv", STEP, ("train_loss", 77), ("val_loss", 12)),
    "k01b_hf_five_evals.json": Case("Hugging Face trainer_state.json", EPOCH, ("loss", 80), ("eval_loss", 5)),
    "k01e_hf_few_steps_shared.json": Case("Hugging Face trainer_state.json", EPOCH, ("loss", 40), ("eval_loss", 10)),
    "k01f_train_every_50_steps.csv": Case("Lightning metrics.csv", STEP, ("train_loss", 187), ("val_loss", 30)),
    "k02a_only_validation.csv": Case("CSV", EPOCH, None, ("val_loss", 30)),
    "k04a_total_loss.json": Case("JSON Lines", ("iteration", "step"), ("total_loss", 60), None),
    "k05a_folds.csv": Case(
        "CSV", EPOCH, ("train_loss", 10), ("val_loss", 10), ("5 runs, distinguished by fold",), runs=FOLDS
    ),
    "k07a_tensorboard_export.csv": Case("TensorBoard CSV", ("Step", "step"), ("Value", 40), None),
    "k07b_long_table.csv": Case("CSV", STEP, ("train_loss", 20), ("val_loss", 20)),
    "k08a_no_header_time.csv": Case("CSV", ROW, ("column 2", 20), None, ("no names", "counted by row")),
    "k09a_six_decades.csv": Case("Keras CSVLogger", EPOCH, ("loss", 101), None),
    "k09b_five_epochs.csv": Case("CSV", EPOCH, ("loss", 5), ("val_loss", 5)),
    "k10a_other_quantity.csv": Case(
        "CSV", EPOCH, ("train_ce_loss", 40), ("valid_mae_loss", 40), ("not one quantity (cross-entropy and MAE)",)
    ),
    "k11a_rl_progress.csv": Case(
        "CSV", ("total/steps", "step"), ("train/loss_critic", 120), None, ("No verdict on",), judged=False
    ),
    "k12a_fine_tuning.json": Case("Hugging Face trainer_state.json", EPOCH, ("loss", 100), ("eval_loss", 10)),
    "k13b_short_names.csv": Case("CSV", ("ep", "epoch"), ("bce", 20), ("val_bce", 20)),
    "k13c_train_val_alone.csv": Case("CSV", EPOCH, ("train", 20), ("val", 20)),
    "k13d_ppl.csv": Case("CSV", ("n_iter", "step"), ("train_ppl", 30), ("valid_ppl", 30)),
    "k14a_test_before_val.csv": Case("CSV", EPOCH, ("train_loss", 20), ("val_loss", 20)),
    "k15a_accuracy_only.csv": Case(
        "CSV", EPOCH, None, None, ("No column is called a loss (higher is better for train_acc",), judged=False
    ),
    "k17a_table_of_runs.csv": Case("CSV", ROW, None, None, ("Each row is another run (Name and State)",), runs=()),
    "k19a_several_runs_side_by_side.csv": Case(
        "Weights & Biases CSV", ("Step", "step"), ("{run} - train/loss", 40), ("{run} - val/loss", 40),
        ("2 runs side by side: old and new",), runs=("old", "new"),
    ),
    "k20b_two_best_epochs.csv": Case("CSV", EPOCH, ("loss", 30), ("val_loss", 30)),
    "k21a_epoch_of_total.csv": Case("CSV", EPOCH, ("loss", 20), None, ("'1/20' (row 2) in column epoch",)),
    "k21b_tensor_cells.csv": Case("CSV", EPOCH, ("loss", 20), None, ("read as 1.7375",)),
    "f04_step_decay.csv": Case("Keras CSVLogger", EPOCH, ("loss", 100), None),
}  # fmt: skip


@pytest.mark.parametrize("name", READING)
def test_what_is_read(name):
    case = READING[name]
    [line] = answers([str(CASES / name)])
    answer = json.loads(line)
    assert answer["file"] == str(CASES / name)
    assert answer["format"] == case.format
    assert len(answer["notes"]) == len(case.notes)
    assert all(part in note for part, note in zip(case.notes, answer["notes"], strict=True)), answer["notes"]
    assert tuple(run["run"] for run in answer["runs"]) == case.runs
    for run in answer["runs"]:
        assert (run["x"]["name"], run["x"]["unit"]) == case.x
        for half in ("train", "validation"):
            expected = getattr(case, half)
            called = expected and {"name": expected[0].format(run=run["run"]), "values": expected[1]}
            assert run[half] == called
        assert (run["verdict"] is not None) == case.judged


def test_the_values_are_those_of_the_file():
    def run(name):
        return read_log(name, (CASES / name).read_bytes()).runs[-1]

    ppl = run("k13d_ppl.csv")
    assert (ppl.train.values[0], ppl.validation.values[-1]) == (265.6192, float(last("k13d_ppl.csv")))
    assert run("k21b_tensor_cells.csv").train.values[:2].tolist() == [1.7375, 1.4406]
    assert run("k21a_epoch_of_total.csv").train.epochs.tolist() == list(range(1, 21))
    assert run("k08a_no_header_time.csv").train.values[0] == 2.1
    assert run("k05a_folds.csv").validation.values[-1] == 0.7936
    lightning = run("k01a_lightning_default_steps.csv")
    assert lightning.train.epochs[:2].tolist() == [49, 99]
    assert lightning.validation.epochs[:2].tolist() == [319, 639]
    assert [one.name for one in run("k04a_total_loss.json").parts] == ["loss_box_reg", "loss_cls"]
    assert [one.name for one in run("k11a_rl_progress.csv").others] == ["rollout/return"]


def last(name):
    return (CASES / name).read_text().split()[-1].split(",")[-1]


def test_every_file_at_once_is_a_line_each():
    files = sorted(str(path) for path in CASES.iterdir())
    lines = [json.loads(line) for line in answers(files)]
    assert [line["file"] for line in lines] == files
    assert lines == [json.loads(next(iter(answers([file])))) for file in files]
