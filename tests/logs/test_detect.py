"""What a text is taken for: a table is never a text log, a text log never a table or broken JSON."""

import json

import numpy as np
import pytest

from core.logs import read_log
from core.logs.formats.detect import JSON, TABLE, TEXT_LOG, detect_format
from tests.logs.cases import FILES, NAMES
from tests.logs.printed import PRINTED, path_of

TABLES = {
    "plain": "epoch,loss\n1,0.5\n2,0.4\n",
    "spaces": "epoch train_loss valid_loss time\n0 0.5 0.6 00:12\n1 0.4 0.5 00:12\n",
    "bare numbers": "1 0.5 0.6\n2 0.4 0.5\n",
    "one column": "0.5\n0.4\n0.3\n",
    "one named column": "loss\n0.5\n0.4\n",
    "a time first": "2024-05-01 10:00:00,0.5\n2024-05-01 10:01:00,0.4\n",
    "a word first": "train,1,0.5\nval,1,0.6\n",
    "counts of a total": "epoch,loss\n1/20,0.5\n2/20,0.4\n",
    "tensors": "epoch,loss\n1,\"tensor(0.5, device='cuda:0')\"\n2,\"tensor(0.4, device='cuda:0')\"\n",
    "bare tensors": "epoch,loss\n1,tensor(0.5, device='cuda:0')\n2,tensor(0.4, device='cuda:0')\n",
    "settings in cells": "Name,config,loss\na,lr=0.1,0.5\nb,lr=0.2,0.4\n",
    "dictionaries in cells": "epoch,loss,config\n1,0.5,\"{'lr': 0.1}\"\n2,0.4,\"{'lr': 0.1}\"\n",
    "epochs in words": "stage,loss\nepoch 1,0.5\nepoch 2,0.4\nepoch 3,0.3\n",
    "epochs in words, without names": "Epoch 1,0.5\nEpoch 2,0.4\nEpoch 3,0.3\n",
    "a title above": "My run\nepoch,loss\n1,0.5\n2,0.4\n3,0.3\n4,0.2\n5,0.1\n",
    "semicolons": "epoch;loss\n1;0,5\n2;0,4\n",
    "markdown": "| epoch | loss |\n|---|---|\n| 1 | 0.5 |\n| 2 | 0.4 |\n",
    "a long table": "step,metric,value\n1,loss,0.5\n1,val_loss,0.6\n2,loss,0.4\n",
    "brackets in names": "[epoch],loss\n1,1\n2,1\n",
}
DOCUMENTS = {
    "records": '[{"loss": 1}, {"loss": 2}]',
    "numbers": "[3, 2, 1]",
    "one number": "[10]",
    "over lines": '{\n "epoch": 1,\n "loss": 2\n}\n',
    "lines": '{"loss": 1}\n{"loss": 2}\n',
    "lines with a text between": '{"loss": 1}\nstep 5 saved\n{"loss": 2}\n{"loss": 1}\n',
    "broken": '{"log_his',
    "lists": "[[1, 2], [2, 1]]",
}
LOGS = {
    "a record of Python": "{'loss': 0.5, 'epoch': 1}\n{'loss': 0.4, 'epoch': 2}\n",
    "rounds in brackets": "[0]\ttrain-rmse:0.5\n[1]\ttrain-rmse:0.4\n",
    "an epoch in brackets": "[epoch 1] loss 0.5\n[epoch 2] loss 0.4\n",
    "levels in brackets": "[INFO] epoch 1 loss 0.5\n[INFO] epoch 2 loss 0.4\n",
    "commas": "epoch 1, loss 0.5\nepoch 2, loss 0.4\n",
    "bars": "epoch 1 | loss 0.5\nepoch 2 | loss 0.4\n",
    "tabs": "epoch: 1\tloss: 0.5\nepoch: 2\tloss: 0.4\n",
    "a record, then words": '{"lr": 0.1}\nepoch 1 loss 0.5\nepoch 2 loss 0.4\nepoch 3 loss 0.3\n',
    "few lines among many": "words, and more words\n" * 40 + "epoch 1: loss 0.5\nepoch 2: loss 0.4\n",
    "a table between words": "Epoch    box_loss   cls_loss\nstarted\n 1/2   0.5   0.6\nsaved\n 2/2   0.4  0.5\n",
}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(kind, text, id=f"{kind}: {name}")
        for kind, texts in ((TABLE, TABLES), (JSON, DOCUMENTS), (TEXT_LOG, LOGS))
        for name, text in texts.items()
    ],
)
def test_what_a_text_is_taken_for(kind, text):
    found = detect_format(text)
    assert found.format == kind, found.why
    assert found.why.endswith(".")


@pytest.mark.parametrize("name", PRINTED)
def test_the_files_of_the_tools(name):
    expected = JSON if name.endswith(".json") else TABLE if name == "fastai.log" else TEXT_LOG
    assert detect_format(path_of(name).read_text()).format == expected


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_of_the_tools(name):
    assert detect_format((FILES / name).read_text()).format == (TABLE if name.endswith(".csv") else JSON)


def test_a_log_is_read_whatever_its_name_and_the_name_is_told():
    log = read_log("run.json", LOGS["rounds in brackets"].encode())
    assert [series.name for series in log.series] == ["train-rmse"]
    assert "The file's name ends in .json, but it holds lines of text; they are read as that." in log.notes


def test_random_tables_of_numbers_are_tables():
    random = np.random.default_rng(0)
    for separator in (",", ";", "\t", " "):
        for _ in range(20):
            numbers = random.normal(size=(int(random.integers(3, 30)), int(random.integers(2, 8))))
            text = "\n".join(separator.join(f"{one:.4g}" for one in row) for row in numbers)
            assert detect_format(text).format == TABLE
            assert (
                detect_format(separator.join(f"c{at}" for at in range(numbers.shape[1])) + "\n" + text).format == TABLE
            )
            assert detect_format(json.dumps(numbers.tolist())).format == JSON
