"""Small tables of every kind, as the tools write them, each with what has to be read from it.

A line of the expectation is a run: its name, the axis and what it counts, the training and the validation curve, each
a column and its number of points.
"""

import json
from dataclasses import dataclass

import numpy as np

COUNT = 20
EPOCHS = list(range(COUNT))
FALL = [round(float(value), 4) for value in 2 * np.exp(-np.arange(COUNT) / 6) + 0.1]
TURN = [round(value + 0.03 * max(0, at - 8), 4) for at, value in enumerate(FALL)]
RISE = [round(1 - value / 3, 4) for value in FALL]
CLOCK = [1_700_000_000 + 10.5 * at for at in EPOCHS]
BOTH = [value for pair in zip(FALL, TURN, strict=True) for value in pair]
TWICE = [at // 2 for at in range(2 * COUNT)]

Run = tuple[str, str, str, tuple[str, int] | None, tuple[str, int] | None]


@dataclass(frozen=True)
class Sample:
    text: str
    runs: list[Run]
    notes: tuple[str, ...] = ()  # a part of a note each; without any there must be none
    format: str = "CSV"


def rows(header: str, *columns, separator: str = ",") -> str:
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in zip(*columns, strict=True)]
    return "\n".join([header, *lines] if header else lines) + "\n"


def one(x: str, unit: str, train: str | None, validation: str | None = None, points=(COUNT, COUNT), name="") -> Run:
    expected = [
        None if half is None else (half, count) for half, count in zip((train, validation), points, strict=True)
    ]
    return (name, x, unit, *expected)


def runs(names: list[str], x: str, unit: str, train: str | None, validation: str | None = None) -> list[Run]:
    return [one(x, unit, train, validation, name=name) for name in names]


PAIR = [one("epoch", "epoch", "train_loss", "val_loss")]
BY_STEP = [one("step", "step", "train_loss", "val_loss")]
APPENDED = "starts again and the loss leaps back"
NO_NAMES = "holds numbers and no names"
NO_LOSS = "No column is called a loss"
ROW_A_RUN = "Each row is another run"
RANGES = "__MIN and __MAX"

