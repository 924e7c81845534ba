"""The columns of labels and scores: what is said where there are none."""

import re

import pytest

from core.tables import read_table
from core.tables.score_columns import guess_scores


def rows_of(label):
    return "label,score\n" + "".join(f"{label},{row / 64}\n" for row in range(40))


@pytest.mark.parametrize(("content", "sentence"), [
    (rows_of("1"), "label is 1 in every row; there must be rows of both classes"),
    (rows_of("yes"), "label is yes in every row; there must be rows of both classes"),
    ("a,b\n" + "".join(f"{i},{i * i}\n" for i in range(40)), "no column has 2 to 12 distinct values, as labels have"),
])  # fmt: skip
def test_a_table_without_two_classes_is_told_why(content, sentence):
    table = read_table("scores.csv", content.encode())
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        guess_scores(table)
