"""`python -m core.logs`: a line of JSON for each file, whatever the file is."""

import json
import math
import os
import subprocess
import sys

import pytest

from core.logs.__main__ import answers, main
from tests.logs.cases import FILES
from tests.logs.samples import EPOCHS, FALL, TURN, rows


def answer(file):
    [line] = answers([str(file)])

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(line, parse_constant=refuse)


def test_the_command_prints_a_line_a_file_and_ends_well():
    files = [str(FILES / "keras.csv"), "nowhere.csv", str(FILES)]
    done = subprocess.run([sys.executable, "-m", "core.logs", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, *others = map(json.loads, done.stdout.splitlines())
    assert list(first) == ["file", "format", "notes", "runs"]
    assert (first["file"], first["format"], first["notes"]) == (files[0], "Keras CSVLogger", [])
    [run] = first["runs"]
    assert run["x"] == {"name": "epoch", "unit": "epoch"}
    assert (run["run"], run["train"], run["validation"]) == (
        "", {"name": "loss", "values": 6}, {"name": "val_loss", "values": 6},
    )  # fmt: skip
    assert list(run["verdict"]) == ["kind", "name", "sentence", "advice", "best"]
    assert run["verdict"]["best"] in EPOCHS
    assert [other["runs"] for other in others] == [[], []]
    assert [len(other["notes"]) for other in others] == [1, 1]
    assert "No such file" in others[0]["notes"][0]
    assert "directory" in others[1]["notes"][0].lower()


def test_without_a_file_it_says_how_to_use_it(capsys):
    assert main([]) == 2
    assert "usage: python -m core.logs FILE..." in capsys.readouterr().err
    assert main(["--help"]) == 0


@pytest.mark.parametrize("losses", [["nan"] * 5, ["inf"] * 5, [1, "nan", "-inf", 1, "1e308"], ["1e308", "-1e308"] * 3])
def test_numbers_that_json_has_not_never_break_it(losses, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(rows("epoch,loss", range(len(losses)), losses))
    [run] = answer(file)["runs"]
    assert run["train"] == {"name": "loss", "values": len(losses)}
    best = run["verdict"]["best"]
    assert best is None or math.isfinite(best)


def test_names_that_are_no_text(tmp_path):
    file = os.fsdecode(os.fsencode(tmp_path) + b"/l\xf6g\n.csv")
    with open(file, "w") as opened:
        opened.write(rows("epoch,loss", EPOCHS, FALL))
    assert answer(file)["runs"][0]["train"] == {"name": "loss", "values": 20}
    assert answer("a\0b")["runs"] == []


def test_two_files_of_one_run_are_diagnosed_together_and_each_file_has_its_line(tmp_path):
    files = []
    for half, values in (("train", FALL), ("validation", TURN)):
        file = tmp_path / f"run-{half}-tag-epoch_loss.csv"
        file.write_text(rows("Wall time,Step,Value", EPOCHS, EPOCHS, values))
        files.append(str(file))
    first, second = map(json.loads, answers(files))
    assert [first["file"], second["file"]] == files
    [both], [own] = first["runs"], second["runs"]
    assert (both["train"]["values"], both["validation"]["values"]) == (20, 20)
    assert (own["train"], own["validation"]["values"]) == (None, 20)
    assert any("is taken as the validation of" in note for note in first["notes"])
    assert any("taken as the validation of" in note for note in second["notes"])
