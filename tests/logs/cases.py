"""How the tests of logs read and write files."""

from pathlib import Path

import numpy as np

from core.logs import Log, read_log

FILES = Path(__file__).parent / "files"  # written by the tools themselves: tests/reference/make_logs.py
NAMES = sorted(path.name for path in FILES.iterdir() if path.is_file())
CASES = FILES / "cases"  # one fault each; its README.md gives the right answers


def log_of(name: str) -> Log:
    return read_log(name, (FILES / name).read_bytes())


def read(text: str, name: str = "log.csv") -> Log:
    return read_log(name, text.encode())


def values(log: Log, name: str) -> list[float]:
    return curve(log, name).values.tolist()


def epochs(log: Log, name: str) -> list[float]:
    return curve(log, name).epochs.tolist()


def curve(log: Log, name: str):
    return next(series for series in log.series if series.name == name)


def clean_line(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def check(log: Log) -> None:
    """What holds of every log, whatever the file."""
    assert log.series or log.notes
    for line in (log.name, *log.columns, *log.notes):
        assert line.isprintable(), ascii(line)
        line.encode()  # no half of a pair, which a browser cannot be sent
    assert all(len(name) <= 80 for name in (log.name, *log.columns))
    assert len(set(log.columns)) == len(log.columns)
    assert len(log.notes) <= 21
    assert all(note.endswith(".") for note in log.notes), log.notes
    assert {series.name for series in log.series} <= set(log.columns)
    for series in log.series:
        assert series.epochs.dtype == series.values.dtype == np.float64
        assert series.epochs.shape == series.values.shape
        assert np.isfinite(series.epochs).all()
        assert (np.diff(series.epochs) > 0).all()
        assert series.role in ("train", "validation", "other")
        assert series.unit in ("epoch", "step", "row", "episode", "token", "frame", "sample")
        assert not series.values.flags.writeable
        assert not series.epochs.flags.writeable
    assert len({run.name for run in log.runs}) == len(log.runs)
    for run in log.runs:
        assert (run.name, run.why, run.x_name, run.need_not_fall) == tuple(
            map(clean_line, (run.name, run.why, run.x_name, run.need_not_fall))
        )
        assert run.name or len(log.runs) == 1
        for half in (run.train, run.validation):
            assert half is None or (half.unit == run.unit and len(half))
        assert run.series
    train, validation = log.pick()
    if train and validation:
        assert train.unit == validation.unit
