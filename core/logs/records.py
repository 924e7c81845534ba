"""JSON into a table: a record a line, a list of records, or a list of numbers for each column.

A document is walked over, and each record becomes numbers as soon as it is decoded, by the standard library's decoder:
readers that take a whole document (json.loads, pandas.read_json) hold twenty times its size in memory, and pyarrow's
reads lines alone. So what stands before a break is read, too, without mending the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

import numpy as np

from core.logs.gather import MOST_CELLS, Gatherer
from core.logs.names import clean, listed, meaning
from core.logs.table import Column, Table
from core.logs.text import Unreadable, blocks

DEEPEST = 8  # objects inside objects
LONGEST = 16  # numbers in a list inside a record: a learning rate for each group of parameters, not a whole array
AT_ONCE = 2_000  # lines or records that become numbers at a time
MOST_LISTS = 1_000  # lists of records, and single values, that are looked at
MOST_PARTS = 50_000  # objects, lists and single values of a document outside its records
CHUNK = 2**18  # letters that are decoded at a time
MOST_BEGUN = 20_000  # letters of a record that breaks off
MOST_EPOCHS = 1_000  # a list of more numbers without a count is one number a step
FIRST_LINE = 2**20  # a longer line is a document, and no record of many

HUGGING_FACE, LINES, DOCUMENT = "Hugging Face trainer_state.json", "JSON Lines", "JSON"
CATBOOST, BOOSTING = "CatBoost catboost_training.json", "Boosting evals_result"
# A whole number of any length becomes a float: no limit on its digits can be met.
_DECODER = json.JSONDecoder(parse_int=float)
_SPACE = re.compile(r"\s*")
_BETWEEN = re.compile(r"\s*,\s*")
_NUMBERED = re.compile(r"\d+")
_COUNTED = re.compile(r"(?:[^/]+/)?(?:(epoch|step|iter|iteration)[ _-]?)?(\d{1,15})/(.+)", re.IGNORECASE)
_BOOSTING_SETS = re.compile(r"(?:(?:validation|valid|eval|test|train)_?\d*|training|learn|eval)/[^/]+")
_BOOSTING_METRICS = re.compile(
    r"(?:binary_|multi_|m)?(?:logloss|error)|rmse|rmsle|mae|mape|auc|aucpr|ndcg|map|l1|l2|huber|fair|poisson|gamma"
    r"|tweedie|quantile|cross_entropy|kullback_leibler|average_precision|auc_mu",
    re.IGNORECASE,
)


def read_json(text: str) -> tuple[str, Table] | None:
    """The kind of a JSON text and its table; None for what is no JSON.

    Raises Unreadable for one that is nested too deeply, holds too many values, or only sums up a run.
    """
    start = _after_space(text, 0)
    if text[start : start + 1] not in ("{", "["):
        return None
    if text.count(",") > MOST_CELLS:
        raise Unreadable("The JSON holds more than ten million values: too many for a log.")
    if text[start] == "{" and _in_lines(text):
        return _lines(text)
    document = _Document(text)
    try:
        return document.read(start)
    except RecursionError as error:
        raise Unreadable("The JSON is nested too deeply to be read.") from error


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _in_lines(text: str) -> bool:
    """True for a text of which most lines are objects of their own."""
    first = list(islice((line for line in chain.from_iterable(blocks(text)) if line.strip()), 10))
    if len(first) < 2 or len(first[0]) > FIRST_LINE:
        return False
    objects = [isinstance(_parsed(line), dict) for line in first]
    return objects[0] or 2 * sum(objects) > len(first)


def _parsed(line: str) -> Any:
    try:
        return _DECODER.decode(line)
    except (json.JSONDecodeError, RecursionError):
        return None


def _lines(text: str) -> tuple[str, Table]:
    gatherer = Gatherer("Row")
    wrong: list[int] = []
    start = 1
    for block in blocks(text):
        if gatherer.full:
            break
        for first in range(0, len(block), AT_ONCE):
            lines = block[first : first + AT_ONCE]
            try:  # one call for all is three times as fast as one for each
                values = _DECODER.decode(f"[{','.join(lines)}]")
            except (json.JSONDecodeError, RecursionError):
                values = []
            if len(values) != len(lines):
                values = [_parsed(line) if line.strip() else None for line in lines]
            good = [at for at, value in enumerate(values) if isinstance(value, dict)]
            if len(good) < len(lines):
                wrong += [start + first + at for at, value in enumerate(values)
                          if not isinstance(value, dict) and lines[at].strip()]  # fmt: skip
            _gather(gatherer, np.array(good, dtype=np.int64) + (start + first), [values[at] for at in good])
        start += len(block)
    notes = []
    if len(wrong) == 1:
        notes = [f"Row {wrong[0]} is no JSON object; it is left out."]
    elif wrong:
        notes = [f"{len(wrong)} rows are no JSON objects, the first is row {wrong[0]}; they are left out."]
    return LINES, gatherer.table(notes)


@dataclass(eq=False)
class _Records:
    """A list of records on its way to a table; `first` are the first of them as they are."""

    gatherer: Gatherer = field(default_factory=lambda: Gatherer("Record"))
    waiting: list[Any] = field(default_factory=list)
    first: list[Any] = field(default_factory=list)
    count: int = 0
    wrong: list[int] = field(default_factory=list)

    def add(self, record: Any) -> None:
        self.waiting.append(record)
        if len(self.waiting) >= AT_ONCE:
            self.settle()

    def settle(self) -> None:
        records, self.waiting = self.waiting, []
        self.first += records[: LONGEST - len(self.first)]
        rows = np.arange(self.count + 1, self.count + len(records) + 1)
        self.count += len(records)
        if self.gatherer.full:
            return
        objects = np.fromiter((isinstance(record, dict) for record in records), bool, len(records))
        if objects.any():
            _gather(self.gatherer, rows[objects], [record for record in records if isinstance(record, dict)])
        if objects.all():
            return
        lengths = np.fromiter((len(one) if isinstance(one, list) else -1 for one in records), np.int64, len(records))
        self.wrong += rows[(lengths < 0) & ~objects].tolist()
        for length in np.unique(lengths[lengths >= 0]).tolist():
            same = [records[at] for at in np.flatnonzero(lengths == length).tolist()]
            names = _row_names(same[0])
            columns = (list(map(_cell, cells)) for cells in zip(*same, strict=True))
            self.gatherer.add(names, rows[lengths == length], columns)

    def table(self, notes: list[str]) -> Table:
        if self.wrong:
            one = f"Record {self.wrong[0]} is no object; it is"
            many = f"{len(self.wrong)} records are no objects, the first is record {self.wrong[0]}; they are"
            notes = [*notes, f"{one if len(self.wrong) == 1 else many} left out."]
        return self.gatherer.table(notes)


class _Full(Exception):
    """The document has too many parts for a log."""


class _Broken(Exception):
    """The text breaks off, or is no JSON, at a place."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class _Document:
    """One JSON document: its lists of records, its lists of numbers, its single values, each by its path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.records: dict[str, _Records] = {}
        self.lists: dict[str, list[Any]] = {}
        self.singles: dict[str, Any] = {}
        self.left_out: list[str] = []
        self.cells = self.parts = 0
        self.empty: list[str] = []

    def read(self, start: int) -> tuple[str, Table] | None:
        notes: list[str] = []
        try:
            end = self.value(start, "", 0)
            rest = _after_space(self.text, end)
            if rest < len(self.text):
                if self.text[rest] == "{" and self.text[start] == "{" and not (self.records or self.lists):
                    self.one_after_the_other(start)
                else:
                    row = self.text.count("\n", 0, end) + 1
                    notes.append(f"The JSON ends in row {row}; what comes after it is left out.")
        except _Broken as broken:
            row = self.text.count("\n", 0, broken.at) + 1
            notes.append(f"The JSON breaks off in row {row}; what comes before is read.")
            if not (self.lists or self.singles or any(one.count or one.waiting for one in self.records.values())):
                return None
        except _Full:
            notes.append(f"The JSON has more than {MOST_PARTS} parts; the first of them are read.")
        for one in self.records.values():
            one.settle()
        return self.result(notes)

    # The walk. Each method takes the place where a value begins, and returns the place behind it.

    def value(self, at: int, path: str, depth: int) -> int:
        letter = self.text[at : at + 1]
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise _Full
        if letter == "{" and depth < DEEPEST:
            return self.object(at, path, depth)
        if letter == "[" and depth < DEEPEST:
            return self.array(at, path)
        value, end = self.decoded(at)
        if depth >= DEEPEST and letter in ("{", "["):
            return end
        if len(self.singles) < MOST_PARTS:
            self.singles[path] = value
        return end

    def decoded(self, at: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise _Broken(error.pos) from None

    def object(self, at: int, path: str, depth: int) -> int:
        text = self.text
        start = at
        at = _after_space(text, at + 1)
        if text[at : at + 1] == "}":
            return at + 1
        while True:
            if text[at : at + 1] != '"':
                raise _Broken(at)
            key, at = self.decoded(at)
            if depth and _NUMBERED.fullmatch(key) and at - start < 2 * LONGEST:
                numbered = self.numbered(start, path)
                if numbered:
                    return numbered
            at = _after_space(text, at)
            if text[at : at + 1] != ":":
                raise _Broken(at)
            own = f"{path}/{key}" if path else key
            at = _after_space(text, self.value(_after_space(text, at + 1), own, depth + 1))
            if text[at : at + 1] == "}":
                return at + 1
            if text[at : at + 1] != ",":
                raise _Broken(at)
            at = _after_space(text, at + 1)

    def numbered(self, start: int, path: str) -> int:
        """What pandas makes of a column, {"0": 3, "1": 2}, as a list; 0 for what is none."""
        text = self.text
        cells: list[Any] = []
        at = start + 1
        end = text.find("}", at)
        while at < end:
            cut = text.find(",", at + CHUNK, end)
            cut = end if cut < 0 else cut
            part = _parsed(f"{{{text[at:cut]}}}")
            if not isinstance(part, dict) or not all(map(_NUMBERED.fullmatch, part)):
                return 0
            cells += map(_cell, part.values())
            at = cut + 1
        if not cells:
            return 0
        self.list_of(cells, path)
        return end + 1

    def array(self, at: int, path: str) -> int:
        text = self.text
        first = _after_space(text, at + 1)
        letter = text[first : first + 1]
        if letter == "{":
            return self.objects(first, path)
        if letter == "]":
            self.empty.append(path)
            return first + 1
        if letter == "[":
            return self.objects(self.rows(first, path), path)
        # A list of numbers has no bracket inside: it can be decoded in one call, to the break if there is one.
        end = text.find("]", at)
        if end < 0:
            end = text.rfind(",", at)
            values = _parsed(text[at:end] + "]") if end > at else None
            if isinstance(values, list):
                self.list_of(values, path)
            raise _Broken(len(text))
        values = _parsed(text[at : end + 1])
        end += 1
        if not isinstance(values, list):
            values, end = self.decoded(at)
        if any(isinstance(value, dict) for value in values):
            for value in values:
                self.records.setdefault(path, _Records()).add(value)
        else:
            self.list_of(values, path)
        return end

    def list_of(self, values: list[Any], path: str) -> None:
        cells = values if _PLAIN.issuperset(map(type, values)) else list(map(_cell, values))
        if sum(isinstance(cell, str) and not _is_number(cell) for cell in cells[:LONGEST]) * 2 > len(cells[:LONGEST]):
            return  # words: the names of classes
        self.cells += len(cells)
        if self.cells <= MOST_CELLS:
            self.lists[path or "value"] = cells

    def rows(self, at: int, path: str) -> int:
        """Takes lists inside a list, many at a time; the place of the first that is to be taken alone."""
        own = self.records.setdefault(path, _Records()) if len(self.records) < MOST_LISTS else _Records()
        while (cut := self.text.find("],", at + CHUNK)) > 0:
            part = _parsed(f"[{self.text[at : cut + 1]}]")
            match = _BETWEEN.match(self.text, cut + 1)
            if not isinstance(part, list) or match is None:
                break
            for first in range(0, len(part), AT_ONCE):
                own.waiting += part[first : first + AT_ONCE]
                own.settle()
            at = match.end()
        return at

    def objects(self, at: int, path: str) -> int:
        """A list of objects, or of lists, from the place of one of them on."""
        text = self.text
        own = self.records.setdefault(path, _Records()) if len(self.records) < MOST_LISTS else _Records()
        index = 0
        deep = False
        while True:
            try:
                value, end = self.decoded(at)
            except _Broken:
                if (part := _begun(text[at : at + MOST_BEGUN])) is not None:
                    own.add(part)
                raise
            deep = _holds_a_run(value) if index == 0 else deep
            if deep and isinstance(value, dict):  # a list of runs, each with lists of its own
                self.value(at, f"{path}/{_run_name(value, index)}".lstrip("/"), 1)
            else:
                own.add(value)
            index += 1
            match = _BETWEEN.match(text, end)
            if match:
                at = match.end()
                continue
            end = _after_space(text, end)
            if text[end : end + 1] == "]":
                return end + 1
            raise _Broken(end)

    def one_after_the_other(self, at: int) -> None:
        """Objects behind one another, each over several lines."""
        self.singles = {}
        own = self.records.setdefault("", _Records())
        while at < len(self.text):
            value, at = self.decoded(at)
            own.add(value)
            at = _after_space(self.text, at)
            if self.text[at : at + 1] == ",":
                at = _after_space(self.text, at + 1)

    # What was found, as one table.

    def result(self, notes: list[str]) -> tuple[str, Table]:
        paths = [*self.records, *self.empty]
        history = next((path for path in paths if path.rpartition("/")[2] == "log_history"), None)
        if history is not None:
            if history not in self.records or not self.records[history].count:
                raise Unreadable(self._nothing_logged())
            return HUGGING_FACE, self.records[history].table(notes)
        records = {path: one for path, one in self.records.items() if one.gatherer.cells or one.gatherer.waiting}
        lists = _against_x({path: cells for path, cells in self.lists.items() if cells})
        if not records and not lists:
            if _is_summary(self.singles):
                raise Unreadable("The file is only the summary of a run, one number for each quantity; drop its "
                                 "trainer_state.json instead.")  # fmt: skip
            alone = _Records()
            for record in _by_count(self.singles) or [self.singles]:
                alone.add(record)
            alone.settle()
            return DOCUMENT, (self.records.get("") or alone).table(notes)
        tables = {path: one.table([]) for path, one in records.items()}
        path = max(tables, key=lambda path: _worth(tables[path]), default=None)
        longest = max(map(len, lists.values()), default=0)
        if path is not None and lists:
            named = any(_is_loss(name) for name in lists)
            own = _worth(tables[path])
            if (named, longest) > own[:2]:
                path = None
        others = [f"{other} ({records[other].count} records)" for other, table in tables.items()
                  if other != path and table.curves and records[other].count > 1]  # fmt: skip
        if path is None:
            kind, table = self._of_lists(lists, notes)
        else:
            others += [f"{other} ({len(cells)} numbers)" for other, cells in lists.items() if len(cells) > 1]
            kind, table = DOCUMENT, records[path].table(notes)
            if path.endswith("iterations") and (named_metrics := self._metrics()):
                kind, table = CATBOOST, _renamed(table, named_metrics)
        if others:
            what = clean(listed(others))
            beside = "Beside these lists" if path is None else f"Beside {clean(path) or 'the records'}"
            note = f"{beside} the file has {what}; {'it is' if len(others) == 1 else 'they are'} left out."
            table = replace(table, notes=(*table.notes, note))
        return kind, table

    def _nothing_logged(self) -> str:
        every, steps = (self.singles.get(key) for key in ("logging_steps", "global_step"))
        said = [f"logging_steps {every:.10g}"] if isinstance(every, float) else []
        said += [f"{steps:.10g} steps"] if isinstance(steps, float) else []
        why = f" ({', '.join(said)})" if said else ""
        return f"The run logged nothing{why}: its log_history is empty; train with smaller logging_steps."

    def _metrics(self) -> dict[str, str]:
        """CatBoost's columns learn/0, test/0 by the names of their metrics."""
        names: dict[str, str] = {}
        for path, one in self.records.items():
            part = path.rpartition("/")[2]
            named = [record.get("name") for record in one.first if isinstance(record, dict)]
            if part in ("learn_metrics", "test_metrics"):
                for whose in ("learn", "test") if part == "learn_metrics" else ("test",):
                    names |= {f"{whose}/{at}": f"{whose}/{name}" for at, name in enumerate(named)}
        return names

    def _of_lists(self, lists: dict[str, list[Any]], notes: list[str]) -> tuple[str, Table]:
        gatherer = Gatherer("Record")
        longest = max(map(len, lists.values()))
        lengths = sorted({len(cells) for cells in lists.values()})
        boosting = all(_BOOSTING_SETS.fullmatch(name) for name in lists) and any(
            _BOOSTING_METRICS.fullmatch(name.rpartition("/")[2]) for name in lists
        )
        kind = BOOSTING if boosting else DOCUMENT
        spread = not notes and len(lengths) == 2 and lengths[0] > 1 and longest % lengths[0] == 0
        every = longest // lengths[0] if spread else 1
        table = None
        for name, cells in lists.items():
            step = every if len(cells) < longest else 1
            gatherer.add([name], np.arange(1, len(cells) + 1) * step, [cells])
        if spread:
            short = clean(listed([name for name, cells in lists.items() if len(cells) < longest]))
            notes = [*notes, f"{short}: {lengths[0]} numbers where the longest list has {longest}; they are taken for "
                             f"every {every}th place."]  # fmt: skip
        elif len(lengths) > 1:
            notes = [*notes, f"The lists have {lengths[0]} to {longest} numbers; the missing ones count as empty."]
        table = gatherer.table(notes)
        if longest < 2 or any(says.axis for says in table.meanings.values()):
            return kind, table
        rows = table.rows
        if boosting:
            name, values, where = "iteration", rows - 1.0, "iterations, counted from 0"
        elif longest <= MOST_EPOCHS and any(map(_is_loss, table.columns)):
            name, values, where = "epoch", rows.astype(float), "epochs, counted from 1"
        else:
            return kind, table
        note = f"The lists have no count of their own; their places are the {where}."
        columns = {name: Column(rows, values), **table.columns}
        return kind, replace(table, names=(name, *table.names), columns=columns, notes=(*table.notes, note))


