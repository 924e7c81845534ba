"""Any file at all is a table or a reason; and any table is a picture, or a sentence on why there is none.

FILES_TO_TRY=20000 tries so many files.
"""

from __future__ import annotations

import gzip
import io
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from core.datasets import ClassDataset, ImbalancedDataset, LineDataset
from core.landscapes.fitted_models import line_model, logistic_model
from core.models.outlier_fits import outlier_data
from core.tables import DataTable, read_table
from core.tables.kind import guess_kind
from core.tables.model_columns import guess_target, own_data_of
from core.tables.prediction_columns import guess_columns, predictions_of
from core.tables.score_columns import guess_scores, scored_classes_of, scored_of
from core.ui.own_table import packed_stage
from core.views.your_data.views import PREDICTION_PICTURES

COUNT = int(os.environ.get("FILES_TO_TRY", "1500"))
PICTURES = 20  # files for each of which there are pictures
CELLS = (
    *("", "nan", "inf", "-1e308", "1e308", "1e-320", "-0", "0", "1", "1e17", "9" * 30, "1,5", "12 %", "null", "a", "“"),
    *("2020-01-31", "9999-12-31", "true", "yes", "=1+1", "\x00", "x" * 5000, '"', "\ud83d", "{}", "[1]"),
)
MARKS = (b"\n", b'"', b",", b"\r\n", b"{", b"]", b";", b"\t", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"NaN")
RANDOM = np.random.default_rng(7)
ROWS = 12
TRUTH = RANDOM.gamma(2.0, 5.0, ROWS).round(2)
FRAMES = {
    "numbers": {"day": [f"2024-02-{at + 1:02}" for at in range(ROWS)], "truth": TRUTH, "model a": TRUTH + 1.5,
                "model b": (TRUTH * 1.1).round(2)},
    "scores": {"label": ["yes", "no", "no"] * 4, "score": RANDOM.random(ROWS).round(3),
               "margin": RANDOM.normal(size=ROWS), "amount": TRUTH, "weight": RANDOM.integers(1, 4, ROWS)},
    "classes": {"species": ["a", "b", "c"] * 4, **{f"m_{one}": RANDOM.random(ROWS).round(3) for one in "abc"}},
}  # fmt: skip


def written(frame: pd.DataFrame, kind: str) -> bytes:
    """The frame as a file of some format."""
    if kind == "parquet":
        out = io.BytesIO()
        frame.to_parquet(out)
        return out.getvalue()
    if kind in ("records", "lines"):
        return frame.to_json(orient="records", lines=kind == "lines").encode(errors="replace")
    if kind == "lists":
        return json.dumps({name: column.tolist() for name, column in frame.items()}).encode(errors="replace")
    if kind == "gzip":
        return gzip.compress(written(frame, "csv"), mtime=0)
    sep, decimal = {"tsv": ("\t", "."), "semicolon": (";", ",")}.get(kind, (",", "."))
    text = frame.to_csv(index=False, sep=sep, decimal=decimal)
    return text.encode("utf-16" if kind == "utf-16" else "utf-8", errors="replace")


FORMATS = ("csv", "tsv", "semicolon", "records", "lines", "lists", "parquet", "gzip", "utf-16")


