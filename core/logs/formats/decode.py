"""Decodes the bytes of a file into text: gzip, byte order marks, control characters, backspaces."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator

MAX_BYTES = 50 * 2**20
GZIP, GZIPPED = b"\x1f\x8b", zlib.MAX_WBITS | 16
GZIP_CHUNK = 2**16  # bytes that are unpacked at a time
MAX_GZIP_MEMBERS = 1000  # gzip files one after another in one file
MOST_CONTROLS = 0.05  # of the first bytes
BLOCK_SIZE = 2**20  # letters that are split into lines at a time, so that memory stays near the size of the file
# The first bytes of files that are not text, and what to do about each.
_SIGNATURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
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
_BYTE_ORDER_MARKS = (  # longer ones first: that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control sequences of a terminal: colours, moves of the cursor, titles of windows.
_CONTROLS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[@-Z\\^_])|\x07")
_BACK = re.compile(r"(\x08+)")
_FULL_REWIND = 4  # backspaces in a row take a progress bar back to the start of its line


class Unreadable(Exception):
    """Raised where nothing of a file can be read; the message is one sentence on the reason."""


def decode(content: bytes) -> tuple[str, list[str]]:
    """The text, with \\n alone at the ends of lines, and notes on its encoding. Raises Unreadable for other bytes."""
    if len(content) > MAX_BYTES:
        size, most = len(content) / 2**20, MAX_BYTES // 2**20
        raise Unreadable(f"The file has {size:.1f} MB; at most {most} MB are read.")
    if not content.strip():
        raise Unreadable("The file is empty.")
    packed: list[str] = []
    if content.startswith(GZIP):
        content, packed = _gunzip(content)
    for beginning, what in _SIGNATURES:
        if content.startswith(beginning):
            raise Unreadable(f"The file is {what}.")
    if b"brain.Event:" in content[:100]:
        raise Unreadable("The file is a TensorBoard event file: download the curve as CSV in TensorBoard.")
    if content[257:262] == b"ustar":
        raise Unreadable("The file is a tar archive: unpack it first.")
    text, notes = _decode_bytes(content)
    notes = packed + notes
    sample = text[:4096]
    if sum(not letter.isprintable() and letter not in "\t\n\r\f\v\0\b\a\x1b" for letter in sample) > len(sample) / 10:
        raise Unreadable("The file is not text: most of its bytes are no letters or digits.")
    if "\0" in text:
        text = text.replace("\0", "")
        notes.append("The file holds zero bytes, as a crash leaves them; they are left out.")
    if "\x1b" in text or "\a" in text:
        text = _CONTROLS.sub("", text)
    start = text[:1000].lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<head", "<body")):
        raise Unreadable("The file is a web page (HTML): download the log itself.")
    if start.startswith(("<?xml", "<svg")):
        raise Unreadable("The file is XML: save the log as CSV or JSON.")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\b" in text:
        text = "\n".join(
            _apply_backspaces(line) if "\b" in line else line for lines in line_blocks(text) for line in lines
        )
    if not text.strip():
        raise Unreadable("The file is empty.")
    return text, notes


def _gunzip(content: bytes) -> tuple[bytes, list[str]]:
    """The content of a gzip file, and a note where it is cut off. Raises Unreadable beyond 50 MB."""
    parts: list[bytes] = []
    notes: list[str] = []
    size = start = members = 0
    unpacking = zlib.decompressobj(GZIPPED)
    while start < len(content):
        piece = content[start : start + GZIP_CHUNK]
        try:
            parts.append(unpacking.decompress(piece, MAX_BYTES + 1 - size))
        except zlib.error:
            notes = ["The file is packed with gzip and damaged; what comes before is read."]
            break
        size += len(parts[-1])
        if size > MAX_BYTES:
            most = MAX_BYTES // 2**20
            raise Unreadable(f"The file unpacks to more than {most} MB; at most {most} MB are read.")
        start += len(piece) - len(unpacking.unused_data)
        if unpacking.eof:  # a file may be several, one behind the other
            members += 1
            if members == MAX_GZIP_MEMBERS or not content.startswith(GZIP, start):
                break
            unpacking = zlib.decompressobj(GZIPPED)
    else:
        if not unpacking.eof:
            notes = ["The file is packed with gzip and breaks off; what comes before is read."]
    unpacked = b"".join(parts)
    if not unpacked and notes:
        raise Unreadable("The file is packed with gzip, but it is damaged: save it again, or unpack it first.")
    if not unpacked.strip():
        raise Unreadable("The file is empty.")
    if unpacked.startswith(GZIP):
        raise Unreadable("The file is packed with gzip twice: unpack it first.")
    return unpacked, notes


def _apply_backspaces(line: str) -> str:
    """A line with backspaces as a terminal shows it in the end: later letters replace earlier ones."""
    shown: list[str] = []
    last = ""
    for piece in _BACK.split(line):
        if not piece.startswith("\b"):
            shown.append(piece)
        elif len(piece) >= _FULL_REWIND:
            last = "".join(shown) or last
            shown = []
        else:
            gone = len(piece)
            while gone and shown:
                own = shown.pop()
                if len(own) > gone:
                    shown.append(own[: len(own) - gone])
                gone -= min(gone, len(own))
    return "".join(shown) if "".join(shown).strip() else last


def _decode_bytes(content: bytes) -> tuple[str, list[str]]:
    """The text of bytes in UTF-8, UTF-16, UTF-32 or Windows-1252, and a note on the last."""
    for mark, encoding in _BYTE_ORDER_MARKS:
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
        # Windows-1252 is Latin-1 with letters in place of control characters. Many of those mean that it is no text.
        controls = sum(0x80 <= byte < 0xA0 for byte in sample)
        is_windows = controls <= MOST_CONTROLS * len(sample)
        encoding, name = ("cp1252", "Windows-1252") if is_windows else ("latin-1", "Latin-1")
        note = f"Row {row} is not UTF-8; the file is read as {name}, so a letter of a name may be wrong."
        return content.decode(encoding, errors="replace"), [note]


def line_blocks(text: str) -> Iterator[list[str]]:
    """The lines of a text without their line ends, about 1 MB at a time."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + BLOCK_SIZE)
        end = len(text) if end < 0 else end
        yield text[start:end].split("\n")
        start = end + 1
