"""Writes tests/logs/files: logs of short runs, by the tools whose layouts core/logs reads.

    make reference

One small problem (a line, 64 points) is fitted with keras.callbacks.CSVLogger, with Lightning's CSVLogger and with the
Trainer of transformers, whose trainer_state.json is kept as it is. The JSON Lines are the records of that same run, one
a line, nested as people write them. The numbers do not matter; where they stand does.
"""

import json
import os
import shutil
import tempfile
import time
from pathlib import Path

os.environ |= {
    "KERAS_BACKEND": "torch",
    "WANDB_DISABLED": "true",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}

import keras
import numpy as np
import pytorch_lightning as lightning
import torch
from make_consoles import steady_clock
from pytorch_lightning.loggers import CSVLogger
from torch.utils.data import DataLoader, Dataset, TensorDataset
from transformers import Trainer, TrainingArguments

FILES = Path(__file__).parents[1] / "logs" / "files"
X = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
Y = 3 * X + 1 + np.random.default_rng(0).normal(0, 0.1, X.shape).astype(np.float32)
TRAIN, VALIDATION = np.arange(64) % 4 != 0, np.arange(64) % 4 == 0


def write_keras_log(name, runs=1, separator=",", validation_freq=1):
    """`runs` after one another into one file, as CSVLogger(append=True) does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        for _ in range(runs):
            keras.utils.set_random_seed(0)
            model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
            model.compile(keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
            logger = keras.callbacks.CSVLogger(str(path), separator=separator, append=True)
            held_out = X[VALIDATION], Y[VALIDATION]
            model.fit(X[TRAIN], Y[TRAIN], validation_data=held_out, validation_freq=validation_freq, epochs=6,
                      batch_size=16, verbose=0, callbacks=[logger])  # fmt: skip
        shutil.copy(path, FILES / name)


class Line(lightning.LightningModule):
    def __init__(self, each_step):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)
        self.each_step = each_step

    def training_step(self, batch, _):
        loss = torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=True, on_epoch=not self.each_step)
        return loss

    def validation_step(self, batch, _):
        self.log("val_loss", torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1]))

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.05)


def write_lightning_log(name, each_step):
    lightning.seed_everything(0)
    train, validation = (TensorDataset(torch.tensor(X[own]), torch.tensor(Y[own])) for own in (TRAIN, VALIDATION))
    with tempfile.TemporaryDirectory() as folder:
        logger = CSVLogger(folder)
        trainer = lightning.Trainer(max_epochs=5, logger=logger, log_every_n_steps=2, accelerator="cpu",
                                    enable_checkpointing=False, enable_progress_bar=False,
                                    enable_model_summary=False)  # fmt: skip
        trainer.fit(Line(each_step), DataLoader(train, batch_size=8), DataLoader(validation, batch_size=8))
        shutil.copy(Path(logger.log_dir) / "metrics.csv", FILES / name)


class Points(Dataset):
    def __init__(self, own):
        self.x, self.y = torch.tensor(X[own]), torch.tensor(Y[own])

    def __len__(self):
        return len(self.x)

    def __getitem__(self, at):
        return {"x": self.x[at], "labels": self.y[at]}


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def forward(self, x, labels=None):
        guess = self.layer(x)
        return {"loss": torch.nn.functional.mse_loss(guess, labels), "logits": guess}


def write_transformers_log(name):
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(folder, num_train_epochs=4, per_device_train_batch_size=8, logging_steps=3,
                                      eval_strategy="epoch", save_strategy="no", report_to=[], disable_tqdm=True,
                                      learning_rate=0.05, use_cpu=True)  # fmt: skip
        trainer = Trainer(Model(), arguments, train_dataset=Points(TRAIN), eval_dataset=Points(VALIDATION))
        trainer.train()
        trainer.state.save_to_json(FILES / name)
    return trainer.state.log_history


def write_json_lines(name, history):
    """The same records by hand: {"step": 3, "train": {"loss": ...}}, as one writes them with json.dumps."""
    with open(FILES / name, "w") as file:
        for record in history:
            if "loss" in record:
                file.write(json.dumps({"step": record["step"], "train": {"loss": record["loss"]}}) + "\n")
            elif "eval_loss" in record:
                file.write(json.dumps({"step": record["step"], "val": {"loss": record["eval_loss"]}}) + "\n")


if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    time.time = steady_clock()
    write_keras_log("keras.csv")
    write_keras_log("keras_semicolon_twice.csv", runs=2, separator=";")
    write_keras_log("keras_validation_every_2.csv", validation_freq=2)
    write_lightning_log("lightning.csv", each_step=False)
    write_lightning_log("lightning_each_step.csv", each_step=True)
    write_json_lines("lines.jsonl", write_transformers_log("trainer_state.json"))
