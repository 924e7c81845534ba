"""A person's own logs: how long the reading and the judging of large files takes, and how much memory.

Each file is read in a process of its own, which has only imported the code: what it holds at its highest is the file's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from core.diagnosis.logged import verdict_of
from core.logs import read_log
from tests.bench.report import ROOT, Row

ROWS, LARGE = 200_000, 50 * 10**6  # rows, and bytes of a file as large as one may be
PROCESSES = 3


def losses(rows: int) -> Iterator[tuple[int, float, float]]:
    """Step, training loss and validation loss."""
    noise = np.random.default_rng(1).lognormal(sigma=0.1, size=(rows, 2))
    fall = 0.2 + np.exp(-np.arange(rows) / (rows / 6))
    yield from zip(range(rows), (fall * noise[:, 0]).tolist(), (1.1 * fall * noise[:, 1]).tolist(), strict=True)


def csv(rows: int) -> str:
    return "step,loss,val_loss\n" + "".join(f"{at},{a:.6f},{b:.6f}\n" for at, a, b in losses(rows))


def long_table(rows: int) -> str:
    half = losses(rows // 2)
    return "step,metric,value\n" + "".join(f"{at},train_loss,{a:.6f}\n{at},val_loss,{b:.6f}\n" for at, a, b in half)


def json_lines(rows: int) -> str:
    return "".join(f'{{"step": {at}, "train_loss": {a:.6f}, "val_loss": {b:.6f}}}\n' for at, a, b in losses(rows))


def json_records(rows: int) -> str:
    records = ", ".join(f'{{"step": {at}, "loss": {a:.6f}, "eval_loss": {b:.6f}}}' for at, a, b in losses(rows))
    return f'{{"log_history": [{records}]}}'


def text(rows: int) -> str:
    return "".join(
        f"2026-11-28 12:00:00,000 INFO trainer: step {at}: train loss {a:.4f}, val loss {b:.4f}\n"
        for at, a, b in losses(rows)
    )


def printed_dicts(rows: int) -> str:
    return "".join(f"{{'loss': {a:.4f}, 'eval_loss': {b:.4f}, 'epoch': {at}}}\n" for at, a, b in losses(rows))


def progress_bars(rows: int) -> str:
    bar = "\r{0}/4 [=====>...] - ETA: 0s - loss: {1:.4f}"
    return "".join(
        f"Epoch {at + 1}/{rows // 5}\n"
        + "".join(bar.format(batch, a) for batch in (1, 2, 3))
        + f"\r4/4 [==========] - 0s 5ms/step - loss: {a:.4f} - val_loss: {b:.4f}\n"
        for at, a, b in losses(rows // 5)
    )


FORMATS = {
    function.__name__: function
    for function in (csv, long_table, json_lines, json_records, text, printed_dicts, progress_bars)
}


def measure(quick: bool) -> Iterator[Row]:
    for name in FORMATS:
        of_rows = [cold(name, "rows") for _ in range(1 if quick else PROCESSES)]
        yield from rows(f"logs: {ROWS:,} rows of {name.replace('_', ' ')}", of_rows, 2, 300)
    for name in ("csv", "json_records", "json_lines", "text") if not quick else ():
        yield from rows(f"logs: 50 MB of {name.replace('_', ' ')}", [cold(name, "bytes")], 10, 600)


def rows(what: str, measured: list[tuple[float, float]], seconds: float, megabytes: float) -> Iterator[Row]:
    """What reading and judging took, and the most that the process held."""
    yield Row(f"{what}, read and judged", median(time for time, _ in measured), "s", seconds)
    yield Row(f"{what}, memory at its highest", median(size for _, size in measured), "MB", megabytes)


def cold(name: str, axis: str) -> tuple[float, float]:
    """Seconds, and resident megabytes at their highest, in a process that makes the file in another one."""
    command = [sys.executable, "-m", "tests.bench.logs", name, axis]
    made = subprocess.run([*command, "make"], cwd=ROOT, capture_output=True, check=True).stdout
    done = subprocess.run(command, cwd=ROOT, input=made, capture_output=True, check=True)
    seconds, size = json.loads(done.stdout)
    return seconds, size


def made(name: str, axis: str) -> bytes:
    if axis == "rows":
        return FORMATS[name](ROWS).encode()
    rows = 1_000_000  # of which a row is about as long as of a file so large
    return FORMATS[name](int(rows * LARGE / len(FORMATS[name](rows)))).encode()


def read_and_judged(content: bytes) -> tuple[float, float]:
    begin = perf_counter()
    log = read_log("own", content)
    verdicts = [verdict_of(run) for run in log.runs]
    seconds = perf_counter() - begin
    if not verdicts or not all(verdicts):
        raise LookupError(f"nothing was judged: {log.notes}")
    # Of this process alone: getrusage begins with what its parent held.
    (held,) = (line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line[:6] == "VmHWM:")
    return seconds, int(held) / 1000


if __name__ == "__main__":
    which, how, *rest = sys.argv[1:]
    if rest:
        sys.stdout.buffer.write(made(which, how))
    else:
        print(json.dumps(read_and_judged(sys.stdin.buffer.read())))
