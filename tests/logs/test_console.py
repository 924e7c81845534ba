"""What tools print while they train, and JSON with lists: each file with the columns that are in it.

tests/reference/make_consoles.py writes the files, with the tools themselves where they can be installed, else by the
formats in their sources; those that begin with k and a number are made-up runs, one difficulty each.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from core.logs import read_log
from core.logs.console.reader import read_console
from tests.logs.cases import CASES, check

FILES = Path(__file__).parent / "printed"

# File: format, and for each column how many numbers, the first and the last.
PRINTED = {
    "catboost.log": (
        "Text log (CatBoost)",
        {
            "step": (15, 0, 14),
            "learn": (15, 0.6739072, 0.4443026),
            "test": (15, 0.6753132, 0.4826512),
        },
    ),
    "catboost_training.json": (
        "CatBoost catboost_training.json",
        {
            "learn/Logloss": (15, 0.67390717, 0.4443026),
            "iteration": (15, 0, 14),
            "passed_time": (15, 0.047062025, 0.057415512),
            "remaining_time": (15, 0.65886835, 0),
            "test/Logloss": (15, 0.67531322, 0.4826512),
        },
    ),
    "cyclegan.log": (
        "Text log (CycleGAN)",
        {
            "epoch": (36, 0.33333333, 12),
            "D_A": (36, 0.307, 0.527),
            "G_A": (36, 1.533, 0.137),
            "cycle_A": (36, 3.076, 0.303),
            "idt_A": (36, 0.767, 0.068),
            "D_B": (36, 0.23, 0.395),
        },
    ),
    "darknet.log": (
        "Text log (darknet)",
        {
            "step": (23, 1, 12),
            "IOU": (11, 0.302123, 0.312123),
            "Class": (11, 0.498765, 0.498765),
            "Obj": (11, 0.512345, 0.512345),
            "No Obj": (11, 0.456789, 0.456789),
            "R": (11, 0.25, 0.25),
            "count": (11, 4, 4),
            "loss": (12, 1.633063, 0.236631),
            "avg loss": (12, 1.533063, 0.136631),
        },
    ),
    "detectron2.log": (
        "Text log",
        {
            "step": (12, 19, 239),
            "total_loss": (12, 1.533, 0.1366),
            "loss_cls": (12, 0.7665, 0.06832),
            "loss_box_reg": (12, 0.11, 0.22),
            "lr": (12, 0.00025, 0.00025),
        },
    ),
    "fairseq.log": (
        "Text log (fairseq)",
        {
            "epoch": (72, 1, 12),
            "step": (72, 100, 3600),
            "train/loss": (36, 1.533, 0.137),
            "train/nll_loss": (36, 0.767, 0.068),
            "train/ppl": (36, 2.89, 1.1),
            "lr": (36, 0.0005, 0.0005),
            "gnorm": (36, 1.234, 1.234),
            "val/loss": (12, 0.92, 1.58),
            "val/nll_loss": (12, 0.46, 0.79),
            "val/ppl": (12, 1.89, 2.99),
            "score": (12, 0.92, 1.58),
        },
    ),
    "fairseq_json.log": (
        "Text log",
        {
            "epoch": (24, 1, 12),
            "step": (24, 300, 3600),
            "train_loss": (12, 1.533, 0.137),
            "train_ppl": (12, 2.89, 1.1),
            "train_lr": (12, 0.0005, 0.0005),
            "valid_loss": (12, 0.92, 1.58),
            "valid_ppl": (12, 1.89, 2.99),
        },
    ),
    "fastai.log": (
        "CSV",
        {
            "epoch": (12, 0, 11),
            "train_loss": (12, 1.533063, 0.136631),
            "valid_loss": (12, 0.92, 1.58),
            "accuracy": (12, 0.71, 0.82),
        },
    ),
    "flair.log": (
        "Text log (flair)",
        {
            "epoch": (60, 0.33333333, 12),
            "loss": (36, 1.7330626, 0.1366),
            "lr": (36, 0.1, 0.1),
            "momentum": (36, 0, 0),
            "val/loss": (12, 0.92, 1.58),
            "val/f1-score": (12, 0.51, 0.62),
        },
    ),
    "headings.log": (
        "Text log",
        {
            "epoch": (48, 1, 12),
            "train/loss": (12, 1.5331, 0.1366),
            "val/loss": (12, 0.92, 1.58),
            "train/acc": (12, 0.61, 0.72),
            "val/acc": (12, 0.51, 0.62),
        },
    ),
    "ignite.log": (
        "Text log",
        {
            "epoch": (20, 0.5, 5),
            "Loss": (10, 0.86, 0.16),
            "train/loss": (5, 0.4535, 0.1805),
            "val/loss": (5, 0.4775, 0.1625),
        },
    ),
    "imagenet.log": (
        "Text log",
        {
            "epoch": (60, -1, 11),
            "Loss": (36, 1.5531, 0.19663),
            "Acc@1": (36, 12.5, 12.5),
            "Acc@5": (36, 37.5, 37.5),
            "test/Loss": (12, 0.92, 1.58),
            "test/Acc@1": (12, 20.11, 20.22),
            "test/Acc@5": (12, 40.123, 40.123),
        },
    ),
    "k01b_hf_five_evals.json": (
        "Hugging Face trainer_state.json",
        {
            "epoch": (85, 0.0625, 5),
            "learning_rate": (80, 1e-05, 1e-05),
            "loss": (80, 1.29, 0.5345),
            "step": (85, 5, 400),
            "eval_loss": (5, 0.7294, 0.7005),
            "eval_runtime": (5, 2, 2),
        },
    ),
    "k01e_hf_few_steps_shared.json": (
        "Hugging Face trainer_state.json",
        {
            "epoch": (50, 0.2727, 10.9091),
            "loss": (40, 1.9241, 0.1492),
            "step": (50, 30, 1200),
            "eval_loss": (10, 1.0765, 1.0818),
            "eval_runtime": (10, 2.1, 2.1),
        },
    ),
    "k03a_logging_epoch_lines.log": (
        "Text log",
        {
            "epoch": (20, 1, 20),
            "Train Loss": (20, 1.7375, 0.1366),
            "Val Loss": (20, 1.3098, 0.8995),
        },
    ),
    "k03b_plain_epoch_bar.log": (
        "Text log",
        {
            "epoch": (20, 1, 20),
            "Loss": (20, 1.7375, 0.1366),
        },
    ),
    "k03c_keras_console.txt": (
        "Text log (Keras)",
        {
            "epoch": (20, 1, 20),
            "loss": (20, 1.7375, 0.1366),
            "accuracy": (20, 0.51, 0.7),
            "val_loss": (20, 1.3098, 0.8995),
            "val_accuracy": (20, 0.49, 0.68),
        },
    ),
    "k03d_hf_console.log": (
        "Text log (Hugging Face)",
        {
            "epoch": (30, 0.5, 10),
            "loss": (20, 1.7375, 0.1366),
            "grad_norm": (20, 1.1, 1.1),
            "learning_rate": (20, 2e-05, 2e-05),
            "eval_loss": (10, 1.0661, 0.8995),
        },
    ),
    "k03e_nanogpt.log": (
        "Text log (nanoGPT)",
        {
            "step": (45, 0, 290),
            "train loss": (15, 2.1, 0.1074),
            "val loss": (15, 1.65, 1.1221),
            "loss": (30, 2.12, 0.1261),
        },
    ),
    "k03f_commas_read_as_table.txt": (
        "Text log",
        {
            "epoch": (60, 1, 12),
            "step": (60, 4, 51),
            "loss_train": (48, 1.7375, 0.2562),
            "val_loss": (12, 1.3098, 0.696),
        },
    ),
    "k03g_boosting.log": (
        "Text log (XGBoost)",
        {
            "step": (50, 0, 49),
            "train-rmse": (50, 2.1, 0.1337),
            "eval-rmse": (50, 1.3, 0.7403),
        },
    ),
    "k03k_keras_backspaces.txt": (
        "Text log (Keras)",
        {
            "epoch": (8, 1, 8),
            "loss": (8, 1.7375, 0.5038),
            "val_loss": (8, 1.3098, 0.6454),
        },
    ),
    "k04a_total_loss.json": (
        "JSON Lines",
        {
            "eta_seconds": (60, 900, 841),
            "iteration": (60, 19, 1199),
            "loss_box_reg": (60, 0.12, 0.4991),
            "loss_cls": (60, 2.1, 0.1146),
            "lr": (60, 0.001, 0.001),
            "total_loss": (60, 4.1, 0.6256),
        },
    ),
    "k06a_boosting_iterations.json": (
        "CatBoost catboost_training.json",
        {
            "learn/Logloss": (50, 2.1, 0.1337),
            "iteration": (50, 0, 49),
            "passed_time": (50, 0, 0.49),
            "test/Logloss": (50, 1.3, 0.7403),
        },
    ),
    "k12a_fine_tuning.json": (
        "Hugging Face trainer_state.json",
        {
            "epoch": (110, 0.02, 2),
            "loss": (100, 2.0176, 1.5985),
            "step": (110, 10, 1000),
            "eval_loss": (10, 1.7427, 1.6403),
        },
    ),
    "k13a_boosting_evals.json": (
        "Boosting evals_result",
        {
            "iteration": (50, 0, 49),
            "validation_0/logloss": (50, 2.1, 0.1337),
            "validation_1/logloss": (50, 1.3, 0.7403),
        },
    ),
    "k20a_keras_history.json": (
        "JSON",
        {
            "epoch": (20, 1, 20),
            "loss": (20, 2.1, 0.1447),
            "val_loss": (20, 1.65, 0.8721),
        },
    ),
    "keras_backspaces.log": (
        "Text log (Keras)",
        {
            "epoch": (12, 1, 12),
            "loss": (12, 1.5331, 0.1366),
            "val_loss": (12, 0.92, 1.58),
        },
    ),
    "keras_bars.log": (
        "Text log (Keras)",
        {
            "epoch": (6, 1, 6),
            "loss": (6, 1.0742, 0.1759),
            "mae": (6, 0.8104, 0.3547),
            "val_loss": (6, 0.5678, 0.1594),
            "val_mae": (6, 0.6215, 0.3251),
        },
    ),
    "keras_lines.log": (
        "Text log (Keras)",
        {
            "epoch": (6, 1, 6),
            "loss": (6, 1.0742, 0.1759),
            "mae": (6, 0.8104, 0.3547),
            "val_loss": (6, 0.5678, 0.1594),
            "val_mae": (6, 0.6215, 0.3251),
        },
    ),
    "lightgbm.log": (
        "Text log (LightGBM)",
        {
            "step": (15, 1, 15),
            "training/binary_logloss": (15, 0.643337, 0.369986),
            "valid_1/binary_logloss": (15, 0.645626, 0.445239),
        },
    ),
    "lightgbm_evals_result.json": (
        "Boosting evals_result",
        {
            "iteration": (15, 0, 14),
            "training/binary_logloss": (15, 0.64333681, 0.36998646),
            "valid_1/binary_logloss": (15, 0.64562559, 0.44523866),
        },
    ),
    "lightning_bar.log": (
        "Text log",
        {
            "epoch": (5, 0, 4),
            "train_loss_step": (5, 0.599, 0.162),
            "val_loss": (5, 0.478, 0.163),
            "train_loss_epoch": (5, 0.604, 0.192),
        },
    ),
    "mmdet2.log": (
        "Text log (OpenMMLab)",
        {
            "epoch": (48, 0.33333333, 12),
            "lr": (36, 0.001, 0.001),
            "loss_cls": (36, 0.7665, 0.0683),
            "loss_bbox": (36, 0.7665, 0.0683),
            "acc": (36, 95.1234, 95.1234),
            "loss": (36, 1.5331, 0.1366),
            "val/bbox_mAP": (12, 0.301, 0.312),
            "val/loss": (12, 0.92, 1.58),
        },
    ),
    "mmdet3.log": (
        "Text log (OpenMMLab)",
        {
            "epoch": (48, 0.33333333, 12),
            "lr": (36, 0.001, 0.001),
            "train/loss": (36, 1.5331, 0.1366),
            "train/loss_cls": (36, 0.7665, 0.0683),
            "val/loss": (12, 0.92, 1.58),
            "val/accuracy/top1": (12, 71.1234, 82.1234),
        },
    ),
    "nanogpt.log": (
        "Text log (nanoGPT)",
        {
            "step": (48, 250, 3030),
            "train loss": (12, 1.5331, 0.1366),
            "val loss": (12, 0.92, 1.58),
            "loss": (36, 1.5431, 0.1666),
        },
    ),
    "one_line.log": (
        "Text log",
        {
            "epoch": (12, 1, 12),
            "step": (12, 100, 1200),
            "train/loss": (12, 0.5, 0.5),
            "train/acc": (12, 0.61, 0.72),
            "val/loss": (12, 0.92, 1.58),
            "val/acc": (12, 0.51, 0.62),
        },
    ),
    "phase_lines.log": (
        "Text log",
        {
            "epoch": (24, 0, 11),
            "train Loss": (12, 1.5331, 0.1366),
            "train/Acc": (12, 0.61, 0.72),
            "val Loss": (12, 0.92, 1.58),
            "val/Acc": (12, 0.51, 0.62),
        },
    ),
    "sklearn_boosting.log": (
        "Text log",
        {
            "step": (10, 1, 10),
            "Train Loss": (10, 1.2812, 0.8394),
        },
    ),
    "sklearn_mlp.log": (
        "Text log",
        {
            "step": (24, 1, 12),
            "loss": (12, 0.80677686, 0.78062546),
            "Validation score": (12, 0.3, 0.275),
        },
    ),
    "sklearn_sgd.log": (
        "Text log",
        {
            "epoch": (8, 1, 8),
            "Norm": (8, 30.14, 15.09),
            "Bias": (8, 15.882071, -0.428372),
            "T": (8, 400, 3200),
            "loss": (8, 7.014926, 1.674398),
            "Objective": (8, 7.090709, 1.683199),
        },
    ),
    "spacy.log": (
        "Text log (spaCy)",
        {
            "epoch": (8, 0, 7),
            "step": (8, 0, 70),
            "LOSS TEXTCAT": (8, 0.25, 0.03),
            "CATS_SCORE": (8, 100, 100),
            "SCORE": (8, 1, 1),
        },
    ),
    "timm.log": (
        "Text log",
        {
            "epoch": (48, -1, 11),
            "train/Loss": (36, 1.553, 0.1966),
            "LR": (36, 0.001, 0.001),
            "test/Loss": (12, 0.92, 1.58),
            "test/Acc@1": (12, 71, 82),
        },
    ),
    "torch_example.log": (
        "Text log",
        {
            "epoch": (30, 0, 5),
            "train/Loss": (25, 0.801511, 0.596012),
            "test/loss": (5, 0.6725, 0.5653),
            "test/Accuracy": (5, 0.61, 0.69),
        },
    ),
    "tqdm_epochs.log": (
        "Text log",
        {
            "epoch": (24, 1, 12),
            "loss": (12, 1.533, 0.137),
            "lr": (12, 0.001, 0.001),
            "val_loss": (12, 0.92, 1.58),
            "val/acc": (12, 0.51, 0.62),
        },
    ),
    "transformers.log": (
        "Text log (Hugging Face)",
        {
            "epoch": (15, 0.5, 5),
            "loss": (10, 0.4851, 0.153),
            "grad_norm": (10, 1.471, 0.1556),
            "learning_rate": (10, 0.046, 0.001),
            "eval_loss": (5, 0.1534, 0.14),
        },
    ),
    "transformers_bars.log": (
        "Text log (Hugging Face)",
        {
            "epoch": (15, 0.5, 5),
            "loss": (10, 0.4851, 0.153),
            "grad_norm": (10, 1.471, 0.1556),
            "learning_rate": (10, 0.046, 0.001),
            "eval_loss": (5, 0.1534, 0.14),
        },
    ),
    "ultralytics.log": (
        "Text log (Ultralytics)",
        {
            "epoch": (24, 1, 12),
            "box_loss": (12, 1.533, 0.1366),
            "cls_loss": (12, 3.066, 0.2733),
            "dfl_loss": (12, 1.17, 1.015),
            "Box(P": (12, 0.601, 0.612),
            "R": (12, 0.501, 0.512),
            "mAP50": (12, 0.551, 0.562),
            "mAP50-…": (12, 0.401, 0.412),
        },
    ),
    "xgboost.log": (
        "Text log (XGBoost)",
        {
            "step": (15, 0, 14),
            "train-logloss": (15, 0.53771, 0.11976),
            "eval-logloss": (15, 0.57139, 0.45947),
        },
    ),
    "xgboost_classifier.json": (
        "Boosting evals_result",
        {
            "iteration": (12, 0, 11),
            "validation_0/logloss": (12, 0.53771351, 0.14560251),
            "validation_0/error": (12, 0.105, 0.025),
            "validation_1/logloss": (12, 0.57138601, 0.44613472),
            "validation_1/error": (12, 0.195, 0.205),
        },
    ),
    "xgboost_classifier.log": (
        "Text log (XGBoost)",
        {
            "step": (12, 0, 11),
            "validation_0-logloss": (12, 0.53771, 0.1456),
            "validation_0-error": (12, 0.105, 0.025),
            "validation_1-logloss": (12, 0.57139, 0.44613),
            "validation_1-error": (12, 0.195, 0.205),
        },
    ),
    "xgboost_evals_result.json": (
        "Boosting evals_result",
        {
            "iteration": (15, 0, 14),
            "train/logloss": (15, 0.53771351, 0.11975729),
            "eval/logloss": (15, 0.57138601, 0.45947264),
        },
    ),
}


def path_of(name):
    """Where a file lies: what tools printed, or one of the cases."""
    return FILES / name if (FILES / name).exists() else CASES / name


def log_of(name):
    return read_log(name, path_of(name).read_bytes())


def text(*lines):
    return read_console("\n".join(lines) + "\n")


def column(table, name):
    return table.columns[name].values.tolist()


def test_every_file_is_in_the_table():
    assert {path.name for path in FILES.iterdir()} == {name for name in PRINTED if path_of(name).parent == FILES}


@pytest.mark.parametrize("name", PRINTED)
def test_the_columns_of_a_file(name):
    kind, columns = PRINTED[name]
    log = log_of(name)
    check(log)
    assert log.format == kind
    found = {key: (len(one.values), one.values[0], one.values[-1]) for key, one in log.table.columns.items()}
    assert list(found) == list(columns)
    for key, numbers in columns.items():
        assert found[key] == pytest.approx(numbers, rel=1e-7), key


@pytest.mark.parametrize(
    ("printed", "saved", "names"),
    [
        ("xgboost.log", "xgboost_evals_result.json", ("train{}logloss", "eval{}logloss")),
        ("xgboost_classifier.log", "xgboost_classifier.json", ("validation_0{}logloss", "validation_1{}error")),
        ("lightgbm.log", "lightgbm_evals_result.json", ("training/binary_logloss", "valid_1/binary_logloss")),
    ],
)
def test_the_console_and_the_saved_history_of_one_run_agree(printed, saved, names):
    console, history = log_of(printed).table, log_of(saved).table
    for name in names:
        np.testing.assert_allclose(
            column(console, name.format("-")), column(history, name.format("/")), rtol=0, atol=6e-6
        )


def test_catboost_prints_what_it_saves():
    console, saved = log_of("catboost.log").table, log_of("catboost_training.json").table
    for name in ("learn", "test"):
        np.testing.assert_allclose(column(console, name), column(saved, f"{name}/Logloss"), rtol=0, atol=6e-8)
    raw = json.loads((FILES / "catboost_training.json").read_text())
    assert column(saved, "learn/Logloss") == [record["learn"][0] for record in raw["iterations"]]


def test_keras_tells_the_same_with_bars_and_with_lines():
    bars, lines = log_of("keras_bars.log").table, log_of("keras_lines.log").table
    for name in ("epoch", "loss", "val_loss", "mae", "val_mae"):
        assert column(bars, name) == column(lines, name)


def test_hugging_face_tells_the_same_with_bars_and_without():
    bars, lines = log_of("transformers_bars.log").table, log_of("transformers.log").table
    for name in ("epoch", "loss", "eval_loss"):
        assert column(bars, name) == column(lines, name)


def test_every_value_stands_at_its_count_and_in_its_line():
    name = "k03f_commas_read_as_table.txt"
    table = log_of(name).table
    lines = path_of(name).read_text().splitlines()
    for key, start in (("loss_train", "phase train, step {}, loss_train, "), ("val_loss", "val_loss: ")):
        steps = dict(zip(table.columns["step"].rows.tolist(), column(table, "step"), strict=True))
        own = table.columns[key]
        for row, value in zip(own.rows.tolist(), own.values.tolist(), strict=True):
            assert lines[row - 1].endswith(start.format(int(steps[row])) + f"{value:.4f}")


def test_a_step_inside_an_epoch_makes_fractions_of_it():
    _, table = text(*(f"epoch {at} batch {step}/4 loss {at + step}" for at in (1, 2, 3) for step in (2, 4)))
    assert column(table, "epoch") == [0.5, 1, 1.5, 2, 2.5, 3]
    _, table = text(*(f"epoch {at} step {100 * at + step} loss 1" for at in (1, 2, 3) for step in (25, 50)))
    assert column(table, "epoch") == [1, 1, 2, 2, 3, 3]
    assert column(table, "step") == [125, 150, 225, 250, 325, 350]


def test_validation_of_an_epoch_is_its_last_line_and_stands_at_its_end():
    lines = [f"{whose} epoch {at} [{step}/2] loss {at}.{step}" for at in (1, 2, 3) for whose in ("train", "val")
             for step in (1, 2)]  # fmt: skip
    _, table = text(*lines)
    assert column(table, "train/loss") == [1.1, 1.2, 2.1, 2.2, 3.1, 3.2]
    assert column(table, "val/loss") == [1.2, 2.2, 3.2]
    rows = table.columns["val/loss"].rows
    epochs = dict(zip(table.columns["epoch"].rows.tolist(), column(table, "epoch"), strict=True))
    assert [epochs[row] for row in rows.tolist()] == [1, 2, 3]


def test_a_progress_bar_counts_by_its_last_state_or_by_each_where_there_is_one_epoch():
    def states(at):
        return [f"Epoch {at}: {25 * step}%|██  | {step}/4 [00:01<00:02, loss={at}.{step}]" for step in range(5)]

    _, table = text(*states(1), *states(2), *states(3))
    assert column(table, "loss") == [1.4, 2.4, 3.4]
    assert column(table, "epoch") == [1, 2, 3]
    _, table = text(*states(1))
    assert column(table, "loss") == [1.1, 1.2, 1.3, 1.4]
    assert column(table, "epoch") == [0.25, 0.5, 0.75, 1]


def test_bars_without_a_word_of_epochs_are_epochs():
    lines = [f"{50 * step}%|█ | {step}/2 [00:01<00:02, loss={at}.{step}]" for at in (1, 2, 3) for step in (1, 2)]
    _, table = text(*lines)
    assert column(table, "epoch") == [1, 2, 3]
    assert column(table, "loss") == [1.2, 2.2, 3.2]
    assert table.notes == ("No line names the epoch; each time the progress bar starts again counts as one.",)


def test_an_epoch_that_is_named_after_its_numbers():
    _, table = text(*(line for at in (1, 2, 3) for line in (f"loss: 0.{at}", f"Epoch {at} took 3s")))
    assert column(table, "epoch") == [1, 2, 3]


def test_what_is_printed_once_is_no_curve_and_settings_are_none():
    _, table = text("lr: 0.1", "dropout: 0.5", *(f"epoch {at} loss 0.{at}" for at in (1, 2)), "final score: 0.7")
    assert list(table.columns) == ["epoch", "loss"]
    assert table.notes == ("Printed only once, so no curve: score.",)


def test_lines_without_a_count_are_counted_by_line():
    _, table = text("loss: 3", "some words", "loss: 2", "loss: 1")
    assert column(table, "loss") == [3, 2, 1]
    assert table.columns["loss"].rows.tolist() == [1, 3, 4]
    assert table.row_noun == "Line"


def test_a_decimal_comma():
    _, table = text("Epoche: 1 - loss: 1,7375", "Epoche: 2 - loss: 1,4406")
    assert column(table, "loss") == [1.7375, 1.4406]
    assert "A comma inside a number is read as a decimal comma." in table.notes


def test_a_loss_that_became_nan_is_kept():
    _, table = text("epoch 1 loss 3.5", "epoch 2 loss inf", "epoch 3 loss nan", "epoch 4 loss -nan")
    np.testing.assert_array_equal(column(table, "loss"), [3.5, np.inf, np.nan, np.nan])


def test_several_records_in_one_line():
    log = read_log(
        "a.log", b"{'loss': 3.0, 'epoch': 1.0}{'eval_loss': 4.0, 'epoch': 1.0} {'loss': 2.0, 'epoch': 2.0}\n"
    )
    check(log)
    assert column(log.table, "loss") == [3, 2]


@pytest.mark.parametrize(
    "words", ["hello world", "", "Epoch 1\nEpoch 2\n", "saw 5 dogs\nsaw 6 dogs\n", "0 1 2\n3 4 5\n"]
)
def test_what_names_no_number_is_no_text_log(words):
    assert read_console(words) is None


def test_the_settings_of_a_run_and_an_error_message_say_what_they_are():
    log = read_log("config.yaml", b"lr: 0.1\nbatch_size: 32\nepochs: 20\nseed: 1\n")
    assert log.notes[0].startswith("The file seems to be the settings of a run")
    log = read_log("a.log", b'Traceback (most recent call last):\n  File "a.py", line 5, in f\nValueError: n: 3\n')
    assert log.notes[0].startswith("The file seems to be an error message of Python")
    log = read_log("a.log", b"the cat: 5 dogs\nthe mouse: 7 dogs\n" * 3)
    check(log)
