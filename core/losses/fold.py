"""Code on short lines, broken as a formatter breaks it."""

from __future__ import annotations

WIDTH = 58  # characters that a card of half the page shows without scrolling
OPERATORS = ((" + ", " - "), (" * ", " / "))  # the weakest first


def fold(statement: str, indent: str = "", width: int = WIDTH) -> list[str]:
    """The lines of a statement, its longest brackets broken over several lines where it is too long for one.

    A line is longer than `width` only where it has no brackets to open. A statement that begins with spaces keeps them.
    """
    indent += statement[: len(statement) - len(statement.lstrip())]
    statement = statement.lstrip()
    start, end = longest_brackets(statement)
    if len(indent + statement) <= width or start == end or statement.startswith("#"):
        return [indent + statement]
    return [
        indent + statement[: start + 1],
        *inner(statement[start + 1 : end], indent + "    ", width),
        indent + statement[end:],
    ]


def inner(body: str, indent: str, width: int) -> list[str]:
    """The lines of the text inside brackets: one line, or a line for each argument, or for each term."""
    if len(indent + body) <= width:
        return [indent + body]
    arguments = split_after(body, (", ",))
    if len(arguments) > 1:
        return [line for piece in arguments for line in fold(piece.removesuffix(", ") + ",", indent, width)]
    for operators in OPERATORS:
        first, *others = split_after(body, operators)
        if others:
            terms = [first, *others]
            signs = ["", *(piece[-2:] for piece in terms[:-1])]  # an operator begins the line of what follows it
            return [
                line
                for sign, term in zip(signs, terms, strict=True)
                for line in fold(sign + (term if term is terms[-1] else term[:-3]), indent, width)
            ]
    return fold(body, indent, width)


def split_after(text: str, separators: tuple[str, ...]) -> list[str]:
    """The text split after each separator outside brackets; a piece ends with its separator."""
    pieces, begin = [], 0
    for at, level in enumerate(levels(text)):
        if level == 0 and at >= begin:
            for separator in separators:
                if text.startswith(separator, at):
                    pieces.append(text[begin : at + len(separator)])
                    begin = at + len(separator)
    return [*pieces, text[begin:]]


def levels(text: str) -> list[int]:
    """The depth of brackets at each character; a bracket counts as inside itself."""
    found, level = [], 0
    for letter in text:
        level += letter in "(["
        found.append(level)
        level -= letter in ")]"
    return found


def longest_brackets(text: str) -> tuple[int, int]:
    """The places of the outermost brackets with the longest content; (0, 0) if there are none."""
    longest, start = (0, 0), 0
    for at, level in enumerate(levels(text)):
        if level == 1 and text[at] in "([":
            start = at
        elif level == 1 and text[at] in ")]" and at - start > max(1, longest[1] - longest[0]):
            longest = start, at
    return longest
