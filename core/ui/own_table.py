"""A person's own table: the place to drop it, what was read, and the choice of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Semaphore

import streamlit as st

from core import apart
from core.evaluation.predictions import Predictions
from core.stage import Stage
from core.tables import DataTable, read_table
from core.tables.roles import MOST_MODELS, PredictionColumns, guess_columns, predictions_of
from core.ui.address import choice_value, plain_text, write_to_address
from core.ui.choose import pick
from core.ui.own_stage import PackedStage, mount_own, save_buttons
from core.ui.stage import choose_and_show
from core.views.your_data.presets import PRESETS
from core.views.your_data.views import PREDICTION_PICTURES, PREDICTIONS_SHOWN, predictions

TABLE, TABLE_FILE, HELD, SHOWN = (
    "own.table",
    "own.table.file",
    "own.table.held",
    "own.table.shown",
)  # keys of the session
READING = Semaphore(2)  # files at a time: one of 50 MB takes seconds, and some hundred MB
NONE = "(none)"
WHAT = (
    "A row for each example, a column with the true number, and one for each model's prediction. CSV, TSV, JSON or "
    "Parquet, up to 50 MB and a million rows."
)
PRIVATE = (
    "A file that you drop stays in this server's memory while this page is open. It is stored nowhere, and no other "
    "visitor can see it."
)


def place_to_drop() -> None:
    """The place where a table is dropped. It is read once, and kept in the session until it is removed.

    Streamlit forgets what an uploader holds when its page is left.
    """
    kept: tuple[str, DataTable] | None = st.session_state.get(TABLE)
    held = TABLE_FILE in st.session_state and st.session_state.get(HELD)  # by the uploader, until now
    file = st.file_uploader("Your file", key=TABLE_FILE, help=WHAT, label_visibility="collapsed")
    if file is None and held:
        kept = None  # it was removed in the uploader
    elif file is not None and (kept is None or kept[0] != file.file_id):
        with READING, st.spinner("The file is being read ..."):
            kept = (file.file_id, apart.run(read_table, file.name, file.getvalue()))
    st.session_state[HELD] = file is not None
    st.session_state[TABLE] = kept


def table_of_session() -> tuple[str, DataTable] | None:
    """The dropped table with the id of its upload; None before one is dropped, and where it holds no numbers.

    Says what was read, and why where nothing could be.
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
    describe(table)
    return found


def own_predictions() -> None:
    """A picture of how well each model does that has a column in the dropped table, or in an example."""
    found = table_of_session()
    if found is None:
        choose_and_show(predictions, scenes=PRESETS)
        return
    upload, table = found
    with st.container(key="pickers", horizontal=True, gap="small"):
        shown = pick(PREDICTIONS_SHOWN, prefix=predictions.state)
        chosen = picked_columns(table, upload)
    key = (upload, shown, chosen)
    if st.session_state.get(SHOWN, ((),))[0] != key:
        st.session_state.pop(SHOWN, None)
        try:
            own, left_out = predictions_of(table, chosen)
        except ValueError as error:
            st.error(f"{plain_text(str(error)).capitalize()}.")
            return
        with st.spinner("The losses of every row are being computed ..."):
            st.session_state[SHOWN] = (key, apart.run(packed_picture, shown, own), left_out)
    _, packed, left_out = st.session_state[SHOWN]
    mount_own(packed, f"own_{shown}")
    with st.container(horizontal=True, gap="small"):
        if left_out:
            st.caption(f"{left_out:,} of {len(table):,} rows are left out: a number is missing in them.")
        save_buttons(lambda: picture_of(shown, predictions_of(table, chosen)[0]), f"own_{shown}")


def picture_of(shown: str, own: Predictions) -> Stage:
    """The stage of a person's predictions, by what it shows."""
    return PREDICTION_PICTURES[shown](own).stage({})


def packed_picture(shown: str, own: Predictions) -> PackedStage:
    """The same as it goes to the browser."""
    return PackedStage.of(picture_of(shown, own))


def describe(table: DataTable) -> None:
    """Says what was read of a dropped table, and offers to remove it where the uploader no longer holds it."""
    title = f"{plain_text(table.name)}: {table.format}, {len(table):,} rows, {len(table.columns)} columns"
    with st.expander(title, expanded=bool(table.notes)):
        for note in table.notes:
            st.text(note)
        st.text(f"Numbers: {', '.join(table.numbers)}. Text: {', '.join(table.texts) or 'none'}.")
        st.caption(PRIVATE)
        if not st.session_state[HELD] and st.button("Remove this file"):
            st.session_state[TABLE] = None
            st.rerun()


def picked_columns(table: DataTable, origin: str) -> PredictionColumns:
    """The columns with the truth, the predictions and the time: the recognised ones, until a person picks others."""
    guess, names = guess_columns(table), list(table.numbers)
    corner = st.container(width="content", gap="xxsmall")
    corner.caption("Columns")  # on the line of the other labels
    with corner.popover(f"{len(guess.models)} recognised", width="content"):
        truth = pick_column("truth", "Truth", names, guess.truth or names[0], origin)
        others = [name for name in names if name != truth]
        models = pick_columns("models", "Predictions", others, guess.models, origin)
        time = pick_column("time", "Time, across the worst rows", [NONE, *others], guess.time or NONE, origin)
    return PredictionColumns(truth, tuple(models), "" if time == NONE else time)


def pick_column(word: str, label: str, options: Sequence[str], usual: str, origin: str) -> str:
    """A picker of one column. The address holds its place, not its name: nothing of a file stands in an address."""
    key = kept_choice(word, origin, {str(place): name for place, name in enumerate(options)})
    if st.session_state.get(key) not in options:
        st.session_state[key] = usual
    picked = st.selectbox(label, options, key=key)
    if picked != usual:
        write_to_address(word, str(options.index(picked)))
    return picked


def pick_columns(word: str, label: str, options: Sequence[str], usual: Sequence[str], origin: str) -> list[str]:
    """A picker of some columns, as `pick_column`."""
    places = {str(place): name for place, name in enumerate(options)}
    key = kept_choice(word, origin, places, several=True)
    before = st.session_state.get(key)
    if before is None or not set(before) <= set(options):
        st.session_state[key] = [name for name in usual if name in options] or list(options[:1])
    picked = st.multiselect(label, options, key=key, max_selections=MOST_MODELS)
    if picked != [name for name in usual if name in options]:
        write_to_address(word, ",".join(str(options.index(name)) for name in picked))
    return picked


def kept_choice(word: str, origin: str, places: Mapping[str, str], *, several: bool = False) -> str:
    """The key of the session under which a choice of columns of a file is kept; a new address is read into it."""
    key, text = f"own.{origin}.{word}", f"own.{word}.link"
    before = st.session_state.get(text)
    asked = choice_value(word, text, "", str)
    if asked and asked != before:
        names = [places[place] for place in asked.split(",") if place in places]
        if names:
            st.session_state[key] = names if several else names[0]
    return key
