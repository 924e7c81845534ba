"""What a page says about the columns of a person's own table."""

import pytest

from core.tables import read_table
from core.tables.model_columns import guess_target, target_columns, usual_columns
from core.tables.prediction_columns import guess_columns
from core.tables.score_columns import guess_scores
from core.ui.own_columns import columns_text

ROWS = range(60)
SAME = "a".format


def table(**columns):
    lines = [",".join(columns), *(",".join(str(cell(row)) for cell in columns.values()) for row in ROWS)]
    return read_table("mine.csv", "\n".join(lines).encode())


def target_of(own):
    guess = guess_target(own)
    return usual_columns(own, guess.target, target_columns(own)[guess.target])


def spread(row):
    return row * 7 % 61 + 0.5


def day(row):
    return f"2024-01-{row % 28 + 1:02d}"


def weight(row):
    return row % 3 + 1


@pytest.mark.parametrize(
    ("columns", "choose", "text"),
    [
        (
            {"date": day, "actual": spread, "forecast": lambda row: spread(row) + 1, "weight": weight},
            guess_columns,
            "Truth: actual. Predictions: forecast. Time: date. Not used: weight.",
        ),
        (
            {"label": lambda row: row % 2, "score": lambda row: spread(row) / 62, "weight": weight, "note": SAME},
            guess_scores,
            "Labels (1 is positive): label. Scores: score. Each row counts as often as: weight. Not used: note.",
        ),
        (
            {"size": lambda row: row, "tip": spread, "smoker": SAME},
            target_of,
            "Target: tip. Features: size. Not used: smoker.",
        ),
    ],
)
def test_it_says_what_each_column_was_taken_as_and_which_are_not_used(columns, choose, text):
    own = table(**columns)
    assert columns_text(own, choose(own)) == text


def test_of_many_columns_the_first_few_are_named():
    own = table(truth=lambda row: row, pred=lambda row: row + 0.5, **{f"c{n}": SAME for n in range(9)})
    assert columns_text(own, guess_columns(own)).endswith("Not used: c0, c1, c2, c3, c4 and 4 more.")


def test_of_several_classes_the_labels_are_named():
    assert columns_text(table(kind=SAME), "kind") == "Labels: kind."