def _renamed(table: Table, names: dict[str, str]) -> Table:
    own = {old: clean(new) for old, new in names.items() if old in table.names and clean(new) not in table.names}
    if len(set(own.values())) < len(own):
        return table
    columns = {own.get(name, name): column for name, column in table.columns.items()}
    return replace(table, names=tuple(own.get(name, name) for name in table.names), columns=columns)


def _by_count(singles: dict[str, Any]) -> list[dict[str, Any]]:
    """Records that stand under their epoch or step, {"1": {"loss": 3}, "2": {"loss": 2}}; [] for anything else."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for path, value in singles.items():
        match = _COUNTED.fullmatch(path)
        if match is not None:
            name = (match[1] or "epoch").lower()
            found.setdefault((name, match[2]), {name: float(match[2])})[match[3]] = value
    counted = sum(len(record) - 1 for record in found.values())
    names = {name for name, _ in found}
    return list(found.values()) if len(found) > 1 and len(names) == 1 and 2 * counted > len(singles) else []


def _against_x(lists: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Lists of x and y by the name of their curve, {"loss": {"train": {"x": [...], "y": [...]}}}, on one x.

    Any other lists as they are.
    """
    ends = {path: path.rpartition("/") for path in lists}
    curves = [above for above, _, last in ends.values() if last == "y" and f"{above}/x" in lists]
    if not curves:
        return lists
    own: dict[str, list[Any]] = {}
    rows: dict[Any, int] = {}
    for curve in curves:
        for x in lists[f"{curve}/x"]:
            rows.setdefault(x, len(rows))
    order = sorted(rows, key=lambda x: (not isinstance(x, float), x if isinstance(x, float) else 0.0))
    rows = {x: at for at, x in enumerate(order)}
    own["step"] = order
    for curve in curves:
        cells: list[Any] = [None] * len(order)
        for x, y in zip(lists[f"{curve}/x"], lists[f"{curve}/y"], strict=False):
            cells[rows[x]] = y
        own[curve or "value"] = cells
    taken = {f"{curve}/{last}" for curve in curves for last in "xy"}
    return own | {path: cells for path, cells in lists.items() if path not in taken and path != "step"}


