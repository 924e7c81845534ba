"""What one line of a text log says: its counts, its values, and what is none of them."""

import pytest

from core.logs.console.masks import NUMBER, PLACEHOLDER
from core.logs.console.parser import parse_template

# The line; then epoch and step; then the values by name.
LINES = [
    ("Epoch 3/20 | Loss: 0.5", 3, None, {"Loss": 0.5}),
    ("Epoch [3/20], Loss: 0.5, Val Loss: 0.6", 3, None, {"Loss": 0.5, "Val Loss": 0.6}),
    ("Epoch [3/20], Step [100/500], Loss: 0.5", 3, 100, {"Loss": 0.5}),
    ("epoch=3 train_loss=0.5 val_loss=0.6", 3, None, {"train_loss": 0.5, "val_loss": 0.6}),
    ("ep 3 loss 0.5", 3, None, {"loss": 0.5}),
    ("ep. 3 | loss 0.5", 3, None, {"loss": 0.5}),
    ("EPOCH 3 done: loss 0.5 - lr 0.1", 3, None, {"loss": 0.5, "lr": 0.1}),
    ("epoch3: loss=0.5", 3, None, {"loss": 0.5}),
    ("Epoch: 003, Train Loss: -0.5", 3, None, {"Train Loss": -0.5}),
    ("[epoch 3][s100] loss 0.5", 3, 100, {"loss": 0.5}),
    ("[Epoch 3] [Batch 10/50] [D loss: 0.5] [G loss: 0.6]", 3, 10, {"D loss": 0.5, "G loss": 0.6}),
    ("iter 100: loss 0.5, time 10.00ms, mfu 1.23%", None, 100, {"loss": 0.5}),
    ("step 0: train loss 4.2, val loss 4.1", None, 0, {"train loss": 4.2, "val loss": 4.1}),
    ("Step 1,000/10,000 loss=1e-05", None, 1000, {"loss": 1e-5}),
    ("global_step=500, loss=nan", None, 500, {"loss": "nan"}),
    ("Iteration 3, loss = 0.5", None, 3, {"loss": 0.5}),
    ("Iter: 3 -- loss: inf", None, 3, {"loss": "inf"}),
    ("[10]\ttrain-rmse:1.2\teval-rmse:1.4", None, 10, {"train-rmse": 1.2, "eval-rmse": 1.4}),
    ("[10]\ttrain-rmse:1.2+0.1\ttest-rmse:1.4+0.2", None, 10, {"train-rmse": 1.2, "test-rmse": 1.4}),
    ("[10]\ttraining's binary_logloss: 0.3\tvalid_1's auc: 0.4", None, 10,
     {"training/binary_logloss": 0.3, "valid_1/auc": 0.4}),
    ("0:\tlearn: 0.6\ttest: 0.7\tbest: 0.7 (0)\ttotal: 5ms\tremaining: 1s", None, 0, {"learn": 0.6, "test": 0.7}),
    ("100: 2.34, 2.5 avg loss, 0.001 rate, 3.1 seconds, 6400 images, 1.2 hours left", None, 100,
     {"loss": 2.34, "avg loss": 2.5}),
    ("(epoch: 1, iters: 100, time: 0.1, data: 0.2) G_A: 0.3 D_B: 0.4 ", 1, 100, {"G_A": 0.3, "D_B": 0.4}),
    ("epoch 1 - iter 10/100 - loss 0.5 - time (sec): 1.2 - samples/sec: 100.5 - lr: 0.1", 1, 10,
     {"loss": 0.5, "lr": 0.1}),
    ("2024-05-01 10:00:00,123 DEV : loss 0.3 - f1-score (micro avg)  0.5", None, None,
     {"val/loss": 0.3, "val/f1-score": 0.5}),
    ("| epoch 001 | loss 5.1 | ppl 34 | wps 1000 | num_updates 50 | lr 0.1 | wall 3", 1, 50,
     {"loss": 5.1, "ppl": 34, "lr": 0.1}),
    ('[INFO] {"epoch": 1, "train_loss": "3.2", "valid_loss": "3.4"}', 1, None, {"train_loss": 3.2, "valid_loss": 3.4}),
    ("{'loss': 0.5, 'grad_norm': 1.1, 'learning_rate': 2e-05, 'epoch': 0.5}", 0.5, None,
     {"loss": 0.5, "grad_norm": 1.1, "learning_rate": 2e-5}),
    ("{'eval_loss': '0.5', 'eval_runtime': '1.9', 'eval_samples_per_second': '9.1', 'epoch': '1'}", 1, None,
     {"eval_loss": 0.5}),
    ("{'train_runtime': 10.5, 'train_loss': 0.28, 'epoch': 4.0}", None, None, {}),
    ("2024-05-01 - mmdet - INFO - Epoch [1][50/500]\tlr: 0.1, eta: 1:20:00, time: 0.5, memory: 300, loss: 1.2", 1, 50,
     {"lr": 0.1, "loss": 1.2}),
    ("05/01 10:00:00 - mmengine - INFO - Epoch(val)  [3][50/50]  loss: 0.5", 3, 50, {"val/loss": 0.5}),
    ("05/01 10:00:00 - mmengine - INFO - Iter(train) [  50/9000]  lr: 0.1  loss: 0.5", None, 50,
     {"lr": 0.1, "train/loss": 0.5}),
    ("[05/01 10:00:00 d2.utils.events]:  eta: 0:10:00  iter: 19  total_loss: 1.5  loss_cls: 0.7  max_mem: 2000M", None,
     19, {"total_loss": 1.5, "loss_cls": 0.7}),
    ("Train Epoch: 1 [640/60000 (1%)]\tLoss: 0.52", 1, 640, {"train/Loss": 0.52}),
    ("Test set: Average loss: 0.05, Accuracy: 98/100 (98%)", None, None, {"test/loss": 0.05, "test/Accuracy": 0.98}),
    ("Validation Results - Epoch: 1  Avg accuracy: 0.95 Avg loss: 0.17", 1, None,
     {"val/accuracy": 0.95, "val/loss": 0.17}),
    ("Epoch[1] Iteration[100/938] Loss: 0.5", 1, 100, {"Loss": 0.5}),
    ("Epoch: [0][  10/5005]\tTime  3.1 ( 3.2)\tLoss 6.9e+00 (7.0e+00)\tAcc@1   0.78 (  0.5)", 0, 10,
     {"Loss": 6.9, "Acc@1": 0.78}),
    ("Train: 3 [  10/100 ( 10%)]  Loss: 6.94 (6.95)  Time: 0.345s,  741.30/s  LR: 1e-3", 3, 10,
     {"train/Loss": 6.94, "LR": 1e-3}),
    ("Epoch 3: 100%|███| 10/10 [00:01<00:00, 9.5it/s, loss=0.5, v_num=0, val_loss=0.3]", 3, 10,
     {"loss": 0.5, "val_loss": 0.3}),
    ("100/100 [=====] - 3s 30ms/step - loss: 0.5 - val_loss: 0.6", None, 100, {"loss": 0.5, "val_loss": 0.6}),
    ("-- Epoch 3", 3, None, {}),
    ("Norm: 1.5, NNZs: 4, Bias: 0.1, T: 100, Avg. loss: 0.5", None, None,
     {"Norm": 1.5, "Bias": 0.1, "T": 100, "loss": 0.5}),
    ("Validation score: 0.9", None, None, {"Validation score": 0.9}),
    ("train loss 0.3 acc 0.4 val loss 0.5 acc 0.6", None, None,
     {"train loss": 0.3, "train/acc": 0.4, "val loss": 0.5, "val/acc": 0.6}),
    ("train: loss 0.3 / valid: loss 0.4", None, None, {"train/loss": 0.3, "val/loss": 0.4}),
    ("Loss: train 0.3, val 0.4", None, None, {"train/loss": 0.3, "val/loss": 0.4}),
    ("Loss (train): 0.3 | Loss (val): 0.4", None, None, {"train/Loss": 0.3, "val/Loss": 0.4}),
    ("Train/Val Loss: 0.3/0.4", None, None, {"train/Loss": 0.3, "val/Loss": 0.4}),
    ("epoch 1, phase train, step 4, loss_train, 1.7375", 1, 4, {"loss_train": 1.7375}),
    ("epoch 2, loss: tensor(0.53, device='cuda:0', grad_fn=<NllLossBackward0>)", 2, None, {"loss": 0.53}),
    ("2030-01-01 09:00:00,001 INFO train.py:45] Epoch 1 loss=0.5", 1, None, {"loss": 0.5}),
    ("I0101 12:00:00.000000 12345 solver.cpp:228] Iteration 100, loss = 2.3", None, 100, {"loss": 2.3}),
    ("epoch 4 loss 0.5 (best 0.4 at epoch 2)", 4, None, {"loss": 0.5}),
    ("Round 5: loss 0.5", None, 5, {"loss": 0.5}),
    ("Epoch #3: loss=0.5", 3, None, {"loss": 0.5}),
    ("Loss at step 100: 0.523", None, 100, {"Loss": 0.523}),
    ("Train loss at epoch 3: 0.5; val loss: 0.6", 3, None, {"Train loss": 0.5, "val loss": 0.6}),
    ("loss is 0.532 at step 100", None, 100, {"loss": 0.532}),
    ("train_epoch: 3 train_loss: 0.5", 3, None, {"train_loss": 0.5}),
    ("INFO:root:Epoch[3] Batch [20]\tSpeed: 1000.50 samples/sec\taccuracy=0.9\tcross-entropy=0.35", 3, 20,
     {"accuracy": 0.9, "cross-entropy": 0.35}),
    ("INFO:root:Epoch[3] Validation-cross-entropy=0.35", 3, None, {"Validation-cross-entropy": 0.35}),
    ("INFO:tensorflow:loss = 0.5123, step = 100 (0.512 sec)", None, 100, {"loss": 0.5123}),
    ("[2024-05-01 10:00:00,123 INFO] Step 50/1000; acc:   5.2; ppl: 101.1; xent: 6.9; 1000/900 tok/s;     10 sec",
     None, 50, {"acc": 5.2, "ppl": 101.1, "xent": 6.9}),
    (" iteration       10/  500000 | consumed samples:          640 | elapsed time per iteration (ms): 512.3 | "
     "lm loss: 1.5E+01 | loss scale: 1.0 | grad norm: 2.1 |", None, 10, {"lm loss": 15, "grad norm": 2.1}),
    (" validation loss at iteration 1000 | lm loss value: 3.1E+00 |", None, 1000, {"val/lm loss value": 3.1}),
    ("epoch: 1, lr: 1e-3 - train loss: 2.51 - valid loss: 2.32", 1, None,
     {"lr": 1e-3, "train loss": 2.51, "valid loss": 2.32}),
    ("10:00:00 | INFO | yolox.core.trainer:260 - epoch: 1/300, iter: 10/100, mem: 300Mb, iter_time: 0.3s, "
     "total_loss: 10.2", 1, 10, {"total_loss": 10.2}),
    ("Epoch: [0] [  5/100] learning_rate: 0.1 loss: 5.6 eta: 1 day, 2:00:00 batch_cost: 0.5 ips: 15.2 images/s", 0, 5,
     {"learning_rate": 0.1, "loss": 5.6}),
]  # fmt: skip

