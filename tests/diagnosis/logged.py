"""The curves of the cases in tests/logs, by a few lines each: what is judged here is not how files are read."""

import csv
import json
import re
from pathlib import Path

import numpy as np

FILES = Path(__file__).parents[1] / "logs" / "files" / "cases"
Curve = tuple[np.ndarray, np.ndarray]


def curve(pairs) -> Curve:
    x, values = np.array(list(pairs), dtype=float).T
    return x, values


def table(file: str, x: str, *columns: str, only: tuple[str, str] = ("", "")) -> list[Curve]:
    """Columns of a CSV, cells that are empty left out; of the rows with a word in a column only, if one is given."""
    with (FILES / file).open() as lines:
        rows = [row for row in csv.DictReader(lines) if not only[0] or row[only[0]] == only[1]]
    return [curve((row[x], row[name]) for row in rows if row[name]) for name in columns]


def hugging_face(file: str) -> list[Curve]:
    records = json.loads((FILES / file).read_text())["log_history"]
    return [curve((row["step"], row[name]) for row in records if name in row) for name in ("loss", "eval_loss")]


def matched(file: str, *patterns: str) -> list[Curve]:
    """Lines that hold a place and a value each, in the order of the pattern's groups `x` and `y`."""
    text = (FILES / file).read_text()
    return [curve((hit["x"], hit["y"]) for hit in re.finditer(pattern, text)) for pattern in patterns]


def keras_console() -> list[Curve]:
    text = (FILES / "k03c_keras_console.txt").read_text()
    lines = re.findall(r"Epoch (\d+)/.*\n.* loss: ([\d.]+) .* val_loss: ([\d.]+)", text)
    return [curve((line[0], line[at]) for line in lines) for at in (1, 2)]


def boosting_json() -> list[Curve]:
    steps = json.loads((FILES / "k06a_boosting_iterations.json").read_text())["iterations"]
    return [curve((step["iteration"], step[half][0]) for step in steps) for half in ("learn", "test")]


def boosting_evals() -> list[Curve]:
    evals = json.loads((FILES / "k13a_boosting_evals.json").read_text())
    return [curve(enumerate(evals[name]["logloss"])) for name in ("validation_0", "validation_1")]


def long_table() -> list[Curve]:
    name = "k07b_long_table.csv"
    return [table(name, "step", "value", only=("key", key))[0] for key in ("train_loss", "val_loss")]


EPOCH_LINE = r"{}=(?P<y>[\d.]+)"
LOGS = {
    "k01a": lambda: table("k01a_lightning_default_steps.csv", "step", "train_loss", "val_loss"),
    "k01b": lambda: hugging_face("k01b_hf_five_evals.json"),
    "k01e": lambda: hugging_face("k01e_hf_few_steps_shared.json"),
    "k01f": lambda: table("k01f_train_every_50_steps.csv", "step", "train_loss", "val_loss"),
    "k02a": lambda: [None, *table("k02a_only_validation.csv", "epoch", "val_loss")],
    "k03a": lambda: matched(
        "k03a_logging_epoch_lines.log",
        r"Epoch (?P<x>\d+): Train Loss=(?P<y>[\d.]+)",
        r"Epoch (?P<x>\d+): .* Val Loss=(?P<y>[\d.]+)",
    ),
    "k03c": keras_console,
    "k03d": lambda: matched(
        "k03d_hf_console.log",
        r"'loss': (?P<y>[\d.]+).*'epoch': (?P<x>[\d.]+)",
        r"'eval_loss': (?P<y>[\d.]+).*'epoch': (?P<x>[\d.]+)",
    ),
    "k03e": lambda: matched(
        "k03e_nanogpt.log",
        r"step (?P<x>\d+): train loss (?P<y>[\d.]+)",
        r"step (?P<x>\d+): .* val loss (?P<y>[\d.]+)",
    ),
    "k03f": lambda: three_f(),
    "k03g": lambda: matched(
        "k03g_boosting.log",
        r"\[(?P<x>\d+)\]\ttrain-rmse:(?P<y>[\d.]+)",
        r"\[(?P<x>\d+)\].*eval-rmse:(?P<y>[\d.]+)",
    ),
    "k06a": boosting_json,
    "k07a": lambda: [*table("k07a_tensorboard_export.csv", "Step", "Value"), None],
    "k07b": long_table,
    "k09a": lambda: [*table("k09a_six_decades.csv", "epoch", "loss"), None],
    "k09b": lambda: table("k09b_five_epochs.csv", "epoch", "loss", "val_loss"),
    "k10a": lambda: table("k10a_other_quantity.csv", "epoch", "train_ce_loss", "valid_mae_loss"),
    "k11a": lambda: [*table("k11a_rl_progress.csv", "total/steps", "train/loss_critic"), None],
    "k12a": lambda: hugging_face("k12a_fine_tuning.json"),
    "k13a": boosting_evals,
    "k13b": lambda: table("k13b_short_names.csv", "ep", "bce", "val_bce"),
    "k13c": lambda: table("k13c_train_val_alone.csv", "epoch", "train", "val"),
    "k13d": lambda: table("k13d_ppl.csv", "n_iter", "train_ppl", "valid_ppl"),
    "k14a": lambda: table("k14a_test_before_val.csv", "epoch", "train_loss", "val_loss"),
    "k20b": lambda: table("k20b_two_best_epochs.csv", "epoch", "loss", "val_loss"),
    "f04": lambda: [*table("f04_step_decay.csv", "epoch", "loss"), None],
}


def three_f() -> list[Curve]:
    """Training by step and validation by epoch, each validation at the last step of its epoch."""
    name = "k03f_commas_read_as_table.txt"
    (train,) = matched(name, r"step (?P<x>\d+), loss_train, (?P<y>[\d.]+)")
    (validation,) = matched(name, r"epoch (?P<x>\d+) \| val_loss: (?P<y>[\d.]+)")
    return [train, (validation[0] * 4 + 3, validation[1])]
