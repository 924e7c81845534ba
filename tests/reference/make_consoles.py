"""Writes the text logs of tests/logs/printed: what tools print while they train, each in a process of its own.

    make reference

The numbers do not matter; how they are printed does. Output goes to a pipe, as in a job on a cluster. A log is replaced
only after its tool has ended well, and only if more than times has changed. A writer returns what its tool saves beside
the log, if that is kept: see SAVED.
"""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

FILES = Path(__file__).parents[1] / "logs" / "printed"
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(400, 5))
Y = (X[:, 0] + 0.5 * X[:, 1] ** 2 + RANDOM.normal(0, 0.7, 400) > 0.3).astype(int)
TRAIN, VALID = slice(0, 200), slice(200, 400)
START, TICK = 2**30, 1 / 64  # seconds: a day in 2004, and a step that is exact in binary
MEASURED = re.compile(rb'[\d.]+(?=[mu]?s\b| seconds)|(?<=_time":)[\d.]+')  # times that C++ looks at its own clock for


def steady_clock():
    """A stand-in for time.time that each look moves on by a tick, so that times are the same on every machine."""
    looks = itertools.count()
    return lambda: START + TICK * next(looks)


def xgboost_console():
    import xgboost

    sets = [(xgboost.DMatrix(X[own], Y[own]), name) for own, name in ((TRAIN, "train"), (VALID, "eval"))]
    result = {}
    xgboost.train({"objective": "binary:logistic", "eta": 0.3}, sets[0][0], 15, evals=sets, evals_result=result)
    return json.dumps(result)


def xgboost_classifier():
    import xgboost

    model = xgboost.XGBClassifier(n_estimators=12, eval_metric=["logloss", "error"])
    model.fit(X[TRAIN], Y[TRAIN], eval_set=[(X[TRAIN], Y[TRAIN]), (X[VALID], Y[VALID])])
    return json.dumps(model.evals_result())


def lightgbm_console():
    import lightgbm

    train = lightgbm.Dataset(X[TRAIN], Y[TRAIN])
    valid = lightgbm.Dataset(X[VALID], Y[VALID], reference=train)
    result = {}
    lightgbm.train({"objective": "binary", "metric": "binary_logloss", "num_threads": 1}, train, 15,
                   valid_sets=[train, valid],
                   callbacks=[lightgbm.log_evaluation(1), lightgbm.record_evaluation(result)])  # fmt: skip
    return json.dumps(result)


def catboost_console():
    import catboost

    with tempfile.TemporaryDirectory() as folder:
        model = catboost.CatBoostClassifier(iterations=15, random_seed=0, train_dir=folder, thread_count=1)
        model.fit(X[TRAIN], Y[TRAIN], eval_set=(X[VALID], Y[VALID]))
        return (Path(folder) / "catboost_training.json").read_text()


def sklearn_mlp():
    from sklearn.neural_network import MLPClassifier

    MLPClassifier((8,), max_iter=12, early_stopping=True, verbose=True, random_state=0).fit(X, Y)


def sklearn_boosting():
    from sklearn.ensemble import GradientBoostingClassifier

    GradientBoostingClassifier(n_estimators=10, verbose=2, random_state=0).fit(X, Y)


def sklearn_sgd():
    from sklearn.linear_model import SGDClassifier

    SGDClassifier(loss="log_loss", max_iter=8, verbose=1, random_state=0, tol=None).fit(X, Y)


