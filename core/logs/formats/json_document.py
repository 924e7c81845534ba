"""The table of one JSON document: of the list in it that is most likely the log."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from core.logs.formats.decode import Unreadable
from core.logs.formats.json_lists import DOCUMENT, is_loss_name, merge_xy_lists, table_of_lists
from core.logs.formats.json_records import RecordList
from core.logs.formats.json_walker import DocumentWalker
from core.logs.names.words import enumeration, printable
from core.logs.tables.table import Table

HUGGING_FACE, CATBOOST = "Hugging Face trainer_state.json", "CatBoost catboost_training.json"
_COUNT_AND_NAME = re.compile(r"(?:[^/]+/)?(?:(epoch|step|iter|iteration)[ _-]?)?(\d{1,15})/(.+)", re.IGNORECASE)


def read_document(text: str, start: int) -> tuple[str, Table] | None:
    """The format and the table of the JSON document that begins at `start`; None for what is no JSON.

        {"log_history": [{"epoch": 1.0, "loss": 0.9, "step": 10}, {"epoch": 1.0, "eval_loss": 0.8, "step": 10}]}
        {"loss": [0.9, 0.7], "val_loss": [0.8, 0.75]}

    Raises Unreadable for a document that only sums up a run, RecursionError for one that is nested too deeply.
    """
    document = DocumentWalker(text)
    notes = document.walk(start)
    return None if notes is None else _most_likely_table(document, notes)


def _most_likely_table(document: DocumentWalker, notes: list[str]) -> tuple[str, Table]:
    """Hugging Face's log_history, else the longest list with a loss in it, else the single values of the document."""
    paths = [*document.records, *document.empty]
    history = next((path for path in paths if path.rpartition("/")[2] == "log_history"), None)
    if history is not None:
        if history not in document.records or not document.records[history].count:
            raise Unreadable(_explain_empty_history(document.scalars))
        return HUGGING_FACE, document.records[history].table(notes)
    records = {path: one for path, one in document.records.items() if one.has_cells}
    lists = merge_xy_lists({path: cells for path, cells in document.lists.items() if cells})
    if not records and not lists:
        if _is_run_summary(document.scalars):
            raise Unreadable("The file is only the summary of a run, one number for each quantity; drop its "
                             "trainer_state.json instead.")  # fmt: skip
        alone = RecordList()
        for record in _records_by_count(document.scalars) or [document.scalars]:
            alone.add(record)
        alone.flush()
        return DOCUMENT, (document.records.get("") or alone).table(notes)
    tables = {path: one.table([]) for path, one in records.items()}
    path = max(tables, key=lambda path: _evidence(tables[path]), default=None)
    longest = max(map(len, lists.values()), default=0)
    if path is not None and lists:
        named = any(map(is_loss_name, lists))
        if (named, longest) > _evidence(tables[path]):
            path = None
    others = [f"{other} ({records[other].count} records)" for other, table in tables.items()
              if other != path and table.curve_names and records[other].count > 1]  # fmt: skip
    if path is None:
        kind, table = table_of_lists(lists, notes)
    else:
        others += [f"{other} ({len(cells)} numbers)" for other, cells in lists.items() if len(cells) > 1]
        kind, table = DOCUMENT, records[path].table(notes)
        if path.endswith("iterations") and (named_metrics := _catboost_names(document.records)):
            kind, table = CATBOOST, _rename_columns(table, named_metrics)
    if others:
        what = printable(enumeration(others))
        beside = "Beside these lists" if path is None else f"Beside {printable(path) or 'the records'}"
        note = f"{beside} the file has {what}; {'it is' if len(others) == 1 else 'they are'} left out."
        table = replace(table, notes=(*table.notes, note))
    return kind, table


def _evidence(table: Table) -> tuple[bool, int]:
    """How likely a list of records is the log: whether it names a loss, then how long it is."""
    return any(meaning.is_loss for meaning in table.meanings.values()), len(table.rows)


def _is_run_summary(scalars: dict[str, Any]) -> bool:
    """True for Hugging Face's all_results.json, train_results.json, eval_results.json."""
    ends = ("_runtime", "_samples_per_second", "_steps_per_second")
    return any(name.endswith(ends) or name == "total_flos" for name in scalars)


def _rename_columns(table: Table, names: dict[str, str]) -> Table:
    """The table with new `names` for some columns; as it is where two would have one name."""
    new = {old: printable(name) for old, name in names.items() if old in table.names}
    new = {old: name for old, name in new.items() if name not in table.names}
    if len(set(new.values())) < len(new):
        return table
    columns = {new.get(name, name): column for name, column in table.columns.items()}
    return replace(table, names=tuple(new.get(name, name) for name in table.names), columns=columns)


def _records_by_count(scalars: dict[str, Any]) -> list[dict[str, Any]]:
    """Records under their epoch or step, {"1": {"loss": 3}, "2": {"loss": 2}}; [] for anything else."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for path, value in scalars.items():
        match = _COUNT_AND_NAME.fullmatch(path)
        if match is not None:
            name = (match[1] or "epoch").lower()
            found.setdefault((name, match[2]), {name: float(match[2])})[match[3]] = value
    values = sum(len(record) - 1 for record in found.values())
    names = {name for name, _ in found}
    return list(found.values()) if len(found) > 1 and len(names) == 1 and 2 * values > len(scalars) else []


def _explain_empty_history(scalars: dict[str, Any]) -> str:
    """The sentence for a trainer_state.json whose log_history is empty."""
    every, steps = (scalars.get(key) for key in ("logging_steps", "global_step"))
    settings = [f"logging_steps {every:.10g}"] if isinstance(every, float) else []
    settings += [f"{steps:.10g} steps"] if isinstance(steps, float) else []
    why = f" ({', '.join(settings)})" if settings else ""
    return f"The run logged nothing{why}: its log_history is empty; train with smaller logging_steps."


def _catboost_names(lists: dict[str, RecordList]) -> dict[str, str]:
    """New names for CatBoost's columns: {"learn/0": "learn/Logloss"}."""
    names: dict[str, str] = {}
    for path, one in lists.items():
        part = path.rpartition("/")[2]
        named = [record.get("name") for record in one.first if isinstance(record, dict)]
        if part in ("learn_metrics", "test_metrics"):
            for split in ("learn", "test") if part == "learn_metrics" else ("test",):
                names |= {f"{split}/{at}": f"{split}/{name}" for at, name in enumerate(named)}
    return names
