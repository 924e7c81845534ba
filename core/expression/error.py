"""What is wrong with a typed formula, and where."""

from __future__ import annotations


class ExpressionError(ValueError):
    """A formula that cannot be read: a sentence for the person who typed it, and the place of the mistake.

    `position` counts the characters of the text as it was typed, from 1; the place after the last one is allowed.
    """

    def __init__(self, sentence: str, position: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.position = position

    def __reduce__(self) -> tuple[type[ExpressionError], tuple[str, int]]:
        return type(self), (self.sentence, self.position)