def _keras(verbose):
    os.environ["KERAS_BACKEND"] = "torch"
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Input((5,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    folder = Path(tempfile.gettempdir()) / "lossarium-checkpoints"  # is printed: the same in every run
    best = keras.callbacks.ModelCheckpoint(f"{folder}/model-{{epoch:02d}}-{{val_loss:.2f}}.keras", verbose=1,
                                           save_best_only=True)  # fmt: skip
    model.fit(X[TRAIN], Y[TRAIN], validation_data=(X[VALID], Y[VALID]), epochs=6, batch_size=20, verbose=verbose,
              callbacks=[best] if verbose == 2 else [])  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)


def keras_bars():
    _keras(1)


def keras_lines():
    _keras(2)


def lightning_bar():
    import pytorch_lightning as lightning
    import torch
    from pytorch_lightning.callbacks import TQDMProgressBar
    from torch.utils.data import DataLoader, TensorDataset

    class Line(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(5, 1)

        def training_step(self, batch, _):
            loss = torch.nn.functional.mse_loss(self.layer(batch[0])[:, 0], batch[1])
            self.log("train_loss", loss, prog_bar=True, on_step=True, on_epoch=True)
            return loss

        def validation_step(self, batch, _):
            loss = torch.nn.functional.mse_loss(self.layer(batch[0])[:, 0], batch[1])
            self.log("val_loss", loss, prog_bar=True)

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), 0.02)

    lightning.seed_everything(0)
    sets = [TensorDataset(torch.tensor(X[own]).float(), torch.tensor(Y[own]).float()) for own in (TRAIN, VALID)]
    with tempfile.TemporaryDirectory() as folder:
        trainer = lightning.Trainer(max_epochs=5, default_root_dir=folder, accelerator="cpu", logger=False,
                                    enable_checkpointing=False, callbacks=[TQDMProgressBar()])  # fmt: skip
        trainer.fit(Line(), *(DataLoader(own, batch_size=20) for own in sets))


def _transformers(disable_tqdm):
    import torch
    from transformers import Trainer, TrainingArguments

    class Points(torch.utils.data.Dataset):
        def __init__(self, own):
            self.x, self.y = torch.tensor(X[own]).float(), torch.tensor(Y[own]).float()

        def __len__(self):
            return len(self.x)

        def __getitem__(self, at):
            return {"x": self.x[at], "labels": self.y[at]}

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(5, 1)

        def forward(self, x, labels=None):
            guess = self.layer(x)[:, 0]
            return {"loss": torch.nn.functional.mse_loss(guess, labels), "logits": guess}

    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(folder, num_train_epochs=5, per_device_train_batch_size=20, logging_steps=5,
                                      eval_strategy="epoch", save_strategy="no", report_to=[],
                                      disable_tqdm=disable_tqdm, learning_rate=0.05, use_cpu=True)  # fmt: skip
        trainer = Trainer(Model(), arguments, train_dataset=Points(TRAIN), eval_dataset=Points(VALID))
        trainer.train()


def transformers_console():
    _transformers(True)


def transformers_bars():
    _transformers(False)


def ignite_console():
    import torch
    from ignite.engine import Events, create_supervised_evaluator, create_supervised_trainer
    from ignite.metrics import Loss

    torch.manual_seed(0)
    model = torch.nn.Linear(5, 1)
    optimizer, loss = torch.optim.SGD(model.parameters(), 0.02), torch.nn.MSELoss()
    data = [[(torch.tensor(X[own][at : at + 20]).float(), torch.tensor(Y[own][at : at + 20, None]).float())
             for at in range(0, 200, 20)] for own in (TRAIN, VALID)]  # fmt: skip
    trainer = create_supervised_trainer(model, optimizer, loss)
    evaluator = create_supervised_evaluator(model, {"loss": Loss(loss)})

    @trainer.on(Events.ITERATION_COMPLETED(every=5))
    def _(engine):
        at = (engine.state.iteration - 1) % 10 + 1
        print(f"Epoch[{engine.state.epoch}] Iteration[{at}/10] Loss: {engine.state.output:.2f}")

    @trainer.on(Events.EPOCH_COMPLETED)
    def _(engine):
        for name, own in zip(("Training", "Validation"), data, strict=True):
            evaluator.run(own)
            print(f"{name} Results - Epoch: {engine.state.epoch}  Avg loss: {evaluator.state.metrics['loss']:.4f}")

    trainer.run(data[0], max_epochs=5)


def torch_example():
    """The loop of pytorch/examples, mnist/main.py."""
    import torch

    torch.manual_seed(0)
    model = torch.nn.Linear(5, 2)
    optimizer = torch.optim.SGD(model.parameters(), 0.02)
    x, y = torch.tensor(X).float(), torch.tensor(Y)
    for epoch in range(1, 6):
        for batch in range(10):
            own = slice(20 * batch, 20 * batch + 20)
            loss = torch.nn.functional.cross_entropy(model(x[own]), y[own])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if batch % 2 == 0:
                print(f"Train Epoch: {epoch} [{20 * batch}/200 ({10 * batch:.0f}%)]\tLoss: {loss.item():.6f}")
        guess = model(x[VALID])
        loss = torch.nn.functional.cross_entropy(guess, y[VALID]).item()
        right = int((guess.argmax(1) == y[VALID]).sum())
        print(f"\nTest set: Average loss: {loss:.4f}, Accuracy: {right}/200 ({right / 2:.0f}%)\n")


