"""A person's own table: how long it takes from its bytes to the first picture, and how much memory.

Each file is read in a process of its own, which has only imported the code: what it holds more at its highest is the
file's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from core.tables import DataTable, NumberColumn, TextColumn, read_table
from core.tables.prediction_columns import guess_columns, predictions_of
from core.tables.score_columns import guess_scores, scored_of
from core.ui.own_table import packed_stage
from tests.bench.report import ROOT, Row

SIZES = {100_000: (2, 100), 1_000_000: (8, 750)}  # rows, to the most seconds and megabytes. The code itself has 250
MODELS, MOST_KB, MOST_KEPT = 3, 700, 100
PROCESSES = 3


def predicted(rows: int) -> str:
    random = np.random.default_rng(1)
    truth = random.gamma(2.0, 10.0, rows)
    columns = [truth, *(truth + random.normal(size=rows) * (1 + model) for model in range(MODELS))]
    return written(["truth", *(f"model {model}" for model in range(MODELS))], columns)


def scored(rows: int) -> str:
    random = np.random.default_rng(1)
    z = random.normal(-1.0, 1.5, rows)
    scores = [1 / (1 + np.exp(-z - random.normal(size=rows) * 0.5)) for _ in range(MODELS)]
    label = (random.random(rows) < 1 / (1 + np.exp(-z))).astype(float)
    return written(["label", *(f"score {model}" for model in range(MODELS))], [label, *scores])


def written(names: list[str], columns: list[np.ndarray]) -> str:
    lines = (",".join(f"{value:.5g}" for value in row) for row in zip(*columns, strict=True))
    return "\n".join([",".join(names), *lines])


FILES: Mapping[str, Callable[[int], str]] = {"numbers": predicted, "scores": scored}


def measure(quick: bool) -> Iterator[Row]:
    for kind in FILES:
        for size, (seconds, megabytes) in list(SIZES.items())[: 1 if quick else None]:
            found = [cold(kind, size) for _ in range(1 if quick else PROCESSES)]
            taken, held, payload, kept = (median(column) for column in zip(*found, strict=True))
            what = f"tables: {size:,} rows of {kind}, {MODELS} models"
            yield Row(f"{what}, first picture", taken, "s", seconds)
            yield Row(f"{what}, memory at its highest, beside the code", held, "MB", megabytes)
            yield Row(f"{what}, payload", payload, "kB", MOST_KB)
            yield Row(f"{what}, kept for the session", kept, "MB", MOST_KEPT)


def cold(kind: str, size: int) -> tuple[float, float, float, float]:
    """What `first_picture` says, in a process that gets the file from another one."""
    command = [sys.executable, "-m", "tests.bench.tables", kind]
    made = subprocess.run([*command, str(size)], cwd=ROOT, capture_output=True, check=True).stdout
    done = subprocess.run(command, cwd=ROOT, input=made, capture_output=True, check=True)
    seconds, held, payload, kept = json.loads(done.stdout)
    return seconds, held, payload, kept


def first_picture(kind: str, content: bytes) -> tuple[float, float, float, float]:
    """Seconds to the first picture, megabytes that the process holds more at its highest, kilobytes of the payload, and
    megabytes of the table."""
    before = highest() - len(content) / 1e6
    begin = perf_counter()
    table = read_table("own.csv", content)
    if kind == "numbers":
        packed = packed_stage(kind, "models", predictions_of(table, guess_columns(table))[0])
    else:
        packed = packed_stage(kind, "", scored_of(table, guess_scores(table))[0])
    seconds = perf_counter() - begin
    return seconds, highest() - before, len(packed.payload) * 3 / 4 / 1000, kept_bytes(table) / 1e6


def highest() -> float:
    """Megabytes of this process at its highest, and of it alone: getrusage begins with what its parent held."""
    (held,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line[:6] == "VmHWM:")
    return int(held) / 1000


def kept_bytes(table: DataTable) -> int:
    """The bytes of a table's columns."""
    numbers = sum(column.kept.nbytes for column in table.columns.values() if isinstance(column, NumberColumn))
    return numbers + sum(column.codes.nbytes for column in table.columns.values() if isinstance(column, TextColumn))


if __name__ == "__main__":
    which, *rest = sys.argv[1:]
    if rest:
        sys.stdout.write(FILES[which](int(rest[0])))
    else:
        print(json.dumps(first_picture(which, sys.stdin.buffer.read())))