def _is_loss(name: str) -> bool:
    return meaning(name).is_loss


def _worth(table: Table) -> tuple[bool, int]:
    """How likely a list of records is the log: it names a loss, then how long it is."""
    return any(says.is_loss for says in table.meanings.values()), len(table.rows)


def _is_summary(singles: dict[str, Any]) -> bool:
    """Hugging Face's all_results.json, train_results.json, eval_results.json."""
    ends = ("_runtime", "_samples_per_second", "_steps_per_second")
    return any(name.endswith(ends) or name == "total_flos" for name in singles)


def _holds_a_run(record: Any) -> bool:
    """True for an object that holds lists of records, or long lists of numbers: a run, and no record of one."""
    parts = list(record.values()) if isinstance(record, dict) else []
    parts += [inner for part in parts if isinstance(part, dict) for inner in part.values()]
    return any(isinstance(part, list) and (len(part) > LONGEST or (len(part) > 1 and isinstance(part[0], dict)))
               for part in parts)  # fmt: skip


def _run_name(value: Any, index: int) -> str:
    own = (value.get(key) for key in ("name", "run", "id", "fold", "seed")) if isinstance(value, dict) else ()
    found = next((one for one in own if isinstance(one, str | float)), index + 1)
    return f"{found:.10g}" if isinstance(found, float) else str(found).replace("/", " ")