def spacy_table():
    import spacy
    from spacy.training import Example
    from spacy.training.loggers import console_logger

    nlp = spacy.blank("en")
    categories = nlp.add_pipe("textcat")
    for label in ("good", "bad"):
        categories.add_label(label)
    texts = [("a fine day", "good"), ("a bad day", "bad"), ("fine wine", "good"), ("bad luck", "bad")] * 4
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {"good": float(own == "good"), "bad": float(own == "bad")}})
        for text, own in texts
    ]
    spacy.util.fix_random_seed(0)
    optimizer = nlp.initialize(lambda: examples)
    nlp.config["training"]["score_weights"] = {"cats_score": 1.0}
    log, finish = console_logger()(nlp, sys.stdout, sys.stderr)
    losses = {"textcat": 0.0}
    for epoch in range(8):
        nlp.update(examples, sgd=optimizer, losses=losses)
        scores = nlp.evaluate(examples)
        log({"epoch": epoch, "step": 10 * epoch, "score": scores["cats_score"], "other_scores": scores,
             "losses": losses, "words": 0, "checkpoints": [], "seconds": 0})  # fmt: skip
        losses = {"textcat": 0.0}
    finish()


TRAINING = 0.1 + 2 * np.exp(-np.arange(1, 13) / 3)
VALIDATION = 0.6 + 0.02 * (np.arange(1, 13) - 5.0) ** 2