def mutated_cells(frame: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The frame with other cells, columns, names or rows: what a program might have written."""
    found = frame.copy()
    for _ in range(random.integers(1, 5)):
        column = int(random.integers(found.shape[1]))
        cells = found.iloc[:, column].astype(object).tolist()
        match random.integers(6):
            case 0:
                cells[random.integers(len(cells))] = CELLS[random.integers(len(CELLS))]
            case 1:
                cells = [CELLS[random.integers(len(CELLS))]] * len(cells)
            case 2:
                cells = [CELLS[at] for at in random.integers(0, len(CELLS), len(cells))]
            case 3:
                found = found.iloc[: int(random.integers(1, len(found) + 1))]
                continue
            case 4:
                found.columns = [
                    *found.columns[:column],
                    CELLS[random.integers(len(CELLS))],
                    *found.columns[column + 1 :],
                ]
                continue
            case 5:
                found = found.iloc[random.integers(0, len(found), len(found))]
                continue
        found = pd.concat([found.iloc[:, :column], pd.Series(cells, found.index, name=found.columns[column]),
                           found.iloc[:, column + 1 :]], axis=1)  # fmt: skip
    return found


def mutated_bytes(content: bytes, random: np.random.Generator) -> bytes:
    """The content with a few bytes changed, taken out or put in: what a fault might have left."""
    found = bytearray(content)
    for _ in range(random.integers(1, 6)):
        place = int(random.integers(len(found)))
        match random.integers(5):
            case 0:
                found[place] = int(random.integers(256))
            case 1:
                del found[place : place + int(random.integers(1, 20))]
            case 2:
                found[place:place] = random.integers(0, 256, 8).astype(np.uint8).tobytes()
            case 3:
                found[place:place] = MARKS[random.integers(len(MARKS))]
            case 4:
                found[place:place] = found[: int(random.integers(1, len(found) + 1))]
        found = found or bytearray(b" ")
    return bytes(found)


def files(count: int) -> Iterator[bytes]:
    """Files of every format and of every kind, changed in one way or the other, or in both."""
    random = np.random.default_rng(11)
    frames = [pd.DataFrame(columns) for columns in FRAMES.values()]
    for number in range(count):
        frame, kind = frames[number % len(frames)], FORMATS[number // 3 % len(FORMATS)]
        cells, bytes_ = random.random(2) < (0.6, 0.6)
        try:
            content = written(mutated_cells(frame, random) if cells else frame, kind)
        except (ValueError, UnicodeError, TypeError, OverflowError):  # no program can write that in this format
            content = written(frame, kind)
            bytes_ = True
        yield mutated_bytes(content, random) if bytes_ else content


def test_any_file_is_a_table_or_a_reason_and_any_table_a_picture_or_a_sentence() -> None:
    outcomes = Counter[str]()
    for number, content in enumerate(files(COUNT)):
        table = read_table("a", content)
        assert table.columns or table.notes
        assert all(len(column) == len(table) for column in table.columns.values())
        for line in (*table.notes, *table.columns):
            assert line.isprintable()
        outcomes[table.format or "no table"] += 1
        if number % PICTURES == 0 and table.numbers:
            outcomes.update(picture_of(table, number))
    print(COUNT, dict(outcomes))
    assert set(outcomes) == {
        *("CSV", "TSV", "JSON", "JSON Lines", "Parquet", "no table", "a sentence"),
        *(f"a picture of {kind}" for kind in FRAMES),
    }


def test_any_table_gives_data_to_learn_from_or_a_sentence() -> None:
    outcomes = Counter[str]()
    for content in files(COUNT // 5):
        table = read_table("a", content)
        assert guess_kind(table)
        try:
            own, left_out = own_data_of(table, guess_target(table))
        except ValueError as reason:
            outcomes["a sentence" if str(reason).isprintable() else "no sentence"] += 1
            continue
        assert 0 <= left_out < len(table)
        for dataset in own.datasets:
            outcomes[type(dataset).__name__] += 1
            if isinstance(dataset, LineDataset):
                models = [line_model(own.key)]
                places = outlier_data(own.key, 0).places
                assert len(np.unique(places)) == len(places) > 1
            elif isinstance(dataset, ClassDataset):
                models = [logistic_model(own.key)]
            elif isinstance(dataset, ImbalancedDataset):
                assert all(np.isfinite(part.features).all() for part in (dataset.split().train, dataset.split().test))
                continue
            for model in models:
                assert np.isfinite(model.basis).all()
                assert all(np.isfinite(ends).all() and ends[0] < ends[1] for ends in model.window)
    assert set(outcomes) == {"a sentence", "LineDataset", "ClassDataset", "ImbalancedDataset"}


def picture_of(table: DataTable, number: int) -> Iterator[str]:
    """What comes of each kind of picture for a table."""
    shown = list(PREDICTION_PICTURES)[number // PICTURES % len(PREDICTION_PICTURES)]
    for kind in FRAMES:
        try:
            packed = packed_stage(kind, shown if kind == "numbers" else "", numbers_of(table, kind))
        except ValueError as reason:
            yield "a sentence" if str(reason).isprintable() else "no sentence"
        else:
            yield f"a picture of {kind}" if packed.payload else "no picture"


def numbers_of(table: DataTable, kind: str) -> Any:
    """What the recognised columns hold. Raises ValueError, a sentence, where they hold too little."""
    if kind == "numbers":
        guess = guess_columns(table)
        return predictions_of(table, replace(guess, truth=guess.truth or next(iter(table.numbers))))[0]
    scores = guess_scores(table)
    return scored_of(table, scores)[0] if kind == "scores" else scored_classes_of(table, scores.label)[0]
