"""The columns of a person's own table: the recognised ones, until a person picks others.

The address holds the place of a column, not its name: nothing of a file stands in an address.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.tables import DataTable
from core.tables.model_columns import ModelColumns, feature_columns, guess_target, target_columns, usual_columns
from core.tables.prediction_columns import MOST_MODELS, PredictionColumns, guess_columns
from core.tables.score_columns import ScoreColumns, guess_scores, label_columns, usual_positive
from core.ui.address import choice_value, write_to_address

NONE = "(none)"
MOST_NAMED = 5  # columns


def prediction_columns(table: DataTable, upload: str) -> PredictionColumns:
    """Pickers of the truth, the predictions and the time."""
    guess, names = guess_columns(table), list(table.numbers)
    truth = pick_column("truth", "Truth", names, guess.truth or names[0], upload)
    others = [name for name in names if name != truth]
    models = pick_columns("models", "Predictions", others, guess.models, upload)
    time = pick_column("time", "Time, across the worst rows", [NONE, *others], guess.time or NONE, upload)
    return PredictionColumns(truth, tuple(models), "" if time == NONE else time)


def score_columns(table: DataTable, upload: str) -> ScoreColumns:
    """Pickers of the labels, the positive one, the scores, amounts and weights. ValueError where no labels are."""
    guess, labels = guess_scores(table), label_columns(table)
    label = label_column(table, upload)
    usual = guess.positive if label == guess.label else usual_positive(table, label, labels[label])
    positive = pick_column("positive", "Positive", labels[label], usual, upload)
    names = [name for name in table.numbers if name != label]
    models = pick_columns("scores", "Scores", names, guess.models, upload)
    rest = [NONE, *(name for name in names if name not in models)]
    amount = pick_column("amount", "Amount that a false negative costs", rest, guess.amount or NONE, upload)
    weight = pick_column("weight", "Weight of a row", rest, guess.weight or NONE, upload)
    return ScoreColumns(label, positive, tuple(models), *("" if one == NONE else one for one in (amount, weight)))


def model_columns(table: DataTable, upload: str) -> ModelColumns:
    """Pickers of the target and of its features. ValueError where a model has nothing to learn from."""
    guess, targets = guess_target(table), target_columns(table)
    target = pick_column("target", "Target", list(targets), guess.target, upload)
    usual = usual_columns(table, target, targets[target])
    names = feature_columns(table, target)
    if not targets[target]:
        return ModelColumns(target, None, (pick_column("feature", "Feature", names, usual.features[0], upload),))
    positive = pick_column("positive", "Positive", targets[target], usual.positive or "", upload)
    first = pick_column("feature", "First feature", names, usual.features[0], upload)
    others = [name for name in names if name != first]
    second = pick_column("second", "Second feature", others, usual.features[1], upload)
    return ModelColumns(target, positive, (first, second))


def columns_text(table: DataTable, chosen: PredictionColumns | ScoreColumns | ModelColumns | str) -> str:
    """What the columns were taken as, and which are not used. Of several classes, only the labels are known."""
    match chosen:
        case PredictionColumns(truth, models, time):
            roles = {"Truth": (truth,), "Predictions": models, "Time": (time,)}
        case ScoreColumns(label, positive, models, amount, weight):
            roles = {f"Labels ({positive} is positive)": (label,), "Scores": models, "Amount": (amount,)}
            roles["Each row counts as often as"] = (weight,)
        case ModelColumns(target, _, features):
            roles = {"Target": (target,), "Features": features}
        case label:
            return f"Labels: {label}."
    used = {name for names in roles.values() for name in names}
    roles["Not used"] = tuple(name for name in table.columns if name not in used)
    return " ".join(f"{role}: {some(names)}." for role, names in roles.items() if any(names))


def some(names: Sequence[str]) -> str:
    """The first of these names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def label_column(table: DataTable, upload: str) -> str:
    """The picker of the labels. ValueError, a sentence, where no column may hold some."""
    return pick_column("label", "Labels", list(label_columns(table)), guess_scores(table).label, upload)


def pick_column(word: str, label: str, options: Sequence[str], usual: str, upload: str) -> str:
    """A picker of one column."""
    usual = usual if usual in options else options[0]
    key = kept_choice(word, options, upload)
    if st.session_state.get(key) not in options:
        st.session_state[key] = usual
    picked = st.selectbox(label, options, key=key)
    if picked != usual:
        write_to_address(word, str(options.index(picked)))
    return picked


def pick_columns(word: str, label: str, options: Sequence[str], usual: Sequence[str], upload: str) -> list[str]:
    """A picker of some columns."""
    usual = [name for name in usual if name in options]
    key = kept_choice(word, options, upload, several=True)
    before = st.session_state.get(key)
    if before is None or not set(before) <= set(options):
        st.session_state[key] = usual
    picked = st.multiselect(label, options, key=key, max_selections=MOST_MODELS)
    if picked != usual:
        write_to_address(word, ",".join(str(options.index(name)) for name in picked))
    return picked


def kept_choice(word: str, options: Sequence[str], upload: str, *, several: bool = False) -> str:
    """The key of the session under which a choice of an upload is kept; a new address is read into it."""
    key, text = f"own.{upload}.{word}", f"own.{word}.link"
    before = st.session_state.get(text)
    asked = choice_value(word, text, "", str)
    if asked and asked != before:
        places = {str(place): name for place, name in enumerate(options)}
        if names := [places[place] for place in asked.split(",") if place in places]:
            st.session_state[key] = names if several else names[0]
    return key
