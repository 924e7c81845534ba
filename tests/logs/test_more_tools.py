"""More tools and ways of printing: which curves are found, on which axis, and what is judged."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

from core.diagnosis import VerdictKind
from core.diagnosis.logged import verdict_of
from core.logs import read_log
from tests.logs.cases import check
from tests.logs.samples import COUNT, EPOCHS, FALL, RISE, TURN


@dataclass(frozen=True)
class Printed:
    """A text, and of its only run the unit of x, the training and the validation curve as a name and its values."""

    text: str
    unit: str
    train: tuple[str, list[float]] | None
    validation: tuple[str, list[float]] | None = None
    file: str = "log"


def lines(template: str, count: int = COUNT) -> str:
    """The template for each epoch: {i} its number from 0, {t} the training loss, {v} validation, {r} a rising share."""
    return "\n".join(template.format(i=i, t=FALL[i], v=TURN[i], r=RISE[i]) for i in range(count))


def boxes(*names: str) -> str:
    rule = "-" * 30
    rows = "\n".join(f"| {name:<16} | {cell:<7} |" for name, cell in (one.split("=") for one in names))
    return lines(f"{rule}\n{rows}\n{rule}")


LOSS, VALID = ("loss", FALL), ("val_loss", TURN)
BOTH = ["train/loss", "val/loss"]
RECORDS = [{"loss": t, "val_loss": v} for t, v in zip(FALL, TURN, strict=True)]

PRINTED = {
    "stable_baselines": Printed(
        boxes("rollout/=", "   ep_rew_mean={r}", "time/=", "   total_timesteps={i}000", "train/=", "   loss={t}"),
        "step", ("train/loss", FALL)),
    "spinning_up": Printed(
        boxes("Epoch={i}", "AverageEpRet={r}", "LossPi={t}", "LossV={v}"), "epoch", ("LossPi", FALL)),
    "espnet": Printed(
        lines("[host] 10:00:00 INFO: {i}epoch results: [train] loss_ctc=9.1, loss={t}, total_count=10, [valid] "
              "loss_ctc=9.2, loss={v}, total_count=2"), "epoch", ("train/loss", FALL), ("val/loss", TURN)),
    "kaldi": Printed(
        lines("ITERATION {i}: TRAIN AVG.LOSS {t}, (lrate0.008), CROSSVAL AVG.LOSS {v}, nnet accepted (nnet_{i})"),
        "step", ("TRAIN AVG.LOSS", FALL), ("CROSSVAL AVG.LOSS", TURN)),
    "megatron": Printed(
        lines(" iteration {i}/ 5000 | elapsed time per iteration (ms): 612.3 | lm loss: {t} | grad norm: 0.312 |\n"
              " validation loss at iteration {i} | lm loss value: {v} | lm loss PPL: {r} | "),
        "step", ("lm loss", FALL), ("val/lm loss value", TURN)),
    "estimator": Printed(
        lines("INFO:tensorflow:loss = {t}, step = {i} (1.2 sec)\n"
              "INFO:tensorflow:Saving dict for global step {i}: accuracy = 0.9, global_step = {i}, loss = {v}"),
        "step", ("loss", FALL), ("val/loss", TURN)),
    "marian": Printed(
        lines("[2026-03-01 10:00:00] Ep. 1 : Up. {i} : Sen. 32,000 : Cost {t} : Time 12.34s\n"
              "[2026-03-01 10:00:00] [valid] Ep. 1 : Up. {i} : cost : {v} : new best"),
        "step", ("Cost", FALL), ("val/cost", TURN)),
    "geometric": Printed(
        lines("Epoch: {i}, Loss: {t}, Train: {r}, Val: {r}, Test: {r}"), "epoch", ("Loss", FALL)),
    "dcgan_counts": Printed(lines("[{i}/20][100/100] Loss: {t}"), "epoch", ("Loss", FALL)),
    "build_nanogpt": Printed(lines("{i} train {t}\n{i} val {v}"), "step", ("train", FALL), ("val", TURN)),
    "ranks": Printed(
        lines("[rank0] Epoch {i} loss={t} val_loss={v}\n[rank1] Epoch {i} loss={v} val_loss={t}"),
        "epoch", LOSS, VALID),
    "printed_history": Printed(f"history: {{'loss': {FALL}, 'val_loss': {TURN}, 'lr': [None, nan]}}\n",
                               "epoch", LOSS, VALID),
    "printed_scalars": Printed(
        "{'loss': [" + ", ".join(f"np.float64({one})" for one in FALL) + "], 'val_loss': tensor(" + str(TURN)
        + ", device='cuda:0', dtype=torch.float64)}", "epoch", LOSS, VALID),
    "printed_records": Printed(str([{"epoch": at, **one} for at, one in enumerate(RECORDS)]), "epoch", LOSS, VALID),
    "printed_lists": Printed("\n".join(f"[{at}, {loss}]" for at, loss in enumerate(FALL)), "step", ("column 2", FALL)),
    "printed_tuples": Printed("\n".join(f"({at}, {loss})" for at, loss in enumerate(FALL)), "step", ("column 2", FALL)),
    "by_epoch": Printed(json.dumps({str(at): one for at, one in enumerate(RECORDS)}), "epoch", LOSS, VALID),
    "by_named_step": Printed(
        json.dumps({"log": {f"step_{at}": one for at, one in enumerate(RECORDS)}}), "step", LOSS, VALID),
    "clearml": Printed(
        json.dumps({"loss": {"train": {"x": EPOCHS, "y": FALL}, "val": {"x": EPOCHS, "y": TURN}}}),
        "step", ("loss/train", FALL), ("loss/val", TURN)),
    "plotly": Printed(
        json.dumps({"data": [{"name": "train_loss", "x": EPOCHS, "y": FALL}, {"name": "val_loss", "x": [3, 7, 11],
                                                                              "y": [1, 2, 3]}]}),
        "step", ("data/train_loss", FALL), ("data/val_loss", [1, 2, 3])),
    "aim": Printed(
        "metric.name,metric.context,epoch,value\n"
        + "\n".join(f'loss,"{{""subset"": ""{half}""}}",{at},{one}'
                    for half, own in (("train", FALL), ("val", TURN)) for at, one in enumerate(own)),
        "epoch", ("train/loss", FALL), ("val/loss", TURN)),
    "neptune": Printed("\n".join(f"{at}.0,{1772000000000 + at},{one}" for at, one in enumerate(TURN)), "step",
                       None, ("column 3", TURN), file="run_val_loss.csv"),
    "h2o": Printed("number_of_trees,training_rmse,validation_rmse\n" + lines("{i},{t},{v}"), "step",
                   ("training_rmse", FALL), ("validation_rmse", TURN)),
    "validation_filled_with_0": Printed(
        "epoch,loss,val_loss\n" + "\n".join(f"{at},{FALL[at]},{TURN[at] if at % 5 == 4 else 0}" for at in EPOCHS),
        "epoch", LOSS, ("val_loss", TURN[4::5])),
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_the_curves_are_found(name):
    kind = PRINTED[name]
    log = read_log(kind.file, kind.text.encode())
    check(log)
    [run] = log.runs
    assert run.unit == kind.unit
    for half, expected in ((run.train, kind.train), (run.validation, kind.validation)):
        assert (half and half.name) == (expected and expected[0])
        if half is not None:
            np.testing.assert_array_equal(half.values, expected[1])
    for half in (run.train, run.validation):
        if half is not None and len(half) == COUNT and kind.unit != "row":
            assert np.ptp(half.epochs) in (COUNT - 1, 1000 * (COUNT - 1))


REWARDED = {
    "dqn": "rollout/ep_rew_mean,time/total_timesteps,train/loss\n" + lines("{r},{i},{v}"),
    "grpo": lines("{{'loss': {v}, 'reward': {r}, 'reward_std': 0.2, 'epoch': {i}}}"),
    "stable_baselines": PRINTED["stable_baselines"].text,
    "spinning_up": PRINTED["spinning_up"].text,
}


@pytest.mark.parametrize("name", REWARDED)
def test_a_loss_beside_a_return_is_not_judged(name):
    log = read_log("log", REWARDED[name].encode())
    [run] = log.runs
    assert verdict_of(run).kind is VerdictKind.NOT_JUDGED
    assert any("the losses of a policy and of its critic" in note for note in log.notes), log.notes


def test_the_rewards_of_a_preference_loss_hinder_no_verdict():
    log = read_log(
        "log", lines("{{'loss': {t}, 'rewards/chosen': {r}, 'rewards/margins': {r}, 'epoch': {i}}}").encode()
    )
    assert verdict_of(log.runs[0]).kind is not VerdictKind.NOT_JUDGED


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(json.dumps({"step": at, "reward": at, "length": 20 + at}) for at in EPOCHS),
        lines("global_step={i}, episodic_return=[{r}]\nsteps_done: 3{i}"),
        lines("Epoch {i}: train 3{i}%, val 2{i}%"),
    ],
)
def test_what_is_no_loss_is_not_taken_for_one(text):
    log = read_log("log", text.encode())
    [run] = log.runs
    assert run.train is run.validation is None
    assert any(note.startswith("No column is called a loss") for note in log.notes)


def test_an_accuracy_beside_that_of_validation_is_that_of_training():
    log = read_log("log", lines("Epoch {i}: acc={r} val_acc={r}").encode())
    assert {"acc", "val_acc"} <= set(log.columns)


def test_notes_are_about_what_is_measured_only():
    text = "\n".join(
        json.dumps({"loss": loss, "epoch": at, "percentage": at}) + "\n"
        + json.dumps({"eval_loss": TURN[at], "epoch": at, "percentage": at})
        for at, loss in enumerate(FALL)
    )  # fmt: skip
    assert read_log("trainer_log.jsonl", text.encode()).notes == ()


def test_a_step_that_starts_again_goes_on_from_that_of_training():
    """MMDetection counts the images of validation in the same column."""
    records = []
    for epoch in range(5):
        records += [{"mode": "train", "epoch": epoch, "iter": at, "loss": 5 - epoch} for at in (50, 100)]
        records.append({"mode": "val", "epoch": epoch, "iter": 5000, "bbox_mAP": 0.1 * epoch})
    log = read_log("log.json", "\n".join(map(json.dumps, records)).encode())
    assert log.runs[0].train.epochs.tolist() == [50.0 * at for at in range(1, 11)]


@pytest.mark.parametrize(
    "text",
    [
        "LOG (compute-prob[5.5.0]:Print():diagnostics.cc:194) Overall log-probability for 'output' is -2.3 per frame, "
        "over 10000 frames.\n",
        "Step      Train loss\n0  [1.0e+00, 2.0e+00]  [1, 2]\n1  [0.5e+00, 1.0e+00]  [1, 2]\n",
    ],
)
def test_a_file_with_numbers_is_not_said_to_have_none(text):
    assert "There is no number in the file." not in read_log("log", (5 * text).encode()).notes
