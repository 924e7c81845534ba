"""Markdown as HTML, its formulas as MathML. Slots stay, to be filled in by the browser."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

# LaTeX that the converter does not know, or makes an operator with spaces around it of; and what it knows.
KNOWN = {
    "{aligned}": "{split}",
    r"\arg": r"\operatorname{arg}",
    r"\lvert": r"\left|",
    r"\rvert": r"\right|",
    r"\lVert": r"\left\Vert",
    r"\rVert": r"\right\Vert",
}
WORD = re.compile(r"\\mathrm\{(\w{2,})\}")
# Where a function's name, such as log, stands beside what is no bracket: the converter leaves no space there.
BEFORE_NAME = re.compile(r"(?<=</mn>|</mi>)(?=<mi>[a-z]{2,}</mi>)|(?<=</msup>|</msub>)(?=<mi>[a-z]{2,}</mi>)")
AFTER_NAME = re.compile(r"(?<!<msup>)(?<!<msub>)(<mi>[a-z]{2,}</mi>)(?=<m(?!o|space))")
MARKS = re.compile(r"[^\w .,:;()/%–−]")  # what Markdown could act on
WIDE_SPACE = re.compile(r"(?<=[,:])\s*\\q?quad\s+")  # between formulas that stand in one line
SPACE = '<mspace width="0.167em" />'
NUMBER = 71_000_000  # in a formula a slot is converted as a number from here: it stays whole, and is found again


@lru_cache(maxsize=2048)  # of some hundred bytes: the advice on a record is in every picture of it
def html(markdown: str, slots: tuple[str, ...] = ()) -> str:
    """The Markdown as HTML. A {slot} of these names stays as it is, in a formula too.

    HTML in the Markdown is shown as text.
    """
    return str(PARSER.render(markdown, {"slots": slots}))


@lru_cache(maxsize=4096)
def inline(markdown: str, slots: tuple[str, ...] = ()) -> str:
    """One line of Markdown as HTML that can stand in a sentence."""
    if not MARKS.search(markdown):  # most are numbers
        return escape(markdown)
    return str(PARSER.renderInline(markdown, {"slots": slots}))


@lru_cache(maxsize=4096)
def mathml(latex: str, slots: tuple[str, ...] = (), *, block: bool = False) -> str:
    """A formula as a MathML element. A {slot} of these names stays."""
    for unknown, known in KNOWN.items():
        latex = latex.replace(unknown, known)
    latex = WORD.sub(r"\\text{\1}", latex)
    for number, slot in enumerate(slots):
        latex = latex.replace(f"{{{slot}}}", f"{{{NUMBER + number}}}")
    found = str(convert(latex, display="block" if block else "inline"))
    found = AFTER_NAME.sub(rf"\1{SPACE}", BEFORE_NAME.sub(SPACE, found))
    for number, slot in enumerate(slots):
        found = found.replace(f"<mn>{NUMBER + number}</mn>", f"{{{slot}}}")
    return found


def mathml_part(latex: str) -> str:
    """A formula as what stands inside of a MathML element."""
    return re.sub(r"^<math[^>]*><mrow>|</mrow></math>$", "", mathml(latex))


def in_formula(html: str, slots: Collection[str]) -> set[str]:
    """Those of the slots that stand in a formula."""
    formulas = " ".join(re.findall(r"<math.*?</math>", html, re.DOTALL))
    return {slot for slot in slots if f"{{{slot}}}" in formulas}


def _formula(_parser: Any, tokens: Sequence[Token], place: int, _options: Any, env: Any) -> str:
    return mathml(tokens[place].content.strip(), env["slots"])


def _formulas(_parser: Any, tokens: Sequence[Token], place: int, _options: Any, env: Any) -> str:
    """Formulas on a line of their own. What stands after a wide space goes on in the next line of a narrow card."""
    parts = WIDE_SPACE.split(tokens[place].content.strip())
    found = "".join(mathml(part, env["slots"], block=True) for part in parts)
    return f'<div class="stage-formulas">{found}</div>' if len(parts) > 1 else found


def _link(parser: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Opens elsewhere: the page that it stands on is in the middle of something."""
    tokens[place].attrs |= {"target": "_blank", "rel": "noopener"}
    return str(parser.renderToken(tokens, place, options, env))


PARSER = MarkdownIt("commonmark", {"html": False}).enable("table").use(dollarmath_plugin, allow_labels=False)
PARSER.add_render_rule("math_inline", _formula)
PARSER.add_render_rule("math_block", _formulas)
PARSER.add_render_rule("link_open", _link)