# Numbers that are nobody's loss.
NOTHING = [
    "Epoch 1: val_loss improved from 0.56783 to 0.30506, saving model to /tmp/a/model-01-0.31.keras",
    "Epoch 00003: val_loss did not improve from 0.45123",
    "Validation loss decreased (0.9 --> 0.5).  Saving model ...",
    "EarlyStopping counter: 3 out of 7",
    "saving model to runs/loss=0.5/epoch=3-step=100-val_loss=0.25.ckpt",
    "eta: 1 day, 2:03:04  time: 12.5  data_time: 0.1  memory: 3456",
    "GPU memory: 12.3GB, speed: 100.2 it/s, elapsed: 00:12:03",
    "torch 2.1.0, CUDA 12.1, Python 3.11.7",
    "Loaded 50000 images of 10 classes in 3.2 seconds",
    "The quick brown fox saw 5 dogs and 3 cats",
    "best epoch: 3, best val loss: 0.5",
    "192.168.0.1 - - [10/Oct/2000:13:55:36] GET /index.html 200 2326",
    "  0%|          | 0/50 [00:00<?, ?it/s]",
    "loss_scale: 128.0 samples: 4096 seed: 1",
]


def read(line):
    template = parse_template(NUMBER.sub(PLACEHOLDER, line))
    numbers = [float(one.replace(",", "")) for one in NUMBER.findall(line)]
    assert template.numbers == len(numbers)
    values = {}
    for metric in template.metrics:
        divisor = 1.0 if metric.divisor is None else numbers[metric.divisor]
        values[f"{metric.split}/{metric.name}" if metric.split else metric.name] = numbers[metric.place] / divisor
    counts = (None if place is None else numbers[place] for place in (template.epoch, template.step))
    return (*counts, values)


