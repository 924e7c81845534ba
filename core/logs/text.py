"""The bytes of a file as text, or the sentence that says why they are none."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

MOST_BYTES = 50 * 2**20
BLOCK = 2**20  # characters that are split into lines at a time: what a file needs of memory stays near its own size

# How files begin that are not text, and what a person may do about it.
_BEGINNINGS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "packed with gzip: unpack it first"),
    (b"BZh", "packed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "packed with xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard: unpack it first"),
    (b"7z\xbc\xaf", "packed with 7-Zip: unpack it first"),
    (b"PK\x03\x04", "a ZIP archive (as are .xlsx, .npz and .pt): unpack it, or save the table as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Office document: save the table as CSV"),
    (b"\x89HDF", "an HDF5 file"),
    (b"PAR1", "a Parquet file: save the table as CSV"),
    (b"ARROW1", "an Arrow file: save the table as CSV"),
    (b"SQLite format", "an SQLite database"),
    (b"\x93NUMPY", "a NumPy array: save it as CSV"),
    (b"\x80\x02", "a Python pickle, which is never opened here: save the log as CSV"),
    (b"\x80\x03", "a Python pickle, which is never opened here: save the log as CSV"),
    (b"\x80\x04", "a Python pickle, which is never opened here: save the log as CSV"),
    (b"\x80\x05", "a Python pickle, which is never opened here: save the log as CSV"),
)
_MARKS = (  # the longer first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Unreadable(Exception):
    """Why nothing of a file can be read: one sentence for the person who brought it."""


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text, its lines ended by \\n alone, and notes on its encoding. Raises Unreadable for what is no text."""
    if len(content) > MOST_BYTES:
        size, most = len(content) / 2**20, MOST_BYTES // 2**20
        raise Unreadable(f"The file has {size:.1f} MB; at most {most} MB are read.")
    if not content.strip():
        raise Unreadable("The file is empty.")
    for beginning, what in _BEGINNINGS:
        if content.startswith(beginning):
            raise Unreadable(f"The file is {what}.")
    if b"brain.Event:" in content[:100]:
        raise Unreadable("The file is a TensorBoard event file: download the curve as CSV in TensorBoard.")
    text, notes = _decoded(content)
    sample = text[:4096]
    if sum(not letter.isprintable() and letter not in "\t\n\r\f\v\0" for letter in sample) > len(sample) / 10:
        raise Unreadable("The file is not text: most of its bytes are no letters or digits.")
    if "\0" in text:
        text = text.replace("\0", "")
        notes.append("The file holds zero bytes, as a crash leaves them; they are left out.")
    if not text.strip():
        raise Unreadable("The file is empty.")
    start = text[:1000].lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body")):
        raise Unreadable("The file is a web page (HTML): download the log itself.")
    if start.startswith(("<?xml", "<svg")):
        raise Unreadable("The file is XML: save the log as CSV or JSON.")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, notes


def _decoded(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace"), []
    sample = content[:2000]
    for odd, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[odd::2]
        # Text in UTF-16 has a zero in nearly every second byte, and none in the others.
        if half.count(0) > 0.7 * len(half) and sample[1 - odd :: 2].count(0) == 0:
            return content.decode(encoding, errors="replace"), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 3:  # the last letter is cut off
            return content[: error.start].decode("utf-8"), []
        row = content.count(b"\n", 0, error.start) + 1
        note = f"Row {row} is not UTF-8; the file is read as Latin-1, so a letter of a name may be wrong."
        return content.decode("latin-1"), [note]


def blocks(text: str) -> Iterator[list[str]]:
    """The lines of a text without their ends, some at a time."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + BLOCK)
        end = len(text) if end < 0 else end
        yield text[start:end].split("\n")
        start = end + 1