def printed():
    """Tools that are not run here, by the formats in their sources; one epoch a value of TRAINING and VALIDATION."""
    steps = range(1, 4)
    both = list(enumerate(zip(TRAINING, VALIDATION, strict=True), 1))
    clock = "2024-05-01 10:00:00,123"

    def write(name, *lines):
        (FILES / name).write_text("\n".join(lines) + "\n")

    # karpathy/nanoGPT, train.py
    write("nanogpt.log", "tokens per iteration will be: 16,384", "number of parameters: 10.65M",
          "num decayed parameter tensors: 26, with 10,740,096 parameters",
          *(line for at, (train, val) in both for line in (
              f"step {250 * at}: train loss {train:.4f}, val loss {val:.4f}",
              "saving checkpoint to out-shakespeare-char",
              *(f"iter {250 * at + 10 * step}: loss {train + step / 100:.4f}, time {20.5 + step:.2f}ms, mfu 12.34%"
                for step in steps))))  # fmt: skip
    # junyanz/pytorch-CycleGAN-and-pix2pix, util/visualizer.py
    write("cyclegan.log", "================ Training Loss (Wed May  1 10:00:00 2024) ================",
          *(f"(epoch: {at}, iters: {100 * step}, time: 0.123, data: 0.201) D_A: {val / 3:.3f} G_A: {train:.3f} "
            f"cycle_A: {2 * train + step / 100:.3f} idt_A: {train / 2:.3f} D_B: {val / 4:.3f} "
            for at, (train, val) in both for step in steps))  # fmt: skip
    # flairNLP/flair, trainers/trainer.py
    write("flair.log", f"{clock} " + "-" * 100, f"{clock} Training params:", f"{clock}  - learning_rate: \"0.1\" ",
          f"{clock}  - mini_batch_size: \"32\"",
          *(line for at, (train, val) in both for line in (
              f"{clock} " + "-" * 100,
              *(f"{clock} epoch {at} - iter {13 * step}/39 - loss {train + 0.3 - step / 10:.8f} - time (sec): 1.23 - "
                "samples/sec: 1015.46 - lr: 0.100000 - momentum: 0.000000" for step in steps),
              f"{clock} " + "-" * 100, f"{clock} EPOCH {at} done: loss {train:.4f} - lr: 0.100000",
              f"{clock} DEV : loss {val} - f1-score (micro avg)  0.{50 + at}",
              f"{clock}  - 0 epochs without improvement", f"{clock} saving best model")))  # fmt: skip
    # facebookresearch/fairseq, logging/progress_bar.py: simple, then json
    write("fairseq.log", "2024-05-01 10:00:00 | INFO | fairseq_cli.train | num. shared model params: 44,000,000",
          *(line for at, (train, val) in both for line in (
              *(f"2024-05-01 10:00:00 | INFO | train_inner | epoch {at:03d}:  {100 * step:5d} / 300 loss={train:.3f}, "
                f"nll_loss={train / 2:.3f}, ppl={2**train:.2f}, wps=9123.4, ups=2.5, wpb=3600, bsz=128, "
                f"num_updates={300 * (at - 1) + 100 * step}, lr=0.0005, gnorm=1.234, train_wall=40, wall=61"
                for step in steps),
              f"2024-05-01 10:00:00 | INFO | valid | epoch {at:03d} | valid on 'valid' subset | loss {val:.3f} | "
              f"nll_loss {val / 2:.3f} | ppl {2**val:.2f} | wps 21000 | wpb 2800 | bsz 100 | num_updates {300 * at}",
              f"2024-05-01 10:00:00 | INFO | fairseq.checkpoint_utils | Saved checkpoint checkpoints/checkpoint{at}.pt "
              f"(epoch {at} @ {300 * at} updates, score {val:.3f}) (writing took 1.2345 seconds)",
              f"2024-05-01 10:00:00 | INFO | train | epoch {at:03d} | loss {train:.3f} | nll_loss {train / 2:.3f} | "
              f"ppl {2**train:.2f} | wps 9000 | ups 2.4 | num_updates {300 * at} | lr 0.0005 | train_wall 120 | "
              "wall 130",
          )))  # fmt: skip
    write("fairseq_json.log", *(line for at, (train, val) in both for line in (
        f'[2024-05-01 10:00:00,123][train][INFO] - {{"epoch": {at}, "train_loss": "{train:.3f}", "train_ppl": '
        f'"{2**train:.2f}", "train_wps": "9000", "train_num_updates": "{300 * at}", "train_lr": "0.0005"}}',
        f'[2024-05-01 10:00:00,123][valid][INFO] - {{"epoch": {at}, "valid_loss": "{val:.3f}", "valid_ppl": '
        f'"{2**val:.2f}", "valid_num_updates": "{300 * at}", "valid_best_loss": '
        f'"{VALIDATION[:at].min():.3f}"}}')))  # fmt: skip
    # facebookresearch/detectron2, utils/events.py
    write("detectron2.log", *(
        f"[05/01 10:00:00 d2.utils.events]:  eta: 1 day, 2:03:04  iter: {20 * at - 1}  total_loss: {train:.4g}  "
        f"loss_cls: {train / 2:.4g}  loss_box_reg: {0.1 + at / 100:.4g}    time: 0.3456  last_time: 0.3333  "
        "data_time: 0.0123  last_data_time: 0.0045   lr: 0.00025  max_mem: 2345M"
        for at, (train, _) in both))  # fmt: skip
    # open-mmlab/mmdetection 2 (mmcv's TextLoggerHook), and 3 (mmengine's LoggerHook)
    write("mmdet2.log", *(line for at, (train, val) in both for line in (
        *(f"{clock} - mmdet - INFO - Epoch [{at}][{50 * step}/150]\tlr: 1.000e-03, eta: 1:20:00, time: 0.512, "
          f"data_time: 0.051, memory: 3456, loss_cls: {train / 2:.4f}, loss_bbox: {train / 2:.4f}, acc: 95.1234, "
          f"loss: {train:.4f}" for step in steps),
        f"{clock} - mmdet - INFO - Saving checkpoint at {at} epochs",
        f"{clock} - mmdet - INFO - Epoch(val) [{at}][50]\tbbox_mAP: 0.{300 + at}, loss: {val:.4f}")))  # fmt: skip
    write("mmdet3.log", *(line for at, (train, val) in both for line in (
        *(f"2024/05/01 10:00:00 - mmengine - INFO - Epoch(train)  [{at}][{50 * step:3d}/150]  lr: 1.0000e-03  eta: "
          f"1:20:00  time: 0.5123  data_time: 0.0051  memory: 3456  loss: {train:.4f}  loss_cls: {train / 2:.4f}"
          for step in steps),
        f"2024/05/01 10:00:00 - mmengine - INFO - Epoch(val) [{at}][50/50]    loss: {val:.4f}  accuracy/top1: "
        f"{70 + at}.1234  data_time: 0.0123  time: 0.1234")))  # fmt: skip
    # ultralytics: engine/trainer.py, progress_string; validator
    bar = "100%|██████████| 10/10 [00:05<00:00,  1.92it/s]"
    write("ultralytics.log", "Ultralytics 8.3.0 🚀 Python-3.11.7 torch-2.3.0+cu121 CUDA:0 (NVIDIA T4, 15102MiB)",
          "engine/trainer: task=detect, mode=train, model=yolo11n.pt, epochs=12, imgsz=640, batch=16, lr0=0.01",
          *(line for at, (train, val) in both for line in (
              "", "      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size",
              f"     {at:2d}/12      2.61G {train:10.4g} {train * 2:10.4g} {1 + train / 9:10.4g}        121        "
              f"640: {bar}",
              f"                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): {bar}",
              f"                   all        128        929      0.{600 + at}      0.{500 + at}      "
              f"0.{550 + at}      0.{400 + at}")))  # fmt: skip
    # pjreddie/darknet, examples/detector.c
    write("darknet.log", "layer     filters    size              input                output",
          "    0 conv     32  3 x 3 / 1   416 x 416 x   3   ->   416 x 416 x  32  0.299 BFLOPs",
          *(line for at, (train, _) in both for line in (
              f"Region 82 Avg IOU: 0.{300 + at}123, Class: 0.498765, Obj: 0.512345, No Obj: 0.456789, .5R: 0.250000, "
              ".75R: 0.000000,  count: 4",
              f"{at}: {train + 0.1:f}, {train:f} avg, 0.000100 rate, 3.123456 seconds, {64 * at} images")))  # fmt: skip
    # fastai: learner.py, ProgressCallback and fastprogress, printed without a notebook
    write(
        "fastai.log",
        "epoch     train_loss  valid_loss  accuracy  time    ",
        *(f"{at - 1:<10}{train:<12.6f}{val:<12.6f}{0.7 + at / 100:<10.6f}00:12     " for at, (train, val) in both),
    )
    # torchvision/references and pytorch/examples imagenet: epochs from 0, a running mean in brackets
    write("imagenet.log", "=> creating model 'resnet18'", *(line for at, (train, val) in both for line in (
        *(f"Epoch: [{at - 1}][{20 * step - 20:3d}/60]\tTime  0.123 ( 0.234)\tData  0.001 ( 0.012)\t"
          f"Loss {train + step / 50:.4e} ({train:.4e})\tAcc@1  12.50 ( 10.{10 + at})\tAcc@5  37.50 ( 30.12)"
          for step in steps),
        *(f"Test: [{10 * step - 10:2d}/30]\tTime  0.123 ( 0.234)\tLoss {val + step / 9:.4e} ({val:.4e})\t"
          f"Acc@1  12.50 ( 20.{10 + at})" for step in steps),
        f" *   Acc@1 20.{10 + at} Acc@5 40.123")))  # fmt: skip
    # huggingface/pytorch-image-models, train.py
    write("timm.log", *(line for at, (train, val) in both for line in (
        *(f"Train: {at - 1} [{20 * step - 20:4d}/60 ({100 * (20 * step - 20) // 59:>3.0f}%)]  "
          f"Loss: {train + step / 50:.4g} ({train:#.3g})  Time: 0.345s,  741.30/s  (0.345s,  741.30/s)  "
          "LR: 1.000e-03  Data: 0.009 (0.012)"
          for step in steps),
        *(f"Test: [{10 * step:4d}/30]  Time: 0.123 (0.123)  Loss:  {val + step / 9:>6.3f} ({val:>6.3f})  "
          f"Acc@1: {60 + at:>7.3f} ({70 + at:>7.3f})" for step in steps),
        f"Current checkpoints:\n ('./output/train/checkpoint-{at - 1}.pth.tar', {70 + at}.1)", "")))  # fmt: skip
    # what people print themselves
    write("phase_lines.log", "Namespace(lr=0.1, epochs=12, batch_size=32, seed=1)", *(
        line for at, (train, val) in both for line in (
            f"Epoch {at - 1}/11", "-" * 10, f"train Loss: {train:.4f} Acc: 0.{60 + at}",
            f"val Loss: {val:.4f} Acc: 0.{50 + at}", "")),
          "Training complete in 3m 25s", "Best val Acc: 0.620000")  # fmt: skip
    write("headings.log", *(line for at, (train, val) in both for line in (
        f"Epoch {at}", "Train", f"  loss: {train:.4f}", f"  acc: 0.{60 + at}", "Validation", f"  loss: {val:.4f}",
        f"  acc: 0.{50 + at}")), "Test", "  loss: 0.7123")  # fmt: skip
    write("one_line.log", *(f"[epoch {at}][s{100 * at}] train: loss 0.5 acc 0.{60 + at} | valid: loss {val:.3f} "
                            f"acc 0.{50 + at}" for at, (_, val) in both))  # fmt: skip
    with open(FILES / "tqdm_epochs.log", "w") as file:
        for at, (train, val) in both:
            for step in steps:
                bar = "█" * 3 * step + " " * (10 - 3 * step)
                file.write(f"\rEpoch {at}/12: {33 * step:3d}%|{bar}| {100 * step}/300 "
                           f"[00:0{step}<00:02, 99.12it/s, loss={train + 0.3 - step / 10:.3f}, lr=0.001]")  # fmt: skip
            file.write("\nValidation: 100%|██████████| 50/50 [00:01<00:00, 45.12it/s]\n"
                       f"val_loss={val:.4f}, acc=0.{50 + at}\n")  # fmt: skip
    with open(FILES / "keras_backspaces.log", "w") as file:  # Keras 2, standard output in a file
        for at, (train, val) in both:
            file.write(f"Epoch {at}/12\n\n")
            for step in steps:
                state = f"{20 * step:2d}/60 [{'=' * 10 * step}>{'.' * (29 - 9 * step)}] - ETA: 1s - loss: {train:.4f}"
                file.write(state + "\b" * (len(state) + 2))
            file.write(f"60/60 [{'=' * 30}] - 2s 31ms/step - loss: {train:.4f} - val_loss: {val:.4f}\n")


