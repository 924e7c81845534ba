"""Files as programs leave them: packed with gzip, in other encodings, with the marks of a terminal."""

import codecs
import gzip
import tracemalloc

import numpy as np
import pytest

from core.logs import MAX_BYTES, read_log
from core.logs.formats.decode import Unreadable, decode
from tests.logs.cases import check

LOG = "".join(f"Epoch {at}: loss {0.1 * at:.1f} – naïve\n" for at in (1, 2, 3, 4))
CSV = b"epoch,loss\n1,3\n2,2\n3,1\n"


def losses(content, name="log.gz"):
    log = read_log(name, content)
    check(log)
    return log.table.columns["loss"].values.tolist(), log.notes


def test_gzip_is_unpacked():
    assert losses(gzip.compress(CSV)) == ([3, 2, 1], ())
    assert losses(gzip.compress(LOG.encode()))[0] == [0.1, 0.2, 0.3, 0.4]
    members = gzip.compress(CSV[:15]) + gzip.compress(CSV[15:])
    assert losses(members) == ([3, 2, 1], ())


def test_gzip_that_breaks_off_or_is_damaged_is_read_to_there():
    random = np.random.default_rng(0).random(20_000)
    packed = gzip.compress(("epoch,loss\n" + "".join(f"{at},{one}\n" for at, one in enumerate(random))).encode())
    values, notes = losses(packed[: len(packed) // 2])
    assert "The file is packed with gzip and breaks off; what comes before is read." in notes
    assert 5_000 < len(values) < 15_000
    np.testing.assert_array_equal(values[:-1], random[: len(values) - 1])
    middle = 3 * len(packed) // 4
    values, notes = losses(packed[:middle] + b"\xff" * 200 + packed[middle + 200 :])
    assert "The file is packed with gzip and damaged; what comes before is read." in notes
    np.testing.assert_array_equal(values[:1000], random[:1000])


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory():
    once = gzip.compress(bytes(3 * MAX_BYTES), 1)
    for bomb in (once, gzip.compress(CSV) + once, gzip.compress(bytes(MAX_BYTES // 2), 1) * 3):
        tracemalloc.start()
        with pytest.raises(Unreadable, match="unpacks to more than 50 MB"):
            decode(bomb)
        assert tracemalloc.get_traced_memory()[1] < 3 * MAX_BYTES
        tracemalloc.stop()


def test_many_small_gzip_files_behind_one_another_are_bounded():
    assert losses(gzip.compress(CSV) + gzip.compress(b"") * 50_000)[0] == [3, 2, 1]


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + LOG.encode(),
        codecs.BOM_UTF16_LE + LOG.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + LOG.encode("utf-16-be"),
        LOG.encode("utf-16-le"),
        LOG.replace("–", "-").encode("latin-1"),
        LOG.replace("\n", "\r\n").encode(),
        LOG.replace("\n", "\r").encode(),
        LOG.replace("loss", "\x1b[1;32mloss\x1b[0m").encode(),
        LOG.replace("Epoch", "\x1b[2K\x1b[1G\x1b]0;title\x07Epoch").encode(),
        LOG.replace("Epoch", "\0Epoch").encode(),
        LOG.replace("Epoch", "Epok\bch").encode(),
        LOG.replace("Epoch", "0/4 loss: 9.9" + "\b" * 13 + "Epoch").encode(),
    ],
)
def test_encodings_and_the_marks_of_a_terminal(content):
    assert losses(content, "a.log")[0] == [0.1, 0.2, 0.3, 0.4]


def test_a_bar_of_nothing_but_backspaces_is_text():
    content = b"".join(b"Epoch %d/3\n" % at + b"|\b/\b-\b\\\b" * 500 + b" loss: %d\n" % at for at in (1, 2, 3))
    assert losses(content, "a.log")[0] == [1, 2, 3]


def test_backspaces_cost_what_their_number_costs():
    for line in ("a\b" * 500_000, "a" * 500_000 + "\b" * 500_000, "\b" * 1_000_000, "ab\b\b\b" * 200_000):
        check(read_log("a.log", (line + "\nloss: 1\nloss: 2\n").encode()))


def test_a_tar_archive_says_so():
    header = b"metrics.csv" + bytes(246) + b"ustar" + bytes(250)
    assert read_log("a.tar.gz", gzip.compress(header)).notes == ("The file is a tar archive: unpack it first.",)
