"""Walks over one JSON document and collects its lists of records, lists of numbers and single values."""

from __future__ import annotations

import json
import re
from typing import Any

from core.logs.formats.json_decoder import DECODER, MAX_NESTED_LIST, complete_truncated, skip_space, try_decode
from core.logs.formats.json_records import MAX_DEPTH, PLAIN_TYPES, RECORDS_AT_ONCE, RecordList, plain_cell
from core.logs.tables.table_builder import MAX_CELLS

MAX_LISTS = 1_000  # lists of records, and single values, that are looked at
MAX_PARTS = 50_000  # objects, lists and single values of a document outside its records
CHUNK_SIZE = 2**18  # letters that are decoded at a time
MAX_TRUNCATED = 20_000  # letters of a record that breaks off
_BETWEEN = re.compile(r"\s*,\s*")
_NUMBERED = re.compile(r"\d+")


class TooManyParts(Exception):
    """Raised where the document has too many parts for a log."""


class SyntaxBreak(Exception):
    """Raised where the text breaks off or is no JSON; `at` is the place in the text."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class DocumentWalker:
    """Walks over one JSON document.

    Collects by path ("history/loss"): `records`, its lists of objects; `lists`, its lists of numbers; `scalars`, its
    single values. `empty` holds the paths of empty lists. Each method that walks takes the place in the text where a
    value begins, and returns the place behind it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.records: dict[str, RecordList] = {}
        self.lists: dict[str, list[Any]] = {}
        self.scalars: dict[str, Any] = {}
        self.cells = self.parts = 0
        self.empty: list[str] = []

    def walk(self, start: int) -> list[str] | None:
        """Walks from `start` on; returns notes on what was left out, None where nothing could be read."""
        notes: list[str] = []
        try:
            end = self.walk_value(start, "", 0)
            rest = skip_space(self.text, end)
            if rest < len(self.text):
                if self.text[rest] == "{" and self.text[start] == "{" and not (self.records or self.lists):
                    self.walk_concatenated(start)
                else:
                    row = self.text.count("\n", 0, end) + 1
                    notes.append(f"The JSON ends in row {row}; what comes after it is left out.")
        except SyntaxBreak as broken:
            row = self.text.count("\n", 0, broken.at) + 1
            notes.append(f"The JSON breaks off in row {row}; what comes before is read.")
            if not (self.lists or self.scalars or any(one.count or one.pending for one in self.records.values())):
                return None
        except TooManyParts:
            notes.append(f"The JSON has more than {MAX_PARTS} parts; the first of them are read.")
        for one in self.records.values():
            one.flush()
        return notes

    def walk_value(self, at: int, path: str, depth: int) -> int:
        letter = self.text[at : at + 1]
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise TooManyParts
        if letter == "{" and depth < MAX_DEPTH:
            return self.walk_object(at, path, depth)
        if letter == "[" and depth < MAX_DEPTH:
            return self.walk_array(at, path)
        value, end = self.decode_value(at)
        if depth >= MAX_DEPTH and letter in ("{", "["):
            return end
        if len(self.scalars) < MAX_PARTS:
            self.scalars[path] = value
        return end

    def decode_value(self, at: int) -> tuple[Any, int]:
        try:
            return DECODER.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise SyntaxBreak(error.pos) from None

    def walk_object(self, at: int, path: str, depth: int) -> int:
        text = self.text
        start = at
        at = skip_space(text, at + 1)
        if text[at : at + 1] == "}":
            return at + 1
        while True:
            if text[at : at + 1] != '"':
                raise SyntaxBreak(at)
            key, at = self.decode_value(at)
            if depth and _NUMBERED.fullmatch(key) and at - start < 2 * MAX_NESTED_LIST:
                end = self.walk_indexed_column(start, path)
                if end:
                    return end
            at = skip_space(text, at)
            if text[at : at + 1] != ":":
                raise SyntaxBreak(at)
            inner = f"{path}/{key}" if path else key
            at = skip_space(text, self.walk_value(skip_space(text, at + 1), inner, depth + 1))
            if text[at : at + 1] == "}":
                return at + 1
            if text[at : at + 1] != ",":
                raise SyntaxBreak(at)
            at = skip_space(text, at + 1)

    def walk_indexed_column(self, start: int, path: str) -> int:
        """Takes a column as pandas writes it, {"0": 3, "1": 2}, as a list; returns 0 for any other object."""
        text = self.text
        cells: list[Any] = []
        at = start + 1
        end = text.find("}", at)
        while at < end:
            cut = text.find(",", at + CHUNK_SIZE, end)
            cut = end if cut < 0 else cut
            part = try_decode(f"{{{text[at:cut]}}}")
            if not isinstance(part, dict) or not all(map(_NUMBERED.fullmatch, part)):
                return 0
            cells += map(plain_cell, part.values())
            at = cut + 1
        if not cells:
            return 0
        self.add_list(cells, path)
        return end + 1

    def walk_array(self, at: int, path: str) -> int:
        text = self.text
        first = skip_space(text, at + 1)
        letter = text[first : first + 1]
        if letter == "{":
            return self.walk_objects(first, path)
        if letter == "]":
            self.empty.append(path)
            return first + 1
        if letter == "[":
            return self.walk_objects(self.walk_rows(first, path), path)
        # A list of numbers has no bracket inside: it can be decoded in one call, to the break if there is one.
        end = text.find("]", at)
        if end < 0:
            end = text.rfind(",", at)
            values = try_decode(text[at:end] + "]") if end > at else None
            if isinstance(values, list):
                self.add_list(values, path)
            raise SyntaxBreak(len(text))
        values = try_decode(text[at : end + 1])
        end += 1
        if not isinstance(values, list):
            values, end = self.decode_value(at)
        if any(isinstance(value, dict) for value in values):
            records = self.record_list(path)
            for value in values:
                records.add(value)
        else:
            self.add_list(values, path)
        return end

    def add_list(self, values: list[Any], path: str) -> None:
        """Adds a list of numbers, unless it is one of words."""
        cells = values if PLAIN_TYPES.issuperset(map(type, values)) else list(map(plain_cell, values))
        sample = cells[:MAX_NESTED_LIST]
        if 2 * sum(isinstance(cell, str) and not _is_number_text(cell) for cell in sample) > len(sample):
            return  # words: the names of classes
        self.cells += len(cells)
        if self.cells <= MAX_CELLS:
            self.lists[path or "value"] = cells

    def record_list(self, path: str) -> RecordList:
        """The list of records at a path; one that is thrown away beyond 1,000 lists."""
        return self.records.setdefault(path, RecordList()) if len(self.records) < MAX_LISTS else RecordList()

    def walk_rows(self, at: int, path: str) -> int:
        """Takes lists inside a list, many at once; returns the place of the first that is to be taken alone."""
        records = self.record_list(path)
        while (cut := self.text.find("],", at + CHUNK_SIZE)) > 0:
            part = try_decode(f"[{self.text[at : cut + 1]}]")
            match = _BETWEEN.match(self.text, cut + 1)
            if not isinstance(part, list) or match is None:
                break
            for first in range(0, len(part), RECORDS_AT_ONCE):
                records.pending += part[first : first + RECORDS_AT_ONCE]
                records.flush()
            at = match.end()
        return at

    def walk_objects(self, at: int, path: str) -> int:
        """Takes the rest of a list of objects or lists, from the place of one of them on."""
        text = self.text
        records = self.record_list(path)
        index = 0
        deep = False
        while True:
            try:
                value, end = self.decode_value(at)
            except SyntaxBreak:
                if (part := complete_truncated(text[at : at + MAX_TRUNCATED])) is not None:
                    records.add(part)
                raise
            deep = _holds_run(value) if index == 0 else deep
            if deep and isinstance(value, dict):  # a list of runs, each with lists of its own
                self.walk_value(at, f"{path}/{_run_name(value, index)}".lstrip("/"), 1)
            else:
                records.add(value)
            index += 1
            match = _BETWEEN.match(text, end)
            if match:
                at = match.end()
                continue
            end = skip_space(text, end)
            if text[end : end + 1] == "]":
                return end + 1
            raise SyntaxBreak(end)

    def walk_concatenated(self, at: int) -> None:
        """Takes objects one after another, each over several lines, as one list of records."""
        self.scalars = {}
        records = self.record_list("")
        while at < len(self.text):
            value, at = self.decode_value(at)
            records.add(value)
            at = skip_space(self.text, at)
            if self.text[at : at + 1] == ",":
                at = skip_space(self.text, at + 1)


def _holds_run(record: Any) -> bool:
    """True for an object with lists of records or long lists of numbers: a whole run, not one record of it."""
    parts = list(record.values()) if isinstance(record, dict) else []
    parts += [inner for part in parts if isinstance(part, dict) for inner in part.values()]
    return any(isinstance(part, list) and (len(part) > MAX_NESTED_LIST or (len(part) > 1 and isinstance(part[0], dict)))
               for part in parts)  # fmt: skip


def _run_name(value: Any, index: int) -> str:
    """The name of a run in a list of runs, else its number."""
    names = (value.get(key) for key in ("name", "run", "id", "fold", "seed")) if isinstance(value, dict) else ()
    name = next((one for one in names if isinstance(one, str | float)), index + 1)
    return f"{name:.10g}" if isinstance(name, float) else str(name).replace("/", " ")


def _is_number_text(cell: str) -> bool:
    """True for the text of a number, and for an empty one."""
    try:
        float(cell)
    except ValueError:
        return not cell.strip()
    return True