WRITERS = {
    "xgboost.log": xgboost_console,
    "xgboost_classifier.log": xgboost_classifier,
    "lightgbm.log": lightgbm_console,
    "catboost.log": catboost_console,
    "sklearn_mlp.log": sklearn_mlp,
    "sklearn_boosting.log": sklearn_boosting,
    "sklearn_sgd.log": sklearn_sgd,
    "keras_bars.log": keras_bars,
    "keras_lines.log": keras_lines,
    "lightning_bar.log": lightning_bar,
    "transformers.log": transformers_console,
    "transformers_bars.log": transformers_bars,
    "ignite.log": ignite_console,
    "torch_example.log": torch_example,
    "spacy.log": spacy_table,
}

SAVED = {  # log: the file of what its writer returns
    "xgboost.log": "xgboost_evals_result.json",
    "xgboost_classifier.log": "xgboost_classifier.json",
    "lightgbm.log": "lightgbm_evals_result.json",
    "catboost.log": "catboost_training.json",
}


def write_log(name):
    """Runs a writer in a process of its own, and replaces its files."""
    # Keras imports TensorFlow where it is installed, which prints that it has oneDNN, unless that is off.
    quiet = {"PYTHONWARNINGS": "ignore", "TF_ENABLE_ONEDNN_OPTS": "0", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "saved"
        done = subprocess.run([sys.executable, __file__, name, saved], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=os.environ | quiet)  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{done.stdout.decode()}\n{name} stays as it was: its tool failed")
        replace(FILES / name, done.stdout)
        if name in SAVED:
            replace(FILES / SAVED[name], saved.read_bytes())


def replace(path, content):
    """Writes the file, unless it differs only in times that were measured."""
    if not path.exists() or MEASURED.sub(b"", path.read_bytes()) != MEASURED.sub(b"", content):
        path.write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        time.time = steady_clock()  # before the tools are imported
        name, saved = sys.argv[1:]
        text = WRITERS[name]()
        if text:
            Path(saved).write_text(text)
    else:
        printed()
        for name in WRITERS:
            write_log(name)
