"""Whatever is dropped: never an exception, always a log with curves or with a note."""

import numpy as np
import pytest

from core.logs import read_log
from tests.logs.cases import CASES, FILES, NAMES, check, log_of
from tests.logs.printed import PRINTED, path_of
from tests.logs.samples import SAMPLES

GOOD = {name: (FILES / name).read_bytes() for name in NAMES}
MANY = [
    *GOOD.values(),
    *(path.read_bytes() for path in sorted(CASES.iterdir())),
    *(kind.text.encode() for kind in SAMPLES.values()),
]
PIECES = [
    *(bytes([one]) for one in b""",;\t\n\r"'{}[]:-.e#\\ \0\xff"""),
    *b"nan inf NA null 1e999 epoch loss train phase, 1,2 =1+1 \\u0000 run fold key value Name tensor( % __MIN".split(),
    *(b"1e308", b"9" * 20, b" - ", b"2030-01-01 10:00"),
    *b"epoch=3 [3/20] 1.2e-3s 12% {'loss': } - loss: | val Epoch 10/10 tensor( 00:01<00:02".split(),
    *(b"\r", b"\b" * 40, b"\x1b[2K", b"\x01", b"\x02", "█".encode(), b"\x1f\x8b\x08", b"\n" * 50),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"9" * 5000, b"[" * 2000),
]


def checked(name, content):
    log = read_log(name, content)
    check(log)
    for x in ("", *log.columns[:3]):
        log.pick(x, "", None)
    for run in log.runs[:3]:
        run.pick("", run.columns[0], None)
        run.pick(run.columns[-1], None, run.columns[0])


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes(seed):
    random = np.random.default_rng(seed)
    for _ in range(60):
        content = random.integers(0, 256, random.integers(0, 400), dtype=np.uint8).tobytes()
        checked("a.csv", content)
        checked("a.json", bytes(random.choice(list(b'{}[]",:;01.-e \n\tnul'), random.integers(0, 200))))
        checked("a.csv", b"".join(random.choice(np.array(PIECES, dtype=object), random.integers(0, 40))))


@pytest.mark.parametrize("name", NAMES)
def test_files_cut_off_anywhere(name):
    content = GOOD[name]
    for end in np.unique(np.linspace(0, len(content), 60).astype(int)):
        checked(name, content[:end])
        checked(name, content[end:])


@pytest.mark.parametrize("name", PRINTED)
def test_text_logs_with_something_changed_or_cut_off(name):
    whole = path_of(name).read_bytes()
    random = np.random.default_rng(list(name.encode()))
    for _ in range(40):
        content = whole
        for _ in range(random.integers(1, 8)):
            at = int(random.integers(0, len(content) + 1))
            gone = int(random.choice([0, 0, 1, 5, 60]))
            content = content[:at] + PIECES[random.integers(len(PIECES))] + content[at + gone :]
        checked(name, content)
    for end in np.unique(np.linspace(0, len(whole), 12).astype(int)):
        checked(name, whole[:end])
        checked(name, whole[end:])


@pytest.mark.parametrize("seed", range(4))
def test_lines_of_random_pieces(seed):
    random = np.random.default_rng(seed)
    pieces = np.array([*PIECES, b" ", b" ", b"\n", b": ", b"=", b"1", b"0.5", b"/20", b", "], dtype=object)
    for _ in range(100):
        checked("a.log", b"".join(random.choice(pieces, random.integers(0, 200))))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(2))
def test_files_with_something_changed(name, seed):
    random = np.random.default_rng([seed, NAMES.index(name)])
    for _ in range(60):
        content = GOOD[name]
        for _ in range(random.integers(1, 6)):
            at = int(random.integers(0, len(content) + 1))
            gone = int(random.choice([0, 0, 1, 5, 60]))
            content = content[:at] + PIECES[random.integers(len(PIECES))] + content[at + gone :]
        checked(name, content)


@pytest.mark.parametrize("seed", range(4))
def test_tables_of_every_kind_broken_shuffled_and_joined(seed):
    random = np.random.default_rng([seed, 13])
    for _ in range(250):
        content = MANY[random.integers(len(MANY))]
        for _ in range(random.integers(1, 8)):
            at, gone = int(random.integers(0, len(content) + 1)), int(random.choice([0, 0, 1, 5, 60, 500]))
            content = content[:at] + PIECES[random.integers(len(PIECES))] + content[at + gone :]
        how = random.integers(3)
        if how == 1:
            content = b"\n".join(random.permutation(np.array(content.split(b"\n"), dtype=object)))
        elif how == 2:
            content += MANY[random.integers(len(MANY))]
        checked("val_loss.csv" if seed % 2 else "a.csv", content)


def test_one_wrong_cell_costs_one_point():
    name = "keras.csv"
    whole = log_of(name)
    lines = GOOD[name].decode().splitlines()
    for row in range(1, len(lines)):
        for column in range(1, 5):
            cells = lines[row].split(",")
            cells[column] = "what?"
            log = read_log(name, "\n".join([*lines[:row], ",".join(cells), *lines[row + 1 :]]).encode())
            assert len(log.notes) == 1
            assert log.notes[0].startswith(f"Row {row + 1}: 'what?' in column {whole.columns[column]}")
            for at, (series, before) in enumerate(zip(log.series, whole.series, strict=True), 1):
                left = np.delete(before.values, row - 1) if at == column else before.values
                np.testing.assert_array_equal(series.values, left)


def test_warnings_are_errors_even_at_the_edge_of_float64():
    with np.errstate(all="raise", under="ignore"):
        for content in (b"epoch,loss\n1e308,1e308\n-1e308,-1e308\n", b"epoch,loss\n0,1e-320\n1,inf\n2,nan\n"):
            checked("a.csv", content)
