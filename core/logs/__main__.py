"""`python -m core.logs FILE...`: what each file holds and what became of its runs, one line of JSON a file."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.diagnosis.logged import verdict_of
from core.logs import MAX_BYTES, Log, Run, Series, merge_pair, read_log, split_pairs

USAGE = """usage: python -m core.logs FILE...

Prints one JSON object a file: its format, notes and runs, each with a verdict.
"""


def main(arguments: Sequence[str]) -> int:
    """Prints a line for each file. The exit status is 0, whatever the files hold; 2 without a file."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(USAGE, end="", file=sys.stdout if arguments else sys.stderr)
        return 0 if arguments else 2
    for line in answers(arguments):
        print(line)
    return 0


def answers(files: Sequence[str]) -> Iterator[str]:
    """A line of JSON for each file. Where two files hold one run, the line of the training file holds both splits."""
    if len(files) == 1:
        yield _json_line(answer(files[0], *read(files[0])))
        return
    found = [read(file) for file in files]
    logs = [log for log, _ in found]
    validation_of = dict(split_pairs(logs))
    names = {at: logs[other].name for other, at in validation_of.items()}
    for at, (file, (log, notes)) in enumerate(zip(files, found, strict=True)):
        if at in validation_of:
            log = merge_pair(log, logs[validation_of[at]])
        elif at in names:
            notes = [*notes, f"It is taken as the validation of {names[at]}, by their names."]
        yield _json_line(answer(file, log, notes))


def read(file: str) -> tuple[Log, list[str]]:
    """The log of a file, and why it could not be opened."""
    path = Path(file)
    try:
        with path.open("rb") as opened:
            return read_log(path.name, opened.read(MAX_BYTES + 1)), []
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        empty = read_log(path.name, b"")
        return Log(empty.name, "", (), (), (), (), empty.table), [f"The file cannot be opened: {reason}."]


def answer(file: str, log: Log, notes: Sequence[str]) -> dict[str, Any]:
    """The answer about one file, as plain values."""
    return {"file": file, "format": log.format, "notes": [*notes, *log.notes], "runs": [_run(run) for run in log.runs]}


def _run(run: Run) -> dict[str, Any]:
    judged = None if run.need_not_fall else verdict_of(run)  # why it need not fall is among the notes
    verdict = judged and {
        "kind": str(judged.kind),
        "name": judged.name,
        "sentence": judged.sentence,
        "advice": judged.advice,
        "best": judged.best_at if math.isfinite(judged.best_at) else None,
    }
    return {
        "run": run.name,
        "x": {"name": run.x_name, "unit": run.unit},
        "train": _curve(run.train),
        "validation": _curve(run.validation),
        "verdict": verdict,
    }


def _curve(series: Series | None) -> dict[str, Any] | None:
    return None if series is None else {"name": series.name, "values": len(series)}


def _json_line(value: dict[str, Any]) -> str:
    # ASCII alone: a name of the file system may hold bytes that are no text.
    return json.dumps(value, allow_nan=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