SAMPLES = {
    # several runs in one file
    "seeds": Sample(
        rows("seed,epoch,loss,val_loss", [7] * COUNT + [13] * COUNT, EPOCHS * 2, FALL * 2, TURN * 2),
        runs(["seed 7", "seed 13"], "epoch", "epoch", "loss", "val_loss"),
        ("2 runs, distinguished by seed: seed 7 and seed 13",),
    ),
    "folds_and_seeds": Sample(
        rows("fold,seed,epoch,loss", [1] * 40 + [2] * 40, ([0] * COUNT + [1] * COUNT) * 2, EPOCHS * 4, FALL * 4),
        runs(["fold 1 seed 0", "fold 1 seed 1", "fold 2 seed 0", "fold 2 seed 1"], "epoch", "epoch", "loss"),
        ("4 runs, distinguished by fold and seed",),
    ),
    "folds_as_records": Sample(
        json.dumps([{"fold": fold, "epoch": at, "loss": FALL[at]} for fold in range(3) for at in EPOCHS]),
        runs(["fold 0", "fold 1", "fold 2"], "epoch", "epoch", "loss"),
        ("3 runs, distinguished by fold",),
        "JSON",
    ),
    "named_runs": Sample(
        rows("epoch,run,train_loss,val_loss", EPOCHS * 2, ["adam-1"] * COUNT + ["sgd-2"] * COUNT, FALL * 2, TURN * 2),
        runs(["adam-1", "sgd-2"], "epoch", "epoch", "train_loss", "val_loss"),
        ("2 runs, distinguished by run: adam-1 and sgd-2",),
    ),
    "interleaved_runs": Sample(
        rows("run,step,loss", [1, 2] * COUNT, TWICE, [FALL[at] for at in TWICE]),
        runs(["run 1", "run 2"], "step", "step", "loss"),
        ("distinguished by run",),
    ),
    "optimizers": Sample(
        rows("optimizer,epoch,loss", ["adam"] * COUNT + ["sgd"] * COUNT, EPOCHS * 2, FALL * 2),
        runs(["adam", "sgd"], "epoch", "epoch", "loss"),
        ("distinguished by optimizer",),
    ),
    "optimizer_changed_within_the_run": Sample(
        rows("epoch,optimizer,loss", EPOCHS, ["adam"] * 10 + ["sgd"] * 10, FALL), [one("epoch", "epoch", "loss")]
    ),
    "resumed_under_another_name": Sample(
        rows("run_id,epoch,loss", ["a"] * 10 + ["b"] * 10, EPOCHS, FALL), [one("epoch", "epoch", "loss")],
        ("Column run_id changes, but the epoch and the loss go on",),
    ),
    "other_runs_of_a_flat_loss": Sample(
        rows("run_id,epoch,loss", ["a"] * 10 + ["b"] * 10, EPOCHS, [1.5] * COUNT),
        [one("epoch", "epoch", "loss", points=(10, 0), name=name) for name in "ab"], ("distinguished by run_id",),
    ),
    "folds_counted_on": Sample(
        rows("fold,global_step,loss", [0] * COUNT + [1] * COUNT, range(2 * COUNT), FALL * 2),
        runs(["fold 0", "fold 1"], "global_step", "step", "loss"), ("distinguished by fold",),
    ),
    "folds_in_columns": Sample(
        rows("epoch,fold1_loss,fold1_val_loss,fold2_loss,fold2_val_loss", EPOCHS, FALL, TURN, FALL, TURN),
        [one("epoch", "epoch", f"fold{at}_loss", f"fold{at}_val_loss", name=f"fold {at}") for at in (1, 2)],
        ("2 runs side by side: fold 1 and fold 2",),
    ),
    "one_run_of_many_names": Sample(
        rows("run_id,epoch,loss", ["a1"] * COUNT, EPOCHS, FALL), [one("epoch", "epoch", "loss")]
    ),
    "appended": Sample(
        rows("epoch,train_loss,val_loss", EPOCHS * 3, FALL * 3, TURN * 3),
        runs(["run 1", "run 2", "run 3"], "epoch", "epoch", "train_loss", "val_loss"),
        (APPENDED,),
    ),
    "appended_in_one_epoch": Sample(
        rows("epoch,step,train_loss", [0] * 2 * COUNT, EPOCHS * 2, FALL * 2),
        runs(["run 1", "run 2"], "step", "step", "train_loss"), ("the step starts again and the loss leaps back",),
    ),
    "appended_with_the_names_again": Sample(
        rows("epoch,train_loss,val_loss", EPOCHS, FALL, TURN) * 2,
        runs(["run 1", "run 2"], "epoch", "epoch", "train_loss", "val_loss"),
        ("repeats the names", APPENDED),
    ),
    "appended_overfitted_validation_alone": Sample(
        rows("epoch,val_loss", EPOCHS * 2, TURN * 2),
        runs(["run 1", "run 2"], "epoch", "epoch", None, "val_loss"),
        (APPENDED,),
    ),
    "resumed_count_restarts": Sample(
        rows("epoch,loss", EPOCHS[:10] * 2, FALL), [one("epoch", "epoch", "loss")], ("counted on from there",),
        "Keras CSVLogger",
    ),
    "resumed_steps_overlap": Sample(
        rows("step,loss", [*range(0, 130, 10), *range(95, 200, 10)], [*FALL[:13], *FALL[9:20]]),
        [one("step", "step", "loss", points=(21, 0))],
        ("the run was resumed, and 3 earlier rows",),
    ),
    "batches_of_an_epoch": Sample(
        rows("epoch,batch,loss", [at // 5 for at in EPOCHS], [at % 5 for at in EPOCHS], FALL),
        [one("batch", "step", "loss")],
        ("counted on from there",),
    ),
    "side_by_side": Sample(
        rows('"Step","a-b - c - train/loss","a-b - c - train/loss__MIN","a-b - c - train/loss__MAX","x2 - train/loss",'
             '"x2 - train/loss__MIN","x2 - train/loss__MAX"', EPOCHS, FALL, FALL, FALL, TURN, TURN, TURN),
        [one("Step", "step", f"{name} - train/loss", name=name) for name in ("a-b - c", "x2")],
        (RANGES, "2 runs side by side: a-b - c and x2"),
        "Weights & Biases CSV",
    ),
    "one_run_of_a_chart": Sample(
        rows('"Step","happy-3 - eval/loss","happy-3 - eval/loss__MIN"', EPOCHS, TURN, TURN),
        [one("Step", "step", None, "happy-3 - eval/loss")], (RANGES,), "Weights & Biases CSV",
    ),
    # one row a run
    "runs_of_a_dashboard": Sample(
        rows('"Name","State","Created","Runtime","lr","train_loss","val_loss"', ["a", "b", "c"],
             ["finished", "crashed", "running"], ["2030-01-01T00:00:00.000Z"] * 3, [9, 8, 7], [.1, .2, .3], [1, 2, 3],
             [1, 2, 3]), [], (ROW_A_RUN,),
    ),
    "trials_of_a_search": Sample(
        rows(",number,value,duration,params_lr,state", range(3), range(3), [.5, .3, .4], ["0 days 00:00:10"] * 3,
             [.1, .01, .2], ["COMPLETE", "PRUNED", "COMPLETE"]), [], (ROW_A_RUN,),
    ),
    "grid_of_a_search": Sample(
        rows(",mean_fit_time,param_C,mean_test_score,rank_test_score", range(3), [.5, .3, .4], [1, 10, 100],
             [.9, .8, .7], [1, 2, 3]), [], (ROW_A_RUN,),
    ),
    "runs_of_a_tracker": Sample(
        rows("run_id,status,params.lr,metrics.loss", ["ab", "cd", "ef"], ["FINISHED"] * 3, [.1, .2, .3], [1, 2, 3]),
        [], (ROW_A_RUN,),
    ),
    # long tables
    "metric_step_value": Sample(rows("metric,step,value", ["train_loss", "val_loss"] * COUNT, TWICE, BOTH), BY_STEP),
    "key_in_blocks": Sample(
        rows("key,step,value", ["acc"] * COUNT + ["train_loss"] * COUNT + ["val_loss"] * COUNT, EPOCHS * 3,
             RISE + FALL + TURN), BY_STEP,
    ),
    "records_of_metrics": Sample(
        "\n".join(json.dumps({"metric": key, "step": at, "value": values[at]}) for at in EPOCHS
                  for key, values in (("train_loss", FALL), ("val_loss", TURN))), BY_STEP, (), "JSON Lines",
    ),
    "without_names": Sample(rows("", ["train_loss", "val_loss"] * COUNT, TWICE, BOTH), BY_STEP, (NO_NAMES,)),
    "scalars_of_tensorboard": Sample(
        rows("run,tag,step,value,wall_time", ["exp/train"] * COUNT + ["exp/validation"] * COUNT, ["epoch_loss"] * 40,
             EPOCHS * 2, FALL + TURN, CLOCK * 2), [one("step", "step", "train/epoch_loss", "val/epoch_loss")],
    ),
    "tags_with_a_clock": Sample(
        rows("tag,wall_time,step,value", ["Loss/train"] * COUNT + ["Loss/val"] * COUNT, CLOCK * 2, EPOCHS * 2,
             FALL + TURN), [one("step", "step", "Loss/train", "Loss/val")],
    ),
    "runs_and_tags": Sample(
        rows("Wall time,Run,Tag,Step,Value", CLOCK * 4, ["a"] * 40 + ["b"] * 40,
             (["loss"] * COUNT + ["val_loss"] * COUNT) * 2, EPOCHS * 4, (FALL + TURN) * 2),
        runs(["a", "b"], "Step", "step", "loss", "val_loss"), ("distinguished by Run",),
    ),
    "split": Sample(
        rows("split,epoch,loss", ["train", "val"] * COUNT, TWICE, BOTH),
        [one("epoch", "epoch", "train/loss", "val/loss")],
    ),
    "split_without_names": Sample(
        rows("", ["train", "valid"] * COUNT, TWICE, BOTH), [one("step", "step", "train/column 3", "val/column 3")],
        (NO_NAMES,),
    ),
    "metric_of_mlflow": Sample(
        rows("", [1_700_000_000_000 + 1000 * at for at in EPOCHS], FALL, EPOCHS, separator=" "),
        [one("step", "step", "value")], (), "MLflow metric",
    ),
    # no header
    "numbers_alone": Sample(rows("", FALL), [one("row", "row", "column 1")], (NO_NAMES, "counted by row")),
    "epoch_and_loss": Sample(
        rows("", EPOCHS, FALL, separator=" "), [one("column 1", "step", "column 2")], (NO_NAMES, "counts up"),
    ),
    "epoch_in_words": Sample(
        rows("", [f"Epoch {at}" for at in EPOCHS], FALL), [one("column 1", "step", "column 2")],
        (NO_NAMES, "'Epoch 0'", "counts up"),
    ),
    "seconds_since_1970": Sample(
        rows("", CLOCK, FALL), [one("row", "row", "column 2")], (NO_NAMES, "counted by row"),
    ),
    "time_of_day": Sample(
        rows("", [f"12:{at:02}:00" for at in EPOCHS], FALL), [one("row", "row", "column 2")],
        (NO_NAMES, "counted by row"),
    ),
    "names_of_pandas": Sample(rows(",0", EPOCHS, FALL), [one("column 1", "step", "0")], ("counts up",)),
    "printed_by_pandas": Sample(
        rows("    train_loss  val_loss", EPOCHS, FALL, TURN, separator="   "),
        [one("column 1", "step", "train_loss", "val_loss")], ("counts up",),
    ),
    "markdown": Sample(
        rows("| epoch | train_loss | val_loss |\n|---|:---:|---|", [f"| {at}" for at in EPOCHS], FALL,
             [f"{value} |" for value in TURN], separator=" | "), PAIR,
    ),
    # cells
    "cells_of_a_notebook": Sample(
        rows("Step,Training Loss,Validation Loss", EPOCHS, ["No log"] * 3 + FALL[3:], TURN),
        [one("Step", "step", "Training Loss", "Validation Loss", (17, COUNT))],
    ),
    "percent": Sample(
        rows("epoch,acc,train_loss,val_loss", EPOCHS, [f"{50 + at}%" for at in EPOCHS], FALL, TURN), PAIR,
        ("'50%' (row 2) in column acc are read as 50",),
    ),
    "spread": Sample(
        rows("epoch,train_loss,val_loss", EPOCHS, [f"{value} ± 0.01" for value in FALL], TURN), PAIR,
        ("± 0.01' (row 2) in column train_loss are read as 2.1",),
    ),
    "thousands": Sample(
        rows("step,train_loss,val_loss", [f'"{1000 * at + 1000:,}"' for at in EPOCHS], FALL, TURN), BY_STEP,
        ("parts thousands",),
    ),
    "decimal_commas": Sample(
        rows("epoch;train_loss;val_loss", EPOCHS, *([str(value).replace(".", ",") for value in values]
             for values in (FALL, TURN)), separator=";"), PAIR, ("decimal comma",),
    ),
    "epoch_of_total": Sample(
        rows("epoch,train_loss,val_loss", [f"[{at}/20]" for at in EPOCHS], FALL, TURN), PAIR, ("'[0/20]'",),
    ),
    **{
        f"holes_as_{hole}": Sample(
            rows("epoch,train_loss,val_loss", EPOCHS, FALL, [TURN[at] if at % 5 == 4 else hole for at in EPOCHS]),
            [one("epoch", "epoch", "train_loss", "val_loss", (COUNT, 4))],
            ("Column val_loss is NaN in rows",) if hole == "NaN" else (),
        )
        for hole in ("None", "-", "NA", "", "NaN")
    },
    # names
    "parts_of_boxes": Sample(
        rows(" epoch, train/box_loss, train/dfl_loss, metrics/mAP50(B), val/box_loss, val/dfl_loss, lr/pg0",
             EPOCHS, FALL, FALL, RISE, TURN, TURN, FALL), [one("epoch", "epoch", "train/box_loss", "val/box_loss")],
        ("there is no total; drawn beside train/dfl_loss",),
    ),
    "total_and_its_parts": Sample(
        rows("iter,loss_box_reg,loss_rpn_cls,total_loss,validation_loss", EPOCHS, RISE, FALL, FALL, TURN),
        [one("iter", "step", "total_loss", "validation_loss")],
    ),
    "sum_with_a_divergence": Sample(
        rows("epoch,kl_loss,recon_loss,loss", EPOCHS, RISE, FALL, FALL), [one("epoch", "epoch", "loss")]
    ),
    "a_divergence_alone": Sample(rows("epoch,kl", EPOCHS, RISE), [one("epoch", "epoch", "kl")], ("No verdict on kl",)),
    "generator": Sample(
        rows("epoch,d_loss,g_loss", EPOCHS, FALL, RISE), [one("epoch", "epoch", "d_loss")],
        ("a generator and a discriminator",),
    ),
    "generator_by_letters": Sample(
        rows("epoch,D_A,G_A,D_B,G_B", EPOCHS, FALL, RISE, FALL, RISE), [one("epoch", "epoch", "D_A")],
        ("a generator and a discriminator",),
    ),
    "policy_and_value": Sample(
        rows("rollout/ep_rew_mean,train/loss,train/policy_gradient_loss,train/value_loss,time/iterations,"
             "time/total_timesteps", RISE, FALL, FALL, FALL, EPOCHS, [2048 * at for at in EPOCHS]),
        [one("time/total_timesteps", "step", "train/loss")], ("a policy and of its critic",),
    ),
    "policy_by_letters": Sample(
        rows("Epoch\tAverageEpRet\tLossPi\tLossV\tTotalEnvInteracts\tTime", EPOCHS, RISE, FALL, FALL, CLOCK, CLOCK,
             separator="\t"), [one("Epoch", "epoch", "LossPi")], ("a policy and of its critic",),
    ),
    "reward_by_episode": Sample(
        rows("episode,reward", EPOCHS, RISE), [one("episode", "episode", None)], (NO_LOSS,),
    ),
    "boosting": Sample(
        rows(",training's binary_logloss,valid_1's binary_logloss", EPOCHS, FALL, TURN),
        [one("column 1", "step", "training's binary_logloss", "valid_1's binary_logloss")], ("counts up",),
    ),
    "boosting_by_numbers": Sample(
        rows("iteration,validation_0-logloss,validation_1-logloss", EPOCHS, FALL, TURN),
        [one("iteration", "step", "validation_0-logloss", "validation_1-logloss")],
    ),
    "two_sets_of_validation": Sample(
        rows("epoch,loss,eval_en_loss,eval_de_loss", EPOCHS, FALL, TURN, TURN),
        [one("epoch", "epoch", "loss", "eval_en_loss")],
    ),
    "total_in_a_path": Sample(
        rows("epoch,info/learner/loss_mask,info/learner/total_loss", EPOCHS, RISE, FALL),
        [one("epoch", "epoch", "info/learner/total_loss")],
    ),
    "another_quantity": Sample(
        rows("epoch,train_loss,val_ppl", EPOCHS, FALL, TURN), [one("epoch", "epoch", "train_loss", "val_ppl")],
        ("They are not one quantity (train_loss and perplexity)",),
    ),
    "bare_loss_each_step": Sample(
        rows("step,train_loss,val_loss,loss", EPOCHS, *([curve[at] if at % 5 == 4 else None for at in EPOCHS]
             for curve in (FALL, TURN)), FALL),
        [one("step", "step", "train_loss", "val_loss", (4, 4))],
    ),
    "best_so_far": Sample(
        rows("epoch,train_loss,best_val_loss,val_loss", EPOCHS, FALL, FALL, TURN), PAIR
    ),
    "history_of_a_dashboard": Sample(
        rows("_step,_runtime,_timestamp,train_loss,val_loss,lr", EPOCHS, EPOCHS, CLOCK, FALL,
             [TURN[at] if at % 5 == 4 else None for at in EPOCHS], FALL),
        [one("_step", "step", "train_loss", "val_loss", (COUNT, 4))], (), "Weights & Biases CSV",
    ),
}  # fmt: skip
