"""A person's own table: the place to drop it, what was read, and its picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core import apart
from core.logs.names.words import printable
from core.stage import Stage
from core.stage.parameters import OWN, OneOf
from core.tables import DataTable, read_table
from core.tables.kind import guess_kind
from core.tables.prediction_columns import predictions_of
from core.tables.score_columns import scored_classes_of, scored_of
from core.ui.address import as_sentence, link_words, plain_text, write_to_address
from core.ui.choose import pick
from core.ui.own_columns import columns_text, label_column, model_columns, prediction_columns, score_columns
from core.ui.own_models import forget_models, show_models
from core.ui.own_stage import PackedStage, mount_own, save_buttons
from core.ui.reading import run_with_progress
from core.ui.runtime import drop_content
from core.ui.stage import choose_and_show
from core.views.kit.view import Preset
from core.views.your_data.classes import classes_stage
from core.views.your_data.scores import scores_stage
from core.views.your_data.views import KINDS, PREDICTION_PICTURES, PREDICTIONS_SHOWN, predictions

# Keys of the session; of the last two, how many files were cancelled, and the name of the last one.
TABLE, HELD, SHOWN, GUESS = (f"own.table{end}" for end in ("", ".held", ".shown", ".kind"))
CANCELS, CANCELLED = "own.table.cancels", "own.table.cancelled"
KIND, DATA = "kind", "data"  # words of the address: what a table holds; and that it is a person's own
WHAT = (
    "A row for each example: its true number or label, and a column for each model or feature. CSV, TSV, JSON or "
    "Parquet, up to 50 MB and a million rows."
)
PRIVATE = (
    "A file that you drop stays in this server's memory while this page is open. It is stored nowhere, and no other "
    "visitor can see it."
)
FILE_GONE = (
    "The file of this link was in this server's memory for one visit only, and is gone. Drop it again to go on; until "
    "then an example is shown."
)
COMPUTED = "The losses of every row are being computed ..."
TOO_LARGE = "The server had too little memory to read the file; try a smaller one."
SAVED = (
    "HTML: this picture with its sliders, in one file that works without a server. CSV: {table}, where the sliders "
    "start. Both name your columns, as the file does."
)
SAVED_TABLES = {  # by the kind, and by what is shown of it
    "numbers_models": "every loss of each model",
    "numbers_rows": "the share of each loss that the worst rows make",
    "numbers_bias": "each loss over what is added to all predictions",
    "numbers_means": "the cost of each model over the threshold",
    "numbers_quantiles": "the cost of each model over the threshold",
    "scores": "the counts, metrics and cost of each model over the threshold",
    "classes": "the counts and metrics of each class",
}
PICKERS: Mapping[str, Callable[[DataTable, str], Any]] = {
    "numbers": prediction_columns,
    "scores": score_columns,
    "classes": label_column,
    "table": model_columns,
}
READERS: Mapping[str, Callable[[DataTable, Any], tuple[Any, int]]] = {
    "numbers": predictions_of,
    "scores": scored_of,
    "classes": scored_classes_of,
}


def place_to_drop() -> None:
    """The place where a table is dropped: `read_dropped` reads it. Streamlit forgets its file when the page is left."""
    held = uploader() in st.session_state and st.session_state.get(HELD)  # a file, until now
    file = st.file_uploader("Your file", key=uploader(), help=WHAT, label_visibility="collapsed")
    if file is None and held:
        remove_table()  # it was removed in the uploader
    st.session_state[HELD] = file is not None
    if file is None and (kept := st.session_state.get(TABLE)):
        st.button(f"Remove {plain_text(kept[1].name)}", icon=":material/close:", on_click=remove_table)


def remove_table() -> None:
    """Lets go of the table that was dropped."""
    st.session_state[TABLE] = None


def of_examples(presets: Mapping[str, Preset]) -> Mapping[str, Preset]:
    """The presets, which are about the examples; none where a file takes their place."""
    own = st.session_state.get(TABLE) or isinstance(st.session_state.get(uploader()), UploadedFile)
    return {} if own else presets


def uploader() -> str:
    """The key of the place to drop a file: another one after each that was cancelled, and so an empty one."""
    return f"own.table.file.{st.session_state.setdefault(CANCELS, 0)}"


def read_dropped() -> None:
    """Reads the dropped file once; its table is kept in the session until it is removed. Shows how far it is."""
    kept: tuple[str, DataTable] | None = st.session_state.get(TABLE)
    file = st.session_state.get(uploader())
    if name := st.session_state.pop(CANCELLED, ""):
        st.caption(f"{plain_text(name)} was cancelled; nothing of it is kept.")
    if not isinstance(file, UploadedFile) or (kept and kept[0] == file.file_id):
        return

    def cancelled() -> None:
        drop_content(file)
        cancel(file.name, kept)

    try:
        text = f"{plain_text(file.name)} is being read"
        table = run_with_progress(text, cancelled, read_table, file.name, file.getvalue(), reports=True)
    except apart.ProcessEnded:
        table = DataTable(printable(file.name), "", notes=(TOO_LARGE,))
    drop_content(file)
    st.session_state[TABLE] = file.file_id, table
    st.session_state[GUESS] = st.session_state[f"view.{KIND}"] = guess_kind(table)


def cancel(name: str, kept: tuple[str, DataTable] | None = None) -> None:
    """Leaves a file of this name before it has a picture; `kept` is the table in its place."""
    st.session_state[TABLE], st.session_state[CANCELLED] = kept, name
    st.session_state[CANCELS] += 1


def own_data(scenes: Mapping[str, Preset]) -> None:
    """A picture of how well each model does that has a column in the dropped table, or in an example.

    scenes: the presets of the page.
    """
    found = table_of_session()
    forget_models("" if found is None else found[0])
    words = link_words() or {}
    own = words.get(DATA) == OWN
    if own:
        del words[DATA]
    if found is None:
        if own:
            st.caption(FILE_GONE)
        choose_and_show(KINDS, by=KIND, scenes=scenes)
        if own:
            words.clear()  # those of the file's columns
        return
    write_to_address(DATA, OWN)
    upload, table = found
    with st.container(key="file", horizontal=True, gap="small"):
        file, columns = st.container(), st.popover("Columns", width="content")
    # In a container of its own they wrap on a phone, where the pickers of other pages scroll.
    with st.container(key="own-pickers"), st.container(key="pickers", horizontal=True, gap="small"):
        names = {key: view.name for key, view in KINDS.items()}
        param = OneOf(name=KIND, label=KIND.capitalize(), options=names, default=st.session_state[GUESS])
        kind = pick(param, prefix="view")
        shown = pick(PREDICTIONS_SHOWN, prefix=predictions.state) if kind == "numbers" else ""
    try:
        with columns:
            chosen = PICKERS[kind](table, upload)
    except ValueError as error:
        with file:
            describe(table)
        st.error(as_sentence(error))
        return
    with file:
        describe(table, columns_text(table, chosen))
    try:
        if kind == "table":
            show_models(table, upload, chosen, KIND)
        else:
            show_own(table, (upload, kind, shown, chosen))
    except ValueError as error:
        st.error(as_sentence(error))


def show_own(table: DataTable, choice: tuple[str, str, str, Any]) -> None:
    """The picture of a choice: the upload, the kind, what is shown and the columns.

    It is made once for each choice, where it holds up nobody else. Raises ValueError, a sentence, where nothing can be
    computed of these columns.
    """
    upload, kind, shown, chosen = choice
    before = st.session_state.get(SHOWN, ((None,),))[0]
    if before != choice:
        st.session_state.pop(SHOWN, None)
        numbers, left_out = READERS[kind](table, chosen)
        cancelled = partial(cancel, table.name) if before[0] != upload else None  # of the first picture of a file
        packed = run_with_progress(COMPUTED, cancelled, packed_stage, kind, shown, numbers)
        st.session_state[SHOWN] = choice, packed, left_out
    _, packed, left_out = st.session_state[SHOWN]
    name = f"{kind}_{shown}".rstrip("_")
    mount_own(packed, f"own_{name}")
    if left_out:
        st.caption(f"{left_out:,} of {len(table):,} rows are left out: something is missing in them.")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        save_buttons(lambda: stage_of(kind, shown, READERS[kind](table, chosen)[0]), f"own_{name}")
        st.caption(SAVED.format(table=SAVED_TABLES[name]), width="stretch")


def stage_of(kind: str, shown: str, numbers: Any) -> Stage:
    """The stage of a kind of data."""
    if kind == "numbers":
        return PREDICTION_PICTURES[shown](numbers).stage({})
    return scores_stage(numbers) if kind == "scores" else classes_stage(numbers)


def packed_stage(kind: str, shown: str, numbers: Any) -> PackedStage:
    """The same as it goes to the browser."""
    return PackedStage.of(stage_of(kind, shown, numbers))


def table_of_session() -> tuple[str, DataTable] | None:
    """The dropped table with the id of its upload; None before one is dropped, and where it holds no numbers.

    Says why where nothing could be read.
    """
    found: tuple[str, DataTable] | None = st.session_state.get(TABLE)
    if found is None:
        st.caption(f"{WHAT} {PRIVATE}")
        return None
    table = found[1]
    if not table.numbers:
        reason = " ".join(table.notes[:1]) or "No column of it holds numbers."
        st.error(f"{plain_text(table.name)}: {plain_text(reason)}.")
        return None
    return found


def describe(table: DataTable, taken_as: str = "") -> None:
    """Says what was read of a dropped table, and what its columns were taken as."""
    rows = "1 row" if len(table) == 1 else f"{len(table):,} rows"
    columns = "1 column" if len(table.columns) == 1 else f"{len(table.columns)} columns"
    title = f"{plain_text(table.name)}: {table.format}, {rows}, {columns}. {plain_text(taken_as)}"
    with st.expander(title, expanded=bool(table.notes), width="stretch"):
        for note in table.notes:
            st.text(note)
        st.text(f"Numbers: {', '.join(table.numbers)}. Text: {', '.join(table.texts) or 'none'}.")
        st.caption(PRIVATE)