def _begun(text: str) -> dict[str, Any] | None:
    """What is whole in an object that breaks off."""
    for _ in range(LONGEST):
        text = text.rpartition(",")[0]
        value = _parsed(text + "}") if text else None
        if isinstance(value, dict):
            return value
    return None


def _row_names(cells: list[Any]) -> list[str]:
    """Names for the cells of a list inside a list; of three with a time they are TensorBoard's."""
    if len(cells) == 3 and isinstance(cells[0], float) and 1e9 < cells[0] < 1e10:
        return ["wall time", "step", "value"]
    return [f"column {at}" for at in range(1, min(len(cells), 10 * LONGEST) + 1)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return not cell.strip()
    return True


def _gather(gatherer: Gatherer, rows: np.ndarray, records: list[dict[str, Any]]) -> None:
    """Hands on these records, those with the same keys at a time."""
    shapes: dict[tuple[str, ...], tuple[list[int], list[Any]]] = {}
    for at, record in enumerate(records):
        # The last record of a Hugging Face run sums it up: its train_loss is a mean over all steps, no point.
        if "train_runtime" in record:
            continue
        values = record.values()
        if not _PLAIN.issuperset(map(type, values)):
            record = dict(_leaves(record))
            values = record.values()
        same = shapes.setdefault(tuple(record), ([], []))
        same[0].append(at)
        same[1].append(values)
    for keys, (places, cells) in shapes.items():
        gatherer.add(keys, rows[places], zip(*cells, strict=True))


_PLAIN = frozenset({float, str, type(None)})


def _cell(value: Any) -> Any:
    """A number, a text or None as it is; true, false and what holds more become text, which is no number."""
    return value if type(value) in _PLAIN else str(value) if isinstance(value, bool) else "…"


def _leaves(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values of an object, in order; those of objects inside it are named "outer/inner".

    A short list is its numbers, named by their place.
    """
    waiting: list[tuple[str, Any, int]] = [("", record, 0)]
    while waiting:
        name, value, depth = waiting.pop()
        if isinstance(value, dict):
            if depth < DEEPEST:
                outer = f"{name}/" if depth else ""
                waiting += [(outer + key, part, depth + 1) for key, part in reversed(value.items())]
        elif isinstance(value, list):
            if len(value) <= LONGEST and depth < DEEPEST:
                waiting += [(f"{name}/{at}", value[at], depth + 1) for at in reversed(range(len(value)))]
        else:
            yield name, _cell(value)