@pytest.mark.parametrize(("line", "epoch", "step", "values"), LINES, ids=[line for line, *_ in LINES])
def test_the_numbers_of_a_line(line, epoch, step, values):
    found = read(line)
    assert found[:2] == (epoch, step)
    assert found[2] == pytest.approx({name: float(value) for name, value in values.items()}, nan_ok=True)


@pytest.mark.parametrize("line", NOTHING)
def test_what_is_no_value(line):
    assert read(line)[2] == {}


@pytest.mark.parametrize(
    ("line", "heading"),
    [("Train", "train"), ("Validation:", "val"), ("***** Eval results *****", "val"), ("Test set:", "test"),
     ("--- training ---", "train"), ("INFO - Validating...", "val"), ("the model is ready", ""),
     ("training and validation", ""), ("we test the loaded files", ""), ("", "")],
)  # fmt: skip
def test_a_line_that_says_whose_the_numbers_below_are(line, heading):
    assert parse_template(line).heading == heading


def test_what_a_line_costs_grows_with_its_length_alone():
    """Lines that would take minutes if a search began again at each letter."""
    for piece in (
        "a",
        " ",
        "loss",
        "loss: ",
        f"{PLACEHOLDER}",
        f"{PLACEHOLDER},",
        f"a{PLACEHOLDER}",
        "(",
        "[",
        "a.b/",
        "::",
        "- ",
        "'s ",
    ):
        parse_template(piece * 1000)
        parse_template(piece * 1000 + PLACEHOLDER)
    NUMBER.split("1," * 500_000)
    NUMBER.split("1" * 1_000_000)
    NUMBER.split("nan" * 300_000)
    NUMBER.split("1,234" * 200_000)
    NUMBER.split("-" * 1_000_000)
